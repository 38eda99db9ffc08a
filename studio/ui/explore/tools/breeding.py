"""Breeding: children of one or two pictures, and the family tree of all that were taken."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.base import StudioError
from studio.engine.jobs.breeding import bred
from studio.engine.jobs.sample_grid import draw_samples
from studio.recipes import SampleRecipe, recipe_hash
from studio.recipes.embed import save_marked
from studio.recipes.family import FamilyTree, Person
from studio.synthesis.breeding import Inheritance
from studio.ui.command import Command, with_keys
from studio.ui.describe.recipes import recipe_name
from studio.ui.explore.family import Family
from studio.ui.explore.family_drawing import FamilyView, printed
from studio.ui.explore.parts import PartButtons
from studio.ui.explore.previews import SIDE
from studio.ui.explore.recipe_list import MIME, RecipeList, samples_in
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import SPACE_S, icon
from studio.ui.widgets import Section, Slider, enable_unless, from_qimage, to_qimage
from studio.ui.widgets.questions import ask
from studio.ui.widgets.save_name import completed_name, free_name
from studio.ui.widgets.slider import LABEL_WIDTH
from studio.worker import JobGroup

THUMBNAIL = 64
SIDES = (3, 4, 5)
"""Rows and columns of the grid of children."""
USUAL = 0.3
_PARENT_SIDE = 96


class ParentButton(QToolButton):
    """The place of a parent: shows it, takes a picture that is dropped on it."""

    dropped = Signal(object)
    """This ``SampleRecipe`` was dropped here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setIconSize(QSize(_PARENT_SIDE, _PARENT_SIDE))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(event.mimeData().hasFormat(MIME))

    def dropEvent(self, event: QDropEvent) -> None:
        if found := samples_in(event.mimeData()):
            self.dropped.emit(found[0])
        event.accept()


def _empty() -> QPixmap:
    """The key of a parent's place."""
    pixmap = QPixmap(_PARENT_SIDE, _PARENT_SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


class BreedingTool(Tool):
    """A grid of children: a click moves there, a click with Shift picks; both join the family tree."""

    name = "breeding"
    command = "explore.tool-breeding"
    glyph = "family"

    def build(self) -> None:
        context = self.context
        self.parents: list[SampleRecipe | None] = [None, None]
        self._grown: tuple[FamilyTree, FamilyTree] | None = None  # what a click has done to the tree
        self._clicking = False
        self._first = random.randrange(1_000_000)
        self._bred_from: tuple[SampleRecipe, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._files = JobGroup(self)
        self._files.failed.connect(context.studio.problem)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(150)
        self._settle.timeout.connect(self._breed)
        self.family = Family(context.studio, self)
        self.grid = RecipeList(THUMBNAIL, named=False)
        self.own(self.grid)
        self.grid.use_previews(context.previews)
        self.grid.set_fitted(SIDES[0])
        self.grid.setSelectionMode(RecipeList.SelectionMode.NoSelection)
        self.grid.setAccessibleName(self.tr("Children"))
        self.grid.setToolTip(self.tr("A click moves there, a click with Shift picks it."))
        self.grid.itemClicked.connect(self._clicked)
        self.grid.itemActivated.connect(self._clicked)
        self.grid.menuWanted.connect(context.menuWanted)
        self.view = FamilyView(context.previews.find)
        self.own(self.view)
        self.view.setAccessibleName(self.tr("Family tree"))
        self.view.set_placeholder(
            self.tr("No family yet: the children that you click or pick, and their parents, come here.")
        )
        self.view.chosen.connect(self._walk_back)
        self.view.menuWanted.connect(lambda person, at: self.person_menu(person).exec(at))
        self._make_parents()
        self._make_children()
        self._make_family()
        self.body.addStretch(1)
        context.model.changed.connect(self._on_changed)
        context.networkChanged.connect(self._on_network)
        context.previews.arrived.connect(self._picture_came)
        self.family.changed.connect(self._show_family)
        self.family.edited.connect(self._tree_edited)
        self._show()

    def begin(self) -> None:
        self._on_network()

    def title(self) -> str:
        return self.tr("Breeding")

    def tip(self) -> str:
        return self.tr("Children of one or two pictures, and their family tree.")

    def page(self) -> QWidget:
        return self.view if self.tree_button.isChecked() else self.grid

    def take(self) -> None:
        super().take()
        if self.parents[0] is None:
            self.parents[0] = self.context.model.value
        self._show()
        self._breed()
        self._show_family()

    def put_down(self) -> None:
        super().put_down()
        self._settle.stop()
        for name in ("children", "parents", "family"):
            self.context.previews.give_up(name)

    def commands(self) -> list[Command]:
        return [
            Command("explore.breed", self.tr("More children"), self.more, "random", self.hand_missing),
            Command("explore.family", self.tr("Family tree"), self._toggle_tree, "family", self.hand_missing),
        ]

    def _toggle_tree(self) -> None:
        self.tree_button.toggle()

    def close_down(self) -> None:
        super().close_down()
        self.family.close()
        self._files.close()

    # Controls

    def _make_parents(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(SPACE_S)
        self.parent_buttons: list[ParentButton] = []
        self.take_buttons: list[QPushButton] = []
        for which, letter in enumerate("AB"):
            button = ParentButton(self)
            button.setAccessibleName(self.tr("Parent {letter}").format(letter=letter))
            button.clicked.connect(lambda _=False, which=which: self._open_parent(which))
            button.dropped.connect(lambda recipe, which=which: self.set_parent(which, recipe))
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            take = QPushButton(self.tr("This picture"), self)
            take.setToolTip(self.tr("Make the present picture parent {letter}").format(letter=letter))
            take.clicked.connect(lambda _=False, which=which: self.set_parent(which, self.context.model.value))
            grid.addWidget(button, 0, which)
            grid.addWidget(take, 1, which)
            self.parent_buttons.append(button)
            self.take_buttons.append(take)
        self.picks_button = QPushButton(self.tr("The picks"), self)
        self.picks_button.setToolTip(self.tr("Make the first two picks the parents"))
        self.picks_button.clicked.connect(self._take_picks)
        self.without_button = QPushButton(self.tr("Without B"), self)
        self.without_button.setToolTip(self.tr("Breed from parent A alone"))
        self.without_button.clicked.connect(lambda: self.set_parent(1, None))
        grid.addWidget(self.picks_button, 2, 0)
        grid.addWidget(self.without_button, 2, 1)
        self.body.addLayout(grid)

    def _make_children(self) -> None:
        self.mutation = Slider(
            self.tr("Mutation"),
            0.0,
            1.0,
            USUAL,
            tooltip=self.tr("How much the children have of their own: 0 is nothing, at 1 they are other pictures."),
        )
        self.mutation.valueChanged.connect(lambda _value: self._settle.start())
        self.inheritance = QComboBox(self)
        self.inheritance.setAccessibleName(self.tr("How children take after their parents"))
        self.inheritance.setToolTip(self.tr("How children take after their parents"))
        self.inheritance.addItem(self.tr("Some layers of each"), "layers")
        self.inheritance.addItem(self.tr("Whole parts of each"), "parts")
        self.inheritance.addItem(self.tr("Between both"), "blend")
        self.inheritance.currentIndexChanged.connect(lambda _index: self._breed())
        self.side = QComboBox(self)
        self.side.setAccessibleName(self.tr("Size of the grid"))
        self.side.setToolTip(self.tr("How many children are shown at once"))
        for side in SIDES:
            self.side.addItem(self.tr("{count} children").format(count=side * side), side)
        self.side.currentIndexChanged.connect(lambda _index: self._breed())
        self.more_button = QPushButton(icon("random"), self.tr("More children"), self)
        self.more_button.setToolTip(with_keys(self.tr("Other children of the same parents"), "explore.breed"))
        self.more_button.clicked.connect(self.more)
        keep = QLabel(self.tr("Keep of A"), self)
        keep.setMinimumWidth(LABEL_WIDTH - 40)
        self.kept = PartButtons(self.context.notes, self.tr("{part} of all children is that of parent A"), self)
        self.kept.changed.connect(self._settle.start)
        self.context.notes.changed.connect(self._settle.start)
        keep.setBuddy(self.kept.buttons[0])
        self._keep_row = QWidget(self)
        keeping = QHBoxLayout(self._keep_row)
        keeping.setContentsMargins(0, 0, 0, 0)
        keeping.addWidget(keep)
        keeping.addWidget(self.kept, 1)
        row = QHBoxLayout()
        row.addWidget(self.inheritance, 1)
        row.addWidget(self.side, 1)
        self.body.addWidget(self.mutation)
        self.body.addWidget(self._keep_row)
        self.body.addLayout(row)
        self.body.addWidget(self.more_button)

    def _make_family(self) -> None:
        section = Section(self.tr("Family tree"), self)
        self.tree_button = QPushButton(icon("family"), self.tr("Show the tree"), self)
        self.tree_button.setCheckable(True)
        self.tree_button.setToolTip(
            with_keys(self.tr("Show who came from whom; a click walks back to that picture"), "explore.family")
        )
        self.tree_button.toggled.connect(self._show_tree)
        self.print_button = QPushButton(icon("export"), self.tr("Export as picture …"), self)
        self.print_button.setToolTip(self.tr("Write the family tree as one large picture on white, to print"))
        self.print_button.clicked.connect(self._ask_print)
        self.menu_button = QToolButton(self)
        self.menu_button.setIcon(icon("menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setToolTip(self.tr("Export, import, or begin a new tree"))
        self.menu_button.setAccessibleName(self.menu_button.toolTip())
        menu = QMenu(self.menu_button)
        self.export_action = menu.addAction(icon("export"), self.tr("Export as file …"), self._ask_export)
        menu.addAction(icon("folder"), self.tr("Import a file …"), self._ask_import)
        menu.addSeparator()
        self.new_action = menu.addAction(icon("trash"), self.tr("New tree …"), self._ask_new)
        self.menu_button.setMenu(menu)
        self.person_name = QLineEdit(self)
        self.person_name.setMaxLength(80)
        self.person_name.setClearButtonEnabled(True)
        self.person_name.setAccessibleName(self.tr("Name in the tree"))
        self.person_name.setPlaceholderText(self.tr("Name in the tree"))
        self.person_name.editingFinished.connect(self._rename)
        row = QHBoxLayout()
        row.addWidget(self.tree_button, 1)
        row.addWidget(self.menu_button)
        section.body.addLayout(row)
        section.body.addWidget(self.person_name)
        section.body.addWidget(self.print_button)
        self.members = QLabel(self)
        self.members.setProperty("muted", True)
        section.body.addWidget(self.members)
        self.body.addWidget(section)

    # Parents

    def laid_out(self) -> list[SampleRecipe | None]:
        return list(self.parents)

    def lay_out(self, samples: list[SampleRecipe | None]) -> None:
        if len(samples) == len(self.parents):
            self._have_parents(samples)

    def set_parent(self, which: int, recipe: SampleRecipe | None) -> None:
        """Make ``recipe`` parent A (0) or B (1); None: there is no such parent."""
        here = self.context.model.value
        if recipe is not None and here is not None and recipe.model.hash != here.model.hash:
            self.context.studio.problem.emit(
                StudioError(
                    self.tr("The two pictures were drawn by different models."),
                    self.tr("Only pictures of one model have children."),
                )
            )
            return
        parents = list(self.parents)
        parents[which] = recipe
        self._set_parents(parents)

    def _set_parents(self, parents: list[SampleRecipe | None]) -> None:
        """Have other parents, as a step of undo."""
        before = self.parents
        if parents != before:
            self.context.stepDone.emit(lambda: self._have_parents(before), lambda: self._have_parents(parents))
            self._have_parents(parents)

    def _have_parents(self, parents: list[SampleRecipe | None]) -> None:
        network = self.context.network
        if network is not None and any(one is not None and one.model.hash != network.hash for one in parents):
            return  # they are another network's
        self.parents = list(parents)
        self._show()
        self._breed()

    def _take_picks(self) -> None:
        if picks := self.picks():
            self._set_parents([picks[0], picks[1] if len(picks) > 1 else None])

    def _open_parent(self, which: int) -> None:
        recipe = self.parents[which]
        if recipe is None:
            self.set_parent(which, self.context.model.value)
        else:
            self.context.openWanted.emit(recipe)

    def _on_network(self) -> None:
        self.family.show_network(self.context.network)
        self.parents, self._bred_from, self._shown = [None, None], (), ()
        self.grid.clear()
        if self.in_hand:
            self.take()

    def _on_changed(self, _old: SampleRecipe | None, new: SampleRecipe) -> None:
        if self.parents[0] is not None and self.parents[0].model.hash != new.model.hash:
            self.parents = [None, None]
        if self.in_hand:
            self._show_family()

    # Children

    def more(self) -> None:
        """Breed other children of the same parents."""
        self._first = random.randrange(1_000_000)
        self.tree_button.setChecked(False)
        self._breed()

    def _breed(self) -> None:
        a, b = self.parents
        if not self.in_hand or a is None:
            return
        side: int = self.side.currentData()
        inheritance: Inheritance = self.inheritance.currentData()
        seeds, mutation = range(self._first, self._first + side * side), self.mutation.value()
        notes, layers = self.context.notes, self.context.layers
        kept = self.kept.chosen_layers() if layers > 1 else set()
        parts = range(len(self.kept.buttons)) if layers > 1 else ()
        groups = [set(notes.parts.layers_of(part, layers)) - kept for part in parts]
        wish = (recipe_hash(a), b and recipe_hash(b), seeds, mutation, inheritance, kept, groups)
        if wish == self._shown:
            self.context.previews.want("children", self.grid.recipes())
            return
        job = self.context.studio.worker.call(
            lambda engine: bred(engine, a, b, seeds, mutation, inheritance, kept=kept, groups=groups), key="breeding"
        )
        job.finished.connect(lambda found: self._born(wish, (a,) if b is None else (a, b), side, found))
        job.failed.connect(self.context.studio.problem)

    def _born(
        self, wish: tuple[object, ...], parents: tuple[SampleRecipe, ...], side: int, found: list[SampleRecipe]
    ) -> None:
        if self.parents[0] is None or not self.in_hand:
            return
        self._shown, self._bred_from = wish, parents
        self.grid.set_fitted(side)
        self.grid.show_recipes(found)
        self.context.previews.want("children", found)
        self.context.notes.want_parts()  # takes longer: the children come first

    def _clicked(self, item: QListWidgetItem) -> None:
        recipe = self.grid.recipe(item)
        self._clicking, self._grown = True, None
        self.family.add(recipe, self._bred_from)
        self._clicking = False
        before = self.context.model.value, len(self.context.picks())
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.context.pickWanted.emit([recipe])
        else:
            self.context.openWanted.emit(recipe)
        if self._grown is not None:
            # The picture and its place in the tree are one step, where there is a picture to go back from.
            joined = before != (self.context.model.value, len(self.context.picks()))
            self._tree_step(*self._grown, joined=joined)

    def _tree_edited(self, before: FamilyTree, after: FamilyTree) -> None:
        if self._clicking:
            self._grown = before, after
        else:
            self._tree_step(before, after, joined=False)

    def _tree_step(self, before: FamilyTree, after: FamilyTree, *, joined: bool) -> None:
        signal = self.context.stepJoined if joined else self.context.stepDone
        signal.emit(lambda: self.family.put_back(before), lambda: self.family.put_back(after))

    # The family

    def _walk_back(self, person: Person) -> None:
        self.context.openWanted.emit(person.recipe)

    def person_menu(self, person: Person) -> QMenu:
        """The menu of what can be done with someone in the tree."""
        menu = QMenu(self)
        menu.addAction(icon("check"), self.tr("Go on with it"), lambda: self._walk_back(person))
        menu.addAction(icon("add"), self.tr("Add to picks"), lambda: self.context.pickWanted.emit([person.recipe]))
        menu.addSeparator()
        menu.addAction(icon("family"), self.tr("Make parent A"), lambda: self.set_parent(0, person.recipe))
        menu.addAction(icon("family"), self.tr("Make parent B"), lambda: self.set_parent(1, person.recipe))
        menu.addSeparator()
        menu.addAction(icon("trash"), self.tr("Take out of the tree"), lambda: self.take_out(person))
        return menu

    def take_out(self, person: Person) -> None:
        """Take someone out of the tree; whose children become those of its parents, where a child has room for them."""
        if self.family.tree is not None:
            self.family.keep(self.family.tree.without(person.number))

    def _show_tree(self, on: bool) -> None:
        self.tree_button.setText(self.tr("Show the children") if on else self.tr("Show the tree"))
        self.pageChanged.emit()
        if on:
            self._show_family()
            QTimer.singleShot(0, self.view.fit)

    def _person(self) -> Person | None:
        """The present picture's place in the tree."""
        recipe, tree = self.context.model.value, self.family.tree
        return tree.find(recipe) if recipe is not None and tree is not None else None

    def _show_family(self) -> None:
        tree, person = self.family.tree, self._person()
        self.view.show_tree(tree, person.number if person is not None else None)
        persons = tree.persons if tree is not None else ()
        missing = "" if persons else self.tr("Take or pick a child first.")
        enable_unless(self.print_button, missing)
        enable_unless(self.export_action, missing)
        enable_unless(self.new_action, missing)
        self.person_name.setEnabled(person is not None)
        self.person_name.setToolTip(
            self.tr("The name of the present picture in the tree")
            if person is not None
            else self.tr("The present picture is not in the tree.")
        )
        if not self.person_name.hasFocus() or person is None:
            self.person_name.setText(person.name if person is not None else "")
        generations = len(tree.generations()) if tree is not None else 0
        self.members.setText(
            self.tr("{count} pictures in {generations} generations").format(count=len(persons), generations=generations)
            if persons
            else ""
        )
        if self.in_hand and self.tree_button.isChecked():
            self.context.previews.want("family", [one.recipe for one in persons])

    def _rename(self) -> None:
        person, tree = self._person(), self.family.tree
        if person is not None and tree is not None and person.name != self.person_name.text().strip():
            self.family.keep(tree.renamed(person.number, self.person_name.text().strip()))

    def _ask_new(self) -> None:
        question = self.tr("Begin a new family tree?")
        more = self.tr("The tree of this model is thrown away; its pictures in the gallery stay.")
        tree = self.family.tree
        if tree is not None and ask(self, question, more, yes=self.tr("New tree"), destructive=True):
            self.family.keep(FamilyTree(model=tree.model))

    def _ask_export(self) -> None:
        path = self._asked(self.tr("Export the family tree"), self.tr("Family tree file") + " (*.json)", ".json")
        if path is not None:
            self.family.export(path)

    def _ask_import(self) -> None:
        settings = self.context.studio.settings
        kind = self.tr("Family tree file") + " (*.json)"
        start = settings.start_folder("export")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import a family tree"), str(start), kind)
        tree = self.family.tree
        question = self.tr("Replace the family tree of this model?")
        if name and (tree is None or not tree.persons or ask(self, question, yes=self.tr("Replace"), destructive=True)):
            self.family.take_file(Path(name))

    def _ask_print(self) -> None:
        path = self._asked(self.tr("Export the family tree"), self.tr("PNG picture") + " (*.png)", ".png")
        if path is not None:
            self.print_tree(path)

    def _asked(self, title: str, kind: str, ending: str) -> Path | None:
        settings = self.context.studio.settings
        start = Path(settings.start_folder("export")) / (self.tr("Family tree") + ending)
        name, _ = QFileDialog.getSaveFileName(self, title, free_name(start), kind)
        path = completed_name(self, name, (ending,), ending)
        if path is not None:
            settings.remember_folder("export", path)
        return path

    def print_tree(self, path: Path) -> None:
        """Write the family tree as a picture, after drawing those of its pictures that are not there yet."""
        tree = self.family.tree
        if tree is None or not tree.persons:
            return
        known = {recipe_hash(one.recipe): self.context.previews.find(one.recipe) for one in tree.persons}
        missing = [one.recipe for one in tree.persons if known[recipe_hash(one.recipe)] is None]
        if not missing:
            self._print(path, tree, known)
            return
        job = self.context.studio.worker.submit(
            lambda engine: draw_samples(engine, missing, max_side=SIDE), title=self.tr("Exporting"), asks=True
        )

        def drawn(images: list[object]) -> None:
            for recipe, image in zip(missing, images, strict=True):
                known[recipe_hash(recipe)] = to_qimage(image)  # type: ignore[arg-type]
            self._print(path, tree, known)

        job.finished.connect(drawn)
        job.failed.connect(self.context.studio.problem)

    def _print(self, path: Path, tree: FamilyTree, images: dict[str, QImage | None]) -> None:
        title = self.tr("Family tree · {model}").format(model=tree.model.name)
        notify = self.context.studio.notify

        def write() -> Path:
            image = printed(tree, lambda recipe: images.get(recipe_hash(recipe)), title)
            return save_marked(from_qimage(image), path, tree.persons[0].recipe, exists="replace")

        self._files.run(
            write, lambda done: notify.emit(self.tr("Exported as {name}.").format(name=done.name)), must_finish=True
        )

    # Showing

    def _show(self) -> None:
        for letter, button, recipe in zip("AB", self.parent_buttons, self.parents, strict=True):
            image = self.context.previews.find(recipe) if recipe is not None else None
            button.setIcon(QIcon(QPixmap.fromImage(image) if image is not None else _empty()))
            button.setText(letter if recipe is not None else self.tr("{letter}: none").format(letter=letter))
            button.setToolTip(
                self.tr("{picture}. A click shows it; drop another one here.").format(picture=recipe_name(recipe))
                if recipe is not None
                else self.tr("A click takes the present picture; or drop one here.")
            )
        two = self.parents[1] is not None
        self._keep_row.setVisible(self.context.layers > 1)
        enable_unless(self.without_button, "" if two else self.tr("There is no parent B."))
        enable_unless(
            self.inheritance,
            (self.tr("There is no parent B.") if not two else "")
            or ("" if self.context.layers > 1 else self.tr("This network has no layers with styles of their own.")),
        )
        if self.in_hand:
            self.context.previews.want("parents", [one for one in self.parents if one is not None])

    def _picture_came(self, name: str) -> None:
        if not self.in_hand:
            return
        if any(one is not None and recipe_hash(one) == name for one in self.parents):
            for button, recipe in zip(self.parent_buttons, self.parents, strict=True):
                image = self.context.previews.find(recipe) if recipe is not None else None
                if image is not None:
                    button.setIcon(QIcon(QPixmap.fromImage(image)))
        if self.tree_button.isChecked():
            self.view.viewport().update()
