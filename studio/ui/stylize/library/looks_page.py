"""The artist's looks beside the picture: styles, weights and settings under a name, with a small picture each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.gallery.looks import LOOK_SUFFIX, Look, LookLibrary, LookScan, SavedLook, look_preview
from studio.ui.command import Command, CommandSet
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets import enable_unless, to_qimage
from studio.ui.widgets.save_name import completed_name, free_name
from studio.ui.widgets.tiles import show_as_tiles
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.base.trash import Trashed
    from studio.ui.context import StudioContext

TILE = 84
_CAPTION = 20
_ROLE = Qt.ItemDataRole.UserRole
_SEEN_AT_ONCE = 6
"""Of more looks than these one may be searched for by its name."""

T = TypeVar("T")
Undo = Callable[[], object]


class _Tiles(QListWidget):
    """Cells share the width evenly."""

    def resizeEvent(self, event: object) -> None:
        width = max(1, self.viewport().width() - 1)
        cell = width // max(1, width // TILE)
        size = QSize(cell, cell + _CAPTION)
        if size != self.gridSize():
            self.setIconSize(QSize(cell - 10, cell - 10))
            self.setGridSize(size)
        super().resizeEvent(event)  # type: ignore[arg-type]


class LooksPage(QWidget):
    """A list of the looks. A click takes one; the menu renames, exports and deletes."""

    chosen = Signal(object)
    """The :class:`Look` that was clicked, its pictures at hand."""
    saveWanted = Signal()
    """The artist wants to save the present look; answer with :meth:`save`."""
    deleted = Signal(object, object)
    """A look was deleted: what brings it back, and what deletes it again."""

    def __init__(self, context: StudioContext, library: LookLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self.library = context, library
        self.scan = LookScan((), ())
        self._background = JobGroup(self, ordered=True)
        self._background.failed.connect(context.problem)
        self.save_button = QPushButton(icon("save"), self.tr("Save this look …"))
        self.save_button.setToolTip(
            self.tr("Keep these styles, their weights and the settings under a name, for any other photo")
        )
        self.save_button.clicked.connect(lambda: self.saveWanted.emit())
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search looks"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(lambda _text: self._show())
        self.import_button = QPushButton(self.tr("Import …"))
        self.import_button.setToolTip(self.tr("Take in looks from files, or drop them here"))
        self.import_button.clicked.connect(self._ask_files)
        self.list = _Tiles(self)
        show_as_tiles(self.list, "looks")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setDragEnabled(False)
        self.list.setAccessibleName(self.tr("My looks"))
        self.list.itemClicked.connect(lambda item: self._choose(item.data(_ROLE)))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.commands = CommandSet(self)
        self.commands.add(
            Command("style.rename", self.tr("Rename …"), self._ask_name, "settings"),
            Command("look.export", self.tr("Export …"), self._ask_export, "export"),
            Command("selection.remove", self.tr("Delete"), self._delete_selected, "trash"),
        )
        self.commands.add_keys(self.list, Qt.ShortcutContext.WidgetShortcut)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        top.setSpacing(SPACE_M)
        top.addWidget(self.save_button, 1)
        column.addLayout(top)
        find = QHBoxLayout()
        find.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        find.addWidget(self.search)
        column.addLayout(find)
        column.addWidget(self.list, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        bottom.setSpacing(SPACE_M)
        bottom.addWidget(self.note)
        bottom.addWidget(self.import_button)
        column.addLayout(bottom)
        self._show()

    # What others ask

    def refresh(self) -> None:
        """Look at the files again."""
        self._background.run(self._scan_files, self._take)

    def set_savable(self, missing: str) -> None:
        """Say what to do before there is a look to save; empty when there is one."""
        enable_unless(self.save_button, missing)

    def save(self, name: str, look: Look, preview: NDArray[np.uint8] | None) -> None:
        """Save a look, with the picture on the canvas as its small picture."""
        self._change(
            lambda: self.library.save(name, look, preview),
            lambda saved: self._context.notify.emit(self.tr("The look “{name}” is saved.").format(name=saved.name)),
        )

    def rename(self, saved: SavedLook, name: str) -> None:
        """Give a look another name."""
        self._change(lambda: self.library.rename(saved, name))

    def delete(self, saved: SavedLook) -> None:
        """Move a look to the trash; undo brings it back."""
        self._trash(saved, lambda trashed: self.deleted.emit(*self._ways(trashed, saved)))

    def add(self, paths: list[Path]) -> None:
        """Take in looks from files."""
        for path in paths:
            self._change(lambda path=path: self.library.add(path))  # type: ignore[misc]

    def export(self, saved: SavedLook, path: Path) -> None:
        """Write a look to a file of the artist's choice."""
        self._background.run(
            lambda: self.library.export(saved, path),
            lambda done: self._context.notify.emit(self.tr("Exported as {name}.").format(name=done.name)),
            must_finish=True,
        )

    def close_files(self) -> None:
        """Stop all work on files."""
        self._background.close()

    # Deleting, and the way back

    def _trash(self, saved: SavedLook, done: Callable[[Trashed], None]) -> None:
        def over(trashed: Trashed | None) -> None:
            if trashed is not None:
                done(trashed)
            self._context.notify.emit(self.tr("The look “{name}” is in the trash.").format(name=saved.name))

        self._change(lambda: self.library.trash(saved), over)

    def _ways(self, trashed: Trashed, saved: SavedLook) -> tuple[Undo, Undo]:
        """The steps that bring a deleted look back, and delete it once more."""
        latest, there = trashed, saved

        def came(path: Path) -> None:
            nonlocal there
            there = SavedLook(path, saved.look)

        def went(again: Trashed) -> None:
            nonlocal latest
            latest = again

        return lambda: self._change(latest.restore, came), lambda: self._trash(there, went)

    # Files

    def _change(self, work: Callable[[], T], done: Callable[[T], None] | None = None) -> None:
        def both() -> tuple[T, tuple[LookScan, list[NDArray[np.uint8] | None]]]:
            return work(), self._scan_files()

        def show(outcome: tuple[T, tuple[LookScan, list[NDArray[np.uint8] | None]]]) -> None:
            self._take(outcome[1])
            if done is not None:
                done(outcome[0])

        def failed(problem: StudioError) -> None:
            self._context.problem.emit(problem)
            self.refresh()

        self._background.run(both, show, failed, must_finish=True)

    def _scan_files(self) -> tuple[LookScan, list[NDArray[np.uint8] | None]]:
        scan = self.library.scan()
        return scan, [look_preview(saved.path) for saved in scan.looks]

    def _take(self, found: tuple[LookScan, list[NDArray[np.uint8] | None]]) -> None:
        self.scan, pictures = found
        chosen = self._selected()
        self.list.clear()
        for saved, picture in zip(self.scan.looks, pictures, strict=True):
            item = QListWidgetItem(self._icon(picture), saved.name)
            item.setData(_ROLE, saved)
            item.setToolTip(saved.name)
            self.list.addItem(item)
            if chosen is not None and saved.path == chosen.path:
                self.list.setCurrentItem(item)
        self._show()

    def _show(self) -> None:
        self.search.setVisible(len(self.scan.looks) > _SEEN_AT_ONCE or bool(self.search.text()))
        words = self.search.text().casefold().split()
        matching = 0
        for row in range(self.list.count()):
            name = self.list.item(row).text().casefold()
            found = all(word in name for word in words)
            self.list.item(row).setHidden(not found)
            matching += found
        problems = self.scan.problems
        if problems:
            self.note.setText(self.tr("%n files could not be used.", "", len(problems)))
            self.note.setToolTip("\n".join(translated(problem.message) for problem in problems[:20]))
        elif not self.scan.looks:
            self.note.setText(self.tr("A look is a blend with its settings. Save one, and use it on any photo."))
        elif not matching:
            self.note.setText(self.tr("No look is called that."))
        else:
            self.note.setText(self.tr("Click: use a look on this photo."))
        self.note.setMinimumHeight(3 * self.note.fontMetrics().lineSpacing())

    def _icon(self, image: NDArray[np.uint8] | None) -> QIcon:
        if image is None:
            return icon("stylize")
        side = min(image.shape[:2])
        top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
        pixmap = QPixmap.fromImage(to_qimage(np.ascontiguousarray(image[top : top + side, left : left + side])))
        result = QIcon(pixmap)
        result.addPixmap(pixmap, QIcon.Mode.Selected)  # selected pictures keep their colours
        return result

    # What the artist does

    def _selected(self) -> SavedLook | None:
        item = self.list.currentItem()
        return None if item is None else item.data(_ROLE)

    def _choose(self, saved: SavedLook) -> None:
        self._background.run(lambda: self.library.unpack(saved), self.chosen.emit)

    def _show_menu(self, at: QPoint) -> None:
        if self.list.itemAt(at) is not None:
            menu = QMenu(self)
            menu.addActions(self.commands.actions())
            menu.exec(self.list.viewport().mapToGlobal(at))

    def _ask_name(self) -> None:
        saved = self._selected()
        if saved is not None:
            name, sure = QInputDialog.getText(
                self, self.tr("Rename look"), self.tr("Name:"), QLineEdit.EchoMode.Normal, saved.name
            )
            if sure and name.strip() != saved.name:
                self.rename(saved, name)

    def _ask_export(self) -> None:
        saved = self._selected()
        if saved is None:
            return
        folder = self._context.settings.start_folder("look")
        kinds = f"{self.tr('Looks')} (*{LOOK_SUFFIX})"
        proposed = free_name(Path(folder) / saved.path.name)
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export look"), proposed, kinds)
        path = completed_name(self, name, (LOOK_SUFFIX,), LOOK_SUFFIX)
        if path is not None:
            self._context.settings.remember_folder("look", path)
            self.export(saved, path)

    def _ask_files(self) -> None:
        kinds = f"{self.tr('Looks')} (*{LOOK_SUFFIX})"
        folder = self._context.settings.start_folder("look")
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Import looks"), folder, kinds)
        if names:
            self._context.settings.remember_folder("look", names[0])
            self.add([Path(name) for name in names])

    def _delete_selected(self) -> None:
        saved = self._selected()
        if saved is not None:
            self.delete(saved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        saved = self._selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and saved is not None:
            self._choose(saved)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_looks(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        looks = _dropped_looks(event)
        if looks:
            self.add(looks)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()


def _dropped_looks(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == LOOK_SUFFIX]
