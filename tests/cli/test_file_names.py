"""Names of files that the commands make, in the language of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.base.app_settings import AppSettings
from studio.base.paths import resources_dir
from studio.cli import file_names
from studio.cli import language as language_module


def test_new_files_are_named_in_the_language_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = next((resources_dir() / "styles").glob("Agate.*"))
    found = {}
    for language in ("en", "zh_CN"):
        monkeypatch.setattr(language_module, "settings", lambda language=language: AppSettings(language=language))
        found[language] = [
            file_names.name_of_sample("Rosettes", 7),
            file_names.name_in_style("my <beach>", ready),
            file_names.name_in_style("beach", Path("own/Agate.jpg")),
        ]
    assert found["en"] == ["Rosettes seed 7", "my -beach- in Agate", "beach in Agate"]
    assert found["zh_CN"] == ["团花 种子 7", "my -beach-，玛瑙 风格", "beach，Agate 风格"]
