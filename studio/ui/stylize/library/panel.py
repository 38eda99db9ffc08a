"""The style library beside the picture, and the looks. Click to try a style, drop pictures to keep them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QFileSystemWatcher, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.gallery import Style, StyleLibrary, StyleScan
from studio.gallery.looks import LOOKS_FOLDER, LookLibrary
from studio.ui.command import Command, CommandSet, with_keys
from studio.ui.describe.style_names import ready_text, style_name
from studio.ui.file_manager import show_in_file_manager
from studio.ui.stylize.library.looks_page import LooksPage
from studio.ui.stylize.library.view import StyleDelegate, StyleModel, StyleView
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.thumbnails import FileThumbnails
from studio.ui.translated import translated
from studio.ui.widgets import DroppedPicture, ImageDrop, dropped_pictures, enable_unless, tool_button
from studio.ui.widgets.dropped import web_addresses
from studio.ui.widgets.questions import ask
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

LIBRARY_WIDTH = 228
_SETTLE_MS = 400

T = TypeVar("T")
_Choice = tuple[str, str]
"""What the folder box filters by: ("all" | "ready" | "own", folder)."""


class StyleLibraryPanel(QFrame):
    """Search, folders and favourites over a grid of styles."""

    picked = Signal(object)
    """A ``Style`` to be tried alone."""
    blended = Signal(object)
    """A ``Style`` to be blended in, or taken out when it is in the blend."""
    """Show the photo in every style that is shown."""
    shownChanged = Signal()
    """Other styles are shown than before."""
    closeWanted = Signal()

    def __init__(self, context: StudioContext, library: StyleLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("style-library")
        self._context = context
        self.library = library
        self.scan = StyleScan((), (), ())
        self._scanned = False
        # One thread: changes happen in the order they were made, each followed by a look at the files.
        self._background = JobGroup(self, ordered=True)
        self._background.failed.connect(context.problem)
        self._thumbnails = FileThumbnails(library, "style", self)
        self._settles = QTimer(self)
        self._settles.setSingleShot(True)
        self._settles.setInterval(_SETTLE_MS)
        self._settles.timeout.connect(self.refresh)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self._settles.start())

        self.model = StyleModel(self)
        self._thumbnails.ready.connect(self.model.touch)
        delegate = StyleDelegate(self._thumbnails, self.model, self)
        delegate.starClicked.connect(lambda style: self.set_favourite([style], not style.favourite))
        self.view = StyleView(self.model, delegate, self)
        self.view.picked.connect(self.picked)
        self.view.blended.connect(self.blended)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self._make_commands()

        self._intake = ImageDrop(parent=self)  # never shown: it knows files, browsers and the clipboard
        self._intake.hide()
        self._intake.start_folder = lambda: context.settings.start_folder("style")
        self._intake.pictureDropped.connect(self.add)
        self._intake.problem.connect(context.problem)
        self.setAcceptDrops(True)
        looks = LookLibrary(context.gallery.folder / LOOKS_FOLDER, context.sources)
        self.looks = LooksPage(context, looks)
        self._lay_out()
        self.setMinimumWidth(LIBRARY_WIDTH - 24)
        self.refresh()
        self.looks.refresh()

    # What others ask

    def refresh(self) -> None:
        """Look at the files again."""
        self._background.run(self.library.scan, self._show_scan)

    def shown(self) -> list[Style]:
        """The styles that are shown now."""
        return self.model.files()

    def set_used(self, hashes: frozenset[str]) -> None:
        """Mark the styles of the blend."""
        self.model.set_used(hashes)

    def sheet_missing(self, missing: str) -> str:
        """A sentence on what to do before a photo can be shown in all styles, ``missing`` first; empty: nothing."""
        return missing or ("" if self.shown() else self.tr("No style is shown here."))

    def close_files(self) -> None:
        """Stop all work on files."""
        self._settles.stop()
        self._background.close()
        self._thumbnails.close()
        self.looks.close_files()

    def choose(self) -> None:
        """Ask for pictures to add."""
        self._intake.choose()

    def add(self, picture: DroppedPicture) -> None:
        """Copy a picture into the folder that is shown."""
        folder = self._own_folder()
        if picture.path is not None:
            self._context.settings.remember_folder("style", picture.path)

        def work() -> tuple[Style, bool]:
            source = picture.source()
            if isinstance(source, bytes):
                return self.library.add_bytes(source, picture.name, folder)
            return self.library.add(source, folder)

        def added(result: tuple[Style, bool]) -> None:
            style, new = result
            if not new:
                self._context.notify.emit(
                    self.tr("This picture is in the style library already, as “{name}”.").format(name=style_name(style))
                )

        self._change(work, added)

    def set_favourite(self, styles: Sequence[Style], favourite: bool) -> None:
        """Mark or unmark favourites."""
        self._change(lambda: [self.library.set_favourite(style, favourite) for style in styles])

    def rename(self, style: Style, name: str) -> None:
        """Give an own style another name."""
        self._change(lambda: self.library.rename(style, name))

    def move_to(self, styles: Sequence[Style], folder: str) -> None:
        """Move own styles to another folder."""
        self._change(lambda: [self.library.move(style, folder) for style in styles])

    def trash(self, styles: Sequence[Style]) -> None:
        """Move own styles to the trash."""
        self._change(lambda: self.library.trash(styles))

    def new_folder(self, name: str, styles: Sequence[Style] = ()) -> None:
        """Make a folder, and move ``styles`` there."""

        def work() -> str:
            folder = self.library.new_folder(name)
            for style in styles:
                self.library.move(style, folder)
            return folder

        self._change(work)

    # The parts

    def _lay_out(self) -> None:
        self.pages = QTabBar()
        self.pages.setDrawBase(False)
        self.pages.setExpanding(False)
        self.pages.setUsesScrollButtons(False)
        self.pages.setStyleSheet("QTabBar::tab { padding: 5px 8px; }")
        self.pages.addTab(self.tr("Styles"))
        self.pages.addTab(self.tr("My looks"))
        self.pages.currentChanged.connect(self._show_page)
        self.sheet_button = tool_button("grid", self.tr("Show the photo in all of these styles"), side=17)
        add = tool_button("add", self.tr("Add pictures to the library"), self.choose, side=17)
        close = tool_button(
            "cancel", with_keys(self.tr("Hide the style library"), "stylize.library"), self.closeWanted.emit, side=17
        )
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.pages, 1)
        for button in (self.sheet_button, close):
            head.addWidget(button)

        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search styles"))
        self.search.setAccessibleName(self.tr("Search styles"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(lambda _text: self._show())
        self.folders = QComboBox()
        self.folders.setAccessibleName(self.tr("Folder of styles"))
        self.folders.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.folders.setMinimumContentsLength(6)
        self.folders.currentIndexChanged.connect(lambda _index: self._show())
        self.favourites = tool_button("star-outline", self.tr("Favourites only"), side=17)
        self.favourites.setCheckable(True)
        self.favourites.toggled.connect(self._show_favourites)
        filters = QHBoxLayout()
        filters.setSpacing(SPACE_S)
        filters.addWidget(self.folders, 1)
        filters.addWidget(self.favourites)
        filters.addWidget(add)

        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(2 * self.note.fontMetrics().lineSpacing())  # its words change, the tiles stay

        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_M, SPACE_S, 0, SPACE_M)
        whole.setSpacing(SPACE_M)
        first = QVBoxLayout()
        first.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        first.addLayout(head)
        whole.addLayout(first)
        styles = QWidget()
        column = QVBoxLayout(styles)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.stack = QStackedWidget()
        self.stack.addWidget(styles)
        self.stack.addWidget(self.looks)
        whole.addWidget(self.stack, 1)
        top = QVBoxLayout()
        top.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        top.setSpacing(SPACE_M)
        top.addWidget(self.search)
        top.addLayout(filters)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(SPACE_S, 0, SPACE_M, 0)
        bottom.addWidget(self.note)
        column.addLayout(bottom)

    def _show_page(self, page: int) -> None:
        """Show the styles, or the looks."""
        self.stack.setCurrentIndex(page)
        self.sheet_button.setVisible(page == 0)

    def _make_commands(self) -> None:
        self.commands = CommandSet(self)
        self.commands.add(
            Command("style.only", self.tr("This style alone"), self._pick_selected, "stylize"),
            Command("style.blend", self.tr("Blend in or take out"), self._blend_selected, "add"),
            Command("picture.favourite", self.tr("Favourite"), self._toggle_star, "star-outline"),
            Command("style.rename", self.tr("Rename …"), self._ask_name, "settings"),
            Command("style.show-file", self.tr("Show in the file manager"), self._show_in_file_manager, "show-file"),
            Command("selection.remove", self.tr("Move to the trash"), self._ask_trash, "trash"),
        )
        self.commands.add_keys(self.view, Qt.ShortcutContext.WidgetShortcut)

    # Showing

    def _change(self, work: Callable[[], T], done: Callable[[T], None] | None = None) -> None:
        """Do ``work`` on the files, then show what became of them."""

        def both() -> tuple[T, StyleScan]:
            result = work()
            return result, self.library.scan()

        def show(outcome: tuple[T, StyleScan]) -> None:
            self._show_scan(outcome[1])
            if done is not None:
                done(outcome[0])

        def failed(problem: StudioError) -> None:
            self._context.problem.emit(problem)
            self.refresh()

        self._background.run(both, show, failed)

    def _show_scan(self, scan: StyleScan) -> None:
        self._scanned = True
        self.scan = scan
        watched = [str(self.library.folder), *(str(self.library.folder / name) for name in scan.own_folders)]
        new = [name for name in watched if name not in self._watcher.directories() and Path(name).is_dir()]
        if new:
            self._watcher.addPaths(new)
        self._fill_folders()
        self._show()

    def _fill_folders(self) -> None:
        entries: list[tuple[str, _Choice]] = [(self.tr("All styles"), ("all", ""))]
        entries.append((self.tr("Ready styles"), ("ready", "")))
        entries += [(f"    {ready_text(name)}", ("ready", name)) for name in self.scan.ready_folders]
        entries.append((self.tr("My styles"), ("own", "")))
        entries += [("    " + name.replace("/", " / "), ("own", name)) for name in self.scan.own_folders]
        # The entry that is chosen stays where it is, so that nothing else is shown meanwhile.
        wanted = ["/".join(choice) for _, choice in entries]
        if self.folders.count() and "/".join(self._chosen()) not in wanted:
            self.folders.setCurrentIndex(0)
        for row in reversed(range(self.folders.count())):
            if self.folders.itemData(row) not in wanted:
                self.folders.removeItem(row)
        for row, (text, _) in enumerate(entries):
            if self.folders.itemData(row) != wanted[row]:
                self.folders.insertItem(row, text, wanted[row])
        while self.folders.count() > len(entries):
            self.folders.removeItem(len(entries))

    def _chosen(self) -> _Choice:
        part, _, folder = str(self.folders.currentData() or "all").partition("/")
        return part, folder

    def _own_folder(self) -> str:
        part, folder = self._chosen()
        return folder if part == "own" else ""

    def _show(self) -> None:
        part, folder = self._chosen()
        styles = self.scan.chosen(
            self._english(self.search.text()),
            folder=folder or None,
            ready=None if part == "all" else part == "ready",
            favourites=self.favourites.isChecked(),
        )
        before = [style.path for style in self.shown()]
        self.model.set_files(styles)
        if self.favourites.isChecked():
            self.view.set_empty_text(self.tr("No favourites here. The star on a style makes it one."))
        elif self.search.text().strip():
            self.view.set_empty_text(self.tr("No style is called so."))
        else:
            self.view.set_empty_text(self.tr("Drop pictures here. They are copied into your folder of styles."))
        self._show_note()
        if before != [style.path for style in styles]:
            self.shownChanged.emit()

    def _english(self, text: str) -> str:
        """The artist's search, with the names of ready styles in their language led back to the English ones."""
        wanted = text.casefold().strip()
        for style in self.scan.styles if wanted else ():
            if style.ready and wanted in style_name(style).casefold() and wanted not in style.name.casefold():
                return style.name
        return text

    def _show_note(self) -> None:
        skipped = self.scan.skipped
        if skipped:
            self.note.setText(self.tr("%n files could not be used.", "", len(skipped)))
            self.note.setToolTip("\n".join(translated(file.reason.message) for file in skipped[:20]))
        else:
            self.note.setText(self.tr("Drop pictures here to keep them as styles."))
            self.note.setToolTip(str(self.library.folder))

    def _show_favourites(self, on: bool) -> None:
        self.favourites.setIcon(icon("star" if on else "star-outline"))
        self._show()

    # The menu

    def _show_menu(self, at: QPoint) -> None:
        chosen = self.view.selected() if self.view.indexAt(at).isValid() else []
        self.menu_for(chosen).exec(self.view.viewport().mapToGlobal(at))

    def menu_for(self, chosen: list[Style]) -> QMenu:
        """The context menu over ``chosen`` styles, or over none."""
        menu = QMenu(self)
        own = bool(chosen) and not any(style.ready for style in chosen)
        if chosen:
            if len(chosen) == 1:
                menu.addAction(self.commands.action("style.only"))
            menu.addActions(self.commands.actions(["style.blend", "picture.favourite"]))
            menu.addSeparator()
        if own:
            if len(chosen) == 1:
                menu.addAction(self.commands.action("style.rename"))
            places = menu.addMenu(icon("folder"), self.tr("Move to"))
            places.setToolTipsVisible(True)
            there = self.tr("All of them lie there already.")
            for folder in ("", *self.scan.own_folders):
                name = folder.replace("/", " / ") or self.tr("My styles")
                entry = places.addAction(name)
                enable_unless(entry, "" if any(style.folder != folder for style in chosen) else there)
                entry.triggered.connect(lambda _=False, folder=folder: self.move_to(chosen, folder))
            places.addSeparator()
            places.addAction(self.tr("New folder …")).triggered.connect(lambda: self._ask_folder(chosen))
        if len(chosen) == 1:
            menu.addAction(self.commands.action("style.show-file"))
        if own:
            menu.addSeparator()
            menu.addAction(self.commands.action("selection.remove"))
        if not chosen:
            menu.addAction(icon("add"), self.tr("Add pictures …")).triggered.connect(lambda: self.choose())
            menu.addAction(icon("paste"), self.tr("Paste a picture")).triggered.connect(lambda: self._intake.paste())
            menu.addAction(icon("folder"), self.tr("New folder …")).triggered.connect(lambda: self._ask_folder([]))
        return menu

    def _pick_selected(self) -> None:
        for style in self.view.selected()[:1]:
            self.picked.emit(style)

    def _blend_selected(self) -> None:
        for style in self.view.selected():
            self.blended.emit(style)

    def _toggle_star(self) -> None:
        chosen = self.view.selected()
        if chosen:
            self.set_favourite(chosen, not all(style.favourite for style in chosen))

    def _ask_name(self) -> None:
        chosen = self.view.selected()
        if not chosen:
            return
        style, name, sure = chosen[0], chosen[0].name, True
        if not style.ready:  # the library says why those cannot be
            name, sure = QInputDialog.getText(
                self, self.tr("Rename style"), self.tr("Name:"), QLineEdit.EchoMode.Normal, style.name
            )
        if sure and (style.ready or name.strip() != style.name):
            self.rename(style, name)

    def _ask_folder(self, styles: Sequence[Style]) -> None:
        name, sure = QInputDialog.getText(self, self.tr("New folder"), self.tr("Name:"))
        if sure:
            self.new_folder(name, styles)

    def _ask_trash(self) -> None:
        chosen = self.view.selected()
        if not chosen:
            return
        question = self.tr("Move %n styles to the trash?", "", len(chosen))
        more = self.tr("Pictures made with them keep their own copy and can be changed as before.")
        if any(style.ready for style in chosen) or ask(
            self, question, more, yes=self.tr("Move to the trash"), destructive=True
        ):
            self.trash(chosen)

    def _show_in_file_manager(self) -> None:
        for style in self.view.selected()[:1]:
            try:
                show_in_file_manager(style.path)
            except StudioError as problem:
                self._context.problem.emit(problem)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if event.source() is not self.view and (dropped_pictures(mime) or web_addresses(mime)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        pictures = dropped_pictures(event.mimeData())
        for picture in pictures:  # not through the intake, which would open each of them here
            self.add(picture)
        if pictures or self._intake.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _mark(self, dragging: bool) -> None:
        self.note.setProperty("muted", not dragging)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        self.setFrameShape(QFrame.Shape.Box if dragging else QFrame.Shape.NoFrame)
