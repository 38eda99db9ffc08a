"""The command line: the same engine without a window, and the window when nothing is asked for.

Results go to stdout (paths, one a line, or JSON with ``--json``); progress and messages go to stderr. Exit codes:
0 done, 2 wrong usage (or no display for the window), 3 something went wrong (stderr says what, and what to do),
130 cancelled, 143 ended by SIGTERM.

Rooms that need torch are imported inside the commands that render, so that everything else answers at once.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
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
from studio.base import Cancelled, Progress, StudioError, Work, drain
from studio.base.memory import is_out_of_memory
from studio.base.pytorch import PyTorchMissing, is_without_pytorch

if TYPE_CHECKING:
    from studio.base.app_settings import AppSettings
    from studio.engine import Engine
    from studio.gallery import Gallery, SourceStore

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


class OutputFailed(Exception):
    """The standard output takes nothing more: its disk is full, or whoever read it has enough (``said`` is empty)."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.said = "" if isinstance(error, BrokenPipeError) else error.strerror or str(error)

    def tell(self) -> None:
        """Say so on stderr, unless it is nobody's fault; what still waits to be printed is let go."""
        if self.said:
            print_error(StudioError(f"The output cannot be written: {self.said}.", "Send it somewhere else."))
        _let_go_of_output()


class _Output(io.FileIO):
    """The file behind the standard output; what it does not take is told from the faults of other files."""

    def write(self, data: Any, /) -> int:
        """Write as :class:`io.FileIO` does; :class:`OutputFailed` for its errors."""
        try:
            return super().write(data)
        except OSError as error:
            raise OutputFailed(error) from error


class StudioGroup(TyperGroup):
    """Turns our exceptions into messages and exit codes, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, _UsageError):
            raise  # the library's own ways to end
        except OutputFailed as error:
            error.tell()
            raise typer.Exit(EXIT_ERROR) from error
        except (Cancelled, KeyboardInterrupt) as error:
            ended = isinstance(error, Terminated)
            stderr().print("Ended." if ended else "Cancelled.")
            raise typer.Exit(EXIT_TERMINATED if ended else EXIT_CANCELLED) from error
        except Exception as error:
            print_error(as_studio_error(error))
            raise typer.Exit(EXIT_ERROR) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; files alone are opened in the window, which is what file managers ask for."""
        if args[0] not in self.commands and Path(args[0]).is_file():
            args = ["open", *args]
        return super().resolve_command(ctx, args)


def as_studio_error(error: Exception) -> StudioError:
    """Return what to say of ``error``: itself if it is one of ours; tracebacks go into a file, not to people."""
    if isinstance(error, StudioError):
        return error
    if is_without_pytorch(error):
        return PyTorchMissing()
    if is_out_of_memory(error):
        return StudioError("There is not enough memory.", "Close other programs, or choose a smaller size.")
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        if error.errno == errno.ENAMETOOLONG:
            return StudioError(f"{where}{error.strerror}.", "Choose a shorter name: disks count letters in bytes.")
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

    def stop(self) -> None:
        """Take the bar away; elsewhere than on a terminal there is none, and older versions of rich leave a line."""
        if not self.disable:
            super().stop()

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
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout = _watched(sys.stdout)
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
    except OutputFailed as error:
        error.tell()
        sys.exit(EXIT_ERROR)
    except KeyboardInterrupt:
        _let_go_of_output()
        sys.exit(EXIT_CANCELLED)


def _watched(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """The same standard output, whose errors are :class:`OutputFailed`."""
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _let_go_of_output() -> None:
    """Let go of what still waits to be printed, or Python would complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
