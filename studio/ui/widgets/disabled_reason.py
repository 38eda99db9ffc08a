"""Buttons that cannot be used yet say why."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

_USUAL = "usual-tooltip"


def enable_unless(target: QWidget | QAction, missing: str = "") -> None:
    """Enable ``target``, or disable it with a tooltip that says what to do first.

    Parameters
    ----------
    target : its tooltip at the first call is its usual one, and comes back whenever it is enabled.
    missing : what has to be done first, as a sentence; empty when nothing is.
    """
    if target.property(_USUAL) is None:
        target.setProperty(_USUAL, target.toolTip())
    usual = str(target.property(_USUAL))
    target.setEnabled(not missing)
    target.setToolTip("\n".join(part for part in (missing, usual) if part) if missing else usual)
