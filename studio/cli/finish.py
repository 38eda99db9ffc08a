"""The commands that finish pictures: enlarge, repair, clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.app import (
    Device,
    DeviceOption,
    JsonOption,
    OutOption,
    OverwriteOption,
    Profile,
    ProfileOption,
    app,
    check_free,
    check_stdout,
    drive,
    is_file_name,
    open_engine,
    picture_properties,
    print_photo_warnings,
    print_pictures,
    safe_stem,
    save,
)
from studio.cli.field_options import with_field_options
from studio.cli.styles import Existing, Format, make_batch
from studio.recipes import CleanSettings, EnlargeSettings, RepairSettings

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.batch import FolderRecipe
    from studio.recipes import FileRef, Recipe

    MakeRecipe = Callable[[Recipe, Engine], FolderRecipe]

PictureArgument = Annotated[Path, typer.Argument(help="The picture, or a folder of pictures (then with --out).")]
SubfoldersOption = Annotated[bool, typer.Option(help="Of a folder: pictures in sub-folders too.")]
ExistingOption = Annotated[
    Existing, typer.Option(help="Of a folder: what becomes of other files that have a picture's name.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Of a folder: the kind of files.")]
SHARES = {
    "grow": "Makes the mask wider first, in shares of the long side",
    "feather": "Width of the soft edge, in shares of the long side",
    "left": "New canvas at the left, in shares of the width",
    "right": "New canvas at the right, in shares of the width",
    "top": "New canvas at the top, in shares of the height",
    "bottom": "New canvas at the bottom, in shares of the height",
}


@app.command()
@with_field_options(
    "settings",
    without=("file",),
    tips={"length": "Long side of the print, with --measure cm or inch", "dpi": "Dots per inch of the print"},
)
def enlarge(
    picture: PictureArgument,
    settings: EnlargeSettings = EnlargeSettings(),
    network_file: Annotated[
        Path | None,
        typer.Option(help="A network of another program (.safetensors, .pth) that makes pictures larger.", exists=True),
    ] = None,
    subfolders: SubfoldersOption = True,
    existing: ExistingOption = Existing.keep,
    file_format: FormatOption = Format.png,
    profile: ProfileOption = Profile.photo,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Make a picture, or a folder of pictures, larger: so many times, to a size in pixels, or for a print."""
    if settings.network == "file" and network_file is None:
        raise typer.BadParameter("--network file: name it with --network-file.")
    ref = None if network_file is None else _network(network_file)
    if ref is not None:
        settings = settings.model_copy(update={"network": "file", "file": ref})

    def recipe(content: Recipe, engine: Engine) -> FolderRecipe:
        from studio.recipes import EnlargeRecipe

        return EnlargeRecipe(content=content, **dict(settings))

    _Finishing(picture, out, overwrite, device, as_json, profile, subfolders, existing, file_format).run(
        recipe, "Enlarging", "enlarged"
    )


@app.command()
@with_field_options("settings", without=("mask",), tips=SHARES)
def repair(
    picture: PictureArgument,
    mask: Annotated[
        Path | None,
        typer.Option(help="Grey picture, stretched over the picture: white is filled.", exists=True),
    ] = None,
    settings: RepairSettings = RepairSettings(),
    subfolders: SubfoldersOption = True,
    existing: ExistingOption = Existing.keep,
    file_format: FormatOption = Format.png,
    profile: ProfileOption = Profile.photo,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Fill parts of a picture from what lies around them, or let its canvas go on; of a folder, the same parts."""
    if mask is None and not settings.does_something:
        raise typer.BadParameter("Give a --mask, or new canvas (--left 0.2).")

    def recipe(content: Recipe, engine: Engine) -> FolderRecipe:
        from studio.recipes import RepairRecipe

        stored = None if mask is None else engine.sources.add(mask)
        return RepairRecipe(content=content, **{**dict(settings), "mask": stored})

    _Finishing(picture, out, overwrite, device, as_json, profile, subfolders, existing, file_format).run(
        recipe, "Repairing", "repaired"
    )


@app.command()
@with_field_options("settings")
def clean(
    picture: PictureArgument,
    settings: CleanSettings = CleanSettings(),
    subfolders: SubfoldersOption = True,
    existing: ExistingOption = Existing.keep,
    file_format: FormatOption = Format.png,
    profile: ProfileOption = Profile.photo,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Take noise, traces of JPEG, scratches and a faded look out of a picture, or out of a folder of pictures."""
    if not settings.does_something:
        raise typer.BadParameter("Say what to clean: --noise 0.5, --jpeg 0.5, --scratches 0.5 or --levels 1.")

    def recipe(content: Recipe, engine: Engine) -> FolderRecipe:
        from studio.recipes import CleanRecipe

        return CleanRecipe(content=content, **dict(settings))

    _Finishing(picture, out, overwrite, device, as_json, profile, subfolders, existing, file_format).run(
        recipe, "Cleaning", "cleaned"
    )


def _network(path: Path) -> FileRef:
    from studio.checkpoints.enlargers import add_network

    return add_network(path).ref


class _Finishing:
    """What the three commands have in common: one picture or a folder in, files or the gallery out."""

    def __init__(
        self,
        picture: Path,
        out: Path | None,
        overwrite: bool,
        device: Device,
        as_json: bool,
        profile: Profile,
        subfolders: bool,
        existing: Existing,
        suffix: Format,
    ) -> None:
        self.picture, self.out, self.overwrite, self.device, self.as_json = picture, out, overwrite, device, as_json
        self.profile, self.subfolders, self.existing, self.suffix = profile, subfolders, existing, suffix
        folder = picture.is_dir()
        if folder and (out is None or is_file_name(out)):
            raise typer.BadParameter("--out: name a folder for the pictures.")
        check_stdout(out, 2 if folder else 1, as_json)
        if out is not None and is_file_name(out):
            check_free(out, overwrite)

    def run(self, recipe: MakeRecipe, title: str, word: str) -> None:
        """Make what ``recipe`` says of the picture or of all in the folder; ``word`` stands in the file's name."""
        engine = open_engine(self.device)
        if self.picture.is_dir():
            from studio.engine.jobs.batch import ANY_PHOTO

            assert self.out is not None
            make_batch(
                engine,
                recipe(ANY_PHOTO, engine),
                self.picture,
                self.out,
                subfolders=self.subfolders,
                existing=self.existing,
                suffix=self.suffix,
                keep_photos=False,
                as_json=self.as_json,
                title=title,
            )
            return
        made = recipe(content_of(self.picture, engine), engine)
        rendered = drive(engine.render(made), title)
        stem = safe_stem(f"{self.picture.stem} {word}")
        path = save(rendered.image, made, self.out, stem, self.profile, overwrite=self.overwrite, metadata=True)
        print_pictures([picture_properties(path, rendered.image, made)], self.as_json)


def content_of(path: Path, engine: Engine) -> Recipe:
    """The recipe in a PNG that was saved here, so that all its steps are kept; any other file as a photo.

    The pixels of such a PNG are taken as they are: a stylization need not be rendered once more.
    """
    import numpy as np

    from studio.media.photos import open_photo
    from studio.recipes import PhotoRecipe, read_recipe

    found = read_recipe(path) if path.suffix.lower() == ".png" and path.is_file() else None
    if found is None:
        content = PhotoRecipe(photo=engine.sources.add(path))
        print_photo_warnings(path)
        return content
    engine.remember(found, np.array(open_photo(path)))
    return found
