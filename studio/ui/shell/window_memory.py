"""The window's memory from one start to the next: its places, its splitters, and the session of its rooms."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QObject, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from studio.base.app_settings import AppSettings
from studio.base.errors import StudioError
from studio.base.paths import data_dir
from studio.base.process_lock import ProcessLock
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.shell.session import Session, keep
from studio.worker import thread_pool

SESSION_SECONDS = 30
"""What would come back at the next start is written so often, if it changed; the settings are, too."""

log = logging.getLogger(__name__)


class SessionKeeper(QObject):
    """The session of the rooms: read at the start, written now and then, so that a crash costs little, and at the end.

    With it the settings are written now and then, which know the room that is shown and how the window is divided.

    Of several windows only the first writes it: another one, which began with the same session, would put back old work
    when it is closed last.

    Parameters
    ----------
    rooms : those that were made; the others keep what they had. It is looked at when the session is written.
    settings : notes the places of the window, and returns the settings to be written with the session.

    Attributes
    ----------
    ours : whether this window is the one that writes it.
    """

    def __init__(self, rooms: Mapping[RoomId, Room], settings: Callable[[], AppSettings], parent: QObject) -> None:
        super().__init__(parent)
        self._rooms = rooms
        self._settings = settings
        self._lock = ProcessLock(data_dir() / "session.lock")
        self.ours = self._lock.acquire()
        self._session = Session.load()
        self._kept: tuple[str, AppSettings] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SESSION_SECONDS * 1000)
        self._timer.timeout.connect(self._keep_in_pool)

    def offer_to(self, which: RoomId, room: Room) -> None:
        """Give a room what it had."""
        state = self._session.rooms.get(which.name.lower())
        if state is not None:
            room.offer_session(state)

    def start(self) -> None:
        """Write it now and then from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Write it no more, but by :meth:`keep_now`."""
        self._timer.stop()

    def close(self) -> None:
        """Let the next window write it."""
        self._lock.release()

    def keep_now(self) -> None:
        """Write it and the settings, and return when they are written."""
        _keep_settings(self._settings())
        if self.ours:
            keep(self._document())

    def _document(self) -> str:
        for which, room in self._rooms.items():
            self._session.rooms[which.name.lower()] = room.kept_session()
        return self._session.dumps()

    def _keep_in_pool(self) -> None:
        if not self.ours:
            return
        settings = self._settings().model_copy(deep=True)
        now = self._document(), settings
        if now == self._kept:
            return
        self._kept = now

        def write() -> None:
            keep(now[0])
            _keep_settings(settings)

        thread_pool().call(write, title=self.tr("Keeping the session"))


def _keep_settings(settings: AppSettings) -> None:
    """Write the settings; a disk that is full costs what changed in them, and nothing else."""
    try:
        settings.save()
    except StudioError as problem:
        log.warning("%s", problem)


def note_places(window: QMainWindow, settings: AppSettings, room: RoomId, others: Mapping[str, QWidget]) -> None:
    """Note where the window, its splitters and the ``others`` by their names are, and which room is shown."""
    settings.geometry = _text(window.saveGeometry())
    settings.window_state = _text(window.saveState())
    settings.last_room = int(room)
    for name, other in others.items():
        settings.windows[name] = _text(other.saveGeometry())
    for splitter in window.findChildren(QSplitter):
        if splitter.objectName():
            settings.splitters[splitter.objectName()] = _text(splitter.saveState())


def restore_window(window: QMainWindow, settings: AppSettings) -> None:
    """Put the window where it was, or in the middle of the screen."""
    if not (settings.geometry and window.restoreGeometry(_bytes(settings.geometry))):
        available = QGuiApplication.primaryScreen().availableGeometry()
        window.resize(QSize(1280, 800).boundedTo(available.size()))
        window.move(available.center() - window.rect().center())
    if settings.window_state:
        window.restoreState(_bytes(settings.window_state))


def restore_other(other: QWidget, settings: AppSettings, name: str) -> None:
    """Put another window where the one of this name was."""
    other.restoreGeometry(_bytes(settings.windows.get(name, "")))


def restore_splitters(room: QWidget, settings: AppSettings) -> None:
    """Divide a room as it was."""
    for splitter in room.findChildren(QSplitter):
        state = settings.splitters.get(splitter.objectName())
        if state:
            splitter.restoreState(_bytes(state))


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    """Inverse of :func:`_text`; Qt refuses what is not a state of its own, damaged text included."""
    try:
        return QByteArray(base64.b64decode(text))
    except ValueError:
        return QByteArray()
