"""Samples beside the training pictures they are nearest to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.media.photos import rgb_pixels
from studio.training.measurements import COPY_SHARE, Evaluation, nearest_path
from studio.training.runs import NEAREST_COLUMNS
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, colors
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.text import memorising_report, number, percent
from studio.ui.translated import translated
from studio.ui.widgets import to_qimage
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.worker import JobGroup

TILE = 104
CAPTION = 22


class PairSheet(QWidget):
    """All pairs of one measurement, as many side by side as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[QImage, QImage, float]] = []
        self.setAccessibleName(self.tr("Samples and their nearest training pictures"))

    def show_pairs(self, sheet: QImage, ratios: list[float]) -> None:
        """``sheet`` holds rows of :data:`NEAREST_COLUMNS` pairs, each a sample and a picture; ``ratios`` likewise."""
        side = sheet.width() // (2 * NEAREST_COLUMNS)
        self._pairs = []
        for place, ratio in enumerate(ratios if side else []):
            row, column = divmod(place, NEAREST_COLUMNS)
            cells = [sheet.copy(QRect((2 * column + i) * side, row * side, side, side)) for i in (0, 1)]
            self._pairs.append((cells[0], cells[1], ratio))
        self._fit()
        self.update()

    def count(self) -> int:
        """Number of pairs."""
        return len(self._pairs)

    def sizeHint(self) -> QSize:
        return QSize(3 * self._cell().width(), 3 * self._cell().height())

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        rows = -(-len(self._pairs) // self._columns())
        self.setMinimumHeight(rows * self._cell().height())

    def _cell(self) -> QSize:
        return QSize(2 * TILE + 2 + SPACE_L, TILE + CAPTION + SPACE_M)

    def _columns(self) -> int:
        return max(1, self.width() // self._cell().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        c, cell, columns = colors(), self._cell(), self._columns()
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        for place, (sample, picture, ratio) in enumerate(self._pairs):
            row, column = divmod(place, columns)
            corner = QPoint(column * cell.width(), row * cell.height())
            painter.drawImage(QRect(corner, QSize(TILE, TILE)), sample)
            painter.drawImage(QRect(corner + QPoint(TILE + 2, 0), QSize(TILE, TILE)), picture)
            close = ratio < COPY_SHARE
            painter.setPen(QColor("#d2604f" if close else c.muted))
            text = self.tr("nearly the same") if close else self.tr("distance {n}").format(n=percent(ratio))
            painter.drawText(
                QRect(corner + QPoint(0, TILE + 2), QSize(2 * TILE + 2, CAPTION - 2)),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                text,
            )


class NearestDialog(QDialog):
    """The samples that come nearest to a training picture, and what that means."""

    def __init__(self, follower: RunFollower, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follower = follower
        self._background = JobGroup(self)
        self.setWindowTitle(self.tr("Nearest pictures – {name}").format(name=follower.run.settings.name))
        resize_within_screen(self, 3 * (2 * TILE + 2 + SPACE_L) + 60, 620)
        self._report = QLabel()
        self._report.setWordWrap(True)
        explanation = QLabel(
            self.tr(
                "Left a sample, right the picture of yours that is nearest to it; the closest first. The distance is "
                "that between the two, in percent of the distance from that picture to your next one. Compared are "
                "shapes and colours as a network sees them, so blurred or grainy copies can escape."
            )
        )
        explanation.setWordWrap(True)
        explanation.setProperty("muted", True)
        self.measurement = QComboBox()
        self.measurement.setAccessibleName(self.tr("Time"))
        for found in reversed(list(follower.measurements)):
            if follower.measurements.pairs.get(found.images):
                self.measurement.addItem(self.tr("after {n} images").format(n=number(found.images)), found)
        self.measurement.currentIndexChanged.connect(lambda _: self._show())
        self.sheet = PairSheet()
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.hide()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.sheet)
        top = QHBoxLayout()
        top.setSpacing(SPACE_L)
        top.addWidget(self._report, 1)
        top.addWidget(self.measurement, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addLayout(top)
        layout.addWidget(explanation)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self._problem)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        self._show()

    def _show(self) -> None:
        found = self.measurement.currentData()
        if not isinstance(found, Evaluation):
            return
        self._report.setText(memorising_report(found))
        ratios = [ratio for _, ratio in self._follower.measurements.pairs[found.images]]
        path = nearest_path(self._follower.run.path, found.images)
        self._background.run(
            lambda: to_qimage(rgb_pixels(path)),
            lambda image: self._show_pairs(image, ratios),
            self._show_problem,
            key="sheet",
        )

    def _show_pairs(self, sheet: QImage, ratios: list[float]) -> None:
        self.sheet.show_pairs(sheet, ratios)
        self._problem.hide()

    def _show_problem(self, problem: StudioError) -> None:
        self.sheet.show_pairs(QImage(), [])
        self._problem.setText(f"{translated(problem.message)} {translated(problem.action)}")
        self._problem.show()
