"""The disk cache of compiled loops follows every file that goes into them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.networks import cpu

INLINED = """
from numba import types
from numba.extending import intrinsic

@intrinsic
def number(context):
    def code(builder, arguments):
        pass
    def generate(context, builder, signature, arguments):
        return context.get_constant(types.int64, {value})
    return types.int64(), generate
"""
LOOP = """
import sys
sys.path.insert(0, {folder!r})
from pathlib import Path
from studio.networks import cpu
import os
os.environ["NUMBA_CACHE_DIR"] = str(cpu.choose_cache(Path({folder!r}), [Path({folder!r}) / "cache"]))
sys.path.insert(0, {folder!r})
import loops
print(loops.call(), sum(loops.call.stats.cache_hits.values()))
"""
CALLER = "from numba import njit\nfrom inlined import number\n\n@njit(cache=True)\ndef call():\n    return number()\n"


def test_a_change_of_an_inlined_file_is_seen_and_the_cache_used(tmp_path: Path) -> None:
    (tmp_path / "loops.py").write_text(CALLER)
    script = LOOP.format(folder=str(tmp_path))
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python sees no change of a file within a second

    def run() -> list[str]:
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    (tmp_path / "inlined.py").write_text(INLINED.format(value=1))
    assert run() == ["1", "0"] and run() == ["1", "1"]
    (tmp_path / "inlined.py").write_text(INLINED.format(value=2))  # the file of the loop is as it was
    assert run() == ["2", "0"]
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_stale_caches_are_removed_and_living_ones_kept(tmp_path: Path) -> None:
    sources, place = tmp_path / "sources", tmp_path / "cache"
    sources.mkdir()
    (sources / "a.py").write_text("a = 1")
    first = cpu.choose_cache(sources, [place])
    (sources / "a.py").write_text("a = 2")
    second = cpu.choose_cache(sources, [place])
    assert first is not None and second is not None and first != second and first.is_dir()
    (place / "of somebody else").mkdir()
    for old in (first, place / "of somebody else"):
        os.utime(old, (0, 0))
    assert cpu.choose_cache(sources, [place]) == second
    assert sorted(path.name for path in place.iterdir()) == sorted([second.name, "of somebody else"])
    assert cpu.choose_cache(sources, [second]) == second, "as a process started by this one finds it"


def test_a_place_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = cpu.choose_cache(tmp_path, [blocked, tmp_path / "cache"])
    assert found is not None and found.parent == tmp_path / "cache"
    assert cpu.choose_cache(tmp_path, [blocked]) is None


@pytest.mark.parametrize("change", ["content", "name", "new"])
def test_the_state_is_that_of_all_files(tmp_path: Path, change: str) -> None:
    file = tmp_path / "a.py"
    file.write_text("a = 1")
    before = cpu.digest_of(tmp_path)
    if change == "content":
        file.write_text("a = 2")
    elif change == "name":
        file.rename(tmp_path / "b.py")
    else:
        (tmp_path / "b.py").write_text("")
    assert cpu.digest_of(tmp_path) != before


def test_this_program_uses_such_a_cache() -> None:
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    assert folder.name == cpu.CACHE + cpu.digest_of(Path(cpu.__file__).parent) and folder.is_dir()
