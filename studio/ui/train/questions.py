"""Questions that the room asks before it acts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from studio.ui.widgets.questions import make_primary


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


def _box(parent: QWidget, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(text)
    box.setInformativeText(more)
    return box
