"""Learned directions, variations, layers and walks, on small networks."""

from __future__ import annotations

import pytest
import torch

from studio.base import StudioError, drain
from studio.networks import stylegan2
from studio.recipes import DirectionMove, FileRef, LatentMix, LatentSeed, SampleRecipe, StyleMix
from studio.recipes.direction_set import DIRECTIONS, DirectionSet, LayerParts, NamedDirection, usual_parts
from studio.recipes.mixing import layer_latents, mixed, with_layer_latents
from studio.synthesis.blending import blend
from studio.synthesis.latents import LatentSpace
from studio.synthesis.layer_parts import measure_parts, parts_from, structure_change
from studio.synthesis.variations import depth, variation
from studio.synthesis.walk import STEPS, RandomWalk

MODEL = FileRef(hash="0" * 64, name="test")
SAMPLE = SampleRecipe(model=MODEL, latent=LatentSeed(seed=1))


def seeded(seed: int) -> SampleRecipe:
    return SAMPLE.model_copy(update={"latent": LatentSeed(seed=seed)})


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    torch.manual_seed(0)
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8)
    return LatentSpace(stylegan2.Generator(config).eval().requires_grad_(False))


def test_a_learned_direction_leads_from_one_choice_to_the_other(space: LatentSpace) -> None:
    vector = torch.tensor(space.learned([seeded(1), seeded(2)], [seeded(3)]))
    ws = [space.recipe_code(seeded(seed)).mean(dim=1)[0] for seed in (1, 2, 3)]
    difference = (ws[0] + ws[1]) / 2 - ws[2]
    assert torch.cosine_similarity(vector, difference, dim=0) > 0.9999
    unit = (vector / vector.norm()).double()
    assert float(vector.norm()) == pytest.approx(float((unit @ space.covariance() @ unit).sqrt()), rel=1e-4)
    for more, less in (([], [seeded(1)]), ([seeded(1)], [seeded(1)])):
        with pytest.raises(StudioError):
            space.learned(more, less)


def test_a_variation_is_the_picture_at_0_and_the_other_at_1_but_for_what_is_kept(space: LatentSpace) -> None:
    base = SAMPLE.model_copy(update={"style_mix": (StyleMix(latent=LatentSeed(seed=9), layers=(5,)),)})
    own, other = space.recipe_code(base), space.recipe_code(seeded(7))
    near, far = (variation(base, 7, distance, layers=6, kept={0, 1}) for distance in (0.0, 1.0))
    assert torch.allclose(space.recipe_code(near), own, atol=1e-6)
    code = space.recipe_code(far)
    assert torch.equal(code[:, :2], own[:, :2]) and torch.allclose(code[:, 2:], other[:, 2:], atol=1e-6)
    plain = variation(SAMPLE, 7, 0.5, layers=0)
    assert plain.latent == LatentMix(a=SAMPLE.latent, b=LatentSeed(seed=7), amount=0.5)
    assert depth(plain) == 2 and depth(variation(plain, 8, 0.5, layers=0)) == 3


def test_layers_take_their_latents_back_and_forth() -> None:
    a, b = LatentSeed(seed=5), LatentSeed(seed=6)
    recipe = mixed(mixed(SAMPLE, a, (0, 1, 2), 6), b, (2, 3), 6)
    assert recipe.style_mix == (StyleMix(latent=a, layers=(0, 1)), StyleMix(latent=b, layers=(2, 3)))
    assert layer_latents(recipe, 6) == [a, a, b, b, SAMPLE.latent, SAMPLE.latent]
    assert with_layer_latents(recipe, [SAMPLE.latent] * 6) == SAMPLE


def test_parts_follow_what_the_layers_change(space: LatentSpace) -> None:
    found = parts_from([5.0, 4.0, 1.0, 0.5, 0.2, 0.1, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0, 1.0, 0.3, 0.2, 0.1])
    assert found == LayerParts(features=2, colour=5)
    assert parts_from([0.0] * 6, [0.0] * 6) == usual_parts(6)
    measured = drain(measure_parts(space, MODEL))
    layers = [measured.layers_of(part, 6) for part in range(3)]
    assert [layer for part in layers for layer in part] == list(range(6)) and all(layers)


def test_another_colouring_changes_no_structure() -> None:
    picture = torch.arange(0, 240, 1, dtype=torch.uint8).reshape(12, 20)[..., None].expand(-1, -1, 3)
    tinted = (picture.float() * torch.tensor([0.9, 0.5, 0.7]) + 20).to(torch.uint8)
    assert structure_change(picture, tinted, 8) < 0.001 < 0.5 < structure_change(picture, picture.flip(0), 8)


def test_a_walk_is_smooth_bounded_and_its_seed_s_own() -> None:
    start = [1.0, -2.0, 0.0]
    walk, again = RandomWalk(start, seed=4), RandomWalk(start, seed=4)
    steps = [walk.advance() for _ in range(10 * STEPS)]
    assert steps == [again.advance() for _ in range(10 * STEPS)]
    assert max(abs(amount) for step in steps for amount in step) <= 2.0
    before = [start, *steps[:-1]]
    assert max(abs(a - b) for x, y in zip(before, steps, strict=True) for a, b in zip(x, y, strict=True)) < 0.25


def test_named_directions_find_their_moves_and_survive_a_file() -> None:
    first = NamedDirection(index=2, name="Waves", locked=True)
    style = NamedDirection(basis="style", index=2, layers=(4, 8))
    own = NamedDirection(basis="own", vector=(0.1, 0.2), name="Mine")
    recipe = own.moved(style.moved(first.moved(SAMPLE, 1.5, (0, 3)), -1.0, style.layers), 2.0)
    assert [one.amount_in(recipe) for one in (first, style, own)] == [1.5, -1.0, 2.0]
    assert NamedDirection(basis="style", index=2, layers=(0, 3)).amount_in(recipe) == 0
    again = first.moved(recipe, 0.5, (0, 3))
    assert [move.amount for move in again.directions] == [0.5, -1.0, 2.0], "each in its place"
    assert first.moved(again, 0.0).directions == again.directions[1:]
    kept = DirectionSet(model=MODEL, parts=LayerParts(features=2, colour=4)).with_direction(first).with_direction(own)
    assert DIRECTIONS.loads(DIRECTIONS.dumps(kept)) == kept
    assert kept.noted(NamedDirection(index=2)).name == "Waves" and kept.without(own).directions == (first,)
    for wrong in ("{}", '{"format":"latent-studio-directions","version":3,"directions":{"model":{}}}', "no"):
        with pytest.raises(StudioError):
            DIRECTIONS.loads(wrong)
    with pytest.raises(ValueError, match="vector"):
        NamedDirection(basis="own")
    assert isinstance(recipe.directions[0], DirectionMove)


def test_a_blend_is_the_weighted_mean_of_w(space: LatentSpace) -> None:
    seeds, weights = (1, 2, 3, 4), (0.5, 0.0, 1.0, 0.25)
    found = space.recipe_code(SAMPLE.model_copy(update={"latent": blend([LatentSeed(seed=n) for n in seeds], weights)}))
    mean = sum(space.recipe_code(seeded(n)) * weight for n, weight in zip(seeds, weights, strict=True)) / sum(weights)
    assert torch.allclose(found, torch.as_tensor(mean), atol=1e-3)
    with pytest.raises(ValueError, match="nothing"):
        blend([LatentSeed()], [0.0])
