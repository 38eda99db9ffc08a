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
    usual = target.property(_USUAL)
    if usual is None:
        usual = target.toolTip()
        target.setProperty(_USUAL, usual)
    target.setEnabled(not missing)
    tip = "\n".join(part for part in (missing, usual) if part) if missing else usual
    if tip != target.toolTip():
        target.setToolTip(tip)
