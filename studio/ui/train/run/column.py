"""The column beside a run: where it stands, what can be done with it, its quality, notes and settings."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
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
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Message
from studio.ui.describe.devices import device_name
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.train.narrow_column import ControlsColumn
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.run.name_values import NameValues
from studio.ui.train.run.nearest_dialog import NearestDialog
from studio.ui.train.text import (
    ARCHITECTURES,
    duration,
    kid,
    kid_with_spread,
    memorising_report,
    number,
    percent,
    speed,
)
from studio.ui.translated import translated
from studio.ui.widgets import Section, enable_unless
from studio.ui.widgets.questions import color_primary

_PREPARING = Message("Preparing pictures")  # what a run says while it prepares, as its state does
NOTES_MS = 800


class RunColumn(ControlsColumn):
    """Shows where one run stands; its buttons ask the panel to act."""

    againWanted = Signal()
    unqueueWanted = Signal()
    filmWanted = Signal()
    sheetWanted = Signal()
    publishWanted = Signal(bool)
    """The newest model, or the best one (True), into the library."""

    notesWritten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follower: RunFollower | None = None
        self._known_notes = ""  # as they are kept with the run
        self._save_notes = QTimer(self)
        self._save_notes.setInterval(NOTES_MS)
        self._save_notes.setSingleShot(True)
        self._save_notes.timeout.connect(self.keep_notes)

        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        self._make_state(column)
        column.addSpacing(SPACE_S)
        self._make_controls(column)
        column.addSpacing(SPACE_S)
        for section in (self._make_quality(), self._make_notes(), self._make_settings()):
            column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._make_foot())

    # ---- building

    def _make_state(self, column: QVBoxLayout) -> None:
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

        self._properties = NameValues()
        self._images = self._properties.add(self.tr("Images"))
        self._speed = self._properties.add(self.tr("Speed"))
        self._device = self._properties.add(self.tr("Device"))
        self._saved = self._properties.add(self.tr("Last checkpoint"))

        self._trouble = QLabel()
        self._trouble.setWordWrap(True)
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

        self._trouble_box = QFrame()
        self._trouble_box.setObjectName("message-bar")  # looks like the window's own messages
        box = QVBoxLayout(self._trouble_box)
        box.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        box.addWidget(self._trouble)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("muted", True)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._properties)
        column.addWidget(self._trouble_box)
        column.addWidget(self._note)

    def _make_controls(self, column: QVBoxLayout) -> None:
        self.pause = QPushButton(icon("pause"), self.tr("Pause"))
        self.pause.setToolTip(self.tr("Writes a checkpoint and gives the device and its memory back."))
        self.resume = QPushButton(icon("play"), self.tr("Resume"))
        self.resume.setToolTip(self.tr("Goes on where it was, exactly."))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(
            self.tr("Writes a checkpoint and ends. You can resume later, and explore or keep the model as it is then.")
        )
        self.longer = QPushButton(self.tr("Go on longer …"))
        self.longer.setToolTip(self.tr("Trains the finished run further, from exactly where it ended."))
        self.unqueue = self._button("cancel", self.tr("Out of the queue"), self.unqueueWanted)
        self.unqueue.setToolTip(self.tr("The run stays, but is not started by itself."))
        self.explore = QPushButton(self.tr("Explore this model"))
        self.explore.setToolTip(
            self.tr("Opens the newest model of this run in the Explore room; of a run that ended by itself, the best.")
        )
        self.explore.setMinimumHeight(34)
        controls = QHBoxLayout()
        controls.setSpacing(SPACE_M)
        for button in (self.pause, self.resume, self.longer, self.stop, self.unqueue):
            controls.addWidget(button, 1)
        self.keep = QToolButton()
        self.keep.setIcon(icon("save"))
        self.keep.setToolTip(self.tr("Puts the newest snapshot into the library; the run goes on."))
        self.keep.setAccessibleName(self.tr("Newest snapshot into the library"))
        self.keep.setFixedSize(38, 34)
        self.keep.clicked.connect(lambda: self.publishWanted.emit(False))
        model = QHBoxLayout()
        model.setSpacing(SPACE_M)
        model.addWidget(self.explore, 1)
        model.addWidget(self.keep)
        column.addLayout(controls)
        column.addLayout(model)

    def _make_quality(self) -> Section:
        quality = Section(self.tr("Quality"), topic="kid")
        quality.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)
        self._quality = NameValues()
        self._kid = self._quality.add(self.tr("Distance (KID × 1000)"))
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
        return quality

    def _make_notes(self) -> Section:
        notes = Section(self.tr("Notes"))
        notes.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)
        self.notes = QPlainTextEdit()
        self.notes.setPlaceholderText(self.tr("What you tried, what you saw. Kept with the run."))
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(84)
        self.notes.textChanged.connect(self._save_notes_soon)
        notes.body.addWidget(self.notes)
        return notes

    def _make_settings(self) -> Section:
        section = Section(self.tr("Settings"))
        self._settings = NameValues()
        section.body.setContentsMargins(0, SPACE_S, 0, SPACE_M)  # in line with the facts above
        section.body.addWidget(self._settings)
        return section

    def _make_foot(self) -> QGridLayout:
        self.compare = QPushButton(self.tr("Compare …"))
        self.compare.setToolTip(self.tr("Samples and curves of this run beside those of another."))
        self.share = QPushButton(icon("export"), self.tr("Export"))
        menu = QMenu(self.share)
        self._newest_out = menu.addAction(icon("save"), self.tr("Newest snapshot into the library"))
        self._newest_out.triggered.connect(lambda: self.publishWanted.emit(False))
        self._best_out = menu.addAction(icon("star"), self.tr("Best snapshot into the library"))
        self._best_out.triggered.connect(lambda: self.publishWanted.emit(True))
        menu.addSeparator()
        self._film_out = menu.addAction(icon("film"), self.tr("Film of the training …"))
        self._film_out.triggered.connect(self.filmWanted)
        self._sheet_out = menu.addAction(icon("grid"), self.tr("Contact sheet …"))
        self._sheet_out.triggered.connect(self.sheetWanted)
        menu.setToolTipsVisible(True)
        self.share.setMenu(menu)
        self.again = self._button("add", self.tr("New run like this …"), self.againWanted)
        self.again.setToolTip(self.tr("Fills the settings of this run into a new one that starts where this one did."))
        self.folder = QPushButton(self.tr("Show folder"))
        self.folder.setToolTip(self.tr("Checkpoints, samples, the model and the log of this run."))
        self.delete = QPushButton(self.tr("Delete run …"))
        self.delete.setToolTip(self.tr("Moves the run to the trash. A model that is in your library stays there."))

        foot = QGridLayout()
        foot.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        foot.setSpacing(SPACE_M)
        foot.addWidget(self.share, 0, 0)
        foot.addWidget(self.compare, 0, 1)
        foot.addWidget(self.again, 1, 0, 1, 2)
        foot.addWidget(self.folder, 2, 0)
        foot.addWidget(self.delete, 2, 1)
        return foot

    def _button(self, icon_name: str, text: str, then: object) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.clicked.connect(then)
        return button

    # ---- what the view asks

    def set_run(self, follower: RunFollower) -> None:
        """Show another run; notes on the one before are kept first, see :meth:`keep_notes`."""
        self._follower = follower
        self._known_notes = follower.run.notes
        self.notes.setPlainText(self._known_notes)
        self.show_settings()
        self.show_quality()
        self.show_state()

    def show_state(self) -> None:
        """Show where the run stands and what can be done now."""
        follower = self._follower
        if follower is None:
            return
        state, status = follower.state, follower.status
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
        self._device.setText(device_name(follower.device.upper()) or "–")
        self._saved.setText(self._last_checkpoint(follower))

        sentence, serious = self._status_text(follower)
        for label, box, meant in (
            (self._trouble, self._trouble_box, serious),
            (self._note, self._note, not serious),
        ):
            label.setText(sentence if meant else "")
            box.setVisible(bool(sentence) and meant)

        goes = status in ("running", "preparing", "starting")
        self.pause.setVisible(goes)
        self.resume.setVisible(not goes and (status != "finished" or state.images < state.total))
        self.longer.setVisible(status == "finished" and not state.alive and state.images >= state.total)
        self.resume.setText(
            self.tr("Start")
            if status == "new"
            else self.tr("Start now")
            if status == "queued"
            else self.tr("Try again")
            if status in ("failed", "lost")
            else self.tr("Resume")
        )
        self.stop.setVisible(state.alive)
        self.unqueue.setVisible(status == "queued")
        has_model = follower.run.model_path is not None
        self.explore.setVisible(has_model)
        self.keep.setVisible(has_model)
        self.explore.setText(self.tr("Explore this snapshot") if state.alive else self.tr("Explore this model"))
        # The menu opens also while all of it is greyed: its entries say why.
        no_model = self.tr("There is no snapshot yet: the first is written with the first checkpoint.")
        enable_unless(self._newest_out, "" if has_model else no_model)
        has_best = follower.run.best_model_path is not None
        no_best = self.tr("There is no best snapshot yet: it is chosen when the run is measured.")
        enable_unless(self._best_out, "" if has_best else no_best)
        too_few = self.tr("It needs two sheets of samples, and the run has drawn fewer.")
        for action in (self._film_out, self._sheet_out):
            enable_unless(action, "" if len(follower.previews) > 1 else too_few)
        color_primary(self.explore, has_model and not state.alive)

    def _status_text(self, follower: RunFollower) -> tuple[str, bool]:
        """A sentence on the state of the run, and whether it is trouble."""
        state = follower.state
        if follower.status == "lost":
            return self.tr("The training process ended before it began. See process.log in the run folder."), True
        if follower.status == "queued":
            sentence = self.tr(
                "This run starts by itself when the one before it has ended, even when the window is closed."
            )
            return sentence, False
        if follower.status == "starting" or state.message == _PREPARING:
            return "", False
        # That a run has ended by itself says how to go on, too, but is no trouble.
        serious = bool(state.action) if state.alive else follower.status in ("failed", "interrupted")
        return " ".join(translated(part) for part in (state.message, state.action) if part), serious

    def _last_checkpoint(self, follower: RunFollower) -> str:
        checkpoints = follower.run.checkpoints()
        if not checkpoints:
            return self.tr("none yet")
        try:
            ago = time.time() - checkpoints[-1].stat().st_mtime
        except OSError:
            return "–"
        return self.tr("{time} ago").format(time=duration(max(0.0, ago)))

    def show_settings(self) -> None:
        """Show what the run was begun with."""
        assert self._follower is not None
        s = self._follower.run.settings
        self._settings.clear()
        start = self._follower.start_name or self.tr("scratch")
        augmented = {
            "none": self.tr("no"),
            "ada": self.tr("adaptive"),
            "diffaugment": self.tr("always, {share}").format(share=percent(s.augment_share)),
        }
        rows = [
            (self.tr("Kind"), f"{ARCHITECTURES[s.architecture]}, {s.resolution} px"),
            (self.tr("Pictures"), Path(s.folder).name),
            (self.tr("Started from"), start),
            (self.tr("Batch"), number(s.batch)),
            (self.tr("Seed"), str(s.seed)),
            (self.tr("Mirrored"), self.tr("yes") if s.mirror else self.tr("no")),
            (self.tr("Augmented"), augmented[s.augmentation]),
        ]
        if s.discriminator != "stylegan2":
            kind = self.tr("projected") if s.discriminator == "projected" else self.tr("none (drifting)")
            rows.append((self.tr("Discriminator"), kind))
        if s.anchor:
            rows.append((self.tr("Anchors"), QLocale().toString(s.anchor)))
        for name, value in rows:
            self._settings.add(name).setText(value)

    # ---- quality and notes

    def show_quality(self) -> None:
        """Show the last measurement."""
        follower = self._follower
        assert follower is not None
        found = follower.measurements
        last, best = found.last, found.best
        self._quality_section.setVisible(last is not None)
        if last is None or best is None:
            return
        self._kid.setText(kid_with_spread(last.kid, last.kid_spread))
        self._kid.setToolTip(
            self.tr(
                "How far the samples as a whole are from your pictures: lower is better, 0 is as near as new pictures "
                "of the same kind. {kid}: {n} samples against {m} of your pictures."
            ).format(kid=last.kid_name, n=number(last.samples), m=number(last.pictures))
        )
        self._best.setText(self.tr("{kid} after {n} images").format(kid=kid(best.kid), n=number(best.images)))
        self._report.setText(memorising_report(last))

    def _show_nearest(self) -> None:
        if self._follower is not None and len(self._follower.measurements):
            NearestDialog(self._follower, self).exec()

    def _save_notes_soon(self) -> None:
        if self.notes.toPlainText() != self._known_notes:
            self._save_notes.start()

    def keep_notes(self) -> None:
        """Hand over notes that were typed and not kept yet."""
        self._save_notes.stop()
        if self.notes.toPlainText() != self._known_notes:
            self._known_notes = self.notes.toPlainText()
            self.notesWritten.emit(self._known_notes)
