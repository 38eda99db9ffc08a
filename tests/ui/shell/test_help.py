"""The help: every page there in both languages, every link and topic leads somewhere, one click away."""

from __future__ import annotations

import ast
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.base.fields import describe_fields
from studio.base.paths import resources_dir
from studio.recipes import CleanSettings, EnlargeSettings, RepairSettings, SampleRecipe, StyleUse
from studio.recipes.steps.stylize import StylizeSettings
from studio.restoration.print_sheet import PrintSheet
from studio.training.settings import TrainSettings
from studio.ui.command import SHORTCUTS
from studio.ui.help import PAGES, HelpButton, explain, help_desk, open_help, topic_at
from studio.ui.shell.help import KEYBOARD, HelpWindow, glossary_terms, page_html
from studio.ui.widgets import Section
from tests.support.paths import ROOT

FINISH = (RepairSettings, CleanSettings, EnlargeSettings)
LANGUAGES = ("en", "zh_CN")
FOLDER = resources_dir() / "help"


@pytest.fixture
def help_window(qtbot: QtBot) -> HelpWindow:
    window = HelpWindow([])
    qtbot.addWidget(window)
    return window


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("latent_studio_zh_CN", str(resources_dir() / "i18n"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_the_same_in_both_languages(page: str) -> None:
    english, chinese = ((FOLDER / language / f"{page}.html").read_text(encoding="utf-8") for language in LANGUAGES)
    for mark in (r"<[a-z0-9]+", r'href="[^"]+"', r'name="[^"]+"', r'src="[^"]+"'):
        assert sorted(re.findall(mark, english)) == sorted(re.findall(mark, chinese)), mark
    keys = [sorted(re.findall(r"\{([^}]+)\}", text)) for text in (english, chinese)]
    assert keys[0] == keys[1] and set(keys[0]) <= set(SHORTCUTS)
    assert all((FOLDER / source).is_file() for source in re.findall(r'src="([^"]+)"', english))
    for link in re.findall(r'href="([^"]+)"', english):
        where, _, word = link.partition("#")
        assert where in PAGES and (not word or word in glossary_terms()), link


@pytest.mark.parametrize("chinese", [False, True])
def test_what_pages_put_in_quotes_is_to_be_read_in_the_window(chinese: bool) -> None:
    """A button or a choice that was renamed is looked for in vain by its old name."""
    said = {"the same style", "同一种风格"}  # quotes that are no names
    for message in ET.parse(resources_dir() / "i18n" / "latent_studio_zh_CN.ts").getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None
        text = "".join(translation.itertext()) if chinese else message.findtext("source", "")
        said.add(re.sub(r"\(&\w\)|&", "", text).strip().lower())
    for path in (resources_dir() / "help" / ("zh_CN" if chinese else "en")).glob("*.html"):
        quoted = re.findall("“([^”]+)”", html.unescape(path.read_text(encoding="utf-8")))
        wrong = [name for name in quoted if not any(text.startswith(name.strip(" …").lower()) for text in said)]
        assert wrong == [], path.name


def test_every_topic_that_is_asked_for_is_explained() -> None:
    asked = {
        field.about.topic
        for of in (SampleRecipe, StylizeSettings, StyleUse, *FINISH, PrintSheet, TrainSettings)
        for field in describe_fields(of).values()
    } - {""}
    assert {"truncation", "content", "enlarge", "bleed", "r1"} <= asked
    for path in (ROOT / "studio" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            place = {"HelpButton": 0, "open_help": 0, "explain": 1, "with_help": 1}.get(name)
            texts = [] if place is None else node.args[place : place + 1]
            texts += [keyword.value for keyword in node.keywords if keyword.arg == "topic"]
            asked |= {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}
    assert {"gallery", "models", "smaller-copy"} <= asked <= {*PAGES, KEYBOARD, *glossary_terms()}


def test_a_question_mark_and_the_keyboard_lead_to_a_word(qtbot: QtBot) -> None:
    section = Section("Noise", topic="noise")
    inner = QPushButton()
    box = QWidget()
    QVBoxLayout(box).addWidget(inner)
    section.body.addWidget(box)
    qtbot.addWidget(section)
    with qtbot.waitSignal(help_desk().wanted) as asked:
        section.findChildren(HelpButton)[0].click()
    assert asked.args == ["noise"] and topic_at(inner) == "noise" and topic_at(None) == ""
    explain(box, "seed")
    assert topic_at(inner) == "seed"
    with qtbot.waitSignal(help_desk().wanted) as asked:
        open_help("kid")
    assert asked.args == ["kid"]


def test_a_topic_opens_its_page_at_its_place(help_window: HelpWindow, qtbot: QtBot) -> None:
    help_window.show_topic("kid")
    qtbot.waitExposed(help_window)
    assert help_window.current_page() == "words" and help_window.page.verticalScrollBar().value() > 0
    help_window.page.anchorClicked.emit("train")
    assert help_window.current_page() == "train" and help_window.page.toPlainText().startswith("Train")
    help_window.show_topic("words")
    help_window.search.setText("collapse")
    assert help_window.page.textCursor().selectedText().lower() == "collapse"
    help_window.show_topic(KEYBOARD)
    assert "double-click" in help_window.page.toPlainText()


@pytest.mark.usefixtures("chinese")
def test_pages_come_in_the_language_of_the_window() -> None:
    assert page_html("train").startswith("<h1>训练</h1>")
