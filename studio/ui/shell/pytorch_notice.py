"""The line above the rooms that says what needs PyTorch when there is none, and fetches it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.ui.room_id import RoomId
from studio.ui.shell.installation import PyTorchOffer
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets.questions import make_primary
from studio.worker import DeviceInfo, DeviceWorker

NEED_IT = frozenset({RoomId.EXPLORE, RoomId.TRAIN})
"""Rooms in which hardly anything works without."""


class PyTorchNotice(QFrame):
    """Shown in the rooms that need PyTorch and where it was missed, and everywhere while it is being fetched.

    Attributes
    ----------
    offer : what can be fetched, and how far that is.
    title, text : what is missing, and what of it is there.
    fetch, stop, again : the buttons that fetch, that stop it, and that start the program again afterwards.
    bar : the progress.
    """

    againWanted = Signal()
    """The program is to be started again."""

    def __init__(self, worker: DeviceWorker, parent: QWidget | None = None, script: Path | None = None) -> None:
        """``script`` stands for the installer."""
        super().__init__(parent)
        self.setObjectName("pytorch-notice")
        self._room = RoomId.GALLERY
        self._missed: set[RoomId] = set()
        self.offer = PyTorchOffer(worker, self, script)
        self.title, self.text = QLabel(self), QLabel(self)
        self.title.setText(self.tr("PyTorch, which computes the pictures, is not installed yet"))
        self.title.setProperty("strong", True)
        self.text.setProperty("muted", True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setFixedWidth(220)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.fetch, self.again = QPushButton(self), QPushButton(self.tr("Start again"), self)
        self.stop = QPushButton(self.tr("Stop"), self)
        make_primary(self.fetch)
        make_primary(self.again)
        self.fetch.clicked.connect(self.offer.begin)
        self.stop.clicked.connect(self.offer.stop)
        self.again.clicked.connect(self.againWanted)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M + SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_M)
        layout.addLayout(column, 1)
        for widget in (self.bar, self.stop, self.fetch, self.again):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.offer.changed.connect(self._show)
        worker.deviceReady.connect(self._on_device)
        self._show()

    def show_room(self, room: RoomId) -> None:
        """The room ``room`` is shown now."""
        self._room = room
        self._show()

    def miss(self) -> None:
        """Something in the room that is shown could not be done without PyTorch."""
        self._missed.add(self._room)
        self._refresh()

    def _on_device(self, info: DeviceInfo) -> None:
        if not info.pytorch:
            self._missed |= NEED_IT
            self._refresh()

    def _refresh(self) -> None:
        if not self.offer.button:
            self.offer.refresh()
        self._show()

    def _show(self) -> None:
        offer = self.offer
        self.setVisible(self._room in self._missed or offer.progress is not None or offer.done)
        works = self.tr("The gallery, the styles and the instant preview work without it.")
        of_fetching = offer.progress is not None or offer.done or offer.failed or not offer.can_fetch
        self.text.setText(offer.reason if of_fetching else works)
        self.bar.setVisible(offer.progress is not None)
        if offer.progress is not None:
            done, total = offer.progress
            self.bar.setRange(0, total)
            self.bar.setValue(done)
        self.stop.setVisible(offer.progress is not None)
        self.fetch.setText(offer.button)
        self.fetch.setVisible(bool(offer.button) and offer.progress is None)
        self.again.setVisible(offer.done)
