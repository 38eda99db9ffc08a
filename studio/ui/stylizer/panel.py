"""The Stylize room. It edits a :class:`Draft`; the device worker renders it; undo is a list of drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from studio.base import Progress, StudioError, Work
from studio.recipes import FileRef, FilmRecipe, PhotoRecipe, Recipe, StyleUse, StylizeRecipe, read_recipe, save_picture
from studio.ui.background import Background
from studio.ui.context import StudioContext
from studio.ui.history import History
from studio.ui.recipe_text import network_name, photos_in, recipe_name, shares
from studio.ui.spoken import spoken
from studio.ui.stylizer.bench import PictureDrops, StyleBench
from studio.ui.stylizer.blend_pad import FEWEST, MOST, BlendPad
from studio.ui.stylizer.clip_bar import ClipBar
from studio.ui.stylizer.controls import Controls
from studio.ui.stylizer.draft import Draft
from studio.ui.stylizer.final import FinalCard, FinalRender
from studio.ui.stylizer.heed import look_at
from studio.ui.stylizer.invitation import DropHalves, Invitation
from studio.ui.stylizer.mask_canvas import MaskCanvas
from studio.ui.stylizer.pictures import RecipePictures, open_rgb
from studio.ui.stylizer.shelf import SHELF_WIDTH
from studio.ui.stylizer.style_list import StyleList
from studio.ui.stylizer.where import PHOTO, WhereSection
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import DroppedPicture, ImageDrop, Section, dropped_pictures
from studio.ui.widgets.image_drop import dropped_clip, web_addresses
from studio.worker import Job, JobState, Priority

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered
    from studio.gallery import Picture

REST_MS = 250
"""The hand rests this long: the preview is made at full size."""
MIN_TOUCH_UP = 40
"""Steps of a touch-up at least."""
_LIVE_SIDES = (160, 512)
_SLOW, _FAST = 0.16, 0.07
"""Seconds: a live preview slower than this gets smaller, a faster one larger."""

_STYLE_DROP_HEIGHT = 68
_MASKS_KEPT = 64

_Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class _Preview:
    """An instant preview that came: ``full`` when it has the size asked for."""

    image: _Pixels
    recipe: StylizeRecipe
    full: bool


class StylizerPanel(QWidget):
    """Photo and styles in, a restyled picture out."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.history = History(self)
        self._draft = Draft()
        self._final: FinalRender | None = None
        self._base: FinalRender | None = None  # what touch-ups start from
        self._touch_waits = False
        self._mask_shown: FileRef | None = None
        self._masks: dict[str, QImage] = {}
        self._preview: _Preview | None = None
        self._preview_job: Job | None = None
        self._before: tuple[Recipe, int, _Pixels] | None = None
        self._before_wanted: tuple[Recipe, int] | None = None
        self._missing: dict[str, FileRef] = {}
        self._on_canvas: Recipe | None = None
        self._checking = 0
        self._content_coming = False
        self._told = ""
        self._live_side = 384
        # One thread, so that several dropped styles keep their order.
        self._files = Background(self, threads=1)
        self._files.failed.connect(context.problem)
        self._background = Background(self)
        self._background.failed.connect(context.problem)
        self._pictures = RecipePictures(context, self._background, self)
        self._pictures.ready.connect(self._on_thumbnail)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(lambda: self._render_preview(live=False))

        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.bench = StyleBench(context, self._files, self)
        self.bench.draftWanted.connect(lambda change: self._apply(change(self._draft)))
        self.bench.sheetToggled.connect(lambda _on: self._show_page())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("stylize-shelf")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.bench.shelf)
        splitter.addWidget(self._make_centre())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([SHELF_WIDTH, 10_000])
        layout.addWidget(splitter, 1)
        layout.addWidget(self._make_column())
        self._actions = self._make_actions()
        self.setAcceptDrops(True)
        context.stylizePicture.connect(self.set_content)
        self._commit()
        self._show_controls()
        self._refresh()

    # What the window asks of a room

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe``; a recipe of another kind becomes the content.

        The photos it names are looked for; those missing are named. The picture of a final render is taken from the
        gallery when it is there, rather than rendered once more.
        """
        if not isinstance(recipe, StylizeRecipe):
            self.set_content(recipe)
            return
        self._checking += 1
        self._apply(Draft.of(recipe))

        def look() -> tuple[list[FileRef], _Pixels | None]:
            missing = [ref for ref in photos_in(recipe) if self.context.sources.find(ref) is None]
            saved = self._saved_picture(recipe) if recipe.method == "optimise" else None
            return missing, None if saved is None else open_rgb(saved.path)

        def found(result: tuple[list[FileRef], _Pixels | None]) -> None:
            self._checking -= 1
            missing, image = result
            self._missing.update({ref.hash: ref for ref in missing})
            if image is not None and not (self._final and self._final.running):
                whole = recipe.model_copy(update={"stop_after": None})
                self._final = FinalRender(whole, image=image, steps=recipe.stop_after or recipe.steps)
            self._tell_missing(missing)
            self._refresh()

        def failed(problem: StudioError) -> None:
            self._checking -= 1
            self.context.problem.emit(problem)
            self._refresh()

        self._background.run(look, found, failed)

    def set_content(self, recipe: Recipe) -> None:
        """Restyle the picture of ``recipe``, any recipe; the styles stay."""
        self.clip.close_clip()
        self._content_coming = False
        self._apply(replace(self._draft, content=recipe))
        self._heed(recipe)

    def open_clip(self, path: Path) -> None:
        """Open a video clip: any of its frames is restyled, and all of them are filmed."""
        self.clip.open(path)

    def add_style(self, recipe: Recipe) -> None:
        """Add the picture of ``recipe`` to the blend."""
        self._apply(self._draft.with_style(recipe))
        self._heed(recipe)

    def _heed(self, recipe: Recipe) -> None:
        """Say what is worth knowing about a photo that has just come in."""

        def tell(found: tuple[StudioError | None, list[str]]) -> None:
            warning, remarks = found
            if warning is not None:
                self.context.problem.emit(warning)
            elif remarks:
                name = recipe.photo.name if isinstance(recipe, PhotoRecipe) else ""
                self.context.notify.emit(" ".join([f"{name}:", *map(spoken, remarks)]))

        if isinstance(recipe, PhotoRecipe):
            # What is wrong with the file is said by whoever renders it.
            self._background.run(partial(look_at, self.context.sources, recipe.photo), tell, lambda _problem: None)

    def recipe(self) -> StylizeRecipe | None:
        """The recipe of what is shown; None while photo or styles are missing."""
        shown = self._shown_final()
        if shown is not None and shown.image is not None:
            return shown.recipe_of_image()
        return self._draft.recipe("preview")

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self._restore(self.history.undo())

    def redo(self) -> None:
        """Take back an undo."""
        self._restore(self.history.redo())

    def save(self) -> None:
        """Save what is shown to the gallery; a render that runs or was stopped as far as it has come."""
        self._with_picture(self._save)

    def export(self) -> None:
        """Ask for a file name and write what is shown as PNG, JPEG or WebP, with its recipe."""
        self._with_picture(self._export)

    def actions(self) -> list[QAction]:  # type: ignore[override]
        """For the room's menu."""
        return self._actions

    def shutting_down(self) -> None:
        """Stop everything."""
        self._rest.stop()
        if self._final is not None and self._final.job is not None:
            self._final.job.cancel()
        self.bench.shutting_down()
        self.clip.shut_down()
        self._files.close()
        self._background.close()

    # The parts

    def _make_centre(self) -> QWidget:
        centre = QWidget()
        self.invitation = Invitation()
        self.invitation.folder = self.context.settings.last_folder("photo")
        self.invitation.pictureDropped.connect(self._on_invited)
        self.invitation.problem.connect(self.context.problem)
        self.canvas = MaskCanvas()
        self.canvas.maskPainted.connect(self._on_painted)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.invitation)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.bench.sheet)
        self.halves = DropHalves(self.stack)

        self.info = QElidingLabel()
        self.info.setProperty("muted", True)
        self.info.setMinimumWidth(1)  # the first to give way in a narrow window
        self.wipe_button = self._tool("wipe", self.tr("Before and after: drag the handle across the picture (Ctrl+B)"))
        self.wipe_button.setCheckable(True)
        self.wipe_button.toggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.wipe_button.setChecked)
        fit = self._tool("fit", self.tr("Show the whole picture (0)"))
        fit.clicked.connect(self.canvas.fit)
        actual = self._tool("actual-size", self.tr("Actual size, 100 % (1)"))
        actual.clicked.connect(lambda: self.canvas.actual_size())
        self.save_button = QPushButton(icon("save"), self.tr("Save"))
        self.save_button.setToolTip(self.tr("Save the picture with its recipe to the gallery (Ctrl+S)"))
        self.save_button.clicked.connect(self.save)
        self.export_button = QPushButton(icon("export"), self.tr("Export …"))
        self.export_button.setToolTip(self.tr("Write a PNG, JPEG or WebP file (Ctrl+Shift+E)"))
        self.export_button.clicked.connect(self.export)
        bar = QFrame()
        bar.setObjectName("stylizer-bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_S)
        shelf = QToolButton()
        shelf.setAutoRaise(True)
        shelf.setDefaultAction(self.bench.shelf_action)
        shelf.setIconSize(QSize(18, 18))
        sheet = self._tool("grid", self.tr("Show this photo in all styles of the library (Ctrl+Shift+Y)"))
        sheet.clicked.connect(lambda: self.bench.show_sheet(True))
        row.addWidget(self.info, 1)
        for part in (shelf, sheet, self.wipe_button, fit, actual):
            row.addWidget(part)
        row.addSpacing(SPACE_M)
        row.addWidget(self.export_button)
        row.addWidget(self.save_button)
        self._bar = bar
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self._make_clip())
        column.addWidget(bar)
        return centre

    def _make_clip(self) -> QWidget:
        self.clip = ClipBar(self.context, lambda method: self._draft.recipe(method))
        self.clip.frameShown.connect(self._on_clip_frame)
        self.clip.settled.connect(self._on_clip_settled)
        self.clip.filmFrame.connect(self._show_film_frame)
        self.clip.filmOpened.connect(self._on_film_opened)
        self.clip.closed.connect(self._remove_photo)
        return self.clip

    def _make_column(self) -> QWidget:
        self.photo = ImageDrop(self.tr("Drop a photo here, click to choose one, or paste."), multiple=False)
        self.photo.folder = self.context.settings.last_folder("photo")
        self.photo.pictureDropped.connect(self._on_photo)
        self.photo.problem.connect(self.context.problem)
        for place in (self.photo, self.invitation):
            place.takes_clips = True
            place.clipDropped.connect(self.open_clip)
        self.photo_name = QLabel()
        self.photo_name.setProperty("muted", True)
        self.photo_remove = self._tool("cancel", self.tr("Take the photo away"))
        self.photo_remove.clicked.connect(self._remove_photo)
        photo = Section(self.tr("Photo"))
        photo.body.addWidget(self.photo)
        under = QHBoxLayout()
        under.addWidget(self.photo_name, 1)
        under.addWidget(self.photo_remove)
        photo.body.addLayout(under)

        self.styles = StyleList()
        self.styles.edited.connect(lambda styles: self._edit(styles=styles))
        self.styles.committed.connect(self._commit)
        self.styles.thumbnailWanted.connect(self._pictures.request)
        self.style_drop = ImageDrop(self.tr("Drop one or more style pictures here."))
        self.style_drop.folder = self.context.settings.last_folder("style")
        self.style_drop.setMinimumHeight(_STYLE_DROP_HEIGHT)
        self.style_drop.setMaximumHeight(_STYLE_DROP_HEIGHT)
        self.style_drop.pictureDropped.connect(self._on_style)
        self.style_drop.problem.connect(self.context.problem)
        self.add_button = QPushButton(icon("add"), self.tr("Add styles …"))
        self.add_button.setToolTip(self.tr("Choose one or more pictures whose style goes into the blend"))
        self.add_button.clicked.connect(self.style_drop.choose)
        styles = Section(self.tr("Styles"))
        PictureDrops(styles, self.style_drop)
        self.pad = BlendPad()
        self.pad.edited.connect(self._on_pad)
        self.pad.committed.connect(self._commit)
        styles.body.addWidget(self.pad)
        styles.body.addWidget(self.styles)
        styles.body.addWidget(self.style_drop)
        styles.body.addWidget(self.add_button)

        self.where = WhereSection()
        self.where.paintingToggled.connect(self._on_painting)
        self.where.erasingToggled.connect(self.canvas.set_erasing)
        self.where.targetChanged.connect(lambda _: self._show_controls())
        self.where.brushChanged.connect(self.canvas.set_brush)
        self.canvas.brushChanged.connect(lambda size: self.where.brush.set_value(size * 100, silent=True))
        self.where.featherChanged.connect(lambda value: self._edit(feather=value))
        self.where.featherFinished.connect(self._commit)
        self.where.invertWanted.connect(self.canvas.invert_mask)
        self.where.clearWanted.connect(self.canvas.clear_mask)
        self.where.undoWanted.connect(self.undo)

        self.controls = Controls()
        self.controls.edited.connect(self._on_controls)
        self.controls.committed.connect(self._commit)

        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        for part in (photo, styles, self.where, self.controls):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)

        self.card = FinalCard()
        self.card.renderWanted.connect(self.render_final)
        self.card.continueWanted.connect(self.continue_final)
        self.card.pauseToggled.connect(self._toggle_pause)
        self.card.showWanted.connect(self._show_final_settings)
        footer = QWidget()
        inside = QVBoxLayout(footer)
        inside.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M + SPACE_S)
        inside.addWidget(self.card)
        side = QWidget()
        side.setFixedWidth(CONTROLS_WIDTH)
        whole = QVBoxLayout(side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        line = QFrame()
        line.setObjectName("section-line")
        whole.addWidget(line)
        whole.addWidget(footer)
        return side

    def _make_actions(self) -> list[QAction]:
        def action(text: str, slot: Callable[[], object], keys: str, glyph: str) -> QAction:
            made = QAction(icon(glyph), text, self)
            made.setShortcut(QKeySequence(keys))
            made.triggered.connect(lambda: slot())
            return made

        self.render_action = action(self.tr("&Render final"), self.render_final, "Ctrl+Return", "stylize")
        self.pause_action = action(self.tr("&Pause or resume rendering"), self._toggle_pause, "Ctrl+Shift+P", "pause")
        self.stop_action = action(self.tr("&Stop rendering"), self.cancel_final, "Ctrl+.", "stop")
        separator = QAction(self)
        separator.setSeparator(True)
        return [
            action(self.tr("&Choose a photo …"), self.photo.choose, "Ctrl+Shift+O", "photo"),
            action(self.tr("&Add styles …"), self.style_drop.choose, "Ctrl+Shift+A", "add"),
            *self.bench.actions(),
            action(self.tr("Open &video …"), self.clip.choose, "Ctrl+Shift+V", "movie"),
            action(self.tr("&Unfinished films …"), self.clip.show_unfinished, "", "movie"),
            separator,
            self.render_action,
            self.pause_action,
            self.stop_action,
        ]

    def _tool(self, glyph: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIcon(icon(glyph))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    # Pictures that come in

    def _on_photo(self, picture: DroppedPicture) -> None:
        self._remember("photo", picture)
        self._store(picture, self.set_content)

    def _on_style(self, picture: DroppedPicture) -> None:
        self.style_drop.clear()
        self._remember("style", picture)
        self._store(picture, self.add_style)

    def _on_invited(self, picture: DroppedPicture) -> None:
        self.invitation.clear()
        if self._content_coming or self._draft.content is not None:
            self._on_style(picture)
            return
        self._content_coming = True
        self._remember("photo", picture)

        def read() -> Recipe | None:
            return read_recipe(picture.path if picture.path is not None else picture.data or b"")

        def take(recipe: Recipe | None) -> None:
            # One of our own pictures comes back with all its settings.
            if isinstance(recipe, StylizeRecipe):
                self._content_coming = False
                self.open_recipe(recipe)
            else:
                self._store(picture, self.set_content)

        self._files.run(read, take, self._on_refused)

    def _store(self, picture: DroppedPicture, use: Callable[[Recipe], None]) -> None:
        """Keep a copy of the picture, then ``use`` it."""

        def add() -> FileRef:
            if picture.path is not None:
                return self.context.sources.add(picture.path)
            return self.context.sources.add_bytes(picture.data or b"", picture.name)

        def added(ref: FileRef) -> None:
            if ref.hash in self._missing:
                # The very photo that a recipe lacked.
                del self._missing[ref.hash]
                self._content_coming = False
                self._show_controls()
                self._request_thumbnails()
                self._refresh()
            else:
                use(PhotoRecipe(photo=ref))

        self._files.run(add, added, self._on_refused)

    def _on_refused(self, problem: StudioError) -> None:
        self._content_coming = False
        self.context.problem.emit(problem)
        self._show_controls()

    def _remember(self, purpose: str, picture: DroppedPicture) -> None:
        if picture.path is not None:
            self.context.settings.remember_folder(purpose, picture.path)

    # Video clips

    def _on_clip_frame(self, frame: Recipe) -> None:
        self._edit(content=frame)

    def _on_clip_settled(self) -> None:
        self._commit()
        self._show_controls()

    def _on_film_opened(self, film: FilmRecipe) -> None:
        self._apply(replace(Draft.of(film.look), content=None))
        uses = film.look.styles

        def missing() -> list[FileRef]:
            return [ref for use in uses for ref in photos_in(use.source) if self.context.sources.find(ref) is None]

        def found(lacking: list[FileRef]) -> None:
            self._missing.update({ref.hash: ref for ref in lacking})
            self._tell_missing(lacking)
            self._refresh()

        self._background.run(missing, found)

    def _show_film_frame(self, image: _Pixels) -> None:
        self._stop_preview()
        self._on_canvas = None
        self.canvas.set_before(None)
        self.canvas.set_image(image)
        size = f"{image.shape[1]} × {image.shape[0]}"
        self.info.setText(self.tr("Frame of the film in making  ·  {size}").format(size=size))

    def _keep_photos(self, recipe: Recipe) -> None:
        """Frames of clips are lent only, until a picture of them is kept."""
        for ref in photos_in(recipe):
            self.context.sources.keep(ref)

    def _remove_photo(self) -> None:
        self.clip.close_clip()
        self._apply(replace(self._draft, content=None))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        takes = dropped_pictures(mime) or web_addresses(mime) or dropped_clip(mime)
        if self.stack.currentWidget() is self.canvas and takes:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        at = self.stack.mapFrom(self, event.position().toPoint())
        if self.stack.rect().contains(at):
            self.halves.show_at(at.x())
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self.halves.hide()
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.halves.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.halves.hide()
        at = self.stack.mapFrom(self, event.position().toPoint())
        style = self.halves.is_style(at.x()) and dropped_clip(event.mimeData()) is None
        place = self.style_drop if style else self.photo
        if place.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.bench.fit(self.width())
        super().resizeEvent(event)

    # Editing

    def _edit(self, **changes: object) -> None:
        """A control moves."""
        self._draft = replace(self._draft, **changes)  # type: ignore[arg-type]
        self._refresh(live=True)

    def _on_controls(self, draft: Draft) -> None:
        textured = draft.texture != self._draft.texture
        self._draft = replace(
            draft,
            content=self._draft.content,
            styles=self._draft.styles,
            mask=self._draft.mask,
            feather=self._draft.feather,
        )
        if textured:
            self._show_where()
        self._refresh(live=True)

    def _on_pad(self, weights: list[float]) -> None:
        uses = zip(self._draft.styles, weights, strict=True)
        self._edit(styles=tuple(use.model_copy(update={"weight": weight}) for use, weight in uses))

    def _show_pad(self) -> None:
        uses = self._draft.styles
        self.pad.setVisible(FEWEST <= len(uses) <= MOST)
        self.pad.set_styles(
            [recipe_name(use.source) for use in uses], shares([use.weight for use in uses]) if uses else []
        )

    # Painting where the styles go

    def _on_painting(self, on: bool) -> None:
        self.canvas.set_painting(on)
        if on:
            self.canvas.set_wipe(False)
            self.canvas.setFocus()
        self._show_where()

    def _mask_of(self, target: int) -> FileRef | None:
        if target == PHOTO:
            return self._draft.mask
        return self._draft.styles[target].region if target < len(self._draft.styles) else None

    def _on_painted(self) -> None:
        """Keep the mask on the canvas among the sources, then use it."""
        target, png = self.where.chosen(), self.canvas.mask_png()
        picture = self.canvas.painted_mask()
        copy = QImage() if picture is None else picture.copy()
        # Through the same thread even when there is nothing to keep: strokes must arrive in their order.
        self._files.run(
            lambda: None if png is None else self.context.sources.add_bytes(png, "mask.png"),
            lambda ref: self._use_mask(target, ref, copy),
        )

    def _use_mask(self, target: int, ref: FileRef | None, picture: QImage) -> None:
        if ref is not None:
            self._masks[ref.hash] = picture
            while len(self._masks) > _MASKS_KEPT:
                del self._masks[next(iter(self._masks))]
        draft = self._draft
        if target == PHOTO:
            draft = replace(draft, mask=ref)
        elif target < len(draft.styles):
            uses = list(draft.styles)
            uses[target] = uses[target].model_copy(update={"region": ref})
            draft = replace(draft, styles=tuple(uses))
        self._mask_shown = ref  # it came from the canvas, where it may have grown since
        self._apply(draft)

    def _show_where(self) -> None:
        uses = self._draft.styles
        self.where.show_state(
            [recipe_name(use.source) for use in uses],
            [use.region is not None for use in uses],
            masked=self._draft.mask is not None,
            feather=self._draft.feather,
            possible=self._draft.recipe("preview") is not None and not self._draft.texture,
        )
        ref = self._mask_of(self.where.chosen())
        if ref == self._mask_shown:
            return
        self._mask_shown = ref
        if ref is None or ref.hash in self._masks:
            # At once: the next stroke may be on its way.
            self.canvas.show_mask(None if ref is None else self._masks[ref.hash].copy())
            return

        def read() -> QImage | None:
            path = self.context.sources.find(ref)
            return None if path is None else QImage(str(path))

        def show(mask: QImage | None) -> None:
            if self._mask_shown == ref:
                self.canvas.show_mask(mask)

        self._background.run(read, show)

    def _commit(self) -> None:
        self.history.push(cast(Recipe, self._draft))

    def _apply(self, draft: Draft) -> None:
        """One whole change."""
        self._draft = draft
        self._commit()
        self._show_controls()
        self._refresh()

    def _restore(self, recipe: Recipe | None) -> None:
        if recipe is not None:
            self._draft = cast(Draft, recipe)
            self._show_controls()
            self._refresh()

    def _show_controls(self) -> None:
        """Every control as the draft has it."""
        draft = self._draft
        self.controls.show_draft(draft)
        self.styles.set_styles(draft.styles)
        self._show_pad()
        self._show_where()
        for use in draft.styles:
            self._pictures.request(use.source)
        has_photo = draft.content is not None
        if draft.content is None:
            self.photo.clear()
        else:
            self._pictures.request(draft.content)
            name = recipe_name(draft.content)
            width = CONTROLS_WIDTH - 4 * SPACE_L - 24
            self.photo_name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, width))
            self.photo_name.setToolTip(name)
        self.photo_name.setVisible(has_photo)
        self.photo_remove.setVisible(has_photo)

    def _request_thumbnails(self) -> None:
        for use in self._draft.styles:
            self._pictures.request(use.source)

    def _on_thumbnail(self, recipe: Recipe, image: _Pixels) -> None:
        if recipe == self._draft.content:
            self.photo.set_thumbnail(image)
        self.styles.set_thumbnail(recipe, image)
        for index, use in enumerate(self._draft.styles):
            if use.source == recipe and self.pad.isVisibleTo(self) and not self.pad.has_picture(index):
                self.pad.set_picture(index, image)

    def _tell_missing(self, missing: list[FileRef]) -> None:
        if not missing:
            return
        names = ", ".join(f"“{ref.name or ref.hash[:12]}”" for ref in missing)
        if len(missing) == 1:
            message = self.tr("The photo {name} of this recipe is not on this computer.").format(name=names)
        else:
            message = self.tr("These photos of this recipe are not on this computer: {names}.").format(names=names)
        self.context.problem.emit(
            StudioError(message, self.tr("Drop the photo here: it is recognised by its content, whatever its name."))
        )

    # Showing

    def _refresh(self, *, live: bool = False) -> None:
        """Bring canvas and buttons to the draft; ``live`` while a control moves."""
        self.clip.stop_watching()
        draft = self._draft
        self.styles.set_styles(draft.styles)
        self._show_pad()
        subject = draft.subject()
        self.bench.show_draft(draft)
        self._show_page()
        recipe = draft.recipe("preview")
        if self._checking:
            pass
        elif subject is None:
            self._stop_preview()
        elif (lacking := self._lacking()) is not None:
            self._stop_preview()
            self.canvas.set_image(None)
            self.canvas.set_before(None)
            self.canvas.set_message(self.tr("{name} is missing. Drop it here.").format(name=f"“{lacking.name}”"))
        else:
            self._render_before(subject, draft.size)
            if recipe is None:
                self._stop_preview()
                self._show_photo()
            elif (final := self._shown_final()) is not None and final.image is not None:
                self._stop_preview()
                self._show_image(final.image)
            elif self._touch_up():
                self._stop_preview()
            elif self._preview is not None and self._preview.full and self._preview.recipe == recipe:
                self._stop_preview()
                self._show_image(self._preview.image)
            else:
                self._render_preview(live=live)
        self._update()

    def _show_page(self) -> None:
        """The invitation, the picture or the sheet of styles."""
        empty = self._draft.subject() is None
        sheet = self.bench.sheet_open and not empty
        self.stack.setCurrentWidget(self.invitation if empty else self.bench.sheet if sheet else self.canvas)
        self._bar.setVisible(not empty and not sheet)

    def _update(self) -> None:
        """Texts and buttons."""
        final, followed = self._final, self._shown_final() is not None
        possible = self._draft.recipe("optimise") is not None and self._lacking() is None
        running = final is not None and final.running
        self.card.show_state(final, followed=followed, possible=possible)
        self.render_action.setEnabled(possible and not running)
        self.pause_action.setEnabled(running)
        self.stop_action.setEnabled(running)
        self.save_button.setEnabled(possible)
        self.export_button.setEnabled(possible)
        self.wipe_button.setEnabled(possible)
        self.clip.show_state()
        self.canvas.set_busy(final.progress.fraction if final is not None and running and followed else None)
        self.info.setText(self._words())
        self.info.setToolTip(self._words())

    def _words(self) -> str:
        """What the bar under the picture says about it."""
        image = self.canvas.image()
        if image is None:
            return ""
        if self._draft.recipe("preview") is None:
            return self.tr("Click a style in the library, or drop one.")
        size = f"{image.width()} × {image.height()}"
        final = self._shown_final()
        if final is None or final.image is None:
            preview = self._preview
            if preview is not None:
                # A live preview is smaller than the picture it stands for.
                scale = self._draft.size / max(image.width(), image.height())
                size = f"{round(image.width() * scale)} × {round(image.height() * scale)}"
            return self.tr("Instant preview  ·  {size}").format(size=size)
        network = network_name(final.recipe.network)
        if final.running:
            return self.tr("Rendering  ·  {network}  ·  {size}").format(network=network, size=size)
        if final.stopped_early:
            return self.tr("Stopped after {steps} of {total} steps  ·  {network}  ·  {size}").format(
                steps=final.steps, total=final.recipe.steps, network=network, size=size
            )
        return self.tr("Final render  ·  {network}  ·  {steps} steps  ·  {size}").format(
            network=network, steps=final.steps, size=size
        )

    def _show_image(self, image: _Pixels) -> None:
        subject = self._draft.subject()
        self._on_canvas = subject
        self.canvas.set_image(image)
        before = self._before
        self.canvas.set_before(before[2] if before is not None and before[0] == subject else None)
        self._update()

    def _show_photo(self) -> None:
        before = self._before
        self._on_canvas = None
        self.canvas.set_before(None)
        if before is not None and before[0] == self._draft.subject():
            self.canvas.set_image(before[2])
        self._update()

    def _lacking(self) -> FileRef | None:
        """A photo of the draft that is not on this computer."""
        draft = self._draft
        sources = [draft.content] if draft.content is not None else []
        sources += [use.source for use in draft.styles]
        masks = [draft.mask, *(mask for use in draft.styles for mask in (use.region, use.part))]
        needed = [ref for source in sources for ref in photos_in(source)] + [ref for ref in masks if ref is not None]
        return next((ref for ref in needed if ref.hash in self._missing), None)

    # The instant preview

    def _render_before(self, content: Recipe, size: int) -> None:
        """The photo itself, for the wipe and while there is no style."""
        wanted = (content, size)
        if self._before_wanted == wanted:
            return
        self._before_wanted = wanted
        # Other contents are rendered at their own size, as the stylization does: one rendering serves both.
        side = size if isinstance(content, PhotoRecipe) else None
        job = self.context.worker.submit(
            lambda engine: engine.render(content, max_side=side), priority=Priority.LIVE, key="stylize-before"
        )
        job.finished.connect(lambda rendered: self._on_before(wanted, rendered.image))
        job.failed.connect(lambda problem: self._on_before_failed(wanted, problem))

    def _on_before(self, wanted: tuple[Recipe, int], image: _Pixels) -> None:
        self._before = (*wanted, image)
        if wanted[0] != self._draft.subject() or self._checking:
            return
        if not self._draft.styles:
            self._show_photo()
        elif self._on_canvas == wanted[0]:
            self.canvas.set_before(image)
        else:
            self._show_photo()

    def _on_before_failed(self, wanted: tuple[Recipe, int], problem: StudioError) -> None:
        if self._before_wanted == wanted:
            self._before_wanted = None
        self._tell(problem)

    def _render_preview(self, *, live: bool) -> None:
        recipe = self._draft.recipe("preview")
        if recipe is None or self._lacking() is not None:
            return
        side = min(self._live_side, recipe.size)
        full = not live or side >= recipe.size
        self._rest.stop()
        job = self.context.worker.submit(
            lambda engine: engine.render(recipe, max_side=None if full else side),
            priority=Priority.LIVE,
            key="stylize-preview",
        )
        self._preview_job = job
        job.finished.connect(lambda rendered: self._on_preview(recipe, rendered, full=full))
        job.failed.connect(self._tell)
        if not full:
            self._rest.start()

    def _stop_preview(self) -> None:
        self._rest.stop()
        if self._preview_job is not None:
            self._preview_job.cancel()
            self._preview_job = None

    def _on_preview(self, recipe: StylizeRecipe, rendered: Rendered, *, full: bool) -> None:
        self._told = ""
        self._preview = _Preview(rendered.image, recipe, full)
        if not full:
            smallest, largest = _LIVE_SIDES
            if rendered.seconds > _SLOW:
                self._live_side = max(smallest, round(self._live_side * 0.85))
            elif 0.001 < rendered.seconds < _FAST:
                self._live_side = min(largest, round(self._live_side * 1.1))
        final = self._shown_final()
        # While dragging, a preview that is one position late is still better than none; other pictures are not.
        now = self._draft.recipe("preview")
        other = now is None or (now.content != recipe.content and not self.clip.is_open())
        if other or (final is not None and final.image is not None):
            return
        self._show_image(rendered.image)

    def _tell(self, problem: StudioError) -> None:
        """A problem of the preview, once, however often the slider moves."""
        if problem.message != self._told:
            self._told = problem.message
            self.context.problem.emit(problem)

    # The final render

    def render_final(self) -> None:
        """Start the optimisation with the settings as they are."""
        recipe = self._draft.recipe("optimise")
        if recipe is None or self._lacking() is not None or (self._final is not None and self._final.running):
            return
        self._commit()
        self._base = None
        self._start(FinalRender(recipe))
        # The picture so far stays until the first one of the render.
        self._update()

    def continue_final(self) -> None:
        """Go on from the picture of a render that was stopped, for the steps it lacks."""
        final = self._shown_final()
        if final is None or final.running or final.image is None or not final.stopped_early:
            return
        self._base = FinalRender(final.recipe_of_image(), image=final.image, steps=final.steps)
        self._touch(final.recipe.model_copy(update={"steps": max(1, final.recipe.steps - final.steps)}))
        self._update()

    def _touch_up(self) -> bool:
        """Bring a finished render to settings that changed a little, from the picture it is; whether that is possible.

        Every touch-up starts from the same full render, so that it does not matter by which way the sliders came.
        """
        recipe, final = self._draft.recipe("optimise"), self._final
        if recipe is None or final is None:
            return False
        if not final.running and final.recipe.start is None and final.image is not None:
            self._base = final
        base = self._base
        if base is None or base.image is None or not base.is_kin(recipe):
            return False
        if base.looks_like(recipe):
            self._leave(final)
            self._final = base
            self._show_image(base.image)
            return True
        if final.running and final.steps == 0:
            self._touch_waits = True  # its first picture is due within a second; then comes what is wanted by then
            return True
        self._touch(recipe.model_copy(update={"steps": max(MIN_TOUCH_UP, base.recipe.steps // 2)}))
        self._update()
        return True

    def _touch(self, recipe: StylizeRecipe) -> None:
        """Render ``recipe`` from the picture of the base."""
        base, shown = self._base, self._final
        assert base is not None and base.image is not None
        picture, start = base.image, base.recipe_of_image()
        final = FinalRender(
            recipe.model_copy(update={"start": start, "stop_after": None}),
            image=shown.image if shown is not None and shown.image is not None else picture,
        )
        self._touch_waits = False
        self._start(final, remember=(start, picture))

    def _leave(self, final: FinalRender) -> None:
        if final.job is not None and not final.job.is_over:
            final.job.cancel()

    def _start(self, final: FinalRender, remember: tuple[StylizeRecipe, _Pixels] | None = None) -> None:
        def work(engine: Engine) -> Work[Rendered]:
            if remember is not None:
                engine.remember(*remember)
            return (yield from _render_parts_first(final.recipe, engine))

        final.job = self.context.worker.submit(work, title=self.tr("Final render"), key="stylize-final")
        final.job.progressed.connect(lambda progress: self._on_progress(final, progress))
        final.job.finished.connect(lambda rendered: self._on_finished(final, rendered))
        final.job.failed.connect(lambda problem: self._on_failed(final, problem))
        final.job.cancelled.connect(lambda: self._on_cancelled(final))
        final.job.stateChanged.connect(lambda _state: self._on_state(final))
        self._final = final

    def cancel_final(self) -> None:
        """Stop the final render; its latest picture stays."""
        if self._final is not None and self._final.job is not None:
            self._final.job.cancel()

    def _toggle_pause(self) -> None:
        if self._final is None or self._final.job is None:
            return
        job = self._final.job
        if job.state is JobState.PAUSED:
            job.resume()
        else:
            job.pause()
            self._final.hold()

    def _shown_final(self) -> FinalRender | None:
        """The final render, if the controls are at its settings."""
        final = self._final
        return final if final is not None and final.looks_like(self._draft.recipe("optimise")) else None

    def _show_final_settings(self) -> None:
        if self._final is not None:
            draft = Draft.of(self._final.recipe)
            # A touch-up takes fewer steps than the artist asked for.
            self._apply(replace(draft, steps=self._draft.steps) if self._final.recipe.start is not None else draft)

    def _on_state(self, final: FinalRender) -> None:
        if final is self._final:
            self._update()

    def _on_progress(self, final: FinalRender, progress: Progress) -> None:
        if final.take(progress) and final is self._shown_final() and final.image is not None:
            self._stop_preview()
            self._show_image(final.image)
        elif final is self._final:
            self._update()
        if self._touch_waits and final is self._final and final.steps > 0:
            self._touch_waits = False
            self._refresh()

    def _on_finished(self, final: FinalRender, rendered: Rendered) -> None:
        final.image, final.steps = rendered.image, final.recipe.steps
        self._touch_waits = False
        self.controls.show_download()
        if final is self._shown_final():
            self._stop_preview()
            self._show_image(final.image)
        elif final is self._final:
            self._update()
        if final.recipe.start is None:
            self.context.notify.emit(self.tr("The final render is done."))

    def _on_cancelled(self, final: FinalRender) -> None:
        self.controls.show_download()
        if final is not self._final:
            return
        if final.steps == 0:
            self._final = self._base  # else there is nothing yet that the instant preview does not show better
        else:
            self.context.notify.emit(
                self.tr("Stopped after {steps} of {total} steps. The picture so far is kept, and can be saved.").format(
                    steps=final.steps, total=final.recipe.steps
                )
            )
        self._refresh()

    def _on_failed(self, final: FinalRender, problem: StudioError) -> None:
        self.context.problem.emit(problem)
        if final is self._final:
            if final.steps == 0:
                self._final = self._base = None
            self._refresh()

    # Saving

    def _with_picture(self, use: Callable[[_Pixels, StylizeRecipe], None]) -> None:
        """``use`` the picture shown and its recipe; a preview that is not there in full size is rendered first."""
        recipe = self._draft.recipe("preview")
        final = self._shown_final()
        if recipe is None:
            self.context.notify.emit(self.tr("There is nothing to save yet: it takes a photo and a style."))
        elif final is not None and final.image is not None:
            use(final.image, final.recipe_of_image())
        elif self._preview is not None and self._preview.full and self._preview.recipe == recipe:
            use(self._preview.image, recipe)
        else:
            job = self.context.worker.submit(lambda engine: engine.render(recipe), title=self.tr("Stylize"))
            job.finished.connect(lambda rendered: use(rendered.image, recipe))
            job.failed.connect(self.context.problem)

    def _save(self, image: _Pixels, recipe: StylizeRecipe) -> None:
        def saved(picture: Picture) -> None:
            self.context.pictureSaved.emit(picture)
            if recipe.stop_after is not None:
                text = self.tr("Saved as {name}, after {steps} of {total} steps.")
            else:
                text = self.tr("Saved as {name}.")
            self.context.notify.emit(text.format(name=picture.path.name, steps=recipe.stop_after, total=recipe.steps))

        def save() -> Picture:
            self._keep_photos(recipe)
            return self.context.gallery.save(image, recipe)

        self._files.run(save, saved)

    def _export(self, image: _Pixels, recipe: StylizeRecipe) -> None:
        settings = self.context.settings
        filters = {
            self.tr("JPEG picture") + " (*.jpg *.jpeg)": ".jpg",
            self.tr("PNG picture") + " (*.png)": ".png",
            self.tr("WebP picture") + " (*.webp)": ".webp",
        }
        folder = settings.last_folder("export") or str(Path.home())
        proposed = Path(folder) / f"{_file_stem(recipe_name(recipe))}.jpg"
        name, chosen = QFileDialog.getSaveFileName(self, self.tr("Export"), str(proposed), ";;".join(filters))
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
            path = path.with_name(path.name + filters.get(chosen, ".png"))
        settings.remember_folder("export", path)
        own = settings.export_profile == "photo"
        text = self.tr("Exported as {name}.")
        if image.shape[2] == 4 and path.suffix.lower() in (".jpg", ".jpeg"):
            text = self.tr("Exported as {name}, on white: JPEG has no transparency.")

        def write() -> Path:
            self._keep_photos(recipe)
            return save_picture(image, path, recipe, profile=self.context.sources.profile_of(recipe) if own else None)

        self._files.run(write, lambda done: self.context.notify.emit(text.format(name=done.name)))

    def _saved_picture(self, recipe: StylizeRecipe) -> Picture | None:
        """The gallery's picture of ``recipe``. Runs off the main thread."""
        for picture in self.context.gallery.pictures(kind="stylize"):
            if picture.recipe == recipe and picture.path.is_file():
                return picture
        return None


def _render_parts_first(recipe: StylizeRecipe, engine: Engine) -> Work[Rendered]:
    """Render ``recipe``, its nested optimisations before it: their previews are not pictures of the whole."""
    uses: list[StyleUse | None] = [None, *recipe.styles]
    for use in uses:
        part = recipe.content if use is None else use.source
        if isinstance(part, StylizeRecipe) and part.method == "optimise":
            for progress in engine.render(part):
                yield replace(progress, preview=None)
    return (yield from engine.render(recipe))


def _file_stem(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter in " -_.,()" else "_" for letter in text).strip() or "picture"
