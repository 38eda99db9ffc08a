"""Latents, truncation, directions and paths, on a small network with known weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from studio.base import StudioError
from studio.networks import dcgan, stylegan2, stylegan3
from studio.recipes import (
    DirectionMove,
    FileRef,
    LatentMix,
    LatentSeed,
    LatentW,
    SampleRecipe,
    StyleMix,
)
from studio.synthesis.latents import LatentSpace, draw_z, slerp

MODEL = FileRef(hash="0" * 64, name="test")


def recipe(**values: object) -> SampleRecipe:
    return SampleRecipe(model=MODEL, **{"truncation": 1.0, **values})


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    torch.manual_seed(0)
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=24, channel_base=256, channel_max=16)
    net = stylegan2.Generator(config).eval().requires_grad_(False)
    net.mapping.w_avg.copy_(torch.randn(24) * 0.1)
    for module in net.modules():
        if isinstance(module, stylegan2.ModulatedConv):
            module.noise_strength.fill_(0.2)
    return LatentSpace(net)


@pytest.fixture(scope="module")
def plain() -> LatentSpace:
    torch.manual_seed(0)
    return LatentSpace(dcgan.Generator(dcgan.DCGANConfig(resolution=32, width=8)).eval().requires_grad_(False))


def test_a_seed_is_the_same_picture_again(space: LatentSpace) -> None:
    one = recipe(latent=LatentSeed(seed=5))
    first, second = (space.picture(space.recipe_code(one), one) for _ in range(2))
    assert torch.equal(first, second) and first.shape == (32, 32, 3) and first.dtype == torch.uint8
    other = recipe(latent=LatentSeed(seed=6))
    assert not torch.equal(first, space.picture(space.recipe_code(other), other))


def test_the_seed_number_is_a_published_convention() -> None:
    """z of seed 0 must never change, or every saved recipe would show another picture (torch's CPU generator)."""
    assert torch.allclose(draw_z(0, 3), torch.tensor([[1.5410, -0.2934, -2.1788]]), atol=1e-4)


def test_truncation_zero_is_the_average_and_cutoff_spares_fine_layers(space: LatentSpace) -> None:
    assert isinstance(space.generator, stylegan2.Generator)
    average = space.generator.mapping.w_avg
    code = space.recipe_code(recipe(truncation=0.0, truncation_cutoff=4))
    full = space.recipe_code(recipe())
    assert torch.allclose(code[0, :4], average.expand(4, -1)) and torch.equal(code[0, 4:], full[0, 4:])


def test_style_mixing_takes_exactly_the_named_layers(space: LatentSpace) -> None:
    mixed = space.recipe_code(recipe(style_mix=(StyleMix(latent=LatentSeed(seed=9), layers=(0, 3, 60)),)))
    own, other = space.recipe_code(recipe()), space.recipe_code(recipe(latent=LatentSeed(seed=9)))
    for layer in range(mixed.shape[1]):
        assert torch.equal(mixed[0, layer], (other if layer in (0, 3) else own)[0, layer])


def test_given_w_is_taken_as_it_is_and_a_wrong_one_is_refused(space: LatentSpace) -> None:
    code = space.recipe_code(recipe(latent=LatentW(values=((0.5,) * 24,)), truncation=0.3))
    assert torch.equal(code, torch.full_like(code, 0.5))
    layers = LatentW(values=tuple((float(i),) * 24 for i in range(8)))
    assert torch.equal(space.recipe_code(recipe(latent=layers))[0, :, 0], torch.arange(8.0))
    for wrong in (LatentW(values=((0.0,) * 23,)), LatentW(values=((0.0,) * 24,) * 3)):
        with pytest.raises(StudioError, match="24"):
            space.recipe_code(recipe(latent=wrong))


def test_mix_is_linear_in_w_and_exact_at_its_ends(space: LatentSpace, plain: LatentSpace) -> None:
    a, b = LatentSeed(seed=1), LatentSeed(seed=2)
    for one in (space, plain):
        codes = [one.recipe_code(recipe(latent=LatentMix(a=a, b=b, amount=amount))) for amount in (0.0, 0.5, 1.0)]
        ends = [one.recipe_code(recipe(latent=latent)) for latent in (a, b)]
        assert torch.allclose(codes[0], ends[0], atol=1e-5) and torch.allclose(codes[2], ends[1], atol=1e-5)
        if one is space:
            assert torch.allclose(codes[1], (ends[0] + ends[1]) / 2, atol=1e-6)


def test_slerp_keeps_the_length() -> None:
    a, b = torch.randn(1, 100), torch.randn(1, 100)
    middle = slerp(a, b, 0.5)
    assert middle.norm().item() == pytest.approx((a.norm() + b.norm()).item() / 2, rel=1e-4)
    assert torch.allclose(slerp(a, a, 0.3), a, atol=1e-5)


def test_directions_are_the_principal_components_of_w(space: LatentSpace) -> None:
    assert isinstance(space.generator, stylegan2.Generator)
    vectors, deviations = space.directions()
    assert vectors.shape == (16, 24)
    assert torch.allclose(vectors @ vectors.t(), torch.eye(16), atol=1e-4)
    assert all(a >= b for a, b in pairwise(deviations))
    w = space.generator.mapping(torch.randn(20000, 16, generator=torch.Generator().manual_seed(5)))
    spread = (w @ vectors.t()).std(dim=0)
    assert torch.allclose(spread, deviations, rtol=0.06)


def test_a_direction_moves_by_its_deviation_after_truncation(space: LatentSpace, plain: LatentSpace) -> None:
    for one in (space, plain):
        vectors, deviations = one.directions()
        base = one.recipe_code(recipe(truncation=0.5))
        moved = one.recipe_code(recipe(truncation=0.5, directions=(DirectionMove(index=1, amount=-2.0),)))
        assert torch.allclose(moved - base, (vectors[1] * deviations[1] * -2).expand_as(base), atol=1e-5)
        beyond = one.recipe_code(recipe(truncation=0.5, directions=(DirectionMove(index=300, amount=1.0),)))
        assert torch.equal(beyond, base)


def numpy_style_directions(net: stylegan2.Generator, first: int, last: int) -> np.ndarray:
    """As in the paper, with numpy's general solver: unit vectors in rows, the strongest first."""
    parts = {}
    for block in net.synthesis.blocks.values():
        for conv in (block.conv0, block.conv1):
            if conv is not None:
                parts[len(parts)] = conv.affine.weight.double().numpy() * conv.affine.gain
        colors = block.to_rgb
    parts[len(parts)] = colors.affine.weight.double().numpy() * colors.affine.gain * colors.gain
    stacked = np.concatenate([parts[layer] for layer in range(first, last + 1)])
    values, vectors = np.linalg.eig(stacked.T @ stacked)
    return vectors[:, np.argsort(-values)].T


@pytest.mark.parametrize("layers", [None, (0, 1), (3, 7), (7, 7)])
def test_style_directions_are_those_of_a_plain_decomposition(
    space: LatentSpace, layers: tuple[int, int] | None
) -> None:
    assert isinstance(space.generator, stylegan2.Generator) and space.generator.config.num_ws == 8
    vectors, deviations = space.directions("style", layers)
    wanted = numpy_style_directions(space.generator, *(layers or (0, 7)))
    # The last layer has as many styles as channels, and so many directions mean something.
    count = 16 if layers != (7, 7) else 8
    for vector, other in zip(vectors[:count].numpy(), wanted[:count], strict=True):
        assert abs(vector @ other) == pytest.approx(1, abs=1e-4)
        assert vector[np.abs(vector).argmax()] > 0
    w = space.generator.mapping(torch.randn(20000, 16, generator=torch.Generator().manual_seed(5)))
    assert torch.allclose((w @ vectors.t()).std(dim=0), deviations, rtol=0.06)
    assert space.directions("style", layers)[0] is vectors


def test_a_move_on_some_layers_leaves_the_others(space: LatentSpace, plain: LatentSpace) -> None:
    base = space.recipe_code(recipe())
    for basis in ("principal", "style"):
        move = DirectionMove(index=2, amount=1.5, basis=basis, layers=(2, 4))
        vectors, deviations = space.directions(basis, (2, 4))
        change = space.recipe_code(recipe(directions=(move,))) - base
        assert torch.allclose(change[0, 2:5], (vectors[2] * deviations[2] * 1.5).expand(3, -1), atol=1e-5)
        assert not change[0, :2].any() and not change[0, 5:].any()
    # Of a network with fewer layers what is beyond stays away; one without layers moves as a whole.
    far = recipe(directions=(DirectionMove(index=0, amount=1, basis="style", layers=(40, 41)),))
    assert torch.equal(space.recipe_code(far), base)
    whole = recipe(directions=(DirectionMove(index=0, amount=1),))
    assert torch.equal(plain.recipe_code(far), plain.recipe_code(whole))


def test_a_vector_of_ones_own_is_added_as_it_is(space: LatentSpace) -> None:
    vector = tuple(float(value) for value in range(24))
    move = DirectionMove(basis="own", vector=vector, amount=-0.5, layers=(0, 0))
    change = space.recipe_code(recipe(directions=(move,))) - space.recipe_code(recipe())
    assert torch.allclose(change[0, 0], torch.arange(24.0) * -0.5, atol=1e-5) and not change[0, 1:].any()
    with pytest.raises(StudioError, match="24"):
        space.recipe_code(recipe(directions=(DirectionMove(basis="own", vector=(1.0,), amount=1),)))


def test_stylegan3_has_style_directions_of_its_layers() -> None:
    torch.manual_seed(0)
    config = stylegan3.StyleGAN3Config(resolution=32, z_dim=16, w_dim=24, channel_base=512, channel_max=16)
    net = stylegan3.Generator(config).eval().requires_grad_(False)
    vectors, _ = LatentSpace(net).directions("style", (1, 2))
    stacked = np.concatenate([layer.affine.weight.double().numpy() for layer in list(net.synthesis.layers)[:2]])
    strongest = np.linalg.svd(stacked)[2][0]
    assert abs(vectors[0].numpy() @ strongest) == pytest.approx(1, abs=1e-4)


def test_random_noise_follows_its_seed(space: LatentSpace) -> None:
    def draw(**noise: object) -> torch.Tensor:
        one = recipe(**noise)
        return space.picture(space.recipe_code(one), one)

    assert torch.equal(draw(noise="random", noise_seed=1), draw(noise="random", noise_seed=1))
    assert not torch.equal(draw(noise="random", noise_seed=1), draw(noise="random", noise_seed=2))
    assert torch.equal(draw(noise="none"), draw(noise="const", noise_strength=0.0))


def test_paths_pass_every_key_and_close_when_looped(space: LatentSpace, plain: LatentSpace) -> None:
    for one in (space, plain):
        codes = [one.recipe_code(recipe(latent=LatentSeed(seed=seed))) for seed in range(3)]
        for loop in (False, True):
            for index, code in enumerate(codes):
                assert torch.allclose(one.path(codes, index, loop=loop), code, atol=1e-5)
        assert torch.allclose(one.path(codes, 3.0, loop=True), codes[0], atol=1e-5)
        near = one.path(codes, 2.999, loop=True)
        assert (near - codes[0]).norm() < 0.02 * (codes[2] - codes[0]).norm()


def test_labels_are_checked() -> None:
    config = stylegan2.StyleGAN2Config(resolution=8, z_dim=8, w_dim=8, labels=2, channel_base=64, channel_max=8)
    one = LatentSpace(stylegan2.Generator(config).eval().requires_grad_(False))
    assert not torch.equal(one.recipe_code(recipe(label=0)), one.recipe_code(recipe(label=1)))
    with pytest.raises(StudioError, match="2 classes"):
        one.recipe_code(recipe(label=2))
