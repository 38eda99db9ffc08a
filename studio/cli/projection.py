"""The command that finds a photo in the latent space of a model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.base import Work
from studio.cli.app import ModelOption, app, drive, stderr
from studio.cli.drag import Point, parse_point
from studio.cli.explore import sample_recipes
from studio.cli.field_options import with_shared_options
from studio.cli.file_names import name_of_found
from studio.cli.results import given_picture
from studio.cli.shared_options import Output

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.recipes import FileRef, Square

NEARNESS = {
    "same": "It is the photo",
    "near": "It comes near the photo",
    "alike": "It is like the photo",
    "far": "It is far from the photo: such pictures are not what the network draws",
}


class LastStage(StrEnum):
    """The last stage of a projection."""

    w = "w"
    w_plus = "w+"
    tuned = "tuned"


class Align(StrEnum):
    """The square of the photo that is taken."""

    face = "face"
    middle = "middle"


@app.command()
@with_shared_options("output")
def project(
    photo: Annotated[Path, typer.Argument(help="The photo that shall be found.")],
    model: ModelOption = None,
    stage: Annotated[
        LastStage,
        typer.Option("--stage", help="w keeps to what the network draws; w+ comes nearer; tuned teaches it to a copy."),
    ] = LastStage.w_plus,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=86400, help="How long it may take.")] = 60.0,
    align: Annotated[
        Align, typer.Option("--align", help="The largest face as face networks expect it, or the middle of the photo.")
    ] = Align.face,
    eyes: Annotated[
        list[str] | None,
        typer.Option("--eye", help="Where an eye is, X,Y in pixels: give it twice, the left one first."),
    ] = None,
    output: Output = Output(),
) -> None:
    """Find a photo in a model: the latent that draws it, for sliders, mixing and dragging (projection)."""
    points = [parse_point(text) for text in eyes or ()]
    if len(points) not in (0, 2):
        raise typer.BadParameter("Give --eye twice, or not at all.")
    output.check()
    photo = given_picture(photo)
    from studio.engine.jobs.projection import nearness, project_photo
    from studio.recipes import PhotoSquare

    engine = output.engine()
    [recipe] = sample_recipes(model, [0])
    ref = engine.sources.lend(photo)
    square = drive(_aligned(engine, ref, align, points), "Finding faces")
    target = PhotoSquare(photo=ref, square=square)
    found = drive(project_photo(engine, recipe, target, last=stage.value, seconds=seconds), "Finding the photo")
    rendered = drive(engine.render(found.recipe), "Drawing")
    assert found.distance is not None
    near = nearness(found.distance)
    saved = output.save(rendered.image, found.recipe, name_of_found(photo.stem))
    stderr().print(f"{NEARNESS[near]} ({found.psnr:.1f} dB, VGG distance {found.distance:.3f}).", markup=False)
    if found.model is not None:
        stderr().print(f"The tuned copy is in the library as “{found.model.name}”.", markup=False)
    told = {
        "psnr_db": round(found.psnr, 2),
        "vgg_distance": round(found.distance, 4),
        "nearness": near,
        "model": found.model.name if found.model is not None else recipe.model.name,
    }
    output.show({**saved, **told})


def _aligned(engine: Engine, photo: FileRef, align: Align, eyes: list[Point]) -> Work[Square]:
    """The square of the photo that was asked for."""
    from studio.engine.jobs.projection import photo_faces
    from studio.faces.alignment import eyes_square, face_square
    from studio.recipes import PhotoRecipe, Square

    if eyes:
        pixels = yield from engine.picture(PhotoRecipe(photo=photo))
        return eyes_square(eyes[0], eyes[1], pixels.shape[1], pixels.shape[0])
    if align is Align.face:
        found = yield from photo_faces(engine, photo)
        if found.faces:
            return face_square(found.faces[0], found.width, found.height)
        stderr().print("No face was found: the middle of the photo is taken.", markup=False)
    return Square()
