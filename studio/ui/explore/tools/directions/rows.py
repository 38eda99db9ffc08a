"""The list of directions: a lock and a slider under the name of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.recipes import SampleRecipe
from studio.recipes.direction_set import NamedDirection
from studio.ui.binding import Binding
from studio.ui.explore.tools.directions.edits import moved, note
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import SPACE_S, icon
from studio.ui.widgets import Slider, tool_button
from studio.ui.widgets.slider import LABEL_WIDTH

MOST_DEVIATIONS = 3.0
_WIDEST_NAME = 124
"""Pixels for the names; longer ones are cut short, so that the sliders keep their room."""


class DirectionRow(QFrame):
    """One direction: a lock and a slider under its name."""

    chosen = Signal()
    """The artist touched it."""
    lockToggled = Signal(bool)
    menuWanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("direction-row")
        self.direction: NamedDirection | None = None
        self.lock = tool_button("unlocked", "", side=14)
        self.lock.setCheckable(True)
        self.lock.clicked.connect(self.lockToggled)
        self.slider = Slider("", -MOST_DEVIATIONS, MOST_DEVIATIONS, 0.0, parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.lock)
        layout.addWidget(self.slider, 1)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menuWanted.emit(self.mapToGlobal(at)))
        for part in self.slider.findChildren(QWidget):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def show_direction(self, title: str, direction: NamedDirection, tip: str) -> None:
        """Show the name and lock of a direction."""
        self.direction = direction
        self.slider.set_title(title)
        self.slider.setToolTip(tip)
        self.lock.setChecked(direction.locked)
        self.lock.setIcon(icon("locked" if direction.locked else "unlocked"))
        tip = self.tr("Locked: a random walk leaves it alone") if direction.locked else self.tr("Lock it")
        self.lock.setToolTip(tip)
        self.lock.setAccessibleName(tip)

    def mark(self, on: bool) -> None:
        """Show that it is the one whose details are shown."""
        self.setProperty("marked", on)
        self.style().unpolish(self)
        self.style().polish(self)


class DirectionRows(QScrollArea):
    """A row for each direction that is shown; its slider moves the picture.

    Parameters
    ----------
    title_of : gives the name of a direction.
    tip_of : gives the tip of a direction, and takes its place in the list.
    """

    chosen = Signal(object)
    """The artist touched the row of this ``NamedDirection``."""
    menuWanted = Signal(object, QPoint)
    """The artist asks what can be done with this ``NamedDirection``, at this place on the screen."""

    def __init__(
        self,
        context: ToolContext,
        title_of: Callable[[NamedDirection], str],
        tip_of: Callable[[NamedDirection, int], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._title_of, self._tip_of = context, title_of, tip_of
        self.rows: list[DirectionRow] = []
        self._bindings: list[Binding] = []
        holder = QWidget(self)
        holder.setObjectName("scrolled")
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self.nothing = QLabel(self)
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        self._list.addWidget(self.nothing)
        self._list.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(holder)
        self.setMinimumHeight(90)

    def is_dragging(self) -> bool:
        """Return whether a slider is under the hand."""
        return any(row.slider.is_dragging() for row in self.rows)

    def show_directions(self, shown: list[NamedDirection], marked: NamedDirection | None, nothing: str) -> None:
        """Show a row for each of ``shown``; ``nothing`` says why there are none."""
        while len(self.rows) < len(shown):
            self._add_row()
        for number, (row, binding) in enumerate(zip(self.rows, self._bindings, strict=True)):
            row.setVisible(number < len(shown))
            if number >= len(shown):
                row.direction = None
                continue
            direction = shown[number]
            row.show_direction(self._title_of(direction), direction, self._tip_of(direction, number))
            row.mark(direction is marked)
            binding.show()
        width = max([LABEL_WIDTH, *(row.slider.label_width() for row in self.rows[: len(shown)])])
        for row in self.rows:
            row.slider.fix_label_width(min(width, _WIDEST_NAME))
        self.nothing.setVisible(not shown)
        self.nothing.setText(nothing)

    def mark(self, direction: NamedDirection) -> None:
        """Show whose details are shown."""
        for row in self.rows:
            row.mark(row.direction is direction)

    def _add_row(self) -> None:
        row = DirectionRow(self)
        self._list.insertWidget(self._list.count() - 1, row)
        row.chosen.connect(lambda: self.chosen.emit(row.direction))
        row.lockToggled.connect(lambda on: note(self._context, row.direction, locked=on))
        row.menuWanted.connect(lambda at: self.menuWanted.emit(row.direction, at))
        self.rows.append(row)

        def get(recipe: SampleRecipe) -> float | None:
            return None if row.direction is None else row.direction.amount_in(recipe)

        def put(recipe: SampleRecipe, amount: float) -> SampleRecipe:
            return recipe if row.direction is None else moved(self._context, row.direction, recipe, amount)

        self._bindings.append(Binding(self._context.model, row.slider, get, put))
