"""English and Simplified Chinese: everything collected, everything translated, every placeholder kept."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from studio.base import StudioError
from studio.base.paths import resources_dir
from studio.checkpoints.perceptual import _OFFLINE_ACTION
from studio.checkpoints.pickles import OTHER
from studio.recipes import FileRef, PhotoRecipe
from studio.ui.describe.recipes import recipe_name
from studio.ui.describe.style_names import ready_text
from studio.ui.message_texts import TEXTS
from studio.ui.translated import translated
from tests.support.paths import ROOT

TS = resources_dir() / "i18n" / "latent_studio_zh_CN.ts"
PLACEHOLDER = re.compile(r"\{\w*\}|%n|%\d|\(\*[^)]*\)")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def messages() -> list[tuple[str, str, str]]:
    found = []
    for context in ET.parse(TS).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            text = "" if translation is None else "".join(translation.itertext())
            found.append((context.findtext("name", ""), message.findtext("source", ""), text))
    return found


def test_every_text_of_the_program_is_in_the_file_and_translated(tool: ModuleType, tmp_path: Path) -> None:
    assert TEXTS and tool.TEXTS.read_text(encoding="utf-8") == tool.collect(), "run packaging/translations.py"
    assert tool.unfinished() == []
    fresh = tmp_path / "fresh.ts"
    tool.update(fresh, *tool.CHINESE)
    wanted = {message.findtext("source", "") for message in ET.parse(fresh).getroot().iter("message")}
    assert wanted - {source for _, source, _ in messages()} == set(), "run packaging/translations.py"


def test_messages_kept_under_a_name_are_collected(tool: ModuleType) -> None:
    collected = tool.collect()
    assert repr(OTHER) in collected and repr(_OFFLINE_ACTION) in collected
    assert "'{0} is not a picture, or of a kind that cannot be read.'" in collected


def test_the_compiled_file_is_that_of_the_sources(tool: ModuleType, tmp_path: Path) -> None:
    for ts in (tool.TS, tool.TS_ENGLISH):
        fresh = tmp_path / "fresh.qm"
        tool.tool("lrelease", str(ts), "-qm", str(fresh))
        assert fresh.read_bytes() == ts.with_suffix(".qm").read_bytes(), "run packaging/translations.py"


def test_translations_keep_the_placeholders() -> None:
    wrong = [
        (source, text)
        for _, source, text in messages()
        if sorted(set(PLACEHOLDER.findall(source))) != sorted(set(PLACEHOLDER.findall(text)))
    ]
    assert wrong == []


def test_translations_are_chinese() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    share = sum(bool(han.search(text)) for _, _, text in messages()) / len(messages())
    assert share > 0.9


@pytest.mark.usefixtures("chinese")
def test_messages_with_values_are_spoken_in_chinese() -> None:
    error = StudioError("“cat.jpg” is damaged: image file is truncated.", "Get the file again from where it came.")
    assert "cat.jpg" in translated(error.message) and "损坏" in translated(error.message)
    assert translated(error.action) != error.action
    assert translated("Optimising at 256 px") != "Optimising at 256 px" and "256" in translated("Optimising at 256 px")
    assert translated("Something nobody translated") == "Something nobody translated"


def test_messages_stay_english_without_a_translation() -> None:
    message = "“cat.jpg” is damaged: image file is truncated."
    assert translated(message) == message


def test_recipes_name_ready_styles_in_the_language_of_the_window(chinese: None) -> None:
    def called(file: Path, name: str) -> str:
        return recipe_name(PhotoRecipe(photo=FileRef(hash=hashlib.sha256(file.read_bytes()).hexdigest(), name=name)))

    assert called(resources_dir() / "styles" / "Ink wash.jpg", "Ink wash.jpg") == ready_text("Ink wash") != "Ink wash"
    assert called(TS, "Ink wash.jpg") == "Ink wash"  # the artist's own of that name keeps it
