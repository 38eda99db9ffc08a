"""The controls by which pictures become squares: crop, background, look-alikes and films."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QWidget,
)

from studio.ui.model import Model
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.train.setup.bound import bind_setting
from studio.ui.train.setup.plan import RunPlan
from studio.ui.widgets.number import without_arrows
from studio.ui.widgets.value_field import ValueField

OWN = "own"
LABEL_WIDTH = 76


class ColorButton(QToolButton):
    """A square of colour that opens a dialog."""

    changed = Signal()

    def __init__(self, color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = color
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(18, 18))
        self.clicked.connect(self.ask)
        self.set_color(color)

    def color(self) -> str:
        """The colour as ``#rrggbb``."""
        return self._color

    def set_color(self, color: str) -> None:
        """Show another colour."""
        self._color = color
        square = QPixmap(36, 36)
        square.fill(QColor("#808080"))  # a rim, for colours like the button's own
        painter = QPainter(square)
        painter.fillRect(2, 2, 32, 32, QColor(color))
        painter.end()
        self.setIcon(QIcon(square))
        self.setText(color)

    def ask(self) -> None:
        """Let the artist choose a colour."""
        color = QColorDialog.getColor(QColor(self._color), self, self.tr("Colour under transparent pictures"))
        if color.isValid():
            self.set_color(color.name())
            self.changed.emit()


class BackgroundChooser(ValueField):
    """White, black, grey, a colour of one's own, or the picture's own colours; the value is that of the settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        for text, value in (
            (self.tr("White"), "#ffffff"),
            (self.tr("Black"), "#000000"),
            (self.tr("Grey"), "#808080"),
            (self.tr("Its mean colour"), "mean"),
            (self.tr("Itself, blurred"), "blur"),
            (self.tr("Own colour"), OWN),
        ):
            self.kind.addItem(text, value)
        self.kind.setAccessibleName(self.tr("Background"))
        self.kind.setMinimumContentsLength(8)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.own = ColorButton("#404040")
        self.own.setVisible(False)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.kind.activated.connect(lambda row: self.own.ask() if self.kind.itemData(row) == OWN else None)
        self.own.changed.connect(self._tell)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.kind, 1)
        layout.addWidget(self.own)

    def color(self) -> str:
        """``#rrggbb``, "mean" or "blur"."""
        value = str(self.kind.currentData())
        return self.own.color() if value == OWN else value

    def show_value(self, value: str) -> None:
        """Show another value of that kind."""
        row = self.kind.findData(value.lower())
        if row < 0:
            self.own.set_color(value)
            row = self.kind.findData(OWN)
        self.kind.setCurrentIndex(row)

    def _on_kind(self) -> None:
        self.own.setVisible(self.kind.currentData() == OWN)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.color())


class PictureControls(QWidget):
    """All that decides which squares a folder gives, but for the resolution; bound to the plan of a run."""

    def __init__(self, model: Model[RunPlan], wheel: QObject, parent: QWidget | None = None) -> None:
        """``wheel`` : event filter that keeps the wheel from changing fields that have no focus."""
        super().__init__(parent)
        self.crop = QComboBox()
        for text, value, tip in (
            (self.tr("The centre"), "centre", self.tr("The square in the middle.")),
            (self.tr("Where most is to be seen"), "salient", self.tr("The square with subject, edges and colours.")),
            (self.tr("All of it, on the background"), "fit", self.tr("Nothing is cut off.")),
            (
                self.tr("Several squares each"),
                "random",
                self.tr("For huge pictures and textures: squares of different sizes from all over."),
            ),
        ):
            self.crop.addItem(text, value)
            self.crop.setItemData(self.crop.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.crop.setToolTip(self.tr("What the network sees of pictures that are not square."))
        self.crop.setMinimumContentsLength(8)
        self.crop.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.crops = QSpinBox()
        self.crops.setRange(1, 256)
        self.crops.setToolTip(self.tr("Squares out of each picture."))
        self.background = BackgroundChooser()
        self.background.setToolTip(self.tr("What is put under transparent pictures and beside fitted ones."))
        self.drop_near = QCheckBox(self.tr("Leave out near-duplicates"))
        self.drop_near.setToolTip(
            self.tr("Pictures that nearly repeat an earlier one. The tab Look-alikes shows them one by one.")
        )
        self.every = QSpinBox()
        self.every.setRange(0, 100_000)
        self.every.setSpecialValueText(self.tr("Automatic"))
        self.every.setToolTip(self.tr("Films are sources of pictures: every so many-th frame is taken."))
        for box in (self.crops, self.every):
            box.setKeyboardTracking(False)
            without_arrows(box)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
        for field in (self.crop, self.crops, self.background.kind, self.every):
            field.installEventFilter(wheel)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        self._labels: dict[QWidget, QLabel] = {}
        for row, (text, one) in enumerate(
            (
                (self.tr("Crop"), self.crop),
                (self.tr("Squares"), self.crops),
                (self.tr("Background"), self.background),
                (self.tr("Films: every"), self.every),
            )
        ):
            label = QLabel(text)
            label.setFixedWidth(LABEL_WIDTH)
            label.setBuddy(one)
            one.setAccessibleName(text)
            self._labels[one] = label
            grid.addWidget(label, row, 0)
            grid.addWidget(one, row, 1)
        grid.addWidget(self.drop_near, grid.rowCount(), 0, 1, 2)
        bind_setting(model, "crop", self.crop)
        bind_setting(model, "crops", self.crops)
        bind_setting(model, "background", self.background)
        bind_setting(
            model,
            "near",
            self.drop_near,
            shown=lambda near: near == "drop",
            read=lambda dropped: "drop" if dropped else "keep",
        )
        bind_setting(model, "every", self.every)
        self.crop.currentIndexChanged.connect(self._on_crop)
        self._on_crop()

    def show_films(self, there: bool) -> None:
        """Films are asked about only where there are any."""
        self.every.setVisible(there)
        self._labels[self.every].setVisible(there)

    def _on_crop(self) -> None:
        several = self.crop.currentData() == "random"
        self.crops.setVisible(several)
        self._labels[self.crops].setVisible(several)
