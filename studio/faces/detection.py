"""Finding faces with five landmarks by the cascade of MTCNN (Zhang et al. 2016, arXiv:1604.02878).

A pyramid of the picture is searched for squares that may be a face; two networks look at each of these more closely,
the last one with a place for eyes, nose and the corners of the mouth. Written from the paper; what the weights expect
beside it (one pixel added to sides, squares cut at the picture's edge, averages over areas for sizing) is a fact of
their training, kept so that boxes and landmarks are those of the published program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.faces.alignment import Face
from studio.media.ffmpeg_messages import silence_ffmpeg

if TYPE_CHECKING:
    from torch import Tensor, nn

    from studio.networks.mtcnn import FaceNetworks

SMALLEST = 20
"""Side of the smallest faces that are looked for, in pixels."""
_LARGEST_SIDE = 1024  # larger pictures are searched smaller: nobody restyles a face of a fiftieth of the picture
_STEP = 0.709  # from one size of the pyramid to the next: areas halve
_THRESHOLDS = (0.6, 0.7, 0.7)  # probability that each network asks for
_SAME_SIZE_OVERLAP, _OVERLAP = 0.5, 0.7
_BATCH = 512


def find_faces(networks: FaceNetworks, picture: NDArray[np.uint8], *, smallest: int = SMALLEST) -> list[Face]:
    """Faces in a picture (h, w, 3 or 4), the largest first, in pixels of it; none in a picture below 12 pixels.

    Parameters
    ----------
    smallest : side of the smallest faces looked for, in pixels; larger is faster. Pictures of more than 1024 pixels are
        searched at that size, and there for no faces below 20 pixels.
    """
    import torch
    import torch.nn.functional as F

    from studio.networks.mtcnn import FINAL, REFINED

    height, width = picture.shape[:2]
    shrunk = min(1.0, _LARGEST_SIDE / max(height, width))
    device = next(networks.parameters()).device
    with torch.no_grad():
        image = torch.from_numpy(np.array(picture[..., :3])).to(device).permute(2, 0, 1)[None].float()
        image = (image - 127.5) / 128
        if shrunk < 1:
            image = F.interpolate(image, (max(1, round(height * shrunk)), max(1, round(width * shrunk))), mode="area")
        boxes = _squared(_proposals(networks, image, max(smallest * shrunk, min(smallest, SMALLEST))))
        scores, places = _answers_of(networks.rnet, image, boxes, REFINED)
        good = scores > _THRESHOLDS[1]
        boxes, scores, places = boxes[good], scores[good], places[good]
        kept = _distinct(boxes, scores, _OVERLAP)
        boxes = _squared(_placed(boxes[kept], places[kept], 1))
        scores, places, landmarks = _answers_of(networks.onet, image, boxes, FINAL)
        good = scores > _THRESHOLDS[2]
        boxes, scores, places, landmarks = boxes[good], scores[good], places[good], landmarks[good]
        corners, sides = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None] + 1
        landmarks = corners + sides * landmarks - 1
        boxes = _placed(boxes, places, 1)
        faces = [
            Face(
                (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                tuple((float(x), float(y)) for x, y in marks),
                float(score),
            ).scaled(1 / shrunk)
            for box, marks, score in zip(boxes.cpu(), landmarks.cpu(), scores.cpu(), strict=True)
        ]
    return sorted(_not_nested(faces), key=lambda face: -face.area)


def _proposals(networks: FaceNetworks, image: Tensor, smallest: float) -> Tensor:
    """Boxes (n, 4) that may hold a face, as (left, top, right, bottom)."""
    import torch
    import torch.nn.functional as F

    from studio.networks.mtcnn import CELL, STRIDE

    height, width = image.shape[-2:]
    found_boxes, found_scores, found_places = [], [], []
    scale = CELL / smallest
    while min(height, width) * scale >= CELL:
        sized = F.interpolate(image, (int(height * scale + 1), int(width * scale + 1)), mode="area")
        scores, places = networks.pnet(sized)
        row, column = (scores[0] >= _THRESHOLDS[0]).nonzero(as_tuple=True)
        corner = STRIDE * torch.stack([column, row], dim=1).to(image) + 1
        boxes = torch.cat([(corner / scale).floor(), ((corner + CELL - 1) / scale).floor()], dim=1)
        kept = _distinct(boxes, scores[0, row, column], _SAME_SIZE_OVERLAP)
        found_boxes.append(boxes[kept])
        found_scores.append(scores[0, row, column][kept])
        found_places.append(places[0, :, row, column].T[kept])
        scale *= _STEP
    if not found_boxes:
        return image.new_zeros(0, 4)
    boxes, scores, places = torch.cat(found_boxes), torch.cat(found_scores), torch.cat(found_places)
    kept = _distinct(boxes, scores, _OVERLAP)
    return _placed(boxes[kept], places[kept], 0)


def _answers_of(network: nn.Module, image: Tensor, boxes: Tensor, side: int) -> tuple[Tensor, ...]:
    """The answer of ``network`` to each box, cut out of the picture and sized to ``side``."""
    import torch
    import torch.nn.functional as F

    height, width = image.shape[-2:]
    cuts = []
    for left, top, right, bottom in boxes.trunc().int().tolist():
        # The weights were trained with coordinates that begin at 1.
        left, top = max(left, 1) - 1, max(top, 1) - 1
        cut = image[..., top : max(min(bottom, height), top + 1), left : max(min(right, width), left + 1)]
        cuts.append(F.interpolate(cut, (side, side), mode="area") if cut.numel() else image.new_zeros(1, 3, side, side))
    squares = torch.cat(cuts) if cuts else image.new_zeros(0, 3, side, side)
    parts = [network(squares[start : start + _BATCH]) for start in range(0, max(len(squares), 1), _BATCH)]
    return tuple(torch.cat(column) for column in zip(*parts, strict=True))


def _placed(boxes: Tensor, places: Tensor, added: int) -> Tensor:
    """Boxes moved and sized by ``places``, shares of their sides (``added`` pixels longer) for each edge."""
    sides = boxes[:, 2:] - boxes[:, :2] + added
    return boxes + places * sides.repeat(1, 2)


def _squared(boxes: Tensor) -> Tensor:
    """The squares around the same centres with the longer sides."""
    import torch

    sides = boxes[:, 2:] - boxes[:, :2]
    longer = sides.amax(dim=1, keepdim=True)
    corners = boxes[:, :2] + (sides - longer) / 2
    return torch.cat([corners, corners + longer], dim=1)


def _distinct(boxes: Tensor, scores: Tensor, overlap: float) -> Tensor:
    """Indices of the boxes that overlap no likelier one, the likeliest first."""
    from torchvision.ops import nms

    silence_ffmpeg()

    kept: Tensor = nms(boxes, scores, overlap)
    return kept


def _not_nested(faces: list[Face]) -> list[Face]:
    """The faces that lie in no likelier one: the overlap counts against the smaller of two."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(_shared(face, other) <= _OVERLAP for other in kept):
            kept.append(face)
    return kept


def _shared(a: Face, b: Face) -> float:
    """Share of the smaller of two boxes that lies in the other, 0..1; sides count their pixels."""
    width = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0]) + 1
    height = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1]) + 1
    return max(0.0, width) * max(0.0, height) / min(a.area, b.area)
