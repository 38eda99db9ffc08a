"""Who may draw on the stylizer's canvas."""

from __future__ import annotations

import pytest

from studio.recipes import FileRef, PhotoRecipe, StyleUse
from studio.ui.stylize.canvas_source import CanvasSource, canvas_source
from studio.ui.stylize.draft import Draft

PHOTO = PhotoRecipe(photo=FileRef(hash="a" * 64, name="photo.png"))
STYLED = Draft(content=PHOTO, styles=(StyleUse(source=PHOTO),))


@pytest.mark.parametrize(
    ("draft", "states", "wanted"),
    [
        (Draft(), {}, CanvasSource.NOBODY),
        (Draft(texture=True), {}, CanvasSource.NOBODY),
        (Draft(content=PHOTO), {}, CanvasSource.PHOTO),
        (Draft(content=PHOTO, texture=True), {}, CanvasSource.PHOTO),
        (Draft(styles=STYLED.styles, texture=True), {}, CanvasSource.PREVIEW),
        (STYLED, {}, CanvasSource.PREVIEW),
        (STYLED, {"has_final": True}, CanvasSource.FINAL),
        (STYLED, {"has_final": True, "missing": PHOTO.photo}, CanvasSource.MISSING),
        (STYLED, {"missing": PHOTO.photo, "looking": True}, CanvasSource.LOOKING),
        (STYLED, {"has_final": True, "looking": True, "clip_holds": True}, CanvasSource.CLIP),
        (Draft(), {"clip_holds": True}, CanvasSource.CLIP),
    ],
)
def test_one_at_a_time_draws_on_the_canvas(draft: Draft, states: dict[str, object], wanted: CanvasSource) -> None:
    circumstances: dict[str, object] = {"clip_holds": False, "looking": False, "missing": None, "has_final": False}
    assert canvas_source(draft, **circumstances | states) is wanted  # type: ignore[arg-type]
