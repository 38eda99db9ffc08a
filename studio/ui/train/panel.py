"""The room: runs at the left, and either the page for a new run or a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import send2trash
from pydantic import ValidationError
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.training.automatic import Machine
from studio.training.queue import busy, start_next
from studio.training.runs import RunDirectory
from studio.training.speeds import Speed, SpeedBook, work_key
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.file_manager import show_in_file_manager
from studio.ui.room import Room
from studio.ui.theme import SPACE_L, SPACE_M, icon
from studio.ui.train.dataset.folder_view import FolderView
from studio.ui.train.questions import ask_how_much_longer, ask_when, confirm_delete
from studio.ui.train.run.compare_dialog import CompareDialog
from studio.ui.train.run.exporting import RunExports
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.run.snapshots import model_of_run
from studio.ui.train.run.view import RunView
from studio.ui.train.run_list import RunList, RunsModel
from studio.ui.train.setup.form import RunForm
from studio.ui.train.setup.speed_measuring import SpeedMeasuring
from studio.ui.train.text import free_name
from studio.ui.translated import translated
from studio.worker import JobGroup, ModelInfo

TICK_MS = 500
SCAN_TICKS = 4
"""The run shown is looked at every tick, the others every so many ticks."""

LIST_WIDTH = 228
LIST_WIDTH_NARROW = 82
NARROW = 1000


class TrainingPanel(Room):
    """Training runs: starting, following, pausing, and exploring what they made. Runs do not need this window."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._ticks = 0
        self._background = JobGroup(self)

        self.runs = RunsModel(self)
        self.list = RunList(self.runs)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.chosen.connect(self.show_run)
        self.runs.ended.connect(self._on_ended)
        self.new = QPushButton(icon("add", plain=True), self.tr("New run"))
        self.new.setAccessibleName(self.new.text())
        self.new.setToolTip(self.tr("Train a network on a folder of your pictures"))
        self.new.setCheckable(True)
        self.new.setProperty("place", True)  # it says where one is: what leads on is the button that starts
        title = QLabel(self.tr("Runs"))
        title.setProperty("muted", True)
        self._none = QLabel(self.tr("Your training runs will be listed here. They go on when the window is closed."))
        self._none.setProperty("muted", True)
        self._none.setWordWrap(True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._left = left = QFrame()
        left.setFixedWidth(LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(SPACE_M, SPACE_L, 0, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addWidget(self.new)
        column.addWidget(title)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        column.addStretch()
        self.exports = RunExports(context)
        column.addWidget(self.exports)

        self.folder_view = FolderView(context)
        self._speeds = SpeedBook()
        self.form = RunForm(self._speed_of)
        self.measuring = SpeedMeasuring(context.worker, self.form.model, self._speeds, self._is_idle, self)
        self.measuring.changed.connect(self._on_measuring)
        self.form.budget.cancelWanted.connect(self.measuring.cancel)
        self.form.budget.againWanted.connect(self.measuring.again)
        self.form.set_device(context.settings.device)
        self.folder_view.reported.connect(self.form.set_report)
        self.form.viewChanged.connect(self._update_view)
        self.form.startWanted.connect(self.start_run)
        self.form.moreModelsWanted.connect(context.moreModelsWanted)
        new_page = QWidget()
        row = QHBoxLayout(new_page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.folder_view, 1)
        row.addWidget(self.form)

        self.run_view = RunView()
        asks = self.run_view.column
        asks.againWanted.connect(self.again)
        asks.unqueueWanted.connect(self.unqueue)
        asks.filmWanted.connect(self.export_film)
        asks.sheetWanted.connect(self.export_sheet)
        asks.publishWanted.connect(self.publish)
        asks.notesWritten.connect(self._keep_notes)

        self.pages = QStackedWidget()
        self.pages.addWidget(new_page)
        self.pages.addWidget(self.run_view)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(left)
        layout.addWidget(self.pages, 1)

        self._make_commands()
        context.modelsChanged.connect(self._load_models)
        self._load_models()
        self._learn_machine()
        self._update_view()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._find_runs()
        followers = self.runs.followers
        if followers:
            self.show_run(next((follower for follower in followers if follower.active), followers[0]))
        else:
            self.show_new()
        self._timer.start()

    # ---- the room, as the window knows it

    def save(self) -> None:
        """Tell that runs save themselves."""
        self.context.notify.emit(self.tr("Runs save themselves: samples, checkpoints and the model."))

    def session(self) -> dict[str, Any]:
        """The folder for a new run and what was chosen for it; runs are kept by themselves."""
        folder = self.folder_view.folder()
        state = {"form": json.loads(json.dumps(self.form.model.value.chosen()))}
        return state if folder is None else {**state, "folder": str(folder)}

    def restore_session(self, state: dict[str, Any]) -> None:
        folder = Path(str(state.get("folder", "")))
        if isinstance(form := state.get("form"), dict):
            self.form.model.set(self.form.model.value.with_chosen(form))
        if state.get("folder") and folder.is_dir():
            self.folder_view.set_folder(folder)

    def shutting_down(self) -> None:
        """Stop watching; runs go on."""
        self._timer.stop()
        self.measuring.set_shown(False)
        self.run_view.stop_timers()
        self.folder_view.shutting_down()

    def _make_commands(self) -> None:
        no_run = self.tr("Select a run first.")

        def unless(missing: str, possible: Callable[[RunFollower], bool]) -> Callable[[], str]:
            def reason() -> str:
                follower = self.current()
                return no_run if follower is None else "" if possible(follower) else missing

            return reason

        can_explore = unless(
            self.tr("The run has no model yet: wait for its first checkpoint."),
            lambda follower: follower.run.model_path is not None,
        )
        has_samples = unless(
            self.tr("The run has no samples yet to look back at."), lambda follower: len(follower.previews) > 1
        )
        can_delete = unless(self.tr("Stop the run first."), lambda follower: not follower.active)
        is_active = unless(
            self.tr("The run is not going on, or is about to stop."),
            lambda follower: follower.active and not follower.asked,
        )
        can_prolong = unless(
            self.tr("Only a run that is finished can go on longer."),
            lambda follower: follower.status == "finished" and not follower.active and not follower.asked,
        )
        is_run = unless("", lambda follower: True)
        can_pause = unless(self.tr("The run is finished, or is about to pause."), lambda follower: self._can_pause())
        can_compare = unless(self.tr("There is no other run to compare with."), lambda follower: self._can_compare())

        compare, film = self.tr("&Compare with another run …"), self.tr("Fil&m of the training …")
        self.commands.add(
            Command("train.new", self.tr("&New run"), self.show_new, "add"),
            Command("train.folder", self.tr("&Choose folder …"), self._choose_folder, "folder"),
            Command("work.pause", self.tr("&Pause or resume"), self._pause_or_resume, "pause", can_pause),
            Command("train.stop", self.tr("&Stop"), self.stop, "stop", is_active),
            Command("train.longer", self.tr("&Go on longer …"), self.go_on_longer, "play", can_prolong),
            Command("train.explore", self.tr("&Explore this model"), self.explore, "explore", can_explore),
            Command("train.compare", compare, self.compare, "wipe", can_compare),
            Command("train.film", film, self.export_film, "film", has_samples),
            Command("train.sheet", self.tr("Contact s&heet …"), self.export_sheet, "grid", has_samples),
            Command("train.show-folder", self.tr("Show run &folder"), self.show_in_file_manager, "show-file", is_run),
            Command("train.delete", self.tr("&Delete run …"), self.delete, "trash", can_delete),
        )
        column = self.run_view.column
        for button, command in (
            (self.new, "train.new"),
            (column.pause, "work.pause"),
            (column.resume, "work.pause"),
            (column.stop, "train.stop"),
            (column.longer, "train.longer"),
            (column.explore, "train.explore"),
            (column.compare, "train.compare"),
            (column.folder, "train.show-folder"),
            (column.delete, "train.delete"),
        ):
            self.commands.attach(button, command)

    def _can_pause(self) -> bool:
        follower = self.current()
        if follower is None or follower.asked:
            return False
        if follower.active:
            return follower.status in ("running", "paused")
        return follower.status != "finished" or follower.state.images < follower.state.total

    def _can_compare(self) -> bool:
        return self.current() is not None and len(self.runs.followers) > 1

    def _update_actions(self) -> None:
        self.stateChanged.emit()

    # ---- pages

    def current(self) -> RunFollower | None:
        """The run that is shown, None on the page for a new one."""
        return self.run_view.follower() if self.pages.currentIndex() == 1 else None

    def show_new(self) -> None:
        """Show the page for a new run."""
        self.pages.setCurrentIndex(0)
        self.new.setChecked(True)
        if self.isVisible():
            # Else the focus goes wherever Qt finds the next widget, once the button that was pressed is hidden.
            self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.clearSelection()
        self.form.update_estimate()
        self.measuring.set_shown(self.isVisible())
        self._update_actions()

    def show_run(self, follower: RunFollower) -> None:
        """Show a run."""
        self.new.setChecked(False)
        self.list.select(follower)
        self.runs.refresh(follower)
        self.run_view.set_run(follower)
        self.run_view.show_state()
        self.pages.setCurrentIndex(1)
        self.measuring.set_shown(False)
        self._update_actions()

    def open_folder(self, path: Path) -> None:
        """Show the page for a new run, with the pictures of a folder."""
        self.show_new()
        self.folder_view.set_folder(path)

    def _choose_folder(self) -> None:
        self.show_new()
        self.folder_view.choose()

    def _update_view(self) -> None:
        plan = self.form.model.value
        self.folder_view.set_view(plan.framing, plan.values["near"], plan.values["every"], plan.changes)

    # ---- following

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % SCAN_TICKS == 0:
            self._find_runs()
        # After the look at all of them, so that list and page tell the same time left.
        follower = self.current()
        if follower is not None and self.isVisible():
            self.runs.refresh(follower)
            self.run_view.refresh()
            self._update_actions()

    def _find_runs(self) -> None:
        self.runs.find_runs()
        for follower in list(self.runs.followers):
            self.runs.refresh(follower)
        self._start_queued()
        self._show_explanation()
        shown = self.run_view.follower()
        if shown is not None and self.pages.currentIndex() == 1 and self.runs.row_of(shown.run.path) < 0:
            if self.runs.followers:
                self.show_run(self.runs.followers[0])
            else:
                self.show_new()

    def _on_ended(self, follower: RunFollower) -> None:
        self.measuring.refresh()
        name, state = follower.run.settings.name, follower.state
        if follower.status in ("finished", "stopped"):
            self.context.modelsChanged.emit()
            text = (
                self.tr("“{name}” has finished; its model is in your library.")
                if follower.status == "finished"
                else self.tr("“{name}” has stopped. Explore or export its model when you want to keep it.")
            )
            self.context.notify.emit(text.format(name=name))
        elif follower.status == "paused":
            # A run that pauses gives everything back: its process ends, which is no trouble.
            self.context.notify.emit(self.tr("“{name}” is paused.").format(name=name))
        elif follower.status == "lost":
            self.context.problem.emit(
                StudioError(
                    self.tr("The training of “{name}” could not begin.").format(name=name),
                    self.tr("See process.log in the run folder."),
                )
            )
        else:
            self.context.problem.emit(StudioError(f"{name}: {translated(state.message)}", translated(state.action)))

    def _speed_of(self, values: Mapping[str, Any], machine: Machine, device: str) -> Speed:
        """The speed of a run like this that was trained here or as measured, the faster: others at work slow it down.

        Without both it is estimated.
        """
        key = work_key(values, "")
        known = [found] if (found := self._speeds.find(values, device)) is not None else []
        for follower in self.runs.followers:
            speed = follower.state.images_per_second
            trained_alike = follower.device in ("", machine.kind) and speed > 0
            if trained_alike and work_key(dict(follower.run.settings), "") == key:
                known.append(Speed(speed, "run", follower.run.settings.name))
        if known:
            return max(known, key=lambda speed: speed.images_per_second)
        return self._speeds.estimate(values, machine, device)

    def _is_idle(self) -> bool:
        return not any(follower.active for follower in self.runs.followers)

    def _on_measuring(self) -> None:
        self.form.budget.show_measuring(self.measuring.measuring, disturbed=self.measuring.disturbed)
        if not self.measuring.measuring:
            self.form.update_estimate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list keeps its pictures only."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._left.setFixedWidth(LIST_WIDTH_NARROW if narrow else LIST_WIDTH)
        self.new.setText("" if narrow else self.tr("New run"))
        self._show_explanation()

    def _show_explanation(self) -> None:
        self._none.setVisible(not self.runs.followers and self.width() >= NARROW)
        self.list.setVisible(bool(self.runs.followers))  # empty it would be a large box with nothing in it

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self.measuring.set_shown(self.pages.currentIndex() == 0)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.run_view.stop_timers()
        self.measuring.set_shown(False)

    # ---- doing

    def start_run(self) -> None:
        """Make a run from the form and start it."""
        try:
            settings = self.form.settings()
            other = busy()
            # One that is paused has given everything back: there is nothing to wait for.
            when = ask_when(self, other.settings.name) if other is not None and other.alive() else "now"
            if not when:
                return
            taken = {follower.run.settings.name for follower in self.runs.followers}
            settings = settings.model_copy(update={"name": free_name(settings.name, taken)})
            run = RunDirectory.create(settings)
            self.folder_view.keep_decisions_in(run)
            if when == "now":
                run.start()
            else:
                run.enqueue()
        except ValidationError as error:
            wrong = "; ".join(str(one["msg"]) for one in error.errors())
            self.context.problem.emit(
                StudioError(self.tr("These settings do not go together: {wrong}.").format(wrong=wrong), "")
            )
            return
        except StudioError as problem:
            self.context.problem.emit(problem)
            return
        follower = self.runs.add(run)
        follower.asked = "start" if when == "now" else ""
        self._show_explanation()
        self.show_run(follower)
        text = self.tr("“{name}” has started.") if when == "now" else self.tr("“{name}” waits in the queue.")
        self.context.notify.emit(text.format(name=settings.name))

    def _start_queued(self) -> None:
        """Start the next run in the queue when nothing is being trained."""
        try:
            run = start_next()
        except StudioError as problem:
            self.context.problem.emit(problem)
            return
        row = self.runs.row_of(run.path) if run is not None else -1
        if run is not None and row >= 0:
            follower = self.runs.followers[row]
            follower.asked = "start"
            follower.touch()
            self.runs.refresh(follower)
            self.context.notify.emit(self.tr("“{name}” has started.").format(name=run.settings.name))

    def unqueue(self) -> None:
        """Take the run out of the queue."""
        self._ask("", lambda run: run.unqueue())

    def restart(self) -> None:
        """Go on with a run whose process has ended."""
        self._ask("start", lambda run: run.start())

    def pause(self) -> None:
        """Ask the run to pause."""
        self._ask("pause", lambda run: run.request("pause"))

    def resume(self) -> None:
        """Ask the run to go on."""
        self._ask("resume", lambda run: run.resume())

    def stop(self) -> None:
        """Ask the run to stop and keep its model."""
        self._ask("stop", lambda run: run.request("stop"))

    def _pause_or_resume(self) -> None:
        follower = self.current()
        if follower is None:
            return
        if follower.status == "running":
            self.pause()
        elif follower.status == "paused":
            self.resume()
        elif not follower.active:
            self.restart()

    def _ask(self, what: str, act: Callable[[RunDirectory], object]) -> None:
        follower = self.current()
        if follower is None:
            return
        try:
            act(follower.run)
        except StudioError as problem:
            self.context.problem.emit(problem)
            return
        follower.asked = what
        follower.touch()
        self.runs.refresh(follower)
        self.run_view.show_state()
        self._update_actions()

    def show_in_file_manager(self) -> None:
        """Show the run's folder."""
        follower = self.current()
        if follower is None:
            return
        try:
            show_in_file_manager(follower.run.path / "run.json")
        except StudioError as problem:
            self.context.problem.emit(problem)

    def delete(self) -> None:
        """Ask, then move the run to the trash."""
        follower = self.current()
        if follower is None or follower.active or not confirm_delete(self, follower.run.settings.name):
            return
        path = follower.run.path

        def remove() -> OSError | None:
            try:
                send2trash.send2trash(path)  # a folder of gigabytes, which another disk's trash may have copied
            except OSError as error:
                return error
            return None

        def over(error: OSError | None) -> None:
            if error is not None:
                self.context.problem.emit(
                    StudioError(
                        self.tr("The run could not be moved to the trash: {error}.").format(
                            error=error.strerror or error
                        ),
                        self.tr("Delete its folder yourself: {path}").format(path=path),
                    )
                )
            else:
                self._find_runs()

        self._background.run(remove, over, self.context.problem.emit, must_finish=True)

    def again(self) -> None:
        """Fill the settings of the run shown into a new one that starts where it did: from scratch, or its model."""
        follower = self.current()
        if follower is None:
            return
        settings = follower.run.settings
        self.form.prefill(settings)
        self.show_new()
        self.folder_view.set_folder(Path(settings.folder))
        if settings.start_from is not None and self.form.start_model() is None:
            self.context.notify.emit(
                self.tr("The model that “{name}” started from is not in your library: choose another under Start from.")
                .format(name=settings.name)
            )  # fmt: skip

    def go_on_longer(self) -> None:
        """Ask how much longer the finished run shown is to train, and let it."""
        follower = self.current()
        if follower is None or follower.active:
            return
        run, state = follower.run, follower.state
        lost = run.lost_checkpoints()
        if lost is not None and not run.checkpoints():
            self.context.problem.emit(lost)
            return
        images = ask_how_much_longer(self, run.settings.name, state.images_per_second)
        if images:

            def prolong(run: RunDirectory) -> None:
                run.prolong(state.images + images)
                run.start()

            self._ask("start", prolong)

    def explore(self) -> None:
        """Open the newest model of the run in the room for exploring; the best one of a run that ended by itself."""
        follower = self.current()
        if follower is None or follower.run.model_path is None:
            return
        run, state = follower.run, follower.state
        best = state.status == "finished" and state.images < state.total and run.best_model_path is not None
        job = self.context.worker.call(
            lambda engine: model_of_run(engine, run, best=best), title=self.tr("Opening the model")
        )
        job.finished.connect(self._on_model)
        job.failed.connect(self.context.problem)

    def _on_model(self, model: ModelInfo) -> None:
        self.context.modelsChanged.emit()
        self.context.openModel.emit(model.ref)

    def publish(self, best: bool = False) -> None:
        """Put the newest or the best snapshot of the run into the library."""
        follower = self.current()
        if follower is None:
            return
        run = follower.run
        job = self.context.worker.call(
            lambda engine: model_of_run(engine, run, best=best), title=self.tr("Copying the model")
        )
        job.finished.connect(self._on_published)
        job.failed.connect(self.context.problem)

    def _on_published(self, model: ModelInfo) -> None:
        self.context.modelsChanged.emit()
        self.context.notify.emit(self.tr("“{name}” is in your library.").format(name=model.name))

    def compare(self) -> None:
        """Show the run beside another one."""
        follower = self.current()
        others = [other for other in self.runs.followers if other is not follower]
        if follower is not None and others:
            CompareDialog(follower, others, self).exec()

    def _keep_notes(self, text: str) -> None:
        follower = self.run_view.follower()
        if follower is None or not follower.run.path.exists():
            return
        try:
            follower.run.write_notes(text)
        except StudioError as problem:
            self.context.problem.emit(problem)

    def export_film(self) -> None:
        """Ask where to, and write a film of the samples from untrained to trained."""
        follower = self.current()
        if follower is not None:
            self.exports.film(follower.run)

    def export_sheet(self) -> None:
        """Ask where to, and write a picture of the same latents over time."""
        follower = self.current()
        if follower is not None:
            self.exports.sheet(follower.run)

    def _load_models(self) -> None:
        job = self.context.worker.call(
            lambda engine: engine.library.models(), key="training-models", title=self.tr("Looking for models")
        )
        job.finished.connect(self.form.set_models)

    def _learn_machine(self) -> None:
        job = self.context.worker.call(
            lambda engine: engine.device_info(), key="training-machine", title=self.tr("Looking at the machine")
        )
        job.finished.connect(
            lambda info: self.form.set_machine(
                Machine(
                    info.kind, info.memory_total, max(1, info.devices), psutil.cpu_count(logical=False) or 1, info.name
                )
            )
        )
