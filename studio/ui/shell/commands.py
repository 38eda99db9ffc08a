"""The registry of commands: those of the window, and those of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from studio.ui.command import Command, CommandSet


@dataclass(frozen=True)
class Place:
    """The place of commands: a menu of the window, or a room.

    Attributes
    ----------
    title : of the menu or room, in the language in use.
    commands : what is there.
    enter : called before one of them is run; shows the room. None for what can be reached from everywhere.
    """

    title: str
    commands: CommandSet
    enter: Callable[[], None] | None = None


class CommandRegistry:
    """All commands by place.

    Parameters
    ----------
    places : gives the places at the time of asking, since rooms come while the window is open.
    """

    def __init__(self, places: Callable[[], Sequence[Place]]) -> None:
        self._places = places

    def entries(self) -> list[tuple[Place, Command]]:
        """Every command with its place."""
        return [(place, command) for place in self._places() for command in place.commands.commands()]

    def shortcuts(self, places: Iterable[Place]) -> list[tuple[str, list[Command]]]:
        """The commands of ``places`` that have keys, by the title of their place."""
        found = [(place.title, [one for one in place.commands.commands() if one.shortcut]) for place in places]
        return [(title, commands) for title, commands in found if commands]

    def run(self, place: Place, command: Command) -> bool:
        """Go where the command lives and do it; False when it cannot be done there now."""
        if place.enter is not None:
            place.enter()
        return place.commands.run(command.id)
