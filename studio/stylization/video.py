"""Stylizing a clip so that it does not flicker (after Ruder et al. 2016, arXiv:1604.08610).

Frame after frame; what the next frame depends on is the one before, in the clip and stylized, and nothing else. That
is why a film that was interrupted goes on exactly as it would have.

* **Where** a pixel was in the frame before says optical flow; where it was hidden, or the flow is not to be trusted,
  the frame is stylized anew (:func:`studio.stylization.flow.confidence`). At a cut everything is.
* **Preview** (the feed-forward network): its colours are brought to those of the frame before as far as both show the
  same, which takes out the flicker of whole frames. Then what was there before, moved along, is blended in. Many
  frames share in every pixel that way, whose strokes would blur; so what the blend has less of fine contrast than the
  network's own frame is given back.
* **Optimisation**: starts from the moved picture, the instant preview where that is unknown, and is held to it by a
  term of the loss. A few steps a frame do; the first frame and the first after a cut take them all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from studio.base import Message, Progress, Work
from studio.base.memory import is_out_of_memory
from studio.recipes import StylizeSettings
from studio.recipes.sequences.film import FlowName
from studio.stylization.blend import StyleInput
from studio.stylization.color import fitted
from studio.stylization.descent import Adam
from studio.stylization.feedforward import preview
from studio.stylization.flow import Mask, Picture, confidence, flow_between, is_cut, settled, warp
from studio.stylization.masks import plan_regions
from studio.stylization.optimise import PREVIEW_SECONDS, optimise
from studio.stylization.problem import LEAST_TILE, Problem, smaller_tile, tile_side

MOST = 0.95
"""Share of what was there before at full stabilisation: something new must come in, or pictures would freeze."""
GAIN = (0.8, 1.25)
"""Bounds of the contrast that a channel is given to match the frame before."""
SHARPEST = 1.6
"""Bound of how much fine contrast is given back."""
ANCHOR = 0.2
"""Share of the way back to a frame's own colours that is gone each frame."""
HOLD = 60.0
"""Weight of the term that holds an optimised frame to the one before, at full stabilisation."""
STEPS_SHARE = 0.06
"""Steps of a frame that follows another, as a share of the first frame's."""
LEAST_STEPS = 6
FOLLOW_RATE = 0.015
RATE_LEFT = 0.05
"""Share of the rate that is left at the end, after falling by a cosine."""


@dataclass(frozen=True, eq=False)
class Before:
    """The frame before, uint8 (height, width, 3) both: as it is in the clip, and stylized."""

    content: Picture
    picture: Picture


@dataclass(frozen=True, eq=False)
class StyledFrame:
    """A stylized frame.

    Attributes
    ----------
    content, picture : the frame at the size of the film, and stylized; uint8 (height, width, 3).
    cut : whether a scene begins with it.
    known : 0..1, how much of it was known from the frame before.
    """

    content: Picture
    picture: Picture
    cut: bool
    known: float

    @property
    def before(self) -> Before:
        """The state that the next frame needs of this one."""
        return Before(self.content, self.picture)


@dataclass(eq=False)
class ClipStyler:
    """Stylizes the frames of a clip. What belongs to the styles is worked out once and kept.

    Attributes
    ----------
    styles, settings, mask : as :func:`studio.stylization.preview` takes them; textures and seamless pictures make no
        films. The steps are those of the first frame and after cuts.
    stabilise : 0..1; 0 stylizes every frame for itself, at 1 all that is known from the frame before stays.
    flow : the optical flow, see :func:`studio.stylization.flow.flow_between`.
    extractor : a :class:`studio.networks.vgg.VGGFeatures` on ``device`` to optimise with; None: the instant preview.
    largest_tile : side of the optimisation's tiles in pixels; None: what the memory allows. Becomes smaller when that
        was too much, and stays so.
    face_map : finds the faces of a frame, where the photo counts more; None: nowhere.
    """

    styles: Sequence[StyleInput]
    settings: StylizeSettings
    mask: Mask | None = None
    stabilise: float = 0.8
    flow: FlowName = "dis"
    extractor: nn.Module | None = None
    device: torch.device | str = "cpu"
    largest_tile: int | None = None
    face_map: Callable[[Picture], Work[Mask | None]] | None = None

    def __post_init__(self) -> None:
        # The nearest places change from frame to frame, which one sees as a flicker; statistics hold still.
        if self.settings.loss == "nearest":
            self.settings = self.settings.model_copy(update={"loss": "wasserstein"})

    def frame(self, content: Picture, before: Before | None = None) -> Work[StyledFrame]:
        """Stylize one frame.

        Parameters
        ----------
        content : uint8, (height, width, 3), of any size.
        before : the frame before it, of the size of the film; None for the first.

        Yields
        ------
        Progress of an optimisation; the instant preview is done without a yield.

        Raises
        ------
        StudioError
            As :func:`studio.stylization.preview` and :func:`studio.stylization.optimise`.
        """
        content = fitted(content, self.settings.size)
        if before is None or self.stabilise <= 0:
            return StyledFrame(content, (yield from self._independent(content)), before is None, 0.0)
        flow = flow_between(content, before.content, self.flow, self.device)
        back = flow_between(before.content, content, self.flow, self.device)
        known = confidence(content, before.content, flow, back)
        if is_cut(content, before.content, known):
            return StyledFrame(content, (yield from self._independent(content)), True, float(known.mean()))
        flow, known = settled(content, before.content, flow, known)
        moved = warp(before.picture.astype(np.float32) / np.float32(255), flow)
        if self.extractor is None:
            picture = self._blended(content, moved, known)
        else:
            picture = yield from self._followed(content, moved, known)
        return StyledFrame(content, picture, False, float(known.mean()))

    # -- one frame for itself ----------------------------------------------------------------------------------------

    def _independent(self, content: Picture) -> Work[Picture]:
        if self.extractor is None:
            return self._preview(content)
        work = optimise(
            content,
            self.styles,
            self.settings,
            extractor=self.extractor,
            mask=self.mask,
            faces=None if self.face_map is None else (yield from self.face_map(content)),
            device=self.device,
            largest_tile=self.largest_tile,
        )
        return (yield from work)

    def _preview(self, content: Picture) -> Picture:
        return preview(content, self.styles, self.settings, mask=self.mask)

    # -- with the frame before: feed-forward -------------------------------------------------------------------------

    def _blended(self, content: Picture, moved: NDArray[np.float32], known: Mask) -> Picture:
        own = self._preview(content).astype(np.float32) / np.float32(255)
        strength = min(1.0, self.stabilise)
        fresh = matched(own, moved, known, strength)
        share = (np.float32(MOST * strength) * known)[..., None]
        mixed = fresh + share * (moved - fresh)
        return self._masked(content, anchored(crisp(mixed, fresh, known), own))

    def _masked(self, content: Picture, picture: NDArray[np.float32]) -> Picture:
        """uint8 from float 0..1; where no style goes the clip itself."""
        result = np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)
        _, coverage = plan_regions(self.styles, self.mask, self.settings.feather, *content.shape[:2])
        if coverage is None:
            return result
        # The network's own frame was mixed with the photo at the soft edges already; only what is bare is made so.
        bare = coverage <= 1 / 255
        return np.where(bare[..., None], content, result)

    # -- with the frame before: optimisation -------------------------------------------------------------------------

    def _followed(self, content: Picture, moved: NDArray[np.float32], known: Mask) -> Work[Picture]:
        if self.settings.style_strength <= 0:
            return content
        fresh = matched(self._preview(content).astype(np.float32) / np.float32(255), moved, known, 1.0)
        start = np.asarray(np.clip((fresh + known[..., None] * (moved - fresh)) * 255 + 0.5, 0, 255), np.uint8)
        while True:
            tile = self.largest_tile or tile_side(torch.device(self.device))
            try:
                return (yield from self._descended(content, start, known, tile))
            except Exception as error:
                if not is_out_of_memory(error) or min(tile, self.settings.size) <= LEAST_TILE:
                    raise
            # Outside of the handler, which holds on to what the failed attempt had made.
            self.largest_tile = smaller_tile(tile, self.settings.size)

    def _descended(self, content: Picture, start: Picture, known: Mask, tile: int) -> Work[Picture]:
        """The picture that the optimisation comes to from ``start``, held to it where it is ``known``."""
        assert self.extractor is not None
        device = torch.device(self.device)
        faces = None if self.face_map is None else (yield from self.face_map(content))
        problem = Problem(content, self.styles, self.settings, self.mask, self.extractor, None, device, faces, tile)
        scale = problem.at(self.settings.size)
        state = Adam(problem.variable(start))
        goal = state.image.clone()
        # Mean over the pixels, like the other terms of the loss.
        hold = torch.from_numpy(known)[None, None].to(device) * (
            2 * HOLD * min(1.0, self.stabilise) ** 2 / known.size / goal.shape[1]
        )
        steps, shown = follow_steps(self.settings.steps), time.monotonic()
        for step in range(steps):
            rate = FOLLOW_RATE * (RATE_LEFT + (1 - RATE_LEFT) * 0.5 * (1 + math.cos(math.pi * step / steps)))
            state.descend(scale.gradient, rate, lambda image: hold * (image - goal))
            if step < steps - 1:
                due = time.monotonic() - shown > PREVIEW_SECONDS
                picture = problem.shown(state.average(), content) if due else None
                shown = time.monotonic() if due else shown
                yield Progress(step + 1, steps, Message("Following the frame before"), picture)
        return problem.shown(state.average(), content)


def follow_steps(steps: int) -> int:
    """Optimisation steps of a frame that follows another, from those of the first frame."""
    return min(steps, max(LEAST_STEPS, round(steps * STEPS_SHARE)))


def stylized(styler: ClipStyler, frames: Iterable[Picture], before: Before | None = None) -> Work[list[StyledFrame]]:
    """Stylize ``frames`` in a row, all kept in memory: for short clips. One progress a frame, with its picture."""
    done: list[StyledFrame] = []
    for content in frames:
        styled = yield from styler.frame(content, before)
        before = styled.before
        done.append(styled)
        yield Progress(len(done), 0, Message("Stylizing the clip"), styled.picture)
    return done


# --- keeping colours and strokes -------------------------------------------------------------------------------------


def matched(fresh: NDArray[np.float32], moved: NDArray[np.float32], known: Mask, amount: float) -> NDArray[np.float32]:
    """``fresh`` with each channel shifted and scaled to ``moved`` where both are known to show the same.

    The networks see whole frames: when something enters at the edge, all the colours change a little, which one sees as
    a flicker. A tenth of the change is let through, so that a film follows its clip in the long run.

    Parameters
    ----------
    fresh, moved : float32 0..1, (height, width, 3).
    known : 0..1, (height, width).
    amount : 0..1, how much of the change is made.
    """
    weight = known / max(1e-6, float(known.sum()))
    trust = float(np.clip(known.mean() / 0.2, 0, 1)) * 0.9 * amount
    means = [np.einsum("hw,hwc->c", weight, each) for each in (fresh, moved)]
    spreads = [
        np.sqrt(np.maximum(np.einsum("hw,hwc->c", weight, np.square(each - mean)), 1e-6))
        for each, mean in zip((fresh, moved), means, strict=True)
    ]
    gain = np.clip(spreads[1] / spreads[0], *GAIN)
    result = (fresh - means[0]) * gain + means[1]
    return np.asarray(fresh + np.float32(trust) * (result - fresh), np.float32)


def anchored(picture: NDArray[np.float32], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """``picture`` with its colours, seen from afar, a little nearer to those of ``own``, the frame for itself.

    Values that leave the range of pixels are cut off at every frame; over a long clip that would bleach strong colours.
    """
    import cv2

    reach = max(picture.shape[:2]) / 24
    small = max(1, round(reach / 3))
    size = max(1, picture.shape[1] // small), max(1, picture.shape[0] // small)
    apart = cv2.resize(own - np.clip(picture, 0, 1), size, interpolation=cv2.INTER_AREA)
    apart = cv2.GaussianBlur(apart, (0, 0), reach / small)
    apart = cv2.resize(apart, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(picture + np.float32(ANCHOR) * apart, np.float32)


def crisp(mixed: NDArray[np.float32], fresh: NDArray[np.float32], known: Mask) -> NDArray[np.float32]:
    """``mixed`` with the fine contrast of ``fresh``, which averaging over frames has taken from it.

    Parameters
    ----------
    mixed, fresh : float32 0..1, (height, width, 3).
    known : 0..1, (height, width): where anything was mixed in.
    """
    import cv2

    smooth = cv2.GaussianBlur(mixed, (0, 0), 1.2)
    fine, wanted = mixed - smooth, fresh - cv2.GaussianBlur(fresh, (0, 0), 1.2)
    have = float(np.sqrt((np.square(fine).mean(-1) * known).mean()))
    want = float(np.sqrt((np.square(wanted).mean(-1) * known).mean()))
    gain = float(np.clip(want / max(have, 1e-5), 1.0, SHARPEST))
    return np.asarray(mixed + np.float32(gain - 1) * known[..., None] * fine, np.float32)
