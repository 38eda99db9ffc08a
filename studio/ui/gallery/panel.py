"""The Gallery room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from PySide6.QtCore import QFileSystemWatcher, QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError, drain
from studio.media.photos import open_photo
from studio.recipes import PhotoRecipe, dumps
from studio.recipes.steps import FinishingStep
from studio.ui.command import Command, with_keys
from studio.ui.context import StudioContext
from studio.ui.describe.lists import listed
from studio.ui.describe.recipes import seed_of
from studio.ui.file_manager import show_in_file_manager
from studio.ui.gallery.info import PREVIEW_SIDE, InfoPanel
from studio.ui.gallery.model import PictureDelegate, PictureModel
from studio.ui.gallery.view import LARGEST, SMALLEST, USUAL, PictureView
from studio.ui.gallery.welcome import Welcome
from studio.ui.help import HelpButton
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.saving import PictureKeeping
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.thumbnails import FileThumbnails
from studio.ui.widgets import to_qimage
from studio.ui.widgets.glyph import Glyph
from studio.ui.widgets.questions import ask
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.gallery import Picture
    from studio.gallery.store import TrashedPicture

_TYPING_MS = 150
_FOLDER_MS = 700
"""A program that copies many files tells of each; look once they are through."""

Filter = Literal["all", "sample", "stylize", "finish", "favourites"]
_KINDS: dict[Filter, tuple[str, ...]] = {
    "sample": ("sample",),
    "stylize": ("stylize",),
    "finish": tuple(step.model_fields["kind"].default for step in get_args(FinishingStep)),
}


@dataclass
class _WayBack:
    """Pictures that go to the trash and come back, by undo and redo, under whatever names they get."""

    files: list[TrashedPicture]
    pictures: list[Picture] = field(default_factory=list)


class GalleryPanel(Room):
    """Everything saved."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._steps.changed.connect(self.stateChanged)
        self._filter: Filter = "all"
        self._select_after: Path | None = None
        self._scanned = False
        self._scanning = False
        self._scan_again = False
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self._large = JobGroup(self, ordered=True)
        self._stars = JobGroup(self, ordered=True)
        self.keeping = PictureKeeping(context, self._background, self)
        self.thumbnails = FileThumbnails(context.gallery, "picture", self)
        self.model = PictureModel(self)
        self.thumbnails.ready.connect(self.model.touch)
        self._typing = self._timer(_TYPING_MS, self.refresh)
        self._folder_settles = self._timer(_FOLDER_MS, self.rescan)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self._folder_settles.start())

        self.info = InfoPanel()
        below = QHBoxLayout()
        below.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_bar())
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
        return {"search": self.search.text(), "filter": self._filter}

    def restore_session(self, state: dict[str, Any]) -> None:
        which: Filter = next((name for name in self.filters if name == state.get("filter")), "all")
        self.search.setText(str(state.get("search", state.get("words", ""))))
        self._filter = which
        self.filters[which].setChecked(True)

    def shutting_down(self) -> None:
        """Stop everything."""
        self._typing.stop()
        self._folder_settles.stop()
        self._background.close()
        self._large.close()
        self._stars.close()
        self.thumbnails.close()

    # The parts

    def _make_bar(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(140)
        self.search.setMaximumWidth(320)
        self.search.setToolTip(
            with_keys(self.tr("Search names, models, seeds and styles; every word must occur"), "gallery.search")
        )
        self.search.setAccessibleName(self.tr("Search"))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._to_pictures)
        self.filters: dict[Filter, QPushButton] = {}
        group = QButtonGroup(self)
        chips = QHBoxLayout()
        chips.setSpacing(SPACE_S)
        names: tuple[tuple[Filter, str, str], ...] = (
            ("all", self.tr("All"), self.tr("Show every picture")),
            ("sample", self.tr("Samples"), self.tr("Show pictures drawn from a model")),
            ("stylize", self.tr("Stylized"), self.tr("Show restyled pictures")),
            ("finish", self.tr("Finished"), self.tr("Show enlarged, repaired and cleaned pictures")),
            ("favourites", self.tr("Favourites"), self.tr("Show pictures with a star")),
        )
        for which, text, tip in names:
            button = QPushButton(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.clicked.connect(partial(self._set_filter, which))
            group.addButton(button)
            chips.addWidget(button)
            self.filters[which] = button
        self.filters["all"].setChecked(True)
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(SMALLEST, LARGEST)
        self.side.setValue(USUAL)
        self.side.setPageStep(32)
        self.side.setFixedWidth(120)
        self.side.setToolTip(self.tr("Size of the thumbnails"))
        self.side.setAccessibleName(self.tr("Size of the thumbnails"))

        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_L, SPACE_M + 2, SPACE_L, SPACE_M + 2)
        bar.setSpacing(SPACE_M)
        bar.addWidget(self.search, 4)
        bar.addLayout(chips)
        bar.addStretch(1)
        bar.addWidget(self.count)
        bar.addSpacing(SPACE_S)
        for glyph, place in (("gallery", 13), (None, 0), ("photo", 18)):
            if glyph is None:
                bar.addWidget(self.side)
                continue
            bar.addWidget(Glyph(glyph, place))
        bar.addWidget(HelpButton("gallery"))
        return bar

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
        add(Command("selection.remove", self.tr("Move to the &trash …"), self.trash, "trash", any_selected))
        self.commands.add_separator()
        add(Command("gallery.search", self.tr("Sea&rch"), self.to_search, "search"))
        add(Command("gallery.refresh", self.tr("&Refresh"), self.rescan, "refresh"))

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

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    # Finding

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._scanned:
            self._scanned = True
            self.refresh()
            self.rescan()

    def to_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refresh(self) -> None:
        """Ask the index again, on another thread; the newest question wins."""
        query, which = self.search.text(), self._filter
        gallery = self.context.gallery
        kind = _KINDS.get(which, ())
        self._background.run(
            lambda: gallery.pictures(query, kind=kind, favourites=which == "favourites"), self._show, key="found"
        )

    def rescan(self) -> None:
        """Compare the index with the files in the folder, then show what is there."""
        if self._scanning:
            self._scan_again = True
            return
        self._scanning = True
        self._scan_again = False
        gallery = self.context.gallery

        def over(_result: object) -> None:
            self._scanning = False
            self._watch_folder()
            self.refresh()
            if self._scan_again:
                self.rescan()

        def failed(problem: StudioError) -> None:
            self._scanning = False
            self.context.problem.emit(problem)

        self._background.run(lambda: drain(gallery.rescan()), over, failed)

    def _watch_folder(self) -> None:
        """Watch the gallery's folder and those in it that hold pictures."""
        folders = {str(self.context.gallery.folder)}
        folders |= {str(picture.path.parent) for picture in self.model.files()}
        new = [folder for folder in folders - set(self._watcher.directories()) if Path(folder).is_dir()]
        if new:
            self._watcher.addPaths(new)

    def _set_filter(self, which: Filter) -> None:
        self._filter = which
        self.filters[which].setChecked(True)
        self.refresh()

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
        query = self.search.text().strip()
        if query:
            self.view.set_empty_text(
                self.tr("Nothing found"),
                self.tr("No picture matches “{words}”.").format(words=query),
            )
        elif self._filter == "favourites":
            self.view.set_empty_text(
                self.tr("No favourites yet"), self.tr("Click the star on a picture, or press Ctrl+D.")
            )
        elif self._filter == "sample":
            self.view.set_empty_text(self.tr("No samples yet"), self.tr("Save a picture in Explore, and it is here."))
        elif self._filter == "stylize":
            self.view.set_empty_text(
                self.tr("Nothing stylized yet"), self.tr("Save a picture in Stylize, and it is here.")
            )
        elif self._filter == "finish":
            self.view.set_empty_text(
                self.tr("Nothing finished yet"), self.tr("Save a picture in Finish, and it is here.")
            )
        else:
            self.view.set_empty_text("", "")
        everything = self._filter == "all" and not query
        # While the folder is being read for the first time, nothing is known yet.
        self.pages.setCurrentWidget(self.welcome if everything and not pictures and not self._scanning else self.view)
        self.info.setVisible(bool(pictures) or not everything)
        self._watch_folder()
        self._update()

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
            if self._filter == "favourites":
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
        chosen = self.selected()
        if not chosen or not self._confirmed(chosen):
            return
        gallery = self.context.gallery

        def trashed(files: list[TrashedPicture]) -> None:
            if len(chosen) == 1:
                text = self.tr("“{name}” is in the trash. Undo brings it back.").format(name=chosen[0].path.name)
            else:
                text = self.tr("%n pictures are in the trash. Undo brings them back.", "", len(chosen))
            self.context.notify.emit(text)
            if files:
                way = _WayBack(files)
                self._steps.did(lambda: self._restore(way), lambda: self._trash_again(way))
            self.refresh()

        self._background.run(lambda: gallery.trash(chosen), trashed, self._trash_failed)

    def _trash_failed(self, problem: StudioError) -> None:
        self.context.problem.emit(problem)
        self.refresh()

    def _restore(self, way: _WayBack) -> None:
        """Undo: bring pictures back from the trash."""
        gallery, files = self.context.gallery, way.files

        def restored(pictures: list[Picture]) -> None:
            way.pictures = pictures
            self._select_after = pictures[-1].path if pictures else None
            if pictures:
                names = listed([picture.path.name for picture in pictures[:3]] + ["…"] * (len(pictures) > 3))
                self.context.notify.emit(self.tr("Back from the trash: {names}").format(names=names))
            self.refresh()

        self._background.run(lambda: gallery.restore(files), restored, self._trash_failed)

    def _trash_again(self, way: _WayBack) -> None:
        """Redo."""
        gallery, pictures = self.context.gallery, way.pictures

        def trashed(files: list[TrashedPicture]) -> None:
            way.files = files
            self.refresh()

        self._background.run(lambda: gallery.trash(pictures), trashed, self._trash_failed)

    def zoom(self, factor: float) -> None:
        self.side.setValue(round(self.side.value() * factor))

    def _confirmed(self, chosen: list[Picture]) -> bool:
        if len(chosen) == 1:
            question = self.tr("Move “{name}” to the trash?").format(name=chosen[0].path.name)
        else:
            question = self.tr("Move %n pictures to the trash?", "", len(chosen))
        more = self.tr("Undo brings back what you want back.")
        return ask(self, question, more, yes=self.tr("Move to the trash"), destructive=True)

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
