"""Hostile and damaged model files: refused with a reason, in little time and memory; nothing run, nothing written.

The files lie in ``hostile_corpus.py``; ``hostile_runner.py`` opens them all in one watched process.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.base import StudioError
from studio.checkpoints import ModelLibrary
from studio.checkpoints.foreign import import_network
from studio.checkpoints.store import check_model, load_model
from tests.support.hostile_corpus import Case, cases, good_files, program, zipped
from tests.support.paths import ROOT

SECONDS = 12
"""Of a core's time, whatever else runs there; the worst file takes 2."""
ALLOCATED = 200 * 2**20
"""Bytes, where they are counted and not limited (see ``hostile_runner.py``)."""


def attempts(corpus: dict[str, dict[str, Case]], root: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What came of every file, by its group and name in the corpus."""
    for folder in ("files", "library", "own", "tmp", "work"):
        (root / folder).mkdir()
    names = {}
    every = [((group, name), case) for group, found in corpus.items() for name, case in found.items()]
    for number, (name, case) in enumerate(every):
        file = f"{number:04}{case.suffix}"
        (root / "files" / file).write_bytes(case.data)
        names[file] = name
    for name, data in good_files().items():
        (root / "files" / f"good-{name}").write_bytes(data)
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {
        **os.environ,
        "PYTHONPATH": paths,
        "TMPDIR": str(root / "tmp"),
        "LATENT_STUDIO_HOME": str(root / "home"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.support.hostile_runner", str(root)],
        capture_output=True, text=True, env=environment, cwd=root / "work",
    )  # fmt: skip
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        found[names[entry["name"]]].append(entry)
    # A process that dies took the next file with it.
    assert done.returncode == 0, f"died after {len(found)} of {len(every)} files\n{done.stderr[-3000:]}"
    return found


def test_every_file_is_refused_and_nothing_happens(tmp_path: Path) -> None:
    corpus = cases()
    tried = attempts(corpus, tmp_path)
    wrong = []
    for group, name, case in ((group, *pair) for group, found in corpus.items() for pair in found.items()):
        assert [entry["route"] for entry in tried[group, name]] == (
            ["load", "add"] if case.suffix == ".safetensors" else ["add"]
        )
        for entry in tried[group, name]:
            problems = []
            # Entries that are no numbers are looked for on the way into the library, not at each opening.
            if entry["route"] == "load" and entry["error"] is None and "no numbers" in case.said:
                continue
            if entry["error"] != "StudioError":
                problems.append(f"{entry['error']}: {entry.get('message')}")
            elif not entry["action"] or re.search(case.said, entry["message"], re.DOTALL) is None:
                problems.append(f"said “{entry['message']}” “{entry['action']}”, wanted “{case.said}”")
            elif len(entry["message"]) > 700 or not entry["message"].replace("\n", "").isprintable():
                problems.append(f"an unreadable message: {entry['message']!r}")
            if entry["seconds"] > SECONDS:
                problems.append(f"took {entry['seconds']:.1f} s")
            if entry["allocated"] > ALLOCATED:
                problems.append(f"took {entry['allocated'] / 2**20:.0f} MB")
            if entry["events"] or entry["changed"]:
                problems.append(f"did {entry['events']} {entry['changed']}")
            wrong += [f"{group}: {name} ({entry['route']}): {problem}" for problem in problems]
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong[:40])


@pytest.mark.parametrize("name", sorted(good_files()))
def test_the_files_they_are_made_from_open(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(good_files()[name])
    library = ModelLibrary([tmp_path / "own", tmp_path / "mine"])
    info = library.add(path)
    assert info.resolution in (8, 16) and library.models() == [info]
    assert load_model(info.path) is not None


def test_what_follows_a_network_is_not_read(tmp_path: Path) -> None:
    """Another pickle behind the first is data nobody asked for."""
    path = tmp_path / "two.pkl"
    path.write_bytes(good_files()["nvidia.pkl"] + program(b"cos\nsystem\nX\x04\x00\x00\x00true\x85R"))
    assert import_network(path)[0].config.resolution == 8


def test_a_folder_or_a_missing_file_is_named(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "gone.pkl", "Cannot read")):
        with pytest.raises(StudioError, match=said) as caught:
            import_network(path)
        assert caught.value.action
    with pytest.raises(StudioError, match="Cannot read"):
        check_model(tmp_path / "gone.safetensors")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pkl")
    with pytest.raises(StudioError, match="a device or a pipe"):
        import_network(tmp_path / "pipe.pkl")


# ---- fuzzing

INSTRUCTIONS = [bytes([n]) for n in range(256)]
PIECES = st.one_of(
    st.sampled_from(INSTRUCTIONS),
    st.binary(max_size=12),
    st.sampled_from(
        [b"cos\nsystem\n", b"\x8c\x02os\x8c\x06system\x93", b"R", b"b", b"\x81", b"h\x00", b"\x94", b"(", b"t"]
    ),
)


def opened(data: bytes, suffix: str) -> bool:
    """Whether a file opens; anything but a network or a StudioError fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"fuzzed{suffix}"
        path.write_bytes(data)
        try:
            if suffix == ".safetensors":
                check_model(path)
                load_model(path)
            else:
                net, card = import_network(path)
                assert card.config["resolution"] <= 2048
                assert all(bool(torch.isfinite(value).all()) for value in net.state_dict().values())
        except StudioError as problem:
            assert problem.message and problem.action
            assert [entry.name for entry in Path(folder).iterdir()] == [path.name]
            return False
    return True


def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """``data`` with bytes changed, cut out, doubled, moved or put in."""
    content = bytearray(data)
    # Most of a file is numbers, whose change is harmless: aim at the beginning and the end too.
    ends = min(900, len(content) - 1)
    places = st.one_of(
        st.integers(0, ends), st.integers(len(data) - ends, len(data) - 1), st.integers(0, len(data) - 1)
    )
    for _ in range(draw(st.integers(1, 6))):
        place = min(draw(places), max(0, len(content) - 1))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(("change", "flip", "cut", "double", "put", "truncate", "number"))):
            case "change" if content:
                content[place] = draw(st.integers(0, 255))
            case "flip" if content:
                content[place] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del content[place : place + length]
            case "double":
                content[place:place] = content[place : place + length]
            case "put":
                content[place:place] = draw(PIECES)
            case "truncate" if draw(st.integers(0, 3)) == 0:
                del content[place:]
            case "number":
                content[place : place + 8] = draw(st.sampled_from((b"\xff" * 8, b"\x00" * 8, b"\xff" * 7 + b"\x7f")))
            case _:
                pass
    return bytes(content)


@pytest.mark.parametrize("name", sorted(good_files()))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    opened(data.draw(st.composite(mutated)(good_files()[name])), Path(name).suffix)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.lists(PIECES, max_size=40).map(b"".join), layout=st.integers(0, 2))
def test_made_up_programs_are_refused(body: bytes, layout: int) -> None:
    made = (program(body), body + b".", zipped(program(body)))[layout]
    assert not opened(made, ".pt" if layout == 2 else ".pkl")


@pytest.mark.parametrize("name", sorted(good_files()))
def test_every_flipped_bit_at_the_beginning_is_read_or_refused(name: str) -> None:
    data = good_files()[name]
    for place in range(min(len(data), 260)):
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        opened(bytes(changed), Path(name).suffix)
