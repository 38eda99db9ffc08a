"""The style library's commands, and what ``stylize`` does with it: one photo in all styles, a folder in one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.base import Progress, StudioError
from studio.cli.app import EXIT_ERROR, JsonOption, app, drive, open_sources, print_json, print_table, stderr
from studio.cli.results import exists_for, given_file, is_file_name, is_pipe

if TYPE_CHECKING:
    from studio.cli.shared_options import FolderOutput
    from studio.engine import Engine
    from studio.engine.jobs.batch_record import FolderRecipe
    from studio.gallery import Style, StyleLibrary
    from studio.recipes import StylizeRecipe

styles = typer.Typer(invoke_without_command=True, help="The style library: list, add.")
app.add_typer(styles, name="styles")

FolderOption = Annotated[
    str | None, typer.Option("--folder", help="Only this folder (or category of ready styles) of the style library.")
]
FavouritesOption = Annotated[bool, typer.Option("--favourites", help="Favourite styles only.")]


def open_styles() -> StyleLibrary:
    """The style library in the gallery folder that the window uses."""
    from studio.gallery import STYLES_FOLDER, StyleLibrary

    return StyleLibrary(open_sources().folder.parent / STYLES_FOLDER)


def style_path(path: Path) -> Path:
    """A file as it is; anything else as a name in the style library."""
    return path if path.is_file() else open_styles().find(str(path)).path


def _properties(style: Style) -> dict[str, Any]:
    return {
        "name": style.name,
        "folder": style.folder,
        "ready": style.ready,
        "favourite": style.favourite,
        "medium": style.medium,
        "credit": style.credit,
        "licence": style.licence,
        "path": str(style.path),
        "hash": style.hash,
    }


@styles.callback()
def list_styles(
    context: typer.Context,
    search: Annotated[str, typer.Option("--search", help="Words to look for.")] = "",
    folder: FolderOption = None,
    favourites: FavouritesOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the styles."""
    if context.invoked_subcommand is not None:
        return
    scan = open_styles().scan()
    found = scan.chosen(search, folder=folder, favourites=favourites)
    if as_json:
        skipped = [{"path": str(file.path), "reason": str(file.reason.message)} for file in scan.skipped]
        print_json({"styles": [_properties(style) for style in found], "skipped": skipped})
        return
    rows = [
        (
            style.name,
            style.folder,
            "★" if style.favourite else "",
            style.medium or f"{style.width}×{style.height}",
            style.licence if style.ready else str(style.path),
        )
        for style in found
    ]
    print_table(("Name", "Folder", "", "What", "Licence or file"), rows, "No styles found.")
    for file in scan.skipped:
        stderr().print(f"Left out: {file.reason.message}", markup=False, soft_wrap=True)


@styles.command("add")
def add_styles(
    files: Annotated[list[Path], typer.Argument(help="Pictures; they are copied. - is the standard input.")],
    folder: Annotated[str, typer.Option("--folder", help="The folder of the library to put them in.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Take pictures into the style library. One that is there already is not copied again."""
    from studio.media.photos import describe_photo

    library = open_styles()
    added = []
    for path in files:
        found = given_file(path)
        if is_pipe(path):
            style, new = library.add_bytes(found.read_bytes(), f"Style.{describe_photo(found).format.lower()}", folder)
        else:
            style, new = library.add(found, folder)
        if not new:
            stderr().print(f"{found.name} is there already, as “{style.name}”.", markup=False, soft_wrap=True)
        added.append({**_properties(style), "new": new})
    if as_json:
        print_json({"styles": added})
    else:
        for property_text in added:
            print(property_text["path"])


def make_sheet(
    engine: Engine,
    recipe: StylizeRecipe,
    out: Path,
    folder: str | None,
    favourites: bool,
    as_json: bool,
    *,
    overwrite: bool,
) -> None:
    """Write the sheet of one photo in many styles; ``recipe`` says all but the style."""
    from studio.engine.jobs.style_grid import in_style, labelled_grid, style_grid
    from studio.recipes.embed import save_marked

    if not is_file_name(out):
        raise typer.BadParameter(f"{out}: name a picture file for the sheet, such as sheet.png.")
    chosen = open_styles().scan().chosen(folder=folder, favourites=favourites)
    if not chosen:
        raise StudioError("There are no such styles.", "`latent-studio styles` lists the library.")
    recipes = [in_style(recipe, engine.sources.lend(style.path)) for style in chosen]
    pictures = drive(style_grid(engine, recipes), "Trying styles")
    drawn = [(style, picture) for style, picture in zip(chosen, pictures, strict=True) if picture is not None]
    sheet = labelled_grid([picture for _, picture in drawn], [style.name for style, _ in drawn])
    save_marked(sheet, out, recipes[0], exists=exists_for(True, overwrite))
    for style in chosen:
        if all(style is not shown for shown, _ in drawn):
            stderr().print(f"Left out: “{style.name}” could not be used.", markup=False)
    if as_json:
        print_json({"sheet": str(out.resolve()), "styles": [_properties(style) for style, _ in drawn]})
    else:
        print(out)


def make_batch(
    engine: Engine,
    recipe: FolderRecipe,
    photos: Sequence[Path],
    output: FolderOutput,
    *,
    keep_photos: bool = False,
    title: str = "Stylizing",
) -> None:
    """Make the picture of every photo in a folder, or of several, and print each picture's path when it is made.

    Called again, it goes on where it was interrupted.

    Raises
    ------
    typer.Exit
        When there was something to do and all of it failed.
    """
    from studio.engine.jobs.batch import BatchProgress, run_batch
    from studio.engine.jobs.batch_photos import common_folder
    from studio.engine.jobs.batch_record import BatchSettings
    from studio.media.folders import list_folder

    out, as_json = output.out, output.as_json
    assert out is not None
    whole = is_whole_folder(photos)
    chosen = () if whole else tuple(photo.resolve() for photo in photos)
    folder = photos[0].resolve() if whole else common_folder(chosen)
    settings = BatchSettings(
        folder=folder,
        photos=chosen,
        recipe=recipe,
        subfolders=output.subfolders,
        existing=output.existing.value,
        suffix=f".{output.file_format.value}",  # type: ignore[arg-type]
        keep_photos=keep_photos,
    )
    told = 0

    def tell(progress: Progress) -> None:
        nonlocal told
        if not isinstance(progress, BatchProgress):
            return
        for failure in progress.failures[told:]:
            stderr().print(f"{failure.photo}: {failure.message} {failure.action}", markup=False, soft_wrap=True)
        told = len(progress.failures)
        if progress.saved is not None and not as_json:
            print(progress.saved, flush=True)

    report = drive(run_batch(engine, settings, out), title, tell)
    for failure in report.failures[told:]:
        stderr().print(f"{failure.photo}: {failure.message} {failure.action}", markup=False, soft_wrap=True)
    if whole and output.subfolders:
        for said in list_folder(folder).passed_over():
            stderr().print(str(said), markup=False, soft_wrap=True)
    if as_json:
        print_json(
            {
                "out": str(out.resolve()),
                "made": report.made,
                "before": report.before,
                "skipped": report.skipped,
                "failures": [
                    {"photo": failure.photo, "message": str(failure.message), "action": str(failure.action)}
                    for failure in report.failures
                ],
            }
        )
    else:
        parts = [f"{report.made} made", f"{report.before} were there"]
        parts += [f"{report.skipped} skipped"] if report.skipped else []
        parts += [f"{len(report.failures)} failed"] if report.failures else []
        stderr().print(", ".join(parts) + ".")
    if report.failures and not report.made and not report.before:
        raise typer.Exit(EXIT_ERROR)


def is_whole_folder(photos: Sequence[Path]) -> bool:
    """Return whether the pictures of a folder are meant, rather than one picture or several.

    Raises
    ------
    typer.BadParameter
        When several are named, and one of them is no file.
    """
    if len(photos) == 1:
        return photos[0].is_dir()
    for photo in photos:
        if photo.is_dir():
            raise typer.BadParameter(f"{photo}: name one folder, or several pictures.")
        if not photo.is_file():
            raise typer.BadParameter(f"{photo}: there is no such file.")
    return False


def refuse_options(names: Sequence[tuple[str, bool]], why: str) -> None:
    """Complain about options that were given but mean nothing here."""
    for name, given in names:
        if given:
            raise typer.BadParameter(f"{name}: {why}")
