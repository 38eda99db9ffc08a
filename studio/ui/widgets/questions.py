"""Questions before something is done, and the one button of a dialog that leads on."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton, QWidget


def make_primary(button: QPushButton) -> None:
    """Let ``button`` be the one that Return presses, and the only coloured one, wherever the focus goes."""
    color_primary(button)
    button.setDefault(True)
    # A dialog that the button is not in yet does not hear of it, and would take the first button there is.
    QTimer.singleShot(0, button, lambda: button.setDefault(True))


def without_default(dialog: QDialog) -> None:
    """Let Return press no button of ``dialog``, which has fields: it ends what is typed there."""
    for button in dialog.findChildren(QPushButton):
        button.setDefault(False)
        button.setAutoDefault(False)


def color_primary(button: QPushButton, primary: bool = True) -> None:
    """Colour ``button`` as the one that leads on, or as any other: of a room, too, there is one at a time."""
    if bool(button.property("primary")) == primary:
        return
    button.setProperty("primary", primary)
    button.style().unpolish(button)  # a text that was set before has it styled already
    button.style().polish(button)


def ask(parent: QWidget | None, question: str, more: str = "", *, yes: str, destructive: bool = False) -> bool:
    """Ask a question that ``yes`` answers, or Cancel; whether the answer was ``yes``.

    Parameters
    ----------
    more : what follows from it.
    destructive : something is lost or moved away: then Return and the space bar cancel, and no button is coloured.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(question)
    box.setInformativeText(more)
    roles = QMessageBox.ButtonRole
    accept = box.addButton(yes, roles.DestructiveRole if destructive else roles.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setEscapeButton(cancel)
    box.setDefaultButton(cancel if destructive else accept)
    if not destructive:
        make_primary(accept)
    box.exec()
    return box.clickedButton() is accept
