"""Help one click away: what a control does is explained on a page of the help window, and every room can open it.

The pages lie in ``resources/help``, a folder for each language: one for every room, for the model library and the
settings, and the words, which lead with what each of them does to the picture.
"""

from __future__ import annotations

from pydantic import BaseModel
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from studio.base.fields import describe_field
from studio.ui.theme import icon

GLOSSARY = "words"
"""The page that explains words."""
PAGES = ("start", "explore", "stylize", "finish", "gallery", "train", "models", "settings", GLOSSARY)


class HelpDesk(QObject):
    """Takes wishes for help from anywhere to whoever shows it."""

    wanted = Signal(str)
    """A topic: the name of a page, or a word explained under *Words*."""


_TOPIC = "help"
"""The property of a widget that names its topic."""

_desk: HelpDesk | None = None


def help_desk() -> HelpDesk:
    """The one there is."""
    global _desk
    if _desk is None:
        _desk = HelpDesk()
    return _desk


def open_help(topic: str) -> None:
    """Show what is said about ``topic``: the name of a page ("explore"), or a word ("truncation")."""
    help_desk().wanted.emit(topic)


def explain_field(widget: QWidget, of: type[BaseModel], name: str) -> None:
    """Let F1 open the word that explains field ``name`` of ``of``, if there is one, while the keyboard is there."""
    if topic := describe_field(of, name).about.topic:
        explain(widget, topic)


def explain(widget: QWidget, topic: str) -> None:
    """Let F1 open ``topic`` while the keyboard is at ``widget`` or at something inside."""
    widget.setProperty(_TOPIC, topic)


def topic_at(widget: QWidget | None) -> str:
    """The topic of ``widget``, or of the nearest widget around it that has one; else empty."""
    while widget is not None:
        topic = widget.property(_TOPIC)
        if topic:
            return str(topic)
        widget = widget.parentWidget()
    return ""


class HelpButton(QToolButton):
    """A small "?" that opens a topic of the help."""

    def __init__(self, topic: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.topic = topic
        self.setAutoRaise(True)
        self.setIcon(icon("help"))
        self.setIconSize(QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tip = QCoreApplication.translate("HelpButton", "What is this?")
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.clicked.connect(lambda: open_help(self.topic))


def with_help(widget: QWidget, topic: str) -> QWidget:
    """A row of ``widget`` and a "?" for ``topic``, to be put into a form in its place."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(widget, 1)
    layout.addWidget(HelpButton(topic, row), 0, Qt.AlignmentFlag.AlignVCenter)
    row.setFocusProxy(widget)
    return row
