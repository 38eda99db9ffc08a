"""What is found in an artist's folder: the judgement on every picture, the report on all, the resolution proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress
from studio.base.messages import NOTHING
from studio.media.folders import FolderContents
from studio.training.duplicates import Duplicate
from studio.training.framing import MIDDLE

Reason = Literal[
    "no_picture",
    "unreadable",
    "too_small",
    "too_narrow",
    "blank",
    "blurred",
    "dropped",
    "duplicate",
    "near_duplicate",
    "exif_rotation",
    "cmyk",
    "sixteen_bit",
    "alpha",
    "animated",
    "grey",
    "cropped",
]
Near = Literal["keep", "drop"]
Verdict = Literal["used", "skipped"]
RESOLUTIONS = (32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class PictureFinding:
    """The judgement on one picture: a file, or a frame of a film.

    Attributes
    ----------
    detail : the name of the picture that this one repeats or resembles.
    problem : why it cannot be read.
    content : SHA-256 of the file; for a frame followed by ":" and its time.
    salient : where there is most to see; see :func:`studio.training.framing.interest`.
    frame, seconds : a frame's time in the film's own units and in seconds, ``number`` its place among those looked at.
    duplicates : earlier findings that look the same, or nearly.
    distance : bits by which it differs from the one in ``detail``.
    """

    path: Path
    width: int
    height: int
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    problem: Message = NOTHING
    content: str = ""
    salient: tuple[float, float] = MIDDLE
    frame: int | None = None
    seconds: float = 0.0
    number: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    duplicate_of: int = -1
    distance: int = 0

    @property
    def name(self) -> str:
        """The file's name, for frames with their time."""
        return self.path.name if self.frame is None else f"{self.path.name} {clock(self.seconds)}"


@dataclass(frozen=True)
class FolderReport:
    """All findings, in the order of the paths.

    Attributes
    ----------
    contents : the files found, and all that was passed over.
    every, near : what it was looked through with; see :func:`inspect_folder`.
    """

    folder: Path
    findings: tuple[PictureFinding, ...]
    counts: Counter[Reason] = field(default_factory=Counter)
    contents: FolderContents = field(default_factory=FolderContents)
    every: int = 0
    near: Near = "keep"

    @property
    def others(self) -> tuple[Path, ...]:
        """Files that are neither pictures nor films, which were passed over."""
        return self.contents.others

    @property
    def used(self) -> list[PictureFinding]:
        """The pictures a network would see."""
        return [finding for finding in self.findings if finding.verdict == "used"]

    @property
    def skipped(self) -> list[PictureFinding]:
        """The pictures left out."""
        return [finding for finding in self.findings if finding.verdict == "skipped"]

    @property
    def near_duplicates(self) -> list[PictureFinding]:
        """Pictures that nearly repeat an earlier one, used or not."""
        return [
            finding for finding in self.findings if finding.duplicate_of >= 0 and "duplicate" not in finding.reasons
        ]

    @property
    def suggested_resolution(self) -> int:
        """The largest resolution that nine in ten of the used pictures have without being enlarged."""
        return propose(self.short_sides()).resolution

    def short_sides(self) -> list[int]:
        """Short sides of the used pictures in pixels, for a histogram."""
        return [min(finding.width, finding.height) for finding in self.used]


@dataclass(frozen=True)
class FolderProgress(Progress):
    """Progress with what was found so far, in a list that goes on growing."""

    findings: Sequence[PictureFinding] = ()


@dataclass(frozen=True)
class Proposal:
    """The resolution proposed, and why.

    Attributes
    ----------
    enlarged : share (0..1) of the pictures that are smaller than it.
    next_enlarged : the same for the next larger resolution; None when there is none.
    """

    resolution: int
    enlarged: float = 0.0
    next_enlarged: float | None = None


def propose(sides: Sequence[float] | NDArray[np.float64]) -> Proposal:
    """The largest resolution for which nine in ten squares with these ``sides`` need not be enlarged."""
    if not len(sides):
        return Proposal(RESOLUTIONS[0])
    ordered = np.sort(np.asarray(sides, np.float64))
    tenth = ordered[len(ordered) // 10]
    best = max((r for r in RESOLUTIONS if r <= tenth), default=RESOLUTIONS[0])
    larger = [r for r in RESOLUTIONS if r > best]
    return Proposal(best, float((ordered < best).mean()), float((ordered < larger[0]).mean()) if larger else None)


def clock(seconds: float) -> str:
    """A time in a film, as 1:02:03.4."""
    minutes, rest = divmod(max(0.0, seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{minutes:02}:{rest:04.1f}" if hours else f"{minutes}:{rest:04.1f}"
    return f"{hours}:{text}" if hours else text
