"""The name that a save dialog proposes, and the file that was chosen, with the ending that was left away."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from studio.ui.widgets.questions import ask


def free_name(path: Path) -> str:
    """The name to propose for a file at ``path``: with a number when a file is called so, which is to stay."""
    wanted, number = path, 2
    while path.exists():
        path, number = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}"), number + 1
    return str(path)


def completed_name(parent: QWidget, name: str, endings: Collection[str], usual: str) -> Path | None:
    """Return the file called ``name``, with the ending ``usual`` unless it has one of ``endings``.

    The dialog asked about the name as it was typed; when the ending makes it the name of a file that is there, that is
    asked here. None: nothing was chosen, or the file there is to stay.
    """
    if not name:
        return None
    path = Path(name)
    if path.suffix.lower() in endings:
        return path
    path = path.with_name(path.name + usual)
    if not path.exists():
        return path
    question = QCoreApplication.translate("SaveName", "“{name}” is there already. Replace it?").format(name=path.name)
    replace = QCoreApplication.translate("SaveName", "Replace")
    return path if ask(parent, question, yes=replace, destructive=True) else None
