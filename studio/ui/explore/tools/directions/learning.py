"""Learning a direction: the way from the pictures of one row to those of another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.recipes import SampleRecipe
from studio.recipes.direction_set import NamedDirection
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import SPACE_S, icon
from studio.ui.widgets import enable_unless, tool_button


class ChoiceStrip(QWidget):
    """Samples that a learned direction shall lead to, or away from."""

    changed = Signal()

    def __init__(self, title: str, tip: str, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RecipeList(36, self, named=False)
        self.list.use_previews(context.previews)
        self.list.setFlow(RecipeList.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setSpacing(1)
        self.list.accept_order()
        self.list.setFixedHeight(58)
        self.list.setToolTip(tip)
        self.list.setAccessibleName(title)
        self.list.set_placeholder(self.tr("Drag pictures here, or +"))
        self.list.received.connect(lambda recipes, _row: self.add(recipes))
        self.list.installEventFilter(self)
        self._context = context
        label = QLabel(title, self)
        label.setToolTip(tip)
        add = tool_button("add", self.tr("Add the present picture"), self._add_present, side=14)
        clear = tool_button("cancel", self.tr("Take all out"), self.clear, side=14)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label, 1)
        head.addWidget(add)
        head.addWidget(clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.list)

    def add(self, recipes: list[SampleRecipe]) -> None:
        """Put samples in; those that are there already stay once."""
        for recipe in recipes:
            if recipe not in self.list.recipes():
                self.list.add(recipe)
        self._context.previews.want(f"choice {id(self)}", self.list.recipes())
        self.changed.emit()

    def clear(self) -> None:
        """Take all out."""
        self.list.clear()
        self.changed.emit()

    def _add_present(self) -> None:
        if self._context.model.value is not None:
            self.add([self._context.model.value])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):  # type: ignore[attr-defined]
            for item in self.list.selected():
                self.list.takeItem(self.list.row(item))
            self.changed.emit()
            return True
        return super().eventFilter(watched, event)


class DirectionLearning(QWidget):
    """Two rows of pictures, and the button that learns the way from the second to the first."""

    learned = Signal(object)
    """A ``NamedDirection``, which is about to be noted for the network."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        self.more = ChoiceStrip(
            self.tr("More like these"), self.tr("The direction leads towards these pictures"), context, self
        )
        self.less = ChoiceStrip(
            self.tr("Less like those"),
            self.tr("The direction leads away from these pictures; without any, away from the average"),
            context,
            self,
        )
        self.learn_button = QPushButton(icon("add"), self.tr("Learn a direction"), self)
        self.learn_button.setToolTip(self.tr("Find the way from the pictures below to those above"))
        self.learn_button.clicked.connect(self.learn)
        for strip in (self.more, self.less):
            strip.changed.connect(self._update)
            layout.addWidget(strip)
        layout.addWidget(self.learn_button)
        self._update()

    def add(self, recipes: list[SampleRecipe], liked: bool) -> None:
        """Put samples into the first row, or into the second when not ``liked``."""
        (self.more if liked else self.less).add(recipes)

    def learn(self) -> None:
        """Find the direction from the pictures of the second row to those of the first, and keep it."""
        network = self._context.network
        here = network.hash if network is not None else ""
        more = [recipe for recipe in self.more.list.recipes() if recipe.model.hash == here]
        less = [recipe for recipe in self.less.list.recipes() if recipe.model.hash == here]
        if network is None or not more:
            return
        job = self._context.studio.worker.call(
            lambda engine: engine.space(network.ref).learned(more, less), title=self.tr("Learning a direction")
        )
        job.finished.connect(lambda vector: self._on_learned(here, vector))
        job.failed.connect(self._context.studio.problem)

    def _on_learned(self, model: str, vector: tuple[float, ...]) -> None:
        notes = self._context.notes.value
        if notes is None or notes.model.hash != model:
            return
        number = 1 + sum(1 for one in notes.directions if one.basis == "own")
        direction = NamedDirection(name=self.tr("My direction {n}").format(n=number), basis="own", vector=vector)
        self.learned.emit(direction)
        self._context.notes.edit(notes.with_direction(direction))

    def _update(self) -> None:
        enable_unless(
            self.learn_button, "" if self.more.list.count() else self.tr("Put pictures into the first row first.")
        )
