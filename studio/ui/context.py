"""The services that every room of the window shares: the device worker, the gallery, the settings, and signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.base.app_settings import AppSettings

if TYPE_CHECKING:
    from studio.gallery import Gallery, SourceStore
    from studio.worker import DeviceWorker


class StudioContext(QObject):
    """Passed to every room. Rooms know this, never each other."""

    openRecipe = Signal(object)
    """A recipe to be opened in the room that edits its kind."""
    openModel = Signal(object)
    """The ``FileRef`` of a model of the library to be explored: it opens on its cover."""
    stylizePicture = Signal(object)
    """A recipe whose picture shall be the content in the stylizer."""
    finishPicture = Signal(object)
    """A recipe whose picture shall be repaired, cleaned or enlarged."""
    roomWanted = Signal(int)
    """Another room (a ``RoomId``) shall be shown."""
    pictureSaved = Signal(object)
    """A ``Picture`` was added to the gallery."""
    modelsChanged = Signal()
    """Models were added, trained or removed."""
    moreModelsWanted = Signal()
    """The catalogue of published networks shall be shown."""
    modelDropped = Signal(object)
    """A model file (``Path``) was dropped on the window and shall be taken into the library."""
    working = Signal(object)
    """A ``Job`` of a room that takes a while and is no job of the device's: the status bar shows how far it is."""
    notify = Signal(str)
    """A short message for the artist ("Saved as ..."), shown in passing."""
    offer = Signal(str, str, object)
    """Something to be said in a quiet line, the label of a button beside it, and what the button does."""
    problem = Signal(object)
    """A ``StudioError`` for the artist."""
    settingsChanged = Signal()
    """The settings dialog changed something."""

    def __init__(
        self,
        worker: DeviceWorker,
        gallery: Gallery,
        sources: SourceStore,
        settings: AppSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.worker = worker
        self.gallery = gallery
        self.sources = sources
        self.settings = settings if settings is not None else AppSettings()
