"""Lines of the settings on the device: what computes, why it is not the card, and fetching what the card needs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.ui.describe.devices import device_name
from studio.ui.shell.installation import PyTorchOffer
from studio.ui.theme import SPACE_M
from studio.ui.translated import translated
from studio.worker import DeviceWorker

_WIDTH = 320


class DeviceSection(QWidget):
    """A few lines about the device, and a button that fetches PyTorch, or its build for the card that is there.

    Attributes
    ----------
    offer : what is shown.
    used, reason : the labels: what is used now, and why not the card.
    fetch : the button; hidden when there is nothing to fetch, and while it is being fetched.
    bar, stop : the progress of fetching and the button that stops it; hidden otherwise.
    again : the button that starts the program again, when all has been fetched.
    """

    againWanted = Signal()
    """The program is to be started again."""

    def __init__(self, worker: DeviceWorker, parent: QWidget | None = None, script: Path | None = None) -> None:
        """``script`` stands for the installer."""
        super().__init__(parent)
        self._worker = worker
        self.offer = PyTorchOffer(worker, self, script)
        self.used, self.reason = QLabel(self), QLabel(self)
        self.reason.setProperty("muted", True)
        for label in (self.used, self.reason):
            label.setWordWrap(True)
        self.fetch = QPushButton(self)
        self.fetch.clicked.connect(self.offer.begin)
        self.again = QPushButton(self.tr("Start again"), self)
        self.again.clicked.connect(self.againWanted)
        self.bar = QProgressBar(self)
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.clicked.connect(self.offer.stop)
        fetching = QHBoxLayout()
        fetching.addWidget(self.bar, 1)
        fetching.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        for widget in (self.used, self.reason, self.fetch, self.again):
            layout.addWidget(widget)
        layout.addLayout(fetching)
        layout.addStretch(1)
        self._show_used()
        self._show_offer()
        worker.deviceReady.connect(self._show_used)
        worker.memoryChanged.connect(self._show_used)
        worker.deviceFailed.connect(self._show_used)
        self.offer.changed.connect(self._show_offer)
        if worker.device is None or worker.device.kind == "cpu":
            self.offer.refresh()

    @property
    def busy(self) -> bool:
        """True while the installer is at work."""
        return self.offer.busy

    def sizeHint(self) -> QSize:
        """Size for its lines at its present width: a form would keep room for lines broken more often."""
        width = max(self.width(), _WIDTH)
        return QSize(_WIDTH, self.heightForWidth(width))

    def _show_used(self) -> None:
        info, failure = self._worker.device, self._worker.failure
        if info is not None:
            self.used.setText(self.tr("Now in use: {device}").format(device=device_name(info.name)))
        elif failure is not None:
            self.used.setText(self.tr("Nothing can be computed: {reason}").format(reason=translated(failure.message)))
        else:
            self.used.setText(self.tr("The engine is starting …"))

    def _show_offer(self) -> None:
        offer = self.offer
        self.reason.setText(offer.reason)
        self.reason.setVisible(bool(offer.reason))
        self.fetch.setText(offer.button)
        self.fetch.setVisible(bool(offer.button) and offer.progress is None)
        self.fetch.setEnabled(not offer.busy)
        self.again.setVisible(offer.done)
        for widget in (self.bar, self.stop):
            widget.setVisible(offer.progress is not None)
        if offer.progress is not None:
            done, total = offer.progress
            self.bar.setRange(0, total)
            self.bar.setValue(done)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Let the dialog be as high as its lines: what is said after it was shown would be cut off, or leave a gap."""
        window = self.window()
        layout = window.layout()
        if layout is not None and window.isVisible():
            layout.activate()
            needed = max(layout.totalHeightForWidth(window.width()), layout.totalMinimumSize().height())
            window.resize(window.width(), needed)
