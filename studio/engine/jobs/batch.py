"""One recipe over a folder of photos, which may be interrupted at any moment and goes on where it was.

The files are the state: every picture carries its recipe, so that a photo counts as done when its picture is there and
was made by the very recipe that would be rendered now. ``latent-studio-batch.json`` beside the pictures only says
what was asked for, for people and for *continue*, and which photos failed, and why.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import write_atomic
from studio.base.messages import NOTHING
from studio.base.names import fitting_stem
from studio.engine.jobs.batch_photos import batch_photos
from studio.engine.jobs.batch_record import BATCH, RUN_FILE, BatchFailure, BatchRecord, BatchSettings
from studio.media.working_picture import rounded_to_8_bits
from studio.recipes import (
    FileRef,
    PhotoRecipe,
    Recipe,
    on_photo,
    photo_behind,
    read_recipe,
    recipe_hash,
    save_picture,
)
from studio.recipes.embed import AnyPicture
from studio.recipes.steps import FinishingStep

if TYPE_CHECKING:
    from studio.engine.engine import Engine

SAME_FAILURE = 3
"""So many photos in a row that fail alike say that it is not the photos."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchProgress(Progress):
    """``step`` photos of ``total`` are behind us.

    Attributes
    ----------
    made : pictures made now.
    before : pictures that were there already.
    skipped : photos left out because another file has their picture's name.
    failures : photos that could not be used.
    photo : the name of the one being made.
    saved : the picture that has just been saved; None between two.
    part : how far that one is, 0..1.
    seconds_left : an estimate, or None before there is one.
    """

    made: int = 0
    before: int = 0
    skipped: int = 0
    failures: tuple[BatchFailure, ...] = ()
    photo: str = ""
    saved: Path | None = None
    part: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True)
class BatchReport:
    """The outcome for all photos."""

    out: Path
    made: int
    before: int
    skipped: int
    failures: tuple[BatchFailure, ...]


def run_batch(engine: Engine, settings: BatchSettings, out: Path) -> Work[BatchReport]:
    """Make the picture of every photo that has none yet. Yields :class:`BatchProgress`.

    The same call after an interruption, even a killed process, goes on where it was.

    Raises
    ------
    StudioError
        When the folder holds no photos, the pictures cannot be written, or several photos in a row fail for one
        reason, which then is not the photos'.
    """
    photos = batch_photos(settings.folder, out, subfolders=settings.subfolders, only=settings.photos)
    if not photos:
        raise StudioError(
            Message("There are no pictures in {folder}.", folder=settings.folder),
            "Choose a folder with PNG, JPEG, WebP, HEIC, TIFF or GIF files.",
        )
    return (yield from _Batch(engine, settings, out, photos).run())


class _Batch:
    """The state of one run."""

    def __init__(self, engine: Engine, settings: BatchSettings, out: Path, photos: list[Path]) -> None:
        self.engine = engine
        self.settings = settings
        self.out = out
        self.photos = photos
        self.made = self.before = self.skipped = 0
        self.failures: list[BatchFailure] = []
        self.seconds: list[float] = []
        self.todo: list[tuple[Path, Recipe, Path]] = []

    def run(self) -> Work[BatchReport]:
        self._record()
        yield from self._scan_photos()
        alike, last = 0, NOTHING
        for number, (photo, recipe, target) in enumerate(self.todo):
            started = time.perf_counter()
            try:
                image = yield from self._render(photo, recipe, number)
            except _PhotoFailure as failure:
                error = failure.error
                alike, last = (alike + 1, error.message) if error.message == last else (1, error.message)
                self._fail(photo, error)
                if alike == SAME_FAILURE and not self.made:
                    raise error from None
                continue
            self._save(image, target, recipe)
            alike = 0
            self.made += 1
            self.seconds.append(time.perf_counter() - started)
            shown = image if isinstance(image, np.ndarray) else rounded_to_8_bits(image.in_srgb())
            yield replace(self._progress(photo, number + 1, preview=shown), saved=target)
        return BatchReport(self.out, self.made, self.before, self.skipped, tuple(self.failures))

    def _save(self, image: AnyPicture, target: Path, recipe: Recipe) -> None:
        """Save a picture. Stylizations are new pictures in sRGB; what is finished keeps profile and metadata."""
        if not isinstance(recipe, FinishingStep):
            save_picture(image, target, recipe, exists="replace")
            return
        sources = self.engine.sources
        profile, metadata = sources.profile_of(recipe), sources.metadata_of(recipe)
        save_picture(image, target, recipe, profile=profile, metadata=metadata, exists="replace")

    def _scan_photos(self) -> Work[None]:
        """Sort out what is there already, so that counts and the time left are right from the start."""
        refs: list[tuple[Path, FileRef]] = []
        for number, photo in enumerate(self.photos):
            try:
                refs.append((photo, self.engine.sources.lend(photo)))
            except StudioError as error:
                self._fail(photo, error)
            yield BatchProgress(number + 1, len(self.photos), message=Message("Looking through the photos"))
        own = {ref.hash for _, ref in refs}
        taken: set[Path] = set()
        for photo, ref in refs:
            self._place(photo, on_photo(self.settings.recipe, PhotoRecipe(photo=ref)), taken, own)
            yield BatchProgress(len(self.photos), len(self.photos), message=Message("Looking through the photos"))

    def _place(self, photo: Path, recipe: Recipe, taken: set[Path], own: set[str]) -> None:
        """Find the picture of ``photo``, or the name it will have. ``own`` are the photos of this batch."""
        for target in self._names(photo):
            if target in taken:
                continue  # of another photo of this batch: cat.jpg and cat.png
            _clean(target)
            found = _recipe_in(target)
            if not target.exists():
                self.todo.append((photo, recipe, target))
            elif found is not None and recipe_hash(found) == recipe_hash(recipe):
                self.before += 1
            elif found is not None and _photo_of(found) in own - {_photo_of(recipe)}:
                continue  # the picture of such a photo, from before this one came into the folder
            elif self.settings.existing == "overwrite":
                self.todo.append((photo, recipe, target))
            elif self.settings.existing == "skip":
                self.skipped += 1
            else:
                continue
            taken.add(target)
            return

    def _names(self, photo: Path) -> Iterator[Path]:
        """The names the picture may have, the best first."""
        place = self.out / photo.relative_to(self.settings.folder).parent
        suffix = self.settings.suffix
        stem = fitting_stem(photo.stem, suffix)
        yield place / f"{stem}{suffix}"
        yield place / f"{stem} ({photo.suffix[1:].lower()}){suffix}"
        number = 2
        while True:
            yield place / f"{stem} ({number}){suffix}"
            number += 1

    def _render(self, photo: Path, recipe: Recipe, number: int) -> Work[AnyPicture]:
        from studio.engine.jobs.finishing import finished_picture  # with torch, which the window opens without

        yield self._progress(photo, number)
        try:
            if self.settings.keep_photos:
                self.engine.sources.add(photo)
            work = finished_picture(self.engine, recipe)
            while True:
                try:
                    inner = next(work)
                except StopIteration as stop:
                    return stop.value  # type: ignore[no-any-return]
                yield self._progress(photo, number, inner)
        except StudioError as error:
            raise _PhotoFailure(error) from error
        except (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
            # A fault of ours over one odd photo must not end the work of a night.
            log.exception("%s failed", photo)
            raise _PhotoFailure(
                StudioError(
                    Message(
                        "“{name}” failed unexpectedly: {kind}: {reason}.",
                        name=photo.name,
                        kind=type(error).__name__,
                        reason=error,
                    ),
                    "Report it with the photo, if you can.",
                )
            ) from error

    def _progress(
        self, photo: Path, number: int, inner: Progress | None = None, preview: NDArray[np.uint8] | None = None
    ) -> BatchProgress:
        behind = len(self.photos) - len(self.todo) + number
        left = None
        if self.seconds:
            # The latest count more: sizes differ, and so does what else the machine does.
            recent = self.seconds[-20:]
            left = sum(recent) / len(recent) * (len(self.todo) - number)
        part = inner.fraction if inner is not None else 0.0
        return BatchProgress(
            step=behind,
            total=len(self.photos),
            message=inner.message if inner is not None and inner.message else Message("Working"),
            preview=preview if inner is None else inner.preview,
            made=self.made,
            before=self.before,
            skipped=self.skipped,
            failures=tuple(self.failures),
            photo=photo.name,
            part=part,
            seconds_left=left,
        )

    def _fail(self, photo: Path, error: StudioError) -> None:
        name = photo.relative_to(self.settings.folder).as_posix()
        self.failures.append(BatchFailure(photo=name, message=error.message, action=error.action))
        self._record()

    def _record(self) -> None:
        record = BatchRecord(settings=self.settings, total=len(self.photos), failures=tuple(self.failures))
        write_atomic(self.out / RUN_FILE, BATCH.dumps(record.model_dump(mode="json"), indent=1))


class _PhotoFailure(Exception):
    """One photo cannot be made."""

    def __init__(self, error: StudioError) -> None:
        super().__init__(str(error.message))
        self.error = error


def _recipe_in(path: Path) -> Recipe | None:
    """The recipe of a picture; None when there is no whole one."""
    try:
        return read_recipe(path) if path.exists() else None
    except StudioError:
        return None


def _photo_of(recipe: Recipe) -> str:
    """The hash of the photo that a picture was made of; empty for other pictures."""
    found = photo_behind(recipe)
    return found.photo.hash if found is not None else ""


def _clean(target: Path) -> None:
    """Remove what a killed process left of writing ``target``."""
    for leftover in target.parent.glob(f".{_literal(target.stem)}-????????{target.suffix}"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def _literal(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "[]*?" else letter for letter in text)
