"""A sheet of samples: many seeds at once, with everything else as it is, to pick from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QListWidgetItem, QPushButton, QWidget

from studio.recipes import LatentSeed, SampleRecipe
from studio.ui.command import with_keys
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import icon
from studio.ui.widgets import enable_unless
from studio.ui.widgets.seed_field import SeedField

PAGES = (12, 24, 48)
COVERS = -1
"""The page before the first: the artist's covers, and the seeds that the model's card names as worth seeing first."""
THUMBNAIL = 64


class SheetTool(Tool):
    """Pages of seeds, drawn in the background with the truncation, mixing, noise and directions in use."""

    name = "sheet"
    command = "explore.tool-sheet"
    glyph = "grid"

    def build(self) -> None:
        context = self.context
        self._base: SampleRecipe | None = None
        self._covers: tuple[int, ...] = ()
        self._page = 0
        self._per_page = PAGES[1]
        self.list = RecipeList(THUMBNAIL)
        self.own(self.list)
        self.list.use_previews(context.previews)
        self.list.menuWanted.connect(context.menuWanted)
        self.list.set_fitted()
        self.list.setAccessibleName(self.tr("Sheet of samples"))
        self.list.setToolTip(self.tr("Double-click to go on with it. Ctrl and Shift select several."))
        self.list.itemDoubleClicked.connect(self._open)
        self.list.itemSelectionChanged.connect(self._update)
        self.list.installEventFilter(self)
        self._title = QLabel(self)
        self._title.setWordWrap(True)
        self.first = SeedField(
            self.tr("With seed"), self.tr("Turn to the page with this seed; the picture itself stays."), self
        )
        self.first.changed.connect(self._turn_to)
        self._count = QComboBox(self)
        self._count.setAccessibleName(self.tr("Samples on a page"))
        self._count.setToolTip(self.tr("Fewer are larger"))
        for count in PAGES:
            self._count.addItem(self.tr("{count} on a page").format(count=count), count)
        self._count.setCurrentIndex(PAGES.index(self._per_page))
        self._count.activated.connect(self._choose_count)
        self._previous = QPushButton(icon("previous"), self.tr("Previous"), self)
        self._previous.setToolTip(with_keys(self.tr("The page before"), "step.previous"))
        self._previous.clicked.connect(lambda: self.turn(-1))
        self._next = QPushButton(icon("next"), self.tr("Next"), self)
        self._next.setToolTip(with_keys(self.tr("The next page"), "step.next"))
        self._next.clicked.connect(lambda: self.turn(+1))
        self._pick = QPushButton(icon("add"), self.tr("Add to picks"), self)
        self._pick.setToolTip(with_keys(self.tr("Put the selected samples among the picks"), "explore.pick"))
        self._pick.clicked.connect(lambda: context.pickWanted.emit(self.list.selected_recipes()))
        self._go = QPushButton(icon("check"), self.tr("Go on with it"), self)
        self._go.setToolTip(self.tr("Make the selected sample the picture, as a double-click does"))
        self._go.clicked.connect(lambda: self._open(self.list.selected()[0]))
        turn = QHBoxLayout()
        turn.addWidget(self._previous, 1)
        turn.addWidget(self._next, 1)
        act = QHBoxLayout()
        act.addWidget(self._go, 1)
        act.addWidget(self._pick, 1)
        self.body.addWidget(self._title)
        self.body.addLayout(turn)
        self.body.addWidget(self.first)
        self.body.addWidget(self._count)
        self.body.addLayout(act)
        self.body.addStretch(1)
        context.notes.changed.connect(self._on_notes)
        self._update()

    def title(self) -> str:
        return self.tr("Sheet")

    def tip(self) -> str:
        return self.tr("Many seeds at once, with everything else as it is. Double-click one to go on with it.")

    def page(self) -> QWidget:
        return self.list

    def meant(self) -> list[SampleRecipe]:
        return self.list.selected_recipes()

    def take(self) -> None:
        """Draw the page with the recipe's seed; covers of the model are a page of their own, the first."""
        super().take()
        recipe, network = self.context.model.value, self.context.network
        if recipe is None:
            return
        self._base, self._covers = recipe, network.covers if network is not None else ()
        if recipe.style_mix and len({layer for mix in recipe.style_mix for layer in mix.layers}) >= self.context.layers:
            # Of a child of two pictures no layer follows the seed: all would be the same.
            self._base = recipe.model_copy(update={"style_mix": ()})
        seed = recipe.latent.seed if isinstance(recipe.latent, LatentSeed) else 0
        self.first.show_value(seed)
        self._page = COVERS if seed in self._covers or recipe in self._own_covers() else seed // self._per_page
        self._draw()

    def put_down(self) -> None:
        super().put_down()
        self.context.previews.give_up("sheet")

    def seeds(self) -> Sequence[int]:
        """The seeds on the page; of the covers those that the card names, as far as there is room."""
        if self._page == COVERS:
            return self._covers[: max(0, self._per_page - len(self._own_covers()))]
        first = min(self._page * self._per_page, 2**32 - self._per_page)
        return range(first, first + self._per_page)

    def turn(self, by: int) -> None:
        """Turn so many pages on."""
        last = (2**32 - 1) // self._per_page
        self._page = min(last, max(self._first_page(), self._page + by))
        self._draw()

    def _turn_to(self, seed: int) -> None:
        self._page = seed // self._per_page
        self._draw()

    def _choose_count(self) -> None:
        before, self._per_page = self._per_page, self._count.currentData()
        if self._page != COVERS:
            self._page = self._page * before // self._per_page
        self._draw()

    def _draw(self) -> None:
        if self._base is None:
            return
        seeds = self.seeds()
        if self._page == COVERS:
            self._title.setText(self.tr("Covers: pictures worth seeing first"))
        else:
            self._title.setText(self.tr("Seeds {first} to {last}").format(first=seeds[0], last=seeds[-1]))
        recipes = [self._base.model_copy(update={"latent": LatentSeed(seed=seed)}) for seed in seeds]
        if self._page == COVERS:
            own = self._own_covers()[: self._per_page]
            recipes = [*own, *(recipe for recipe in recipes if recipe not in own)]
        self.list.show_recipes(recipes)
        self.context.previews.want("sheet", recipes)
        self._update()

    def _first_page(self) -> int:
        return COVERS if self._covers or self._own_covers() else 0

    def _own_covers(self) -> tuple[SampleRecipe, ...]:
        """The artist's covers of the model."""
        notes = self.context.notes.value
        return notes.covers if notes is not None else ()

    def _on_notes(self) -> None:
        if self.in_hand and self._base is not None:
            self._page = max(self._page, self._first_page())
            if self._page == COVERS:
                self._draw()
            self._update()

    def _update(self) -> None:
        self._previous.setEnabled(self._page > self._first_page())
        self._next.setEnabled(self._page < (2**32 - 1) // self._per_page)
        chosen = len(self.list.selectedItems())
        enable_unless(self._pick, "" if chosen else self.tr("Select samples first."))
        enable_unless(self._go, "" if chosen == 1 else self.tr("Select one sample first."))

    def _open(self, item: QListWidgetItem) -> None:
        recipe = self.list.recipe(item)
        self.context.handBack.emit()
        self.context.openWanted.emit(recipe)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem() is not None:
                self._open(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Plus:
                self.context.pickWanted.emit(self.list.selected_recipes())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.context.handBack.emit()
                return True
        return super().eventFilter(watched, event)
