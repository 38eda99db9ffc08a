"""Commands: one key for one thing, found by typing, and done without a mouse."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

import studio.ui
from studio.ui.command import SHORTCUTS, Command, CommandSet, GreyedReasons, with_keys
from studio.ui.shell.commands import CommandRegistry, Place
from studio.ui.shell.palette import CommandPalette, PaletteModel, fuzzy_score


def test_no_key_does_two_things() -> None:
    keys = [QKeySequence(key).toString() for shortcuts in SHORTCUTS.values() for key in shortcuts]
    assert all(keys), "a key that Qt does not know"
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    assert SHORTCUTS["picture.stylize"] == ("Ctrl+T",)
    assert "Ctrl+Y" in SHORTCUTS["edit.redo"]


def test_keys_are_written_in_one_place() -> None:
    """Whoever sets a shortcut takes it from the table, and no tooltip spells one out."""
    here = Path(studio.ui.__file__).parent
    stray = []
    for path in here.rglob("*.py"):
        if path.name == "command.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                text = [one for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if name in ("setShortcut", "setShortcuts", "QKeySequence", "QShortcut") and text:
                    stray.append(f"{path.name}:{node.lineno}")
                if name == "tr" and any("(Ctrl+" in str(one.value) for one in text):
                    stray.append(f"{path.name}:{node.lineno}")
    assert stray == []


def test_every_key_belongs_to_a_command_that_exists() -> None:
    here = Path(studio.ui.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in here.rglob("*.py") if path.name != "command.py")
    unused = [name for name in SHORTCUTS if f'"{name}"' not in sources and not name.startswith("view.")]
    assert unused == []


def test_letters_are_found_in_their_order() -> None:
    assert fuzzy_score("xyz", "Save to gallery") is None
    assert fuzzy_score("galery", "Save to gallery") is not None
    assert fuzzy_score("yas", "Save") is None
    words = ["Show gallery folder", "Save to gallery", "Sheet of samples", "Settings", "Stylize this picture"]

    def best(query: str) -> str:
        return max(words, key=lambda word: fuzzy_score(query, word) or -1.0)

    assert best("sg") == "Save to gallery", "the beginnings of words count"
    assert best("set") == "Settings"
    assert best("styl") == "Stylize this picture"
    assert best("SHEET") == "Sheet of samples"
    assert fuzzy_score("图库", "保存到图库") is not None


@pytest.mark.parametrize("query", ["", "a", "aa", "ab", "ba", "bab"])
def test_the_score_is_that_of_the_best_placement(query: str) -> None:
    """Against trying all placements, on a text small enough for that."""
    text = "ab ba"

    def score(places: list[int]) -> float:
        total = 0.0
        for number, at in enumerate(places):
            start = at == 0 or not text[at - 1].isalnum()
            alone = 1.0 + (2.0 if start else 0.0)
            adjacent = number > 0 and places[number - 1] == at - 1
            total += max(alone, 2.5) if adjacent else alone
        return total

    def placements(letters: str, begin: int) -> list[list[int]]:
        if not letters:
            return [[]]
        return [
            [at, *rest]
            for at in range(begin, len(text))
            if text[at] == letters[0]
            for rest in placements(letters[1:], at + 1)
        ]

    found = placements(query, 0)
    if query and found:
        assert fuzzy_score(query, text) == pytest.approx(max(map(score, found)) - len(text) / 1000)
    elif query:
        assert fuzzy_score(query, text) is None
    else:
        assert fuzzy_score(query, text) == 0


def test_commands_are_done_only_when_they_can_be(qapp: object) -> None:
    done: list[str] = []
    possible = False
    commands = CommandSet()
    commands.add(Command("file.save", "&Save …", lambda: done.append("save"), enabled=lambda: possible))
    commands.refresh()
    action = commands.action("file.save")
    assert not action.isEnabled() and action.toolTip() == with_keys("Save", "file.save")
    assert not commands.run("file.save") and done == []
    possible = True
    assert commands.run("file.save") and done == ["save"]
    assert action.isEnabled()
    with pytest.raises(ValueError, match="two commands"):
        commands.add(Command("file.save", "Again", lambda: None))


def test_what_is_greyed_says_why(qtbot: QtBot) -> None:
    missing = "Select a picture first."
    commands = CommandSet()
    commands.add(Command("file.save", "&Save …", lambda: None, enabled=lambda: missing))
    menu, button = QMenu(), QPushButton()
    for widget in (menu, button):
        qtbot.addWidget(widget)
    menu.addActions(commands.actions())
    reasons = GreyedReasons(menu)
    commands.attach(button, "file.save")
    commands.refresh()
    action, usual = commands.action("file.save"), with_keys("Save", "file.save")
    assert not action.isEnabled() and not button.isEnabled() and button.toolTip() == f"{missing}\n{usual}"
    menu.show()
    at = menu.actionGeometry(action).center()
    asked = QHelpEvent(QEvent.Type.ToolTip, at, menu.mapToGlobal(at))
    assert reasons.eventFilter(menu, asked) and QToolTip.text() == missing
    palette = PaletteModel()
    palette.set_entries([(Place("File", commands), commands.command("file.save"))])
    assert palette.index(0).data(Qt.ItemDataRole.ToolTipRole) == missing
    missing = ""
    commands.refresh()
    assert action.isEnabled() and button.isEnabled() and button.toolTip() == usual
    assert palette.index(0).data(Qt.ItemDataRole.ToolTipRole) is None


def test_the_palette_by_keyboard_alone(qtbot: QtBot) -> None:
    done: list[str] = []
    here, there = CommandSet(), CommandSet()
    here.add(
        Command("file.save", "&Save to gallery", lambda: done.append("save")),
        Command("file.export", "&Export …", lambda: done.append("export"), enabled=lambda: "Draw one first."),
    )
    there.add(Command("gallery.refresh", "&Refresh", lambda: done.append("refresh")))
    places = [Place("File", here), Place("Gallery", there, lambda: done.append("enter"))]
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.show()
    palette = CommandPalette(CommandRegistry(lambda: places), window)
    palette.open_over(window)
    assert palette.model.rowCount() == 3
    assert palette.model.entry(2) == (places[0], here.commands()[1]), "what cannot be done now comes last"
    QTest.keyClicks(palette.line, "exp")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == [] and palette.isVisible()
    palette.line.clear()
    QTest.keyClicks(palette.line, "gal refr")
    assert palette.model.rowCount() == 1
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["enter", "refresh"] and not palette.isVisible()
    palette.open_over(window)
    assert palette.model.entry(0) == (places[1], there.commands()[0]), "what was used last comes first"
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done[-1] == "save"
    palette.open_over(window)
    QTest.keyClicks(palette.line, "qqqq")
    assert palette.nothing.isVisible() and palette.model.rowCount() == 0
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_a_button_stands_for_its_command(qtbot: QtBot) -> None:
    done: list[int] = []
    possible = False
    commands = CommandSet()
    commands.add(Command("file.save", "&Save", lambda: done.append(1), "save", lambda: possible))
    commands.refresh()
    button = QPushButton("Keep")
    button.setToolTip("Keep the picture")
    qtbot.addWidget(button)
    commands.attach(button, "file.save")
    assert not button.isEnabled() and not button.icon().isNull()
    assert button.toolTip().startswith("Keep the picture (") and "S)" in button.toolTip()
    button.click()
    assert done == []
    possible = True
    commands.refresh()
    button.click()
    assert button.isEnabled() and done == [1]
