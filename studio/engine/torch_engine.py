"""The engine on PyTorch, on one device. Not thread-safe: one thread owns it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psutil
import torch

from studio.base import StudioError, Work
from studio.checkpoints.face_networks import faces_ready, load_faces
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.perceptual import load_vgg, perceptual_ready
from studio.checkpoints.store import load_model
from studio.engine.cache import ByteCache
from studio.engine.device import DeviceInfo
from studio.engine.engine import Engine
from studio.engine.memory import retried
from studio.engine.steps import Picture
from studio.engine.steps.enlarge import EnlargeRenderer
from studio.faces import find_faces
from studio.faces.face_map import face_map
from studio.gallery import SourceStore
from studio.networks.device import choose_device
from studio.networks.mtcnn import FaceNetworks
from studio.recipes import EnlargeRecipe, FileRef, SampleRecipe
from studio.recipes.steps.stylize import PerceptualNetwork
from studio.stylization.masks import Mask
from studio.synthesis.latents import LatentSpace
from studio.synthesis.network_blending import BlendedSpace


class TorchEngine(Engine):
    """Renders recipes by torch, on the processor or a card."""

    def __init__(self, sources: SourceStore, library: ModelLibrary | None = None, device: str = "auto") -> None:
        """
        Parameters
        ----------
        sources : where the photos that recipes name are found.
        library : the models; default the program's and the artist's.
        device : "auto", "cuda", "mps" or "cpu".
        """
        super().__init__(sources, library)
        self._device = choose_device(device)
        self._spaces: ByteCache[LatentSpace] = ByteCache(self._model_budget(), _space_bytes)
        self._pair: tuple[tuple[str, str], BlendedSpace] | None = None
        self._vgg: tuple[str, torch.nn.Module] | None = None
        self._faces: FaceNetworks | None = None

    # -- the device ------------------------------------------------------------------------------------------------

    @property
    def device(self) -> torch.device:
        """The device that everything is computed on."""
        return self._device

    def device_info(self) -> DeviceInfo:
        """The device and its memory now."""
        if self.device.type == "cuda":
            free, total = torch.cuda.mem_get_info(self.device)
            name = torch.cuda.get_device_name(self.device)
            return DeviceInfo("cuda", name, total, total - free, torch.cuda.device_count())
        total = psutil.virtual_memory().total
        if self.device.type == "mps":
            return DeviceInfo("mps", "Apple GPU", total, int(torch.mps.driver_allocated_memory()))
        threads = torch.get_num_threads()
        name = f"CPU, {threads} threads" if threads > 1 else "CPU, 1 thread"
        return DeviceInfo("cpu", name, total, psutil.Process().memory_info().rss)

    def _model_budget(self) -> int:
        if self.device.type == "cuda":
            return int(torch.cuda.mem_get_info(self.device)[1] * 0.4)
        return psutil.virtual_memory().total // 8

    def free_memory(self) -> None:
        """Drop everything that can be made again."""
        self._pictures.clear()
        self._spaces.clear()
        self._pair = None
        self._vgg = None
        self._faces = None
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        elif self.device.type == "mps":
            torch.mps.empty_cache()

    # -- rendering ---------------------------------------------------------------------------------------------------

    def with_memory(self, make: Callable[[], Work[Picture]]) -> Work[Picture]:
        """The work that ``make`` makes, made anew without what is cached when the memory does not suffice."""
        return retried(make, self)

    def enlarged_part(self, recipe: EnlargeRecipe, box: tuple[int, int, int, int]) -> Work[Picture]:
        """A part of the enlarged picture, without the rest."""
        renderer = self._renderers["enlarge"]
        assert isinstance(renderer, EnlargeRenderer)
        return (yield from retried(partial(renderer.render_part, recipe, box, self), self))

    # -- networks ----------------------------------------------------------------------------------------------------

    def perceptual_network(self, name: PerceptualNetwork) -> Work[torch.nn.Module]:
        """The network that style transfer sees with, kept until another one is asked for."""
        if self._vgg is None or self._vgg[0] != name:
            first = not perceptual_ready(name)
            self._vgg = (name, (yield from load_vgg(name, self.device)))
            if first and not faces_ready():
                # Small, and wanted by the same pictures; without them faces are painted like everything else.
                with suppress(StudioError):
                    self._faces = yield from load_faces(self.device)
        return self._vgg[1]

    def face_map(self, picture: Picture) -> Work[Mask | None]:
        """A map of the faces in ``picture``, by networks that are kept."""
        if self._faces is None and faces_ready():
            self._faces = yield from load_faces(self.device)
        if self._faces is None:
            return None
        return face_map(find_faces(self._faces, picture), *picture.shape[:2])

    def space(self, model: FileRef) -> LatentSpace:
        """The latent space of a model, from the cache or its file."""
        space = self._spaces.get(model.hash)
        if space is None:
            info = self.library.find(model)
            space = LatentSpace(load_model(info.path, self.device))
            self._spaces.put(model.hash, space)
            self.library.keep(info)
        return space

    def space_of(self, recipe: SampleRecipe) -> LatentSpace:
        """The latent space that ``recipe`` is drawn from; that of two networks as one lasts until the next blend."""
        if recipe.blend is None:
            return self.space(recipe.model)
        pair = (recipe.model.hash, recipe.blend.model.hash)
        if self._pair is None or self._pair[0] != pair:
            self._pair = None  # its memory first
            self._pair = pair, BlendedSpace(self.space(recipe.model), self.space(recipe.blend.model))
        space = self._pair[1]
        space.set(recipe.blend)
        return space

    def lasting_space(self, recipe: SampleRecipe) -> LatentSpace:
        """As :meth:`space_of`, for work that goes on between yields: nobody else changes the blend."""
        if recipe.blend is None:
            return self.space(recipe.model)
        space = BlendedSpace(self.space(recipe.model), self.space(recipe.blend.model))
        space.set(recipe.blend)
        return space


def _space_bytes(space: LatentSpace) -> int:
    # What will be prepared on first use counts from the start: the cache asks once.
    space.fast()
    return space.nbytes
