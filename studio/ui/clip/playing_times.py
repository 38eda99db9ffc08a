"""The values of playing: frames of a clip and of its film. Nothing here reads files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Show = Literal["clip", "film", "both"]
"""What is read: one of them, or for every frame of the clip the film's of the same moment."""
NEAR = 0.003
"""Seconds by which times of the same frame differ between two files: Matroska rounds them to milliseconds."""


@dataclass(frozen=True)
class FilmPlace:
    """The place of the open clip's film.

    Attributes
    ----------
    path : the film's file, or the folder of its frames while it is not finished.
    start, end : the part of the clip that it shows, in seconds; no end is the clip's own.
    unfinished : ``path`` is a folder.
    """

    path: Path
    start: float = 0.0
    end: float | None = None
    unfinished: bool = False


@dataclass(frozen=True)
class FramePair:
    """Pictures of one moment, uint8 (height, width, 3) or None; ``seconds`` in the clip's time."""

    seconds: float
    clip: NDArray[np.uint8] | None = None
    film: NDArray[np.uint8] | None = None
