"""Files of the command line: where results go, the standard input and output, and what is printed of pictures."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from studio.base import Message, StudioError
from studio.base.files import (
    already_there,
    check_writable,
    lasting_scratch_folder,
    scratch_folder,
    sweep_leftovers,
)
from studio.cli.app import open_gallery, open_sources, print_json, settings, stderr

if TYPE_CHECKING:
    from studio.recipes import Recipe
    from studio.recipes.embed import AnyPicture, Exists

_OTHER_FILES = frozenset({".pdf", ".svg", ".exr", ".hdr", ".eps", ".jxl", ".xcf", ".txt", ".json", ".zip"})


def is_file_name(out: Path) -> bool:
    """Return whether ``--out`` names a picture file rather than a folder.

    Raises
    ------
    typer.BadParameter
        When it names a kind of file that pictures cannot be saved as.
    """
    ending = out.suffix.lower()
    if out.is_dir() or not ending:
        return False
    from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES
    from studio.recipes.embed import PICTURE_SUFFIXES

    if ending in PICTURE_SUFFIXES:
        return True
    if ending in IMAGE_SUFFIXES | CLIP_SUFFIXES | _OTHER_FILES:
        raise typer.BadParameter(f"{out.name}: pictures are saved as {', '.join(PICTURE_SUFFIXES)}.")
    return False  # a folder with a point in its name: "My pictures v1.5"


def free_name(path: Path) -> Path:
    """``path``, or the first of "name (2)", "name (3)" ... that no file has."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return free


def check_free(path: Path | None, overwrite: bool) -> None:
    """Refuse a file for results that cannot be written: asked before the work begins, not after it.

    Raises
    ------
    StudioError
        When ``path`` is a file, unless it may be replaced; when it is a folder; when nothing can be written there.
    """
    if path is None:
        return
    if path.is_dir():
        raise StudioError(f"{path} is a folder, not the name of a file.", "Name a file in it.")
    if not overwrite and os.path.lexists(path):
        sweep_leftovers(path.parent)  # of a command that was killed when the file had its name
        raise already_there(path)
    check_folder(path.parent)


def check_folder(folder: Path) -> None:
    """Refuse a folder for results in which nothing can be written; it is not made for that.

    Raises
    ------
    StudioError
        When it, or the nearest one above it that is there, takes no files.
    """
    check_writable(next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder))


def check_place(out: Path | None, overwrite: bool) -> None:
    """Refuse an ``--out`` (file, folder or standard output) or a gallery that takes no pictures, before they are made.

    Raises
    ------
    typer.BadParameter
        As :func:`is_file_name`.
    StudioError
        As :func:`check_free` and :func:`check_folder`.
    """
    if out is None:
        check_folder(settings().pictures_folder())
    elif out != STDOUT and is_file_name(out):
        check_free(out, overwrite)
    elif out != STDOUT:
        check_folder(out)


def exists_for(named: bool, overwrite: bool) -> Exists:
    """The fate of a file that has the name of a result: one the artist named, or one found for it in a folder."""
    if not named:
        return "number"
    return "replace" if overwrite else "refuse"


def save(
    image: AnyPicture,
    recipe: Recipe,
    out: Path | None,
    stem: str,
    profile: str = "srgb",
    *,
    overwrite: bool = False,
    metadata: bool = False,
) -> Path:
    """Save a picture with its recipe: in the file or folder named, else in the gallery (which is always sRGB).

    In folders names that are taken get a number; a file that is named is replaced only with ``overwrite``.
    ``profile``: the colours of a file, as in the settings. ``metadata``: EXIF and resolution of the photo are kept.
    """
    if out is None:
        return open_gallery().save(image, recipe, stem=stem).path
    from studio.recipes.embed import save_picture

    if out == STDOUT:
        return write_to_stdout(lambda path: save_picture(image, path, recipe))
    sources = open_sources()
    own = sources.profile_of(recipe) if profile == "photo" else None
    kept = sources.metadata_of(recipe) if metadata else None
    named = is_file_name(out)
    wanted = out if named else out / f"{stem}.png"
    path = save_picture(image, wanted, recipe, profile=own, metadata=kept, exists=exists_for(named, overwrite))
    if image.shape[2] == 4 and path.suffix.lower() in (".jpg", ".jpeg"):
        stderr().print("JPEG has no transparency: the picture was put on white.")
    return path


def print_photo_warnings(path: Path, *, full_depth: bool = False) -> None:
    """Say on stderr what is worth knowing about a photo: cut off, animated, converted (see ``conversion_notes``)."""
    from studio.media.photo_notes import conversion_notes, warning_about

    warning = warning_about(path)
    notes = [] if warning is not None else conversion_notes(path, full_depth=full_depth)
    said = [str(warning)] if warning is not None else [f"{path.name}: {text}" for text in notes]
    for text in said:
        stderr().print(escape(text), soft_wrap=True)


STDIN = Path("-")
"""What a picture is called that comes through the standard input."""
_LEAD_IN = "Lead a file into the command, as in `latent-studio stylize - < photo.jpg`, or name a file."

STDOUT = Path("-")
"""What ``--out`` says for the standard output."""


def check_stdout(out: Path | None, pictures: int, as_json: bool) -> None:
    """Refuse what does not go to the standard output: asked before the work begins.

    Raises
    ------
    typer.BadParameter
        For more than one picture, together with ``--json``, and where a person would see the bytes.
    """
    if out != STDOUT:
        return
    if pictures != 1:
        raise typer.BadParameter("One picture alone goes to the standard output (--out -).")
    if as_json:
        raise typer.BadParameter("--out - and --json both write to the standard output: choose one.")
    if getattr(sys.stdout, "name", "") == os.devnull:
        raise typer.BadParameter("There is no standard output to write the picture to (--out -).")
    if sys.stdout.isatty():
        raise typer.BadParameter("--out - writes the bytes of a picture: lead them into a file or a program.")


def is_pipe(path: Path) -> bool:
    """Return whether ``path`` is the standard input or a pipe: without a name or a folder, and to be read once."""
    return path == STDIN or path.is_fifo() or path.is_char_device()


def given_file(path: Path) -> Path:
    """The file ``path``; for "-" (standard input) and pipes a copy of what comes through them, as long as we run.

    A file that is led into the command and named /dev/stdin is known by its own name.

    Raises
    ------
    StudioError
        When nothing comes.
    """
    try:
        if not is_pipe(path):
            return path.resolve() if path.is_relative_to("/dev") else path
        if path == STDIN and sys.stdin.isatty():
            data = b""
        else:
            data = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise StudioError(
            Message("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error), _LEAD_IN
        ) from error
    if not data:
        raise StudioError(Message("Nothing came through the standard input."), _LEAD_IN)
    folder = lasting_scratch_folder(Path(tempfile.gettempdir()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / "standard input"
    copy.write_bytes(data)
    return copy


def given_picture(path: Path) -> Path:
    """As :func:`given_file`, for one that has to be a picture: refused before PyTorch is loaded, which takes seconds.

    Raises
    ------
    StudioError
        When it is not there, or no picture by its header.
    """
    from studio.media.photos import describe_photo

    found = given_file(path)
    describe_photo(found)
    return found


def write_to_stdout(write: Callable[[Path], object]) -> Path:
    """Lead the PNG that ``write`` makes at the path that it is given to the standard output."""
    with scratch_folder() as folder:
        write(folder / "picture.png")
        sys.stdout.flush()
        sys.stdout.buffer.write((folder / "picture.png").read_bytes())
        sys.stdout.buffer.flush()
    return STDOUT


def picture_properties(path: Path, image: AnyPicture, recipe: Recipe) -> dict[str, Any]:
    """The description of a saved picture for ``--json``."""
    from studio.recipes import documents

    return {
        "path": str(path if path == STDOUT else path.resolve()),
        "width": image.shape[1],
        "height": image.shape[0],
        "recipe": json.loads(documents.dumps(recipe)),
    }


def print_pictures(pictures: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Paths of what was saved, or everything about it; nothing where the picture itself went to stdout."""
    with printed_pictures(as_json) as made:
        for picture in pictures:
            made(picture)


@contextmanager
def printed_pictures(as_json: bool) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yield a function to be given the properties of each picture when it is saved.

    Paths are printed at once, so that whoever reads them has what was made before a failure; JSON is one document, and
    is printed at the end, also that of a failure.
    """
    pictures: list[dict[str, Any]] = []

    def made(properties: dict[str, Any]) -> None:
        if properties["path"] == str(STDOUT):
            return
        pictures.append(properties)
        if not as_json:
            print(properties["path"], flush=True)

    try:
        yield made
    finally:
        if as_json and pictures:
            print_json({"pictures": pictures})
