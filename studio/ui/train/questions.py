"""Questions that the room asks before it acts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from studio.base.fields import describe_field
from studio.training.settings import TrainSettings
from studio.ui.binding import field_text
from studio.ui.theme import SPACE_L, SPACE_M
from studio.ui.train.setup.fields import FieldGrid
from studio.ui.train.text import duration, number, speed
from studio.ui.widgets.questions import make_primary

MOST_HOURS = 1000


def ask_when(parent: QWidget, other: str) -> str:
    """Return whether to wait for the run named ``other``, which is being trained: "now", "queue" or "" for neither."""
    box = _box(
        parent,
        QCoreApplication.translate("Training", "“{name}” is being trained.").format(name=other),
        QCoreApplication.translate(
            "Training",
            "Two runs at once make both slow and need the memory of both. Queued runs start by themselves.",
        ),
    )
    queue = box.addButton(QCoreApplication.translate("Training", "Queue"), QMessageBox.ButtonRole.AcceptRole)
    now = box.addButton(QCoreApplication.translate("Training", "Start now"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(queue)
    make_primary(queue)
    box.exec()
    clicked = box.clickedButton()
    return "queue" if clicked is queue else "now" if clicked is now else ""


def confirm_delete(parent: QWidget, name: str) -> bool:
    """Return whether the run ``name`` is to go to the trash."""
    box = _box(
        parent,
        QCoreApplication.translate("Training", "Delete the run “{name}”?").format(name=name),
        QCoreApplication.translate(
            "Training",
            "Its samples, checkpoints and losses go to the trash, and it cannot be resumed. "
            "Your pictures and the models in your library stay.",
        ),
    )
    yes = box.addButton(QCoreApplication.translate("Training", "Move to trash"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is yes


class LongerDialog(QDialog):
    """Question for how much longer a run is to train: in hours at its speed, or in images."""

    def __init__(self, name: str, images_per_second: float, parent: QWidget | None = None) -> None:
        """``images_per_second`` is 0 while it is unknown: then only images can be asked for."""
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Training", "Go on longer"))
        self._speed = images_per_second
        text = QLabel(
            QCoreApplication.translate(
                "Training", "Train “{name}” further, from exactly where it ended. How much longer?"
            ).format(name=name)
        )
        text.setWordWrap(True)
        grid = FieldGrid()
        self.hours = grid.real(0.1, MOST_HOURS, 1.0, 1, 0.5)
        self.images = grid.whole(1, 100_000_000, 10_000, int(describe_field(TrainSettings, "images").about.step))
        self.unit = QComboBox()
        if images_per_second > 0:
            self.unit.addItem(QCoreApplication.translate("Training", "hours"), "hours")
        self.unit.addItem(field_text("images"), "images")
        for field in (self.hours, self.images):
            field.setAccessibleName(QCoreApplication.translate("Training", "How much longer"))
            field.setMinimumWidth(130)
            field.valueChanged.connect(self._show)
        self.unit.currentIndexChanged.connect(self._show)
        self._meaning = QLabel()
        self._meaning.setProperty("muted", True)
        self._meaning.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        for widget in (self.hours, self.images, self.unit):
            row.addWidget(widget)
        row.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = buttons.addButton(
            QCoreApplication.translate("Training", "Go on"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        make_primary(self.start)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(text)
        column.addLayout(row)
        column.addWidget(self._meaning)
        column.addWidget(buttons)
        self.setMinimumWidth(420)
        self._show()

    def chosen(self) -> int:
        """Return the images to show in addition."""
        if self.unit.currentData() == "hours":
            return max(1, round(self.hours.value() * 3600 * self._speed))
        return self.images.value()

    def _show(self) -> None:
        in_hours = self.unit.currentData() == "hours"
        self.hours.setVisible(in_hours)
        self.images.setVisible(not in_hours)
        if not self._speed:
            text = QCoreApplication.translate("Training", "How long that takes will be known after the first minute.")
        elif in_hours:
            text = QCoreApplication.translate("Training", "About {n} images, at {speed}.").format(
                n=number(self.chosen()), speed=speed(self._speed)
            )
        else:
            text = QCoreApplication.translate("Training", "About {time}, at {speed}.").format(
                time=duration(self.chosen() / self._speed), speed=speed(self._speed)
            )
        self._meaning.setText(text)


def ask_how_much_longer(parent: QWidget, name: str, images_per_second: float) -> int:
    """Return how many images more the run ``name`` is to show; 0 when it is to stay as it is."""
    dialog = LongerDialog(name, images_per_second, parent)
    return dialog.chosen() if dialog.exec() == QDialog.DialogCode.Accepted else 0


def _box(parent: QWidget, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(text)
    box.setInformativeText(more)
    return box
