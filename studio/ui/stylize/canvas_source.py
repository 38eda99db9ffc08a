"""The one whose picture the stylizer's canvas shows, derived from the state of the room."""

from __future__ import annotations

from enum import Enum, auto

from studio.recipes import FileRef
from studio.ui.stylize.draft import Draft


class CanvasSource(Enum):
    """The one that may draw on the canvas; nobody else does."""

    NOBODY = auto()
    """There is nothing to restyle: the invitation is shown."""
    CLIP = auto()
    """The open clip or its film, standing or playing."""
    LOOKING = auto()
    """The photos of an opened recipe are being looked for: the picture so far stays."""
    MISSING = auto()
    """A photo is missing: a message says which."""
    PHOTO = auto()
    """The photo as it is, while there is no style."""
    FINAL = auto()
    """The final render, as far as it has come."""
    PREVIEW = auto()
    """The instant preview."""


def canvas_source(
    draft: Draft, *, clip_holds: bool, looking: bool, missing: FileRef | None, has_final: bool
) -> CanvasSource:
    """Return who may draw on the canvas.

    Parameters
    ----------
    clip_holds : the clip or its film is looked at.
    looking : whether photos are missing is not known yet.
    missing : a photo of the draft that is not on this computer.
    has_final : there is a picture of a final render at the draft's settings.
    """
    if clip_holds:
        return CanvasSource.CLIP
    if looking:
        return CanvasSource.LOOKING
    if draft.subject() is None:
        return CanvasSource.NOBODY
    if missing is not None:
        return CanvasSource.MISSING
    if not draft.styles:
        return CanvasSource.PHOTO
    return CanvasSource.FINAL if has_final else CanvasSource.PREVIEW
