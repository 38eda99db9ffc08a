"""Three small answers before a final render: the same settings near to the photo, in the middle, and free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from studio.base import Message, Progress, Work
from studio.recipes import StylizeRecipe
from studio.ui.context import StudioContext
from studio.ui.stylize.render_time import Stopwatch, kind_of
from studio.ui.theme import SPACE_L, SPACE_M
from studio.ui.translated import translated
from studio.ui.widgets import to_qimage
from studio.worker import Job

if TYPE_CHECKING:
    from studio.engine import Engine

NEAR, MIDDLE, FREE = 0.8, 0.5, 0.2
"""Three strengths of the content."""
SIDE = 192
STEPS = 24
_TILE = 176

_Pixels = NDArray[np.uint8]


def small_answers(recipe: StylizeRecipe) -> list[StylizeRecipe]:
    """Return short, small optimisations of ``recipe`` with the three strengths, the nearest to the photo first."""
    common = {"method": "optimise", "size": min(SIDE, recipe.size), "steps": STEPS, "start": None, "stop_after": None}
    return [recipe.model_copy(update={**common, "content_strength": strength}) for strength in (NEAR, MIDDLE, FREE)]


class Answers(QFrame):
    """A small window with the three, which are made one after the other while it is open; a click takes one."""

    chosen = Signal(float)
    """The strength of the content of the one that was clicked."""
    measured = Signal(str, object)
    """The kind of work, and what :meth:`Stopwatch.rates` gave of the steps."""

    def __init__(self, context: StudioContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("stylizer-answers")
        self.setStyleSheet("#stylizer-answers { border: 1px solid palette(mid); }")
        self._context = context
        self._recipes: list[StylizeRecipe] = []
        self.pictures: list[_Pixels] = []
        self.job: Job | None = None
        title = QLabel(self.tr("How near to the photo?"))
        title.setStyleSheet("font-weight: 600;")
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 3 * STEPS)
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.buttons: list[QToolButton] = []
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        for strength, text in (
            (NEAR, self.tr("Near to the photo")),
            (MIDDLE, self.tr("In the middle")),
            (FREE, self.tr("Free")),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(_TILE, _TILE))
            # The theme gives tool buttons a height of their own.
            button.setStyleSheet(f"min-width: {_TILE + 8}px; min-height: {_TILE + 32}px; max-height: {_TILE + 32}px;")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, strength=strength: self._choose(strength))
            self.buttons.append(button)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.note)

    def show_for(self, recipe: StylizeRecipe, above: QWidget) -> None:
        """Make the answers for ``recipe``, and show them over ``above``."""
        self.pictures = []
        self._recipes = small_answers(recipe)
        for button, answer in zip(self.buttons, self._recipes, strict=True):
            button.setIcon(self._icon(None))
            button.setChecked(answer.content_strength == recipe.content_strength)
        self.bar.setValue(0)
        self.bar.show()
        self.note.setText(self.tr("Small and quick; the final has finer strokes. A click takes the setting."))
        self.adjustSize()
        corner = above.mapToGlobal(QPoint(above.width(), 0))
        area = above.screen().availableGeometry()
        left = max(area.left(), corner.x() - self.width())
        self.move(left, max(area.top(), corner.y() - self.height() - SPACE_M))
        self.show()
        self.buttons[1].setFocus()
        recipes, stopwatches = self._recipes, [Stopwatch(answer) for answer in self._recipes]

        def work(engine: Engine) -> Work[list[_Pixels]]:
            made: list[_Pixels] = []
            for number, (answer, stopwatch) in enumerate(zip(recipes, stopwatches, strict=True)):
                running = stopwatch.measured(engine.render(answer))
                while True:
                    try:
                        inner = next(running)
                    except StopIteration as stop:
                        made.append(stop.value.image)
                        break
                    if inner.total == STEPS:
                        yield Progress(number * STEPS + inner.step, 3 * STEPS)
                    else:  # fetching the network
                        yield Progress(inner.step, inner.total, inner.message)
                yield Progress((number + 1) * STEPS, 3 * STEPS, Message("Trying styles"), made[-1])
            return made

        job = self._context.worker.submit(work, key="stylize-answers", title=self.tr("Three answers"))
        self.job = job
        job.shown_elsewhere = self.isVisible
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.finished.connect(lambda _made: self._on_finished(job, stopwatches))
        job.failed.connect(lambda problem: self._context.problem.emit(problem))
        job.failed.connect(lambda _problem: self.close())

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is not self.job:
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.step)
        if progress.preview is not None:
            number = len(self.pictures)
            self.pictures.append(progress.preview)
            self.buttons[number].setIcon(self._icon(progress.preview))
        elif progress.message:
            self.note.setText(translated(progress.message))

    def _on_finished(self, job: Job, stopwatches: list[Stopwatch]) -> None:
        if job is not self.job:
            return
        self.bar.hide()
        shape = self.pictures[0].shape
        for stopwatch in stopwatches:
            self.measured.emit(kind_of(self._recipes[0]), stopwatch.rates(min(shape[:2]) / max(shape[:2])))

    def _icon(self, image: _Pixels | None) -> QIcon:
        side = round(_TILE * self.devicePixelRatioF())
        smooth = Qt.TransformationMode.SmoothTransformation
        if image is None:  # keeps its place
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
        else:
            pixmap = QPixmap.fromImage(to_qimage(image)).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        result = QIcon(pixmap)
        result.addPixmap(pixmap, QIcon.Mode.Normal, QIcon.State.On)
        return result

    def _choose(self, strength: float) -> None:
        self.close()
        self.chosen.emit(strength)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def hideEvent(self, event: QEvent) -> None:
        self._stop()

    def _stop(self) -> None:
        """Nobody looks any more."""
        if self.job is not None:
            self.job.cancel()
            self.job = None
