"""Dragging: points of a picture are moved to where they shall be, by optimising its w.

After Pan et al. 2023, "Drag your GAN: interactive point-based manipulation on the generative image manifold"
(arXiv:2305.10973), written from the paper: motion supervision on features of the network, and tracking of the points
among them. Steps go straight down the gradient along the principal axes of w, in standard deviations: that is the
shortest way among what the network draws, and what need not move stays. (Adam's go as far along every axis: they redrew
the whole picture, and far drags ended in blobs that are no pictures of the network.) They are as long as the points can
be followed: after one that lost them the drag goes back and halves it. Squared differences are descended: those of
absolute ones change their signs from step to step, and most of the way went to and fro. All layers take the steps
together and each a little by itself, and w stays about as far from its mean as the network's own do. Three more things
are otherwise, because points of banded pictures slid to the next band and were said to have arrived:

- What is pulled to the next place is what was at the handle in the *first* picture (the template; Ling et al. 2023,
  "FreeDrag", arXiv:2307.04684), not what happens to be there by now.
- A point is followed by a patch of the features of two layers, compared to the first picture's and to those of the
  picture in which it last moved; it moves only a little in a step, and not at all without a reason.
- A state in which the template is no longer found near the point counts for nothing: the drag goes back to the last
  good one with half of the rate, and says so when the point stays lost.

Features are alike all along a smooth band: a point that slid along it seems to have arrived. Whether it did is asked of
the pixels of the first and the last picture and of some between them, see :mod:`studio.synthesis.patch_matching`.

Positions are (x, y) in pixels of the picture, from its left top corner; lengths of the method are in quarters of a
place of the finest feature maps: from 128 px up the picture's width / 256, the paper's unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.base import StudioError
from studio.networks import dcgan
from studio.recipes import SampleRecipe
from studio.synthesis.latents import LatentSpace, noise_options
from studio.synthesis.patch_matching import has_moved, was_carried
from studio.synthesis.principal_axes import PrincipalAxes

Point = tuple[float, float]
Outcome = Literal["", "arrived", "unsure", "stuck", "lost", "steps"]

MAX_STEPS = 150
NEAR = 1.5
"""Mean distance at which the points have arrived."""
PATIENCE = 10
"""Steps without a shorter distance after which the drag goes back to its nearest state."""
TRIES = 5
"""How often it goes on from there with shorter steps, and comes no nearer, before it ends."""
GAIN = 1.0
"""How much nearer a drag must have come since it went back to be tried as often again."""
LOST = 0.4
"""Misfit at which a point is lost: what is found is rather like anywhere in the picture than like the point."""
_FEATURE_SIDE = 64
_PATCH = 9.0  # radius of what is pulled and followed
_SPACING = 3.0
_REACH = 4  # half the side of the square in which a point is looked for
_STRIDE = 3.0  # how far a patch is pulled in a step
_RATE = 0.1  # length of the first step, in standard deviations along the principal axes of w
_LONGEST = 0.5  # of a step, and
_SHORTEST = 0.005
_GROWTH = 1.2  # of the length after a step in which the points moved too little, until they move as far as
_BRISK = 1.5
_FAST = 3.0  # what a point may move in a step: one that moves out of reach is lost
_OWN_RATE = 0.5  # how much less a layer goes by itself
_INERTIA = 0.5  # how much of a step is the one before
_OWN = 3.0  # deviations that a layer may lie from what is the same for all,
_MORE_OWN = 1.5  # so many times as many in each further try
_RADIUS = 1.15  # greatest distance of w from its mean, of what is usual
_BETWEEN = 8  # pictures that are drawn to follow the pixels' flow
_MASK_WEIGHT = 20.0
_MOVING_LAYERS = 8  # the coarser ones decide what is where; finer ones would repaint instead of move
_STILL = 0.001  # distance of features that one unit of movement must save: on a smooth band every place is alike


@dataclass(frozen=True)
class DragStep:
    """The state of a drag after a step.

    Attributes
    ----------
    step : 0 before the first change.
    handles : where the points are now.
    distance : mean distance of the points from their targets, in pixels.
    feature_distance : the most of the points, between what is there now and what was there first: 0 is the same, 1 as
        unlike as other places of the first picture are.
    code : ws (1, num_ws, w_dim) that draws it.
    outcome : why the drag ended here: the points arrived, or only their features did ("unsure"); they came no nearer
        ("stuck"), could no longer be found ("lost"), or there were no more steps; "" while it goes on.
    """

    step: int
    handles: tuple[Point, ...]
    distance: float
    feature_distance: float
    code: Tensor
    outcome: Outcome = ""


def drag(
    space: LatentSpace,
    recipe: SampleRecipe,
    handles: Sequence[Point],
    targets: Sequence[Point],
    movable: Tensor | None = None,
    *,
    steps: int = MAX_STEPS,
) -> Iterator[DragStep]:
    """Every step of dragging the points ``handles`` of a picture to ``targets``, the picture as it is first.

    It ends when the points have arrived on average within 1.5 / 256 of the picture's width, when it came no nearer in
    ten steps from its nearest state five times, with shorter steps each time, or after ``steps``. What comes last is
    the nearest state in which no point was lost, and says how the drag ended. The same arguments give the same steps on
    the same device.

    Parameters
    ----------
    movable : bool (h, w) of any size over the whole picture: what may move; the rest is held. None: everything may.

    Raises
    ------
    StudioError
        For a network without w, and when there are no points, not as many targets, or points outside of the picture.
    """
    net = space.generator
    if isinstance(net, dcgan.Generator):
        raise StudioError(
            "This network has no w that could be dragged.", "Dragging needs a StyleGAN2 or StyleGAN3 model."
        )
    size = net.config.resolution
    if not handles or len(handles) != len(targets):
        raise StudioError("A drag needs points and a target for each.", "Set a point and draw it to where it shall be.")
    if any(not 0 <= number < size for point in (*handles, *targets) for number in point):
        raise StudioError("A point lies outside of the picture.", "Set points and targets within the picture.")
    side = min(_FEATURE_SIDE, size // 2)
    unit = size / side / 4
    start = space.recipe_code(recipe)
    fine = start[:, _MOVING_LAYERS:]
    movement = _Movement(PrincipalAxes(space), start[:, :_MOVING_LAYERS])
    points = torch.tensor(handles, dtype=torch.float32, device=space.device)
    goals = torch.tensor(targets, dtype=torch.float32, device=space.device)
    tracker: _Tracker | None = None
    first: list[Tensor] = []
    held: list[Tensor] = []
    best: tuple[DragStep, list[Tensor], Tensor, Tensor] | None = None  # with its movement, points and their patches
    since = tries = missed = 0
    gone_back_from = math.inf
    last: tuple[list[Tensor], Tensor, Tensor] | None = None
    outcome: Outcome = ""
    for step in range(steps + 1):
        with torch.enable_grad():
            code = torch.cat([start[:, :_MOVING_LAYERS] + movement.difference(), fine], dim=1)
            maps = net.synthesis.features(code, (side // 2, side), **noise_options(recipe))
            maps = [F.normalize(one, dim=1) for one in maps]
        seen = [one.detach() for one in maps]
        if tracker is None:
            first = seen
            tracker = _Tracker(seen, points, size, unit)
            if movable is not None:
                mask = movable.to(seen[0])[None, None]
                held = [1 - F.adaptive_max_pool2d(mask, one.shape[-2:]) for one in seen]
        came_from = points
        points, feature_distance = tracker.follow(seen, points)
        gaps = goals - points
        now = DragStep(
            step,
            tuple((float(x), float(y)) for x, y in points.tolist()),
            float(gaps.norm(dim=1).mean()),
            feature_distance,
            code.detach(),
        )
        missed += feature_distance > LOST
        if best is None or (feature_distance <= LOST and now.distance < best[0].distance):
            best, since = (now, movement.state(), points, tracker.before), step
        yield now
        if best[0].distance <= NEAR * unit:
            outcome = "arrived" if _shown(space, recipe, start, best[0].code, handles, targets) else "unsure"
        elif step - since >= PATIENCE:
            tries = 1 if best[0].distance < gone_back_from - GAIN * unit else tries + 1
            gone_back_from = best[0].distance
            if tries == TRIES:
                outcome = "lost" if 2 * missed >= PATIENCE else "stuck"
        if outcome or step == steps:
            outcome = outcome or "steps"
            break
        if step - since >= PATIENCE:
            since, missed, points = step, 0, best[2]
            tracker.before = best[3]
            movement.go_back(best[1], tries)
            last = None
            continue
        if last is not None and feature_distance > LOST and movement.shorten(last[0]):
            points, tracker.before = last[1:]
            continue
        movement.adapt(float((points - came_from).norm(dim=1).max()) / unit)
        last = movement.state(), points, tracker.before
        with torch.enable_grad():
            loss = tracker.pull(maps, points, gaps)
            for one, before, still in zip(maps, first, held, strict=False):
                if float(still.sum()) > 0:
                    loss = loss + _MASK_WEIGHT * ((one - before).abs() * still).sum() / (still.sum() * one.shape[1])
        movement.step(loss)
    assert best is not None
    yield replace(best[0], step=now.step, outcome=outcome)


def _shown(
    space: LatentSpace,
    recipe: SampleRecipe,
    first: Tensor,
    last: Tensor,
    handles: Sequence[Point],
    targets: Sequence[Point],
) -> bool:
    """Return whether the pixels show that all points moved to their targets between the pictures of two codes."""
    before, after = (space.picture(one, recipe).numpy() for one in (first, last))
    doubtful = [pair for pair in zip(handles, targets, strict=True) if not has_moved(before, after, *pair)]
    if not doubtful:
        return True
    between = [space.glimpse(torch.lerp(first, last, n / _BETWEEN), recipe).numpy() for n in range(1, _BETWEEN)]
    return all(was_carried([before, *between, after], *pair) for pair in doubtful)


class _Movement:
    """How far the layers' w were moved along its axes: all together, and each a little by itself."""

    def __init__(self, axes: PrincipalAxes, start: Tensor) -> None:
        """
        Parameters
        ----------
        start : w (1, layers, w_dim) of the layers.
        """
        self._axes = axes
        self._middle = axes.inward(start).mean(dim=1, keepdim=True)
        self._radius = max(float(self._middle.norm()), _RADIUS * axes.radius)
        self._own = torch.zeros_like(start).requires_grad_(True)
        self._shared = torch.zeros_like(self._middle).requires_grad_(True)
        self._room, self._rate = _OWN, _RATE
        self._before: list[Tensor] | None = None

    def difference(self) -> Tensor:
        """What is added to w, (1, layers, w_dim)."""
        return self._axes.difference(self._own + self._shared)

    def step(self, loss: Tensor) -> None:
        """Go a step down, and no farther than the network's own w lie."""
        own, shared = torch.autograd.grad(loss, [self._own, self._shared])
        own = own * _OWN_RATE
        length = torch.cat([own.flatten(), shared.flatten()]).norm().clamp(min=1e-12)
        way = [own / length * _OWN_RATE, shared / length]
        if self._before is not None:
            way = [torch.lerp(new, old, _INERTIA) for new, old in zip(way, self._before, strict=True)]
        self._before = way
        with torch.no_grad():
            self._own.sub_(self._rate * way[0])
            self._shared.sub_(self._rate * way[1])
            self._own.copy_(_within(self._own, self._room))
            self._shared.copy_(_within(self._middle + self._shared, self._radius) - self._middle)

    def state(self) -> list[Tensor]:
        """What :meth:`go_back` takes to come back to here."""
        return [self._own.detach().clone(), self._shared.detach().clone()]

    def go_back(self, state: list[Tensor], tries: int) -> None:
        """Be where ``state`` was taken; for each of ``tries`` steps are half as long, and layers have more room."""
        self._put(state)
        self._room = _OWN * _MORE_OWN**tries

    def shorten(self, state: list[Tensor]) -> bool:
        """Be where ``state`` was taken, and take shorter steps; return whether they can be shorter."""
        if self._rate <= _SHORTEST:
            return False
        self._put(state)
        return True

    def _put(self, state: list[Tensor]) -> None:
        with torch.no_grad():
            for number, before in zip((self._own, self._shared), state, strict=True):
                number.copy_(before)
        self._rate, self._before = max(self._rate / 2, _SHORTEST), None

    def adapt(self, moved: float) -> None:
        """Take longer steps when the points moved little in the last one, and shorter ones when they moved far."""
        if self._before is None:
            return  # there was none
        if moved > _FAST:
            self._rate = max(self._rate / _GROWTH, _SHORTEST)
        elif moved < _BRISK:
            self._rate = min(self._rate * _GROWTH, _LONGEST)


def _within(numbers: Tensor, radius: float) -> Tensor:
    """Rows of ``numbers``, those that are longer than ``radius`` shortened to it."""
    return numbers * (radius / numbers.norm(dim=-1, keepdim=True).clamp(min=radius))


class _Tracker:
    """Finds points again among features, and pulls what was there first to where it shall be.

    Attributes
    ----------
    before : features of the patch around each point when it last moved: changes less than a unit add up.
    """

    def __init__(self, maps: list[Tensor], points: Tensor, size: int, unit: float) -> None:
        """
        Parameters
        ----------
        maps : features (1, c, r, r) of each layer, of length 1 at every place.
        points : (points, 2) in pixels of a picture of ``size``.
        """
        self._size, self._unit = size, unit
        self._around = _square(_PATCH, _SPACING, points.device)
        self._around = self._around[self._around.norm(dim=1) <= _PATCH] * unit
        self._search = _square(_REACH, 1.0, points.device) * unit
        self._template = self._patches(maps, points[:, None])[:, 0]
        places = _square(1.0, 0.25, points.device) * (size / 2) + (size - 1) / 2
        elsewhere = self._patches(maps, places[None])
        differences = [(elsewhere[0] - one).abs().mean(dim=(1, 2)).median() for one in self._template]
        self._scale = torch.stack(differences).clamp(min=1e-6)
        self.before = self._template

    def _patches(self, maps: Sequence[Tensor], places: Tensor) -> Tensor:
        """Features around ``places`` (points, k, 2), of all layers: (points, k, places of a patch, channels)."""
        grid = (places[:, :, None] + self._around + 0.5) / self._size * 2 - 1
        count, many, patch = grid.shape[:3]
        grid = grid.reshape(1, count * many, patch, 2)
        layers = [F.grid_sample(one, grid, padding_mode="border", align_corners=False) for one in maps]
        found = torch.cat(layers, dim=1)
        return found[0].permute(1, 2, 0).reshape(count, many, patch, -1)

    def follow(self, maps: list[Tensor], points: Tensor) -> tuple[Tensor, float]:
        """Places of ``points`` of the step before, and the greatest of their feature distances."""
        places = (points[:, None] + self._search).clamp(0, self._size - 1)
        found = self._patches(maps, places)
        scale = self._scale[:, None]
        distances = (found - self._template[:, None]).abs().mean(dim=(2, 3)) / scale
        changes = (found - self.before[:, None]).abs().mean(dim=(2, 3)) / scale
        moved = (places - points[:, None]).norm(dim=2) / self._unit
        nearest = ((distances + changes) / 2 + _STILL * moved).argmin(dim=1)
        rows = torch.arange(len(points), device=points.device)
        left = moved[rows, nearest] > 0
        self.before = torch.where(left[:, None, None], found[rows, nearest], self.before)
        return places[rows, nearest], float(distances[rows, nearest].max())

    def pull(self, maps: Sequence[Tensor], points: Tensor, gaps: Tensor) -> Tensor:
        """Motion supervision: how unlike the places a step nearer to the targets are to what shall come there."""
        lengths = gaps.norm(dim=1, keepdim=True)
        strides = gaps / lengths.clamp(min=1e-6) * lengths.clamp(max=_STRIDE * self._unit)
        there = self._patches(maps, (points + strides)[:, None])[:, 0]
        return (there - self._template).square().mean().clamp(min=1e-12).sqrt()


def _square(reach: float, spacing: float, device: torch.device) -> Tensor:
    """Places (n, 2) in a square around 0, row by row."""
    count = round(reach / spacing)
    line = torch.arange(-count, count + 1, device=device, dtype=torch.float32) * spacing
    return torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1).reshape(-1, 2)
