"""Fetching PyTorch, or its build for the card that is there, from within the window.

Which graphics there are and which build of PyTorch fits is known to the installer (``packaging/bootstrap.py``), which
is a program of its own: the window asks it, and lets it fetch. A packaged program has no installer, and PyTorch in it.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QProcess, QProcessEnvironment, Signal

from studio.base.paths import resources_dir
from studio.worker import DeviceWorker

_STEPS = 400
"""Lines about the bytes that come: the bar is hardly wider."""
_MEGABYTES = re.compile(r"([\d,]+) (?:of|/) ([\d,]+) MB")


def installer() -> Path | None:
    """The installer's script, beside the program in a clone; None in a packaged program."""
    script = resources_dir().parent / "packaging" / "bootstrap.py"
    return script if script.is_file() else None


class Installation(QObject):
    """The installer at work; it goes on when the settings are closed, and one at a time is enough.

    Attributes
    ----------
    running : the one that fetches now, or None.
    finished : whether one of this start has fetched all; it is used from the next start on.
    text : all that it has said.
    stopped : whether it was asked to stop.
    """

    said = Signal()
    ended = Signal(int)
    running: ClassVar[Installation | None] = None
    finished: ClassVar[bool] = False

    def __init__(self, script: Path, arguments: list[str], parent: QObject | None) -> None:
        super().__init__(parent)
        self.text = ""
        self.stopped = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("LATENT_STUDIO_METER", str(_STEPS))
        environment.insert("LATENT_STUDIO_LANGUAGE", QLocale().name())
        environment.insert("PYTHONUTF8", "1")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._end)
        self._process.start(sys.executable, [str(script), *arguments])

    @property
    def lines(self) -> list[str]:
        """The installer's output, line by line."""
        return [line.strip() for line in re.split(r"[\r\n]+", self.text) if line.strip()]

    def stop(self) -> None:
        """Let it end; what has come is kept for the next time."""
        self.stopped = True
        if sys.platform == "win32":
            self._process.kill()  # programs without a window do not hear anything milder there
        else:
            self._process.terminate()

    def _hear(self) -> None:
        self.text += bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        self.said.emit()

    def _end(self, code: int) -> None:
        self._hear()
        if Installation.running is self:
            Installation.running = None
            Installation.finished |= code == 0
        self.ended.emit(code)


class PyTorchOffer(QObject):
    """The build of PyTorch that can be fetched for this machine, and how far that is.

    Attributes
    ----------
    reason : a line about what is used and what is not, or about the fetching; "" while nothing is known.
    button : the words on the button that fetches; "" when there is nothing to fetch.
    progress : megabytes that have come, and all; (0, 0) while that is not known, None when nothing is being fetched.
    done : whether all has been fetched, and waits for the next start.
    failed : whether that was tried in vain or stopped; ``reason`` says why.
    """

    changed = Signal()

    def __init__(self, worker: DeviceWorker, parent: QObject, script: Path | None = None) -> None:
        """``script`` stands for the installer."""
        super().__init__(parent)
        self.reason, self.button = "", ""
        self.progress: tuple[int, int] | None = None
        self.done = self.failed = False
        self._worker = worker
        self._script = script or installer()
        self._device = "cpu"
        self._work: Installation | None = None

    @property
    def busy(self) -> bool:
        """True while the installer is at work."""
        return self._work is not None

    @property
    def can_fetch(self) -> bool:
        """True when there is an installer that fetches."""
        return self._script is not None

    @property
    def missing(self) -> bool:
        """True when there is no PyTorch, or none that starts."""
        device = self._worker.device
        return self._worker.failure is not None or (device is not None and not device.pytorch)

    def refresh(self) -> None:
        """Find out what there is to fetch, unless it is being fetched already; :attr:`changed` comes afterwards."""
        if Installation.running is not None:
            self._follow(Installation.running)
        elif Installation.finished:
            self._wait_for_a_start()
        elif self._script is None:
            if self.missing:
                self.reason = self.tr("Install the packages torch and torchvision, then start Latent Studio again.")
                self.changed.emit()
        elif not self.busy and not self.done:
            self._work = Installation(self._script, ["explain"], self)
            self._work.ended.connect(self._explained)

    def begin(self) -> None:
        """Let the installer fetch what was offered; it goes on when whoever asked is closed."""
        assert self._script is not None
        work = Installation(self._script, ["--device", self._device, "install"], QCoreApplication.instance())
        Installation.running = work
        self._follow(work)

    def stop(self) -> None:
        """Stop the installer; the next time it goes on from there."""
        if self._work is not None and not self._work.stopped:
            self._work.stop()

    def _follow(self, work: Installation) -> None:
        self._work = work
        self.progress, self.failed = (0, 0), False
        self.reason = self.tr("Working out what to fetch …")
        work.said.connect(self._heard)
        work.ended.connect(self._installed)
        self._heard()
        self.changed.emit()

    def _heard(self) -> None:
        if self._work is None or not self._work.lines:
            return
        self.reason = self._work.lines[-1]
        found = _MEGABYTES.search(self.reason)
        if found is not None:
            done, total = (int(number.replace(",", "")) for number in found.groups())
            self.progress = done, max(1, total)
        elif self.progress is not None and self.progress[0] == self.progress[1]:
            self.progress = 0, 0  # what comes now, installing, has no measure
        self.changed.emit()

    def _explained(self, code: int) -> None:
        assert self._work is not None
        lines, self._work = self._work.lines, None
        try:
            found = json.loads(lines[-1]) if code == 0 else {}
            graphics, name, build, used = (str(found[key]) for key in ("graphics", "name", "build", "used"))
        except (ValueError, KeyError, IndexError, TypeError):
            return
        if graphics == "nvidia" and build.startswith("cu"):
            self._device = "cuda"
        elif graphics in ("amd", "intel") and build != "cpu":
            self._device = "rocm" if graphics == "amd" else "xpu"
        card = self._device != "cpu"
        if self.missing:
            self.reason = self.tr("PyTorch is missing, or does not start.")
            self.button = self.tr("Fetch PyTorch (about 0.2 GB)")
            if card:
                self.button = self.tr("Fetch PyTorch for {name} (about 3 GB)").format(name=name)
        elif card and (used == build or (not used and sys.platform == "linux")):
            # The package index's own build for Linux is one for the card, too.
            self.reason = self.tr(
                "{name} is there, and so is PyTorch for it. Choose the device automatically to use it; if it stays as "
                "it is, install the card's newest driver."
            ).format(name=name)
        elif card:
            self.reason = self.tr("{name} is there, but PyTorch is installed for the processor only.").format(name=name)
            self.button = self.tr("Use the graphics card (about 3 GB more)")
        elif graphics == "nvidia":
            self.reason = self.tr("{name} needs a newer driver: install NVIDIA's newest.").format(name=name)
        else:
            self.reason = self.tr("No graphics card was found that PyTorch can use.")
        self.changed.emit()

    def _installed(self, code: int) -> None:
        assert self._work is not None
        lines, stopped, self._work = self._work.lines, self._work.stopped, None
        self.progress = None
        if code != 0 and stopped:
            self.failed = True
            self.reason = self.tr("Stopped. What has come is kept; the next time it goes on from there.")
            self.button = self.button or self.tr("Try again")
        elif code == 0:
            self._wait_for_a_start()
            return
        else:
            self.failed = True
            self.reason = self.tr("It could not be fetched: {reason}").format(reason=(lines or [""])[-1])
            self.button = self.button or self.tr("Try again")
        self.changed.emit()

    def _wait_for_a_start(self) -> None:
        self.done, self.button = True, ""
        self.reason = self.tr("All is there. It is used when Latent Studio is started again.")
        self.changed.emit()
