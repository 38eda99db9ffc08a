"""How much films flicker: warping error of ours beside frame by frame, on a synthetic clip or one of your own.

Run ``python -m tests.benchmarks.film [--clip FILE --from S] [--frames N] [--size N] [--optimise] [--strip PICTURE]``.

Without ``--clip`` the clip is a pan and slow zoom over a photo of scikit-image, before which a disc of another photo
passes; where every pixel lies in the frame before is known exactly. Of a clip of one's own it is not: there the flow is
the one films are made with, what it says of hidden parts left out; and because that judge is the method's own, a second
column is judged by another flow (Farneback's, with a mask of its own).

The warping error is the root mean square difference, of 0..255, of what two frames in a row both show. Standing is how
much a film changes where the clip stands still, which needs no flow to judge. Fine contrast (the mean difference of
neighbours, as a share of what frames for themselves have) tells whether it was bought with blur. Pumping is how much
the mean brightness jumps to and fro between frames beyond what the clip itself does. Left behind is how far what the
flow does not know is from the same frame made for itself: ghosts and smears raise it, and so do strokes that stay. The
style is a third photo, unless one is named.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from collections.abc import Sequence
from pathlib import Path

# Read when torch is imported: waiting by spinning makes two threads four times slower on cores that others use, too.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table
from skimage import data

from studio.base import drain
from studio.checkpoints.perceptual import load_vgg
from studio.media.clips import Clip
from studio.media.photos import open_photo
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput
from studio.stylization.color import fitted
from studio.stylization.flow import best_flow, confidence, consistent, flow_between, is_cut, motion_boundaries, warp
from studio.stylization.video import ClipStyler, stylized
from tests.support.clips import Motion, Picture, moving, photos, warping_error

STRIP_HEIGHT = 150
CORNER = 1e-4
"""Smaller eigenvalue of the structure tensor from which on a place can be told from its neighbours on all sides."""


def of_ones_own(path: Path, start: float, count: int, size: int) -> list[Picture]:
    """``count`` frames of a clip from ``start`` seconds on, at ``size``."""
    with Clip(path) as clip:
        return [fitted(each.image, size) for each in itertools.islice(clip.frames(start, max_side=size), count)]


def judged(frames: Sequence[Picture], *, other: bool = False) -> list[Motion]:
    """The frames with a flow in place of the truth: the films' own, or ``other`` Farneback's. Nothing is seen in two
    frames between which there is a cut."""
    found = [Motion(frames[0], np.zeros((*frames[0].shape[:2], 2), np.float32), np.zeros(frames[0].shape[:2], bool))]
    for before, after in itertools.pairwise(frames):
        there, back = ((_farneback if other else _films)(*pair) for pair in ((after, before), (before, after)))
        known = consistent(there, back) * (1 - motion_boundaries(there)) > 0
        if other:  # it guesses where there is nothing to hold on to; such places judge nobody
            grey = cv2.GaussianBlur(cv2.cvtColor(after, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
            known &= cv2.cornerMinEigenVal(grey, 9, None, 3) > CORNER
            apart = np.abs(warp(before.astype(np.float32), there) - after.astype(np.float32)).mean(-1)
            known &= cv2.GaussianBlur(apart, (0, 0), 1.5) < 12
        sure = confidence(after, before, _films(after, before), _films(before, after))
        found.append(Motion(after, there, known & (not is_cut(after, before, sure))))
    return found


def _films(frame: Picture, other: Picture) -> np.ndarray:
    return flow_between(frame, other, best_flow())


def _farneback(frame: Picture, other: Picture) -> np.ndarray:
    before, after = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (frame, other))
    empty = np.zeros((*before.shape[:2], 2), np.float32)
    return cv2.calcOpticalFlowFarneback(before, after, empty, 0.5, 5, 13, 5, 5, 1.1, 0)


def fine_contrast(pictures: Sequence[Picture]) -> float:
    """Mean difference of neighbouring pixels, of 0..255, of the later half of the frames."""
    found = []
    for picture in pictures[len(pictures) // 2 :]:
        grey = picture.astype(np.float32).mean(-1)
        found.append((np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()) / 2)
    return float(np.mean(found))


def pumping(pictures: Sequence[Picture], clip: Sequence[Motion]) -> float:
    """Root mean square jump of the mean brightness between frames, of 0..255, that the clip itself does not have."""
    lights = np.array([[each.mean() for each in row] for row in (pictures, [each.frame for each in clip])])
    jumps = np.diff(lights, axis=1)[:, [each.seen.any() for each in clip[1:]]]
    return float(np.sqrt(np.mean(np.square(jumps[0] - jumps[1]))))


def standing(pictures: Sequence[Picture], clip: Sequence[Motion]) -> float:
    """Root mean square change between frames, of 0..255, where the clip stands still; needs no flow to judge by."""
    squares = []
    for number, (before, after) in enumerate(itertools.pairwise(clip), 1):
        apart = np.abs(after.frame.astype(np.float32) - before.frame).max(-1)
        still = cv2.dilate(cv2.GaussianBlur(apart, (0, 0), 1.0), np.ones((7, 7), np.uint8)) < 5
        if still.any() and after.seen.any():
            change = pictures[number].astype(np.float32) - pictures[number - 1]
            squares.append(float(np.square(change[still]).mean()))
    return float(np.sqrt(np.mean(squares))) if squares else 0.0


def left_behind(pictures: Sequence[Picture], alone: Sequence[Picture], clip: Sequence[Motion]) -> float:
    """Mean difference, of 0..255, from the frames for themselves where something has just come into view."""
    apart = [
        np.abs(picture.astype(np.float32) - own)[~each.seen]
        for picture, own, each in zip(pictures[1:], alone[1:], clip[1:], strict=True)
        if each.seen.any()
    ]
    joined = np.concatenate([np.zeros((0, 3), np.float32), *apart])
    return float(joined.mean()) if joined.size else 0.0


def drift(pictures: Sequence[Picture], alone: Sequence[Picture]) -> float:
    """How far the mean colour of the last frame has moved away from that frame stylized for itself, of 0..255."""
    return float(np.abs(pictures[-1].mean((0, 1)) - alone[-1].mean((0, 1))).max())


def strip(path: Path, rows: dict[str, Sequence[Picture]], clip: Sequence[Motion], columns: int = 6) -> None:
    """A picture of ``rows`` of frames, spread over the clip; below each film what differs from the frame before, moved
    along, ten times as strong."""
    numbers = [round(each) for each in np.linspace(1, len(clip) - 1, columns)]
    lines: list[tuple[str, list[Picture]]] = []
    for name, pictures in rows.items():
        lines.append((name, [pictures[number] for number in numbers]))
        apart = []
        for number in numbers:
            moved = warp(pictures[number - 1].astype(np.float32), clip[number].flow)
            change = np.abs(pictures[number] - moved).mean(-1) * clip[number].seen * 10
            apart.append(np.repeat(np.clip(change, 0, 255).astype(np.uint8)[..., None], 3, -1))
        lines.append((f"{name}: what flickers, x 10", apart))
    height, width = clip[0].frame.shape[:2]
    wide = round(width * STRIP_HEIGHT / height)
    sheet = Image.new("RGB", (columns * (wide + 2), len(lines) * (STRIP_HEIGHT + 16)), (20, 20, 20))
    draw = ImageDraw.Draw(sheet)
    for row, (name, pictures) in enumerate(lines):
        top = row * (STRIP_HEIGHT + 16)
        draw.text((4, top + 2), name, fill=(255, 255, 255))
        for column, picture in enumerate(pictures):
            shown = Image.fromarray(picture).resize((wide, STRIP_HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(shown, (column * (wide + 2), top + 14))
    sheet.save(path)


def films(
    clip: list[Motion],
    style: Picture,
    size: int,
    *,
    optimise: bool,
    steps: int,
    other: list[Motion] | None = None,
    picture: Path | None = None,
) -> Table:
    """One line a way of making the film; ``other`` is the clip judged by another flow."""
    frames = [each.frame for each in clip]
    table = Table(
        "method", "stabilise", "warping error", "of frame by frame", "by another flow", "standing", "fine contrast",
        "pumping", "left behind", "colour drift", "ms a frame",
        title=f"{len(frames)} frames of {size} px, flow {best_flow()}, {torch.get_num_threads()} threads",
    )  # fmt: skip
    extractor = drain(load_vgg("vgg16-hed", "cpu")) if optimise else None
    rows: dict[str, Sequence[Picture]] = {"the clip": frames}
    for name, network in (("preview", None), ("optimise", extractor)):
        if name == "optimise" and network is None:
            continue
        alone: list[Picture] = []
        first, first_other, first_fine = 0.0, 0.0, 0.0
        for strength in (0.0, 0.4, 0.8, 1.0) if network is None else (0.0, 0.8):
            styler = ClipStyler(
                [StyleInput(style)],
                StylizeSettings(size=size, steps=steps),
                stabilise=strength,
                flow=best_flow(),
                extractor=network,
            )
            began = time.perf_counter()
            made = [each.picture for each in drain(stylized(styler, frames))]
            taken = (time.perf_counter() - began) / len(made) * 1000
            alone = alone or made
            error, fine = warping_error(made, clip), fine_contrast(made)
            elsewhere = warping_error(made, other) if other is not None else 0.0
            first, first_fine, first_other = first or error, first_fine or fine, first_other or elsewhere
            rows[f"{name}, {f'stabilise {strength:.1f}' if strength else 'frame by frame'}"] = made
            table.add_row(
                name,
                f"{strength:.1f}" if strength else "0 (frame by frame)",
                f"{error:.2f}",
                f"{error / first:.2f}",
                f"{elsewhere:.2f} ({elsewhere / first_other:.2f})" if other is not None else "",
                f"{standing(made, clip):.2f}",
                f"{fine / first_fine:.2f}",
                f"{pumping(made, clip):.2f}",
                f"{left_behind(made, alone, clip):.1f}",
                f"{drift(made, alone):.1f}",
                f"{taken:.0f}",
            )
    if picture is not None:
        strip(picture, rows, clip)
    return table


def flow_facts(clip: list[Motion]) -> str:
    """Error of the flow against the truth, and its time."""
    apart, began = [], time.perf_counter()
    for before, after in itertools.pairwise(clip):
        found = flow_between(after.frame, before.frame, best_flow())
        apart.append(np.linalg.norm(found - after.flow, axis=-1)[after.seen])
    taken = (time.perf_counter() - began) / (len(clip) - 1) * 1000
    errors = np.concatenate(apart)
    text = f"end-point error mean {errors.mean():.3f}, median {np.median(errors):.3f} px"
    return f"Flow {best_flow()}: {text}; {taken:.0f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, help="a clip of one's own")
    parser.add_argument("--from", dest="start", type=float, default=0.0, help="where in it, in seconds")
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--style", type=Path)
    parser.add_argument("--optimise", action="store_true", help="the optimisation, too, which takes its time")
    parser.add_argument("--steps", type=int, default=40, help="optimisation steps of a frame for itself")
    parser.add_argument("--strip", type=Path, help="write a picture of frames of every film, and of what flickers")
    options = parser.parse_args()
    console = Console(width=max(140, Console().width))
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    other = None
    if options.clip is None:
        clip = moving(*photos(1000), options.frames, options.size, options.size * 3 // 4)
        console.print(flow_facts(clip))
    else:
        frames = of_ones_own(options.clip, options.start, options.frames, options.size)
        clip, other = judged(frames), judged(frames, other=True)
    itself = warping_error([each.frame for each in clip], clip)
    console.print(f"The clip itself: warping error {itself:.2f}")
    style = data.retina()[400:900, 400:900] if options.style is None else np.array(open_photo(options.style))[..., :3]
    table = films(
        clip, np.ascontiguousarray(style), options.size,
        optimise=options.optimise, steps=options.steps, other=other, picture=options.strip,
    )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    main()
