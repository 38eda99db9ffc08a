"""The stylizer: a photo, a blend of styles, an instant preview and a final render.

Widgets only edit a :class:`StylizeRecipe`; the worker renders it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError, Work
from studio.recipes import FileRef, PhotoRecipe, Recipe, SampleRecipe, StyleUse, StylizeRecipe, save_picture
from studio.ui.background import Background
from studio.ui.context import StudioContext
from studio.ui.history import History
from studio.ui.stylizer.final_box import FinalBox
from studio.ui.stylizer.style_row import THUMBNAIL, StyleRow
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, icon
from studio.ui.widgets import Canvas, DroppedPicture, ImageDrop, Section, Slider
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered

SIZES = (256, 384, 512, 768, 1024, 1536, 2048)
LIVE_SIDE = 384
"""Long side of the preview while a slider moves."""
REST_MS = 250
"""How long the hand must rest before the preview is made at full size."""


def recipe_name(recipe: Recipe) -> str:
    """A short name for a picture that is used as photo or style."""
    if isinstance(recipe, PhotoRecipe):
        return Path(recipe.photo.name).stem or recipe.photo.hash[:8]
    if isinstance(recipe, SampleRecipe):
        return recipe.model.name or recipe.model.hash[:8]
    return recipe_name(recipe.content)


class StylizerPanel(QWidget):
    """The room "Stylize"."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.history = History(self)
        self.content: Recipe | None = None
        self._rows: list[StyleRow] = []
        self._seed = 0
        self._stop_after: int | None = None
        self._shown: tuple[NDArray[np.uint8], Recipe] | None = None
        self._preview_for: StylizeRecipe | None = None
        self._final: Job | None = None
        self._last: tuple[NDArray[np.uint8], int] | None = None
        self._background = Background(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(lambda: self._preview(full=True))
        self._build()
        context.stylizePicture.connect(self.set_content)
        self._update()

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.canvas = Canvas(self)
        self.canvas.setAcceptDrops(False)
        self.canvas.set_message(self.tr("Drop a photo here, then one or more style pictures on the right."))
        self.wipe_button = QToolButton(self)
        self.wipe_button.setIcon(icon("wipe"))
        self.wipe_button.setText(self.tr("Before / after"))
        self.wipe_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.wipe_button.setCheckable(True)
        self.wipe_button.setToolTip(self.tr("Wipe between the photo and the result."))
        self.wipe_button.toggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.wipe_button.setChecked)
        self.status = QLabel(self)
        self.status.setProperty("muted", True)
        self.save_button = QPushButton(icon("save"), self.tr("Save"), self)
        self.save_button.setToolTip(self.tr("Save to the gallery (Ctrl+S)"))
        self.save_button.clicked.connect(self.save)
        self.export_button = QPushButton(icon("export"), self.tr("Export …"), self)
        self.export_button.setToolTip(self.tr("Write a PNG, JPEG or WebP file that carries its recipe."))
        self.export_button.clicked.connect(self.export)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        bar.setSpacing(SPACE_M)
        bar.addWidget(self.wipe_button)
        bar.addWidget(self.status, 1)
        bar.addWidget(self.export_button)
        bar.addWidget(self.save_button)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addLayout(bar)

        scrolled = QWidget(self)
        scrolled.setObjectName("scrolled")
        controls = QVBoxLayout(scrolled)
        controls.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        controls.setSpacing(SPACE_M)
        controls.addWidget(self._photo_section())
        controls.addWidget(self._styles_section())
        controls.addWidget(self._look_section())
        controls.addWidget(self._final_section())
        controls.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(scrolled)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(CONTROLS_WIDTH)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("stylizer-splitter")
        splitter.addWidget(left)
        splitter.addWidget(scroll)
        splitter.setStretchFactor(0, 1)
        splitter.setCollapsible(0, False)
        splitter.setCollapsible(1, False)
        splitter.setSizes([900, CONTROLS_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

        self._render_action = QAction(icon("stylize"), self.tr("Render final"), self)
        self._render_action.setShortcut(QKeySequence("Ctrl+Return"))
        self._render_action.triggered.connect(self.render_final)
        self._photo_action = QAction(icon("photo"), self.tr("Choose photo …"), self)
        self._photo_action.triggered.connect(self.photo_drop.choose)
        self._style_action = QAction(icon("add"), self.tr("Add styles …"), self)
        self._style_action.triggered.connect(self.style_drop.choose)

    def _photo_section(self) -> Section:
        section = Section(self.tr("Photo"), self)
        self.photo_drop = ImageDrop(self.tr("Drop a photo, click to choose one, or paste."), self, multiple=False)
        self.photo_drop.folder = self.context.settings.last_folder("photo")
        self.photo_drop.pictureDropped.connect(self._photo_dropped)
        self.photo_drop.problem.connect(self.context.problem)
        section.body.addWidget(self.photo_drop)
        return section

    def _styles_section(self) -> Section:
        section = Section(self.tr("Styles"), self)
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(SPACE_M)
        section.body.addLayout(self._rows_layout)
        self.style_drop = ImageDrop(self.tr("Drop one or more style pictures."), self)
        self.style_drop.folder = self.context.settings.last_folder("style")
        self.style_drop.setMinimumHeight(72)
        self.style_drop.setMaximumHeight(88)
        self.style_drop.pictureDropped.connect(self._style_dropped)
        self.style_drop.problem.connect(self.context.problem)
        section.body.addWidget(self.style_drop)
        return section

    def _look_section(self) -> Section:
        section = Section(self.tr("Look"), self)
        self.style_strength = Slider(
            self.tr("Style"), 0.0, 1.0, 1.0, tooltip=self.tr("How strongly the styles change the photo.")
        )
        self.content_strength = Slider(
            self.tr("Content"), 0.0, 1.0, 0.5, tooltip=self.tr("How much of the photo's shapes stays.")
        )
        for slider in (self.style_strength, self.content_strength):
            slider.valueChanged.connect(self._edited)
            slider.editingFinished.connect(self._settled)
            section.body.addWidget(slider)
        self.keep_colors = QCheckBox(self.tr("Keep the photo's colours"), self)
        self.keep_colors.setToolTip(self.tr("Take strokes and light from the styles, colours from the photo."))
        self.keep_colors.toggled.connect(self._edited_at_once)
        section.body.addWidget(self.keep_colors)
        self.size_box = QComboBox(self)
        self.size_box.setEditable(True)
        self.size_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for side in SIZES:
            self.size_box.addItem(self.tr("{n} px").format(n=side), side)
        self.size_box.setCurrentIndex(SIZES.index(512))
        self.size_box.setToolTip(self.tr("Long side of the result in pixels."))
        self.size_box.setAccessibleName(self.tr("Size"))
        self.size_box.activated.connect(self._edited_at_once)
        line = self.size_box.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._size_typed)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setToolTip(self.tr("Start of the final optimisation: another seed gives other details."))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.valueChanged.connect(self._seed_changed)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        for text, field in ((self.tr("Size"), self.size_box), (self.tr("Seed"), self.seed)):
            label = QLabel(text, self)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1)
        section.body.addLayout(row)
        return section

    def _final_section(self) -> Section:
        section = Section(self.tr("Final quality"), self)
        self.final = FinalBox(self)
        self.final.renderRequested.connect(self.render_final)
        self.final.changed.connect(self._settled)
        section.body.addWidget(self.final)
        return section

    # -- the recipe ----------------------------------------------------------------------------------------------

    def recipe(self, method: str = "preview") -> StylizeRecipe | None:
        """The recipe that the controls show, or None while photo or styles are missing."""
        uses = tuple(row.use() for row in self._rows)
        if self.content is None or not uses or not any(use.weight > 0 for use in uses):
            return None
        return StylizeRecipe(
            content=self.content,
            styles=uses,
            method="optimise" if method == "optimise" else "preview",
            network=self.final.network.currentData(),
            size=self._side(),
            content_strength=self.content_strength.value(),
            style_strength=self.style_strength.value(),
            keep_colors=self.keep_colors.isChecked(),
            steps=self.final.steps(),
            seed=self._seed,
            stop_after=self._stop_after if method == "optimise" else None,
        )

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe`` and show its picture."""
        if not isinstance(recipe, StylizeRecipe):
            self.set_content(recipe)
            return
        self._restore(recipe)
        self.history.push(recipe)
        # The instant preview at once; an optimised picture comes back when the artist asks for it.
        self._preview(full=True)

    def _restore(self, recipe: StylizeRecipe) -> None:
        if self.content != recipe.content:
            self._show_content(recipe.content)
        if [row.source for row in self._rows] != [use.source for use in recipe.styles]:
            while self._rows:
                self._drop_row(self._rows[0])
            for use in recipe.styles:
                self._add_row(use)
        for row, use in zip(self._rows, recipe.styles, strict=True):
            row.show_use(use)
        self.style_strength.set_value(recipe.style_strength, silent=True)
        self.content_strength.set_value(recipe.content_strength, silent=True)
        for widget in (self.keep_colors, self.size_box, self.seed):
            widget.blockSignals(True)
        self.keep_colors.setChecked(recipe.keep_colors)
        self._show_side(recipe.size)
        self._seed = recipe.seed
        self.seed.setValue(min(recipe.seed, self.seed.maximum()))
        for widget in (self.keep_colors, self.size_box, self.seed):
            widget.blockSignals(False)
        self.final.show_choice(recipe.network, recipe.steps)
        self._stop_after = recipe.stop_after
        self._update()

    def _side(self) -> int:
        digits = "".join(letter for letter in self.size_box.currentText() if letter.isdecimal())
        return min(8192, max(64, int(digits))) if digits else 512

    def _show_side(self, side: int) -> None:
        index = self.size_box.findData(side)
        if index >= 0:
            self.size_box.setCurrentIndex(index)
        self.size_box.setEditText(self.tr("{n} px").format(n=side))

    def _size_typed(self) -> None:
        before = self.history.current()
        self._show_side(self._side())
        if isinstance(before, StylizeRecipe) and before.size != self._side():
            self._edited_at_once()

    def _seed_changed(self, value: int) -> None:
        self._seed = value
        self._settled()

    # -- photo and styles ------------------------------------------------------------------------------------------

    def set_content(self, recipe: Recipe) -> None:
        """Use this picture as the photo."""
        self._show_content(recipe)
        self._edited_at_once()

    def _show_content(self, recipe: Recipe) -> None:
        self._cancel_final()
        self.content = recipe
        self._shown = None
        self._stop_after = None
        self._preview_for = None
        side = self._side()
        job = self.context.worker.submit(
            partial(_render, recipe, max_side=side),
            priority=Priority.NORMAL,
            key="stylize-content",
            title=self.tr("Photo"),
        )
        job.finished.connect(lambda rendered: self._content_ready(recipe, rendered))
        job.failed.connect(self._failed)

    def _content_ready(self, recipe: Recipe, rendered: Rendered) -> None:
        if recipe != self.content:
            return
        self.photo_drop.set_thumbnail(rendered.image)
        self.canvas.set_before(rendered.image)
        if self._shown is None:
            self.canvas.set_image(rendered.image)
        self._update()

    def _photo_dropped(self, picture: DroppedPicture) -> None:
        self.context.settings.last_folders["photo"] = self.photo_drop.folder
        self._keep(picture, lambda ref: self.set_content(PhotoRecipe(photo=ref)))

    def _style_dropped(self, picture: DroppedPicture) -> None:
        self.context.settings.last_folders["style"] = self.style_drop.folder
        self.style_drop.clear()
        self._keep(picture, self._style_kept)

    def _style_kept(self, ref: FileRef) -> None:
        self.add_style(PhotoRecipe(photo=ref))

    def _keep(self, picture: DroppedPicture, then: Callable[[FileRef], None]) -> None:
        """Store a dropped picture off the main thread; it may be large."""
        sources = self.context.sources

        def store() -> FileRef:
            if picture.path is not None:
                return sources.add(picture.path)
            assert picture.data is not None
            return sources.add_bytes(picture.data, picture.name)

        self._background.run(store, then, self.context.problem.emit)

    def add_style(self, source: Recipe) -> None:
        """Add a picture to the blend."""
        self._add_row(StyleUse(source=source))
        self._edited_at_once()

    def _add_row(self, use: StyleUse) -> None:
        row = StyleRow(use, recipe_name(use.source), self)
        self._rows.append(row)
        self._rows_layout.addWidget(row)
        row.changed.connect(self._edited)
        row.editingFinished.connect(self._settled)
        row.removed.connect(lambda: self.remove_style(row))
        job = self.context.worker.submit(
            partial(_render, use.source, max_side=THUMBNAIL * 4),
            priority=Priority.BACKGROUND,
            title=self.tr("Thumbnail"),
        )
        job.finished.connect(partial(self._thumbnail_ready, row))
        job.failed.connect(self._failed)

    def _thumbnail_ready(self, row: StyleRow, rendered: Rendered) -> None:
        if row in self._rows:
            row.set_thumbnail(rendered.image)

    def remove_style(self, row: StyleRow) -> None:
        """Take a style out of the blend."""
        self._drop_row(row)
        if not self._rows and self.content is not None:
            self._show_content(self.content)
        self._edited_at_once()

    def _drop_row(self, row: StyleRow) -> None:
        self._rows.remove(row)
        self._rows_layout.removeWidget(row)
        row.hide()
        row.deleteLater()

    # -- the preview -------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        """A control moves: a quick, smaller preview now, the full one when the hand rests."""
        self._stop_after = None
        self._update()
        self._preview(full=False)
        self._rest.start()

    def _edited_at_once(self) -> None:
        self._edited()
        self._settled()

    def _settled(self) -> None:
        recipe = self.recipe("optimise")
        if recipe is not None:
            self.history.push(recipe)

    def _preview(self, *, full: bool) -> None:
        recipe = self.recipe()
        if recipe is None or self.final.is_running():
            return
        self._preview_for = recipe
        job = self.context.worker.submit(
            partial(_render, recipe, max_side=None if full else LIVE_SIDE),
            priority=Priority.LIVE,
            key="stylize-preview",
            title=self.tr("Preview"),
        )
        job.finished.connect(lambda rendered: self._preview_ready(recipe, rendered))
        job.failed.connect(self._failed)

    def _preview_ready(self, recipe: StylizeRecipe, rendered: Rendered) -> None:
        if recipe != self._preview_for or self.final.is_running():
            return
        self._show(rendered.image, recipe)
        self.status.setText(self.tr("Preview, {ms} ms").format(ms=round(rendered.seconds * 1000)))

    def _show(self, image: NDArray[np.uint8], recipe: Recipe) -> None:
        self._shown = (image, recipe)
        self.canvas.set_image(image)
        self._update()

    # -- the final render ----------------------------------------------------------------------------------------------

    def render_final(self) -> None:
        """Make the picture by optimisation, with intermediate previews."""
        recipe = self.recipe("optimise")
        if recipe is None:
            self.context.problem.emit(
                StudioError(
                    self.tr("There is nothing to render yet."), self.tr("Drop a photo and at least one style picture.")
                )
            )
            return
        if self.final.is_running():
            return
        self._rest.stop()
        self._preview_for = None
        self._last = None
        self.history.push(recipe)
        job = self.context.worker.submit(
            partial(_render, recipe, max_side=None),
            priority=Priority.NORMAL,
            key="stylize-final",
            title=self.tr("Stylizing {name}").format(name=recipe_name(recipe)),
        )
        self._final = job
        self.final.watch(job)
        job.progressed.connect(self._final_progressed)
        job.finished.connect(lambda rendered: self._final_done(recipe, rendered))
        job.failed.connect(self._final_failed)
        job.cancelled.connect(lambda: self._final_cancelled(recipe))
        self._update()

    def _final_progressed(self, progress: Progress) -> None:
        self.canvas.set_busy(progress.fraction if progress.total else None)
        if progress.preview is not None:
            self._last = (progress.preview, progress.step)
            self.canvas.set_image(progress.preview)

    def _final_done(self, recipe: StylizeRecipe, rendered: Rendered) -> None:
        self._final_over()
        self._show(rendered.image, recipe)
        self.status.setText(self.tr("Final, {s} s").format(s=round(rendered.seconds, 1)))

    def _final_cancelled(self, recipe: StylizeRecipe) -> None:
        """Keep what is there, with a recipe that makes exactly that picture again."""
        last = self._last
        self._final_over()
        if last is not None and last[1] > 0:
            image, step = last
            self._stop_after = step
            self._show(image, recipe.model_copy(update={"stop_after": step}))
            self.status.setText(self.tr("Stopped after {n} of {total} steps").format(n=step, total=recipe.steps))

    def _final_failed(self, error: StudioError) -> None:
        self._final_over()
        self.context.problem.emit(error)
        self._preview(full=True)

    def _final_over(self) -> None:
        self._final = None
        self._last = None
        self.canvas.set_busy(None)
        self._update()

    def _cancel_final(self) -> None:
        if self._final is not None:
            self._final.cancel()
            self._final = None

    def _failed(self, error: StudioError) -> None:
        self.context.problem.emit(error)

    # -- what the window asks for --------------------------------------------------------------------------------

    def _update(self) -> None:
        there = self._shown is not None
        self.save_button.setEnabled(there)
        self.export_button.setEnabled(there)
        ready = self.recipe() is not None
        self.final.render_button.setEnabled(ready)
        self._render_action.setEnabled(ready and not self.final.is_running())
        self.wipe_button.setEnabled(self.canvas.has_before() and there)
        if self.content is not None and not self._rows:
            self.status.setText(self.tr("Now add a style picture."))

    def shown(self) -> tuple[NDArray[np.uint8], Recipe] | None:
        """The picture on the canvas and the recipe that makes it."""
        return self._shown

    def save(self) -> None:
        """Save the picture to the gallery."""
        if self._shown is None:
            return
        image, recipe = self._shown
        gallery = self.context.gallery

        def saved(picture: object) -> None:
            self.context.pictureSaved.emit(picture)
            self.context.notify.emit(self.tr("Saved to the gallery."))

        self._background.run(lambda: gallery.save(image, recipe), saved, self.context.problem.emit)

    def export(self) -> None:
        """Write the picture to a file of the artist's choice."""
        if self._shown is None:
            return
        image, recipe = self._shown
        kinds = self.tr("PNG (*.png);;JPEG (*.jpg);;WebP (*.webp)")
        start = Path(self.context.settings.last_folder("export")) / f"{recipe_name(recipe)}.png"
        name, chosen = QFileDialog.getSaveFileName(self, self.tr("Export picture"), str(start), kinds)
        if not name:
            return
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix("." + chosen.rpartition(".")[2].rstrip(")"))
        self.context.settings.remember_folder("export", path)

        def written(_: object) -> None:
            self.context.notify.emit(self.tr("Exported to {path}").format(path=path))

        self._background.run(lambda: save_picture(image, path, recipe), written, self.context.problem.emit)

    def undo(self) -> None:
        """Back to the recipe before."""
        self._go(self.history.undo())

    def redo(self) -> None:
        """Forward again."""
        self._go(self.history.redo())

    def _go(self, recipe: Recipe | None) -> None:
        if isinstance(recipe, StylizeRecipe):
            self._restore(recipe)
            self._preview(full=True)

    def actions(self) -> list[QAction]:  # type: ignore[override]
        """The room's menu."""
        return [self._photo_action, self._style_action, self._render_action]

    def shutting_down(self) -> None:
        """Stop timers and finish writing."""
        self._rest.stop()
        self._cancel_final()
        self._background.close()


def _render(recipe: Recipe, engine: Engine, *, max_side: int | None) -> Work[Rendered]:
    return engine.render(recipe, max_side=max_side)
