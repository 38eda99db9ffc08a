"""Two runs side by side: their samples after as many images, their curves in one chart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.media.photos import rgb_pixels
from studio.training.exports import images_of
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, is_dark, theme
from studio.ui.train.run.follower import RunFollower, RunNews
from studio.ui.train.run.quality import KID_COLORS, QualityChart
from studio.ui.train.text import kid, number
from studio.ui.widgets import Canvas
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.worker import JobGroup

STEPS = 200


class CompareDialog(QDialog):
    """Compare ``first`` with one of ``others``."""

    def __init__(self, first: RunFollower, others: Sequence[RunFollower], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Compare runs"))
        resize_within_screen(self, 1080, 760)
        self._followers = [first, others[0]]
        self._others = list(others)
        self._background = JobGroup(self)
        self._names = [QLabel(), QLabel()]
        self._counts = [QLabel(), QLabel()]
        self.canvases = [Canvas(), Canvas()]
        self.other = QComboBox()
        self.other.setAccessibleName(self.tr("Run to compare with"))
        for follower in others:
            self.other.addItem(follower.run.settings.name, follower)
        self.other.currentIndexChanged.connect(self._on_other)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        second = QHBoxLayout()
        second.setSpacing(SPACE_S)
        second.addWidget(self._names[1])
        second.addWidget(self.other, 1)
        grid.addWidget(self._names[0], 0, 0)
        grid.addLayout(second, 0, 1)
        for column in (0, 1):
            self._names[column].setTextFormat(Qt.TextFormat.RichText)
            self._names[column].setWordWrap(column == 0)
            self._counts[column].setProperty("muted", True)
            self.canvases[column].setMinimumHeight(180)
            grid.addWidget(self.canvases[column], 1, column)
            grid.addWidget(self._counts[column], 2, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setValue(STEPS)
        self.slider.setAccessibleName(self.tr("Time"))
        self.slider.setToolTip(self.tr("Shows the samples of both runs after as many images."))
        self.slider.valueChanged.connect(self._show_samples)
        self.chart = QualityChart(runs=2)
        self.chart.imagesWanted.connect(self._go_to)
        self._verdict = QLabel()
        self._verdict.setTextFormat(Qt.TextFormat.RichText)
        self._verdict.setWordWrap(True)
        upper, lower = QWidget(), QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, SPACE_M)
        above.addLayout(grid, 1)
        time = QLabel(self.tr("Time"))
        time.setBuddy(self.slider)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(time)
        row.addWidget(self.slider, 1)
        above.addLayout(row)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, SPACE_M, 0, 0)
        below.addWidget(self._verdict)
        below.addWidget(self.chart, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(lower)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.addWidget(splitter, 1)
        layout.addWidget(buttons)
        theme().changed.connect(self._describe)
        self._on_other(0)
        for follower in (first, *others):
            self._background.run(follower.news, partial(self._take, follower), lambda _problem: None)

    def _take(self, follower: RunFollower, news: RunNews) -> None:
        follower.take(news)
        if follower in self._followers:
            self._show_runs()

    def _on_other(self, place: int) -> None:
        self._followers[1] = self._others[place]
        self._show_runs()

    def _show_runs(self) -> None:
        self.chart.show_measurements(
            *(follower.measurements for follower in self._followers),
            nothing=self.tr("Neither run was measured."),
        )
        self.chart.reset_view()
        self._describe()
        self._show_samples()

    def _describe(self) -> None:
        side = 0 if is_dark() else 1
        for column, label in enumerate(self._names):
            # The second one's name is in the box beside its dot.
            name = f" <b>{escape(self._followers[0].run.settings.name)}</b>" if column == 0 else ""
            label.setText(f'<span style="color:{KID_COLORS[column][side]}">●</span>{name}')
        self._verdict.setText(self._comparison())

    def _comparison(self) -> str:
        if not all(follower.was_read for follower in self._followers):
            return ""
        first, second = (follower.measurements.best for follower in self._followers)
        if first is None or second is None:
            return self.tr("A comparison needs measurements of both runs.")
        if not first.compares_with(second):
            return self.tr(
                "These runs were measured differently, by {a} with {n} samples and by {b} with {m}: only their "
                "pictures can be compared, not the values."
            ).format(a=first.kid_name, n=number(first.samples), b=second.kid_name, m=number(second.samples))
        better = self._followers[0 if first.kid <= second.kid else 1].run.settings.name
        if abs(first.kid - second.kid) <= max(first.kid_spread, second.kid_spread):
            text = self.tr(
                "Smallest distance to the pictures (KID × 1000): {a} and {b}. The difference is within the spread."
            )
        else:
            text = self.tr("Smallest distance to the pictures (KID × 1000): {a} and {b}. “{name}” is better.")
        if self._followers[0].run.settings.folder != self._followers[1].run.settings.folder:
            text += " " + self.tr("They were trained on different folders.")
        return text.format(a=f"<b>{kid(first.kid)}</b>", b=f"<b>{kid(second.kid)}</b>", name=escape(better))

    def _longest(self) -> int:
        return max((images_of(path) for follower in self._followers for path in follower.previews[-1:]), default=0)

    def _go_to(self, images: int) -> None:
        self.slider.setValue(round(STEPS * images / max(1, self._longest())))

    def _show_samples(self) -> None:
        wanted = self._longest() * self.slider.value() / STEPS
        for column, follower in enumerate(self._followers):
            canvas = self.canvases[column]
            if follower.previews:
                path = min(follower.previews, key=lambda one: abs(images_of(one) - wanted))
                self._background.run(
                    partial(rgb_pixels, path),
                    partial(self._show_sheet, column, images_of(path)),
                    lambda _problem: None,  # removed meanwhile: what is shown stays
                    key=f"samples {column}",
                )
            else:
                self._background.drop(f"samples {column}")
                canvas.set_image(None)
                canvas.set_message(self.tr("This run has no samples.") if follower.was_read else "")
                self._counts[column].setText("")

    def _show_sheet(self, column: int, images: int, sheet: NDArray[np.uint8]) -> None:
        self.canvases[column].set_image(sheet)
        self._counts[column].setText(self.tr("after {n} images").format(n=number(images)))
