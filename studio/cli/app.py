"""The command line: the same engine without a window, and the window when nothing is asked for.

Results go to stdout (paths, one a line, or JSON with ``--json``); progress and messages go to stderr. Exit codes:
0 done, 2 wrong usage (or no display for the window), 3 something went wrong (stderr says what, and what to do),
130 cancelled, 143 ended by SIGTERM.

Rooms that need torch are imported inside the commands that render, so that everything else answers at once.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from typer.core import TyperGroup

from studio import __version__
from studio.base import Cancelled, Message, Progress, StudioError, Work, drain
from studio.base.files import already_there, check_writable, lasting_scratch_folder, scratch_folder
from studio.base.memory import is_out_of_memory
from studio.base.pytorch import PyTorchMissing, is_without_pytorch

if TYPE_CHECKING:
    from studio.base.app_settings import AppSettings
    from studio.engine import Engine
    from studio.gallery import Gallery, SourceStore
    from studio.recipes import Recipe
    from studio.recipes.embed import AnyPicture, Exists

T = TypeVar("T")

# click's ClickException, of which newer versions of typer have a copy under another name.
_UsageError: type[BaseException] = typer.BadParameter.__mro__[2]

EXIT_ERROR = 3
EXIT_CANCELLED = 130
EXIT_TERMINATED = 143


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP came: log-out, shutdown, a closed terminal, a scheduler. Everything ends as on Ctrl+C."""


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP raise :class:`Terminated`, so that commands clean up before they end."""

    def end(number: int, _frame: object) -> None:
        raise Terminated

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup's wish is respected
            signal.signal(number, end)


class StudioGroup(TyperGroup):
    """Turns our exceptions into messages and exit codes, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, _UsageError, BrokenPipeError):
            raise  # the library's own ways to end
        except (Cancelled, KeyboardInterrupt) as error:
            ended = isinstance(error, Terminated)
            stderr().print("Ended." if ended else "Cancelled.")
            raise typer.Exit(EXIT_TERMINATED if ended else EXIT_CANCELLED) from error
        except Exception as error:
            print_error(told(error))
            raise typer.Exit(EXIT_ERROR) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; files alone are opened in the window, which is what file managers ask for."""
        if args[0] not in self.commands and Path(args[0]).is_file():
            args = ["open", *args]
        return super().resolve_command(ctx, args)


def told(error: Exception) -> StudioError:
    """Return what to say of ``error``: itself if it is one of ours; tracebacks go into a file, not to people."""
    if isinstance(error, StudioError):
        return error
    if is_without_pytorch(error):
        return PyTorchMissing()
    if is_out_of_memory(error):
        return StudioError("There is not enough memory.", "Close other programs, or choose a smaller size.")
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return StudioError(
            f"{where}{error.strerror}.",
            "Check that the file or folder is there, that you may use it, and that the disk is not full.",
        )
    text = "".join(traceback.format_exception(error))
    log = Path(tempfile.gettempdir()) / f"latent-studio-error-{os.getpid()}.txt"
    try:
        log.write_text(text, encoding="utf-8", errors="backslashreplace")
        action = f"Report it together with the file {log}."
    except OSError:
        action = "Report it together with the command."
    return StudioError(f"The command failed unexpectedly: {type(error).__name__}: {error}.", action)


def print_error(error: StudioError) -> None:
    """Say on stderr what went wrong and what to do."""
    with contextlib.suppress(OSError):  # nobody can be told
        stderr().print(f"[bold red]Error:[/] {escape(str(error.message))}", soft_wrap=True)
        if error.action:
            stderr().print(escape(str(error.action)), soft_wrap=True)


app = typer.Typer(
    name="latent-studio",
    cls=StudioGroup,
    help="A studio for artists who work with generative networks. Without a command, the window opens.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Name, file or hash of a model (see `models`). Default: the first in the list."),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        help="A picture file (.png, .jpg, .tif, .webp) or a folder. Default: the gallery.",
        show_default=False,
    ),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there already.")]


def stderr() -> Console:
    """The console for people; made anew, since tests exchange ``sys.stderr``."""
    return Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """Print ``value`` on stdout, in ASCII: pipes have other encodings on other systems."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], empty: str, *, ids: bool = False) -> None:
    """A table on stdout; nothing but a line on stderr when there is nothing to show.

    With ``ids`` the first column, which people copy, is never broken into lines.
    """
    if not rows:
        stderr().print(escape(empty), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, header in enumerate(headers):
        table.add_column(header, overflow="fold", no_wrap=ids and number == 0)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        # In a pipe there is no width to keep to: whole lines are easier to work with.
        console.width = 10_000
    console.print(table)


class ProgressLog(Bar):
    """A bar on terminals; elsewhere, where nothing can be redrawn, a line now and then."""

    SECONDS = 30.0
    """Between two lines on the same work."""
    SOONEST = 5.0
    """Before the first line (short work needs none), and before it is said that other work begins or that it waits."""

    def __init__(self, *columns: Any, console: Console) -> None:
        super().__init__(*columns, console=console, disable=not console.is_terminal)
        self._said = time.monotonic()
        self._description = ""

    def update(self, task_id: Any, **changes: Any) -> None:
        """Note progress, see rich's own."""
        super().update(task_id, **changes)
        if not self.disable:
            return
        task, passed = self.tasks[task_id], time.monotonic() - self._said
        if passed >= (self.SECONDS if task.description == self._description else self.SOONEST):
            self._said, self._description = time.monotonic(), task.description
            count = f": {task.completed:,.0f} of {task.total:,.0f}" if task.total else ""
            self.console.print(f"{task.description}{count}", soft_wrap=True)


@contextmanager
def progress_bar(title: str, *columns: Any) -> Iterator[tuple[ProgressLog, Any]]:
    """Yield a bar on stderr and its task; elsewhere than on a terminal lines come now and then."""
    console = stderr()
    shown = columns or (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with ProgressLog(TextColumn("{task.description}"), BarColumn(), *shown, console=console) as bar:
        yield bar, bar.add_task(escape(title), total=None, speed="")


def drive(work: Work[T], title: str, tell: Callable[[Progress], None] | None = None) -> T:
    """Run long work under a progress bar; Ctrl+C closes it. ``tell`` is given each progress, too."""
    with progress_bar(title) as (bar, task):

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=escape(str(progress.message) or title),
                completed=progress.step,
                total=progress.total or None,
            )
            if tell is not None:
                tell(progress)

        try:
            return drain(work, show)
        finally:
            work.close()


def settings() -> AppSettings:
    """Return the window's settings; what is not used of them is said on stderr."""
    from studio.base.app_settings import AppSettings

    found = AppSettings.load()
    for dropped in found.dropped:
        _say_once(str(dropped))
    return found


@cache
def _say_once(text: str) -> None:
    """Say it on stderr, the first time that a command comes upon it."""
    stderr().print(escape(text), soft_wrap=True)


def open_gallery() -> Gallery:
    """The gallery in the folder that the window's settings name."""
    from studio.gallery import Gallery

    return Gallery(settings().pictures_folder())


def open_sources() -> SourceStore:
    """The store of the photos that recipes refer to, the window's own."""
    from studio.gallery import SourceStore

    return SourceStore(settings().pictures_folder() / "Sources")


def open_engine(device: str) -> Engine:
    """The engine on a ``device`` of the settings; this is where torch is imported."""
    with stderr().status("Starting the engine ..."):
        from studio.engine import open_engine as opened

        return opened(open_sources(), device)


def choose_model(name: str | None) -> Any:
    """The model called ``name``, by default the first of the library (a starter model).

    Raises
    ------
    StudioError
        When there is none.
    """
    from studio.checkpoints import ModelLibrary

    library = ModelLibrary()
    if name is not None:
        return library.find(name)
    models = library.models()
    if not models:
        raise StudioError(
            f"There is no model yet in {library.folders[-1]}.", "Train one with `latent-studio train`, or add a file."
        )
    return models[0]


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


def given_file(path: Path) -> Path:
    """The file ``path``; for "-" (standard input) and pipes a copy of what comes through them, as long as we run.

    Raises
    ------
    StudioError
        When nothing comes.
    """
    try:
        if path == STDIN:
            data = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
        elif path.is_fifo() or path.is_char_device():
            data = path.read_bytes()
        else:
            return path
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
    """Yield a function to be told the facts of each picture when it is saved.

    Paths are printed at once, so that whoever reads them has what was made before a failure; JSON is one document, and
    is printed at the end, also that of a failure.
    """
    pictures: list[dict[str, Any]] = []

    def made(facts: dict[str, Any]) -> None:
        if facts["path"] == str(STDOUT):
            return
        pictures.append(facts)
        if not as_json:
            print(facts["path"], flush=True)

    try:
        yield made
    finally:
        if as_json and pictures:
            print_json({"pictures": pictures})


def show_version(value: bool) -> None:
    """Print the version and end."""
    if value:
        print(f"latent-studio {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A studio for artists who work with generative networks. Without a command, the window opens."""
    if context.invoked_subcommand is not None:
        return
    open_window([])


def open_window(files: Sequence[Path]) -> None:
    """Open the window, and end with its exit code when it is closed."""
    from studio.ui.shell.app import run

    raise typer.Exit(run([sys.argv[0], *map(str, files)]))


@app.command("open")
def open_files(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Pictures, recipes or models.")],
) -> None:
    """Open files in the window. File managers may leave the word `open` out."""
    open_window(files)


def main() -> None:
    """Entry point of ``latent-studio``."""
    _fill_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A file name that the terminal's encoding lacks must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            # Bytes that are no text come out as they are, so that the next program finds the file.
            text = stream is sys.stdout and stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if text else "backslashreplace")
    end_on_signals()
    try:
        try:
            app(prog_name="latent-studio")
        finally:
            if sys.stdout is not None:  # a program without a console
                sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has enough of it
        _let_go_of_output()
        sys.exit(EXIT_ERROR)
    except OSError as error:
        print_error(StudioError(f"The output cannot be written: {error.strerror}.", "Send it somewhere else."))
        _let_go_of_output()
        sys.exit(EXIT_ERROR)
    except KeyboardInterrupt:
        _let_go_of_output()
        sys.exit(EXIT_CANCELLED)


def _fill_closed_streams() -> None:
    """Put the system's sink where a stream was closed (``>&-``): the next file that is opened would be taken for it."""
    if os.name == "posix":
        for number in range(3):
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _let_go_of_output() -> None:
    """Let go of what still waits to be printed, or Python would complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
