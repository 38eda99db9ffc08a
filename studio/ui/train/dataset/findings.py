"""The findings in a folder, picture by picture, in a table that stays quick with a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from studio.training.findings import FolderReport, PictureFinding, clock
from studio.training.summary import Summary
from studio.ui.command import Command, CommandSet
from studio.ui.theme import SPACE_M, SPACE_S, colors, icon
from studio.ui.train.dataset.thumbnails import FindingThumbnails
from studio.ui.train.text import number, reasons_text, verdict_name, with_loss

Index = QModelIndex | QPersistentModelIndex
Verdict = Literal["keep", "drop", ""]
ROW_HEIGHT = 40
NARROW = 560
TRANSPARENT = "#8c8c8c"
"""What is shown under transparent pictures: neither dark nor light figures vanish on it."""

FILE, SIZE, VERDICT, REASONS = range(4)


class FindingsModel(QAbstractTableModel):
    """Rows are places in an order over all findings: sorting and filtering make a new order, nothing else."""

    def __init__(self, thumbnails: FindingThumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.thumbnails = thumbnails
        thumbnails.arrived.connect(self._on_thumbnail)
        self._report: FolderReport | None = None
        self._findings: Sequence[PictureFinding] = ()
        self._folder = Path()
        self._summary: Summary | None = None
        self._kind, self._text = "all", ""
        self._sorted, self._descending = FILE, False
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._places: dict[int, int] | None = None
        self._titles = (self.tr("File"), self.tr("Size"), self.tr("Verdict"), self.tr("Remarks"))

    # ---- what is shown

    def set_report(self, report: FolderReport | None, summary: Summary | None) -> None:
        """Show these findings, or nothing."""
        self.beginResetModel()
        self._report, self._summary = report, summary
        self._findings = ()
        if report is not None:
            # What is neither a picture nor a film is listed, too: nothing in the folder goes without a word.
            others = (PictureFinding(path, 0, 0, "skipped", ("no_picture",)) for path in report.others)
            self._findings = (*report.findings, *others)
        self._arrange()
        self.endResetModel()

    def grow(self, folder: Path, findings: Sequence[PictureFinding], count: int) -> None:
        """Show the first ``count`` of ``findings`` while a folder is being looked through."""
        have = len(self._order)
        if self._report is not None or count <= have:
            return
        self._findings = findings
        self._folder = folder
        self.beginInsertRows(QModelIndex(), have, count - 1)
        self._order = np.arange(count)
        self._places = None
        self.endInsertRows()

    def set_filter(self, kind: str, text: str) -> None:
        """Show those of a kind (a key of :meth:`masks`) that contain ``text``."""
        if (kind, text) != (self._kind, self._text):
            self.beginResetModel()
            self._kind, self._text = kind, text
            self._arrange()
            self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by ``column``; equal ones stay in the order of their paths."""
        self.beginResetModel()
        self._sorted, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Masks of the findings of each kind."""
        if self._summary is None:
            return {}
        others = np.zeros(len(self._findings), bool)
        others[len(self._summary.used) :] = True
        kinds = {
            "used": self._summary.used,
            "cropped": self._summary.cropped,
            "enlarged": self._summary.enlarged,
            "skipped": ~self._summary.used,
            "alike": self._summary.alike,
        }
        rest = np.zeros(int(others.sum()), bool)
        return {"all": ~others, **{kind: np.append(mask, rest) for kind, mask in kinds.items()}, "other": others}

    def finding(self, row: int) -> PictureFinding:
        """The finding in a row."""
        return self._findings[int(self._order[row])]

    def place(self, row: int) -> int:
        """The index in the report of a row's finding."""
        return int(self._order[row])

    def _arrange(self) -> None:
        self._places = None
        if self._report is None or self._summary is None:
            self._order = np.empty(0, np.int64)
            return
        order = np.flatnonzero(self.masks()[self._kind])
        if self._text:
            label = self._text.casefold()
            order = np.array([index for index in order.tolist() if label in self._searched(index)], np.int64)
        if self._sorted == SIZE:
            area = np.array([found.width * found.height for found in self._findings], np.int64)
            order = order[np.argsort(area[order], kind="stable")]
        elif self._sorted == VERDICT:
            # By how much is wrong with them: used, cropped by how much, enlarged, left out.
            weight = np.full(len(self._findings), np.inf)
            worse = self._summary.lost + 2 * np.maximum(0, self._summary.scale - 1)
            weight[: len(worse)] = np.where(self._summary.used, worse, np.inf)
            order = order[np.argsort(weight[order], kind="stable")]
        elif self._sorted == REASONS:
            order = np.array(sorted(order.tolist(), key=self._reason_text), np.int64)
        self._order = order[::-1] if self._descending else order

    def _searched(self, index: int) -> str:
        return f"{self._name(self._findings[index])} {self._reason_text(index)}".casefold()

    def _name(self, found: PictureFinding) -> str:
        # A hundred thousand times while searching: pathlib would take seconds.
        folder = str(self._report.folder if self._report is not None else self._folder)
        name = str(found.path).removeprefix(folder).lstrip("/\\")
        return name if found.frame is None else f"{name} {clock(found.seconds)}"

    def _reason_text(self, index: int) -> str:
        return reasons_text(self._findings[index])

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, column = self.place(index.row()), index.column()
        found = self._findings[place]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if column == FILE:
                return str(found.path) if role == Qt.ItemDataRole.ToolTipRole else self._name(found)
            if column == SIZE:
                return f"{found.width} × {found.height}" if found.width else ""
            if column == VERDICT:
                if self._summary is None or found.verdict == "skipped":
                    return verdict_name(found.verdict)
                return with_loss(found, float(self._summary.lost[place]), float(self._summary.scale[place]))
            return self._reason_text(place)
        if role == Qt.ItemDataRole.DecorationRole and column == FILE and self._summary is not None:
            return self.thumbnails.image(place, found)
        if role == Qt.ItemDataRole.ForegroundRole and found.verdict == "skipped":
            return QColor(colors().muted)
        return None

    def _on_thumbnail(self, place: int) -> None:
        if self._places is None:
            self._places = {int(index): row for row, index in enumerate(self._order)}
        row = self._places.get(place)
        if row is not None:
            index = self.index(row, FILE)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])


class _FileDelegate(QStyledItemDelegate):
    """A thumbnail of fixed width, whole, and the name beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        whole.icon = whole.icon.__class__()  # type: ignore[attr-defined]
        whole.features &= ~QStyleOptionViewItem.ViewItemFeature.HasDecoration  # type: ignore[attr-defined]
        widget = option.widget  # type: ignore[attr-defined]
        text = whole.text  # type: ignore[attr-defined]
        whole.text = ""  # type: ignore[attr-defined]
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, widget)
        rect = option.rect  # type: ignore[attr-defined]
        side = rect.height() - 4
        if isinstance(image, QImage) and not image.isNull():
            size = image.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
            corner = rect.topLeft()
            area = QRect(corner.x() + 2 + (side - size.width()) // 2, corner.y() + 2, size.width(), size.height())
            area.translate(0, (side - size.height()) // 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if image.hasAlphaChannel():
                painter.fillRect(area, QColor(TRANSPARENT))
            painter.drawImage(area, image)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        palette = whole.palette  # type: ignore[attr-defined]
        painter.setPen(palette.color(palette.ColorRole.HighlightedText if selected else palette.ColorRole.Text))
        room = rect.adjusted(side + SPACE_M + 2, 0, -SPACE_S, 0)
        shown = whole.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())  # type: ignore[attr-defined]
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)


class FindingsView(QWidget):
    """A filter line over the table. Return or a double-click asks to show the file."""

    wanted = Signal(object)
    """The ``Path`` of the file that was double-clicked."""
    decided = Signal(object, str)
    """The artist wants these findings to be used ("keep"), left out ("drop"), or judged as usual ("")."""
    cropWanted = Signal(object)
    """A finding whose crop shall be set by hand."""

    def __init__(self, thumbnails: FindingThumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter by name or remark"))
        self._filter.setAccessibleName(self._filter.placeholderText())
        self._filter.setClearButtonEnabled(True)
        self._filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._kind = QComboBox()
        self._kind.setAccessibleName(self.tr("Which pictures to list"))
        self._kinds: tuple[tuple[str, str], ...] = (
            ("all", self.tr("All ({n})")),
            ("used", self.tr("Used ({n})")),
            ("cropped", self.tr("Cropped ({n})")),
            ("enlarged", self.tr("Enlarged ({n})")),
            ("skipped", self.tr("Left out ({n})")),
            ("alike", self.tr("Look-alikes ({n})")),
            ("other", self.tr("Other files ({n})")),
        )
        for kind, label in self._kinds:
            self._kind.addItem(label.format(n=0), kind)
        self.model = FindingsModel(thumbnails, self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setItemDelegateForColumn(FILE, _FileDelegate(self.tree))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setAccessibleName(self.tr("Findings"))
        self.tree.setToolTip(self.tr("Double-click a file to show it in its folder."))
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(60)
        for column in range(REASONS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.setSortIndicator(FILE, Qt.SortOrder.AscendingOrder)
        self.tree.setSortingEnabled(True)
        self._make_commands()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self._apply)
        self._filter.textChanged.connect(self._soon.start)
        self._kind.currentIndexChanged.connect(self._apply)
        self.tree.activated.connect(lambda index: self.wanted.emit(self.model.finding(index.row()).path))
        self.tree.selectionModel().selectionChanged.connect(self.commands.refresh)
        self.model.modelReset.connect(self.commands.refresh)

        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(self._filter, 1)
        top.addWidget(self._kind)
        self._wide: bool | None = None
        self._buttons: list[QToolButton] = []
        for action in self.commands.actions(["train.use-picture", "selection.remove", "train.crop"]):
            button = QToolButton()
            self._buttons.append(button)
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        self.commands.refresh()

    def _make_commands(self) -> None:
        self.commands = CommandSet(self)
        self.commands.add(
            Command(
                "train.use-picture", self.tr("Use"), lambda: self._decide("keep"), "add", self._picture_missing,
                tip=self.tr("Use the pictures selected, whatever speaks against it."),
            ),
            Command(
                "selection.remove", self.tr("Leave out"), lambda: self._decide("drop"), "remove", self._picture_missing,
                tip=self.tr("Leave the pictures selected out. The files stay as they are."),
            ),
            Command(
                "train.judge-as-usual", self.tr("Judge as usual"), lambda: self._decide(""), "reset",
                self._picture_missing, tip=self.tr("Take your decision on these pictures back."),
            ),
        )  # fmt: skip
        self.commands.add_separator()
        self.commands.add(
            Command(
                "train.crop", self.tr("Crop …"), lambda: self.cropWanted.emit(self.selected()[0]), "fit",
                self._one_missing, tip=self.tr("Choose by hand what the network sees of this picture."),
            ),
        )  # fmt: skip
        self.commands.add_keys(self.tree, Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # ---- what others ask

    def set_report(self, report: FolderReport | None, summary: Summary | None = None) -> None:
        """Show the findings of ``report``, or nothing."""
        kept = {found.path for found in self.selected()} if report is not None else set()
        position = self.tree.verticalScrollBar().value()
        self.model.set_report(report, summary)
        masks = self.model.masks()
        for row, (kind, label) in enumerate(self._kinds):
            count = int(masks[kind].sum()) if masks else 0
            self._kind.setItemText(row, label.format(n=number(count)))
        if kept and len(kept) <= 100:
            self._select(kept)
            self.tree.verticalScrollBar().setValue(position)

    def set_kind(self, kind: str) -> None:
        """List only pictures of a kind; see :meth:`FindingsModel.set_filter`."""
        self._kind.setCurrentIndex(self._kind.findData(kind))

    def shown_files(self) -> int:
        """Number of pictures that pass the filter."""
        self._apply()
        return self.model.rowCount()

    def selected(self) -> list[PictureFinding]:
        """The pictures selected."""
        return [self.model.finding(index.row()) for index in self.tree.selectionModel().selectedRows()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style, wide = Qt.ToolButtonStyle, self.width() >= NARROW
        if wide != self._wide:  # else the widths are the artist's
            self._wide = wide
            for column, width in enumerate((206, 88, 140) if wide else (170, 84, 90)):
                self.tree.setColumnWidth(column, width)
        for button in self._buttons:
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly)

    # ---- inside

    def _select(self, paths: set[Path]) -> None:
        selection = self.tree.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for row in range(self.model.rowCount()):
            if self.model.finding(row).path in paths:
                selection.select(self.model.index(row, 0), flags)

    def _apply(self) -> None:
        self._soon.stop()
        self.model.set_filter(str(self._kind.currentData()), self._filter.text().strip())

    def _decide(self, verdict: str) -> None:
        chosen = [found for found in self.selected() if found.content]
        if chosen:
            self.decided.emit(chosen, verdict)

    def _chosen_rows(self) -> list[int]:
        rows = self.tree.selectionModel().selectedRows() if self.model.rowCount() else []
        return [index.row() for index in rows]

    def _picture_missing(self) -> str:
        rows = self._chosen_rows()
        if not rows:
            return self.tr("Select pictures first.")
        opens = any(self.model.finding(row).width for row in rows[:1000])
        return "" if opens else self.tr("None of the selected files is a picture that opens.")

    def _one_missing(self) -> str:
        rows = self._chosen_rows()
        one = len(rows) == 1 and self.model.finding(rows[0]).width > 0
        return "" if one else self.tr("Select one picture that opens.")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(self.commands.actions())
        chosen = self.selected()
        if len(chosen) == 1:
            menu.addAction(icon("show-file"), self.tr("Show the file"), lambda: self.wanted.emit(chosen[0].path))
        menu.exec(event.globalPos())
