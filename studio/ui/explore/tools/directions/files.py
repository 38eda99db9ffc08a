"""Directions as files: exported to go along with a model, and imported again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from studio.base import StudioError
from studio.recipes.direction_set import DIRECTIONS, DirectionSet
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import icon
from studio.ui.widgets.save_name import completed_name, free_name
from studio.worker import JobGroup


class DirectionFiles(QMenu):
    """Export what is noted of the network's directions, or add those of a file."""

    def __init__(self, context: ToolContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._parent = context, parent
        self._files = JobGroup(self)
        self._files.failed.connect(context.studio.problem)
        self.addAction(icon("export"), self.tr("Export directions …"), self._export)
        self.addAction(icon("folder"), self.tr("Import directions …"), self._import)

    def take_in(self, found: DirectionSet) -> None:
        """Add the directions of a file to those there are; those that do not fit the network are left out and told."""
        notes, network = self._context.notes.value, self._context.network
        if notes is None or network is None:
            return
        width = network.w_dim or network.z_dim
        fitting = [one for one in found.directions if one.vector is None or len(one.vector) == width]
        if len(fitting) < len(found.directions):
            self._context.studio.problem.emit(
                StudioError(
                    self.tr("These directions belong to another model, “{name}”.").format(name=found.model.name),
                    self.tr("Choose that model, then import them again."),
                )
            )
        for one in fitting:
            notes = notes.with_direction(one)
        self._context.notes.edit(notes)
        if fitting:
            self._context.studio.notify.emit(self.tr("%n directions imported.", "", len(fitting)))

    def close_down(self) -> None:
        """Drop what need not be finished: the window is closing."""
        self._files.close()

    def _export(self) -> None:
        studio, notes = self._context.studio, self._context.notes.value
        if notes is None or not notes.directions:
            studio.notify.emit(self.tr("Nothing to export yet: name, lock or learn a direction first."))
            return
        start = Path(studio.settings.start_folder("directions")) / self.tr("Directions.json")
        kind = self.tr("Directions") + " (*.json)"
        name, _ = QFileDialog.getSaveFileName(self._parent, self.tr("Export directions"), free_name(start), kind)
        path = completed_name(self._parent, name, (".json",), ".json")
        if path is not None:
            studio.settings.remember_folder("directions", path)
            self._files.run(
                lambda: DIRECTIONS.write(notes, path),
                lambda _: studio.notify.emit(self.tr("Exported as {name}.").format(name=path.name)),
                must_finish=True,
            )

    def _import(self) -> None:
        settings = self._context.studio.settings
        name, _ = QFileDialog.getOpenFileName(
            self._parent,
            self.tr("Import directions"),
            settings.start_folder("directions"),
            self.tr("Directions") + " (*.json)",
        )
        if name:
            settings.remember_folder("directions", name)
            self._files.run(lambda: DIRECTIONS.read(Path(name)), self.take_in)
