"""The runs at the left: a picture, a name, a state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QImageReader, QPainter, QPainterPath
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.base import StudioError
from studio.base.paths import runs_dir
from studio.training.runs import PREVIEW_COLUMNS, RunDirectory
from studio.ui.theme import SPACE_M, colors, icon
from studio.ui.thumbnails import thumbnail_service
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.text import duration, status_color, status_name

Index = QModelIndex | QPersistentModelIndex

FOLLOWER = Qt.ItemDataRole.UserRole
THUMBNAIL = Qt.ItemDataRole.UserRole + 1
COMPACT = 120
"""A narrower list shows pictures and states only."""

_SIDE = 48


class RunsModel(QAbstractListModel):
    """All runs of the artist, newest first."""

    ended = Signal(object)
    """A :class:`RunFollower` whose process has ended while it was being watched."""

    def __init__(self, parent: QObject | None = None, folder: Path | None = None) -> None:
        super().__init__(parent)
        self._folder = folder if folder is not None else runs_dir()
        self.followers: list[RunFollower] = []
        self._thumbnails = thumbnail_service()
        self._thumbnails.arrived.connect(self._on_thumbnail)
        self._shown: dict[Path, Path] = {}  # run -> the preview of which it shows a part
        self._unreadable: set[Path] = set()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.followers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        follower = self.followers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return follower.run.settings.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{follower.run.settings.name}, {status_name(follower.status)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{follower.run.settings.name}\n{follower.run.path}"
        if role == FOLLOWER:
            return follower
        return self._thumbnail(follower) if role == THUMBNAIL else None

    def find_runs(self) -> None:
        """Add runs that have appeared, also by the command line, and take out those that are gone."""
        found = {path.parent for path in self._folder.glob("*/run.json")} - self._unreadable
        known = {follower.run.path for follower in self.followers}
        for path in known - found:
            row = self.row_of(path)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.followers[row]
            self.endRemoveRows()
        for path in sorted(found - known):
            try:
                run = RunDirectory(path)
            except StudioError:
                self._unreadable.add(path)
                continue
            self.add(run)

    def add(self, run: RunDirectory) -> RunFollower:
        """Add a run in its place."""
        row = sum(follower.run.path.name > run.path.name for follower in self.followers)
        follower = RunFollower(run)
        follower.refresh()
        self.beginInsertRows(QModelIndex(), row, row)
        self.followers.insert(row, follower)
        self.endInsertRows()
        return follower

    def row_of(self, path: Path) -> int:
        """The row of the run in ``path``; -1 when there is none."""
        return next((row for row, follower in enumerate(self.followers) if follower.run.path == path), -1)

    def refresh(self, follower: RunFollower) -> None:
        """Bring one run up to date."""
        was_active = follower.active
        if follower.refresh():
            index = self.index(self.row_of(follower.run.path))
            self.dataChanged.emit(index, index)
            if was_active and not follower.active:
                self.ended.emit(follower)

    def _thumbnail(self, follower: RunFollower) -> QImage | None:
        latest = follower.previews[-1] if follower.previews else follower.latest_preview()
        if latest is None:
            return None
        image = self._thumbnails.get(("run", latest), lambda: _first_samples(latest))
        if image is None or image.isNull():  # being read, or being written: what was shown before stays
            before = self._shown.get(follower.run.path)
            image = None if before is None else self._thumbnails.find(("run", before))
        else:
            self._shown[follower.run.path] = latest
        return image

    def _on_thumbnail(self, key: object) -> None:
        if isinstance(key, tuple) and key[0] == "run" and self.followers:
            self.dataChanged.emit(self.index(0), self.index(len(self.followers) - 1))


def _first_samples(preview: Path) -> QImage:
    """The first four samples of a contact sheet."""
    reader = QImageReader(str(preview))
    side = reader.size().width() // PREVIEW_COLUMNS * 2
    reader.setClipRect(QRect(0, 0, side, side))
    return reader.read()


class _RunDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _SIDE + 2 * SPACE_M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c = colors()
        follower: RunFollower = index.data(FOLLOWER)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = rect.adjusted(2, 1, -2, -1)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            tint = QColor(c.accent)
            tint.setAlpha(70 if selected else 28)
            painter.setBrush(tint)
            painter.drawRoundedRect(box, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QColor(c.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)

        square = QRect(rect.left() + SPACE_M, rect.top() + SPACE_M, _SIDE, _SIDE)
        picture = index.data(THUMBNAIL)
        path = QPainterPath()
        path.addRoundedRect(square, 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(square, QColor(c.canvas))
        if picture is not None:
            painter.drawImage(square, picture)
        else:
            icon("train").paint(painter, square.adjusted(14, 14, -14, -14))
        painter.restore()

        if rect.width() < COMPACT:
            painter.setPen(QColor(c.window))
            painter.setBrush(QColor(status_color(follower.status)))
            painter.drawEllipse(square.right() - 8, square.bottom() - 8, 11, 11)
            painter.restore()
            return
        left = square.right() + SPACE_M + 2
        width = rect.right() - left - SPACE_M
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(c.text))
        name = painter.fontMetrics().elidedText(follower.run.settings.name, Qt.TextElideMode.ElideRight, width)
        line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        running = follower.status in ("running", "paused")
        top = square.top() + (0 if running else 4)
        painter.drawText(QRect(left, top, width, 20), int(line), name)

        bold.setWeight(QFont.Weight.Normal)
        painter.setFont(bold)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(status_color(follower.status)))
        painter.drawEllipse(QRect(left, top + 26, 8, 8))
        text = status_name(follower.status)
        if follower.state.seconds_left is not None:
            text += " · " + duration(follower.state.seconds_left)
        painter.setPen(QColor(c.muted))
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width - 14)
        painter.drawText(QRect(left + 14, top + 20, width - 14, 20), int(line), text)
        if running and follower.state.total:
            share = min(1.0, follower.state.images / follower.state.total)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.line_strong))
            painter.drawRoundedRect(QRect(left, square.bottom() - 3, width, 3), 1.5, 1.5)
            painter.setBrush(QColor(status_color(follower.status)))
            painter.drawRoundedRect(QRect(left, square.bottom() - 3, max(3, round(width * share)), 3), 1.5, 1.5)
        painter.restore()


class RunList(QListView):
    """The list of runs."""

    chosen = Signal(object)
    """The :class:`RunFollower` that was selected."""

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_RunDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Training runs"))
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_current)

    def select(self, follower: RunFollower) -> None:
        """Make ``follower`` the current one."""
        model = self.model()
        assert isinstance(model, RunsModel)
        self.setCurrentIndex(model.index(model.row_of(follower.run.path)))

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(FOLLOWER))
