"""The commands that finish pictures: enlarge, repair, clean, print."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from studio.base import StudioError, Work, within
from studio.base.names import readable
from studio.cli.app import app, choose_model, drive, stderr
from studio.cli.field_options import NOTHING_GIVEN, with_field_options, with_given_options, with_shared_options
from studio.cli.file_names import name_of_cleaned, name_of_enlarged, name_of_repaired
from studio.cli.film import check_film_name, drive_film, film_path, show_film
from studio.cli.results import check_free, given_file, given_picture, print_photo_warnings
from studio.cli.shared_options import FolderOutput, Writing
from studio.cli.styles import is_whole_folder, make_batch
from studio.media.photos import CLIP_SUFFIXES, describe_photo
from studio.recipes import CleanSettings, EnlargeSettings, FinishedFilmRecipe, RepairSettings
from studio.restoration.print_sheet import PAPERS, PrintSheet, length_in_mm, size_in_mm

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.recipes import FileRef, Recipe
    from studio.recipes.steps import FinishingStep

    MakeRecipe = Callable[[Recipe, Engine], FinishingStep]

PicturesArgument = Annotated[
    list[Path],
    typer.Argument(help="The picture, a video clip, several pictures or a folder of them (both with --out)."),
]
SHARES = {
    "grow": "Makes the mask wider first, in shares of the long side",
    "feather": "Width of the soft edge, in shares of the long side",
    "left": "New canvas at the left, in shares of the width",
    "right": "New canvas at the right, in shares of the width",
    "top": "New canvas at the top, in shares of the height",
    "bottom": "New canvas at the bottom, in shares of the height",
}


_with_parts_option = with_given_options(
    "parts",
    FinishedFilmRecipe,
    ("start", "end"),
    flags={"start": ("--from",), "end": ("--to",)},
    tips={
        "start": "Of a clip: begin of the part that is filmed, in seconds",
        "end": "Of a clip: end of the part that is filmed, in seconds",
    },
)


@app.command()
@with_field_options(
    "settings",
    without=("file", "enlarging"),
    tips={"length": "Long side of the print, with --measure cm or inch", "dpi": "Dots per inch of the print"},
)
@_with_parts_option
@with_shared_options("output")
def enlarge(
    pictures: PicturesArgument,
    settings: EnlargeSettings = EnlargeSettings(),
    network_file: Annotated[
        Path | None,
        typer.Option(help="A network of another program (.safetensors, .pth) that makes pictures larger.", exists=True),
    ] = None,
    parts: Mapping[str, Any] = NOTHING_GIVEN,
    output: FolderOutput = FolderOutput(),
) -> None:
    """Make a picture, a video clip or a folder of pictures larger: so many times, to a size, or for a print."""
    if settings.network == "file" and network_file is None:
        raise typer.BadParameter("--network file: name it with --network-file.")
    finishing = _Finishing(pictures, output, parts)
    ref = None if network_file is None else _network(network_file)
    if ref is not None:
        settings = settings.model_copy(update={"network": "file", "file": ref})

    def recipe(content: Recipe, engine: Engine) -> FinishingStep:
        from studio.recipes import EnlargeRecipe

        return EnlargeRecipe(content=content, **dict(settings))

    finishing.run(recipe, "Enlarging", name_of_enlarged)


@app.command()
@with_field_options("settings", without=("mask", "model", "inpainter", "process"), tips=SHARES)
@_with_parts_option
@with_shared_options("output")
def repair(
    pictures: PicturesArgument,
    mask: Annotated[
        Path | None,
        typer.Option(help="Grey picture, stretched over the picture: white is filled.", exists=True),
    ] = None,
    settings: RepairSettings = RepairSettings(),
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="With --method generator: name, file or hash of a model. Default: the first in the list.",
        ),
    ] = None,
    network_file: Annotated[
        Path | None,
        typer.Option(help="A network (.safetensors, .pth, .pt) that fills holes: LaMa.", exists=True),
    ] = None,
    parts: Mapping[str, Any] = NOTHING_GIVEN,
    output: FolderOutput = FolderOutput(),
) -> None:
    """Fill parts of a picture, clip or folder of pictures from what lies around them, or let the canvas go on."""
    if mask is None and not settings.does_something:
        raise typer.BadParameter("Give a --mask, or new canvas (--left 0.2).")
    if model is not None and settings.method != "generator":
        raise typer.BadParameter("--model goes with --method generator.")
    if settings.method == "network" and network_file is None:
        raise typer.BadParameter("--method network: name it with --network-file.")
    finishing = _Finishing(pictures, output, parts)
    mask = None if mask is None else given_picture(mask)
    if network_file is not None:
        from studio.checkpoints.inpainters import add_inpainter

        settings = settings.model_copy(update={"method": "network", "inpainter": add_inpainter(network_file).ref})
    if settings.method == "generator":
        settings = settings.model_copy(update={"model": choose_model(model).ref})

    def recipe(content: Recipe, engine: Engine) -> FinishingStep:
        from studio.recipes import RepairRecipe

        stored = None if mask is None else engine.sources.add(mask)
        return RepairRecipe(content=content, **{**dict(settings), "mask": stored})

    finishing.run(recipe, "Repairing", name_of_repaired)


@app.command()
@with_field_options("settings")
@_with_parts_option
@with_shared_options("output")
def clean(
    pictures: PicturesArgument,
    settings: CleanSettings = CleanSettings(),
    parts: Mapping[str, Any] = NOTHING_GIVEN,
    output: FolderOutput = FolderOutput(),
) -> None:
    """Take noise, traces of JPEG, scratches and a faded look out of a picture, a video clip or a folder of pictures."""
    if not settings.does_something:
        raise typer.BadParameter("Say what to clean: --noise 0.5, --jpeg 0.5, --scratches 0.5 or --levels 1.")

    def recipe(content: Recipe, engine: Engine) -> FinishingStep:
        from studio.recipes import CleanRecipe

        return CleanRecipe(content=content, **dict(settings))

    _Finishing(pictures, output, parts).run(recipe, "Cleaning", name_of_cleaned)


class PrintNetwork(StrEnum):
    """The networks that a print is enlarged by."""

    faithful = "faithful"
    photo = "photo"
    drawing = "drawing"
    lanczos = "lanczos"


@app.command("print")
@with_field_options(
    "sheet",
    without=("paper", "paper_width", "paper_height", "unit", "width", "height", "margin", "bleed", "profile"),
)
@with_shared_options("writing")
def print_picture(
    picture: Annotated[Path, typer.Argument(help="The picture; one that was saved here keeps all its steps.")],
    out: Annotated[Path, typer.Option(help="The sheet: a .pdf or .tif file.")],
    size: Annotated[
        str, typer.Option(help="The finished print, as in 30x20cm or 8x10in. As large as the paper takes, if left out.")
    ] = "",
    paper: Annotated[
        str, typer.Option(help="A5, A4, A3, A2, letter, tabloid, or a size of your own, as in 50x70cm.")
    ] = "A4",
    bleed: Annotated[str, typer.Option(help="So far the picture goes on beyond the cut, as in 3mm.")] = "0mm",
    margin: Annotated[str, typer.Option(help="White border within the print, as in 1.5cm.")] = "0mm",
    profile: Annotated[
        Path | None, typer.Option(help="ICC profile of the printer; sRGB if left out.", exists=True, dir_okay=False)
    ] = None,
    network: Annotated[
        PrintNetwork, typer.Option(help="What enlarges the picture where it has too few pixels.")
    ] = PrintNetwork.faithful,
    sheet: PrintSheet = PrintSheet(),
    writing: Writing = Writing(),
) -> None:
    """Lay a picture on a sheet of paper for a printer: enlarged as the print needs it, in the printer's colours."""
    from studio.restoration.print_files import PRINT_SUFFIXES, write_print

    if out.suffix.lower() not in PRINT_SUFFIXES:
        raise typer.BadParameter("--out: name a .pdf or .tif file.")
    check_free(out, writing.overwrite)
    sheet = PrintSheet.model_validate(
        dict(sheet)
        | _paper(paper)
        | {"bleed": _length("--bleed", bleed), "margin": _length("--margin", margin), "profile": profile}
    )
    if size:
        sheet = PrintSheet.model_validate(
            dict(sheet) | dict(zip(("width", "height"), _size("--size", size), strict=True))
        )
        sheet.check()
    given = given_picture(picture)
    engine = writing.engine()
    content = content_of(given, engine)
    image = drive(engine.render(content), "Opening").image
    own = image.shape[1], image.shape[0]
    if not size:
        sheet = sheet.fitted_to(*own)
    stderr().print(escape(str(sheet.sharpness(own))), soft_wrap=True)
    made = sheet.recipe_for(content, own, EnlargeSettings(network=network.value))

    def printed() -> Work[Path]:
        large = yield from within(engine.render(made), 0.0, 0.8)
        return (yield from within(write_print(large.image, sheet, out, made, overwrite=writing.overwrite), 0.8, 1.0))

    path = drive(printed(), "Printing")
    wide, high = sheet.pixels_for(*own)
    if writing.as_json:
        values = {"path": str(path), "size": [wide, high], "enlarged": sheet.scale_for(*own), "dpi": sheet.dpi}
        typer.echo(json.dumps(values, ensure_ascii=False))
    else:
        typer.echo(path)


def _paper(text: str) -> dict[str, object]:
    known = {name.lower(): name for name in PAPERS}
    if text.lower() in known:
        return {"paper": known[text.lower()]}
    width, height = _size("--paper", text)
    return {"paper": "own", "paper_width": width, "paper_height": height}


def _size(option: str, text: str) -> tuple[float, float]:
    try:
        width, height = size_in_mm(text)
    except ValueError as error:
        raise typer.BadParameter(f"{option}: a size looks like 30x20cm or 8x10in.") from error
    if not all(10 <= side <= 2000 for side in (width, height)):
        raise typer.BadParameter(f"{option}: sides are 1 to 200 cm long.")
    return width, height


def _length(option: str, text: str) -> float:
    most = 20 if option == "--bleed" else 200
    try:
        length = length_in_mm(text)
    except ValueError as error:
        raise typer.BadParameter(f"{option}: a length looks like 3mm, 1.5cm or 0.25in.") from error
    if length > most:
        raise typer.BadParameter(f"{option}: at most {most} mm.")
    return length


def _network(path: Path) -> FileRef:
    from studio.checkpoints.enlargers import add_network

    return add_network(path).ref


def _is_clip(file: Path) -> bool:
    """By the file's ending; what came through a pipe has none, and is looked into."""
    from studio.media.clips import describe_clip

    if file.suffix:
        return file.suffix.lower() in CLIP_SUFFIXES
    try:
        describe_photo(file)
    except StudioError:
        with contextlib.suppress(StudioError):
            describe_clip(file)
            return True
    return False


class _Finishing:
    """The work that three commands have in common: a picture, clip or folder in, files or the gallery out."""

    def __init__(self, pictures: list[Path], output: FolderOutput, parts: Mapping[str, Any]) -> None:
        self.pictures, self.output, self.parts = pictures, output, parts
        self.many = is_whole_folder(pictures) or len(pictures) > 1
        self.picture = picture = pictures[0] if self.many else given_file(pictures[0])
        # What is not there, or nothing that can be opened, is told before PyTorch is loaded.
        self.clip = not self.many and _is_clip(picture)
        if self.clip:
            check_film_name(pictures[0], output.out)
            self._check_clip()
            return
        if parts:
            raise typer.BadParameter("--from and --to choose a part of a video clip.")
        output.check(2 if self.many else 1)
        if not self.many:
            describe_photo(picture)

    def _check_clip(self) -> None:
        if self.output.out is not None and self.output.out.suffix.lower() not in (".mp4", ".mov", ".mkv"):
            raise typer.BadParameter("--out: name a .mp4, .mov or .mkv file for the film.")
        if "end" in self.parts and self.parts["end"] <= self.parts.get("start", 0.0):
            raise typer.BadParameter("--to must be later than --from.")
        from studio.media.clips import describe_clip

        describe_clip(self.picture)

    def _film(self, engine: Engine, recipe: MakeRecipe, named: Callable[[str], str]) -> None:
        """Make the film of a clip, and print where it is."""
        from studio.engine.jobs.film import clip_hash
        from studio.recipes import FileRef, PhotoRecipe

        path = film_path(self.picture, named(self.picture.stem), self.output.out, self.output.overwrite)
        ref = FileRef(hash=drive(clip_hash(self.picture), "Reading the clip"), name=readable(self.picture.name)[:255])
        film = FinishedFilmRecipe(frame_recipe=recipe(PhotoRecipe(photo=ref), engine), **self.parts)
        show_film(drive_film(engine, film, self.picture, path, overwrite=self.output.overwrite), self.output.as_json)

    def run(self, recipe: MakeRecipe, title: str, named: Callable[[str], str]) -> None:
        """Make what ``recipe`` says of the picture, clip or all in the folder; ``named`` gives the file's name."""
        engine = self.output.engine()
        if self.clip:
            self._film(engine, recipe, named)
            return
        if self.many:
            from studio.engine.jobs.batch_record import ANY_PHOTO

            make_batch(engine, recipe(ANY_PHOTO, engine), self.pictures, self.output, title=title)
            return
        made = recipe(content_of(self.picture, engine), engine)
        from studio.engine.jobs.finishing import finished_picture

        image = drive(finished_picture(engine, made), title)
        stem = named(self.picture.stem)
        self.output.show(self.output.save(image, made, stem, profile=self.output.profile, metadata=True))


def content_of(path: Path, engine: Engine) -> Recipe:
    """The recipe in a PNG that was saved here, so that all its steps are kept; any other file as a photo.

    The pixels of such a PNG are taken as they are: a stylization need not be rendered once more.
    """
    import numpy as np

    from studio.media.photos import open_photo
    from studio.recipes import PhotoRecipe, read_recipe

    # What came through a pipe has no ending.
    found = read_recipe(path) if path.suffix.lower() in (".png", "") and path.is_file() else None
    if found is None:
        content = PhotoRecipe(photo=engine.sources.add(path))
        print_photo_warnings(path, full_depth=True)
        return content
    engine.remember(found, np.array(open_photo(path)))
    return found
