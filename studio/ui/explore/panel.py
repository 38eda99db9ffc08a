"""The explorer: sliders over a generator's latent space, a sheet of samples, and a journey through picks.

Widgets only edit the :class:`SampleRecipe` of one model; the worker renders it, newest first, and the canvas never
shows a picture older than the one it has.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import Hint, Progress, StudioError
from studio.engine.jobs.journey import frame_recipe
from studio.recipes import JourneyRecipe, LatentSeed, Recipe, SampleRecipe
from studio.ui.command import Command, with_keys
from studio.ui.explore.controls import ExplorerControls
from studio.ui.explore.picks import PicksBar
from studio.ui.explore.sheet import SheetView
from studio.ui.kept_history import kept_history, recall_history
from studio.ui.model import Model
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.undo_order import UndoOrder
from studio.ui.widgets import Canvas, enable_unless
from studio.worker import JobGroup, ModelInfo, Priority

if TYPE_CHECKING:
    from studio.engine import Rendered
    from studio.ui.context import StudioContext


class _Session(BaseModel):
    """The state that comes back at the next start."""

    recipe: SampleRecipe | None = None
    picks: list[SampleRecipe] = []
    history: dict[str, Any] = {}


class ExplorerPanel(Room):
    """The room "Explore"."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model: Model[SampleRecipe | None] = Model(None, self)
        self.history = self.model.history
        self._steps = UndoOrder(self)
        self._steps.follow(self.history, self.model.undo, self.model.redo)
        self._steps.changed.connect(self.stateChanged)
        self._restored: _Session | None = None  # what waits for the list of models
        self._waiting: SampleRecipe | None = None
        self._loads = 0  # readings of the library under way
        self._models: list[ModelInfo] = []
        self._image: NDArray[np.uint8] | None = None
        self._asked = 0
        self._shown = 0
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self.keeping = PictureKeeping(context, self._background, self)
        self._build()
        self._make_commands()
        self.model.changed.connect(self._on_changed)
        context.modelsChanged.connect(self._load_models)
        self._load_models()
        self._update()

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.canvas = Canvas(self)
        self.canvas.set_message(self.tr("Starting the engine …"))
        self.sheet = SheetView(self.context, self)
        self.sheet.opened.connect(self._open_from_list)
        self.sheet.picked.connect(self._pick_many)
        self.sheet.closed.connect(lambda: self.show_sheet(False))
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.sheet)
        self.status = QLabel(self)
        self.status.setProperty("muted", True)
        self.sheet_button = self._button(
            "grid", self.tr("Sheet"), with_keys(self.tr("Show a sheet of samples to pick from"), "explore.sheet")
        )
        self.sheet_button.setCheckable(True)
        self.sheet_button.clicked.connect(self.show_sheet)
        self.stylize_button = self._button(
            "stylize", self.tr("Stylize"), with_keys(self.tr("Use this picture in the stylizer"), "picture.stylize")
        )
        self.stylize_button.clicked.connect(self._stylize)
        self.finish_button = self._button(
            "finish",
            self.tr("Finish"),
            with_keys(self.tr("Repair, clean or enlarge this picture"), "picture.finish"),
        )
        self.finish_button.clicked.connect(self._finish)
        self.export_button = self._button(
            "export", self.tr("Export …"), with_keys(self.tr("Write a PNG, JPEG, TIFF or WebP file"), "file.export")
        )
        self.export_button.clicked.connect(self.export)
        self.save_button = self._button("save", self.tr("Save"), with_keys(self.tr("Save to the gallery"), "file.save"))
        self.save_button.clicked.connect(self.save)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_L, SPACE_M, SPACE_M, SPACE_M)
        bar.setSpacing(SPACE_S)
        bar.addWidget(self.status, 1)
        bar.addWidget(self.sheet_button)
        bar.addWidget(self.stylize_button)
        bar.addWidget(self.finish_button)
        bar.addSpacing(SPACE_M)
        bar.addWidget(self.export_button)
        bar.addWidget(self.save_button)
        self.picks = PicksBar(self.context, self)
        self.picks.opened.connect(self._open_from_list)
        self.picks.addRequested.connect(self.pick)
        self.picks.taken.connect(self._on_picks_taken)
        self.picks.frame.connect(self._show_frame)
        self.picks.playing.connect(self._on_playing)
        self.picks.stopped.connect(self._keep_frame)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addLayout(bar)
        column.addWidget(self.picks)

        self.controls = controls = ExplorerControls(self.model, self)
        controls.modelChosen.connect(self._model_chosen)
        self.model_box, self.seed = controls.model_box, controls.seed
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("explorer-splitter")
        splitter.addWidget(left)
        splitter.addWidget(controls)
        splitter.setStretchFactor(0, 1)
        for index in (0, 1):
            splitter.setCollapsible(index, False)
        splitter.setSizes([900, CONTROLS_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _button(self, glyph: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(icon(glyph), text, self)
        button.setToolTip(tip)
        return button

    def _make_commands(self) -> None:
        def drawn() -> bool:
            return self._image is not None

        self.commands.add(
            Command("explore.random", self.tr("Random seed"), self.seed.randomize, "random"),
            Command("step.previous", self.tr("Previous seed"), lambda: self.seed.step(-1), "previous"),
            Command("step.next", self.tr("Next seed"), lambda: self.seed.step(+1), "next"),
            Command("explore.sheet", self.tr("Sheet of samples"), self.sheet_button.click, "grid", drawn),
            Command("explore.pick", self.tr("Add to picks"), self.pick, "add", drawn),
            Command("explore.play", self.tr("Play or stop the journey"), self.picks.play_button.click, "play"),
            Command("explore.film", self.tr("Export film …"), self._export_film, "movie"),
            Command("picture.stylize", self.tr("Stylize this picture"), self._stylize, "stylize", drawn),
            Command("picture.finish", self.tr("Finish this picture"), self._finish, "finish", drawn),
        )

    # -- models ----------------------------------------------------------------------------------------------------

    def _load_models(self) -> None:
        self._loads += 1
        job = self.context.worker.call(lambda engine: engine.library.models(), title=self.tr("Looking for models"))
        job.finished.connect(self._models_loaded)
        job.failed.connect(self._models_failed)

    def _models_failed(self, problem: StudioError) -> None:
        self._loads -= 1
        self._failed(problem)

    def _models_loaded(self, models: list[ModelInfo]) -> None:
        self._loads -= 1
        self._models = models
        self.controls.set_models(models)
        if not models:
            self.canvas.set_message(
                self.tr("There is no model yet. Train one, drop a model file here, or get one: File > Model library.")
            )
        elif self._info() is None:
            self._use_model(models[0])
        else:
            self._show_model()
        if models:
            self._restore()
        if models and self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.open_recipe(waiting)
        self._update()

    def _info(self) -> ModelInfo | None:
        """The library's entry for the recipe's model."""
        recipe = self.model.value
        return None if recipe is None else next((i for i in self._models if i.hash == recipe.model.hash), None)

    def _model_chosen(self, index: int) -> None:
        self._use_model(self._models[index])

    def _use_model(self, info: ModelInfo) -> None:
        """Go to another model, to its best cover if it names any: else the seed stays.

        What belongs to the latent space of the old one goes.
        """
        latent, before = LatentSeed(seed=info.covers[0] if info.covers else self.seed.seed()), self.model.value
        if before is None:
            self._go_to(SampleRecipe(model=info.ref, latent=latent))
        else:
            self._go_to(SampleRecipe(model=info.ref, latent=latent, truncation=before.truncation))

    def _show_model(self) -> None:
        """Show the properties of the model: its text, its layers, its directions."""
        info = self._info()
        if info is None:
            return
        self.controls.show_model(self._models.index(info), info)
        job = self.context.worker.call(
            lambda engine: (info, engine.space(info.ref).deviations()), priority=Priority.NORMAL, key="directions"
        )
        job.finished.connect(self._directions_known)
        job.failed.connect(self._failed)

    def _directions_known(self, result: tuple[ModelInfo, list[float]]) -> None:
        info, deviations = result
        if info == self._info():
            self.controls.show_deviations(deviations)

    # -- the recipe ------------------------------------------------------------------------------------------------

    def recipe(self) -> SampleRecipe | None:
        """The recipe that the controls show."""
        return self.model.value

    def open_journey(self, journey: JourneyRecipe) -> None:
        """Put the keys of ``journey`` in the place of the picks, its speed into their bar, and show the first key."""
        if self._loads or any(info.hash == journey.keys[0].model.hash for info in self._models):
            self.picks.show_journey(journey)
        self.open_recipe(journey.keys[0])

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe`` and show its picture."""
        if not isinstance(recipe, SampleRecipe):
            return
        if not any(info.hash == recipe.model.hash for info in self._models):
            if self._loads:
                self._waiting = recipe  # its model may just have arrived
                return
            self.context.problem.emit(
                StudioError(
                    self.tr("The model “{name}” of this picture is not in your library.").format(
                        name=recipe.model.name or recipe.model.hash[:12]
                    ),
                    self.tr("Drop its .safetensors file on the window, then open the picture again."),
                )
            )
            return
        self.show_sheet(False)
        self._go_to(recipe)

    def _open_from_list(self, recipe: SampleRecipe) -> None:
        self.picks.stop()
        self.open_recipe(recipe)

    def _go_to(self, recipe: SampleRecipe) -> None:
        """Another recipe as a whole; the one that is there already is drawn again, as its picture may have failed."""
        if recipe == self.model.value:
            self._request()
        else:
            self.model.set(recipe)

    def _on_changed(self, old: SampleRecipe | None, new: SampleRecipe) -> None:
        self.picks.stop()
        if old is None or old.model.hash != new.model.hash:
            self._show_model()
        self._request()

    # -- the picture -------------------------------------------------------------------------------------------------

    def _request(self) -> None:
        recipe = self.model.value
        if recipe is None:
            return
        self._asked += 1
        stamp = self._asked
        job = self.context.worker.submit(
            lambda engine: engine.render(recipe, live=True), priority=Priority.LIVE, key="explore"
        )
        job.progressed.connect(lambda progress: self._previewed(stamp, progress))
        job.finished.connect(lambda rendered: self._rendered(stamp, rendered))
        job.failed.connect(self._failed)

    def _previewed(self, stamp: int, progress: Progress) -> None:
        """As far as a render has come that takes longer; the finished picture follows when the hand rests."""
        if progress.preview is not None and stamp > self._shown and not self.picks.is_playing():
            self.canvas.set_image(progress.preview)

    def _rendered(self, stamp: int, rendered: Rendered) -> None:
        if stamp <= self._shown:
            return
        self._shown = stamp
        self._image = rendered.image
        if not self.picks.is_playing():
            self.canvas.set_image(rendered.image)
        side, seconds = rendered.image.shape[0], rendered.seconds
        if seconds < 1:
            self.status.setText(self.tr("{n} px, {ms} ms").format(n=side, ms=max(1, round(seconds * 1000))))
        else:
            took = QLocale().toString(seconds, "f", 1)
            self.status.setText(self.tr("{n} px, {seconds} s").format(n=side, seconds=took))
        self._update()

    def _failed(self, error: StudioError) -> None:
        if self._image is None:
            self.canvas.set_message(self.tr("No picture: see the message above."))
        self.context.problem.emit(error)

    def _show_frame(self, frame: NDArray[np.uint8]) -> None:
        self.canvas.set_image(frame)

    def _on_playing(self, playing: bool) -> None:
        if playing:
            self.show_sheet(False)
        elif self._image is not None:
            self.canvas.set_image(self._image)

    def _keep_frame(self, frame: NDArray[np.uint8], keys: list[SampleRecipe], position: float) -> None:
        """Go on from the frame at which a journey was stopped."""
        self.canvas.set_image(frame)
        asked = self._asked

        def known(recipe: SampleRecipe) -> None:
            if asked == self._asked:  # nothing else was chosen meanwhile
                self.model.set(recipe)

        job = self.context.worker.call(lambda engine: frame_recipe(engine, keys, position, loop=True))
        job.finished.connect(known)
        job.failed.connect(self._failed)

    # -- sheet and picks ---------------------------------------------------------------------------------------------

    def show_sheet(self, on: bool) -> None:
        """Show the sheet of samples, or the canvas."""
        recipe = self.model.value
        self.sheet_button.setChecked(on and recipe is not None)
        if on and recipe is not None:
            self.picks.stop()
            self.stack.setCurrentWidget(self.sheet)
            info = self._info()
            self.sheet.show_for(recipe, info.covers if info is not None else ())
            self.sheet.list.setFocus()
        elif self.stack.currentWidget() is self.sheet:
            self.sheet.stop()
            self.stack.setCurrentWidget(self.canvas)

    def pick(self) -> None:
        """Put what is shown (on the sheet: what is selected) among the picks."""
        if self.stack.currentWidget() is self.sheet:
            self._pick_many(self._meant())
        elif self.model.value is not None:
            self.picks.add(self.model.value, self._image if self._asked == self._shown else None)

    def _pick_many(self, recipes: list[SampleRecipe]) -> None:
        for recipe in recipes:
            self.picks.add(recipe)

    def _export_film(self) -> None:
        if self.picks.list.count() >= 2:
            self.picks.export()
        else:
            self.context.problem.emit(
                Hint(self.tr("A film needs at least two picks."), self.tr("Add samples to the picks, then try again."))
            )

    # -- what the window asks for --------------------------------------------------------------------------------------

    def _update(self) -> None:
        missing = "" if self._image is not None else self.tr("Wait for the first picture, or add a model.")
        buttons = (
            self.save_button,
            self.export_button,
            self.stylize_button,
            self.finish_button,
            self.sheet_button,
            self.picks.add_button,
        )
        for button in buttons:
            enable_unless(button, missing)
        self.stateChanged.emit()

    def _stylize(self) -> None:
        for recipe in self._meant()[:1]:
            self.context.stylizePicture.emit(recipe)

    def _finish(self) -> None:
        for recipe in self._meant()[:1]:
            self.context.finishPicture.emit(recipe)

    def save(self) -> None:
        """Save the picture (on the sheet: those selected) to the gallery."""
        for recipe in self._meant():
            self._render_exactly(recipe, self.tr("Saving"), partial(self.keeping.save, recipe=recipe))

    def can_export(self) -> bool:
        return True

    def export(self) -> None:
        """Ask for a file name and write the picture as PNG, JPEG, TIFF or WebP, with its recipe."""
        meant = self._meant()
        if len(meant) > 1:
            self.context.notify.emit(self.tr("Select one sample to export it. Saving takes several."))
        elif meant and (path := self.keeping.choose_file(meant[0])) is not None:
            recipe = meant[0]
            self._render_exactly(
                recipe, self.tr("Exporting"), lambda image: self.keeping.write(lambda: image, path, recipe)
            )

    def _meant(self) -> list[SampleRecipe]:
        """The recipes to keep or use: those selected on the sheet, else the picture of the controls."""
        if self.stack.currentWidget() is self.sheet:
            chosen = [self.sheet.list.recipe(item) for item in self.sheet.list.selected()]
            if not chosen:
                self.context.notify.emit(self.tr("Select a sample on the sheet first."))
            return chosen
        return [] if self.model.value is None else [self.model.value]

    def _render_exactly(self, recipe: SampleRecipe, title: str, use: Callable[[NDArray[np.uint8]], None]) -> None:
        """Hand ``use`` exactly the recipe's picture at full size: the canvas may lag behind the controls."""
        job = self.context.worker.submit(lambda engine: engine.render(recipe), title=title, must_finish=True)
        job.finished.connect(lambda rendered: use(rendered.image))
        job.failed.connect(self._failed)

    def can_undo(self) -> bool:
        return self._steps.can_undo()

    def can_redo(self) -> bool:
        return self._steps.can_redo()

    def undo(self) -> None:
        """Back to the recipe before; picks that were taken out come back in their turn."""
        self._steps.undo()

    def redo(self) -> None:
        """Forward again."""
        self._steps.redo()

    def _on_picks_taken(self, taken: list[tuple[int, QListWidgetItem]]) -> None:
        self._steps.did(lambda: self.picks.put_back(taken), lambda: self.picks.take_out(taken))

    def session(self) -> dict[str, Any]:
        """The recipe with its history, and the picks."""
        if self._restored is not None:
            return self._restored.model_dump(mode="json")
        history = kept_history(self.history)
        return _Session(recipe=self.model.value, picks=self.picks.list.recipes(), history=history).model_dump(
            mode="json"
        )

    def restore_session(self, state: dict[str, Any]) -> None:
        try:
            self._restored = _Session.model_validate(state)
        except ValidationError:
            return
        if self._models:
            self._restore()

    def _restore(self) -> None:
        """Bring the session back, now that the models are known; what is of another one is left out."""
        restored, self._restored = self._restored, None
        known = {info.hash for info in self._models}
        if restored is None:
            return
        for pick in restored.picks:
            if pick.model.hash in known:
                self.picks.add(pick)
        if restored.recipe is not None and restored.recipe.model.hash in known and self._waiting is None:
            recall_history(self.history, restored.history, SampleRecipe, lambda recipe: recipe.model.hash in known)
            self.open_recipe(restored.recipe)

    def shutting_down(self) -> None:
        """Stop playing, drawing the sheet, and the work in the background."""
        self.picks.stop()
        self.sheet.stop()
        self._background.close()
