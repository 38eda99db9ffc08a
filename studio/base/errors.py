"""Errors as an artist should meet them: what happened, and what to do about it."""

from __future__ import annotations


class StudioError(Exception):
    """Something went wrong that the artist can understand and act upon.

    Parameters
    ----------
    message : one sentence saying what happened, naming the file or value.
    action : one sentence saying what to do; may be empty.
    """

    def __init__(self, message: str, action: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.action = action

    def __str__(self) -> str:
        return f"{self.message} {self.action}".strip()


class Cancelled(Exception):
    """The artist cancelled the work; not an error."""
