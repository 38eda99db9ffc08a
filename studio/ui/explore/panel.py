"""The explorer: one picture, the tools that change it, the pictures one had, and a journey through picks.

Widgets only edit the :class:`SampleRecipe` of one model; the worker renders it, newest first, and the canvas never
shows a picture older than the one it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import Hint, Progress, StudioError
from studio.engine.jobs.journey import frame_recipe
from studio.recipes import FileRef, JourneyRecipe, LatentSeed, Recipe, SampleRecipe
from studio.recipes.direction_set import DirectionSet
from studio.synthesis.latent_map import MapPin
from studio.ui.command import Command
from studio.ui.describe.lists import listed
from studio.ui.explore.column import ToolColumn
from studio.ui.explore.history_strip import HistoryStrip
from studio.ui.explore.model_notes import ModelNotes, newest_covers
from studio.ui.explore.picks import Filming, PicksBar
from studio.ui.explore.previews import SamplePreviews
from studio.ui.explore.sample_menu import SampleMenu
from studio.ui.explore.slots import SLOTS, StateSlots
from studio.ui.explore.toolbar import ToolBar
from studio.ui.explore.tools import TOOLS, Tool, Toolbox, ToolContext
from studio.ui.explore.tools.blend import BlendTool
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.dragging import DragTool
from studio.ui.explore.tools.map import MapTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.photo import PhotoTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.explore.tools.variations import VariationsTool
from studio.ui.kept_history import (
    RoomStep,
    kept_history,
    kept_order,
    recall_history,
    recall_order,
    shortened_text,
)
from studio.ui.model import Model
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import Canvas, enable_unless
from studio.ui.widgets.dropped import dropped_pictures, web_addresses
from studio.ui.widgets.seed_field import SeedField
from studio.worker import JobGroup, ModelInfo, Priority

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered
    from studio.ui.context import StudioContext


_BUILD_MS = 400
"""From the first picture until the tools are built that nobody has asked for."""


class _Session(BaseModel):
    """The state that comes back at the next start."""

    recipe: SampleRecipe | None = None
    picks: list[SampleRecipe] = []
    slots: dict[str, SampleRecipe] = {}
    tool: str = "picture"
    history: dict[str, Any] = {}
    steps: dict[str, Any] = {}
    pins: dict[str, list[MapPin]] = {}
    anchors: dict[str, list[MapPin]] = {}
    tools: dict[str, list[SampleRecipe | None]] = {}
    films: list[Filming] = []


class _PicksStep(BaseModel):
    """A change of the picks: what they were before, and after."""

    before: list[SampleRecipe]
    after: list[SampleRecipe]


class ExplorerPanel(Room):
    """The room "Explore"."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model: Model[SampleRecipe | None] = Model(None, self)
        self.history = self.model.history
        self._steps.follow(self.history, self.model.undo, self.model.redo)
        self._steps.changed.connect(self.stateChanged)
        self._restored: _Session | None = None  # what waits for the list of models
        self._left_out: list[SampleRecipe] = []
        """What the last session had of models that are not there now: kept, it comes back with them."""
        self._waiting: SampleRecipe | None = None
        self._waiting_model: FileRef | None = None
        self._loads = 0  # readings of the library under way
        self._models: list[ModelInfo] = []
        self._image: NDArray[np.uint8] | None = None
        self._asked = 0
        self._shown = 0
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self._builds = QTimer(self)
        self._builds.setSingleShot(True)
        self._builds.setInterval(_BUILD_MS)
        self._builds.timeout.connect(self._build_next)
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
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._canvas_menu)
        self.previews = SamplePreviews(self.context, self)
        self.notes = ModelNotes(self.context, self)
        self.notes.edited.connect(self._on_notes_edited)
        self.notes.changed.connect(self._on_notes_changed)
        self._own_covers: dict[str, SampleRecipe] = {}  # by the model's hash, the newest
        self._make_bottom()
        self.tool_context = ToolContext(
            self.context, self.model, self.previews, self.notes, self.picks.list.recipes, self
        )
        self.tools = Toolbox(kind(self.tool_context) for kind in TOOLS)
        self.tool = self.tools["picture"]
        self._tool_before = "picture"
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.canvas)
        self.history_strip = HistoryStrip(self.model, self.previews, self)
        self.history_strip.opened.connect(self._go_on)
        self.history_strip.menuWanted.connect(self._sample_menu)
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
        column.addLayout(self._bar)
        column.addWidget(self.picks)

        self.toolbar = ToolBar(self.tools.as_they_are(), self)
        self.toolbar.chosen.connect(self.take_tool)
        self.column = ToolColumn(self.model, self.tools.as_they_are(), self)
        self.column.modelChosen.connect(self._model_chosen)
        self.model_box = self.column.model_box
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
        self._connect_tools()
        self.take_tool("picture")

    def _make_bottom(self) -> None:
        """The bar below the picture, and the picks."""
        self.status = QLabel(self)
        self.status.setProperty("muted", True)
        self.slots = StateSlots(self.model, self.previews, self)
        self.slots.opened.connect(self._go_on)
        self.stylize_button = self._button("stylize", self.tr("Stylize"), self.tr("Use this picture in the stylizer"))
        self.finish_button = self._button("finish", self.tr("Finish"), self.tr("Repair, clean or enlarge this picture"))
        self.export_button = self._button(
            "export", self.tr("Export …"), self.tr("Write a PNG, JPEG, TIFF or WebP file")
        )
        self.save_button = self._button("save", self.tr("Save"), self.tr("Save to the gallery"))
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(SPACE_L, SPACE_M, SPACE_M, SPACE_M)
        self._bar.setSpacing(SPACE_S)
        self._bar.addWidget(self.status, 1)
        self._bar.addWidget(self.slots)
        self._bar.addSpacing(SPACE_M)
        for button in (self.stylize_button, self.finish_button, self.export_button, self.save_button):
            self._bar.addWidget(button)
        self.picks = PicksBar(self.context, self.previews, self)
        self.picks.opened.connect(self._go_on)
        self.picks.addRequested.connect(self.pick)
        self.picks.menuWanted.connect(self._pick_menu)
        self.picks.changed.connect(self._on_picks_changed)
        self.picks.frame.connect(self._show_frame)
        self.picks.playing.connect(self._on_playing)
        self.picks.frameKept.connect(self._keep_frame)

    def _connect_tools(self) -> None:
        tools = self.tool_context
        tools.openWanted.connect(self._go_on)
        tools.pickWanted.connect(self._pick_many)
        tools.handBack.connect(lambda: self.take_tool(self._tool_before))
        tools.takeWanted.connect(self.take_tool)
        tools.playStopWanted.connect(self.picks.stop)
        tools.menuWanted.connect(self._sample_menu)
        tools.stepDone.connect(self._steps.did)
        tools.stepJoined.connect(self._steps.joined)
        tools.previewed.connect(self._show_frame)
        tools.previewOver.connect(self._show_own)
        tools.compareWanted.connect(self._show_against)
        for tool in self.tools.as_they_are():
            tool.pageChanged.connect(self._show_page)
        self.menu = SampleMenu(
            self,
            {
                "open": lambda samples: self._go_on(samples[0]),
                "pick": self._pick_many,
                "more": lambda samples: self._learn(samples, liked=True),
                "less": lambda samples: self._learn(samples, liked=False),
                "mix": self._mix,
                "blend": self._blend,
                "parent-a": lambda samples: self._make_parent(0, samples[0]),
                "parent-b": lambda samples: self._make_parent(1, samples[0]),
                "cover": self._make_covers,
                "uncover": self._take_off_covers,
                "save": self._save_all,
                "export": lambda samples: self._export_one(samples[0]),
                "copy": lambda samples: self._copy_picture(samples[0]),
                "recipe": lambda samples: self.keeping.copy_recipe(samples[0]),
                "stylize": lambda samples: self.context.stylizePicture.emit(samples[0]),
                "finish": lambda samples: self.context.finishPicture.emit(samples[0]),
                "remove": lambda _samples: self.picks.remove_selected(),
            },
            self._senseless,
        )

    # The tools by name, for whoever knows which one is meant.

    @property
    def picture_tool(self) -> PictureTool:
        """The tool for seed, truncation and noise."""
        tool = self.tools["picture"]
        assert isinstance(tool, PictureTool)
        return tool

    @property
    def directions(self) -> DirectionsTool:
        """The tool for directions."""
        tool = self.tools["directions"]
        assert isinstance(tool, DirectionsTool)
        return tool

    @property
    def mixing(self) -> MixTool:
        """The tool for style mixing."""
        tool = self.tools["mix"]
        assert isinstance(tool, MixTool)
        return tool

    @property
    def blend(self) -> BlendTool:
        """The pad to blend pinned pictures."""
        tool = self.tools["blend"]
        assert isinstance(tool, BlendTool)
        return tool

    @property
    def map(self) -> MapTool:
        """The map of the network's space."""
        tool = self.tools["map"]
        assert isinstance(tool, MapTool)
        return tool

    @property
    def _kept_map(self) -> MapTool:
        """The same, perhaps not built: it has what the session keeps."""
        tool = self.tools.as_it_is("map")
        assert isinstance(tool, MapTool)
        return tool

    @property
    def sheet(self) -> SheetTool:
        """The tool for the sheet of samples."""
        tool = self.tools["sheet"]
        assert isinstance(tool, SheetTool)
        return tool

    @property
    def variations(self) -> VariationsTool:
        """The tool for variations."""
        tool = self.tools["variations"]
        assert isinstance(tool, VariationsTool)
        return tool

    @property
    def drag(self) -> DragTool:
        """The tool that drags points."""
        tool = self.tools["drag"]
        assert isinstance(tool, DragTool)
        return tool

    @property
    def photo(self) -> PhotoTool:
        """The tool that finds a photo."""
        tool = self.tools["photo"]
        assert isinstance(tool, PhotoTool)
        return tool

    @property
    def breeding(self) -> BreedingTool:
        """The tool for children of pictures."""
        tool = self.tools["breeding"]
        assert isinstance(tool, BreedingTool)
        return tool

    @property
    def seed(self) -> SeedField:
        """The field of the picture's seed."""
        return self.picture_tool.seed

    def _button(self, glyph: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(icon(glyph), text, self)
        button.setToolTip(tip)
        return button

    def _make_commands(self) -> None:
        def drawn() -> str:
            return "" if self._image is not None else self.tr("Wait for the first picture, or add a model.")

        def flips() -> str:
            return "" if self.slots.can_flip() else self.tr("Keep a picture in A or B first.")

        self.commands.add(
            Command("explore.random", self.tr("Random seed"), self.seed.randomize, "random"),
            Command("step.previous", self.tr("Previous seed"), lambda: self._step_seed(-1), "previous"),
            Command("step.next", self.tr("Next seed"), lambda: self._step_seed(+1), "next"),
            Command("explore.pick", self.tr("Add to picks"), self.pick, "add", drawn),
            Command("picture.stylize", self.tr("Stylize this picture"), self._stylize, "stylize", drawn),
            Command("picture.finish", self.tr("Finish this picture"), self._finish, "finish", drawn),
            Command("picture.copy-recipe", self.tr("Copy recipe"), self.copy_recipe, "copy", drawn),
            Command("explore.cover", self.tr("Make it a cover"), self._make_cover, "cover", drawn),
        )
        self.commands.add_separator()
        for tool in self.tools.as_they_are():
            self.commands.add(
                Command(
                    tool.command,
                    self.tr("Tool: {name}").format(name=tool.title()),
                    partial(self.take_tool, tool.name),
                    tool.glyph,
                    partial(self._take_missing, tool),
                )
            )
        self.commands.add(Command("explore.sheet", self.tr("Sheet of samples"), self._toggle_sheet, "grid", drawn))
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
        self.slots.changed.connect(self.stateChanged)
        self.commands.attach(self.stylize_button, "picture.stylize")
        self.commands.attach(self.finish_button, "picture.finish")
        self.file_commands.attach(self.save_button, "file.save")
        self.file_commands.attach(self.export_button, "file.export")

    # -- tools -----------------------------------------------------------------------------------------------------

    def _build_next(self) -> None:
        """Build the tools that were not asked for yet, one between events, so that none is waited for later."""
        left = [tool for tool in self.tools.as_they_are() if not tool.is_built]
        for tool in left[:1]:
            tool.ready()
        if len(left) > 1:
            self._builds.start(0)

    @staticmethod
    def _run_with(tool: Tool, run: Callable[[], object]) -> None:
        tool.ready()
        run()

    def _take_missing(self, tool: Tool) -> str:
        """Sentence on what has to be done before ``tool`` can be taken in hand; empty: nothing."""
        if self.model.value is None:
            return self.tr("Wait for the first picture, or add a model.")
        return tool.missing(self._info())

    def take_tool(self, name: str) -> None:
        """Take a tool in hand: its controls come into the column, and its page, if any, into the picture's place."""
        tool, other = self.tools[name], name != self.tool.name
        if other:
            self.tool.put_down()
            self._tool_before = "picture" if self.tool.page() is not None else self.tool.name
            self.tool = tool
        self.setAcceptDrops(tool.drop_place() is not None)
        self.toolbar.show_tool(name)
        self.column.show_tool(name)
        if tool.page() is not None:
            self.picks.stop()
        tool.take()
        self._show_page()
        if other and isinstance(self.focusWidget(), QLineEdit):
            # The controls that were hidden have handed the keys to a field, which would swallow those of commands.
            (tool.page() or self.canvas).setFocus()
        self.stateChanged.emit()

    def _show_page(self) -> None:
        page = self.tool.page()
        self.canvas.set_overlay(self.tool.overlay())
        if page is None:
            self.stack.setCurrentWidget(self.canvas)
            return
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        place, mime = self.tool.drop_place(), event.mimeData()
        if place is not None and (dropped_pictures(mime) or web_addresses(mime)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        place = self.tool.drop_place()
        if place is not None and place.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.tool.page() is not None:
            self.take_tool(self._tool_before)
        else:
            super().keyPressEvent(event)

    def _toggle_sheet(self) -> None:
        self.take_tool(self._tool_before if self.tool.name == "sheet" else "sheet")

    def _step_seed(self, by: int) -> None:
        """The next seed; on the sheet the next page."""
        if self.tool.name == "sheet":
            self.sheet.turn(by)
        else:
            self.seed.step(by)

    def _to_picture(self) -> None:
        """Show the picture: put a tool down that has a page in its place."""
        if self.tool.page() is not None:
            self.take_tool("picture")

    def _learn(self, samples: list[SampleRecipe], *, liked: bool) -> None:
        self.take_tool("directions")
        self.tool_context.learnWanted.emit(samples, liked)

    def _mix(self, samples: list[SampleRecipe]) -> None:
        if missing := self._take_missing(self.mixing):
            self.context.notify.emit(missing)
        else:
            self.take_tool("mix")
            self.tool_context.mixWanted.emit(samples)

    def _blend(self, samples: list[SampleRecipe]) -> None:
        self.take_tool("blend")
        self.blend.pin([*self.blend.pins(), *samples])

    def _make_parent(self, which: int, recipe: SampleRecipe) -> None:
        self.take_tool("breeding")
        self.breeding.set_parent(which, recipe)

    def _on_notes_edited(self, before: DirectionSet, after: DirectionSet) -> None:
        self._steps.did(lambda: self.notes.put_back(before), lambda: self.notes.put_back(after))

    # -- menus -----------------------------------------------------------------------------------------------------

    def _sample_menu(self, samples: list[SampleRecipe], at: QPoint) -> None:
        self.menu.open(samples, at, without=("remove",))

    def _pick_menu(self, samples: list[SampleRecipe], at: QPoint) -> None:
        self.menu.open(samples, at, without=("pick",))

    def _canvas_menu(self, at: QPoint) -> None:
        if self.model.value is None or self._image is None:
            return
        menu = self.menu.build([self.model.value], without=("open", "mix", "remove"))
        menu.addSeparator()
        pixels = menu.addAction(self.tr("Show single pixels when zoomed in"))
        pixels.setCheckable(True)
        pixels.setChecked(self.canvas.pixelated())
        pixels.toggled.connect(self.canvas.set_pixelated)
        menu.exec(self.canvas.mapToGlobal(at))

    # -- models ----------------------------------------------------------------------------------------------------

    def _load_models(self) -> None:
        self._loads += 1

        def look(engine: Engine) -> tuple[list[ModelInfo], dict[str, SampleRecipe]]:
            models = engine.library.models()
            return models, newest_covers(models)

        job = self.context.worker.call(look, title=self.tr("Looking for models"))
        job.finished.connect(lambda found: self._models_loaded(*found))
        job.failed.connect(self._models_failed)

    def _models_failed(self, problem: StudioError) -> None:
        self._loads -= 1
        self._failed(problem)

    def _models_loaded(self, models: list[ModelInfo], covers: dict[str, SampleRecipe]) -> None:
        self._loads -= 1
        self._own_covers = covers
        self._on_notes_changed()  # those in use may be newer than what is on the disk
        self._models = models
        self.column.set_models(models)
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
        if models and self._waiting_model is not None:
            model, self._waiting_model = self._waiting_model, None
            self.open_model(model)
        self._update()

    def _info(self) -> ModelInfo | None:
        """The library's entry for the recipe's model."""
        recipe = self.model.value
        return None if recipe is None else next((i for i in self._models if i.hash == recipe.model.hash), None)

    def _model_chosen(self, index: int) -> None:
        self._use_model(self._models[index])

    def _use_model(self, info: ModelInfo) -> None:
        """Go to another model, to the artist's newest cover or else its own best one; without any the seed stays.

        What belongs to the latent space of the old one goes.
        """
        before = self.model.value
        if (cover := self._own_covers.get(info.hash)) is not None:
            self._go_to(cover)
            return
        latent = LatentSeed(seed=info.covers[0] if info.covers else self.seed.seed())
        if before is None:
            self._go_to(SampleRecipe(model=info.ref, latent=latent))
        else:
            self._go_to(SampleRecipe(model=info.ref, latent=latent, truncation=before.truncation))

    def _on_notes_changed(self) -> None:
        """Keep in mind which cover the model opens on the next time."""
        notes = self.notes.value
        if notes is not None and notes.covers:
            self._own_covers[notes.model.hash] = notes.covers[0]
        elif notes is not None and self.notes.is_read:
            self._own_covers.pop(notes.model.hash, None)

    def _make_cover(self) -> None:
        self._make_covers(self._meant())

    def _make_covers(self, samples: list[SampleRecipe]) -> None:
        """Show ``samples`` on the sheet's first page, and the first of them when the model is opened."""
        notes = self.notes.value
        if notes is None or not self.notes.is_read or not samples:  # what is on the disk must not be lost
            return
        after = notes.with_covers(samples)
        if after == notes:
            self.context.notify.emit(self.tr("It is a cover already: the sheet begins with it."))
            return
        self.notes.edit(after)
        self.context.notify.emit(self.tr("A cover: the sheet begins with it, and the model opens on it."))

    def _take_off_covers(self, samples: list[SampleRecipe]) -> None:
        if self.notes.value is not None and self.notes.is_read:
            self.notes.edit(self.notes.value.without_covers(samples))

    def _senseless(self, samples: list[SampleRecipe]) -> tuple[str, ...]:
        """Entries of the menu that make no sense for ``samples``."""
        covers = self.notes.value.covers if self.notes.value is not None else ()
        return ("cover",) if all(sample in covers for sample in samples) else ("uncover",)

    def _show_model(self) -> None:
        """Show the properties of the model, and let the tools know of it."""
        info = self._info()
        if info is None:
            return
        self.column.show_model(self._models.index(info), info)
        self.notes.show_network(info)
        self.tool_context.set_network(info)
        self.toolbar.show_network(info)
        if self.tool.missing(info):
            self.take_tool("picture")

    # -- the recipe ------------------------------------------------------------------------------------------------

    def recipe(self) -> SampleRecipe | None:
        """The recipe that the controls show."""
        return self.model.value

    def open_journey(self, journey: JourneyRecipe) -> None:
        """Put the keys of ``journey`` in the place of the picks, its speed into their bar, and show the first key."""
        if self._loads or any(info.hash == journey.keys[0].model.hash for info in self._models):
            self.picks.show_journey(journey)
        self.open_recipe(journey.keys[0])

    def open_model(self, model: FileRef) -> None:
        """Go to a model of the library, on its cover; of the one that is explored already, the picture stays."""
        info = next((info for info in self._models if info.hash == model.hash), None)
        if info is None and self._loads:
            self._waiting_model = model  # it may just have arrived
        elif info is None:
            self.open_recipe(SampleRecipe(model=model))  # says what is missing
        elif self.model.value is None or self.model.value.model.hash != model.hash:
            self._use_model(info)

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
        self._to_picture()
        self._go_to(recipe)

    def _go_on(self, recipe: SampleRecipe) -> None:
        """Another recipe from within the room: the tool stays in hand."""
        self.picks.stop()
        if any(info.hash == recipe.model.hash for info in self._models):
            self._go_to(recipe)
        else:
            self.open_recipe(recipe)  # says what is missing

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
        """Show how far a render has come that takes longer; the finished picture follows when the hand rests."""
        if progress.preview is not None and stamp > self._shown and not self.picks.is_playing():
            self.canvas.set_image(progress.preview)

    def _rendered(self, stamp: int, rendered: Rendered) -> None:
        if stamp <= self._shown:
            return
        self._shown = stamp
        if self._image is None:
            self._builds.start()
        self._image = rendered.image
        if isinstance(rendered.recipe, SampleRecipe) and not self.model.in_gesture:
            self.previews.put(rendered.recipe, rendered.image)
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

    def _show_against(self, picture: NDArray[np.uint8] | None) -> None:
        self.canvas.set_before(picture, (self.tr("Photo"), self.tr("Picture")))
        self.canvas.set_wipe(picture is not None)

    def _show_own(self) -> None:
        if self._image is not None:
            self.canvas.set_image(self._image)

    def _on_playing(self, playing: bool) -> None:
        if playing:
            if self.tools.as_it_is("directions").is_built:
                self.directions.stop_walk()
            self._to_picture()
        else:
            self._show_own()

    def _keep_frame(self, frame: NDArray[np.uint8], keys: list[SampleRecipe], position: float) -> None:
        """Go on from a frame of the journey."""
        self.canvas.set_image(frame)
        asked = self._asked

        def known(recipe: SampleRecipe) -> None:
            if asked == self._asked:  # nothing else was chosen meanwhile
                self.model.set(recipe)

        job = self.context.worker.call(lambda engine: frame_recipe(engine, keys, position, loop=True))
        job.finished.connect(known)
        job.failed.connect(self._failed)

    # -- sheet and picks ---------------------------------------------------------------------------------------------

    def pick(self) -> None:
        """Put what is shown (on the sheet: what is selected) among the picks."""
        meant = self.tool.meant()
        if meant is not None:
            self._pick_many(self._meant())
        elif self.model.value is not None:
            self.picks.insert([self.model.value])

    def _pick_many(self, recipes: list[SampleRecipe]) -> None:
        self.picks.insert(recipes)

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
        self._save_all(self._meant())

    def _save_all(self, samples: list[SampleRecipe]) -> None:
        for recipe in samples:
            self._render_exactly(recipe, self.tr("Saving"), partial(self.keeping.save, recipe=recipe))

    def save_missing(self) -> str:
        return "" if self._image is not None else self.tr("Wait for the first picture, or add a model.")

    def export_missing(self) -> str:
        return self.save_missing()

    def export(self) -> None:
        """Ask for a file name and write the picture as PNG, JPEG, TIFF or WebP, with its recipe."""
        meant = self._meant()
        if len(meant) > 1:
            self.context.notify.emit(self.tr("Select one sample to export it. Saving takes several."))
        elif meant:
            self._export_one(meant[0])

    def _export_one(self, recipe: SampleRecipe) -> None:
        if (path := self.keeping.choose_file(recipe)) is not None:
            self._render_exactly(
                recipe, self.tr("Exporting"), lambda image: self.keeping.write(lambda: image, path, recipe)
            )

    def copy(self) -> bool:
        """Copy the picture, together with its recipe as text: pasted here it brings the controls back."""
        for recipe in self._meant()[:1]:
            self._copy_picture(recipe)
        return True

    def _copy_picture(self, recipe: SampleRecipe) -> None:
        self._render_exactly(recipe, self.tr("Copying"), partial(self.keeping.copy, recipe=recipe))

    def copy_recipe(self) -> None:
        """Copy the recipe as text."""
        for recipe in self._meant()[:1]:
            self.keeping.copy_recipe(recipe)

    def _meant(self) -> list[SampleRecipe]:
        """The recipes to keep or use: those selected on the sheet, else the picture of the controls."""
        meant = self.tool.meant()
        if meant is not None:
            if not meant:
                self.context.notify.emit(self.tr("Select a sample on the sheet first."))
            return meant
        return [] if self.model.value is None else [self.model.value]

    def _render_exactly(self, recipe: SampleRecipe, title: str, use: Callable[[NDArray[np.uint8]], None]) -> None:
        """Hand ``use`` exactly the recipe's picture at full size: the canvas may lag behind the controls."""
        job = self.context.worker.submit(lambda engine: engine.render(recipe), title=title, must_finish=True)
        job.finished.connect(lambda rendered: use(rendered.image))
        job.failed.connect(self._failed)

    def _on_picks_changed(self, before: list[QListWidgetItem], after: list[QListWidgetItem]) -> None:
        change = _PicksStep(before=self.picks.list.recipes_of(before), after=self.picks.list.recipes_of(after))
        self._steps.did(
            lambda: self.picks.set_items(before),
            lambda: self.picks.set_items(after),
            lambda: change.model_dump(mode="json"),
        )

    def _picks_step(self, document: Any, known: set[str]) -> RoomStep | None:
        """A change of the picks in an earlier session; None without what it needs."""
        try:
            change = _PicksStep.model_validate(document)
        except ValidationError:
            return None
        if any(recipe.model.hash not in known for recipe in (*change.before, *change.after)):
            return None
        return (
            lambda: self.picks.show_recipes(change.before),
            lambda: self.picks.show_recipes(change.after),
            lambda: change.model_dump(mode="json"),
        )

    def session(self) -> dict[str, Any]:
        """The recipe with its history, and the picks."""
        if self._restored is not None:
            return self._restored.model_dump(mode="json")
        history = kept_history(self.history)
        kept = {name: recipe for name, recipe in self.slots.kept.items() if recipe is not None}
        picks = [*self.picks.list.recipes(), *self._left_out]
        state = _Session(
            recipe=self.model.value,
            picks=picks,
            slots=kept,
            tool=self.tool.name,
            history=history,
            steps=kept_order(self._steps),
            pins=self._kept_map.pins,
            anchors=self._kept_map.anchors,
            tools={tool.name: laid for tool in self.tools.as_they_are() if any(laid := tool.session_samples())},
            films=self.picks.films(),
        )
        return state.model_dump(mode="json")

    def restore_session(self, state: dict[str, Any]) -> None:
        try:
            self._restored = _Session.model_validate(state)
        except ValidationError:
            return
        if self._models:
            self._restore()

    def _restore(self) -> None:
        """Bring the session back, now that the models are known; what is of another one waits for it."""
        restored, self._restored = self._restored, None
        known = {info.hash for info in self._models}
        for recipe in [one for one in self._left_out if one.model.hash in known]:
            self._left_out.remove(recipe)
            self.picks.add(recipe)
        if restored is None:
            return
        had = restored.picks if restored.recipe is None else [*restored.picks, restored.recipe]
        self._left_out = [recipe for recipe in had if recipe.model.hash not in known]
        if self._left_out:
            names = listed(dict.fromkeys(recipe.model.name for recipe in self._left_out))
            text = self.tr(
                "%n pictures of the last session wait for a model that is not in the library: {names}.",
                "",
                len(self._left_out),
            )
            self.context.problem.emit(Hint(text.format(names=names)))
        self._kept_map.pins, self._kept_map.anchors = restored.pins, restored.anchors
        for pick in restored.picks:
            if pick.model.hash in known:
                self.picks.add(pick)
        if restored.recipe is not None and restored.recipe.model.hash in known and self._waiting is None:
            recall_history(self.history, restored.history, SampleRecipe, lambda recipe: recipe.model.hash in known)
            recall_order(self._steps, restored.steps, self.history, lambda step: self._picks_step(step, known))
            if shortened := shortened_text(restored.history):
                self.context.notify.emit(shortened)
            self.open_recipe(restored.recipe)
        for name, recipe in restored.slots.items():
            if name in self.slots.kept and recipe.model.hash in known:
                self.slots.set(name, recipe)
        for name, samples in restored.tools.items():
            if name in self.tools and all(one is None or one.model.hash in known for one in samples):
                self.tools.as_it_is(name).restore_samples(samples)
        self.picks.offer_films([film for film in restored.films if film.keys[0].model.hash in known])
        tool = self.tools.get(restored.tool)
        if tool is not None and tool.page() is None and not self._take_missing(tool):
            self.take_tool(tool.name)

    def shutting_down(self) -> None:
        """Stop playing, drawing the sheet, and the work in the background."""
        self.picks.stop()
        self._builds.stop()
        for tool in self.tools.as_they_are():
            if tool.is_built:
                tool.close_down()
        self.previews.close()
        self.notes.close()
        self._background.close()
