"""Measuring in the background how fast this computer trains the run that is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, QTimer, Signal

from studio.base import Work
from studio.training.settings import TrainSettings
from studio.training.speeds import MeasuredSpeed, SpeedBook, work_key
from studio.ui.model import Model
from studio.ui.train.setup.plan import RunPlan
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.worker import DeviceWorker

SETTLE_MS = 1500
"""The plan rests so long before it is measured: nobody wants every step on the way measured."""


class SpeedMeasuring(QObject):
    """Measures the planned run on the device's thread when its speed is unknown, and keeps what was found.

    Anything else that the device is asked for goes first. Nothing is measured while a run is at work: both would be
    slow, and the speed wrong.
    """

    changed = Signal()
    """It began or ended to measure; a new speed may be known."""

    def __init__(
        self,
        worker: DeviceWorker,
        model: Model[RunPlan],
        book: SpeedBook,
        idle: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """``idle`` says whether no run is at work."""
        super().__init__(parent)
        self._worker, self._model, self._book, self._idle = worker, model, book, idle
        self._shown = False
        self._job: Job | None = None
        self._key = ""
        self._given_up: set[str] = set()  # cancelled, failed or disturbed
        self._disturbed: set[str] = set()
        self._disturbance_reported = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.measure)
        model.changed.connect(self.refresh)

    @property
    def measuring(self) -> bool:
        """True while steps are being timed."""
        return self._job is not None

    @property
    def disturbed(self) -> bool:
        """True when the plan was measured, but other programs kept the computer busy: nothing is known then."""
        plan = self._model.value
        return not self.measuring and work_key(plan.values, plan.device_name) in self._disturbed

    def set_shown(self, shown: bool) -> None:
        """Measure only while the page of the plan is ``shown``."""
        self._shown = shown
        self.refresh()

    def refresh(self) -> None:
        """Look at the plan anew: measure it soon, or end measuring what it is not any more."""
        plan = self._model.value
        key = work_key(plan.values, plan.device_name)
        if self._job is not None and (key != self._key or not self._shown):
            self._end()
        wanted = (
            self._shown
            and plan.used > 1
            and plan.speed.source == "estimated"
            and key not in self._given_up
            and self._job is None
        )
        if not wanted:
            self._settle.stop()
        elif key != self._key or not self._settle.isActive():
            self._key = key
            self._settle.start()
        if self.disturbed != self._disturbance_reported:  # it belongs to its plan
            self._disturbance_reported = self.disturbed
            self.changed.emit()

    def measure(self) -> None:
        """Measure the plan as it is now."""
        plan = self._model.value
        if self._job is not None or not self._idle():
            return
        try:
            settings = plan.settings()
        except ValidationError:
            return  # a name is missing, or settings do not go together: the form says so
        self._key, values, device = work_key(plan.values, plan.device_name), plan.values, plan.device_name
        job = self._worker.submit(
            lambda _engine: measured(settings),
            priority=Priority.BACKGROUND,
        )
        self._job = job
        job.finished.connect(lambda found: self._on_found(job, values, device, found))
        job.failed.connect(lambda _problem: self._on_failed(job))
        job.cancelled.connect(lambda: self._on_failed(job))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop measuring; this plan is not measured again."""
        self._given_up.add(self._key)
        self._end()

    def again(self) -> None:
        """Measure the plan once more, which was disturbed."""
        plan = self._model.value
        key = work_key(plan.values, plan.device_name)
        self._given_up.discard(key)
        self._disturbed.discard(key)
        self.measure()
        self.changed.emit()

    def _end(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            self.changed.emit()

    def _on_found(self, job: Job, values: Mapping[str, Any], device: str, found: MeasuredSpeed) -> None:
        if found.disturbed:
            self._given_up.add(work_key(values, device))
            self._disturbed.add(work_key(values, device))
        else:
            self._book.add(values, device, found.images_per_second)
        if job is self._job:
            self._job = None
        self.changed.emit()

    def _on_failed(self, job: Job) -> None:
        """Times stay estimates then; that is no trouble of the artist's."""
        if job is self._job:
            self._given_up.add(self._key)
            self._job = None
            self.changed.emit()


def measured(settings: TrainSettings) -> Work[MeasuredSpeed]:
    """Images a second, measured where torch is."""
    from studio.training.speed_measurement import measure_speed

    return (yield from measure_speed(settings))
