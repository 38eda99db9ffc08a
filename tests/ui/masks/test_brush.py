"""The brush that paints masks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.masks.brush import Brush, Stroke, is_empty


def dab(brush: Brush, *, before: int = 0, erases: bool = False) -> np.ndarray:
    mask = np.full((101, 101), before, np.uint8)
    Stroke(mask, brush, erases=erases).draw(mask, (50.5, 50.5), (50.5, 50.5))
    return mask


def test_hardness_and_strength() -> None:
    hard = dab(Brush(size=0.4))
    assert hard[50, 50] == 255 and hard[50, 50 + 18] == 255 and hard[50, 50 + 22] == 0
    soft = dab(Brush(size=0.4, hardness=0.0))
    assert soft[50, 50] > 240 and 100 < soft[50, 60] < 155 and soft[50, 50 + 22] == 0
    weak = dab(Brush(size=0.4, strength=0.25))
    assert weak[50, 50] == weak[50, 65] == 64
    assert dab(Brush(size=0.4, strength=0.25), before=255, erases=True)[50, 50] == 191


def test_a_stroke_that_crosses_itself_is_no_stronger_but_the_next_one_is() -> None:
    mask = np.zeros((60, 60), np.uint8)
    for expected in (128, 192):
        stroke = Stroke(mask, Brush(size=0.2, strength=0.5), erases=False)
        for start, end in (((10.0, 30.0), (50.0, 30.0)), ((50.0, 30.0), (10.0, 30.0)), ((30.0, 10.0), (30.0, 50.0))):
            stroke.draw(mask, start, end)
        assert mask[30, 30] == mask[30, 15] == expected


@given(st.floats(0.01, 0.5), st.floats(-20, 80), st.floats(-20, 80), st.floats(-20, 80), st.floats(-20, 80))
def test_erasing_the_same_stroke_leaves_nothing(size: float, x0: float, y0: float, x1: float, y1: float) -> None:
    mask = np.zeros((60, 60), np.uint8)
    for erases in (False, True):
        Stroke(mask, Brush(size=size), erases=erases).draw(mask, (x0, y0), (x1, y1))
        assert erases or mask.max() <= 64 or not is_empty(mask)
    assert is_empty(mask)


def test_a_weak_stroke_is_no_empty_mask() -> None:
    assert not is_empty(dab(Brush(size=0.4, strength=0.05)))
