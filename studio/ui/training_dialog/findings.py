"""What was found in a folder, file by file, grouped by verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from studio.training.folder import FolderReport, PictureFinding
from studio.ui.theme import SPACE_M, icon
from studio.ui.training_dialog.words import number, remarks

_PATH = Qt.ItemDataRole.UserRole
_SORT = Qt.ItemDataRole.UserRole + 1


class FindingsView(QWidget):
    """A filter line over a tree: left out, used with a change, used. Return or a double-click asks to
    show the file."""

    wanted = Signal(object)
    """The ``Path`` of the file that was double-clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter by name or remark"))
        self._filter.setClearButtonEnabled(True)
        self._filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._model = QStandardItemModel(0, 3, self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._proxy.setRecursiveFilteringEnabled(True)
        self._proxy.setAutoAcceptChildRows(True)  # the name of a group finds all of it
        self._proxy.setSortRole(_SORT)
        self.tree = QTreeView()
        self.tree.setModel(self._proxy)
        self.tree.setUniformRowHeights(True)
        self.tree.setStyleSheet("QTreeView::item { padding: 2px 0; }")
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setIndentation(14)
        self.tree.setAccessibleName(self.tr("Findings"))
        self.tree.setToolTip(self.tr("Double-click a file to show it in its folder."))
        self._filter.textChanged.connect(self._on_filter)
        self.tree.activated.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._filter)
        layout.addWidget(self.tree, 1)

    def set_report(self, report: FolderReport | None) -> None:
        """Show the findings of ``report``, or nothing."""
        self._model.clear()
        self._model.setHorizontalHeaderLabels([self.tr("File"), self.tr("Size"), self.tr("Remarks")])
        if report is None:
            return
        plain = [found for found in report.used if set(found.reasons) <= {"cropped"}]
        changed = [found for found in report.used if not set(found.reasons) <= {"cropped"}]
        groups: list[tuple[str, Sequence[PictureFinding]]] = [
            (self.tr("Left out"), report.skipped),
            (self.tr("Used, changed on the way in"), changed),
            (self.tr("Used"), plain),
        ]
        for order, (title, findings) in enumerate(groups):
            if findings:
                self._add_group(order, f"{title} ({number(len(findings))})", report.folder, findings)
        header = self.tree.header()
        header.setStretchLastSection(True)
        for column, width in enumerate((200, 92)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.tree.setColumnWidth(column, width)
        self._expand()

    def _add_group(self, order: int, title: str, folder: Path, findings: Sequence[PictureFinding]) -> None:
        group = QStandardItem(title)
        font = group.font()
        font.setBold(True)
        group.setFont(font)
        group.setData(order, _SORT)
        rows = []
        for found in findings:
            name = QStandardItem(str(found.path.relative_to(folder)))
            name.setData(str(found.path), _PATH)
            name.setToolTip(str(found.path))
            size = QStandardItem(f"{found.width} × {found.height}" if found.width else "")
            remark = QStandardItem(remarks(found))
            remark.setToolTip(remark.text())
            rows.append((name, size, remark))
        for row in rows:
            group.appendRow(list(row))
        self._model.appendRow([group, QStandardItem(), QStandardItem()])

    def shown_files(self) -> int:
        """How many files pass the filter."""
        groups = range(self._proxy.rowCount())
        return sum(self._proxy.rowCount(self._proxy.index(group, 0)) for group in groups)

    def _expand(self) -> None:
        # Titles go over the whole width; what is used needs no look, unless it is being looked for.
        filtered = bool(self._filter.text())
        for row in range(self._proxy.rowCount()):
            self.tree.setFirstColumnSpanned(row, QModelIndex(), True)
            few = self._proxy.rowCount(self._proxy.index(row, 0)) <= 200
            self.tree.setExpanded(self._proxy.index(row, 0), filtered or few or row == 0)

    def _on_filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        self._expand()

    def _on_activated(self, index: QModelIndex) -> None:
        path = index.siblingAtColumn(0).data(_PATH)
        if path:
            self.wanted.emit(Path(path))
