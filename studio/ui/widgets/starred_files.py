"""Files with a picture and a star, as an item model and as tiles: the gallery's and the style library's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QHelpEvent, QIcon, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from studio.ui.command import with_keys
from studio.ui.local_files import local_url
from studio.ui.theme import icon

FILE_ROLE = Qt.ItemDataRole.UserRole
"""The ``Picture`` or ``Style`` itself."""
BADGE = 22

Index = QModelIndex | QPersistentModelIndex


class StarredFile(Protocol):
    """The interface of a file to the model."""

    @property
    def path(self) -> Path:
        """The path of the file."""

    @property
    def favourite(self) -> bool:
        """True when it has a star."""


F = TypeVar("F", bound=StarredFile)


class StarredFiles(QAbstractListModel, Generic[F]):
    """The files that are shown; they are dragged out as files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: list[F] = []
        self._rows: dict[Path, int] = {}

    def set_files(self, files: Sequence[F]) -> None:
        """Show ``files``; a list that differs in details only keeps rows and selection."""
        same = [file.path for file in files] == [file.path for file in self._files]
        if not same:
            self.beginResetModel()
        self._files = list(files)
        self._rows = {file.path: row for row, file in enumerate(self._files)}
        if not same:
            self.endResetModel()
        else:
            self.touch_all()

    def files(self) -> list[F]:
        """The files shown."""
        return list(self._files)

    def file(self, index: Index) -> F | None:
        """The file at ``index``."""
        return self._files[index.row()] if index.isValid() and index.row() < len(self._files) else None

    def index_of(self, path: Path) -> QModelIndex:
        """The index of the file at ``path``; invalid when it is not shown."""
        row = self._rows.get(path)
        return QModelIndex() if row is None else self.index(row)

    def replace(self, file: F) -> None:
        """Show the new state of a file that is shown."""
        row = self._rows.get(file.path)
        if row is not None:
            self._files[row] = file
            self.dataChanged.emit(self.index(row), self.index(row))

    def touch(self, path: Path) -> None:
        """Have the file at ``path`` painted again."""
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def touch_all(self) -> None:
        """Have everything painted again."""
        if self._files:
            self.dataChanged.emit(self.index(0), self.index(len(self._files) - 1))

    def name(self, file: F) -> str:
        """The name shown for a file."""
        return file.path.stem

    def tip(self, file: F) -> str:
        """The tooltip of a file."""
        return file.path.name

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        file = self.file(index)
        if file is None:
            return None
        if role == FILE_ROLE:
            return file
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.name(file)
        return self.tip(file) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else base

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        mime.setUrls([local_url(file.path) for file in map(self.file, indexes) if file is not None])
        return mime


class StarredTiles(QStyledItemDelegate, Generic[F]):
    """Knows the star in the corner of a tile; what is painted around it, others know."""

    starClicked = Signal(object)
    """The file whose star was clicked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cell = QSize()

    def star_rect(self, cell: QRect, file: F) -> QRectF:
        """The rectangle of the star of ``file`` in its ``cell``."""
        raise NotImplementedError

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        if (
            event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and (file := index.data(FILE_ROLE)) is not None
            and self.star_rect(option.rect, file).contains(event.position())  # type: ignore[attr-defined]
        ):
            if event.type() == QEvent.Type.MouseButtonPress:
                self.starClicked.emit(file)
            return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        file: F | None = index.data(FILE_ROLE) if index.isValid() else None
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if file is not None and self.star_rect(rect, file).contains(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), with_keys(self.tr("Favourite"), "picture.favourite"), view)
            return True
        return super().helpEvent(event, view, option, index)

    def paint_star(self, painter: QPainter, cell: QRect, file: F) -> None:
        """Draw the star of ``file``, full or empty."""
        glyph = "star" if file.favourite else "star-outline"
        paint_badge(painter, self.star_rect(cell, file), glyph, QColor(0, 0, 0, 130))


def paint_badge(painter: QPainter, place: QRectF, glyph: str, ground: QColor) -> None:
    """A sign on a round, coloured ``ground``."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(place)
    # "On" is drawn for a coloured ground: white in both themes.
    icon(glyph).paint(painter, place.toRect().adjusted(4, 4, -4, -4), state=QIcon.State.On)
