"""Large final renders: optimised at that size, or smaller and enlarged; which is quicker, and how both look."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Message, Progress, Work
from studio.recipes import StylizeRecipe
from studio.ui.context import StudioContext
from studio.ui.describe.times import duration
from studio.ui.stylize.draft import FACTORS
from studio.ui.stylize.render_time import RenderTimes, Stopwatch, kind_of, schedule, seconds_for
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import to_qimage
from studio.worker import Job

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.print_size import PartInTwoWays

_PART = 288
ENLARGING = "enlarge"
"""What the seconds of enlarging a megapixel are kept under, beside those of steps."""
OPTIMISED = Message("Optimising at print size")


class PrintSizeDialog(QDialog):
    """Two parts of a print beside one another, with the times of the wholes; the artist chooses how finals end."""

    chosen = Signal(int)
    """So many times the final render is enlarged; 1 leaves it as it is."""
    measured = Signal(str, object)
    """As :meth:`studio.ui.stylize.final_renders.FinalRenders.learn` takes them."""

    def __init__(
        self,
        context: StudioContext,
        recipe: StylizeRecipe,
        proportion: float,
        times: RenderTimes,
        factor: int,
        parent: QWidget,
    ) -> None:
        """
        Parameters
        ----------
        recipe : of the final render.
        proportion : short by long side of its picture.
        factor : how much it is enlarged so far.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Print size"))
        self._context, self._recipe, self._proportion, self._times = context, recipe, proportion, times
        self._job: Job | None = None
        self._factors = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(QLabel(self.tr("Size of the print:")))
        for each in FACTORS[1:]:
            button = QPushButton(self.tr("{size} px").format(size=recipe.size * each))
            button.setToolTip(
                self.tr("{factor} times the final render's {size} px").format(factor=each, size=recipe.size)
            )
            button.setCheckable(True)
            self._factors.addButton(button, each)
            row.addWidget(button)
        row.addStretch(1)
        self._factors.button(factor if factor > 1 else FACTORS[-1]).setChecked(True)
        self._factors.idClicked.connect(lambda _factor: self._on_factor())
        parts = QHBoxLayout()
        parts.setSpacing(SPACE_L)
        self.pictures: list[QLabel] = []
        self.texts: list[QLabel] = []
        for title in (self.tr("Optimised at that size"), self.tr("Optimised smaller, then enlarged")):
            head = QLabel(title)
            head.setStyleSheet("font-weight: 600;")
            picture = QLabel()
            picture.setFixedSize(_PART, _PART)
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setStyleSheet("border: 1px solid palette(mid);")
            text = QLabel()
            text.setWordWrap(True)
            text.setProperty("muted", True)
            column = QVBoxLayout()
            column.setSpacing(SPACE_S)
            for part in (head, picture, text):
                column.addWidget(part)
            parts.addLayout(column)
            self.pictures.append(picture)
            self.texts.append(text)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.bar.hide()
        self.show_button = QPushButton(icon("play"), "")
        self.show_button.clicked.connect(self._toggle)
        self.whole_button = QPushButton(self.tr("Optimise at that size"))
        self.whole_button.setAutoDefault(False)
        self.whole_button.setToolTip(self.tr("The final render gets that size, and is not enlarged"))
        self.whole_button.clicked.connect(lambda: self._choose(1))
        self.enlarge_button = QPushButton(self.tr("Enlarge the final render"))
        self.enlarge_button.setProperty("primary", True)
        self.enlarge_button.clicked.connect(lambda: self._choose(self.factor()))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        buttons.addWidget(self.whole_button)
        buttons.addWidget(self.enlarge_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addLayout(row)
        layout.addLayout(parts)
        layout.addWidget(self.verdict)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)
        self._on_factor()

    def factor(self) -> int:
        """The factor that is looked at."""
        return self._factors.checkedId()

    def _on_factor(self) -> None:
        self._stop()
        for picture in self.pictures:
            picture.setPixmap(QPixmap())
            picture.setText(self.tr("not shown yet"))
        self._show_state()

    # Times

    def seconds(self) -> tuple[float | None, float | None]:
        """Seconds of the print in both ways, optimised and enlarged; None before steps were measured here."""
        large = self._recipe.model_copy(update={"size": self._recipe.size * self.factor()})
        steps = self._times.rates(kind_of(self._recipe))
        whole, small = (
            seconds_for(steps, schedule(each.size, each.steps), self._proportion, farthest=math.inf)
            for each in (large, self._recipe)
        )
        rate = self._times.rates(ENLARGING).get(self.factor())
        if small is not None and rate is not None:
            small += rate[0] * self._recipe.size**2 * self._proportion / 1e6
        return whole, small

    def _show_state(self) -> None:
        whole, small = self.seconds()
        running = self._job is not None and not self._job.is_over
        unknown = self.tr("not measured here yet")
        self.texts[0].setText(unknown if whole is None else self.tr("{time} here").format(time=duration(whole)))
        self.texts[1].setText(unknown if small is None else self.tr("{time} here").format(time=duration(small)))
        if whole is None or small is None:
            text = self.tr("Showing both on a part measures them: then it is said which is quicker.")
        else:
            times = self.locale().toString(max(whole, small) / max(1e-6, min(whole, small)), "f", 1)
            text = (
                self.tr("Enlarging is {times} times as quick. Optimising at that size draws finer strokes.")
                if small < whole
                else self.tr("Optimising at that size is {times} times as quick, and draws finer strokes.")
            ).format(times=times)
        self.verdict.setText(text)
        self.bar.setVisible(running)
        self.show_button.setText(self.tr("Stop") if running else self.tr("Show both on a part"))
        self.show_button.setIcon(icon("stop" if running else "play"))

    # The part

    def _toggle(self) -> None:
        if self._job is not None and not self._job.is_over:
            self._stop()
            self._show_state()
            return
        recipe, factor = self._recipe, self.factor()

        stopwatches: dict[int, Stopwatch] = {}

        def work(engine: Engine) -> Work[PartInTwoWays]:
            from studio.engine.jobs.print_size import part_in_two_ways, sides_for

            for side in sides_for(factor):
                stopwatches[side] = Stopwatch(recipe.model_copy(update={"size": side}))
            whole, small = stopwatches.values()
            running = part_in_two_ways(engine, recipe, factor)
            while True:
                began = time.perf_counter()
                try:
                    progress = next(running)
                except StopIteration as stop:
                    return stop.value  # type: ignore[no-any-return]
                if progress.total == recipe.steps and progress.step > 0:
                    stopwatch = whole if progress.message == OPTIMISED else small
                    stopwatch.note(progress.step, time.perf_counter() - began)
                yield progress

        job = self._context.worker.submit(work, title=self.tr("A part in two ways"), key="stylize-print-size")
        self._job = job
        job.shown_elsewhere = self.isVisible
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.finished.connect(lambda made: self._on_finished(job, factor, made, stopwatches.values()))
        job.failed.connect(self._context.problem)
        job.stateChanged.connect(lambda _state: self._show_state())
        self._show_state()

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is not self._job:
            return
        first = progress.message == OPTIMISED
        self.bar.setValue(round(1000 * (progress.fraction / 2 if first else 0.5 + progress.fraction / 2)))
        if progress.preview is not None:
            self._show_part(0 if first else 1, progress.preview)

    def _on_finished(self, job: Job, factor: int, made: PartInTwoWays, stopwatches: Iterable[Stopwatch]) -> None:
        if job is self._job:
            self._show_part(0, made.optimised)
            self._show_part(1, made.enlarged)
            for stopwatch in stopwatches:
                self.measured.emit(kind_of(self._recipe), stopwatch.rates(1.0))
            self.measured.emit(ENLARGING, {factor: (made.enlarging, 0.0)})
            self._show_state()

    def _show_part(self, number: int, image: NDArray[np.uint8]) -> None:
        self.pictures[number].setPixmap(QPixmap.fromImage(to_qimage(image)))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _choose(self, factor: int) -> None:
        self._stop()
        self.chosen.emit(factor)
        self.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Close without a choice."""
        self._stop()
        super().reject()
