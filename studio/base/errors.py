"""Errors as an artist should meet them: what happened, and what to do about it."""

from __future__ import annotations

from studio.base.messages import Message


class StudioError(Exception):
    """Something went wrong that the artist can understand and act upon.

    Parameters
    ----------
    message : one sentence saying what happened, naming the file or value; a text has no values to fill in.
    action : one sentence saying what to do; may be empty.
    """

    def __init__(self, message: Message | str, action: Message | str = "") -> None:
        self.message = Message.of(message)
        self.action = Message.of(action)
        super().__init__(str(self.message))

    def __str__(self) -> str:
        return f"{self.message} {self.action}".strip()


class Hint(StudioError):
    """Nothing went wrong: something is wanted before that can be done. It is said quietly, and goes by itself."""


class Cancelled(Exception):
    """The artist cancelled the work; not an error."""
