"""Finding a photo in the latent space of a model: its faces, the square that the network sees, and the projection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import scratch_folder
from studio.checkpoints.info import read_card
from studio.engine.memory import retried
from studio.faces.alignment import Face, cut_square
from studio.recipes import FileRef, LatentW, PhotoRecipe, PhotoSquare, SampleRecipe

if TYPE_CHECKING:
    from studio.checkpoints.info import ModelInfo
    from studio.engine.engine import Engine
    from studio.synthesis.projection import ProjectionStep
    from studio.synthesis.projection import Stage as Stage

LastStage = Literal["w", "w+", "tuned"]
Nearness = Literal["same", "near", "alike", "far"]
_DISTANCES: tuple[tuple[float, Nearness], ...] = ((0.06, "same"), (0.2, "near"), (0.45, "alike"))
"""Measured at 256 px: a photo with noise of 8 levels 0.02, blurred by 1.5 px 0.16, by 4 px 0.41, shifted by 4 px 0.30,
in other colours 0.66; on the way to another seed's w, 2 % of it 0.03 to 0.04, 5 % 0.07 to 0.14, 10 % 0.15 to 0.30, 20 %
0.28 to 0.59, 40 % 0.6 to 1.0, all of it 1.0 to 1.3."""
_NAME = 60  # letters of the photo's name in that of a tuned model
STAGE_LABELS = {
    "search": Message("Looking for a beginning"),
    "w": Message("Coming nearer (w)"),
    "w+": Message("Coming nearer, layer by layer (w+)"),
    "tuned": Message("Teaching a copy of the network this picture"),
}


@dataclass(frozen=True)
class Projected:
    """The state of a projection.

    Attributes
    ----------
    recipe : the picture as it is now, its latent as numbers that name the photo. While a copy of the network is tuned,
        it still names the network that the copy was made of.
    psnr : against the photo, in dB.
    distance : of VGG features from the photo's, 0 for the same picture, about 1 for unlike ones; None until the end.
    stage, step : the stage, and the changes so far.
    model : the tuned copy in the library; None without one.
    """

    recipe: SampleRecipe
    psnr: float
    distance: float | None
    stage: Stage
    step: int
    model: ModelInfo | None = None


@dataclass(frozen=True, slots=True)
class ProjectionProgress(Progress):
    """A step of a projection, with what would be the result if it ended here."""

    state: Projected | None = None


@dataclass(frozen=True)
class PhotoFaces:
    """The faces in a photo, the largest first, and its size, which their pixels are of."""

    width: int
    height: int
    faces: tuple[Face, ...]


def nearness(distance: float) -> Nearness:
    """A word for a distance of VGG features."""
    return next((word for most, word in _DISTANCES if distance <= most), "far")


def photo_faces(engine: Engine, photo: FileRef) -> Work[PhotoFaces]:
    """Find the faces in a photo; the networks for it are fetched the first time.

    Raises
    ------
    StudioError
        When the photo is not there, or the networks cannot be fetched.
    """
    from studio.checkpoints.face_networks import load_faces
    from studio.faces import find_faces

    pixels = yield from engine.picture(PhotoRecipe(photo=photo))
    networks = yield from load_faces(engine.device)
    return PhotoFaces(pixels.shape[1], pixels.shape[0], tuple(find_faces(networks, pixels)))


def aligned_photo(engine: Engine, target: PhotoSquare, size: int) -> Work[NDArray[np.uint8]]:
    """The square of a photo as a network of ``size`` pixels would see it: uint8 (size, size, 3), on white.

    Raises
    ------
    StudioError
        When the photo is not there.
    """
    pixels = yield from engine.picture(PhotoRecipe(photo=target.photo))
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(np.float32) / 255
        pixels = (pixels[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
    return cut_square(pixels, target.square, size)


def project_photo(
    engine: Engine,
    recipe: SampleRecipe,
    target: PhotoSquare,
    *,
    last: LastStage = "w+",
    seconds: float = 60.0,
    steps: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Work[Projected]:
    """Find the square of a photo in the latent space of the recipe's model.

    Yields :class:`ProjectionProgress` with the nearest picture so far, and returns the nearest. A tuned copy of the
    network is taken into the library; its card names the model and the photo.

    Parameters
    ----------
    recipe : whose model, noise and class are used; its latent counts as one of those that are tried first.
    last : the stage to end with; a network without w always ends with its z.
    seconds, steps : what it may take, without fetching the perceptual network; ``steps`` None: as many as time allows.
    stopped : asked after every step; once it answers True, the nearest so far is the result.

    Raises
    ------
    StudioError
        When the photo or the model is missing, the perceptual network cannot be fetched, or memory does not suffice.
    """
    from studio.synthesis.projection import Budget, colors, likeness, project

    space = engine.lasting_space(recipe)
    size = space.generator.config.resolution
    plain = recipe.model_copy(update={"directions": (), "style_mix": ()})
    pixels = yield from aligned_photo(engine, target, size)
    vgg = yield from engine.perceptual_network("vgg16-hed")
    import torch

    wanted = torch.from_numpy(pixels).to(space.device).permute(2, 0, 1)[None].float() / 255

    def descend() -> Work[ProjectionStep]:
        budget = Budget(seconds, steps)
        found: ProjectionStep | None = None
        shown: object = None
        for found in project(space, wanted, vgg, plain, last=last, budget=budget):  # type: ignore[arg-type]
            preview = None
            if found.picture is not shown:
                shown, preview = found.picture, _pixels(found)
            state = Projected(_with_code(plain, target, found), found.psnr, None, found.stage, found.step)
            yield ProjectionProgress(round(1000 * found.share), 1000, STAGE_LABELS[found.stage], preview, state)
            if stopped():
                break
        assert found is not None
        return found

    best = yield from retried(descend, engine)
    near = likeness(colors(best.picture), wanted, vgg)  # type: ignore[arg-type]
    made = _with_code(plain, target, best)
    model: ModelInfo | None = None
    if best.generator is not space.generator:
        model = _keep(engine, recipe.model, target, best, near.psnr)
        made = made.model_copy(update={"model": FileRef(hash=model.hash, name=model.name), "blend": None})
    return Projected(made, near.psnr, near.distance, best.stage, best.step, model)


def _with_code(recipe: SampleRecipe, target: PhotoSquare, step: ProjectionStep) -> SampleRecipe:
    code = step.code if step.code.ndim == 2 else step.code[0]
    if len(code) > 1 and bool((code == code[:1]).all()):
        code = code[:1]
    latent = LatentW(values=tuple(tuple(row) for row in code.tolist()), target=target)
    return recipe.model_copy(update={"latent": latent})


def _pixels(step: ProjectionStep) -> NDArray[np.uint8]:
    from studio.networks.pixels import to_pixels

    pixels: NDArray[np.uint8] = to_pixels(step.picture[0].permute(1, 2, 0)).numpy()
    return pixels


def _keep(engine: Engine, parent: FileRef, target: PhotoSquare, step: ProjectionStep, psnr: float) -> ModelInfo:
    """Take the tuned copy into the library."""
    from studio.checkpoints.store import save_model
    from studio.networks import dcgan

    if isinstance(step.generator, dcgan.Generator):
        raise StudioError("Only networks with w are tuned.", "End with the stage before.")
    info = engine.library.find(parent)
    photo = Path(target.photo.name).stem[:_NAME] or target.photo.hash[:8]
    training = {
        "program": "Latent Studio",
        "tuned_copy_of": info.hash,
        "photo": {"name": target.photo.name, "hash": target.photo.hash},
    }
    card = read_card(info.path).model_copy(
        update={
            "name": f"{info.name}, {photo}"[:200],
            "description": f"{info.name}, tuned so that it draws {target.photo.name or 'a photo'}",
            "training": training,
            "metrics": {"psnr_db": round(psnr, 2)},
            "former": (),
        }
    )
    with scratch_folder() as folder:
        path = folder / f"{info.path.stem}-tuned.safetensors"
        save_model(path, step.generator.requires_grad_(False), card)
        return engine.library.add(path)
