"""The pictures of a folder as the network sees them, for people. Torch is loaded only when augmentations are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.media.photos import open_photo
from studio.training.findings import PictureFinding
from studio.training.framing import Framing, cut_out
from studio.training.prepared import Cut
from studio.training.video_frames import open_frame

T = TypeVar("T")


@dataclass(frozen=True)
class Changes:
    """The changes that a run makes to pictures while it trains: see the settings of the same names.

    ADA's probability moves between ``ada_start`` and 1 as it is needed, to ``ada_most`` at the most within the budget;
    ``ada_p`` is the one to show.
    """

    augment: tuple[str, ...] = ()
    augment_share: float = 1.0
    mirror: bool = False
    ada_parts: tuple[str, ...] = ()
    ada_start: float = 0.0
    ada_most: float = 0.0
    ada_p: float = 0.0


def reachable(ada_start: float, ada_images: int, images: int) -> float:
    """The highest probability, 0..1, that ADA can come to within ``images``."""
    return min(1.0, ada_start + images / ada_images)


def evenly(things: Sequence[T], most: int) -> list[T]:
    """At most ``most`` of ``things``, evenly spaced."""
    if len(things) <= most:
        return list(things)
    return [things[index] for index in np.unique(np.linspace(0, len(things) - 1, most).round().astype(int))]


def open_source(source: Cut | PictureFinding) -> Image.Image:
    """The whole picture, or frame of a film. Raises ``StudioError`` when it cannot be read."""
    return open_photo(source.path) if source.frame is None else open_frame(source.path, source.frame)


def network_view(cuts: Sequence[Cut], framing: Framing, side: int, changes: Changes | None = None) -> Work[None]:
    """Yields each square as the network will see it, at most ``side`` pixels large, ``step`` counting from 0.

    With ``changes``, as the training changes them, newly drawn each time. What cannot be read any more is passed over.
    """
    for position, cut in enumerate(cuts):
        try:
            seen = _seen(cut, framing)
        except StudioError:
            continue  # changed since it was looked at; the preparation leaves it out, too
        if changes is not None:
            seen = changed(seen, changes)
        if framing.resolution > side:
            seen = np.asarray(Image.fromarray(seen).resize((side, side), Image.Resampling.LANCZOS))
        yield Progress(position, len(cuts), Message(cut.path.name), seen)


def _seen(cut: Cut, framing: Framing) -> NDArray[np.uint8]:
    """The square, decoded no larger than it needs to be: large JPEGs many times faster."""
    if cut.frame is not None:
        return cut_out(open_source(cut), cut.box, framing)
    shrink = 2 * framing.resolution / cut.box[2]
    if shrink >= 1:
        return cut_out(open_photo(cut.path), cut.box, framing)
    picture = open_photo(cut.path, max_side=max(2 * framing.resolution, math.ceil(shrink * cut.long)))
    scale = max(picture.size) / cut.long
    left, top, side = (value * scale for value in cut.box)
    # Rounding must not make a square reach beyond the picture.
    if left >= 0 and left + side <= picture.width + 1:
        side = min(side, picture.width)
        left = min(left, picture.width - side)
    if top >= 0 and top + side <= picture.height + 1:
        side = min(side, picture.height)
        top = min(top, picture.height - side)
    return cut_out(picture, (left, top, side), framing)


def changed(square: NDArray[np.uint8], changes: Changes) -> NDArray[np.uint8]:
    """A square as one step of the training would show it to the discriminator: uint8 (side, side, 3)."""
    import torch

    from studio.training.ada import augment_adaptively
    from studio.training.augment import augment

    if changes.mirror and torch.rand(()) < 0.5:
        square = np.ascontiguousarray(square[:, ::-1])
    x = torch.from_numpy(square).permute(2, 0, 1)[None].float() / 127.5 - 1
    if changes.ada_parts:
        x = augment_adaptively(x, changes.ada_p, changes.ada_parts)  # type: ignore[arg-type]
    x = augment(x, changes.augment, changes.augment_share)
    out: NDArray[np.uint8] = ((x[0].clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).numpy()
    return out


def sheet(squares: Sequence[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """Squares of the same size on black, at most ``columns`` side by side: uint8 (rows * side, columns * side, 3)."""
    side = squares[0].shape[0]
    columns = min(columns, math.ceil(math.sqrt(1.6 * len(squares))))
    out = np.zeros((-(-len(squares) // columns) * side, columns * side, 3), np.uint8)
    for place, square in enumerate(squares):
        row, column = divmod(place, columns)
        out[row * side : (row + 1) * side, column * side : (column + 1) * side] = square
    return out
