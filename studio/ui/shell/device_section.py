"""What computes, why it is not the graphics card, and fetching what the card needs.

Which graphics there are and which build of PyTorch fits is known to the installer (``packaging/bootstrap.py``), which
is a program of its own: the section asks it, and lets it fetch. A packaged program has no installer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess
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
        self._said = ""
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
        self._process: QProcess | None = None
        self._show_used()
        worker.deviceReady.connect(self._show_used)
        worker.deviceFailed.connect(self._show_used)
        on_card = worker.device is not None and worker.device.kind != "cpu"
        if self._script is not None and not on_card:
            self._run(["explain"], self._explained)

    @property
    def busy(self) -> bool:
        """True while the installer is at work."""
        return self._process is not None

    def _show_used(self) -> None:
        info, failure = self._worker.device, self._worker.failure
        if info is not None:
            self.used.setText(self.tr("Now in use: {device}").format(device=device_name(info.name)))
        elif failure is not None:
            self.used.setText(self.tr("Nothing can be computed: {reason}").format(reason=translated(failure.message)))
        else:
            self.used.setText(self.tr("The engine is starting …"))

    def _run(self, arguments: list[str], ended: Callable[[int], None]) -> None:
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.readyReadStandardOutput.connect(self._heard)
        process.finished.connect(ended)
        self._process, self._said = process, ""
        process.start(sys.executable, [str(self._script), *arguments])

    def _heard(self) -> None:
        if self._process is None:
            return
        self._said += bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        lines = [line.strip() for line in re.split(r"[\r\n]+", self._said) if line.strip()]
        if self.bar.isHidden() or not lines:
            return
        found = _MEGABYTES.search(lines[-1])
        if found is not None:
            done, total = (int(number.replace(",", "")) for number in found.groups())
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
        self.reason.setText(lines[-1])

    def _explained(self, code: int) -> None:
        self._heard()
        self._process = None
        try:
            found = json.loads(self._said.strip().splitlines()[-1]) if code == 0 else {}
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
        self.fetch.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.reason.setText(self.tr("Working out what to fetch …"))
        self._run(["--device", self._device, "install"], self._installed)

    def _installed(self, code: int) -> None:
        self._heard()
        self._process = None
        self.bar.hide()
        self.fetch.setEnabled(True)
        if code == 0:
            self.fetch.hide()
            self.reason.setText(self.tr("All is there. It is used when Latent Studio is started again."))
        else:
            last = self._said.strip().splitlines()[-1:] or [""]
            self.reason.setText(self.tr("It could not be fetched: {reason}").format(reason=last[0]))
