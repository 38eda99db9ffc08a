"""Dragging: points of a picture are moved to where they shall be, by optimising its w.

Pan et al. 2023, "Drag your GAN: interactive point-based manipulation on the generative image manifold"
(arXiv:2305.10973), written from the paper: motion supervision on the features of a middle layer, and tracking of the
points by the nearest neighbour among those features. Positions are (x, y) in pixels of the picture, from its left top
corner; lengths of the method are in quarters of a place of the feature maps: from 128 px up the picture's width / 256,
the paper's unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.base import StudioError
from studio.networks import dcgan
from studio.recipes import SampleRecipe
from studio.synthesis.latents import LatentSpace, noise_options

Point = tuple[float, float]

MAX_STEPS = 150
NEAR = 1.5
"""Mean distance at which the points have arrived."""
PATIENCE = 30
"""Steps without a shorter distance after which the drag ends."""
_FEATURE_SIDE = 64
_SUPERVISED = 3.0  # radius of the patch that is pulled
_TRACKED = 9  # half the side of the square in which a point is looked for
_STRIDE = 2.0  # how far a patch is pulled in a step
_RATE = 0.01  # of Adam, in standard deviations of w
_MASK_WEIGHT = 20.0
_MOVING_LAYERS = 8  # the coarser ones decide what is where; finer ones would repaint instead of move


@dataclass(frozen=True)
class DragStep:
    """The state of a drag after a step.

    Attributes
    ----------
    step : 0 before the first change.
    handles : where the points are now.
    distance : mean distance of the points from their targets, in pixels.
    code : ws (1, num_ws, w_dim) that draws it.
    """

    step: int
    handles: tuple[Point, ...]
    distance: float
    code: Tensor


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

    It ends when the points have arrived on average within 1.5 / 256 of the picture's width, after 30 steps without
    coming nearer, or after ``steps``. What comes last is the nearest that was reached. The same arguments give the same
    steps on the same device.

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
    free = start[:, :_MOVING_LAYERS].clone().requires_grad_(True)
    deviation = float(space.covariance().diagonal().mean().sqrt())
    optimizer = torch.optim.Adam([free], lr=_RATE * deviation)
    points = torch.tensor(handles, dtype=torch.float32, device=space.device)
    goals = torch.tensor(targets, dtype=torch.float32, device=space.device)
    first: Tensor | None = None
    first_points: Tensor | None = None
    held: Tensor | None = None
    best: DragStep | None = None
    for step in range(steps + 1):
        with torch.enable_grad():
            code = torch.cat([free, start[:, _MOVING_LAYERS:]], dim=1)
            features = net.synthesis.features(code, side, **noise_options(recipe))
        assert isinstance(features, Tensor)
        if first is None:
            first = features.detach()
            first_points = _sampled(first, points[:, None], size)
            if movable is not None:
                mask = movable.to(first)[None, None]
                held = 1 - F.adaptive_max_pool2d(mask, first.shape[-2:])
        else:
            assert first_points is not None
            points = _tracked(features.detach(), points, first_points, size)
        gaps = goals - points
        lengths = gaps.norm(dim=1)
        now = DragStep(
            step,
            tuple((float(x), float(y)) for x, y in points.tolist()),
            float(lengths.mean()),
            code.detach(),
        )
        if best is None or now.distance < best.distance:
            best = now
        yield now
        if now.distance <= NEAR * unit or step - best.step >= PATIENCE or step == steps:
            break
        with torch.enable_grad():
            loss = _pull(features, points, gaps, size)
            if held is not None and float(held.sum()) > 0:
                changed = (features - first).abs() * held
                loss = loss + _MASK_WEIGHT * changed.sum() / (held.sum() * features.shape[1])
        [free.grad] = torch.autograd.grad(loss, [free])
        optimizer.step()
    assert best is not None
    if best.step != now.step:
        yield DragStep(now.step, best.handles, best.distance, best.code)


def _sampled(features: Tensor, places: Tensor, size: int) -> Tensor:
    """Features (1, c, r, r) at ``places`` (points, k, 2) in pixels of a picture of ``size``: (points, k, c)."""
    grid = (places + 0.5) / size * 2 - 1
    found = F.grid_sample(features, grid[None], mode="bilinear", padding_mode="border", align_corners=False)
    return found[0].permute(1, 2, 0)


def _pull(features: Tensor, points: Tensor, gaps: Tensor, size: int) -> Tensor:
    """Motion supervision: the patch around each point shall be found a little nearer to the target."""
    unit = size / features.shape[-1] / 4
    reach = math.ceil(_SUPERVISED)
    line = torch.arange(-reach, reach + 1, device=points.device, dtype=torch.float32)
    around = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1).reshape(-1, 2)
    around = around[around.norm(dim=1) <= _SUPERVISED] * unit
    lengths = gaps.norm(dim=1, keepdim=True)
    steps = gaps / lengths.clamp(min=1e-6) * lengths.clamp(max=_STRIDE * unit)
    places = points[:, None] + around[None]
    here = _sampled(features, places, size).detach()
    there = _sampled(features, places + steps[:, None], size)
    return (here - there).abs().mean()


def _tracked(features: Tensor, points: Tensor, wanted: Tensor, size: int) -> Tensor:
    """The places near ``points`` whose features are the most alike to ``wanted`` (points, 1, c)."""
    unit = size / features.shape[-1] / 4
    line = torch.arange(-_TRACKED, _TRACKED + 1, device=points.device, dtype=torch.float32) * unit
    around = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1).reshape(-1, 2)
    places = (points[:, None] + around[None]).clamp(0, size - 1)
    difference = (_sampled(features, places, size) - wanted).abs().sum(dim=2)
    nearest = difference.argmin(dim=1)
    return places[torch.arange(len(points), device=points.device), nearest]
