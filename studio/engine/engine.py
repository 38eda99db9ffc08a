"""The engine: turns recipes into pictures on one device. Not thread-safe: one thread owns it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.checkpoints.export import export_onnx, export_safetensors
from studio.checkpoints.info import ModelInfo
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.perceptual import load_vgg
from studio.checkpoints.store import load_model
from studio.engine.cache import ByteCache
from studio.engine.device import DeviceInfo
from studio.engine.jobs.film import FilmMade, clip_hash, make_film
from studio.engine.jobs.journey_file import write_movie
from studio.gallery import SourceStore
from studio.media.photos import open_photo
from studio.networks.device import choose_device
from studio.recipes import (
    FileRef,
    FilmRecipe,
    LatentW,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StylizeRecipe,
    film_of,
    recipe_hash,
)
from studio.recipes.document import dumps
from studio.stylization import Control, StyleInput, optimise, preview
from studio.stylization.flow import FlowName, best_flow
from studio.stylization.transparency import joined, opaque_part, split, thick_enough, with_alpha
from studio.stylization.video import ClipStyler
from studio.synthesis.latents import LatentSpace

Picture = NDArray[np.uint8]
PerceptualNetwork = Literal["vgg16-hed", "vgg19"]

PICTURE_CACHE_BYTES = 512 * 2**20
# Styles carry their texture at any size; more pixels than this only cost time.
STYLE_SIDE = 1024
# While a slider moves, a picture must be there within this time, if need be a guess; the exact one follows.
PREVIEW_SECONDS = 0.033
PREVIEW_SECONDS_LARGE = 0.1
# Of a picture drawn this far the rest can be guessed.
SMALLEST_PREVIEW = 16
MASK_SIDE = 2048


@dataclass(frozen=True)
class Rendered:
    """A finished picture: uint8 (h, w, 3), or 4 with straight alpha when its photo has transparency, the recipe that
    made it, and how long that took here."""

    image: Picture
    recipe: Recipe
    seconds: float


class Engine:
    """Renders recipes, with every sub-recipe's picture cached."""

    def __init__(self, sources: SourceStore, library: ModelLibrary | None = None, device: str = "auto") -> None:
        """
        Parameters
        ----------
        sources : where the photos that recipes name are found.
        library : the models; default the program's and the artist's.
        device : "auto", "cuda", "mps" or "cpu".
        """
        self.sources = sources
        self.library = library if library is not None else ModelLibrary()
        self.device = choose_device(device)
        self._pictures: ByteCache[Picture] = ByteCache(PICTURE_CACHE_BYTES, lambda picture: picture.nbytes)
        self._spaces: ByteCache[LatentSpace] = ByteCache(self._model_budget(), _space_bytes)
        self._vgg: tuple[str, torch.nn.Module] | None = None
        # Seconds that the last guess at a live picture took.
        self._guessing = 0.0

    # -- the device ------------------------------------------------------------------------------------------------

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
        self._vgg = None
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    # -- rendering ---------------------------------------------------------------------------------------------------

    def render(self, recipe: Recipe, *, max_side: int | None = None, live: bool = False) -> Work[Rendered]:
        """Make the picture of ``recipe``; stylizing yields intermediate previews.

        ``max_side`` limits the long side in pixels, for live previews. ``live``: a sample that will not be ready within
        33 ms (100 ms above 512 px) is first shown as it can be guessed from what the network has drawn by then, and can
        be replaced by a newer one from there on.

        Raises
        ------
        StudioError
            When a model or photo is missing, or the device's memory does not suffice.
        """
        started = time.perf_counter()
        try:
            image = yield from self._picture(recipe, max_side, live)
        except (torch.OutOfMemoryError, MemoryError):
            # What is cached may be all that is in the way.
            self.free_memory()
            try:
                image = yield from self._picture(recipe, max_side, live)
            except (torch.OutOfMemoryError, MemoryError) as error:
                raise StudioError(
                    "The device has not enough memory for this picture.",
                    "Choose a smaller size, or the CPU in the settings.",
                ) from error
        return Rendered(image, recipe, time.perf_counter() - started)

    def _picture(self, recipe: Recipe, max_side: int | None, live: bool = False) -> Work[Picture]:
        key = f"{recipe_hash(recipe)}@{max_side or 0}"
        image = self._pictures.get(key)
        if image is None:
            if isinstance(recipe, SampleRecipe):
                image = yield from self._sample(recipe, live)
            elif isinstance(recipe, PhotoRecipe):
                image = self._photo(recipe, max_side)
            else:
                image = yield from self._stylized(recipe, max_side)
            image = shrink(image, max_side)
            image.setflags(write=False)
            self._pictures.put(key, image)
        return image

    def _sample(self, recipe: SampleRecipe, live: bool) -> Work[Picture]:
        space = self.space(recipe.model)
        size = space.generator.config.resolution
        budget = PREVIEW_SECONDS_LARGE if size > 512 else PREVIEW_SECONDS
        began = before = time.perf_counter()
        shown = False
        picture: Picture | None = None
        for stage in space.stages(space.recipe_code(recipe), recipe):
            now = time.perf_counter()
            # The next block takes a little longer than this one did, and then there is the guess.
            late = now - began + 1.2 * (now - before) + self._guessing > budget
            before = now
            if stage.final:
                picture = stage.picture().numpy()
            elif live and shown:
                yield Progress(stage.resolution, size)
            # No yield before there is something to show: a hand that moves fast would end every render there.
            elif live and late and stage.resolution >= SMALLEST_PREVIEW:
                shown = True
                guess = stage.picture().numpy()
                self._guessing = time.perf_counter() - now
                yield Progress(stage.resolution, size, preview=guess)
        assert picture is not None
        return picture

    def _photo(self, recipe: PhotoRecipe, max_side: int | None) -> Picture:
        path = self.sources.find(recipe.photo)
        if path is None:
            raise StudioError(
                f"The photo “{recipe.photo.name or recipe.photo.hash[:12]}” of this recipe is not on this computer.",
                "Drop the photo on the window once; it is recognised by its content.",
            )
        sides = [side for side in (recipe.max_side, max_side) if side is not None]
        picture = open_photo(path, max_side=min(sides) if sides else None, salvage=True)
        pixels = np.array(picture)
        opaque = pixels.shape[2] == 4 and pixels[..., 3].min() == 255
        return np.ascontiguousarray(pixels[..., :3]) if opaque else pixels

    def _stylized(self, recipe: StylizeRecipe, max_side: int | None) -> Work[Picture]:
        size = min(recipe.size, max_side) if max_side else recipe.size
        content = yield from self._picture(recipe.content, size if isinstance(recipe.content, PhotoRecipe) else None)
        content, alpha = split(content)
        content = thick_enough(content)
        if recipe.texture:
            alpha = None
        styles, control = yield from self._look(recipe, size)
        if recipe.method == "preview":
            result = preview(
                content,
                styles,
                size=size,
                content_strength=recipe.content_strength,
                style_strength=recipe.style_strength,
                keep_colors=recipe.keep_colors,
                control=control,
                seed=recipe.seed,
            )
            return joined(result, alpha)
        start = None
        if recipe.start is not None:
            start = thick_enough(split((yield from self._picture(recipe.start, None)))[0])
        extractor = yield from self._extractor(recipe.network)
        work = optimise(
            content,
            styles,
            extractor=extractor,
            size=size,
            content_strength=recipe.content_strength,
            style_strength=recipe.style_strength,
            keep_colors=recipe.keep_colors,
            control=control,
            start=start,
            steps=recipe.steps,
            stop_after=recipe.stop_after,
            seed=recipe.seed,
            device=self.device,
        )
        return (yield from with_alpha(work, alpha))

    def _look(self, recipe: StylizeRecipe, size: int) -> Work[tuple[list[StyleInput], Control]]:
        """The styles of ``recipe`` and how they are applied, for a result with a long side of ``size`` pixels."""
        styles = []
        for use in recipe.styles:
            # Styles are never enlarged, so that large pictures want large styles.
            side = max(STYLE_SIDE, min(STYLE_SIDE * 4, round(size * use.scale)))
            source = yield from self._picture(use.source, side if isinstance(use.source, PhotoRecipe) else None)
            source, opaque = split(source)
            part = opaque_part(opaque, self._mask(use.part))
            styles.append(
                StyleInput(thick_enough(source), use.weight, use.scale, region=self._mask(use.region), part=part)
            )
        control = Control(
            color_transfer=recipe.color_transfer,
            loss=recipe.loss,
            detail=recipe.detail,
            seamless=recipe.seamless,
            texture=recipe.texture,
            mask=self._mask(recipe.mask),
            feather=recipe.feather,
        )
        return styles, control

    def clip_styler(self, film: FilmRecipe) -> Work[ClipStyler]:
        """What stylizes the frames of a film. Raises as :meth:`render`."""
        look = film.look
        styles, control = yield from self._look(look, look.size)
        extractor = (yield from self._extractor(look.network)) if look.method == "optimise" else None
        return ClipStyler(
            styles,
            control,
            size=look.size,
            content_strength=look.content_strength,
            style_strength=look.style_strength,
            keep_colors=look.keep_colors,
            stabilise=film.stabilise,
            flow=film.flow,
            extractor=extractor,
            steps=look.steps,
            seed=look.seed,
            device=self.device,
        )

    def film_clip(
        self,
        look: StylizeRecipe,
        clip: Path,
        out: Path,
        *,
        stabilise: float = 0.8,
        start: float = 0.0,
        end: float | None = None,
        flow: FlowName | None = None,
        keep: bool = False,
    ) -> Work[FilmMade]:
        """Film ``clip`` in the look of any stylized picture, with the best optical flow there is unless one is named.

        Otherwise as :func:`studio.engine.jobs.film.make_film`.
        """
        ref = FileRef(hash=(yield from clip_hash(clip)), name=clip.name[:255])
        film = film_of(look, ref, stabilise=stabilise, start=start, end=end, flow=flow or best_flow())
        return (yield from make_film(self, film, clip, out, keep=keep))

    def make_film(self, film: FilmRecipe, clip: Path, out: Path, *, keep: bool = False) -> Work[FilmMade]:
        """Stylize a clip into a film; see :func:`studio.engine.jobs.film.make_film`."""
        return make_film(self, film, clip, out, keep=keep)

    def remember(self, recipe: Recipe, image: Picture) -> None:
        """Take ``image`` for the picture of ``recipe``: one that was rendered before, or stopped on the way."""
        kept = image.copy()
        kept.setflags(write=False)
        self._pictures.put(f"{recipe_hash(recipe)}@0", kept)

    def _mask(self, ref: FileRef | None) -> NDArray[np.float32] | None:
        """A mask, float32 (h, w) in 0..1, of at most 2048 pixels."""
        if ref is None:
            return None
        path = self.sources.find(ref)
        if path is None:
            raise StudioError(
                f"The mask “{ref.name or ref.hash[:12]}” of this recipe is not on this computer.",
                "Drop the mask on the window once, or clear it in the panel and paint another.",
            )
        grey = np.asarray(open_photo(path, max_side=MASK_SIDE).convert("L"), np.float32)
        return grey / np.float32(255)

    def _extractor(self, network: PerceptualNetwork) -> Work[torch.nn.Module]:
        if self._vgg is None or self._vgg[0] != network:
            self._vgg = (network, (yield from load_vgg(network, self.device)))
        return self._vgg[1]

    def space(self, model: FileRef) -> LatentSpace:
        """The latent space of a model, from the cache or its file."""
        space = self._spaces.get(model.hash)
        if space is None:
            space = LatentSpace(load_model(self.library.find(model).path, self.device))
            self._spaces.put(model.hash, space)
        return space

    def directions(self, model: FileRef) -> list[float]:
        """Standard deviation along each principal direction of the model, largest first."""
        return [float(value) for value in self.space(model).directions()[1]]

    def export_model(self, info: ModelInfo, path: Path, *, half: bool = False) -> None:
        """Write a copy of a model; see :func:`studio.checkpoints.export.export_safetensors`."""
        export_safetensors(info, path, half=half)

    def export_onnx(self, info: ModelInfo, path: Path) -> Work[float]:
        """Write a model for other programs; see :func:`studio.checkpoints.export.export_onnx`."""
        return export_onnx(info, path)

    def sheet(self, recipes: Sequence[SampleRecipe]) -> Work[list[Picture]]:
        """Render many samples, one yield a picture."""
        pictures = []
        for number, recipe in enumerate(recipes):
            picture = yield from self._picture(recipe, None)
            pictures.append(picture)
            yield Progress(number + 1, len(recipes), Message("Drawing samples"), picture)
        return pictures

    # -- interpolation -----------------------------------------------------------------------------------------------

    @staticmethod
    def movie_frame_count(keys: int, frames_per_leg: int, loop: bool) -> int:
        """Frames of a movie through ``keys`` latents."""
        return keys * frames_per_leg if loop else (keys - 1) * frames_per_leg + 1

    def interpolate(self, keys: Sequence[SampleRecipe], frames_per_leg: int, *, loop: bool) -> Work[int]:
        """Walk through the latents of ``keys``; yields every frame as a preview, returns their number.

        Truncation, mixing and direction moves are each key's own; the noise is the first key's.

        Raises
        ------
        StudioError
            For fewer than two keys, or keys of different models.
        """
        space, codes = self._journey(keys)
        total = self.movie_frame_count(len(keys), frames_per_leg, loop)
        for frame in range(total):
            code = space.path(codes, frame / frames_per_leg, loop=loop)
            yield Progress(frame + 1, total, Message("Interpolating"), space.picture(code, keys[0]).numpy())
        return total

    def frame_recipe(self, keys: Sequence[SampleRecipe], position: float, *, loop: bool) -> SampleRecipe:
        """The recipe of a frame of :meth:`interpolate`, which gives the same pixels.

        Parameters
        ----------
        position : 0 at the first key, 1 at the second, and between them between.

        Raises
        ------
        StudioError
            As :meth:`interpolate`.
        """
        space, codes = self._journey(keys)
        code = space.path(codes, position, loop=loop)
        rows = code.reshape(-1, code.shape[-1]).tolist()
        latent = LatentW(values=tuple(tuple(row) for row in rows))
        return keys[0].model_copy(update={"latent": latent, "directions": (), "style_mix": ()})

    def _journey(self, keys: Sequence[SampleRecipe]) -> tuple[LatentSpace, list[torch.Tensor]]:
        if len(keys) < 2:
            raise StudioError("An interpolation needs at least two picked latents.", "Pick one more.")
        if len({key.model.hash for key in keys}) != 1:
            raise StudioError(
                "The picked latents belong to different models.",
                "Keep only picks of one model: latents mean nothing to another.",
            )
        space = self.space(keys[0].model)
        return space, [space.recipe_code(key) for key in keys]

    def export_movie(
        self, keys: Sequence[SampleRecipe], path: Path, *, frames_per_leg: int = 48, fps: int = 24, loop: bool = True
    ) -> Work[Path]:
        """Write the interpolation as an MP4; its comment names the recipes and that a generative model made it."""
        frames = self.interpolate(keys, frames_per_leg, loop=loop)
        pictures = (progress.preview for progress in frames if progress.preview is not None)
        comment = "Made with a generative model (trainedAlgorithmicMedia) in Latent Studio. " + " ".join(
            map(dumps, keys)
        )
        return (
            yield from write_movie(
                path, pictures, fps=fps, total=self.movie_frame_count(len(keys), frames_per_leg, loop), comment=comment
            )
        )


def _space_bytes(space: LatentSpace) -> int:
    # What will be prepared on first use counts from the start: the cache asks once.
    space.fast()
    return space.nbytes


def shrink(image: Picture, max_side: int | None) -> Picture:
    """Scale down to at most ``max_side`` pixels on the long side."""
    height, width = image.shape[:2]
    if max_side is None or max(height, width) <= max_side:
        return image
    scale = max_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
