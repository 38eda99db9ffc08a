"""One run: its samples over time, its losses, where it stands and what can be done with it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.base.photos import open_photo
from studio.training.exports import blend, images_of
from studio.ui.spoken import spoken
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.training_dialog.charts import LossChart
from studio.ui.training_dialog.column import ControlsColumn
from studio.ui.training_dialog.folder_view import ElidedLabel
from studio.ui.training_dialog.follower import RunFollower
from studio.ui.training_dialog.nearest_dialog import NearestDialog
from studio.ui.training_dialog.quality import QualityChart
from studio.ui.training_dialog.words import (
    ARCHITECTURES,
    duration,
    kid,
    memorising_report,
    number,
    speed,
    status_color,
    status_name,
)
from studio.ui.widgets import Canvas, Section

_PREPARING = "Preparing pictures"  # what a run says while it prepares, which is no trouble
FILM_MS = 60
FILM_SECONDS = 12
"""The time slider plays a whole run in about this time."""

LONGEST_STILL = 0.6
"""A short run plays faster: seconds from one preview to the next."""

FRAMES_KEPT = 3
NOTES_MS = 800


class RunView(QWidget):
    """Shows one run; its buttons ask the panel to act."""

    pauseWanted = Signal()
    resumeWanted = Signal()
    stopWanted = Signal()
    startWanted = Signal()
    deleteWanted = Signal()
    revealWanted = Signal()
    exploreWanted = Signal()
    againWanted = Signal()
    unqueueWanted = Signal()
    compareWanted = Signal()
    filmWanted = Signal()
    sheetWanted = Signal()
    publishWanted = Signal(bool)
    """The newest model, or the best one (True), into the library."""

    notesWritten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follower: RunFollower | None = None
        self._shown: Path | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_middle(), 1)
        layout.addWidget(self._make_column())
        self._film = QTimer(self)
        self._film.setInterval(FILM_MS)
        self._film.timeout.connect(self._next_frame)
        self._film_at = 0.0
        self._frames: dict[Path, NDArray[np.uint8]] = {}
        self._unkept_notes = False
        self._save_notes = QTimer(self)
        self._save_notes.setInterval(NOTES_MS)
        self._save_notes.setSingleShot(True)
        self._save_notes.timeout.connect(self.keep_notes)

    def _make_middle(self) -> QWidget:
        self._title = ElidedLabel()
        self._title.setProperty("heading", True)
        self._status = QLabel()
        self._status.setTextFormat(Qt.TextFormat.RichText)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(self._title, 1)
        top.addWidget(self._status)

        self.canvas = Canvas()
        self.canvas.setMinimumHeight(160)
        self.canvas.setAccessibleName(self.tr("Samples of the model"))
        self._play = QToolButton()
        self._play.setCheckable(True)
        self._play.setAutoRaise(True)
        self._play.setIcon(icon("play"))
        self._play.setIconSize(QSize(18, 18))
        self._play.setToolTip(self.tr("Play the samples from the first to the latest"))
        self._play.setAccessibleName(self._play.toolTip())
        self._play.toggled.connect(self._on_play)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 0)
        self.slider.setAccessibleName(self.tr("Time"))
        self.slider.setToolTip(
            self.tr("Look back at earlier samples; at the right end new ones are shown as they come.")
        )
        self.slider.valueChanged.connect(self._show_preview)
        self.slider.sliderPressed.connect(lambda: self._play.setChecked(False))
        self._when = QLabel()
        self._when.setProperty("muted", True)
        self._when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self._play)
        row.addWidget(self.slider, 1)
        row.addWidget(self._when)
        samples = QWidget()
        column = QVBoxLayout(samples)
        column.setContentsMargins(0, 0, 0, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)

        self.chart = LossChart()
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, SPACE_M, 0, 0)
        self.quality = QualityChart()
        self.quality.momentWanted.connect(self.show_moment)
        self.charts = QTabWidget()
        self.charts.setDocumentMode(True)
        for chart, title in ((self.quality, self.tr("Quality")), (self.chart, self.tr("Losses"))):
            page = QWidget()
            inside = QVBoxLayout(page)
            inside.setContentsMargins(0, SPACE_M, 0, 0)
            inside.addWidget(chart)
            self.charts.addTab(page, title)
        below.addWidget(self.charts)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("training-splitter")
        splitter.addWidget(samples)
        splitter.addWidget(lower)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        middle = QWidget()
        body = QVBoxLayout(middle)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_M)
        body.setSpacing(SPACE_M)
        body.addLayout(top)
        body.addWidget(splitter, 1)
        return middle

    def _make_column(self) -> QWidget:
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(10)
        self._percent = QLabel()
        font = self._percent.font()
        font.setPixelSize(26)
        font.setWeight(font.Weight.DemiBold)
        self._percent.setFont(font)
        self._left = QLabel()
        self._left.setProperty("muted", True)
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        head = QHBoxLayout()
        head.addWidget(self._percent)
        head.addWidget(self._left, 1)

        self._facts = _Facts()
        self._images = self._facts.add(self.tr("Images"))
        self._speed = self._facts.add(self.tr("Speed"))
        self._device = self._facts.add(self.tr("Device"))
        self._saved = self._facts.add(self.tr("Last checkpoint"))

        self._trouble = QLabel()
        self._trouble.setWordWrap(True)
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

        self._trouble_box = QFrame()
        self._trouble_box.setObjectName("message-bar")  # looks like the window's own messages
        box = QVBoxLayout(self._trouble_box)
        box.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        box.addWidget(self._trouble)

        self.pause = self._button("pause", self.tr("Pause"), self.pauseWanted)
        self.pause.setToolTip(self.tr("Writes a checkpoint and gives the device and its memory back."))
        self.resume = self._button("play", self.tr("Resume"), self._on_resume)
        self.resume.setToolTip(self.tr("Goes on where it was, exactly."))
        self.stop = self._button("stop", self.tr("Stop"), self.stopWanted)
        self.stop.setToolTip(
            self.tr("Writes a checkpoint, puts the model into your library and ends. You can resume later.")
        )
        self.unqueue = self._button("cancel", self.tr("Out of the queue"), self.unqueueWanted)
        self.unqueue.setToolTip(self.tr("The run stays, but is not started by itself."))
        self.explore = self._button("explore", self.tr("Explore this model"), self.exploreWanted)
        self.explore.setToolTip(self.tr("Opens the newest model of this run in the Explore room."))
        self.explore.setMinimumHeight(34)
        controls = QHBoxLayout()
        controls.setSpacing(SPACE_M)
        for button in (self.pause, self.resume, self.stop, self.unqueue):
            controls.addWidget(button, 1)

        quality = Section(self.tr("Quality"))
        quality.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)
        self._quality = _Facts()
        self._kid = self._quality.add(self.tr("KID × 1000"))
        self._best = self._quality.add(self.tr("Best"))
        self._report = QLabel()
        self._report.setWordWrap(True)
        self._report.setProperty("muted", True)
        self.nearest = self._button("search", self.tr("Nearest pictures …"), self._show_nearest)
        self.nearest.setToolTip(self.tr("Samples beside the pictures of yours that they come nearest to."))
        quality.body.addWidget(self._quality)
        quality.body.addWidget(self._report)
        quality.body.addWidget(self.nearest)
        self._quality_section = quality

        notes = Section(self.tr("Notes"))
        notes.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)
        self.notes = QPlainTextEdit()
        self.notes.setPlaceholderText(self.tr("What you tried, what you saw. Kept with the run."))
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(84)
        self.notes.textChanged.connect(self._save_notes_soon)
        notes.body.addWidget(self.notes)

        section = Section(self.tr("Settings"))
        self._settings = _Facts()
        section.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)  # in line with the facts above
        section.body.addWidget(self._settings)

        self.compare = self._button("wipe", self.tr("Compare …"), self.compareWanted)
        self.compare.setToolTip(self.tr("Samples and curves of this run beside those of another."))
        self.share = QPushButton(icon("export"), self.tr("Export"))
        menu = QMenu(self.share)
        self._newest_out = menu.addAction(icon("save"), self.tr("Newest snapshot into the library"))
        self._newest_out.triggered.connect(lambda: self.publishWanted.emit(False))
        self._best_out = menu.addAction(icon("star"), self.tr("Best snapshot into the library"))
        self._best_out.triggered.connect(lambda: self.publishWanted.emit(True))
        menu.addSeparator()
        self._film_out = menu.addAction(icon("movie"), self.tr("Film of the training …"))
        self._film_out.triggered.connect(self.filmWanted)
        self._sheet_out = menu.addAction(icon("grid"), self.tr("Contact sheet …"))
        self._sheet_out.triggered.connect(self.sheetWanted)
        self.share.setMenu(menu)
        self.again = self._button("add", self.tr("New run like this …"), self.againWanted)
        self.again.setToolTip(self.tr("Fills the settings of this run into a new one, with its model to start from."))
        self.folder = self._button("reveal", self.tr("Show run folder"), self.revealWanted)
        self.folder.setToolTip(self.tr("Checkpoints, samples, the model and the log of this run."))
        self.delete = self._button("trash", self.tr("Delete run …"), self.deleteWanted)

        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._facts)
        column.addWidget(self._trouble_box)
        column.addSpacing(SPACE_S)
        column.addLayout(controls)
        column.addWidget(self.explore)
        column.addSpacing(SPACE_S)
        column.addWidget(quality)
        column.addWidget(notes)
        column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        foot = QGridLayout()
        foot.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        foot.setSpacing(SPACE_M)
        foot.addWidget(self.share, 0, 0)
        foot.addWidget(self.compare, 0, 1)
        foot.addWidget(self.again, 1, 0, 1, 2)
        foot.addWidget(self.folder, 2, 0)
        foot.addWidget(self.delete, 2, 1)
        side = ControlsColumn()
        whole = QVBoxLayout(side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)
        return side

    def _button(self, icon_name: str, text: str, then: object) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.clicked.connect(then)
        return button

    # ---- what the panel asks

    def follower(self) -> RunFollower | None:
        """The run shown."""
        return self._follower

    def set_run(self, follower: RunFollower) -> None:
        """Show another run."""
        if follower is self._follower:
            return
        self.keep_notes()
        self._follower = follower
        self._play.setChecked(False)
        self._shown = None
        self._frames.clear()
        self.notes.blockSignals(True)
        self.notes.setPlainText(follower.run.notes)
        self.notes.blockSignals(False)
        self.canvas.set_image(None)
        follower.read()
        self._title.set_text(follower.run.settings.name)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(follower.previews) - 1))
        self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self._describe_settings()
        settings = follower.run.settings
        self.chart.show_theory(settings.adversarial if settings.architecture == "dcgan" else None)
        self.chart.show_curves(follower.curves)
        self.chart.reset_view()
        self._show_quality()
        self.quality.reset_view()
        self.charts.setCurrentIndex(0 if len(follower.measurements) else 1)
        self._show_preview()
        self.show_state()

    def refresh(self) -> None:
        """Take in what is new in the files of the run."""
        follower = self._follower
        if follower is None:
            return
        if follower.read():
            self.chart.show_curves(follower.curves)
            self._show_quality()
            self._update_slider(follower)
        self.show_state()

    def _update_slider(self, follower: RunFollower) -> None:
        newest = max(0, len(follower.previews) - 1)
        following = self.slider.value() == self.slider.maximum() and not self._play.isChecked()
        self.slider.setMaximum(newest)
        if following:
            self.slider.setValue(newest)
            self._show_preview()

    def show_state(self) -> None:
        """Show where the run stands and what can be done now."""
        follower = self._follower
        if follower is None:
            return
        state, status, asked = follower.state, follower.status, follower.asked
        self._status.setText(f'<span style="color:{status_color(status)}">●</span> {self._status_text(follower)}')
        share = min(1.0, state.images / state.total) if state.total else 0.0
        self._bar.setValue(round(share * 1000))
        # Not more than was done: 99.9 % is not finished.
        self._percent.setText(self.tr("{n} %").format(n=int(share * 100)))
        self._left.setText(
            self.tr("{time} left").format(time=duration(state.seconds_left)) if state.seconds_left is not None else ""
        )
        self._images.setText(
            self.tr("{n} of {total}").format(n=number(min(state.images, state.total)), total=number(state.total))
        )
        self._speed.setText(speed(state.images_per_second) if state.images_per_second else "–")
        self._device.setText(follower.device.upper() or "–")
        self._saved.setText(self._last_checkpoint(follower))

        trouble = self._trouble_text(follower)
        self._trouble.setText(trouble)
        self._trouble_box.setVisible(bool(trouble))

        waiting = bool(asked)
        goes = status in ("running", "preparing", "starting")
        self.pause.setVisible(goes)
        self.pause.setEnabled(status == "running" and not waiting)
        self.resume.setVisible(not goes and (status != "finished" or state.images < state.total))
        self.resume.setEnabled(not waiting and (status == "paused" or not state.alive))
        self.resume.setText(
            self.tr("Start")
            if status == "new"
            else self.tr("Start now")
            if status == "queued"
            else self.tr("Try again")
            if status in ("failed", "lost")
            else self.tr("Resume")
        )
        self.slider.setEnabled(self.slider.maximum() > 0)
        self._play.setEnabled(self.slider.maximum() > 0)
        self.stop.setVisible(state.alive)
        self.stop.setEnabled(not waiting)
        self.unqueue.setVisible(status == "queued")
        has_model = follower.run.model_path is not None
        self.explore.setVisible(has_model)
        self.explore.setText(self.tr("Explore this snapshot") if state.alive else self.tr("Explore this model"))
        self._newest_out.setEnabled(has_model)
        self._best_out.setEnabled(follower.run.best_model_path is not None)
        for action in (self._film_out, self._sheet_out):
            action.setEnabled(len(follower.previews) > 1)
        prominent = has_model and not state.alive
        if self.explore.property("primary") != prominent:
            self.explore.setProperty("primary", prominent)
            self.explore.style().unpolish(self.explore)
            self.explore.style().polish(self.explore)
        self.delete.setEnabled(not state.alive)
        self.delete.setToolTip(
            self.tr("Stop the run before you delete it.")
            if state.alive
            else self.tr("Moves the run to the trash. A model that is in your library stays there.")
        )
        if follower.previews:
            return
        self.canvas.set_message(
            self.tr("The first samples appear here when the pictures are prepared.")
            if state.alive
            else self.tr("This run has no samples.")
        )

    def _status_text(self, follower: RunFollower) -> str:
        match follower.asked:
            case "pause":
                return self.tr("Pausing …")
            case "resume":
                return self.tr("Resuming …")
            case "stop":
                return self.tr("Stopping …")
        return status_name(follower.status)

    def _trouble_text(self, follower: RunFollower) -> str:
        state = follower.state
        if follower.status == "lost":
            return self.tr("The training process ended before it began. See process.log in the run folder.")
        if follower.status == "queued":
            return self.tr(
                "This run starts by itself when the one before it has ended, even when the window is closed."
            )
        if follower.status == "starting" or state.message == _PREPARING:
            return ""
        return " ".join(spoken(part) for part in (state.message, state.action) if part)

    def _last_checkpoint(self, follower: RunFollower) -> str:
        checkpoints = follower.run.checkpoints()
        if not checkpoints:
            return self.tr("none yet")
        try:
            ago = time.time() - checkpoints[-1].stat().st_mtime
        except OSError:
            return "–"
        return self.tr("{time} ago").format(time=duration(max(0.0, ago)))

    def _describe_settings(self) -> None:
        assert self._follower is not None
        s = self._follower.run.settings
        self._settings.clear()
        start = Path(s.start_from).stem if s.start_from else self.tr("scratch")
        for name, value in (
            (self.tr("Kind"), f"{ARCHITECTURES[s.architecture]}, {s.resolution} px"),
            (self.tr("Pictures"), Path(s.folder).name),
            (self.tr("Started from"), start),
            (self.tr("Batch"), number(s.batch)),
            (self.tr("Seed"), str(s.seed)),
            (self.tr("Mirrored"), self.tr("yes") if s.mirror else self.tr("no")),
        ):
            self._settings.add(name).setText(value)

    # ---- samples over time

    def _show_preview(self) -> None:
        follower = self._follower
        if follower is None or not follower.previews:
            self._when.setText("")
            return
        path = follower.previews[min(self.slider.value(), len(follower.previews) - 1)]
        self._when.setText(self.tr("after {n} images").format(n=number(images_of(path))))
        if path == self._shown:
            return
        frame = self._frame(path)
        if frame is None:
            return
        self.canvas.set_image(frame)
        self._shown = path

    def _frame(self, path: Path) -> NDArray[np.uint8] | None:
        """A preview, the last few kept; None while it is being replaced, or gone."""
        if path not in self._frames:
            try:
                frame = np.asarray(open_photo(path).convert("RGB"))
            except StudioError:
                return None
            while len(self._frames) >= FRAMES_KEPT:
                del self._frames[next(iter(self._frames))]
            self._frames[path] = frame
        return self._frames[path]

    def show_moment(self, images: int) -> None:
        """Show the samples made after about so many images."""
        follower = self._follower
        if follower is None or not follower.previews:
            return
        self._play.setChecked(False)
        gaps = [abs(images_of(path) - images) for path in follower.previews]
        self.slider.setValue(gaps.index(min(gaps)))

    def _on_play(self, on: bool) -> None:
        self._play.setIcon(icon("pause" if on else "play"))
        if on:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(0)
            self._film_at = float(self.slider.value())
            self._film.start()
        else:
            self._film.stop()

    def _next_frame(self) -> None:
        """Morph on from where the film is towards the next samples."""
        follower = self._follower
        last = self.slider.maximum()
        seconds = min(FILM_SECONDS, last * LONGEST_STILL)
        self._film_at = min(float(last), self._film_at + last * FILM_MS / 1000 / max(seconds, FILM_MS / 1000))
        number = int(self._film_at)
        self.slider.setValue(number)
        if number >= last or follower is None:
            self._play.setChecked(False)
            return
        a, b = (self._frame(follower.previews[place]) for place in (number, number + 1))
        if a is not None and b is not None and a.shape == b.shape:
            self.canvas.set_image(blend(a, b, self._film_at - number))
            self._shown = None

    def _on_resume(self) -> None:
        follower = self._follower
        if follower is not None:
            (self.resumeWanted if follower.status == "paused" else self.startWanted).emit()

    # ---- quality and notes

    def _show_quality(self) -> None:
        follower = self._follower
        assert follower is not None
        found = follower.measurements
        off = follower.run.settings.evaluate_every == 0
        self.quality.show_measurements(
            found,
            nothing=self.tr("This run is not measured.")
            if off
            else self.tr("The quality is measured from time to time; the curves appear here after the first time."),
        )
        last, best = found.last, found.best
        self._quality_section.setVisible(last is not None)
        if last is None or best is None:
            return
        self._kid.setText(f"{kid(last.kid)} ± {kid(last.kid_spread)}")
        self._kid.setToolTip(
            self.tr("{kid}: {n} samples against {m} of your pictures.").format(
                kid=last.kid_name, n=number(last.samples), m=number(last.pictures)
            )
        )
        self._best.setText(self.tr("{kid} after {n} images").format(kid=kid(best.kid), n=number(best.images)))
        self._report.setText(memorising_report(last))

    def _show_nearest(self) -> None:
        if self._follower is not None and len(self._follower.measurements):
            NearestDialog(self._follower, self).exec()

    def _save_notes_soon(self) -> None:
        self._unkept_notes = True
        self._save_notes.start()

    def keep_notes(self) -> None:
        """Hand over notes that were typed and not kept yet."""
        self._save_notes.stop()
        if self._unkept_notes:
            self._unkept_notes = False
            self.notesWritten.emit(self.notes.toPlainText())

    def stop_timers(self) -> None:
        """The window is closing."""
        self._film.stop()
        self.keep_notes()


class _Facts(QWidget):
    """Names and values in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(1, 1)

    def add(self, name: str) -> QLabel:
        """A new line; returns the label of the value."""
        label = QLabel(name)
        label.setProperty("muted", True)
        value = QLabel()
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setWordWrap(True)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(value, row, 1)
        return value

    def clear(self) -> None:
        """Take all lines away."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
