"""Pictures that come through the standard input or a pipe."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from studio.base import StudioError
from studio.cli.results import given_file


def come(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_dash_is_what_comes_through_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    come(b"picture", monkeypatch)
    assert given_file(Path("-")).read_bytes() == b"picture"
    come(b"", monkeypatch)
    with pytest.raises(StudioError, match="Nothing came"):
        given_file(Path("-"))
    plain = tmp_path / "plain.png"
    assert given_file(plain) == plain, "whoever opens it says that it is not there"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"picture",))
    writer.start()
    copy = given_file(pipe)
    writer.join()
    assert copy.is_file() and copy.read_bytes() == b"picture"
