"""Looking through an artist's folder: what can be trained on, what cannot, and why. No torch, one picture at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps

from studio.base import Progress, StudioError, Work, drain
from studio.base.photos import IMAGE_SUFFIXES, PhotoFacts, describe_photo, open_photo

Reason = Literal[
    "unreadable",
    "too_small",
    "duplicate",
    "exif_rotation",
    "cmyk",
    "sixteen_bit",
    "alpha",
    "animated",
    "grey",
    "cropped",
]
SKIPPING: frozenset[Reason] = frozenset({"unreadable", "too_small", "duplicate"})
SMALLEST_SIDE = 32
RESOLUTIONS = (32, 64, 128, 256)
PREVIEW_SIDE = 96
FINGERPRINT_SIDE = 16
# In levels of 0..255, over the cells of two fingerprints; copies saved again as JPEG or at half the size stay below.
SAME_MEAN = 2.0
SAME_CELL = 12


@dataclass(frozen=True)
class PictureFinding:
    """The judgement on one file. ``detail`` is the reader's message or the name of the picture it repeats."""

    path: Path
    width: int
    height: int
    verdict: Literal["used", "skipped"]
    reasons: tuple[Reason, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class FolderReport:
    """All findings, in the order of the paths."""

    folder: Path
    findings: tuple[PictureFinding, ...]
    counts: Counter[Reason] = field(default_factory=Counter)

    @property
    def used(self) -> list[PictureFinding]:
        """The pictures a network would see."""
        return [finding for finding in self.findings if finding.verdict == "used"]

    @property
    def skipped(self) -> list[PictureFinding]:
        """The files left out."""
        return [finding for finding in self.findings if finding.verdict == "skipped"]

    @property
    def suggested_resolution(self) -> int:
        """The largest resolution that nine in ten of the used pictures have without being enlarged."""
        sides = sorted(min(finding.width, finding.height) for finding in self.used)
        if not sides:
            return RESOLUTIONS[0]
        tenth = sides[len(sides) // 10]
        return max((r for r in RESOLUTIONS if r <= tenth), default=RESOLUTIONS[0])

    def short_sides(self) -> list[int]:
        """Short sides of the used pictures in pixels, for a histogram."""
        return [min(finding.width, finding.height) for finding in self.used]


def find_files(folder: Path) -> list[Path]:
    """All files with a picture's ending below ``folder``, sorted; hidden ones are passed over.

    Raises
    ------
    StudioError
        When the folder is missing or cannot be read.
    """
    if not folder.is_dir():
        raise StudioError(f"The folder {folder} does not exist.", "Choose a folder with pictures.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise StudioError(f"The folder {folder} cannot be read.", "Check its permissions or choose another folder.")
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root) / name for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.suffix.lower() in IMAGE_SUFFIXES)


def inspect_folder(folder: Path) -> Work[FolderReport]:
    """Judge every picture in ``folder`` and below, one at a time. The preview is the centre of a picture that is used.

    Raises
    ------
    StudioError
        When the folder is missing or holds no picture files.
    """
    files = find_files(folder)
    if not files:
        raise StudioError(
            f"There are no pictures in {folder}.", "Choose a folder with PNG, JPEG, WebP, HEIC, TIFF or GIF files."
        )
    contents: dict[str, Path] = {}
    prints = _Fingerprints()
    findings = []
    counts: Counter[Reason] = Counter()
    for number, path in enumerate(files):
        finding, preview = _judge(path, contents, prints)
        findings.append(finding)
        counts.update(finding.reasons)
        yield Progress(number + 1, len(files), path.name, preview)
    return FolderReport(folder, tuple(findings), counts)


def _judge(
    path: Path, contents: dict[str, Path], prints: _Fingerprints
) -> tuple[PictureFinding, NDArray[np.uint8] | None]:
    try:
        facts = describe_photo(path)
        # Decoding at a small size finds damage, and gives fingerprint and preview.
        small = open_photo(path, max_side=256)
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except StudioError as error:
        return PictureFinding(path, 0, 0, "skipped", ("unreadable",), error.message), None
    except OSError as error:
        return PictureFinding(path, 0, 0, "skipped", ("unreadable",), str(error.strerror or error)), None
    reasons = _remarks(facts)
    if min(facts.width, facts.height) < SMALLEST_SIDE:
        return PictureFinding(path, facts.width, facts.height, "skipped", ("too_small", *reasons)), None
    first = contents.setdefault(content, path)
    if first is path:
        first = prints.first_like(small, path)
    if first is not path:
        return PictureFinding(path, facts.width, facts.height, "skipped", ("duplicate", *reasons), first.name), None
    return PictureFinding(path, facts.width, facts.height, "used", reasons), _square(small, PREVIEW_SIDE, "#ffffff")


def _remarks(facts: PhotoFacts) -> tuple[Reason, ...]:
    told: dict[Reason, bool] = {
        "exif_rotation": facts.exif_rotated,
        "cmyk": facts.cmyk,
        "sixteen_bit": facts.sixteen_bit,
        "alpha": facts.alpha,
        "animated": facts.animated,
        "grey": facts.grey,
        "cropped": facts.width != facts.height,
    }
    return tuple(reason for reason, there in told.items() if there)


class _Fingerprints:
    """Finds re-saved copies by tiny thumbnails, (side, side, 3) each: cheap to keep for any number of pictures."""

    def __init__(self) -> None:
        self._cells = np.empty((64, FINGERPRINT_SIDE**2 * 3), np.uint8)
        self._means = np.empty(64, np.float32)
        self._paths: list[Path] = []

    def first_like(self, picture: Image.Image, path: Path) -> Path:
        """The first picture seen that looks like ``picture``; remembers it as ``path`` if there is none."""
        flat = _on_background(picture, "#808080")
        cells = np.asarray(flat.resize((FINGERPRINT_SIDE, FINGERPRINT_SIDE), Image.Resampling.BOX)).ravel()
        mean, count = float(cells.mean()), len(self._paths)
        # The mean brightness rules nearly all of them out.
        near = np.flatnonzero(np.abs(self._means[:count] - mean) <= SAME_MEAN)
        if near.size:
            apart = np.abs(self._cells[near].astype(np.int16) - cells)
            same = near[(apart.max(axis=1) <= SAME_CELL) & (apart.mean(axis=1) <= SAME_MEAN)]
            if same.size:
                return self._paths[same[0]]
        if count == len(self._means):
            self._cells = np.concatenate([self._cells, np.empty_like(self._cells)])
            self._means = np.concatenate([self._means, np.empty_like(self._means)])
        self._cells[count], self._means[count] = cells, mean
        self._paths.append(path)
        return path


def _on_background(picture: Image.Image, background: str) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, (*ImageColor.getrgb(background)[:3], 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def load_training_image(path: Path, resolution: int, background: str = "#ffffff") -> NDArray[np.uint8]:
    """The centre square of a picture at ``resolution`` pixels: uint8 (resolution, resolution, 3).

    Transparency lies on ``background`` ("#rrggbb"). Raises as :func:`studio.base.photos.open_photo`.
    """
    return _square(open_photo(path), resolution, background)


def _square(picture: Image.Image, side: int, background: str) -> NDArray[np.uint8]:
    return np.array(ImageOps.fit(_on_background(picture, background), (side, side), Image.Resampling.LANCZOS))


def usable_images(folder: Path) -> list[Path]:
    """The pictures a network would see, sorted: what :func:`inspect_folder` calls "used"."""
    with contextlib.closing(inspect_folder(folder)) as work:
        return [finding.path for finding in drain(work).used]
