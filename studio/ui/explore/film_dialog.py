"""The dialog that asks how the film of a journey shall be."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.base.fields import describe_field
from studio.engine.jobs.journey import journey_length
from studio.engine.jobs.journey_file import FilmCodec
from studio.recipes import JourneyRecipe
from studio.recipes.sequences.journey import Easing
from studio.ui.binding import field_text, show_in
from studio.ui.theme import SPACE_L
from studio.ui.widgets.number import RangedNumber, with_arrows
from studio.ui.widgets.questions import make_primary

SECONDS = (0.2, 120.0)
"""From pick to pick, in the strip and in the dialog."""
SIDES = (480, 720, 1080, 2160)


@dataclass(frozen=True)
class FilmChoice:
    """Settings of a film.

    Attributes
    ----------
    frames_per_leg : frames from one pick to the next.
    fps : frames a second.
    loop : whether it returns to the first pick.
    side : pixels of a side; None: as drawn.
    codec : how it is packed.
    easing : how the time of a leg runs, see :class:`studio.recipes.JourneyRecipe`.
    """

    frames_per_leg: int
    fps: int
    loop: bool
    side: int | None = None
    codec: FilmCodec = "h264"
    easing: Easing = "linear"


class FilmDialog(QDialog):
    """Asks how the film shall be.

    Parameters
    ----------
    picks : how many there are.
    seconds : from pick to pick, as the strip has it.
    filmed : how the film was that was opened or exported last.
    """

    def __init__(
        self, picks: int, seconds: float, parent: QWidget | None = None, *, filmed: FilmChoice | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export film"))
        self.setMinimumWidth(320)  # the title is not cut
        self._picks = picks
        self.seconds = RangedNumber(self)
        with_arrows(self.seconds)
        self.seconds.setDecimals(2)
        self.seconds.setSingleStep(0.5)
        self.seconds.setRange(*SECONDS)
        self.seconds.setSuffix(self.tr(" s"))
        self.seconds.setToolTip(self.tr("Seconds from one pick to the next"))
        self.seconds.setValue(seconds)
        self.fps = QSpinBox(self)
        with_arrows(self.fps)
        self.fps.setRange(1, 60)
        self.fps.setValue(30)
        self.fps.setToolTip(self.tr("24 is the cinema's, 30 and 60 are those of screens; more is smoother and larger"))
        self.loop = QCheckBox(self.tr("Return to the first pick at the end"), self)
        self.loop.setToolTip(self.tr("The film can then run round and round without a jump"))
        self.loop.setChecked(True)
        easing = describe_field(JourneyRecipe, "easing")
        self.easing = QComboBox(self)
        self.easing.setToolTip(field_text(easing.about.tip))
        for choice, name in easing.about.value_labels.items():
            self.easing.addItem(field_text(name), choice)
        self.side = QComboBox(self)
        self.side.setToolTip(self.tr("Pixels of a side. Larger ones are scaled up: the network draws no more."))
        self.side.addItem(self.tr("As drawn"), None)
        for side in SIDES:
            self.side.addItem(self.tr("{side} pixels").format(side=side), side)
        self.codec = QComboBox(self)
        self.codec.setToolTip(self.tr("H.264 plays everywhere; H.265 takes about half of the place"))
        self.codec.addItem("H.264", "h264")
        self.codec.addItem("H.265", "hevc")
        self._length = QLabel(self)
        self._length.setProperty("muted", True)
        if filmed is not None:
            self.fps.setRange(1, max(60, filmed.fps))
            self.fps.setValue(filmed.fps)
            before = filmed.frames_per_leg / filmed.fps
            self.seconds.setDecimals(3)  # so that the number of frames comes out as it was
            self.seconds.setRange(min(SECONDS[0], before), max(SECONDS[1], before))
            if abs(before - seconds) < 0.01:
                self.seconds.setValue(before)
            self.loop.setChecked(filmed.loop)
            for box, value in ((self.easing, filmed.easing), (self.side, filmed.side), (self.codec, filmed.codec)):
                show_in(box, value)
        form = QFormLayout()
        form.addRow(self.tr("From pick to pick"), self.seconds)
        form.addRow(field_text(easing.about.label), self.easing)
        form.addRow(self.tr("Pictures a second"), self.fps)
        form.addRow(self.tr("Size"), self.side)
        form.addRow(self.tr("Codec"), self.codec)
        form.addRow("", self.loop)
        form.addRow("", self._length)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Choose file …"))
        make_primary(buttons.button(QDialogButtonBox.StandardButton.Ok))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addLayout(form)
        layout.addWidget(buttons)
        for signal in (self.seconds.valueChanged, self.fps.valueChanged, self.loop.toggled):
            signal.connect(self._show_length)
        self._show_length()

    def choice(self) -> FilmChoice:
        """The film that the dialog describes."""
        frames = max(1, round(self.seconds.value() * self.fps.value()))
        return FilmChoice(
            frames,
            self.fps.value(),
            self.loop.isChecked(),
            self.side.currentData(),
            self.codec.currentData(),
            self.easing.currentData(),
        )

    def _show_length(self) -> None:
        choice = self.choice()
        frames = journey_length(self._picks, choice.frames_per_leg, loop=choice.loop)
        text = self.tr("{seconds} seconds, {frames} pictures")
        self._length.setText(text.format(seconds=round(frames / choice.fps, 1), frames=frames))
