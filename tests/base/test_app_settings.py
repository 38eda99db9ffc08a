"""Settings of the application: each is read for itself, and the gallery is never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studio.base import StudioError
from studio.base.app_settings import SETTINGS_FILE, AppSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "sepia"),
        ("language", 3),
        ("last_room", 100),
        ("splitters", [1]),
        ("gallery_folder", None),
        ("_dropped", 5),
    ],
)
def test_one_bad_value_leaves_the_others(tmp_path: Path, name: str, value: object) -> None:
    good = {"theme": "light", "language": "zh_CN", "last_room": 2, "splitters": {"a": "b"}, "gallery_folder": "/mine"}
    path = tmp_path / SETTINGS_FILE
    text = json.dumps({name: value, **{key: other for key, other in good.items() if key != name}})
    path.write_text(text)
    settings = AppSettings.load(path)
    assert settings.model_dump() == AppSettings(**{k: v for k, v in good.items() if k != name}).model_dump()
    assert len(settings.dropped) == 1 and name in settings.dropped[0]
    assert (tmp_path / "settings.damaged").read_text() == text and path.read_text() == text


def test_settings_of_a_later_version_stay(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_text('{"theme": "light", "new_in_2027": [1]}')
    settings = AppSettings.load(path)
    assert not settings.dropped and not (tmp_path / "settings.damaged").exists()
    settings.save(path)
    assert json.loads(path.read_text())["settings"]["new_in_2027"] == [1]


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "\0"])
def test_a_damaged_file_is_said_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_text(text)
    assert str(path) in AppSettings.load(path).dropped[0]
    assert (tmp_path / "settings.damaged").read_text() == text
    path.unlink()
    path.mkdir()
    assert "cannot be read" in AppSettings.load(path).dropped[0]


def test_a_gallery_that_is_not_there_is_not_made_anew(tmp_path: Path) -> None:
    settings = AppSettings()
    settings.choose_gallery(str(tmp_path / "disk" / "gallery"))
    with pytest.raises(StudioError, match="is its disk connected") as raised:
        settings.pictures_folder()
    assert "settings" in raised.value.action and not (tmp_path / "disk").exists()
    (tmp_path / "disk" / "gallery").mkdir(parents=True)
    assert settings.pictures_folder() == tmp_path / "disk" / "gallery"


def test_the_place_where_a_disk_was_is_not_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    (disk / "gallery").mkdir(parents=True)
    real, mounted = os.path.ismount, True
    monkeypatch.setattr(os.path, "ismount", lambda path: mounted if Path(path) == disk else real(path))
    settings = AppSettings()
    settings.choose_gallery(str(disk / "gallery"))
    assert settings.gallery_mount == str(disk) and settings.pictures_folder() == disk / "gallery"
    mounted = False
    with pytest.raises(StudioError, match="is not there"):
        settings.pictures_folder()
