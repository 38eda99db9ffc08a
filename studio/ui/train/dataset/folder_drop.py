"""The empty state of the folder view, and what is dropped on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from studio.ui.local_files import local_path
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, colors, icon


def dropped_folder(mime: QMimeData) -> Path | None:
    """The folder that was dropped, or that of the first file dropped."""
    for url in mime.urls():
        if url.isLocalFile():
            path = local_path(url)
            if path.is_dir():
                return path
    return None


class FolderDrop(QFrame):
    """The empty state: a large place to drop a folder on, or to click."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("image-drop")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = self.tr("Drop a folder with your pictures here, or click to choose one")
        self._more = self.tr(
            "A few hundred pictures of one kind work best: one subject, one style, one viewpoint. "
            "Folders inside the folder are included. Your files are only read, and nothing leaves this computer."
        )
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._more)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        width = min(500, self.width() - 2 * SPACE_L)
        left, middle = (self.width() - width) // 2, self.height() // 2
        icon("folder").paint(painter, QRect(self.width() // 2 - 24, middle - 84, 48, 48))
        wrap = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        font = painter.font()
        font.setPixelSize(15)
        painter.setFont(font)
        painter.setPen(colors().text)
        used = painter.drawText(QRect(left, middle - 22, width, 60), wrap, self._title)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(colors().muted)
        painter.drawText(QRect(left, used.bottom() + SPACE_M + SPACE_S, width, 120), wrap, self._more)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class ElidedLabel(QLabel):
    """One line that is cut in the middle when there is no room; the whole text is the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setMinimumWidth(40)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._whole = text
        self.setToolTip(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))

    def sizeHint(self) -> QSize:
        return QSize(200, super().sizeHint().height())
