"""The photos of a batch: which they are, how large, and which of them are damaged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.base import Message, Progress, StudioError, Work
from studio.engine.jobs.batch_record import BatchFailure
from studio.media.folders import find_files
from studio.media.photo_notes import warning_about
from studio.media.photos import describe_photo, open_photo


def common_folder(photos: Sequence[Path]) -> Path:
    """The folder that all of ``photos`` lie in, or below.

    Raises
    ------
    StudioError
        When there is none, as with photos on several drives of Windows.
    """
    try:
        return Path(os.path.commonpath([photo.absolute().parent for photo in photos]))
    except ValueError as error:
        raise StudioError("These photos lie on several drives.", "Choose the photos of one drive at a time.") from error


def batch_photos(
    folder: Path, out: Path | None = None, *, subfolders: bool = True, only: Sequence[Path] = ()
) -> list[Path]:
    """The photos of a batch, sorted; what lies in ``out`` is none. With ``only`` these, in their order, wherever.

    Raises
    ------
    StudioError
        When the folder is missing or cannot be read, or is the one for the pictures too.
    """
    if out is not None and out.resolve() == folder.resolve():
        raise StudioError(
            "The pictures would lie among the photos.", "Choose another folder for the pictures, such as one inside."
        )
    if only:
        return list(dict.fromkeys(only))
    beyond = out.resolve() if out is not None else None
    return [
        path
        for path in find_files(folder)
        if (subfolders or path.parent == folder) and (beyond is None or not path.resolve().is_relative_to(beyond))
    ]


@dataclass(frozen=True)
class PhotosSurvey:
    """Sizes and damage of the photos of a folder, before anything is made of them.

    Attributes
    ----------
    sizes : width and height, in pixels, of each photo that opens.
    size_bytes : of all files together.
    damaged : photos that are cut off, and so are used in part, or do not open at all.
    """

    sizes: tuple[tuple[int, int], ...] = ()
    size_bytes: int = 0
    damaged: tuple[BatchFailure, ...] = ()

    @property
    def smallest(self) -> tuple[int, int]:
        """The size of the photo with the fewest pixels."""
        return min(self.sizes, key=lambda size: size[0] * size[1])

    @property
    def largest(self) -> tuple[int, int]:
        """The size of the photo with the most pixels."""
        return max(self.sizes, key=lambda size: size[0] * size[1])

    def smaller_than(self, side: int) -> int:
        """Number of photos with a long side of less than ``side`` pixels, which would be enlarged."""
        return sum(max(size) < side for size in self.sizes)


def survey_photos(folder: Path, photos: Sequence[Path]) -> Work[PhotosSurvey]:
    """Open every photo of a batch, small, to know what is wrong before it starts; one yield a photo.

    Parameters
    ----------
    folder : the one that ``photos`` are in, below which they are named.
    """
    sizes: list[tuple[int, int]] = []
    damaged: list[BatchFailure] = []
    size_bytes = 0
    for number, photo in enumerate(photos):
        problem = None
        try:
            properties = describe_photo(photo)
            open_photo(photo, max_side=64, salvage=True)
            size_bytes += photo.stat().st_size
            sizes.append((properties.width, properties.height))
            problem = warning_about(photo)
        except StudioError as error:
            problem = error
        except OSError:
            continue  # gone in the meantime
        if problem is not None:
            name = photo.relative_to(folder).as_posix()
            damaged.append(BatchFailure(photo=name, message=problem.message, action=problem.action))
        yield Progress(number + 1, len(photos), Message("Looking through the photos"))
    return PhotosSurvey(tuple(sizes), size_bytes, tuple(damaged))
