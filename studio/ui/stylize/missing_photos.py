"""Photos that recipes name and that are not on this computer."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from studio.base import StudioError
from studio.gallery import SourceStore
from studio.recipes import FileRef, Recipe, pictures_in
from studio.ui.describe.lists import listed
from studio.ui.stylize.draft import Draft


def missing_photos(recipes: Iterable[Recipe], sources: SourceStore) -> list[FileRef]:
    """The photos that ``recipes`` need and ``sources`` does not find. Looks at files: not for the main thread."""
    return [ref for recipe in recipes for ref in pictures_in(recipe) if sources.find(ref) is None]


class MissingPhotos(QObject):
    """Remembers which are missing until they come."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._missing: dict[str, FileRef] = {}

    def note(self, missing: Iterable[FileRef]) -> None:
        """These are missing."""
        self._missing.update({ref.hash: ref for ref in missing})

    def take(self, ref: FileRef) -> bool:
        """A photo came; returns whether it is the very photo that a recipe lacked."""
        return self._missing.pop(ref.hash, None) is not None

    def missing(self, draft: Draft) -> FileRef | None:
        """A photo of the draft that is not on this computer."""
        if not self._missing:
            return None
        return next((ref for ref in pictures_in(draft) if ref.hash in self._missing), None)

    def problem(self, missing: list[FileRef]) -> StudioError:
        """A problem about photos, one or more, that are missing."""
        names = listed(f"“{ref.name or ref.hash[:12]}”" for ref in missing)
        if len(missing) == 1:
            message = self.tr("The photo {name} of this recipe is not on this computer.").format(name=names)
        else:
            message = self.tr("These photos of this recipe are not on this computer: {names}.").format(names=names)
        return StudioError(message, self.tr("Drop the photo here: it is recognised by its content, whatever its name."))
