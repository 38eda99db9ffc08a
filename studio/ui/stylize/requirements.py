"""Hints on what a draft still needs before a picture can be made of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.recipes import FileRef
from studio.ui.stylize.draft import Draft


def photo_requirement(draft: Draft) -> str:
    """A hint to drop a photo; empty when there is something to restyle."""
    return "" if draft.content is not None else QCoreApplication.translate("Needs", "Drop a photo first.")


def missing_requirement(draft: Draft, missing: FileRef | None = None, *, playing: bool = False) -> str:
    """A hint on what to do before a picture can be made; empty when everything is there.

    Parameters
    ----------
    missing : a photo that the draft names and that is not on this computer.
    playing : a clip plays, so that its frame is another one every moment.
    """
    translate = QCoreApplication.translate
    if missing is not None:
        return translate("Needs", "Drop the missing photo “{name}” first.").format(name=missing.name)
    if playing:
        return translate("Needs", "Pause the clip first.")
    if draft.subject() is None and not draft.styles:
        if draft.texture:
            return translate("Needs", "Add a style first.")
        return translate("Needs", "Drop a photo and add a style first.")
    if not draft.styles:
        return translate("Needs", "Add a style first.")
    return "" if draft.subject() is not None else photo_requirement(draft)
