"""Optical flow: where everything of one frame lies in the next, how far that is to be trusted, and where scenes end.

A flow is float32, (height, width, 2): for every pixel of one frame how far to the right and down, in pixels, the same
thing lies in another frame. Frames are uint8, (height, width, 3), both of the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from studio.base import Message, StudioError
from studio.base.files import file_stamp
from studio.base.paths import models_dir
from studio.media.ffmpeg_messages import silence_ffmpeg
from studio.recipes.sequences.film import FlowName

Flow = NDArray[np.float32]
Mask = NDArray[np.float32]
Picture = NDArray[np.uint8]

FLOW_SIDE = 1024
"""Flow is computed at this long side at most, and enlarged."""
LIGHT = 0.12
"""Difference of brightness, of 0..1, at which what the flow found is trusted by a third."""
CUT = 1.15
SURE = 0.012
"""Difference of brightness, of 0..1, up to which a guessed flow is as good as a found one."""
NOTHING = 0.05
"""Share of a frame that is known from the one before below which another scene begins whatever its colours are."""
_RAFT_UPDATES = 12
_RAFT_LEAST = 128


def flow_folder() -> Path:
    """The folder for weights of RAFT: ``models/flow`` of the artist."""
    return models_dir() / "flow"


def raft_weights(name: FlowName) -> Path | None:
    """The weights file of a RAFT, ``raft_small*.pth`` or ``raft_large*.pth`` as torchvision publishes them."""
    return min(flow_folder().glob(f"{name}*.pth"), default=None) if name != "dis" else None


def best_flow() -> FlowName:
    """The best flow there is here: RAFT when its weights are in the models folder, else DIS."""
    names: tuple[FlowName, ...] = ("raft_large", "raft_small")
    return next((name for name in names if raft_weights(name) is not None), "dis")


def flow_between(frame: Picture, other: Picture, name: FlowName = "dis", device: torch.device | str = "cpu") -> Flow:
    """The optical flow: the place in ``other`` of every pixel of ``frame``.

    Parameters
    ----------
    name : "dis" is Dense Inverse Search (Kroeger et al. 2016, arXiv:1603.03590) of OpenCV, on the processor; the others
        are RAFT (Teed and Deng 2020, arXiv:2003.12039) of torchvision, on ``device``.

    Raises
    ------
    StudioError
        When OpenCV or the weights of RAFT are missing, or the weights are none.
    """
    import cv2

    height, width = frame.shape[:2]
    factor = min(1.0, FLOW_SIDE / max(height, width))
    small = max(8, round(height * factor)), max(8, round(width * factor))
    a, b = (_at(each, *small) for each in (frame, other))
    flow = _dis(a, b) if name == "dis" else _raft(a, b, name, str(device))
    if small == (height, width):
        return flow
    scale = np.array([width / small[1], height / small[0]], np.float32)
    return np.asarray(cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR) * scale, np.float32)


def _at(picture: Picture, height: int, width: int) -> Picture:
    import cv2

    if picture.shape[:2] == (height, width):
        return picture
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _dis(frame: Picture, other: Picture) -> Flow:
    import cv2

    # The finest patches need some pixels: tiny frames are seen enlarged.
    enlarge = max(1, -(-96 // min(frame.shape[:2])))
    greys = []
    for each in (frame, other):
        grey = cv2.cvtColor(each, cv2.COLOR_RGB2GRAY)
        if enlarge > 1:
            grey = cv2.resize(grey, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_CUBIC)
        greys.append(grey)
    # Made anew each time: it keeps what it found last, and results must not depend on what came before.
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    search.setFinestScale(0)
    flow = search.calc(greys[0], greys[1], None)  # type: ignore[call-overload]
    if enlarge > 1:
        flow = cv2.resize(flow, frame.shape[1::-1], interpolation=cv2.INTER_AREA) / enlarge
    return np.asarray(flow, np.float32)


def _raft(frame: Picture, other: Picture, name: FlowName, device: str) -> Flow:
    path = raft_weights(name)
    if path is None:
        raise StudioError(
            Message("The weights of {name} are not in {folder}.", name=name, folder=flow_folder()),
            "Put torchvision's file there, or choose the flow “dis”.",
        )
    network = _raft_network(path, name, device, file_stamp(path))
    height, width = frame.shape[:2]
    # RAFT looks at an eighth of the size, and correlates what is left four times by halves.
    tall, wide = (max(_RAFT_LEAST, -(-side // 8) * 8) for side in (height, width))
    pair = []
    for each in (frame, other):
        padded = np.pad(each, ((0, tall - height), (0, wide - width), (0, 0)), mode="edge")
        tensor = torch.from_numpy(np.ascontiguousarray(padded)).to(device).permute(2, 0, 1)[None]
        pair.append(tensor.float() / 127.5 - 1)
    with torch.inference_mode():
        flow = network(pair[0], pair[1], _RAFT_UPDATES)[-1][0, :, :height, :width]
    return np.ascontiguousarray(flow.permute(1, 2, 0).float().cpu().numpy())


@cache
def _raft_network(path: Path, name: FlowName, device: str, _changed: int) -> Callable[..., list[torch.Tensor]]:
    from torchvision.models import optical_flow

    silence_ffmpeg()

    make = optical_flow.raft_large if name == "raft_large" else optical_flow.raft_small
    network = make(weights=None, progress=False)
    try:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # whatever a damaged or foreign file leads to
        raise StudioError(
            Message("{name} does not hold the weights of {network}.", name=path.name, network=name),
            "Get the file again, or take it out of the folder.",
        ) from error
    return network.eval().requires_grad_(False).to(device)  # type: ignore[no-any-return]


# --- what follows from a flow ----------------------------------------------------------------------------------------


def warp(picture: NDArray[np.float32], flow: Flow) -> NDArray[np.float32]:
    """The ``picture`` as the frame that ``flow`` starts from sees it: bicubic, its edge repeated beyond it.

    Parameters
    ----------
    picture : float32, (height, width) or (height, width, channels); the frame that ``flow`` leads to.

    Returns
    -------
    float32 of the shape of ``picture``; it may overshoot the range of ``picture`` a little.
    """
    import cv2

    rows, columns = _grid(*flow.shape[:2])
    return np.asarray(
        cv2.remap(picture, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_CUBIC, None, cv2.BORDER_REPLICATE),
        np.float32,
    )


def _grid(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rows, columns = np.meshgrid(np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32), indexing="ij")
    return rows, columns


def inside(flow: Flow) -> Mask:
    """1 where ``flow`` leads to a place within the other frame, else 0: float32 (height, width)."""
    height, width = flow.shape[:2]
    rows, columns = _grid(height, width)
    x, y = columns + flow[..., 0], rows + flow[..., 1]
    return np.asarray((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1), np.float32)


def consistent(flow: Flow, back: Flow) -> Mask:
    """1 where going by ``flow`` and returning by ``back`` ends where it began, else 0: what the other frame shows, too.

    The bounds are those of Ruder et al. 2016 ("Artistic style transfer for videos", arXiv:1604.08610, eq. 5, which are
    those of Sundaram et al. 2010).
    """
    returned = warp(back, flow)
    squares = (flow**2).sum(-1) + (returned**2).sum(-1)
    return inside(flow) * np.asarray(((flow + returned) ** 2).sum(-1) <= 0.01 * squares + 0.5, np.float32)


def motion_boundaries(flow: Flow) -> Mask:
    """1 where neighbours move differently, so that the flow is a guess, else 0.

    Ruder et al. 2016, eq. 6, with ten times their floor: a slow zoom is no boundary, nor is the noise of DIS.
    """
    down, right = np.gradient(flow, axis=(0, 1))
    bend = (down**2).sum(-1) + (right**2).sum(-1)
    return np.asarray(bend > 0.01 * (flow**2).sum(-1) + 0.02, np.float32)


def confidence(frame: Picture, before: Picture, flow: Flow, back: Flow) -> Mask:
    """Share of each pixel of ``frame`` that is known from the frame ``before``, float32 (height, width) in 0..1.

    Nothing where it was hidden or beyond the edge, at motion boundaries, and where what lay there looked different
    (a changed light, a flow that is wrong); from there to full confidence it rises softly.

    Parameters
    ----------
    flow, back : from ``frame`` to ``before``, and from ``before`` to ``frame``.
    """
    import cv2

    known = consistent(flow, back) * (1 - motion_boundaries(flow))
    # Single pixels in doubt make holes one sees; single trusted ones make dots.
    known = cv2.medianBlur(np.asarray(known * 255, np.uint8), 5).astype(np.float32) / np.float32(255)
    moved = warp(before.astype(np.float32), flow)
    apart = np.abs(moved - frame.astype(np.float32)).mean(-1) / np.float32(255)
    apart = cv2.GaussianBlur(apart, (0, 0), 1.5)
    light = np.exp(-np.square(apart / np.float32(LIGHT)))
    soft = cv2.GaussianBlur(known, (0, 0), 1.0)
    return np.asarray(np.maximum(soft, 0) * light, np.float32)


def settled(frame: Picture, before: Picture, flow: Flow, known: Mask) -> tuple[Flow, Mask]:
    """``flow`` and ``known`` with what a guess makes good where the flow is not to be trusted.

    On plain walls, skies and stripes a flow wanders, forth and back differently, and strokes there would be made anew
    every frame. There the motion of what is known around is tried, and none at all: where that gives just the picture
    there is, it is taken. What comes into view looks different from what it would be taken for, and stays unknown.

    Parameters
    ----------
    flow, known : from ``frame`` to ``before``, and its :func:`confidence`.
    """
    import cv2

    new, old = (each.astype(np.float32) for each in (frame, before))
    reach = max(frame.shape[:2]) / 24
    sums = cv2.GaussianBlur(np.dstack([flow * known[..., None], known]), (0, 0), reach)
    around = np.asarray(sums[..., :2] / np.maximum(sums[..., 2:], 1e-4), np.float32)
    flow, known = flow.copy(), known.copy()
    for guess in (around, np.zeros_like(flow)):
        apart = np.abs(warp(old, guess) - new).mean(-1) / np.float32(255)
        # The worst nearby counts: of an edge that has moved the most part agrees, too.
        worst = cv2.dilate(cv2.GaussianBlur(apart, (0, 0), 1.0), np.ones((5, 5), np.uint8))
        trust = cv2.GaussianBlur(np.exp(-np.square(worst / np.float32(SURE))) * inside(guess), (0, 0), 1.0)
        better = trust > known + np.float32(0.25)  # not pixel by pixel the one or the other
        flow[better], known[better] = guess[better], trust[better]
    return flow, known


def histogram_distance(frame: Picture, before: Picture) -> float:
    """Share of the colours that is different, 0..1: half the sum of differences of histograms of 8 x 8 x 8 colours."""
    found = []
    for each in (frame, before):
        step = max(1, max(each.shape[:2]) // 256)
        bins = (each[::step, ::step] >> 5).reshape(-1, 3).astype(np.int64)
        counts = np.bincount(bins @ np.array([64, 8, 1]), minlength=512).astype(np.float64).reshape(8, 8, 8)
        # Neighbouring colours count as alike by half: a little more light is no other scene.
        for axis in range(3):
            padded = np.pad(counts, [(1, 1) if each == axis else (0, 0) for each in range(3)], mode="edge")
            low, high = (np.take(padded, range(start, start + 8), axis) for start in (0, 2))
            counts = counts / 2 + (low + high) / 4
        found.append(counts / counts.sum())
    return float(np.abs(found[0] - found[1]).sum() / 2)


def is_cut(frame: Picture, before: Picture, known: Mask) -> bool:
    """True if another scene begins with ``frame``: little of it is known from ``before``, and its colours are others.

    ``known`` is the :func:`confidence`. A fast pan knows little but keeps the colours; a change of light keeps the
    shapes. Shots of one place may share their colours, too: but where next to nothing is known there is nothing to
    follow, be it a cut or a whip of the camera.
    """
    if float(known.mean()) < NOTHING:
        return True
    return histogram_distance(frame, before) + 1 - float(known.mean()) > CUT
