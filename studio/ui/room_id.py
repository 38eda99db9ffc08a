"""The rooms by number, for whoever sends the artist to another room."""

from __future__ import annotations

from enum import IntEnum


class RoomId(IntEnum):
    """The rooms from top to bottom of the rail."""

    EXPLORE = 0
    STYLIZE = 1
    GALLERY = 2
    TRAIN = 3
    FINISH = 4

    @property
    def command(self) -> str:
        """The id of the command that shows the room."""
        return f"view.{self.name.lower()}"
