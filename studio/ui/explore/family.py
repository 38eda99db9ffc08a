"""The family tree of the network in use: kept in a small file for each network, used in the pool only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.base import StudioError
from studio.base.paths import families_dir
from studio.recipes import SampleRecipe
from studio.recipes.family import FAMILY, FamilyTree
from studio.ui.context import StudioContext
from studio.worker import JobGroup, ModelInfo


class Family(QObject):
    """The tree, from one start of the program to the next. Nothing is written before a picture joins it."""

    changed = Signal()
    """Another tree: of another network, or grown."""
    edited = Signal(object, object)
    """The artist changed the tree: the one before, and the one now."""

    def __init__(self, context: StudioContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problem = context.problem
        self._files = JobGroup(self, ordered=True)
        self._files.failed.connect(context.problem)
        self._network: ModelInfo | None = None
        self.tree: FamilyTree | None = None

    def show_network(self, network: ModelInfo | None) -> None:
        """Read the tree of ``network``."""
        if network is not None and self._network is not None and network.hash == self._network.hash:
            return
        self._network = network
        self.tree = None if network is None else FamilyTree(model=network.ref)
        self.changed.emit()
        if network is not None:
            path = _path(network.hash)

            def read() -> FamilyTree | None:
                return FAMILY.read(path) if path.exists() else None

            self._files.run(read, lambda found: self._came(network, found))

    def add(self, recipe: SampleRecipe, parents: Sequence[SampleRecipe]) -> None:
        """Let ``recipe`` join the tree as the child of ``parents``."""
        if self.tree is None or recipe.model.hash != self.tree.model.hash:
            return
        try:
            self.keep(self.tree.with_child(recipe, parents))
        except StudioError as error:
            self._problem.emit(error)

    def keep(self, tree: FamilyTree) -> None:
        """Keep ``tree`` in the place of the one there is."""
        before = self.tree
        if tree == before:
            return
        self.put_back(tree)
        self.edited.emit(before, tree)

    def put_back(self, tree: FamilyTree) -> None:
        """Keep a tree that there was before; that of another network is only written."""
        if self.tree is not None and tree.model.hash == self.tree.model.hash:
            self.tree = tree
            self.changed.emit()
        path = _path(tree.model.hash)
        self._files.run(lambda: FAMILY.write(tree, path), must_finish=True)

    def export(self, path: Path) -> None:
        """Write the tree as a file to give away."""
        tree = self.tree
        if tree is not None:
            self._files.run(lambda: FAMILY.write(tree, path), must_finish=True)

    def take_file(self, path: Path) -> None:
        """Put the tree of a file in the place of the one there is."""
        self._files.run(lambda: FAMILY.read(path), lambda tree: self._imported(path, tree))

    def close(self) -> None:
        """Read no more."""
        self._files.close()

    def _imported(self, path: Path, tree: FamilyTree) -> None:
        if self.tree is not None and tree.model.hash != self.tree.model.hash:
            self._problem.emit(
                StudioError(
                    self.tr("{name} is the family tree of another model.").format(name=path.name),
                    self.tr("Choose that model first: {model}.").format(model=tree.model.name),
                )
            )
        elif self.tree is not None:
            self.keep(tree)

    def _came(self, network: ModelInfo, found: FamilyTree | None) -> None:
        if self._network is network and found is not None and self.tree is not None and not self.tree.persons:
            self.tree = found
            self.changed.emit()


def _path(model: str) -> Path:
    return families_dir() / f"{model}.json"
