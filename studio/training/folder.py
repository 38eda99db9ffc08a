"""Looking through an artist's folder: what can be trained on, what cannot, and why. No torch here."""

from __future__ import annotations

import contextlib
import os
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, StudioError, Work
from studio.base.files import sha256_of
from studio.media.folders import list_folder
from studio.training.duplicates import Duplicate, Likeness, PictureHash
from studio.training.findings import FolderProgress, FolderReport, Near, PictureFinding, Reason, Verdict
from studio.training.picture_decisions import PictureDecisions
from studio.training.scan_cache import Scan, ScanCache, ScannedPicture, preview_of, scan_frame, scan_picture, stamps
from studio.training.video_frames import candidates, is_film

SMALLEST_SIDE = 32
LONGEST_RATIO = 6
"""Pictures longer than this many times their width show nothing of themselves in a square."""

PREVIEW_SIDE = 96
MOST_PREVIEWS = 300
# Nothing the artist says makes these usable; of the others, "keep" does.
_NEVER: frozenset[str] = frozenset({"no_picture", "unreadable", "too_small"})
_UNLESS_KEPT: frozenset[str] = frozenset({"too_narrow", "blank", "blurred"})
_RELATIVE: frozenset[str] = frozenset({"dropped", "duplicate", "near_duplicate"})
# Frames: a fade to black, and one much less sharp than those around it.
_BLANK = 3.0
_BLURRED = 0.35
_AROUND = 5


def inspect_folder(
    folder: Path,
    *,
    every: int = 0,
    near: Near = "keep",
    decisions: PictureDecisions | None = None,
    cache: ScanCache | None = None,
) -> Work[FolderReport]:
    """Judge every picture in ``folder`` and below. The first previews are the centres of pictures that are used.

    Files are decoded on several threads, a few at a time, and what was seen before (by path, size and time of change)
    is not decoded again.

    Parameters
    ----------
    every : of films, every so many-th frame; 0 chooses by their length.
    near : what becomes of pictures that nearly repeat an earlier one. "keep" uses and names them: each was put there by
        the artist, and few pictures of a small folder are to be spared. Frames that nearly repeat an earlier picture
        are left out in any case: nobody chose them.
    decisions : the artist's own decisions, which count before all that.
    cache : what was seen earlier; by default that of this machine.

    Raises
    ------
    StudioError
        When the folder is missing or holds no picture files.
    """
    contents = list_folder(folder)
    files = contents.files
    if not files:
        raise StudioError(
            Message("There are no pictures in {folder}.", folder=folder),
            "Choose a folder with PNG, JPEG, WebP, HEIC, TIFF or GIF files.",
        )
    decisions = decisions or PictureDecisions()
    findings: list[PictureFinding] = []
    judge = _Judge(near, decisions)
    with contextlib.ExitStack() as stack:
        kept = cache if cache is not None else stack.enter_context(ScanCache())
        stack.callback(kept.flush)
        shown = 0
        source = stack.enter_context(contextlib.closing(_see_all(files, every, kept)))
        done = 0
        for path, number, seen, ends in source:
            finding = judge.add(path, number, seen)
            findings.append(finding)
            done += ends
            preview = None
            if finding.verdict == "used" and shown < MOST_PREVIEWS:
                preview = _preview(kept, finding, seen, every)
                shown += 1
            yield FolderProgress(max(1, done), len(files), Message(finding.name), preview, findings)
    # Frames are judged by those around them, which takes all of them.
    return settle(
        FolderReport(folder, tuple(_judge_frames(findings, judge)), contents=contents, every=every), near, decisions
    )


def settle(report: FolderReport, near: Near, decisions: PictureDecisions) -> FolderReport:
    """The same folder under other decisions; decodes nothing."""
    findings: list[PictureFinding] = []
    counts: Counter[Reason] = Counter()
    for finding in report.findings:
        findings.append(_decide(finding, findings, near, decisions))
        counts.update(findings[-1].reasons)
    return replace(report, findings=tuple(findings), counts=counts, near=near)


def _decide(
    finding: PictureFinding, before: Sequence[PictureFinding], near: Near, decisions: PictureDecisions
) -> PictureFinding:
    own: tuple[Reason, ...] = tuple(reason for reason in finding.reasons if reason not in _RELATIVE)
    if _NEVER.intersection(own):
        return replace(finding, verdict="skipped", reasons=own)
    decision = decisions.verdicts.get(finding.content)
    duplicate = next((duplicate for duplicate in finding.duplicates if before[duplicate.index].verdict == "used"), None)
    left_out = bool(_UNLESS_KEPT.intersection(own))
    relation: tuple[Reason, ...] = ()
    if duplicate is not None:
        relation = ("duplicate",) if duplicate.exact else ("near_duplicate",)
        left_out |= duplicate.exact or near == "drop" or finding.frame is not None
    if decision == "drop":
        relation = ("dropped", *relation)
    verdict: Verdict = "skipped" if decision == "drop" or (left_out and decision != "keep") else "used"
    reasons = (*relation, *own)
    index = duplicate.index if duplicate is not None else -1
    if (verdict, reasons, index) == (finding.verdict, finding.reasons, finding.duplicate_of):
        return finding  # as nearly all are, and copies take their time
    return replace(
        finding,
        verdict=verdict,
        reasons=reasons,
        detail=before[index].name if duplicate is not None else "",
        duplicate_of=index,
        distance=duplicate.distance if duplicate is not None else 0,
    )


class _Judge:
    """Makes findings of looks, one after the other."""

    def __init__(self, near: Near, decisions: PictureDecisions) -> None:
        self._near = near
        self._decisions = decisions
        self._contents: dict[str, int] = {}
        self._likeness = Likeness()
        self._found: list[PictureFinding] = []
        self.sharp: list[float] = []

    def add(self, path: Path, number: int, seen: Scan) -> PictureFinding:
        """The finding on what was seen in ``path``."""
        picture, index = seen.picture, len(self._found)
        reasons = _reasons(picture)
        duplicates: tuple[Duplicate, ...] = ()
        if seen.picture_hash is not None and not _NEVER.intersection(reasons):
            duplicates = self._duplicates(picture.content, seen.picture_hash, index)
        finding = PictureFinding(
            path,
            picture.width,
            picture.height,
            "used",
            reasons,
            problem=picture.problem,
            content=picture.content,
            salient=picture.salient,
            frame=picture.frame,
            seconds=picture.seconds,
            number=number,
            duplicates=duplicates,
        )
        finding = _decide(finding, self._found, self._near, self._decisions)
        self._found.append(finding)
        self.sharp.append(picture.sharp)
        return finding

    def _duplicates(self, content: str, picture_hash: PictureHash, index: int) -> tuple[Duplicate, ...]:
        first = self._contents.setdefault(content, index)
        if first != index:
            # Those that the first resembles are its own, too, should the first be left out.
            return (Duplicate(first, True, 0), *self._found[first].duplicates)
        duplicates = self._likeness.find(picture_hash)
        self._likeness.add(picture_hash, index)
        return duplicates


def _reasons(picture: ScannedPicture) -> tuple[Reason, ...]:
    if picture.problem:
        return ("unreadable",)
    short, long = sorted((picture.width, picture.height))
    present: dict[Reason, bool] = {
        "too_small": short < SMALLEST_SIDE,
        "too_narrow": short >= SMALLEST_SIDE and long > LONGEST_RATIO * short,
        "blank": picture.frame is not None and picture.spread < _BLANK,
        "cropped": short != long,
    }
    found: list[Reason] = [reason for reason, there in present.items() if there and reason != "cropped"]
    found += picture.reasons  # type: ignore[arg-type]
    return (*found, "cropped") if present["cropped"] else tuple(found)


def _judge_frames(findings: Sequence[PictureFinding], judge: _Judge) -> Iterator[PictureFinding]:
    """Add to frames that they are blurred, compared with those around them in the same film."""
    for index, finding in enumerate(findings):
        if finding.frame is None or "blank" in finding.reasons:
            yield finding
            continue
        around = [
            judge.sharp[other]
            for other in range(max(0, index - _AROUND), min(len(findings), index + _AROUND + 1))
            if findings[other].path == finding.path and "blank" not in findings[other].reasons
        ]
        blurred = len(around) > 2 and judge.sharp[index] < _BLURRED * float(np.median(around))
        yield replace(finding, reasons=("blurred", *finding.reasons)) if blurred else finding


def _see_all(files: Sequence[Path], every: int, cache: ScanCache) -> Generator[tuple[Path, int, Scan, int], None, None]:
    """The scan of each file, in order: path, number within the file, scan, 1 for the last in a file."""
    workers = max(1, min(8, os.cpu_count() or 1))
    waiting: deque[tuple[Path, tuple[int, int], Future[Scan] | Scan | None]] = deque()
    pool = ThreadPoolExecutor(workers, "looking")
    remaining = iter(files)
    try:
        while True:
            while len(waiting) < 4 * workers and (path := next(remaining, None)) is not None:
                stamp = stamps(path)
                known = None if is_film(path) else cache.find(path, *stamp)
                if known:
                    waiting.append((path, stamp, known[0]))
                else:
                    waiting.append((path, stamp, None if is_film(path) else pool.submit(scan_picture, path)))
            if not waiting:
                return
            path, stamp, coming = waiting.popleft()
            if coming is None:
                yield from _see_film(path, stamp, every, cache)
            elif isinstance(coming, Scan):
                yield path, 0, coming, 1
            else:
                seen = coming.result()
                if not seen.picture.problem:  # what could not be read is tried again
                    cache.keep(path, *stamp, [seen])
                yield path, 0, seen, 1
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _see_film(
    path: Path, stamp: tuple[int, int], every: int, cache: ScanCache
) -> Iterator[tuple[Path, int, Scan, int]]:
    kept = cache.find(path, *stamp, every)
    if kept:
        for number, seen in enumerate(kept):
            yield path, number, seen, int(number == len(kept) - 1)
        return
    found: list[Scan] = []
    try:
        content = sha256_of(path)
        with contextlib.closing(candidates(path, every)) as frames:
            for number, frame in enumerate(frames):
                if found:
                    yield path, number - 1, found[-1], 0
                found.append(scan_frame(frame, content))
    except (StudioError, OSError) as error:
        message = error.message if isinstance(error, StudioError) else Message(str(error.strerror or error))
        yield path, len(found), Scan(ScannedPicture(problem=message)), 1
        return
    cache.keep(path, *stamp, found, every)
    yield path, len(found) - 1, found[-1], 1


def _preview(cache: ScanCache, finding: PictureFinding, seen: Scan, every: int) -> NDArray[np.uint8] | None:
    if seen.thumb:
        return preview_of(seen.thumb, PREVIEW_SIDE)
    kept = cache.thumbnail(finding.path, finding.number, every if finding.frame is not None else 0)
    return preview_of(kept, PREVIEW_SIDE) if kept else None
