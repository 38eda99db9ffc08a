"""The system's trash."""

from __future__ import annotations

from pathlib import Path

from send2trash import TrashPermissionError, send2trash

from studio.base.errors import StudioError
from studio.base.messages import Message


def move_to_trash(path: Path) -> None:
    """Move a file to the trash, from where it can be restored.

    Raises
    ------
    StudioError
        When there is no trash for that disk, or the file cannot be moved: it stays.
    """
    try:
        send2trash(str(path))
    except (TrashPermissionError, OSError) as error:
        raise StudioError(
            Message("“{name}” could not be moved to the trash ({reason}).", name=path.name, reason=error),
            "Show it in the file manager and delete it there.",
        ) from error
