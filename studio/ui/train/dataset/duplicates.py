"""Pictures that nearly repeat others, as pairs side by side: the artist decides."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.base import Progress, StudioError, Work
from studio.training.findings import FolderReport, PictureFinding
from studio.training.mosaic import open_source
from studio.ui.command import Command, CommandSet
from studio.ui.theme import SPACE_M, colors
from studio.ui.train.dataset.findings import TRANSPARENT
from studio.ui.train.text import number, verdict_name
from studio.ui.widgets import to_qimage
from studio.worker import Job, thread_pool

Index = QModelIndex | QPersistentModelIndex
SHOWN_SIDE = 640


class _Pairs(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pairs: list[tuple[PictureFinding, PictureFinding]] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        first, second = self.pairs[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return f"{first.name}  ~  {second.name}"
        if role == Qt.ItemDataRole.ForegroundRole and "skipped" in (first.verdict, second.verdict):
            return QColor(colors().muted)
        return None


class _Side(QWidget):
    """One picture of a pair, as large as there is room, with what it is below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._title = ""
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage, title: str) -> None:
        """Show a picture."""
        self._image, self._title = image, title
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(0, 0, self.width(), self.height() - 22)
        painter.fillRect(room, QColor(colors().canvas))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            scale = min(room.width() / self._image.width(), room.height() / self._image.height())
            width, height = self._image.width() * scale, self._image.height() * scale
            area = QRectF((room.width() - width) / 2, (room.height() - height) / 2, width, height)
            if self._image.hasAlphaChannel():
                painter.fillRect(area, QColor(TRANSPARENT))
            painter.drawImage(area, self._image)
        painter.setPen(QColor(colors().muted))
        text = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(QRectF(0, room.bottom(), self.width(), 22), int(Qt.AlignmentFlag.AlignCenter), text)


def _both(first: PictureFinding, second: PictureFinding) -> Work[list[QImage]]:
    shown: list[QImage] = []
    for found in (first, second):
        yield Progress(len(shown), 2)
        try:
            picture = open_source(found)
            picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
            shown.append(to_qimage(np.asarray(picture)))
        except StudioError:
            shown.append(QImage())
    return shown


class NearDuplicates(QWidget):
    """A list of pairs, and the pair chosen, with three buttons."""

    decided = Signal(object, object)
    """Two lists of findings: to be used, and to be left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work: Job | None = None
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)
        self.model = _Pairs(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("QListView::item { padding: 3px 4px; }")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setAccessibleName(self.tr("Pairs of pictures that look alike"))
        self.list.selectionModel().currentChanged.connect(lambda index: self._show(index.row()))
        self.left, self.right = _Side(), _Side()
        self.commands = CommandSet(self)
        self.both = self._button("train.keep-both", self.tr("Keep both"), "add", True, True)
        self.only_left = self._button("train.keep-left", self.tr("Keep the left one"), "previous", True, False)
        self.only_right = self._button("train.keep-right", self.tr("Keep the right one"), "next", False, True)
        self.commands.add_keys(self)
        pictures = QHBoxLayout()
        pictures.setSpacing(SPACE_M)
        pictures.addWidget(self.left, 1)
        pictures.addWidget(self.right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_M)
        for button in (self.only_left, self.both, self.only_right):
            buttons.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._note, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(pictures, 3)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 2)

    def _button(self, command: str, text: str, glyph: str, left: bool, right: bool) -> QPushButton:
        self.commands.add(Command(command, text, lambda: self._decide(left, right), glyph, self._has_pair))
        button = QPushButton(text)
        button.setMinimumWidth(10)
        self.commands.attach(button, command)
        return button

    def set_report(self, report: FolderReport | None) -> None:
        """Show the pairs of a folder."""
        row = self.list.currentIndex().row()
        self.model.beginResetModel()
        self.model.pairs = []
        if report is not None:
            # A pair that was decided stays in the list, so that the decision can be taken back.
            for found in report.findings:
                near = next((duplicate for duplicate in found.duplicates if not duplicate.exact), None)
                if near is not None and not (found.duplicates and found.duplicates[0].exact):
                    other = (
                        report.findings[found.duplicate_of] if found.duplicate_of >= 0 else report.findings[near.index]
                    )
                    self.model.pairs.append((other, found))
            # Frames were decided without asking; they come last.
            self.model.pairs.sort(key=lambda pair: pair[1].frame is not None)
        self.model.endResetModel()
        count = len(self.model.pairs)
        # No higher than its rows: the pictures have the rest.
        self.list.setMaximumHeight(max(1, count) * max(1, self.list.sizeHintForRow(0)) + 2 * self.list.frameWidth() + 2)
        self._note.setText(
            self.tr(
                "{n} pictures nearly repeat another one. They are used all the same, unless you leave them out here or "
                "all of them at once at the right. Frames of films that nearly repeat are always left out."
            ).format(n=number(count))
            if count
            else self.tr("No picture nearly repeats another one.")
        )
        self._show(min(max(0, row), count - 1))
        if count:
            self.list.setCurrentIndex(self.model.index(min(max(0, row), count - 1)))

    def cancel(self) -> None:
        """Stop loading."""
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _current(self) -> tuple[PictureFinding, PictureFinding] | None:
        row = self.list.currentIndex().row()
        return self.model.pairs[row] if 0 <= row < len(self.model.pairs) else None

    def _has_pair(self) -> bool:
        return self._current() is not None

    def _show(self, row: int) -> None:
        self.cancel()
        pair = self.model.pairs[row] if 0 <= row < len(self.model.pairs) else None
        self.commands.refresh()
        for side in (self.left, self.right):
            side.show_image(QImage(), "")
        # Without a pair the note says all there is to say.
        for part in (self.both, self.only_left, self.only_right, self.left, self.right, self.list):
            part.setVisible(pair is not None)
        if pair is None:
            return
        work = thread_pool().submit(lambda: _both(*pair), owner=self)
        work.finished.connect(lambda images: self._on_loaded(pair, images))
        self._work = work

    def _on_loaded(self, pair: tuple[PictureFinding, PictureFinding], images: list[QImage]) -> None:
        self._work = None
        for side, found, image in zip((self.left, self.right), pair, images, strict=True):
            title = f"{found.name} · {found.width} × {found.height} · {verdict_name(found.verdict)}"
            side.show_image(image, title)

    def _decide(self, left: bool, right: bool) -> None:
        pair = self._current()
        if pair is None:
            return
        row = self.list.currentIndex().row()
        kept = [found for found, keep in zip(pair, (left, right), strict=True) if keep]
        dropped = [found for found, keep in zip(pair, (left, right), strict=True) if not keep]
        self.decided.emit(kept, dropped)
        # On to the next, as in a stack of photographs.
        if row + 1 < len(self.model.pairs):
            self.list.setCurrentIndex(self.model.index(row + 1))
