"""Files that appear whole or not at all, under names that nobody else has."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.base import StudioError
from studio.base import files as files_module
from studio.base.files import artists_path, atomic_path, new_path, scratch_folder, sweep_leftovers, write_atomic
from studio.base.process_lock import ProcessLock
from studio.cli.results import check_free

KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path
from studio.base.files import new_path

def end(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

with new_path(Path(sys.argv[1])) as taken:
    taken.temporary.write_bytes(b"picture")
    place = {"fsync": os, "link": os, "unlink": Path}[sys.argv[2]]
    setattr(place, sys.argv[2], end)
"""


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_name_that_is_taken_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("mine")
    with pytest.raises(StudioError, match="was not overwritten"), new_path(tmp_path / "a.png") as taken:
        taken.temporary.write_text("theirs")
    with new_path(tmp_path / "a.png", numbered=True) as taken:
        taken.temporary.write_text("second")
    assert taken.path.name == "a (2).png"
    with artists_path(tmp_path / "b.png", overwrite=False) as temporary:
        temporary.write_text("new")
    with artists_path(tmp_path / "b.png", overwrite=True) as temporary:
        temporary.write_text("newer")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a.png": "mine", "a (2).png": "second", "b.png": "newer"
    }  # fmt: skip


@pytest.mark.parametrize("links", [True, False])
def test_many_writers_of_one_name_get_one_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:  # a memory card knows no hard links

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(files_module.os, "link", refuse)
    got: list[str] = []

    def write(number: int) -> None:
        with new_path(tmp_path / "picture.png", numbered=True) as taken:
            taken.temporary.write_text(str(number))
        got.append(taken.path.name)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 12 and left_in(tmp_path) == sorted(got)
    assert {int((tmp_path / name).read_text()) for name in got} == set(range(12))


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="Windows knows no SIGKILL, macOS no such waiting")
@pytest.mark.parametrize("moment", ["fsync", "link", "unlink"])
def test_a_killed_writer_leaves_a_whole_file_or_none_and_its_rest_is_swept(tmp_path: Path, moment: str) -> None:
    picture = tmp_path / "a.png"
    named = moment == "unlink"
    with subprocess.Popen([sys.executable, "-c", KILLED_BEFORE, str(picture), moment]) as process:
        # Whoever started it has not asked yet how it ended, and it still has its number.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert picture.exists() == named and len(left_in(tmp_path)) == 1 + named
        try:
            check_free(picture, overwrite=False)  # what the same command asks first when it is given again
        except StudioError as error:
            assert named and "is there already" in str(error.message)
        with atomic_path(tmp_path / "mine.txt") as temporary:
            temporary.write_text("being written")
            assert sweep_leftovers(tmp_path) == 0  # it was swept before
    assert process.returncode == -9
    assert left_in(tmp_path) == ["a.png"] * named + ["mine.txt"]
    assert not named or picture.read_bytes() == b"picture"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows neither SIGKILL nor umask")
def test_the_first_file_of_a_process_in_a_folder_sweeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = files_module._HOST
    names = {
        f".latent-studio-{ended.pid}-{host}-0123abcd.png": False,
        f"latent-studio-{ended.pid}-{host}-scratch_": False,  # a folder
        f".latent-studio-{ended.pid}-{'0000' if host != '0000' else '1111'}-0123abcd.png": True,  # of another computer
        f".latent-studio-{os.getpid()}-{host}-0123abcd.png": True,
        f".latent-studio-{os.getpid()}-{host}-89abcdef.png": False,  # written before this process began
    }
    for name in names:
        (tmp_path / name).mkdir() if name.endswith("_") else (tmp_path / name).touch()
    os.utime(tmp_path / list(names)[-1], (1e9, 1e9))
    monkeypatch.setattr(files_module.tempfile, "tempdir", str(tmp_path))
    with scratch_folder() as scratch:
        (scratch / "x").touch()
        assert scratch.parent == tmp_path
    assert left_in(tmp_path) == sorted(name for name, stays in names.items() if stays)
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / next(iter(names))).touch()
    write_atomic(tmp_path / "late" / "a.txt", "x")
    assert left_in(tmp_path / "late") == ["a.txt"]
    # The window writes into one folder for hours, while commands are killed there.
    monkeypatch.setattr(files_module, "_SWEEP_AGAIN", 0.0)
    (tmp_path / "late" / next(iter(names))).touch()
    write_atomic(tmp_path / "late" / "b.txt", "x")
    assert left_in(tmp_path / "late") == ["a.txt", "b.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows neither SIGKILL nor umask")
def test_new_files_have_the_rights_that_the_artist_wants(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_atomic(tmp_path / "private.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private.txt").stat().st_mode) == 0o600


def test_names_as_long_as_the_disk_takes_can_be_written(tmp_path: Path) -> None:
    name = "画" * 83 + "x.png"  # 254 of 255 bytes
    write_atomic(tmp_path / name, "x")
    with new_path(tmp_path / f"{'y' * 251}.png") as taken:
        taken.temporary.write_text("x")
    assert len(left_in(tmp_path)) == 2


def test_a_lock_is_held_until_its_process_ends(tmp_path: Path) -> None:
    lock = ProcessLock(tmp_path / "lock")
    assert not lock.held()
    holding = (
        "import sys; from studio.base.process_lock import ProcessLock; from pathlib import Path; "
        "lock = ProcessLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); input()"
    )
    command = [sys.executable, "-c", holding, str(lock.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline().strip() == b"True"
        assert lock.held() and not lock.acquire(timeout=0)
        process.kill()
        process.wait()
    assert not lock.held() and lock.acquire()
    assert ProcessLock(lock.path).held()
    lock.release()
    assert not lock.held()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"),  # safetensors
        RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 576 vs 534"),  # torch.save
    ],
)
def test_full_disks_are_told_whoever_meets_them(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(StudioError, match="Cannot write") as told, atomic_path(tmp_path / "kept.bin"):
        raise error
    assert isinstance(told.value.__cause__, OSError) and told.value.__cause__.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_other_faults_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="of the program"), atomic_path(tmp_path / "kept.bin"):
        raise RuntimeError("a fault of the program")
    assert list(tmp_path.iterdir()) == []
