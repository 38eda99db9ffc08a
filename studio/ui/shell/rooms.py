"""The five rooms there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from studio.ui.room import Room

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


@dataclass(frozen=True)
class RoomKind:
    """Name, icon and factory of a room.

    Attributes
    ----------
    edits : kinds of the recipe steps whose controls it has.
    """

    name: str
    icon: str
    make: Callable[[StudioContext], Room]
    edits: tuple[str, ...] = ()

    def title(self) -> str:
        """The name in the language in use."""
        return QCoreApplication.translate("Rooms", self.name)


# Each factory imports its panel, so that the window can show the first room before the others are loaded.


def _explore(context: StudioContext) -> Room:
    from studio.ui.explore import ExplorerPanel

    return ExplorerPanel(context)


def _stylize(context: StudioContext) -> Room:
    from studio.ui.stylize import StylizerPanel

    return StylizerPanel(context)


def _gallery(context: StudioContext) -> Room:
    from studio.ui.gallery import GalleryPanel

    return GalleryPanel(context)


def _train(context: StudioContext) -> Room:
    from studio.ui.train import TrainingPanel

    return TrainingPanel(context)


def _finish(context: StudioContext) -> Room:
    from studio.ui.finish import FinishPanel

    return FinishPanel(context)


ROOMS: tuple[RoomKind, ...] = (
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Explore")), "explore", _explore, ("sample",)),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Stylize")), "stylize", _stylize, ("stylize",)),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Gallery")), "gallery", _gallery),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Train")), "train", _train),
    RoomKind(str(QT_TRANSLATE_NOOP("Rooms", "Finish")), "finish", _finish, ("repair", "clean", "enlarge")),
)
