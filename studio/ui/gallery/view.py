"""The icon view: thumbnails over the whole width, opened with Return, dragged out as files."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from studio.ui.gallery.model import PictureDelegate
from studio.ui.theme import SPACE_L, SPACE_M, colors, icon
from studio.ui.widgets.tiles import show_as_tiles

SMALLEST, LARGEST, USUAL = 88, 320, 168


class PictureView(QListView):
    """Shows a ``PictureModel``. Cells share the width evenly."""

    opened = Signal(QModelIndex)
    """Return or a double-click."""

    def __init__(self, delegate: PictureDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._side = USUAL
        self._headline = ""
        self._explanation = ""
        self.setItemDelegate(delegate)
        show_as_tiles(self, "gallery-view")
        self.setAccessibleName(self.tr("Pictures"))
        self.doubleClicked.connect(self.opened)
        self._arrange()

    def set_side(self, side: int) -> None:
        """Show thumbnails of ``side`` pixels; the current picture stays in view."""
        self._side = side
        self._arrange()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def set_empty_text(self, headline: str, explanation: str) -> None:
        """Set the text shown when there is no picture."""
        self._headline, self._explanation = headline, explanation
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model() is None or self.model().rowCount() > 0 or not self._headline:
            return
        c = colors()
        painter = QPainter(self.viewport())
        middle = self.viewport().rect().center()
        icon("gallery").paint(painter, middle.x() - 28, middle.y() - 96, 56, 56)
        font = QFont(self.font())
        font.setPixelSize(20)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        box = self.viewport().rect().adjusted(SPACE_L, 0, -SPACE_L, 0)
        centred = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(box.adjusted(0, middle.y() - 20, 0, 0), centred, self._headline)
        painter.setFont(self.font())
        painter.setPen(QColor(c.muted))
        painter.drawText(box.adjusted(0, middle.y() + 16, 0, 0), centred, self._explanation)

    def _arrange(self) -> None:
        # One pixel less: at an exact fit the view may still break the row.
        width = max(1, self.viewport().width() - 1)
        columns = max(1, width // (self._side + 2 * SPACE_M))
        cell = max(1, width // columns)
        self._delegate.set_cell(min(self._side, cell - 2 * SPACE_M), cell)
        size = QSize(cell, self._delegate.cell.height())
        if size != self.gridSize():
            self.setGridSize(size)
