"""How many images a run is trained on, and how long that takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from studio.training.automatic import QUICK_IMAGES
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.train.setup.fields import FieldGrid
from studio.ui.train.text import duration, number, speed
from studio.ui.widgets import Section

OVERNIGHT_IMAGES = 500_000
OVERNIGHT_SECONDS = 8 * 3600


class Budget(Section):
    """A quick look, a night, or a number of one's own."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Budget"))
        self._known: tuple[float, str] | None = None
        self._choice = QButtonGroup(self)
        self.quick = QRadioButton(self.tr("Quick look"))
        self.quick.setToolTip(self.tr("Long enough to see whether it will work out."))
        self.overnight = QRadioButton(self.tr("Overnight"))
        self.overnight.setToolTip(self.tr("About eight hours, once the speed is known."))
        self.custom = QRadioButton(self.tr("Own choice"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        self._labels: list[QLabel] = []
        for row, button in enumerate((self.quick, self.overnight, self.custom)):
            self._choice.addButton(button, row)
            grid.addWidget(button, row, 0)
            if row < 2:
                label = QLabel()
                label.setProperty("muted", True)
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._labels.append(label)
                grid.addWidget(label, row, 1)
        self.images = FieldGrid().whole(1, 100_000_000, 100_000, 10_000)
        self.images.setSuffix(self.tr(" images"))
        self.images.setFixedWidth(150)
        self.images.setAccessibleName(self.tr("Images to train on"))
        self.images.setToolTip(
            self.tr("How many times a picture of yours is shown to the network, every picture many times over.")
        )
        self.images.valueChanged.connect(self._on_images)
        grid.addWidget(self.images, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self.quick.setChecked(True)
        self._choice.idToggled.connect(self.changed)
        self.body.addLayout(grid)
        self._estimate = QLabel()
        self._estimate.setWordWrap(True)
        self._estimate.setProperty("muted", True)
        self.body.addWidget(self._estimate)
        self.show_speed(None)

    def chosen(self) -> int:
        """The images chosen."""
        return (QUICK_IMAGES, self._overnight_images(), self.images.value())[self._choice.checkedId()]

    def set_own(self, images: int) -> None:
        """Choose a number."""
        self.custom.setChecked(True)
        self.images.setValue(images)

    def show_speed(self, known: tuple[float, str] | None) -> None:
        """Say how long it will take, at the images a second of the run named; None while that is unknown."""
        self._known = known
        for label, images in zip(self._labels, (QUICK_IMAGES, self._overnight_images()), strict=True):
            label.setText(self.tr("{n} images").format(n=number(images)))
        if known is None:
            text = self.tr("How long that takes will be known after the first minute.")
        else:
            text = self.tr("About {time}, at the {speed} of “{run}”.").format(
                time=duration(self.chosen() / known[0]), speed=speed(known[0]), run=known[1]
            )
        self._estimate.setText(text)

    def _overnight_images(self) -> int:
        if self._known is None:
            return OVERNIGHT_IMAGES
        return max(QUICK_IMAGES, 10_000 * round(self._known[0] * OVERNIGHT_SECONDS / 10_000))

    def _on_images(self) -> None:
        if not self.custom.isChecked():
            self.custom.setChecked(True)
        self.changed.emit()
