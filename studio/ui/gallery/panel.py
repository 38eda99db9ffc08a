"""The Gallery room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.media.photos import open_photo
from studio.recipes import PhotoRecipe, dumps
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import seed_of
from studio.ui.file_manager import show_in_file_manager
from studio.ui.gallery.bar import KINDS, GalleryBar
from studio.ui.gallery.folder_scan import FolderScan
from studio.ui.gallery.info import PREVIEW_SIDE, InfoPanel
from studio.ui.gallery.model import PictureDelegate, PictureModel
from studio.ui.gallery.trash import PictureTrash
from studio.ui.gallery.view import PictureView
from studio.ui.gallery.welcome import Welcome
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.saving import PictureKeeping
from studio.ui.theme import icon
from studio.ui.thumbnails import FileThumbnails
from studio.ui.widgets import to_qimage
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.gallery import Picture


class GalleryPanel(Room):
    """Everything saved."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._steps.changed.connect(self.stateChanged)
        self._select_after: Path | None = None
        self._scanned = False
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self._large = JobGroup(self, ordered=True)
        self._stars = JobGroup(self, ordered=True)
        self.keeping = PictureKeeping(context, self._background, self)
        self.thumbnails = FileThumbnails(context.gallery, "picture", self)
        self.model = PictureModel(self)
        self.thumbnails.ready.connect(self.model.touch)
        self.scan = FolderScan(context, self._background, self)
        self.scan.scanned.connect(self._on_scanned)
        self._trash = PictureTrash(context, self._steps, self._background, self)
        self._trash.restored.connect(self._select_next)
        self._trash.changed.connect(self.refresh)
        self.bar = GalleryBar()
        self.search, self.filters, self.count, self.side = (
            self.bar.search,
            self.bar.filters,
            self.bar.count,
            self.bar.side,
        )
        self.bar.wanted.connect(self.refresh)
        self.bar.entered.connect(self._to_pictures)
        self.info = InfoPanel()
        below = QHBoxLayout()
        below.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(below, 1)
        below.addWidget(self._make_pages(), 1)
        below.addWidget(self.info)
        self.info.hide()  # until there are pictures
        self.setFocusProxy(self.view)
        self._make_commands()
        self._connect_info()
        context.pictureSaved.connect(self._on_saved)
        self._update()

    # What the window asks of a room

    def save(self) -> None:
        """Say that everything here is saved."""
        self.context.notify.emit(self.tr("Everything in the gallery is saved already."))

    def export_missing(self) -> str:
        picture = self.current()
        if picture is None or len(self.selected()) != 1:
            return self.tr("Select one picture to export it. Several can be dragged out.")
        return "" if picture.recipe is not None else self.tr("It has no recipe: it was not made here.")

    def export(self) -> None:
        """Ask for a file name and write the selected picture as PNG, JPEG, TIFF or WebP, with its recipe."""
        picture = self.current()
        if missing := self.export_missing():
            self.context.notify.emit(missing)
        elif (
            picture is not None
            and picture.recipe is not None
            and (path := self.keeping.choose_file(picture.recipe)) is not None
        ):
            self.keeping.write(lambda: np.asarray(open_photo(picture.path)), path, picture.recipe)

    def copy(self) -> bool:
        """Copy the selected pictures: as files, and a single one as an image too."""
        indexes = self.view.selectedIndexes()
        if not indexes:
            return True
        mime = self.model.mimeData(indexes)
        clipboard, urls = QGuiApplication.clipboard(), mime.urls()
        clipboard.setMimeData(mime)
        self.context.notify.emit(self.tr("%n pictures copied.", "", len(indexes)))
        picture = self.model.file(indexes[0])
        if len(indexes) > 1 or picture is None:
            self._background.drop("copy")
            return True

        def add_image(image: QImage) -> None:
            if clipboard.mimeData().urls() == urls:  # else something else was copied meanwhile, here or elsewhere
                both = QMimeData()
                both.setUrls(urls)
                both.setImageData(image)
                clipboard.setMimeData(both)

        self._background.run(lambda: to_qimage(np.asarray(open_photo(picture.path))), add_image, key="copy")
        return True

    def session(self) -> dict[str, Any]:
        """The search, and the kind of pictures shown."""
        return {"search": self.search.text(), "filter": self.bar.filter}

    def restore_session(self, state: dict[str, Any]) -> None:
        self.bar.restore(str(state.get("search", state.get("words", ""))), str(state.get("filter", "all")))

    def shutting_down(self) -> None:
        """Stop everything."""
        self.bar.shut_down()
        self.scan.shut_down()
        self._background.close()
        self._large.close()
        self._stars.close()
        self.thumbnails.close()

    # The parts

    def _make_pages(self) -> QWidget:
        self.delegate = PictureDelegate(self.thumbnails, self)
        self.delegate.starClicked.connect(self._toggle_star_of)
        self.view = PictureView(self.delegate)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setModel(self.model)
        self.view.opened.connect(self._open_index)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._update())
        self.view.selectionModel().currentChanged.connect(lambda *_: self._update())
        self.side.valueChanged.connect(self.view.set_side)
        self.welcome = Welcome(self.context.gallery.folder)
        self.welcome.exploreWanted.connect(lambda: self.context.roomWanted.emit(RoomId.EXPLORE))
        self.welcome.stylizeWanted.connect(lambda: self.context.roomWanted.emit(RoomId.STYLIZE))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.view)
        self.pages.addWidget(self.welcome)
        return self.pages

    def _make_commands(self) -> None:
        def any_selected() -> str:
            return "" if self.view.selectedIndexes() else self.tr("Select a picture first.")

        def one_selected() -> str:
            if len(self.view.selectedIndexes()) > 1:
                return self.tr("Select one picture alone.")
            return any_selected()

        def has_recipe() -> str:
            missing, picture = one_selected(), self.current()
            if not missing and (picture is None or picture.recipe is None):
                return self.tr("This picture carries no recipe.")
            return missing

        def has_seed() -> str:
            missing, picture = has_recipe(), self.current()
            if not missing and (picture is None or picture.recipe is None or seed_of(picture.recipe) is None):
                return self.tr("No seed belongs to this picture.")
            return missing

        def star_text() -> str:
            return self.tr("No &favourite any more") if self._all_starred() else self.tr("&Favourite")

        add = self.commands.add
        add(Command("gallery.open", self.tr("&Open"), self.open, "reset", one_selected))
        add(Command("picture.stylize", self.tr("&Stylize this"), self.stylize, "stylize", one_selected))
        add(Command("picture.finish", self.tr("F&inish this"), self.finish, "finish", one_selected))
        add(Command("picture.favourite", star_text, self.toggle_favourite, "star-outline", any_selected))
        copy_recipe = self.tr("&Copy recipe as JSON")
        add(Command("picture.copy-recipe", copy_recipe, self.copy_recipe, "copy", has_recipe))
        add(Command("gallery.copy-seed", self.tr("Copy s&eed"), self.copy_seed, "copy", has_seed))
        show = self.tr("Show in the file &manager")
        add(Command("gallery.show-file", show, self.show_in_file_manager, "show-file", one_selected))
        add(
            Command(
                "selection.remove",
                self.tr("Move to the &trash …"),
                self.trash,
                "trash",
                any_selected,
            )
        )
        self.commands.add_separator()
        add(Command("gallery.search", self.tr("Sea&rch"), self.bar.to_search, "search"))
        add(Command("gallery.refresh", self.tr("&Refresh"), self.scan.start, "refresh"))

    def _connect_info(self) -> None:
        self.info.openWanted.connect(self.open)
        self.info.favouriteToggled.connect(lambda _on: self.toggle_favourite())
        for button, name in (
            (self.info.stylize_button, "picture.stylize"),
            (self.info.finish_button, "picture.finish"),
            (self.info.copy_recipe, "picture.copy-recipe"),
            (self.info.copy_seed, "gallery.copy-seed"),
            (self.info.show_file, "gallery.show-file"),
            (self.info.trash, "selection.remove"),
            (self.info.trash_many, "selection.remove"),
        ):
            self.commands.attach(button, name)
        self.file_commands.attach(self.info.export, "file.export")

    # Finding

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._scanned:
            self._scanned = True
            self.refresh()
            self.scan.start()

    def refresh(self) -> None:
        """Ask the index again, on another thread; the newest question wins."""
        query, which = self.search.text(), self.bar.filter
        gallery = self.context.gallery
        kind = KINDS.get(which, ())
        self._background.run(
            lambda: gallery.pictures(query, kind=kind, favourites=which == "favourites"), self._show, key="found"
        )

    def _show(self, pictures: list[Picture]) -> None:
        selected = {picture.path for picture in self.selected()}
        current = self._select_after or (self._current_path() if selected else None)
        row = self.view.currentIndex().row()
        scrolled = self.view.verticalScrollBar().value()
        self.model.set_files(pictures)
        self._select_after = None
        selection = self.view.selectionModel()
        kept = [index for path in selected if (index := self.model.index_of(path)).isValid()]
        at = self.model.index_of(current) if current is not None else QModelIndex()
        if not at.isValid() and selected and pictures:
            # What was current is gone: its neighbour takes the place, so that one can go on with the keyboard.
            at = self.model.index(min(max(0, row), len(pictures) - 1))
            kept = kept or [at]
        for index in kept:
            selection.select(index, QItemSelectionModel.SelectionFlag.Select)
        if at.isValid():
            selection.setCurrentIndex(at, QItemSelectionModel.SelectionFlag.Select)
        self.view.verticalScrollBar().setValue(scrolled)
        self.count.setText(self.tr("%n pictures", "", len(pictures)))
        self.view.set_empty_text(*self.bar.empty_text())
        everything = self.bar.filter == "all" and not self.bar.words()
        # While the folder is being read for the first time, nothing is known yet.
        self.pages.setCurrentWidget(
            self.welcome if everything and not pictures and not self.scan.running else self.view
        )
        self.info.setVisible(bool(pictures) or not everything)
        self._watch()
        self._update()

    def _watch(self) -> None:
        self.scan.watch(picture.path for picture in self.model.files())

    def _on_scanned(self) -> None:
        self._watch()
        self.refresh()

    def _select_next(self, path: Path) -> None:
        """Select a picture as soon as it is found."""
        self._select_after = path

    def _current_path(self) -> Path | None:
        picture = self.model.file(self.view.currentIndex())
        return None if picture is None else picture.path

    def _on_saved(self, picture: Picture) -> None:
        if self._scanned:
            self.refresh()

    def _to_pictures(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))

    # The selection

    def selected(self) -> list[Picture]:
        """The selected pictures, in the order shown."""
        indexes = sorted(self.view.selectedIndexes(), key=lambda index: index.row())
        return [picture for picture in map(self.model.file, indexes) if picture is not None]

    def current(self) -> Picture | None:
        """The picture that the actions for one picture are about."""
        chosen = self.selected()
        at = self.model.file(self.view.currentIndex())
        return at if at in chosen else (chosen[0] if chosen else None)

    def _update(self) -> None:
        chosen, picture = self.selected(), self.current()
        one = len(chosen) == 1
        starred = self._show_favourites()
        self.info.show_picture(picture, max(1, len(chosen)), starred=starred, any_shown=self.model.rowCount() > 0)
        if picture is not None and one:
            self._load_large(picture)

    def _all_starred(self) -> bool:
        """Return whether all that are selected have a star."""
        chosen = self.selected()
        return bool(chosen) and all(picture.favourite for picture in chosen)

    def _show_favourites(self) -> bool:
        """Name what the star does next; returns whether all that are selected have one."""
        starred = self._all_starred()
        self.stateChanged.emit()
        self.info.show_favourite(starred)
        self.info.show_favourites(starred)
        return starred

    def _load_large(self, picture: Picture) -> None:
        side = round(PREVIEW_SIDE * self.devicePixelRatioF())

        def load() -> QImage:
            return to_qimage(np.asarray(open_photo(picture.path, max_side=side)))

        self._large.run(load, self.info.preview.set_image, lambda _problem: None, key="large")

    # Doing

    def open(self) -> None:
        """Restore the settings that made the picture; one without recipe becomes the photo in the stylizer."""
        picture = self.current()
        if picture is None:
            return
        if picture.recipe is None:
            self.stylize()
        else:
            self.context.openRecipe.emit(picture.recipe)

    def _open_index(self, index: QModelIndex) -> None:
        self.view.setCurrentIndex(index)
        self.open()

    def stylize(self) -> None:
        """Use the picture as the photo in the stylizer."""
        picture = self.current()
        if picture is None:
            return
        sources = self.context.sources
        self._background.run(
            lambda: sources.add(picture.path),
            lambda ref: self.context.stylizePicture.emit(PhotoRecipe(photo=ref)),
        )

    def finish(self) -> None:
        """Repair, clean or enlarge the picture; its own recipe goes on."""
        picture = self.current()
        if picture is None:
            return
        sources, recipe = self.context.sources, picture.recipe
        if recipe is None:
            self._background.run(
                lambda: sources.add(picture.path),
                lambda ref: self.context.finishPicture.emit(PhotoRecipe(photo=ref)),
            )
            return
        if picture.path.suffix.lower() == ".png":  # its pixels are exact, and need not be made once more

            def pixels() -> np.ndarray:
                return np.array(open_photo(picture.path))

            def remember(image: np.ndarray) -> None:
                self.context.worker.call(lambda engine: engine.remember(recipe, image))
                self.context.finishPicture.emit(recipe)

            self._background.run(pixels, remember)
        else:
            self.context.finishPicture.emit(recipe)

    def toggle_favourite(self) -> None:
        """Give the selected pictures a star, or take it away if all have one."""
        chosen = self.selected()
        wanted = not all(picture.favourite for picture in chosen)
        self._set_favourite(chosen, wanted)

    def _toggle_star_of(self, picture: Picture) -> None:
        self._set_favourite([picture], not picture.favourite)

    def _set_favourite(self, pictures: list[Picture], favourite: bool) -> None:
        gallery = self.context.gallery
        for picture in pictures:  # at once; on the disk a moment later
            self.model.replace(replace(picture, favourite=favourite))
        self._show_favourites()

        def kept(pictures: list[Picture]) -> None:
            for picture in pictures:  # what was found meanwhile may have been older
                self.model.replace(picture)
            self._show_favourites()
            if self.bar.filter == "favourites":
                self.refresh()

        def failed(problem: StudioError) -> None:
            self.context.problem.emit(problem)
            self.refresh()

        self._stars.run(
            lambda: [gallery.set_favourite(picture, favourite) for picture in pictures], kept, failed, must_finish=True
        )

    def copy_recipe(self) -> None:
        """Copy the recipe as JSON."""
        picture = self.current()
        if picture is not None and picture.recipe is not None:
            QGuiApplication.clipboard().setText(dumps(picture.recipe))
            self.context.notify.emit(self.tr("Recipe copied."))

    def copy_seed(self) -> None:
        """Copy the seed as a number."""
        picture = self.current()
        seed = seed_of(picture.recipe) if picture is not None and picture.recipe is not None else None
        if seed is not None:
            QGuiApplication.clipboard().setText(str(seed))
            self.context.notify.emit(self.tr("Seed {seed} copied.").format(seed=seed))

    def show_in_file_manager(self) -> None:
        """Show the file in the file manager."""
        picture = self.current()
        if picture is not None:
            # The call to the desktop may take a while when it starts the file manager.
            self._background.run(lambda: show_in_file_manager(picture.path))

    def trash(self) -> None:
        """Move the selected pictures to the trash, after asking."""
        self._trash.move(self.selected())

    def zoom(self, factor: float) -> None:
        self.side.setValue(round(self.side.value() * factor))

    def _show_menu(self, at: QPoint) -> None:
        if not self.view.indexAt(at).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self.commands.actions
        menu.addActions(actions(["gallery.open", "picture.stylize", "picture.finish", "picture.favourite"]))
        menu.addSeparator()
        copy = menu.addAction(icon("copy"), self.tr("Copy &picture"))
        copy.triggered.connect(lambda: self.copy())
        menu.addActions(actions(["picture.copy-recipe", "gallery.copy-seed"]))
        menu.addActions(self.file_commands.actions(["file.export"]))
        menu.addSeparator()
        menu.addActions(actions(["gallery.show-file", "selection.remove"]))
        menu.popup(self.view.viewport().mapToGlobal(at))
