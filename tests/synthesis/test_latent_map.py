"""The map of a latent space: one picture a place, smooth, and as likely everywhere as any seed."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio.engine import Engine
from studio.engine.jobs.latent_map import map_recipes
from studio.networks import stylegan2, stylegan3
from studio.recipes import FileRef, LatentSeed, SampleRecipe, StyleMix
from studio.synthesis.latent_map import (
    EDGE,
    PERSISTENCE,
    MapPin,
    Place,
    _node,
    anchor_place,
    grid,
    landmarks,
    nearness,
    spacing,
    z_at,
)
from studio.synthesis.latents import LatentSpace


def z_of(places: list[Place]) -> NDArray[np.float32]:
    return np.stack([z_at(place, 32) for place in places])


COORDINATES = st.floats(-1000, 1000)


@given(COORDINATES, COORDINATES)
def test_a_place_is_one_latent_and_its_neighbours_are_near(x: float, y: float) -> None:
    here = z_at((x, y), 16)
    _node.cache_clear()
    assert np.array_equal(here, z_at((x, y), 16))
    assert np.abs(z_at((x + 1e-7, y - 1e-7), 16) - here).max() < 0.01, "no edge between cells"


def test_z_is_standard_normal_on_the_nodes_and_between_them() -> None:
    for shift in (0.0, 0.5):
        places = [(3.0 * i + shift, 3.0 * j + shift) for i in range(-10, 10) for j in range(-10, 10)]
        found = z_of(places)
        assert abs(float(found.mean())) < 0.03 and float(found.std()) == pytest.approx(1, abs=0.03)
    assert not np.array_equal(z_at((-1.0, 0.0), 32), z_at((1.0, 0.0), 32))
    assert np.array_equal(z_at((2 * EDGE, 0.0), 8), z_at((EDGE, 0.0), 8))


def test_the_variety_seen_shrinks_by_the_same_share_at_every_zoom() -> None:
    def seen(step: float) -> float:
        pairs = [z_of([(7.3 * n, 1.0), (7.3 * n + step, 1.0)]) for n in range(60)]
        return math.sqrt(float(np.mean([np.square(a - b) for a, b in pairs])))

    for step in (0.5, 1 / 16, 1 / 128):
        assert seen(step / 2) / seen(step) == pytest.approx(PERSISTENCE, abs=0.1)
    assert seen(1 / 128) > 0.01


def test_landmarks_stay_when_one_zooms_in() -> None:
    assert spacing(1) == 1 and spacing(1.9) == 0.5 and spacing(0.5) == 2
    far, near = landmarks((0.3, 0.2), 1, 4, 4), landmarks((0.3, 0.2), 2, 4, 4)
    inside = {place for place in far if max(abs(place[0] - 0.3), abs(place[1] - 0.2)) <= 1}
    assert inside and inside <= set(near) and near[0] == (0.5, 0.0)
    assert grid((1.0, 2.0), 2, 3, 1) == [(0.5, 2.0), (1.0, 2.0), (1.5, 2.0)]


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_picture_from_elsewhere_has_a_place_of_its_own(name: str) -> None:
    place = anchor_place(name)
    assert all(abs(value) <= EDGE and value % 256 == 0 for value in place) and anchor_place(name) == place
    assert nearness(place, place) == 1 and 0 < nearness((place[0] + 1, place[1] - 1), place) < 0.5
    assert nearness((place[0] + 2, place[1]), place) == 0


@pytest.mark.parametrize("kind", ["stylegan2", "stylegan3"])
def test_the_map_is_bent_to_a_picture_and_the_same_far_from_it(kind: str) -> None:
    torch.manual_seed(0)
    net: stylegan2.Generator | stylegan3.Generator
    if kind == "stylegan2":
        sizes = stylegan2.StyleGAN2Config(resolution=8, z_dim=8, w_dim=8, channel_base=64, channel_max=8)
        net = stylegan2.Generator(sizes)
    else:
        net = stylegan3.Generator(
            stylegan3.StyleGAN3Config(resolution=16, z_dim=8, w_dim=8, channel_base=64, channel_max=8)
        )
    space = LatentSpace(net.eval().requires_grad_(False))
    engine = cast(Engine, SimpleNamespace(space_of=lambda _recipe: space))
    model = FileRef(hash="0" * 64)
    mix = StyleMix(latent=LatentSeed(seed=4), layers=(2, 3))
    picture = SampleRecipe(model=model, latent=LatentSeed(seed=3), style_mix=(mix,))
    base, anchor = SampleRecipe(model=model), MapPin(x=256.0, y=0.0, recipe=picture)
    places = [(256.0, 0.0), (256.0 + 1e-4, 0.0), (257.0, 0.0), (259.0, 0.0)]
    plain, bent = map_recipes(engine, base, places), map_recipes(engine, base, places, [anchor])
    codes = [space.recipe_code(recipe) for recipe in bent]
    assert bent[0] == picture and torch.allclose(codes[1], codes[0], atol=0.01)
    assert bent[2] != plain[2] and bent[3] == plain[3]
    pictures = [space.picture(code, base) for code in codes]
    assert not torch.equal(pictures[0], pictures[2]) and not torch.equal(pictures[2], pictures[3]), "each place its own"
