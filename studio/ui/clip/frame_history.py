"""The frames of an open clip in the history of a room: going from one to another is no step of undo."""

from __future__ import annotations

from typing import Any

from studio.recipes import PhotoRecipe
from studio.ui.kept_history import kept_history
from studio.ui.model import History, Model, edited


class FrameHistory:
    """Keeps the frame that is looked at in all drafts since the clip was opened; to open it is one step.

    Parameters
    ----------
    model : of the room's draft, whose ``content`` is the picture that is worked on.
    """

    def __init__(self, model: Model[Any]) -> None:
        self._model = model
        self._frames: set[str] = set()
        self._resumes = False

    def begin(self, *, resumes: bool = False) -> None:
        """A clip is being opened; ``resumes``: as at the end of the last session, whose drafts have no frame yet."""
        self._frames.clear()
        self._resumes = resumes

    def note(self) -> None:
        """The model has a frame; the first is a step."""
        content = self._model.value.content
        assert isinstance(content, PhotoRecipe)
        begins, resumes = not self._frames, self._resumes
        self._frames.add(content.photo.hash)
        self._resumes = False
        if resumes:
            self._model.replace(lambda draft: draft if draft.content else edited(draft, content=content))
        elif begins:
            self._model.commit()

    def settle(self) -> None:
        """Let the frame in the model take the place of those before, in its history too."""
        content = self._model.value.content
        if self._is_frame(self._model.value):
            self._model.replace(lambda draft: edited(draft, content=content) if self._is_frame(draft) else draft)

    def left(self) -> bool:
        """Return whether the model is at a draft from before the clip was opened."""
        return bool(self._frames) and not self._is_frame(self._model.value)

    def kept(self) -> dict[str, Any]:
        """The history since the clip was opened, for a session, without frames, which do not outlive the program."""
        history = self._model.history
        values, at = history.values(), history.index
        first, last = at, at
        while first > 0 and self._is_frame(values[first - 1]):
            first -= 1
        while last + 1 < len(values) and self._is_frame(values[last + 1]):
            last += 1
        since: History[Any] = History()
        since.restore([edited(value, content=None) for value in values[first : last + 1]], at - first)
        return kept_history(since)

    def _is_frame(self, draft: Any) -> bool:
        content = draft.content
        return isinstance(content, PhotoRecipe) and content.photo.hash in self._frames
