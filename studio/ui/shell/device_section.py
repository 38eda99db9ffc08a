"""What computes, why it is not the graphics card, and fetching what the card needs.

Which graphics there are and which build of PyTorch fits is known to the installer (``packaging/bootstrap.py``), which
is a program of its own: the section asks it, and lets it fetch. A packaged program has no installer.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.base.paths import resources_dir
from studio.ui.describe.devices import device_name
from studio.ui.theme import SPACE_M
from studio.ui.translated import translated
from studio.worker import DeviceWorker

_MEGABYTES = re.compile(r"([\d,]+) of ([\d,]+) MB")


def installer() -> Path | None:
    """The installer's script, beside the program in a clone; None in a packaged program."""
    script = resources_dir().parent / "packaging" / "bootstrap.py"
    return script if script.is_file() else None


class Installation(QObject):
    """The installer at work; it goes on when the settings are closed, and one at a time is enough.

    Attributes
    ----------
    running : the one that fetches now, or None.
    text : all that it has said.
    """

    said = Signal()
    ended = Signal(int)
    running: ClassVar[Installation | None] = None

    def __init__(self, script: Path, arguments: list[str], parent: QObject | None) -> None:
        super().__init__(parent)
        self.text = ""
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._end)
        self._process.start(sys.executable, [str(script), *arguments])

    @property
    def lines(self) -> list[str]:
        """What was said, line by line."""
        return [line.strip() for line in re.split(r"[\r\n]+", self.text) if line.strip()]

    def _hear(self) -> None:
        self.text += bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        self.said.emit()

    def _end(self, code: int) -> None:
        self._hear()
        if Installation.running is self:
            Installation.running = None
        self.ended.emit(code)


class DeviceSection(QWidget):
    """A few lines about the device, and a button that fetches PyTorch, or its build for the card that is there.

    Attributes
    ----------
    used, reason : the labels: what is used now, and why not the card.
    fetch : the button; hidden when there is nothing to fetch.
    bar : the progress of fetching; hidden otherwise.
    """

    def __init__(self, worker: DeviceWorker, parent: QWidget | None = None, script: Path | None = None) -> None:
        """``script`` stands for the installer."""
        super().__init__(parent)
        self._worker = worker
        self._script = script or installer()
        self._device = "cpu"
        self.used, self.reason = QLabel(self), QLabel(self)
        self.reason.setProperty("muted", True)
        for label in (self.used, self.reason):
            label.setWordWrap(True)
        self.fetch = QPushButton(self)
        self.fetch.clicked.connect(self._begin)
        self.bar = QProgressBar(self)
        for widget in (self.reason, self.fetch, self.bar):
            widget.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        for widget in (self.used, self.reason, self.fetch, self.bar):
            layout.addWidget(widget)
        self._work: Installation | None = None
        self._show_used()
        worker.deviceReady.connect(self._show_used)
        worker.memoryChanged.connect(self._show_used)
        worker.deviceFailed.connect(self._show_used)
        on_card = worker.device is not None and worker.device.kind != "cpu"
        if Installation.running is not None:
            self._follow(Installation.running)
        elif self._script is not None and not on_card:
            self._work = Installation(self._script, ["explain"], self)
            self._work.ended.connect(self._explained)

    @property
    def busy(self) -> bool:
        """True while the installer is at work."""
        return self._work is not None

    def _show_used(self) -> None:
        info, failure = self._worker.device, self._worker.failure
        if info is not None:
            self.used.setText(self.tr("Now in use: {device}").format(device=device_name(info.name)))
        elif failure is not None:
            self.used.setText(self.tr("Nothing can be computed: {reason}").format(reason=translated(failure.message)))
        else:
            self.used.setText(self.tr("The engine is starting …"))

    def _follow(self, work: Installation) -> None:
        self._work = work
        self.fetch.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.reason.setText(self.tr("Working out what to fetch …"))
        self.reason.show()
        work.said.connect(self._heard)
        work.ended.connect(self._installed)
        self._heard()

    def _heard(self) -> None:
        if self._work is None or not self._work.lines:
            return
        last = self._work.lines[-1]
        found = _MEGABYTES.search(last)
        if found is not None:
            done, total = (int(number.replace(",", "")) for number in found.groups())
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
        self.reason.setText(last)

    def _explained(self, code: int) -> None:
        assert self._work is not None
        lines, self._work = self._work.lines, None
        try:
            found = json.loads(lines[-1]) if code == 0 else {}
            graphics, name, build, used = (str(found[key]) for key in ("graphics", "name", "build", "used"))
        except (ValueError, KeyError, IndexError, TypeError):
            return
        missing = self._worker.failure is not None
        if graphics == "nvidia" and build.startswith("cu"):
            self._device = "cuda"
        elif graphics in ("amd", "intel") and build != "cpu":
            self._device = "rocm" if graphics == "amd" else "xpu"
        card = self._device != "cpu" and used != build
        if card:
            self.reason.setText(
                self.tr("{name} is there, but PyTorch is installed for the processor only.").format(name=name)
            )
            self.fetch.setText(self.tr("Use the graphics card (about 3 GB more)"))
        elif missing:
            self.reason.setText(self.tr("PyTorch is missing, or does not start."))
            self.fetch.setText(self.tr("Fetch PyTorch (about 0.5 GB)"))
        elif graphics == "nvidia":
            self.reason.setText(self.tr("{name} needs a newer driver: install NVIDIA's newest.").format(name=name))
        else:
            self.reason.setText(self.tr("No graphics card was found that PyTorch can use."))
        self.reason.show()
        self.fetch.setVisible(card or missing)

    def _begin(self) -> None:
        assert self._script is not None
        # Belongs to the application: closing the settings must not cut it off.
        work = Installation(self._script, ["--device", self._device, "install"], QCoreApplication.instance())
        Installation.running = work
        self._follow(work)

    def _installed(self, code: int) -> None:
        assert self._work is not None
        lines, self._work = self._work.lines, None
        self.bar.hide()
        self.fetch.setEnabled(True)
        if code == 0:
            self.fetch.hide()
            self.reason.setText(self.tr("All is there. It is used when Latent Studio is started again."))
        else:
            self.reason.setText(self.tr("It could not be fetched: {reason}").format(reason=(lines or [""])[-1]))
