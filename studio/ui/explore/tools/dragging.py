"""Dragging: points of the picture are moved to where they shall be, and the network redraws it so."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton

from studio.base import StudioError
from studio.engine.jobs.dragging import Dragged, DragProgress, doubtful_points, drag_sample
from studio.recipes import SampleRecipe, recipe_hash
from studio.ui.command import Command, with_keys
from studio.ui.explore.drag_overlay import DragOverlay, Marks
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import icon
from studio.ui.widgets import Section, Slider, enable_unless
from studio.worker import Job, ModelInfo, Priority

Point = tuple[float, float]
_MOST_MARKED = 60
_NEAR = 0.015
"""Share of the picture's width within which a drag did what was wanted."""


class DragTool(Tool):
    """Sets points and targets on the picture and lets the worker drag them; a whole drag is one step of undo."""

    name = "drag"
    command = "explore.tool-drag"
    glyph = "drag"

    def build(self) -> None:
        context = self.context
        self._job: Job | None = None
        self._state: Dragged | None = None
        self._best: Dragged | None = None
        self._first = 0.0
        self._marks = Marks()  # what is set, as the last step of undo has it
        self._marked: dict[str, Marks] = {}  # by the hash of the picture: a drag's undo brings its points back
        self.points = DragOverlay(self)
        self.points.edited.connect(self._edited)
        self.start_button = QPushButton(self)
        self.start_button.setProperty("primary", True)
        self.start_button.clicked.connect(self.toggle)
        self.clear_button = QPushButton(icon("cancel"), self.tr("Clear points"), self)
        self.clear_button.setToolTip(self.tr("Take all points away. A right click or Delete takes one away."))
        self.clear_button.clicked.connect(self.points.clear)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start_button, 1)
        buttons.addWidget(self.clear_button, 1)
        self.status = QLabel(self)
        self.status.setProperty("muted", True)
        self.status.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much of the way is done"))
        self.body.addLayout(buttons)
        self.body.addWidget(self.progress)
        self.progress.hide()
        self.body.addWidget(self.status)
        self._make_mask()
        self.body.addStretch(1)
        context.model.changed.connect(self._on_changed)
        self._show()

    def _make_mask(self) -> None:
        section = Section(self.tr("What may move"), self)
        self.paint_button = QPushButton(icon("brush"), self.tr("Paint"), self)
        self.paint_button.setCheckable(True)
        self.paint_button.setToolTip(
            self.tr("Paint over what may move; the rest is held. The right button takes paint away.")
        )
        self.paint_button.toggled.connect(self._paint)
        self.clear_mask = QPushButton(icon("cancel"), self.tr("Everything"), self)
        self.clear_mask.setToolTip(self.tr("Take the paint away: everything may move"))
        self.clear_mask.clicked.connect(self.points.clear_mask)
        row = QHBoxLayout()
        row.addWidget(self.paint_button, 1)
        row.addWidget(self.clear_mask, 1)
        self.brush = Slider(
            self.tr("Brush"), 0.03, 0.5, self.points.brush, tooltip=self.tr("Its width, as a share of the picture's")
        )
        self.brush.valueChanged.connect(self._size_brush)
        section.body.addLayout(row)
        section.body.addWidget(self.brush)
        self.body.addWidget(section)

    def title(self) -> str:
        return self.tr("Drag")

    def tip(self) -> str:
        return self.tr("Press on a part of the picture, draw to where it shall be, then start.")

    def missing(self, network: ModelInfo | None) -> str:
        if network is None or network.num_ws > 1:
            return ""
        return self.tr("This network has no layers with styles of their own: StyleGAN2 and StyleGAN3 have.")

    def overlay(self) -> DragOverlay:
        return self.points

    def take(self) -> None:
        super().take()
        self._doubt()

    def put_down(self) -> None:
        super().put_down()
        self.stop()

    def close_down(self) -> None:
        self._give_up()
        super().close_down()

    def commands(self) -> list[Command]:
        return [Command("explore.drag", self.tr("Start or stop dragging"), self.toggle, "drag", self.hand_missing)]

    def is_dragging(self) -> bool:
        """Return whether a drag goes on."""
        return self._job is not None

    def toggle(self) -> None:
        """Start to drag, or stop and keep what there is."""
        if self.is_dragging():
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Drag the points to their targets."""
        recipe, network = self.context.model.value, self.context.network
        if recipe is None or network is None or self._missing():
            return
        handles, targets = self._pixels(network)
        movable = self.points.movable()
        self.context.playStopWanted.emit()
        self.paint_button.setChecked(False)
        self._state, self._best, self._first = None, None, 0.0
        self._remember(recipe)
        job = self.context.studio.worker.submit(
            lambda engine: drag_sample(engine, recipe, handles, targets, movable), key="drag", title=self.tr("Dragging")
        )
        self._job = job
        job.progressed.connect(lambda progress: self._progressed(job, progress))
        job.finished.connect(lambda state: self._finished(job, state))
        job.failed.connect(lambda problem: self._failed(job, problem))
        self.points.locked = True
        self.points.selected = None
        self._show()

    def _pixels(self, network: ModelInfo) -> tuple[list[Point], list[Point]]:
        """The points and the targets in pixels."""
        side, pairs = network.resolution, self.points.pairs
        return [_pixel(pair.handle, side) for pair in pairs], [_pixel(pair.target, side) for pair in pairs]

    def _doubt(self) -> None:
        """Ask which points cannot be told from what is near, so that it is said before a drag and not after it."""
        recipe, network, pairs = self.context.model.value, self.context.network, list(self.points.pairs)
        if recipe is None or network is None or not self.in_hand or self._missing() or self.is_dragging():
            return
        handles, targets = self._pixels(network)

        def came(doubtful: tuple[int, ...]) -> None:
            if pairs == self.points.pairs and recipe == self.context.model.value and not self.is_dragging():
                self.points.set_doubtful(doubtful)
                self._show()

        job = self.context.studio.worker.call(
            lambda engine: doubtful_points(engine, recipe, handles, targets), priority=Priority.LIVE, key="drag-doubt"
        )
        job.finished.connect(came)
        job.failed.connect(self.context.studio.problem)

    def stop(self) -> None:
        """End the drag and keep the picture that came nearest."""
        state = self._best
        if self._give_up() and state is not None:
            self._keep(state)

    def _give_up(self) -> bool:
        """End the drag without its result; return whether there was one."""
        job, self._job = self._job, None
        if job is None:
            return False
        job.cancel()
        self.points.locked = False
        self._show()
        return True

    def _progressed(self, job: Job, progress: DragProgress) -> None:
        if job is not self._job or progress.state is None:
            return
        self._state = progress.state
        # The picture before is no step: whoever stops wants to see what has changed.
        if self._best is None or self._best.step == 0 or progress.state.distance < self._best.distance:
            self._best = progress.state
        self._first = self._first or progress.state.distance
        self.context.previewed.emit(progress.preview)
        self._show_handles(progress.state)
        self._show()

    def _finished(self, job: Job, state: Dragged) -> None:
        if job is self._job:
            self._job = None
            self.points.locked = False
            self._state = state
            self._keep(state)

    def _failed(self, job: Job, problem: StudioError) -> None:
        if job is self._job:
            self._give_up()
            self.context.previewOver.emit()
            self.context.studio.problem.emit(problem)

    def _keep(self, state: Dragged) -> None:
        self._state = state
        self._show_handles(state)
        self._marks = self.points.marks()
        if state.step:
            self._remember(state.recipe)
            self.context.openWanted.emit(state.recipe)
        else:
            self.context.previewOver.emit()
        self._show()

    def _on_changed(self, _old: SampleRecipe | None, new: SampleRecipe) -> None:
        # Another picture was asked for meanwhile: that counts.
        self._give_up()
        if self._state is not None and new != self._state.recipe:
            self._state = None  # how near a drag came says nothing of another picture
            self._show()
        marks = self._marked.get(recipe_hash(new)) if self._marked else None
        if marks is not None and marks != self._marks:
            self._put_back(marks)
        else:
            self._doubt()

    def _remember(self, recipe: SampleRecipe) -> None:
        """Keep what is set as belonging to ``recipe``."""
        self._marked.pop(name := recipe_hash(recipe), None)
        self._marked[name] = self.points.marks()
        while len(self._marked) > _MOST_MARKED:
            del self._marked[next(iter(self._marked))]

    def _put_back(self, marks: Marks) -> None:
        self._marks = marks
        self.points.put_back(marks)
        self._state = None
        self._show()
        self._doubt()

    def _show_handles(self, state: Dragged) -> None:
        network = self.context.network
        if network is not None and len(state.handles) == len(self.points.pairs):
            side = network.resolution
            self.points.set_handles([QPointF((x + 0.5) / side, (y + 0.5) / side) for x, y in state.handles])

    # The controls

    def _edited(self) -> None:
        before, after = self._marks, self.points.marks()
        if before == after:
            return
        self._marks = after
        self.context.stepDone.emit(lambda: self._put_back(before), lambda: self._put_back(after))
        self._state = None  # what was reached before says nothing of the points that there are now
        self._show()
        self._doubt()

    def _paint(self, on: bool) -> None:
        self.points.painting = on

    def _size_brush(self, width: float) -> None:
        self.points.brush = width

    def _missing(self) -> str:
        if any(pair.handle != pair.target for pair in self.points.pairs):
            return ""
        return self.tr("Press on the picture and draw to where that part shall be.")

    def _show(self) -> None:
        running = self.is_dragging()
        self.start_button.setText(self.tr("Stop") if running else self.tr("Start"))
        self.start_button.setIcon(icon("stop" if running else "play"))
        self.start_button.setToolTip(
            with_keys(
                self.tr("Stop here and keep the picture as it is now")
                if running
                else self.tr("Let the network move the points to their targets"),
                "explore.drag",
            )
        )
        enable_unless(self.start_button, "" if running else self._missing())
        busy = self.tr("Stop dragging first.") if running else ""
        enable_unless(self.clear_button, busy or ("" if self.points.pairs else self.tr("There are no points.")))
        enable_unless(self.clear_mask, busy or ("" if self.points.has_mask else self.tr("Everything may move.")))
        enable_unless(self.paint_button, busy)
        state = self._state
        if state is None:
            # Without any point the tool's own words above say what to do.
            text = (self._missing() or self._doubted()) if self.points.pairs else ""
            self.status.setText(text)
            self.status.setVisible(bool(text))
            self.progress.hide()
            return
        self.status.setText(self._said(state))
        self.status.show()
        done = 1 - state.distance / self._first if self._first else 1.0
        self.progress.setValue(round(100 * min(1.0, max(0.0, done))))
        self.progress.setVisible(running)

    def _doubted(self) -> str:
        """A warning of the points that cannot be told from what is near."""
        doubtful = len(self.points.doubtful)
        if not doubtful:
            return ""
        if len(self.points.pairs) == 1:
            return self.tr(
                "Along this way the picture looks everywhere as it does at the point: whether it moves cannot be told. "
                "Choose a point with more structure: a corner, a crossing, an eye, the end of a line."
            )
        return self.tr(
            "At the points with a ? the picture looks the same along the whole way: whether they move cannot be told. "
            "Choose points with more structure: a corner, a crossing, an eye, the end of a line."
        )

    def _said(self, state: Dragged) -> str:
        """Sentence on how far the drag has come, and why it ended."""
        distance = f"{state.distance:.1f}"
        if self.is_dragging():
            return self.tr("Step {step}: {distance} px to go").format(step=state.step, distance=distance)
        if state.outcome in ("", "steps"):
            return self.tr("Stopped after {step} steps with {distance} px to go. Start goes on from here.").format(
                step=state.step, distance=distance
            )
        if state.outcome == "arrived":
            return self.tr("Arrived after {step} steps.").format(step=state.step)
        if state.outcome == "unsure":
            return self.tr(
                "It should have arrived after {step} steps, but the picture does not show it clearly: what is at the "
                "target is not plainly the part that you took. Look at it against the picture before (undo), or choose "
                "a point with more structure: a corner, a crossing, an eye, the end of a line."
            ).format(step=state.step)
        if state.outcome == "lost":
            return self.tr(
                "The point was lost {distance} px before its target: the network redrew what was there. This is the "
                "last picture in which it was found; try a nearer target, or a point on an edge."
            ).format(distance=distance)
        network = self.context.network
        if network is not None and state.distance <= network.resolution * _NEAR:
            return self.tr("It came as near as {distance} px to the target.").format(distance=distance)
        return self.tr(
            "It comes no nearer than {distance} px: the network draws nothing like that. Try a nearer target, or more "
            "points that go the same way."
        ).format(distance=distance)


def _pixel(share: QPointF, side: int) -> tuple[float, float]:
    """The place of a share of the picture in pixels, whose centres are at whole numbers."""
    x, y = (min(max(number * side - 0.5, 0.0), side - 1.0) for number in (share.x(), share.y()))
    return x, y
