"""What a draft lacks before a picture can be made of it, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.recipes import FileRef
from studio.ui.stylize.draft import Draft


def photo_needed(draft: Draft) -> str:
    """What to do before there is something to restyle; empty when there is."""
    return "" if draft.content is not None else QCoreApplication.translate("Needs", "Drop a photo first.")


def needed(draft: Draft, lacking: FileRef | None = None, *, playing: bool = False) -> str:
    """What to do before a picture can be made; empty when everything is there.

    Parameters
    ----------
    lacking : a photo that the draft names and that is not on this computer.
    playing : a clip plays, so that its frame is another one every moment.
    """
    translate = QCoreApplication.translate
    if lacking is not None:
        return translate("Needs", "Drop the missing photo “{name}” first.").format(name=lacking.name)
    if playing:
        return translate("Needs", "Pause the clip first.")
    if draft.subject() is None and not draft.styles:
        if draft.texture:
            return translate("Needs", "Add a style first.")
        return translate("Needs", "Drop a photo and add a style first.")
    if not draft.styles:
        return translate("Needs", "Add a style first.")
    return "" if draft.subject() is not None else photo_needed(draft)
