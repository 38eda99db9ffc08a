"""Files between Python and Qt, with names that are bytes and no text."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from studio.base.names import readable
from studio.ui.local_files import chosen_path, local_path, local_url
from studio.ui.widgets.dropped import dropped_pictures


@pytest.fixture(params=[b"plain.png", "é ü 图#%.png".encode(), b"caf\xe9 \xff.png"])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name = os.fsdecode(request.param)
    folder = tmp_path / os.fsdecode(b"f\xf6lder") if request.param[-5:-4] == b"\xff" else tmp_path
    try:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")
    except (OSError, UnicodeError):
        pytest.skip("this disk takes text only")
    return folder / name


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_name_goes_to_qt_and_comes_back(odd: Path) -> None:
    assert local_path(local_url(odd)) == odd
    mime = QMimeData()
    mime.setUrls([QUrl.fromEncoded(odd.as_uri().encode())])  # what file managers hand over
    assert [picture.path for picture in dropped_pictures(mime)] == [odd]
    assert chosen_path(readable(str(odd))) == odd, "what a file dialog gives"


def test_what_is_not_there_stays_as_it_was_typed(tmp_path: Path) -> None:
    assert chosen_path(str(tmp_path / "a�b.png")) == tmp_path / "a�b.png"
    assert chosen_path("new.png") == Path("new.png")
