"""The explorer: one picture, the tools that change it, the pictures one had, and a journey through picks.

Widgets only edit the :class:`SampleRecipe` of one model; the worker renders it, newest first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.base import Hint, StudioError
from studio.recipes import FileRef, JourneyRecipe, Recipe, SampleRecipe
from studio.recipes.direction_set import DirectionSet
from studio.ui.command import Command
from studio.ui.explore.bar import ExploreBar
from studio.ui.explore.column import ToolColumn
from studio.ui.explore.covers import Covers
from studio.ui.explore.history_strip import HistoryStrip
from studio.ui.explore.known_models import KnownModels
from studio.ui.explore.model_notes import ModelNotes
from studio.ui.explore.picks import PicksBar
from studio.ui.explore.previews import SamplePreviews
from studio.ui.explore.sample_keeping import SampleKeeping
from studio.ui.explore.sample_menu import SampleMenu
from studio.ui.explore.sample_on_canvas import SampleOnCanvas
from studio.ui.explore.session import ExploreSession
from studio.ui.explore.slots import SLOTS
from studio.ui.explore.tool_in_hand import ToolInHand
from studio.ui.explore.toolbar import ToolBar
from studio.ui.explore.tools import TOOLS, Tool, Toolbox, ToolContext
from studio.ui.explore.tools.blend import BlendTool
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.model import Model
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.theme import CONTROLS_WIDTH
from studio.ui.widgets import Canvas, enable_unless
from studio.ui.widgets.dropped import dropped_pictures, web_addresses
from studio.worker import JobGroup, ModelInfo

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class ExplorerPanel(Room):
    """The room "Explore"."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model: Model[SampleRecipe | None] = Model(None, self)
        self.history = self.model.history
        self._steps.follow(self.history, self.model.undo, self.model.redo)
        self._steps.changed.connect(self.stateChanged)
        self._waiting: SampleRecipe | None = None
        self._waiting_model: FileRef | None = None
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self.keeping = PictureKeeping(context, self._background, self)
        self.samples = SampleKeeping(context, self.keeping, self)
        self._make_left()
        self._make_right()
        self._lay_out()
        self._connect_tools()
        self._make_menu()
        self._make_session()
        self.hand.take("picture")
        self._make_commands()
        self.model.changed.connect(self._on_changed)
        self.models.read()
        self._update()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_left(self) -> None:
        """The picture, the pictures one had, the bar and the picks below; and what draws small pictures of them."""
        self.canvas = Canvas(self)
        self.canvas.set_message(self.tr("Starting the engine …"))
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._canvas_menu)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.canvas)
        self.previews = SamplePreviews(self.context, self)
        self.history_strip = HistoryStrip(self.model, self.previews, self)
        self.history_strip.opened.connect(self._go_on)
        self.history_strip.menuWanted.connect(self._sample_menu)
        self.bar = ExploreBar(self.model, self.previews, self)
        self.slots = self.bar.slots
        self.slots.opened.connect(self._go_on)
        self.slots.changed.connect(self.stateChanged)
        self.picks = PicksBar(self.context, self.previews, self)
        self.picks.opened.connect(self._go_on)
        self.picks.addRequested.connect(self.pick)
        self.picks.menuWanted.connect(self._pick_menu)
        self.picks.playing.connect(self._on_playing)
        self.picture = SampleOnCanvas(
            self.context, self.model, self.canvas, self.bar.status, self.previews, self.picks, self
        )
        self.picture.drawn.connect(self._update)
        self.samples.failed.connect(self.picture.show_failure)

    def _make_right(self) -> None:
        """The tools with their bar and column, and what is known of the networks they work on."""
        self.notes = ModelNotes(self.context, self)
        self.notes.edited.connect(self._on_notes_edited)
        self.covers = Covers(self.context, self.notes, self)
        self.models = KnownModels(self.context, self.covers, self)
        self.models.found.connect(self._on_models)
        self.models.failed.connect(self.picture.show_failure)
        self.tool_context = ToolContext(
            self.context, self.model, self.previews, self.notes, self.picks.list.recipes, self
        )
        self.tools = Toolbox(kind(self.tool_context) for kind in TOOLS)
        self.toolbar = ToolBar(self.tools.as_they_are(), self)
        self.column = ToolColumn(self.model, self.tools.as_they_are(), self)
        self.column.modelChosen.connect(lambda index: self.use_model(self.models.infos[index]))
        self.hand = ToolInHand(self.tools, self.toolbar, self.column, self.stack, self.canvas, self)
        self.hand.pageComing.connect(self.picks.stop)
        self.hand.changed.connect(self._on_tool)
        self.picture.firstDrawn.connect(self.hand.build_others_soon)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.history_strip)
        middle.addWidget(self.stack, 1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)
        column.addWidget(self.picks)
        right = QWidget(self)
        beside = QHBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.toolbar)
        beside.addWidget(self.column, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("explorer-tools-splitter")
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        for index in (0, 1):
            splitter.setCollapsible(index, False)
        splitter.setSizes([900, CONTROLS_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect_tools(self) -> None:
        tools = self.tool_context
        tools.openWanted.connect(self._go_on)
        tools.pickWanted.connect(self.picks.insert)
        tools.handBack.connect(self.hand.hand_back)
        tools.takeWanted.connect(self.hand.take)
        tools.playStopWanted.connect(self.picks.stop)
        tools.menuWanted.connect(self._sample_menu)
        tools.stepDone.connect(self._steps.did)
        tools.stepJoined.connect(self._steps.joined)
        tools.previewed.connect(self.picture.show_frame)
        tools.previewOver.connect(self.picture.show_own)
        tools.compareWanted.connect(self.picture.show_against)

    def _make_menu(self) -> None:
        self.menu = SampleMenu(
            self,
            {
                "open": lambda samples: self._go_on(samples[0]),
                "pick": self.picks.insert,
                "more": lambda samples: self.learn(samples, liked=True),
                "less": lambda samples: self.learn(samples, liked=False),
                "mix": self._mix,
                "blend": self._blend,
                "parent-a": lambda samples: self._make_parent(0, samples[0]),
                "parent-b": lambda samples: self._make_parent(1, samples[0]),
                "cover": self.covers.add,
                "uncover": self.covers.remove,
                "save": self.samples.save,
                "export": lambda samples: self.samples.export(samples[:1]),
                "copy": self.samples.copy,
                "recipe": self.samples.copy_recipe,
                "stylize": lambda samples: self.context.stylizePicture.emit(samples[0]),
                "finish": lambda samples: self.context.finishPicture.emit(samples[0]),
                "remove": lambda _samples: self.picks.remove_selected(),
            },
            lambda samples: ("cover",) if self.covers.has_all(samples) else ("uncover",),
        )

    def _make_session(self) -> None:
        self._session = ExploreSession(
            self.context,
            self.model,
            self._steps,
            models=self.models,
            picks=self.picks,
            slots=self.slots,
            tools=self.tools,
            hand=self.hand,
            parent=self,
        )
        self._session.recipeCame.connect(self.open_recipe)

    def _make_commands(self) -> None:
        def drawn() -> str:
            return "" if self.picture.image is not None else self.tr("Wait for the first picture, or add a model.")

        def flips() -> str:
            return "" if self.slots.can_flip() else self.tr("Keep a picture in A or B first.")

        seed = self.tools[PictureTool].seed
        self.commands.add(
            Command("explore.random", self.tr("Random seed"), seed.randomize, "random"),
            Command("step.previous", self.tr("Previous seed"), lambda: self._step_seed(-1), "previous"),
            Command("step.next", self.tr("Next seed"), lambda: self._step_seed(+1), "next"),
            Command("explore.pick", self.tr("Add to picks"), self.pick, "add", drawn),
            Command("picture.stylize", self.tr("Stylize this picture"), self._stylize, "stylize", drawn),
            Command("picture.finish", self.tr("Finish this picture"), self._finish, "finish", drawn),
            Command("picture.copy-recipe", self.tr("Copy recipe"), self.copy_recipe, "copy", drawn),
            Command(
                "explore.cover", self.tr("Make it a cover"), lambda: self.covers.add(self._meant()), "cover", drawn
            ),
        )
        self.commands.add_separator()
        for tool in self.tools.as_they_are():
            self.commands.add(
                Command(
                    tool.command,
                    self.tr("Tool: {name}").format(name=tool.title()),
                    partial(self.hand.take, tool.name),
                    tool.glyph,
                    partial(self.hand.missing, tool),
                )
            )
        self.commands.add(
            Command("explore.sheet", self.tr("Sheet of samples"), lambda: self.hand.toggle("sheet"), "grid", drawn)
        )
        for tool in self.tools.as_they_are():
            for command in tool.commands():
                self.commands.add(replace(command, run=partial(self._run_with, tool, command.run)))
        self.commands.add_separator()
        for name, (go, keep) in SLOTS.items():
            self.commands.add(
                Command(
                    go,
                    self.tr("State {slot}: keep, or go to it").format(slot=name),
                    partial(self.slots.press, name),
                    enabled=drawn,
                ),
                Command(
                    keep,
                    self.tr("Keep this picture in {slot}").format(slot=name),
                    partial(self.slots.keep, name),
                    enabled=drawn,
                ),
            )
        self.commands.add(Command("explore.flip", self.tr("Flip between A and B"), self.slots.flip, "flip", flips))
        self.commands.add_separator()
        self.commands.add(
            Command("explore.play", self.tr("Play or stop the journey"), self.picks.play_button.click, "play"),
            Command("explore.keep", self.tr("Keep the picture of the journey"), self.picks.keep, "check"),
            Command("explore.film", self.tr("Export film …"), self._export_film, "film"),
        )
        self.commands.attach(self.bar.stylize_button, "picture.stylize")
        self.commands.attach(self.bar.finish_button, "picture.finish")
        self.file_commands.attach(self.bar.save_button, "file.save")
        self.file_commands.attach(self.bar.export_button, "file.export")

    # -- tools -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _run_with(tool: Tool, run: Callable[[], object]) -> None:
        tool.ready()
        run()

    def _on_tool(self) -> None:
        self.setAcceptDrops(self.hand.tool.drop_place() is not None)
        self.stateChanged.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        place, mime = self.hand.tool.drop_place(), event.mimeData()
        if place is not None and (dropped_pictures(mime) or web_addresses(mime)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        place = self.hand.tool.drop_place()
        if place is not None and place.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.hand.tool.page() is not None:
            self.hand.hand_back()
        else:
            super().keyPressEvent(event)

    def _step_seed(self, by: int) -> None:
        """The next seed; on the sheet the next page."""
        if isinstance(self.hand.tool, SheetTool):
            self.hand.tool.turn(by)
        else:
            self.tools[PictureTool].seed.step(by)

    def learn(self, samples: list[SampleRecipe], *, liked: bool) -> None:
        """Let a direction lead towards ``samples``, or away from them."""
        self.hand.take("directions")
        self.tool_context.learnWanted.emit(samples, liked)

    def _mix(self, samples: list[SampleRecipe]) -> None:
        if missing := self.hand.missing(self.tools[MixTool]):
            self.context.notify.emit(missing)
        else:
            self.hand.take("mix")
            self.tool_context.mixWanted.emit(samples)

    def _blend(self, samples: list[SampleRecipe]) -> None:
        self.hand.take("blend")
        blend = self.tools[BlendTool]
        blend.pin([*blend.pins(), *samples])

    def _make_parent(self, which: int, recipe: SampleRecipe) -> None:
        self.hand.take("breeding")
        self.tools[BreedingTool].set_parent(which, recipe)

    def _on_notes_edited(self, before: DirectionSet, after: DirectionSet) -> None:
        self._steps.did(lambda: self.notes.put_back(before), lambda: self.notes.put_back(after))

    # -- menus -----------------------------------------------------------------------------------------------------

    def _sample_menu(self, samples: list[SampleRecipe], at: QPoint) -> None:
        self.menu.open(samples, at, without=("remove",))

    def _pick_menu(self, samples: list[SampleRecipe], at: QPoint) -> None:
        self.menu.open(samples, at, without=("pick",))

    def _canvas_menu(self, at: QPoint) -> None:
        if self.model.value is None or self.picture.image is None:
            return
        menu = self.menu.build([self.model.value], without=("open", "mix", "remove"))
        menu.addSeparator()
        pixels = menu.addAction(self.tr("Show single pixels when zoomed in"))
        pixels.setCheckable(True)
        pixels.setChecked(self.canvas.pixelated())
        pixels.toggled.connect(self.canvas.set_pixelated)
        menu.exec(self.canvas.mapToGlobal(at))

    # -- models ----------------------------------------------------------------------------------------------------

    def _on_models(self) -> None:
        """Show the models of the library, and go on with what waited for them."""
        infos = self.models.infos
        self.column.set_models(infos)
        if not infos:
            self.canvas.set_message(
                self.tr("There is no model yet. Train one, drop a model file here, or get one: File > Model library.")
            )
            self._update()
            return
        if self._info() is None:
            self.use_model(infos[0])
        else:
            self._show_model()
        self._session.bring_back(recipe=self._waiting is None)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.open_recipe(waiting)
        if self._waiting_model is not None:
            model, self._waiting_model = self._waiting_model, None
            self.open_model(model)
        self._update()

    def _info(self) -> ModelInfo | None:
        """The library's entry for the recipe's model."""
        recipe = self.model.value
        return None if recipe is None else self.models.find(recipe.model)

    def use_model(self, info: ModelInfo) -> None:
        """Go to another model; what belongs to the latent space of the old one goes."""
        self._go_to(self.models.opening(info, self.model.value, self.tools[PictureTool].seed.seed()))

    def _show_model(self) -> None:
        """Show the properties of the model, and let the tools know of it."""
        info = self._info()
        if info is None:
            return
        self.column.show_model(self.models.infos.index(info), info)
        self.notes.show_network(info)
        self.tool_context.set_network(info)
        self.toolbar.show_network(info)
        if self.hand.tool.missing(info):
            self.hand.take("picture")

    # -- the recipe ------------------------------------------------------------------------------------------------

    def recipe(self) -> SampleRecipe | None:
        """The recipe that the controls show."""
        return self.model.value

    def open_journey(self, journey: JourneyRecipe) -> None:
        """Put the keys of ``journey`` in the place of the picks, its speed into their bar, and show the first key."""
        if self.models.is_reading or self.models.find(journey.keys[0].model) is not None:
            self.picks.show_journey(journey)
        self.open_recipe(journey.keys[0])

    def open_model(self, model: FileRef) -> None:
        """Go to a model of the library, on its cover; of the one that is explored already, the picture stays."""
        info = self.models.find(model)
        if info is None and self.models.is_reading:
            self._waiting_model = model  # it may just have arrived
        elif info is None:
            self.open_recipe(SampleRecipe(model=model))  # says what is missing
        elif self.model.value is None or self.model.value.model.hash != model.hash:
            self.use_model(info)

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe`` and show its picture."""
        if not isinstance(recipe, SampleRecipe):
            return
        if self.models.find(recipe.model) is None:
            if self.models.is_reading:
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
        self.hand.to_picture()
        self._go_to(recipe)

    def _go_on(self, recipe: SampleRecipe) -> None:
        """Another recipe from within the room: the tool stays in hand."""
        self.picks.stop()
        if self.models.find(recipe.model) is not None:
            self._go_to(recipe)
        else:
            self.open_recipe(recipe)  # says what is missing

    def _go_to(self, recipe: SampleRecipe) -> None:
        """Another recipe as a whole; the one that is there already is drawn again, as its picture may have failed."""
        if recipe == self.model.value:
            self.picture.request()
        else:
            self.model.set(recipe)

    def _on_changed(self, old: SampleRecipe | None, new: SampleRecipe) -> None:
        self.picks.stop()
        if old is None or old.model.hash != new.model.hash:
            self._show_model()
        self.picture.request()

    # -- the picture and the picks ---------------------------------------------------------------------------------

    def _on_playing(self, playing: bool) -> None:
        if playing:
            if (directions := self.tools.as_it_is(DirectionsTool)).is_built:
                directions.walk.stop()
            self.hand.to_picture()
        else:
            self.picture.show_own()

    def pick(self) -> None:
        """Put what is shown (on the sheet: what is selected) among the picks."""
        if self.hand.tool.meant() is not None or self.model.value is not None:
            self.picks.insert(self._meant())

    def _export_film(self) -> None:
        if self.picks.list.count() >= 2:
            self.picks.export()
        else:
            self.context.problem.emit(
                Hint(self.tr("A film needs at least two picks."), self.tr("Add samples to the picks, then try again."))
            )

    # -- what the window asks for --------------------------------------------------------------------------------------

    def _update(self) -> None:
        enable_unless(self.picks.add_button, self.save_missing())
        self.stateChanged.emit()

    def _stylize(self) -> None:
        for recipe in self._meant()[:1]:
            self.context.stylizePicture.emit(recipe)

    def _finish(self) -> None:
        for recipe in self._meant()[:1]:
            self.context.finishPicture.emit(recipe)

    def save(self) -> None:
        """Save the picture (on the sheet: those selected) to the gallery."""
        self.samples.save(self._meant())

    def save_missing(self) -> str:
        return "" if self.picture.image is not None else self.tr("Wait for the first picture, or add a model.")

    def export_missing(self) -> str:
        return self.save_missing()

    def export(self) -> None:
        """Ask for a file name and write the picture as PNG, JPEG, TIFF or WebP, with its recipe."""
        self.samples.export(self._meant())

    def copy(self) -> bool:
        """Copy the picture, together with its recipe as text: pasted here it brings the controls back."""
        self.samples.copy(self._meant())
        return True

    def copy_recipe(self) -> None:
        """Copy the recipe as text."""
        self.samples.copy_recipe(self._meant())

    def _meant(self) -> list[SampleRecipe]:
        """The recipes to keep or use: those selected on the sheet, else the picture of the controls."""
        meant = self.hand.tool.meant()
        if meant is not None:
            if not meant:
                self.context.notify.emit(self.tr("Select a sample on the sheet first."))
            return meant
        return [] if self.model.value is None else [self.model.value]

    def session(self) -> dict[str, Any]:
        """The recipe with its history, the picks, and what lies in slots and tools."""
        return self._session.state()

    def restore_session(self, state: dict[str, Any]) -> None:
        self._session.offer(state)

    def shutting_down(self) -> None:
        """Stop playing, drawing the sheet, and the work in the background."""
        self.picks.stop()
        self.hand.close_down()
        self.previews.close()
        self.notes.close()
        self._background.close()
