"""Style mixing: layers take their style from other pictures, one by one or by parts, and the grid of all with all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.base import StudioError
from studio.engine.jobs.mixing import export_mix_grid, grid_recipes, latent_of
from studio.recipes import Latent, LatentSeed, Recipe, SampleRecipe, read_recipe
from studio.recipes.mixing import layer_latents, mix_sources, with_layer_latents
from studio.ui.command import Command, with_keys
from studio.ui.describe.recipes import latent_name
from studio.ui.explore.parts import PartButtons
from studio.ui.explore.recipe_list import MIME, RecipeList, samples_in
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import icon
from studio.ui.widgets import Section, enable_unless, tool_button
from studio.ui.widgets.save_name import completed_name, free_name
from studio.ui.widgets.seed_field import SeedField
from studio.worker import JobGroup, ModelInfo

COLUMNS = 9
"""Two even rows for the 18 layers of networks of 1024 px."""
THUMBNAIL = 56
MOST_IN_GRID = 8
"""Rows and columns of the grid: more are too small to judge."""


class SourceStrip(RecipeList):
    """The pictures that give their styles. Samples of the room and files with recipes can be dropped on it."""

    filesDropped = Signal(object)
    """Paths of pictures."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._judge(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._judge(event)

    def _judge(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME) or _files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        recipes = samples_in(event.mimeData())
        if event.source() is not self and recipes:
            self.received.emit(recipes, self.count())
        elif paths := _files(event.mimeData()):
            self.filesDropped.emit(paths)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()


def _files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class MixTool(Tool):
    """Sources at the top; the layers of the chosen one below, by parts and one by one."""

    name = "mix"
    command = "explore.tool-mix"
    glyph = "mix"
    topic = "style-mixing"

    def build(self) -> None:
        context = self.context
        self._model = context.model
        self._sources: list[Latent] = []
        self._chosen = 0
        self._cells: list[SampleRecipe] = []
        self._files = JobGroup(self)
        self._files.failed.connect(context.studio.problem)
        self._make_sources()
        self._make_layers()
        self._make_grid()
        self.body.addStretch(1)
        self._model.changed.connect(self._on_changed)
        context.networkChanged.connect(self._on_network)
        context.notes.changed.connect(self._show)
        context.mixWanted.connect(self.add_pictures)
        self._show()

    def begin(self) -> None:
        self._on_network()

    def title(self) -> str:
        return self.tr("Mix")

    def tip(self) -> str:
        return self.tr("Take shape, features or colour from other pictures: drag them here, or draw a seed.")

    def missing(self, network: ModelInfo | None) -> str:
        if network is None or network.num_ws > 1:
            return ""
        return self.tr("This network has no layers with styles of their own: StyleGAN2 and StyleGAN3 have.")

    def page(self) -> QWidget | None:
        return self.grid if self.grid_button.isChecked() else None

    def take(self) -> None:
        super().take()
        self.context.notes.want_parts()
        self._show()
        self._draw_grid()

    def put_down(self) -> None:
        super().put_down()
        self.context.previews.give_up("mix-grid")

    def _click_grid(self) -> None:
        self.grid_button.click()

    def close_down(self) -> None:
        super().close_down()
        self._files.close()

    def commands(self) -> list[Command]:
        return [
            Command(
                "explore.mix-grid",
                self.tr("Grid of mixtures"),
                self._click_grid,
                "grid",
                self._grid_missing,
            ),
        ]

    # Building

    def _make_sources(self) -> None:
        self.strip = SourceStrip(THUMBNAIL, self, named=False)
        self.strip.use_previews(self.context.previews)
        self.strip.setFlow(RecipeList.Flow.LeftToRight)
        self.strip.setWrapping(False)
        self.strip.setSpacing(2)
        self.strip.accept_order()
        self.strip.setSelectionMode(RecipeList.SelectionMode.SingleSelection)
        self.strip.setFixedHeight(THUMBNAIL + 24)
        self.strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.strip.setAccessibleName(self.tr("Pictures that give their styles"))
        self.strip.setToolTip(self.tr("A click shows its layers, Delete takes it out."))
        self.strip.set_placeholder(self.tr("Drag pictures here: picks, history, files."))
        self.strip.itemClicked.connect(lambda item: self._choose(self.strip.row(item)))
        self.strip.received.connect(lambda recipes, _row: self.add_pictures(recipes))
        self.strip.filesDropped.connect(self._open_files)
        self.strip.installEventFilter(self)
        self.seed = SeedField(
            self.tr("Second seed"), self.tr("The seed that the chosen layers take their style from."), self
        )
        self.seed.changed.connect(self._seed_changed)
        self.from_picks = QPushButton(icon("add"), self.tr("From picks"), self)
        self.from_picks.setToolTip(self.tr("Take all picks as sources of style"))
        self.from_picks.clicked.connect(lambda: self.add_pictures(self.picks()))
        self.from_file = QPushButton(icon("folder"), self.tr("From a file …"), self)
        self.from_file.setToolTip(self.tr("A picture that was saved here, with its recipe"))
        self.from_file.clicked.connect(self._ask_file)
        row = QHBoxLayout()
        row.addWidget(self.from_picks, 1)
        row.addWidget(self.from_file, 1)
        self.body.addWidget(self.strip)
        self.body.addLayout(row)
        self.body.addWidget(self.seed)

    def _make_layers(self) -> None:
        self.parts = PartButtons(self.context.notes, self.tr("{part} comes from the chosen picture"), self)
        for part, button in enumerate(self.parts.buttons):
            button.clicked.connect(lambda on, part=part: self.take_part(part, on))
        self.layers_label = QLabel(self.tr("Layers, coarse to fine"), self)
        self.layers_label.setProperty("muted", True)
        self._layer_buttons: list[QToolButton] = []
        self._layer_grid = QGridLayout()
        self._layer_grid.setSpacing(2)
        nothing = tool_button("reset", self.tr("Mix nothing: all layers back to the picture's own"), self.reset)
        head = QHBoxLayout()
        head.addWidget(self.layers_label, 1)
        head.addWidget(nothing)
        self.body.addWidget(self.parts)
        self.body.addLayout(head)
        self.body.addLayout(self._layer_grid)

    def _make_grid(self) -> None:
        self.grid = RecipeList(48, named=False)
        self.own(self.grid)
        self.grid.use_previews(self.context.previews)
        self.grid.set_fitted(2)
        self.grid.setAccessibleName(self.tr("Grid of mixtures"))
        self.grid.setToolTip(self.tr("A click moves there, a click with Shift picks it."))
        self.grid.setSelectionMode(RecipeList.SelectionMode.NoSelection)
        self.grid.itemClicked.connect(self._cell_clicked)
        self.grid.itemActivated.connect(self._cell_clicked)
        self.grid.menuWanted.connect(self.context.menuWanted)
        section = Section(self.tr("All with all"), self)
        about = QLabel(
            self.tr("The picks at the left, each with the parts chosen here from every source above it."), self
        )
        about.setProperty("muted", True)
        about.setWordWrap(True)
        self.grid_parts = PartButtons(self.context.notes, self.tr("{part} comes from the sources"), self)
        self.grid_parts.set_chosen([2])
        self.grid_parts.changed.connect(self._draw_grid)
        self.grid_button = QPushButton(icon("grid"), self.tr("Show the grid"), self)
        self.grid_button.setCheckable(True)
        self.grid_button.setToolTip(
            with_keys(self.tr("Show the picks and the sources as a grid, in the picture's place"), "explore.mix-grid")
        )
        self.grid_button.toggled.connect(self._show_grid)
        self.export_button = QPushButton(icon("export"), self.tr("Export …"), self)
        self.export_button.setToolTip(self.tr("Write the grid as one picture"))
        self.export_button.clicked.connect(self._ask_export)
        row = QHBoxLayout()
        row.addWidget(self.grid_button, 1)
        row.addWidget(self.export_button, 1)
        section.body.addWidget(about)
        section.body.addWidget(self.grid_parts)
        section.body.addLayout(row)
        self.body.addWidget(section)

    def _make_layer_buttons(self, count: int) -> None:
        if len(self._layer_buttons) == count:
            return
        for button in self._layer_buttons:
            self._layer_grid.removeWidget(button)
            button.deleteLater()
        self._layer_buttons = []
        for layer in range(count):
            button = QToolButton(self)
            button.setText(str(layer + 1))
            button.setCheckable(True)
            button.setFixedWidth(30)
            button.clicked.connect(lambda on, layer=layer: self.take_layers([layer], on))
            self._layer_grid.addWidget(button, layer // COLUMNS, layer % COLUMNS)
            self._layer_buttons.append(button)
        self._layer_grid.setColumnStretch(COLUMNS, 1)

    # Sources

    def sources(self) -> list[Latent]:
        """The latents that give their styles, those that are in use first."""
        return list(self._sources)

    def _on_network(self) -> None:
        self._sources, self._chosen = [], 0
        self.grid_button.setChecked(False)
        self._make_layer_buttons(self.context.layers)
        self._gather()
        self._show()

    def _on_changed(self, _old: SampleRecipe | None, _new: SampleRecipe) -> None:
        self._gather()
        if self.in_hand:
            self._show()
        if self.grid_button.isChecked() and self.in_hand and not self.context.picks():
            self._draw_grid()

    def _gather(self) -> None:
        """Add the sources of the recipe to those that the artist brought."""
        recipe = self._model.value
        for latent in mix_sources(recipe) if recipe is not None else ():
            if latent not in self._sources:
                self._sources.append(latent)
                self._chosen = len(self._sources) - 1

    def add_pictures(self, recipes: Sequence[SampleRecipe]) -> None:
        """Take pictures as sources of style."""
        here = self._model.value
        chosen = [recipe for recipe in recipes if here is not None and recipe.model.hash == here.model.hash]
        if len(chosen) < len(recipes):
            self.context.studio.problem.emit(
                StudioError(
                    self.tr("The two pictures were drawn by different models."),
                    self.tr("Styles can be mixed within one model only."),
                )
            )
        if not chosen or here is None:
            return
        job = self.context.studio.worker.call(lambda engine: [latent_of(engine, one, here) for one in chosen])
        job.finished.connect(self._add_latents)
        job.failed.connect(self.context.studio.problem)

    def _add_latents(self, latents: list[Latent]) -> None:
        for latent in latents:
            if latent not in self._sources:
                self._sources.append(latent)
        # The picture mixed with itself stays as it is: the newest of the others is chosen.
        recipe = self._model.value
        others = [latent for latent in latents if recipe is None or latent != recipe.latent]
        self._chosen = self._sources.index((others or latents)[-1])
        self._show()

    def _ask_file(self) -> None:
        settings = self.context.studio.settings
        start = settings.last_folder("mix") or str(self.context.studio.gallery.folder)
        kinds = self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.tif *.tiff)"
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Take the style of a picture"), start, kinds)
        if names:
            settings.remember_folder("mix", names[0])
            self._open_files([Path(name) for name in names])

    def _open_files(self, paths: list[Path]) -> None:
        def read() -> list[tuple[Path, Recipe | None]]:
            return [(path, read_recipe(path)) for path in paths]

        self._files.run(read, self._files_read)

    def _files_read(self, found: list[tuple[Path, Recipe | None]]) -> None:
        recipes = [recipe for _path, recipe in found if isinstance(recipe, SampleRecipe)]
        for path, recipe in found:
            if not isinstance(recipe, SampleRecipe):
                self.context.studio.problem.emit(
                    StudioError(
                        self.tr("{name} carries no recipe of a sample.").format(name=path.name),
                        self.tr("Choose a picture that was drawn and saved here."),
                    )
                )
        if recipes:
            self.add_pictures(recipes)

    def _remove(self, row: int) -> None:
        """Take a source out, and its layers back."""
        recipe = self._model.value
        if recipe is None or not 0 <= row < len(self._sources):
            return
        gone = self._sources.pop(row)
        self._chosen = max(0, min(self._chosen, len(self._sources) - 1))
        latents = layer_latents(recipe, self.context.layers)
        self._model.set(with_layer_latents(recipe, [recipe.latent if one == gone else one for one in latents]))
        self._show()

    def _choose(self, row: int) -> None:
        self._chosen = row
        self._show()

    def source(self) -> Latent:
        """The source whose layers are shown; the second seed while there is none."""
        if 0 <= self._chosen < len(self._sources):
            return self._sources[self._chosen]
        return LatentSeed(seed=self.seed.seed())

    def _seed_changed(self, seed: int) -> None:
        """Another second seed: in the place of the chosen one, or a new source."""
        recipe, new = self._model.value, LatentSeed(seed=seed)
        old = self.source() if self._sources else None
        if recipe is None or new in self._sources:
            self._chosen = self._sources.index(new) if new in self._sources else 0
            self._show()
            return
        if not isinstance(old, LatentSeed):
            self._sources.append(new)
            self._chosen = len(self._sources) - 1
            self._show()
            return
        self._sources[self._chosen] = new
        latents = layer_latents(recipe, self.context.layers)
        self._model.set(with_layer_latents(recipe, [new if one == old else one for one in latents]))
        self._show()

    # Layers

    def take_part(self, part: int, on: bool | None = None) -> None:
        """Let a part come from the chosen source, or be the picture's own again; None: the other of both."""
        layers = list(self.context.notes.parts.layers_of(part, self.context.layers))
        if on is None:
            on = not all(layer in self._taken() for layer in layers)
        self.take_layers(layers, on)

    def take_layers(self, layers: Sequence[int], on: bool) -> None:
        """Let ``layers`` take their style from the chosen source, or from the picture's own latent."""
        recipe = self._model.value
        if recipe is None:
            return
        source = self.source()
        if source not in self._sources:
            self._sources.append(source)
            self._chosen = len(self._sources) - 1
        latents = layer_latents(recipe, self.context.layers)
        for layer in layers:
            if on or latents[layer] == source:
                latents[layer] = source if on else recipe.latent
        self._model.set(with_layer_latents(recipe, latents))
        self._show()

    def reset(self) -> None:
        """Mix nothing."""
        if self._model.value is not None:
            self._model.edit(style_mix=())

    def _taken(self) -> set[int]:
        """The layers that take their style from the chosen source."""
        recipe = self._model.value
        if recipe is None or not self._sources:
            return set()
        source = self.source()
        return {
            layer
            for mix in recipe.style_mix
            if mix.latent == source
            for layer in mix.layers
            if layer_latents(recipe, layer + 1)[layer] == source
        }

    def _show(self) -> None:
        recipe = self._model.value
        shown = [self._plain(latent) for latent in self._sources] if recipe is not None else []
        if self.strip.recipes() != shown:
            self.strip.show_recipes(shown)
            self.context.previews.want("mix-sources", shown)
        if shown:
            self.strip.setCurrentRow(self._chosen)
        source, taken = self.source(), self._taken()
        if self._sources and isinstance(source, LatentSeed):
            self.seed.show_value(source.seed)
        latents = layer_latents(recipe, self.context.layers) if recipe is not None else []
        for layer, button in enumerate(self._layer_buttons):
            button.setChecked(layer in taken)
            other = layer < len(latents) and recipe is not None and latents[layer] not in (recipe.latent, source)
            if bool(button.property("elsewhere")) != bool(other):
                button.setProperty("elsewhere", bool(other))
                button.style().unpolish(button)
                button.style().polish(button)
            tip = self.tr("Layer {n} takes its style from the chosen picture").format(n=layer + 1)
            if other:
                tip = self.tr("Layer {n} takes its style from another one: {picture}")
                tip = tip.format(n=layer + 1, picture=latent_name(latents[layer]))
            button.setToolTip(tip)
        parts, count = self.context.notes.parts, self.context.layers
        self.parts.set_chosen([p for p in range(3) if (own := parts.layers_of(p, count)) and taken.issuperset(own)])
        enable_unless(self.grid_button, self._grid_missing())
        enable_unless(self.export_button, self._grid_missing())

    def _plain(self, latent: Latent) -> SampleRecipe:
        """The picture of a source alone, under the truncation in use."""
        recipe = self._model.value
        assert recipe is not None
        return recipe.model_copy(update={"latent": latent, "style_mix": (), "directions": ()})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.strip
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        ):
            self._remove(self.strip.currentRow())
            return True
        return super().eventFilter(watched, event)

    # The grid

    def _grid_missing(self) -> str:
        return "" if self._can_grid() else self.tr("Take a source of style first.")

    def _can_grid(self) -> bool:
        return self.is_built and bool(self._sources) and self._model.value is not None and self.context.layers > 1

    def grid_rows(self) -> list[SampleRecipe]:
        """The pictures at the left of the grid: the picks of this model, or else the present one."""
        recipe = self._model.value
        if recipe is None:
            return []
        picks = list(dict.fromkeys(pick for pick in self.context.picks() if pick.model.hash == recipe.model.hash))
        return picks[:MOST_IN_GRID] or [recipe.model_copy(update={"style_mix": ()})]

    def grid_columns(self) -> list[SampleRecipe]:
        """The pictures above the grid."""
        return [self._plain(latent) for latent in self._sources[:MOST_IN_GRID]]

    def _show_grid(self, on: bool) -> None:
        self.grid_button.setText(self.tr("Hide the grid") if on else self.tr("Show the grid"))
        if on:
            self._draw_grid()
        else:
            self.context.previews.give_up("mix-grid")
        self.pageChanged.emit()

    def _draw_grid(self) -> None:
        if not self.grid_button.isChecked() or not self._can_grid():
            return
        rows, columns, layers = self.grid_rows(), self.grid_columns(), self.grid_parts.chosen_layers()
        job = self.context.studio.worker.call(
            lambda engine: (rows, columns, grid_recipes(engine, rows, columns, layers)), key="mix-grid-recipes"
        )
        job.finished.connect(self._grid_known)
        job.failed.connect(self.context.studio.problem)

    def _grid_known(self, result: tuple[list[SampleRecipe], list[SampleRecipe], list[list[SampleRecipe]]]) -> None:
        rows, columns, cells = result
        self.grid.clear()
        self.grid.set_fitted(len(columns) + 1)
        self.grid.add_blank()
        for column in columns:
            self.grid.add(column)
        self._cells = []
        for row, found in zip(rows, cells, strict=True):
            self.grid.add(row)
            for recipe in found:
                self.grid.add(recipe)
                self._cells.append(recipe)
        self.grid.set_fitted(len(columns) + 1)
        self.context.previews.want("mix-grid", [*columns, *rows, *self._cells])

    def _cell_clicked(self, item: QListWidgetItem) -> None:
        if not item.flags():
            return
        recipe = self.grid.recipe(item)
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.context.pickWanted.emit([recipe])
        else:
            self.context.openWanted.emit(recipe)

    def _ask_export(self) -> None:
        settings = self.context.studio.settings
        start = Path(settings.start_folder("export")) / self.tr("Mixtures.png")
        kind = self.tr("PNG picture") + " (*.png)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the grid"), free_name(start), kind)
        path = completed_name(self, name, (".png",), ".png")
        if path is not None:
            settings.remember_folder("export", path)
            self.export_grid(path)

    def export_grid(self, path: Path) -> None:
        """Write the grid at full size."""
        rows, columns, layers = self.grid_rows(), self.grid_columns(), self.grid_parts.chosen_layers()
        job = self.context.studio.worker.submit(
            lambda engine: export_mix_grid(engine, rows, columns, layers, path),
            title=self.tr("Exporting"),
            must_finish=True,
            asks=True,
        )
        studio = self.context.studio
        job.finished.connect(lambda done: studio.notify.emit(self.tr("Exported as {name}.").format(name=done.name)))
        job.failed.connect(studio.problem)
