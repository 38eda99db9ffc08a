"""Whatever fails in a command, a person reads a line that says so, and never a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
import typer
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

import studio
from studio.base import Message, Progress, StudioError
from studio.base.files import size_text
from studio.cli import app
from studio.cli.app import EXIT_ERROR, EXIT_TERMINATED, ProgressLog, Terminated, as_studio_error, drive, main
from studio.cli.results import check_free, check_place, printed_pictures
from studio.media.folders import list_folder

# Each command with a FILE that is there or not, and a place OUT for what it makes.
COMMANDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("open",): ("FILE",),
    ("sample",): ("--model", "FILE", "--out", "OUT.png"),
    ("interpolate",): ("--model", "FILE", "--seed", "1,2", "--out", "OUT.mp4"),
    ("render",): ("FILE", "--out", "OUT.png"),
    ("stylize",): ("FILE", "--style", "FILE", "--out", "OUT.png"),
    ("texture",): ("--style", "FILE", "--out", "OUT.png"),
    ("film",): ("FILE", "--style", "FILE", "--out", "OUT.mp4"),
    ("folder",): ("FILE",),
    ("gallery",): (),
    ("train",): ("FILE", "--no-start"),
    ("models",): (),
    ("models", "show"): ("FILE",),
    ("models", "edit"): ("FILE", "--name", "other"),
    ("models", "remove"): ("FILE",),
    ("models", "export"): ("FILE", "OUT.safetensors"),
    ("models", "shrink"): ("FILE",),
    ("models", "blend"): ("FILE", "FILE=0.5"),
    ("models", "catalogue"): (),
    ("models", "get"): ("FILE",),
    ("styles",): (),
    ("looks",): (),
    ("styles", "add"): ("FILE",),
    ("enlarge",): ("FILE", "--out", "OUT.png"),
    ("repair",): ("FILE", "--mask", "FILE", "--out", "OUT.png"),
    ("print",): ("FILE", "--size", "4x3cm", "--dpi", "72", "--out", "OUT.pdf"),
    ("clean",): ("FILE", "--noise", "0.5", "--out", "OUT.png"),
    ("directions",): ("--model", "FILE"),
    ("layers",): ("--model", "FILE"),
    ("breed",): ("FILE", "--out", "OUT.png"),
    ("variations",): ("--model", "FILE", "--out", "OUT"),
    ("faces",): ("FILE",),
    ("project",): ("FILE", "--align", "middle", "--out", "OUT.png"),
    ("drag",): ("FILE", "--from", "3,4", "--to", "5,6", "--out", "OUT.png"),
    ("map",): ("--model", "FILE", "--out", "OUT.png"),
    ("mix-grid",): ("--model", "FILE", "--rows", "1", "--columns", "2", "--out", "OUT.png"),
    ("runs", "queue"): ("FILE",),
    ("runs", "quality"): ("FILE",),
    ("runs", "compare"): ("FILE", "FILE"),
    ("runs", "notes"): ("FILE",),
    ("runs", "film"): ("FILE", "OUT.mp4"),
    ("runs", "sheet"): ("FILE", "OUT.png"),
    ("runs", "publish"): ("FILE",),
}
LISTS = {("gallery",), ("looks",), ("models",), ("models", "catalogue"), ("styles",)}
"""Those that need no file."""


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command there is."""
    if not hasattr(command, "commands") or (path and command.invoke_without_command):
        yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


def run(command: tuple[str, ...], file: Path, out: Path, codes: set[int]) -> str:
    """Run ``command``; its exit code is one of ``codes``, and it says so in words. Returns all that it printed."""
    given = [each.replace("FILE", str(file)).replace("OUT", str(out)) for each in COMMANDS[command]]
    done = CliRunner().invoke(app, [*command, *given])
    assert done.exception is None or isinstance(done.exception, SystemExit), (command, done.exception)
    assert "Traceback" not in done.output and "unexpectedly" not in done.output, (command, done.output)
    assert done.exit_code in codes, (command, done.exit_code, done.output)
    assert done.exit_code in (0, 130) or done.output.strip(), command
    return done.output


def test_every_command_is_tried() -> None:
    # The doctor takes no file, and looks for all that may be broken: its own tests break each.
    assert set(commands(typer.main.get_command(app))) == {*COMMANDS, ("doctor",)}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", ["missing", "text", "empty", "folder"])
def test_missing_and_wrong_files(
    latent_studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], kind: str
) -> None:
    def too_soon(*_arguments: object) -> NoReturn:
        pytest.fail("PyTorch, which takes seconds to load, is not needed to see that a file is none")

    if kind in ("missing", "text"):
        monkeypatch.setattr("studio.engine.open_engine", too_soon)
    file = tmp_path / "thing.png"
    if kind == "folder":
        file.mkdir()
    elif kind != "missing":
        file.write_text("no picture, no model" if kind == "text" else "")
    if command == ("open",) and kind != "missing":
        pytest.skip("opens the window, which says what is wrong")
    made = {0} if command == ("train",) and kind == "folder" else set()  # pictures may come before it starts
    said = run(command, file, tmp_path / "made", {0} if command in LISTS else {2, EXIT_ERROR} | made)
    assert command in LISTS or "thing" in said or "There is" in said or kind == "folder", said
    assert not list(tmp_path.glob("made*"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_disk_that_is_full(
    latent_studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    def full(*_args: object, **_named: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")

    for name in ("touch", "mkdir", "write_bytes", "write_text"):
        monkeypatch.setattr(Path, name, full)
    run(command, tmp_path / "none.png", tmp_path / "made", {0, 2, EXIT_ERROR})


@pytest.mark.parametrize("calls", [1, 4, 12, 40])
@pytest.mark.parametrize("command", [("models",), ("gallery",), ("styles",), ("folder",), ("train",), ("sample",)])
def test_ctrl_c_at_any_moment(latent_studio_home: Path, tmp_path: Path, command: tuple[str, ...], calls: int) -> None:
    rest, here = calls, str(Path(studio.__file__).parent)

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal rest
        if event == "call" and frame.f_code.co_filename.startswith(here):
            rest -= 1
            if rest == 0:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(count)
    try:
        run(command, tmp_path / "none", tmp_path / "made", {0, 1, 2, EXIT_ERROR, 130})
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    "command",
    [
        ("enlarge", "p.png", "--network", "lanczos", "--out", "made.png"),
        ("repair", "p.png", "--mask", "mask.png", "--out", "made.tif"),
        ("clean", "p.png", "--noise", "0.5", "--out", "made"),
        ("stylize", "p.png", "--style", "mask.png", "--size", "64", "--out", "made.jpg"),
        ("stylize", "photos", "--style", "mask.png", "--size", "64", "--out", "made"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_sigterm_while_a_result_is_written_leaves_nothing_hidden(
    latent_studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for name in ("p.png", "photos/p.png"):
        Image.effect_noise((64, 64), 90).convert("RGB").save(tmp_path / name)
    mask = Image.new("L", (16, 16))
    mask.paste(255, (4, 4, 9, 9))
    mask.save(tmp_path / "mask.png")
    sync = os.fsync

    def end(file: int) -> None:
        sync(file)
        if any(tmp_path.rglob("*made*/.latent-studio-*")) or any(tmp_path.glob(".latent-studio-*")):
            raise Terminated

    monkeypatch.setattr("studio.base.files.os.fsync", end)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == EXIT_TERMINATED and "Ended." in done.output, done.output
    assert not [path.name for path in tmp_path.rglob(".latent-studio-*")]
    assert not [path for path in tmp_path.rglob("made*") if path.is_file()]


_INTERRUPTED_WHILE_LOADING = """
import os, signal, sys

# A program in the background of a shell is started to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "studio.cli":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from studio.__main__ import run
run()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_ctrl_c_while_the_program_loads() -> None:
    done = subprocess.run([sys.executable, "-c", _INTERRUPTED_WHILE_LOADING], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.parametrize("output", ["full", "closed"])
def test_output_that_cannot_be_written(
    latent_studio_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such thing there")
    Image.effect_noise((64, 64), 90).save(tmp_path / "p.png")
    answers = [("--version",), ("--help",), ("folder", str(tmp_path)), ("folder", str(tmp_path), "--json")]
    answers += [(*command, option) for command in LISTS for option in ("--json", "--help")]
    answers += [(*command, "--help") for command in COMMANDS if output == "full"]
    monkeypatch.setattr(sys.modules["studio.cli.app"], "end_on_signals", lambda: None)
    for answer in answers:
        if output == "full":
            place = os.open("/dev/full", os.O_WRONLY)
        else:
            reader, place = os.pipe()
            os.close(reader)
        with monkeypatch.context() as patch, os.fdopen(place, "w") as stdout:
            patch.setattr(sys, "stdout", stdout)
            patch.setattr(sys, "argv", ["latent-studio", *answer])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr().err
        told = "Error: The output cannot be written: No space left on device.\nSend it somewhere else.\n"
        assert ended.value.code == EXIT_ERROR, answer
        assert said.endswith(told) if output == "full" else "Error" not in said, (answer, said)


PLACES = [
    ("folder", "FILE"),
    ("train", "FILE", "--no-start"),
    ("train", "--resume", "FILE"),
    ("runs", "quality", "FILE"),
    ("runs", "queue", "FILE"),
    ("sample", "--out", "FILE/x"),
    ("sample", "--seed", "1", "--out", "FILE/x.png"),
    ("interpolate", "--seed", "1,2", "--out", "FILE/x.mp4"),
    ("stylize", "FILE", "--style", "FILE", "--out", "FILE/x"),
    ("stylize", "FILE", "--style", "FILE", "--out", "FILE/x.png"),
    ("stylize", "FILE", "--sheet", "FILE/x.png"),
    ("texture", "--style", "FILE", "--out", "FILE/x.png"),
    ("enlarge", "FILE", "--out", "FILE/x.png"),
    ("repair", "FILE", "--mask", "FILE", "--out", "FILE/x.png"),
    ("clean", "FILE", "--noise", "0.5", "--out", "FILE/x.png"),
    ("print", "FILE", "--out", "FILE/x.pdf"),
    ("variations", "--sheet", "--out", "FILE/x.png"),
    ("map", "--out", "FILE/x.png"),
    ("mix-grid", "--rows", "1", "--columns", "2", "--out", "FILE/x.png"),
    ("project", "FILE", "--out", "FILE/x.png"),
    ("folder", "FILE/..", "--mosaic", "FILE/x.png"),
    ("models", "export", "Rosettes", "FILE/x.safetensors"),
    ("models", "get", "stylegan2-cifar10-32", "--accept-licence", "--keep", "FILE"),
]


@pytest.mark.parametrize("command", PLACES, ids=" ".join)
def test_a_file_where_a_folder_is_wanted_is_called_so(
    latent_studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    def too_late(*_arguments: object, **_named: object) -> NoReturn:
        pytest.fail("it is seen before the work begins")

    monkeypatch.setattr("studio.engine.open_engine", too_late)
    monkeypatch.setattr("studio.cli.catalogue._download", too_late)
    file = tmp_path / "thing.png"
    Image.effect_noise((64, 64), 90).convert("RGB").save(file)
    done = CliRunner().invoke(
        app, [each.replace("FILE/..", str(tmp_path)).replace("FILE", str(file)) for each in command]
    )
    assert f"{file} is a file, not a folder." in done.output.replace("\n", ""), done.output
    assert done.exit_code == EXIT_ERROR


@pytest.mark.skipif(os.name == "nt", reason="no such thing there")
def test_streams_that_are_closed(latent_studio_home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m studio models --json <&- >&-; echo "$?"'],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "0\n" and not done.stderr


@pytest.mark.parametrize("out", ["file/picture.png", "file/more", "folder.mp4", "locked/a/picture.png", "lost.png"])
def test_a_place_that_takes_no_files_is_told_before_the_work(
    latent_studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "locked").mkdir(mode=0o555)
    (tmp_path / "lost.png").symlink_to("nowhere.png")
    if out.startswith("locked"):  # root may write everywhere

        def refused(self: Path, *_given: object, **_named: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

        monkeypatch.setattr(Path, "touch", refused)
    with pytest.raises(StudioError, match=r"is a file, not a folder|is a folder, not|Cannot write into|there already"):
        (check_free if out.endswith(".mp4") else check_place)(tmp_path / out, False)
    assert not (tmp_path / "locked" / "a").exists()


def test_a_data_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LATENT_STUDIO_HOME", str(tmp_path / "file" / "home"))
    done = CliRunner().invoke(app, ["models"])
    assert done.exit_code == EXIT_ERROR and "LATENT_STUDIO_HOME" in done.output and "Traceback" not in done.output


def test_a_name_that_is_too_long_is_told_as_such(tmp_path: Path) -> None:
    out = tmp_path / f"{'长' * 90}.png"
    done = CliRunner().invoke(app, ["texture", "--style", "Agate", "--size", "64", "--out", str(out)])
    assert done.exit_code == EXIT_ERROR and "shorter name" in done.output


def test_a_fault_of_the_program_is_told_with_a_file_to_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    error = as_studio_error(ZeroDivisionError("by nothing"))
    assert "ZeroDivisionError: by nothing" in error.message
    (log,) = tmp_path.iterdir()
    assert str(log) in error.action and "ZeroDivisionError" in log.read_text()
    assert as_studio_error(MemoryError()).message == Message("There is not enough memory.")


def test_paths_come_when_pictures_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StudioError), printed_pictures(as_json=False) as made:
        made({"path": "a.png"})
        assert capsys.readouterr().out == "a.png\n"
        raise StudioError("No more.")
    with pytest.raises(KeyboardInterrupt), printed_pictures(as_json=True) as made:
        made({"path": "a.png"})
        raise KeyboardInterrupt
    assert '"a.png"' in capsys.readouterr().out


def test_a_line_now_and_then_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(sys.modules["studio.cli.app"].time, "monotonic", lambda: now)

    def work(say: Callable[[float], Message]) -> Iterator[Progress]:
        nonlocal now
        for step in range(100):
            now = float(step)
            yield Progress(step, 100, say(now))

    drive(work(lambda at: Message("The disk is full: it waits." if at >= 60 else "Training")), "Starting")  # type: ignore[arg-type]
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Training: 5 of 100" and len(lines) == 4
    assert lines[2] == "The disk is full: it waits.: 60 of 100"
    assert ProgressLog(console=Console(force_terminal=True)).disable is False


def test_all_that_was_passed_over_in_a_folder(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.doc", "c.DOC", "d.txt", "inside/e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "inside", target_is_directory=True)
    found = list_folder(tmp_path)
    assert [path.name for path in found.files] == ["a.jpg", "e.png"]
    assert [str(said) for said in found.passed_over()] == [
        "3 files of other kinds were passed over (.doc: 2, .txt: 1).",
        "1 linked sub-folder was passed over: link.",
    ]
    assert list_folder(tmp_path / "inside").passed_over() == []


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 KB"),
        (24_000, "24 KB"),
        (9_999_000, "9,999 KB"),
        (12e6, "12 MB"),
        (1.94e9, "1,940 MB"),
        (34.5e9, "34.5 GB"),
    ],
)
def test_sizes_have_a_unit_that_tells_them_apart(count: float, text: str) -> None:
    assert size_text(count) == text
