"""The help window: a page for every room, the words, and all keyboard shortcuts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from studio.base.paths import resources_dir
from studio.ui.command import Command, all_native_keys, native_keys
from studio.ui.help import GLOSSARY, PAGES
from studio.ui.theme import SPACE_L, SPACE_M, colors
from studio.ui.widgets.questions import without_default

_ROW = 30
_MARGIN = QSize(40, 80)
"""What is left of a small screen around the window."""
KEYBOARD = "keyboard"
"""The page of shortcuts, which is made of the commands there are."""
_KEYS = re.compile(r"\{([a-z][a-z.-]+)\}")
_TERM = re.compile(r'<a name="([a-z0-9-]+)">')


def help_folder() -> Path:
    """The folder with the pages in the language of the window."""
    chinese = QCoreApplication.translate("HelpWindow", "Words") != "Words"
    return resources_dir() / "help" / ("zh_CN" if chinese else "en")


def page_html(page: str) -> str:
    """The text of a page in the language of the window, with the keys of the commands that it names."""
    text = (help_folder() / f"{page}.html").read_text(encoding="utf-8")
    return _KEYS.sub(lambda found: f"<b>{escape(native_keys(found[1]))}</b>", text)


def glossary_terms() -> list[str]:
    """The words that are explained."""
    return _TERM.findall(page_html(GLOSSARY))


class HelpWindow(QDialog):
    """Pages on the right, their list and a search on the left; stays open beside the work.

    Parameters
    ----------
    shortcuts : title of every menu and its commands that have keys.
    """

    def __init__(self, shortcuts: Sequence[tuple[str, Sequence[Command]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.resize(QSize(860, 700).boundedTo(self.screen().availableSize() - _MARGIN))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._shortcut_page = self._shortcuts(shortcuts)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find on this page"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(lambda: self._find(self.search.text(), further=True))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setSpacing(1)
        for page, title in (
            ("start", self.tr("First steps")),
            ("explore", self.tr("Explore")),
            ("stylize", self.tr("Stylize")),
            ("finish", self.tr("Finish")),
            ("gallery", self.tr("Gallery")),
            ("train", self.tr("Train")),
            ("models", self.tr("Model library")),
            ("settings", self.tr("Settings")),
            (GLOSSARY, self.tr("Words")),
            (KEYBOARD, self.tr("Keyboard")),
        ):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, page)
            item.setSizeHint(QSize(0, _ROW))
            self.list.addItem(item)
        self.list.currentItemChanged.connect(lambda item, _before: self._load(item.data(Qt.ItemDataRole.UserRole)))
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setSearchPaths([str(resources_dir() / "help")])
        self.page.anchorClicked.connect(self._follow)
        self.page.document().setDocumentMargin(SPACE_L)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, SPACE_M, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([190, 650])  # the pictures of the pages are as wide as that
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(split, 1)
        layout.addWidget(buttons)
        without_default(self)
        self.list.setCurrentRow(0)

    def show_topic(self, topic: str) -> None:
        """Open at a page ("explore", "keyboard"), or at a word that is explained."""
        known = topic in (*PAGES, KEYBOARD)
        self._turn_to(topic if known else GLOSSARY)
        if not known:
            self.page.scrollToAnchor(topic)
        self.show()
        self.page.setFocus()
        if not known:
            self.page.scrollToAnchor(topic)  # again, now that the page has its width
        self.raise_()
        self.activateWindow()

    def current_page(self) -> str:
        """The name of the page that is shown."""
        return str(self.list.currentItem().data(Qt.ItemDataRole.UserRole))

    def _turn_to(self, page: str) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == page:
                self.list.setCurrentRow(row)

    def _load(self, page: str) -> None:
        self.page.document().setDefaultStyleSheet(
            "h1 { font-size: 20px; } h2 { font-size: 17px; margin-top: 18px; }"
            "h3 { font-size: 14px; margin-top: 12px; }"
            f"p, li {{ line-height: 135%; }} .picture {{ line-height: 100%; margin-bottom: 0; }}"
            f"td {{ padding: 3px 18px 3px 0; }} .muted {{ color: {colors().muted}; }}"
        )
        self.page.setHtml(self._shortcut_page if page == KEYBOARD else page_html(page))

    def _follow(self, link: QUrl) -> None:
        page, word = link.path(), link.fragment()
        self._turn_to(page)
        if word:
            self.page.scrollToAnchor(word)

    def _find(self, text: str, *, further: bool = False) -> None:
        """Mark the next place of ``text``, from the top again when there is none below."""
        if not further:
            cursor = self.page.textCursor()
            cursor.setPosition(cursor.selectionStart())
            self.page.setTextCursor(cursor)
        if text and not self.page.find(text):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(text)

    def _shortcuts(self, places: Sequence[tuple[str, Sequence[Command]]]) -> str:
        html = [
            _table(title, [(command.plain_text(), all_native_keys(command.id)) for command in commands])
            for title, commands in places
        ]
        html.append(
            _table(
                self.tr("On the picture"),
                [
                    (self.tr("Zoom in and out"), self.tr("+ and -, or the wheel")),
                    (self.tr("Fit, actual size"), self.tr("0 and 1, or a double-click")),
                    (self.tr("Move the picture"), self.tr("arrow keys, or drag")),
                    (self.tr("Size of the brush, while painting"), self.tr("[ and ], or Ctrl and the wheel")),
                    (self.tr("Erase instead of paint"), self.tr("hold Alt")),
                    (self.tr("Move the wipe handle"), self.tr("left and right arrow keys, or drag")),
                ],
            )
        )
        html.append(
            _table(
                self.tr("With a clip"),
                [
                    (self.tr("Play and pause"), self.tr("space bar")),
                    (self.tr("One frame on or back"), self.tr("left and right arrow keys; a second with Shift")),
                    (self.tr("To the beginning, to the end"), self.tr("Home and End")),
                    (self.tr("Begin or end the film here"), self.tr("I and O")),
                ],
            )
        )
        html.append(
            _table(
                self.tr("On a slider"),
                [
                    (self.tr("Small step, large step"), self.tr("arrow keys, Page up and Page down")),
                    (self.tr("Back to the default"), self.tr("double-click on its name")),
                ],
            )
        )
        return "".join(html)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    if not rows:
        return ""
    cells = "".join(f"<tr><td>{escape(what)}</td><td><b>{escape(keys)}</b></td></tr>" for what, keys in rows)
    return f"<h2>{escape(title)}</h2><table>{cells}</table>"
