"""The square around a face as face networks were taught it, and cutting such a square out of a photo. No torch.

Karras, Laine and Aila 2019, "A style-based generator architecture for generative adversarial networks"
(arXiv:1812.04948), appendix C, gives the square by eyes and mouth. Networks that were trained on FFHQ, and most that
were fine-tuned from them, draw a face at exactly that place; a photo cut otherwise is never found in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.recipes.square import Square

Point = tuple[float, float]

_EYES_TO_MOUTH = 1.05
"""Usual distance from the eyes' middle to the mouth's, in distances of the eyes: where only the eyes are known."""


@dataclass(frozen=True)
class Face:
    """A face that was found.

    Attributes
    ----------
    box : left, top, right and bottom in pixels.
    landmarks : (x, y) in pixels of five points: left eye, right eye, tip of the nose, left and right corner of the
        mouth; left is what lies left in the picture.
    score : how sure it is a face, 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: tuple[Point, ...]
    score: float

    @property
    def area(self) -> float:
        """Pixels in the box."""
        return (self.box[2] - self.box[0] + 1) * (self.box[3] - self.box[1] + 1)

    def scaled(self, factor: float) -> Face:
        """The same face in a picture ``factor`` times larger."""
        left, top, right, bottom = (edge * factor for edge in self.box)
        marks = tuple((x * factor, y * factor) for x, y in self.landmarks)
        return replace(self, box=(left, top, right, bottom), landmarks=marks)


def face_square(face: Face, width: int, height: int) -> Square:
    """The square around ``face`` in a photo of ``width`` x ``height`` pixels, as FFHQ's pictures are cut."""
    left, right, _, mouth_left, mouth_right = face.landmarks
    return _square(left, right, _middle(mouth_left, mouth_right), width, height)


def eyes_square(left: Point, right: Point, width: int, height: int) -> Square:
    """As :func:`face_square` by the eyes alone, in pixels: the mouth is taken to be where it usually is."""
    x, y = _middle(left, right)
    down = _EYES_TO_MOUTH * (right[0] - left[0]), _EYES_TO_MOUTH * (right[1] - left[1])
    return _square(left, right, (x - down[1], y + down[0]), width, height)


def square_eyes(square: Square, width: int, height: int) -> tuple[Point, Point]:
    """The places of the eyes in ``square``, in pixels of the photo: the inverse of :func:`eyes_square`."""
    side = square.side * min(width, height)
    turn = math.radians(square.angle)
    apart = side / max(4.0, 3.6 * _EYES_TO_MOUTH)
    across, down = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))
    above = 0.1 * _EYES_TO_MOUTH * apart
    x, y = square.x * width - above * down[0], square.y * height - above * down[1]
    half = apart / 2
    return (x - half * across[0], y - half * across[1]), (x + half * across[0], y + half * across[1])


def square_corners(square: Square, width: int, height: int) -> tuple[Point, Point, Point, Point]:
    """The corners in pixels of the photo: left top, right top, right bottom, left bottom of the square's picture."""
    half = square.side * min(width, height) / 2
    turn = math.radians(square.angle)
    ax, ay = half * math.cos(turn), half * math.sin(turn)
    x, y = square.x * width, square.y * height
    return (
        (x - ax + ay, y - ay - ax),
        (x + ax + ay, y + ay - ax),
        (x + ax - ay, y + ay + ax),
        (x - ax - ay, y - ay + ax),
    )


def cut_square(photo: NDArray[np.uint8], square: Square, size: int) -> NDArray[np.uint8]:
    """The picture in ``square`` of a photo (h, w, 3), as uint8 (size, size, 3); beyond its edges the photo is mirrored.

    A photo much finer than ``size`` is averaged down first, so that nothing flickers.
    """
    height, width = photo.shape[:2]
    picture = Image.fromarray(np.ascontiguousarray(photo[..., :3]))
    step = square.side * min(width, height) / size
    if step > 1:
        sized = max(1, round(width / step)), max(1, round(height / step))
        picture = picture.resize(sized, Image.Resampling.LANCZOS)
        width, height = sized
    corners = square_corners(square, width, height)
    left, top = (math.floor(min(corner[axis] for corner in corners)) - 2 for axis in (0, 1))
    right, bottom = (math.ceil(max(corner[axis] for corner in corners)) + 2 for axis in (0, 1))
    pixels = np.asarray(picture)
    rows, columns = _mirrored(top, bottom, height), _mirrored(left, right, width)
    around = Image.fromarray(np.ascontiguousarray(pixels[rows[:, None], columns[None]]))
    x, y = corners[0][0] - left, corners[0][1] - top
    across = (corners[1][0] - corners[0][0]) / size, (corners[1][1] - corners[0][1]) / size
    affine = (across[0], -across[1], x, across[1], across[0], y)
    return np.array(around.transform((size, size), Image.Transform.AFFINE, affine, Image.Resampling.BICUBIC))


def _square(left: Point, right: Point, mouth: Point, width: int, height: int) -> Square:
    """Appendix C, in image coordinates (y goes down)."""
    eyes = _middle(left, right)
    apart = right[0] - left[0], right[1] - left[1]
    down = mouth[0] - eyes[0], mouth[1] - eyes[1]
    side = max(4.0 * math.hypot(*apart), 3.6 * math.hypot(*down))
    across = apart[0] + down[1], apart[1] - down[0]
    return Square(
        x=(eyes[0] + 0.1 * down[0]) / width,
        y=(eyes[1] + 0.1 * down[1]) / height,
        side=side / min(width, height),
        angle=math.degrees(math.atan2(across[1], across[0])),
    )


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _mirrored(first: int, end: int, count: int) -> NDArray[np.intp]:
    """The places ``first`` to ``end`` (not included) of ``count`` that repeat mirrored in both directions."""
    places = np.arange(first, end) % (2 * count)
    return np.minimum(places, 2 * count - 1 - places)
