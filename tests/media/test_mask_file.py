"""Pictures that are taken as masks."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from studio.base import StudioError
from studio.media.mask_file import mask_from
from tests.support.mask_files import halves, png

SIZE = (60, 40)


def taken(data: bytes) -> tuple[np.ndarray, str]:
    found = mask_from(data, "mask.png", SIZE)
    return np.asarray(Image.open(io.BytesIO(found.png))), " ".join(map(str, found.notes))


def test_what_counts_of_a_picture() -> None:
    grey, said = taken(png(halves(0, 255)))
    assert grey.shape == (40, 60) and (grey[0, 0], grey[0, 59]) == (0, 255) and not said
    grey, said = taken(png(halves((255, 0, 0), (255, 255, 255))))
    assert grey[0, 0] == 76 and grey[0, 59] == 255 and "colours" in said
    shape, said = taken(png(halves((9, 9, 9, 0), (9, 9, 9, 255))))  # a black shape, cut out
    assert (shape[0, 0], shape[0, 59]) == (0, 255) and "shape" in said
    both = halves((0, 0, 0, 255), (255, 255, 255, 255)).copy()
    both[:, :20] = (255, 255, 255, 0)
    both, said = taken(png(both))
    assert (both[0, 0], both[0, 25], both[0, 59]) == (0, 0, 255) and "transparent" in said
    _, said = taken(png(np.tile(np.arange(64) * 4, (64, 1))))
    assert "64 × 64" in said and "stretched" in said


@pytest.mark.parametrize(("shade", "words"), [(255, "masks nothing"), (3, "nothing would be restyled")])
def test_a_picture_that_is_the_same_everywhere_is_refused(shade: int, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        taken(png(np.full((40, 60), shade)))
    with pytest.raises(StudioError):
        taken(b"no picture")
