"""What the main window asks of a room, and the four rooms there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class Room(Protocol):
    """A panel in the main window (a ``QWidget``)."""

    def undo(self) -> None:
        """Go back one step."""

    def redo(self) -> None:
        """Go forward one step."""

    def save(self) -> None:
        """Save what is shown to the gallery."""

    def actions(self) -> list[QAction]:
        """What the room offers in its menu."""

    def shutting_down(self) -> None:
        """The window is closing: stop timers, remember what matters."""


@dataclass(frozen=True)
class RoomKind:
    """How a room is called, drawn and made."""

    name: str
    icon: str
    make: Callable[[StudioContext], Room]

    def title(self) -> str:
        """The name in the language in use."""
        return QCoreApplication.translate("Rooms", self.name)


# Each factory imports its panel, so that the window can show the first room before the others are loaded.


def _explore(context: StudioContext) -> Room:
    from studio.ui.explore import ExplorerPanel

    return cast(Room, ExplorerPanel(context))


def _stylize(context: StudioContext) -> Room:
    from studio.ui.stylize import StylizerPanel

    return cast(Room, StylizerPanel(context))


def _gallery(context: StudioContext) -> Room:
    from studio.ui.gallery import GalleryPanel

    return cast(Room, GalleryPanel(context))


def _train(context: StudioContext) -> Room:
    from studio.ui.train import TrainingPanel

    return cast(Room, TrainingPanel(context))


ROOMS: tuple[RoomKind, ...] = (
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Explore")), "explore", _explore),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Stylize")), "stylize", _stylize),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Gallery")), "gallery", _gallery),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Train")), "train", _train),
)
