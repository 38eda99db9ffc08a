"""Options that many commands share, a group of them as one value, with what is done by them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base.app_settings import AppSettings
from studio.cli.app import JsonOption, OutOption, OverwriteOption, open_engine
from studio.cli.field_options import field_annotation
from studio.cli.results import (
    STDOUT,
    check_free,
    check_place,
    check_stdout,
    exists_for,
    is_file_name,
    picture_properties,
    print_pictures,
    save,
    write_to_stdout,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine import Engine
    from studio.recipes import Recipe
    from studio.recipes.embed import AnyPicture

    DeviceOption = str
    ProfileOption = str
else:
    DeviceOption = field_annotation(AppSettings, "device")
    ProfileOption = field_annotation(
        AppSettings,
        "export_profile",
        flag="--profile",
        tip="Colours of the file named by --out: the photo's own profile, or sRGB.",
    )


class Existing(StrEnum):
    """The fate of other files with a picture's name."""

    keep = "keep"
    overwrite = "overwrite"
    skip = "skip"


class Format(StrEnum):
    """Kinds of picture files."""

    jpg = "jpg"
    png = "png"
    webp = "webp"
    tif = "tif"


class _OnDevice:
    """Base of the groups that have the option of a device."""

    device: str

    def engine(self) -> Engine:
        """The engine; this is where torch is imported."""
        return open_engine(self.device)


@dataclass(frozen=True, kw_only=True)
class Computing(_OnDevice):
    """The device that a command computes on, and the form of its answer."""

    device: DeviceOption = "auto"
    as_json: JsonOption = False


@dataclass(frozen=True, kw_only=True)
class Writing(_OnDevice):
    """As :class:`Computing`, for commands that write a file which an option of their own names."""

    overwrite: OverwriteOption = False
    device: DeviceOption = "auto"
    as_json: JsonOption = False


@dataclass(frozen=True, kw_only=True)
class Output(_OnDevice):
    """The place of a command's pictures, and what they are computed on."""

    out: OutOption = None
    overwrite: OverwriteOption = False
    device: DeviceOption = "auto"
    as_json: JsonOption = False

    def check(self, pictures: int = 1) -> None:
        """Refuse what cannot be written: asked before the work begins.

        Raises
        ------
        typer.BadParameter
            When that many ``pictures`` do not go there.
        StudioError
            When the file is there already.
        """
        check_stdout(self.out, pictures, self.as_json)
        check_place(self.out, self.overwrite)

    def save(self, image: AnyPicture, recipe: Recipe, stem: str, **more: Any) -> dict[str, Any]:
        """Save a picture, see :func:`studio.cli.results.save`; returns its description."""
        path = save(image, recipe, self.out, stem, overwrite=self.overwrite, **more)
        return picture_properties(path, image, recipe)

    def show(self, *pictures: dict[str, Any]) -> None:
        """Print where pictures are, or what there is to say about them."""
        print_pictures(pictures, self.as_json)


@dataclass(frozen=True, kw_only=True)
class SheetOutput(_OnDevice):
    """The file of a sheet of samples, and what they are computed on."""

    out: Annotated[Path, typer.Option("--out", "-o", help="The picture to write.")]
    overwrite: OverwriteOption = False
    device: DeviceOption = "auto"
    as_json: JsonOption = False

    def check(self, example: str) -> None:
        """Refuse what is no file for one picture, or is there already; ``example`` is a name that would do."""
        check_stdout(self.out, 1, self.as_json)
        if self.out != STDOUT:
            if not is_file_name(self.out):
                raise typer.BadParameter(f"This is one picture: name a file such as {example}.")
            check_free(self.out, self.overwrite)

    def write(self, image: NDArray[np.uint8], recipe: Recipe) -> None:
        """Write the sheet and say where it is; ``recipe`` is any of its pictures'."""
        write_sheet(image, recipe, self.out, overwrite=self.overwrite, as_json=self.as_json)


@dataclass(frozen=True, kw_only=True)
class FolderOutput(Output):
    """As :class:`Output`, also for many pictures, whose results go into a folder."""

    subfolders: Annotated[bool, typer.Option(help="Of a folder: pictures in sub-folders too.")] = True
    existing: Annotated[
        Existing, typer.Option(help="Of many: what becomes of other files that have a picture's name.")
    ] = Existing.keep
    file_format: Annotated[Format, typer.Option("--format", help="Of many: the kind of files.")] = Format.png
    profile: ProfileOption = "photo"

    def check(self, pictures: int = 1) -> None:
        """As before; several ``pictures`` need a folder."""
        if pictures > 1 and (self.out is None or is_file_name(self.out)):
            raise typer.BadParameter("--out: name a folder for the pictures.")
        super().check(pictures)


def write_sheet(
    image: NDArray[np.uint8], recipe: Recipe, out: Path, *, overwrite: bool, as_json: bool, named: bool = True
) -> None:
    """Write a picture of many samples, which says that a model made it, and say where it is.

    ``named``: the artist chose the file's name, else one that is taken gets a number.
    """
    from studio.recipes.embed import save_marked

    if out == STDOUT:
        write_to_stdout(lambda path: save_marked(image, path, recipe))
        return
    path = save_marked(image, out, recipe, exists=exists_for(named, overwrite))
    print_pictures([{"path": str(path.resolve()), "width": image.shape[1], "height": image.shape[0]}], as_json)
