"""The quick StyleGAN2 for CPUs draws what the plain network draws, and draws nothing twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.base import drain
from studio.checkpoints import ModelLibrary
from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import save_model
from studio.engine import Engine, TorchEngine
from studio.engine.steps import sample as sample_step
from studio.gallery import SourceStore
from studio.networks.cpu import winograd
from studio.networks.fast.extrapolation import ImageExtrapolator, resized
from studio.networks.fast.stylegan2 import FastSynthesis, gflop
from studio.networks.stylegan2 import Generator, ModulatedConv, StyleGAN2Config
from studio.recipes import LatentSeed, SampleRecipe


def generator(**config: int) -> Generator:
    """A network with random weights, noise and biases, so that nothing in it is zero."""
    torch.manual_seed(1)
    numbers = {"resolution": 64, "z_dim": 16, "w_dim": 16, "mapping_layers": 2, "channel_base": 1024, "channel_max": 48}
    net = Generator(StyleGAN2Config(**{**numbers, **config})).eval().requires_grad_(False)
    for module in net.modules():
        if isinstance(module, ModulatedConv):
            module.noise_strength.fill_(0.3)
            module.bias.normal_()
    for block in net.synthesis.blocks.values():
        block.to_rgb.bias.normal_()  # type: ignore[union-attr]
    return net


@pytest.mark.parametrize("noise", ["const", "random", "none"])
@pytest.mark.parametrize(
    "config", [{}, {"resolution": 8}, {"conv_clamp": 1}, {"channel_base": 900, "channel_max": 37}, {"img_channels": 1}]
)
def test_the_pictures_are_those_of_the_plain_network(config: dict[str, int], noise: str) -> None:
    net = generator(**config)
    ws = torch.randn(1, net.config.num_ws, 16)
    options = {"noise_mode": noise, "noise_gain": 0.7}
    plain = net.synthesis(ws, **options, generator=torch.Generator().manual_seed(3))
    fast = FastSynthesis(net.synthesis)(ws, **options, generator=torch.Generator().manual_seed(3))  # type: ignore[arg-type]
    assert fast.shape == plain.shape
    assert plain.std() > 0.3
    torch.testing.assert_close(fast, plain, atol=1e-4, rtol=0)


def test_however_the_work_is_shared_out_the_pixels_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    net = generator(channel_base=4096, channel_max=72)
    ws = torch.randn(1, net.config.num_ws, 16)
    whole = FastSynthesis(net.synthesis)(ws)
    torch.testing.assert_close(whole, net.synthesis(ws, noise_mode="const"), atol=1e-4, rtol=0)
    for ways in (1, 2, 3):
        # The number of workers, not that of threads: pretend.
        monkeypatch.setattr(winograd, "get_num_threads", lambda ways=ways: ways)
        assert torch.equal(FastSynthesis(net.synthesis)(ws), whole), ways
    monkeypatch.setattr(winograd, "LARGE_WEIGHTS", 0)
    assert torch.equal(FastSynthesis(net.synthesis)(ws), whole)
    monkeypatch.setattr(winograd, "LARGE_WEIGHTS", 2**40)
    monkeypatch.setattr(winograd, "BLOCK_BYTES", 0)
    monkeypatch.setattr(winograd, "UP_BLOCK", winograd.ROWS)
    assert torch.equal(FastSynthesis(net.synthesis)(ws), whole)


def test_a_change_on_fine_layers_recomputes_those_alone() -> None:
    net = generator()
    fast = FastSynthesis(net.synthesis)
    ws = torch.randn(1, net.config.num_ws, 16)
    assert [stage.resolution for stage in fast.stages(ws)] == [4, 8, 16, 32, 64]
    assert [stage.resolution for stage in fast.stages(ws)] == [64]
    ws = ws.clone()
    ws[:, -1] += 1
    assert [stage.resolution for stage in fast.stages(ws)] == [64]
    torch.testing.assert_close(fast(ws), net.synthesis(ws, noise_mode="const"), atol=1e-4, rtol=0)
    ws[:, 3] += 1
    assert next(stage.resolution for stage in fast.stages(ws)) == 8


def test_a_picture_left_half_way_is_continued() -> None:
    net = generator()
    fast = FastSynthesis(net.synthesis)
    a, b = torch.randn(2, 1, net.config.num_ws, 16)
    fast(a)
    for stage in fast.stages(b):
        if stage.resolution == 16:
            break
    assert [stage.resolution for stage in fast.stages(b)] == [32, 64]
    torch.testing.assert_close(fast(b), net.synthesis(b, noise_mode="const"), atol=1e-4, rtol=0)
    # And one left for the picture before does not leave its features behind.
    torch.testing.assert_close(fast(a), net.synthesis(a, noise_mode="const"), atol=1e-4, rtol=0)


def test_only_one_picture_at_a_time() -> None:
    net = generator(resolution=8)
    with pytest.raises(ValueError, match="one picture"):
        FastSynthesis(net.synthesis)(torch.randn(2, net.config.num_ws, 16))


def test_the_work_is_counted_as_direct_convolutions() -> None:
    net = generator(resolution=8, channel_base=64, channel_max=8)
    # 4x4: one convolution; 8x8: one transposed from 4x4, one at 8x8.
    assert gflop(net.synthesis) == pytest.approx(2 * 9 * 64 * (16 + 16 + 64) / 1e9)


def test_foresight_learns_what_is_linear_and_trusts_the_last_picture_for_the_rest() -> None:
    torch.manual_seed(0)
    matrix = torch.randn(6, 3 * 16)
    extrapolator = ImageExtrapolator(32, 6, 256, 3)

    def picture() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Features, skip picture, and a picture that follows from them but for a pattern that stays."""
        features, image = torch.randn(32, 32, 6), torch.randn(32, 32, 3)
        detail = (features @ matrix).view(32, 32, 4, 4, 3).transpose(1, 2).reshape(128, 128, 3)
        return features, image, resized(resized(image, 128) + detail + pattern, 256)

    pattern = torch.zeros(128, 128, 3)
    assert not extrapolator.ready
    for _ in range(4):
        features, image, finished = picture()
        extrapolator.learn(features, image, finished)
    features, image, expected = picture()
    guess = extrapolator.guess(features, image, finished)
    # A picture of 128 pixels, enlarged and averaged again, comes back a little softer.
    ceiling = (resized(resized(expected, 128), 256) - expected).square().mean()
    assert (guess - expected).square().mean() < 0.1 * expected.var() + ceiling
    assert (finished - expected).square().mean() > expected.var() and extrapolator.worthwhile

    pattern[40:80, 40:80] = 20 * torch.randn(40, 40, 3)
    features, image, finished = picture()
    extrapolator.learn(features, image, finished)
    near = extrapolator.guess(features * 1.01, image, finished)
    torch.testing.assert_close(near, finished, atol=1.5, rtol=0)


def test_guesses_that_come_no_nearer_than_the_picture_before_are_not_worthwhile() -> None:
    torch.manual_seed(0)
    extrapolator = ImageExtrapolator(16, 4, 64, 3)
    picture = torch.randn(64, 64, 3)
    for _ in range(4):
        extrapolator.learn(torch.randn(16, 16, 4), torch.randn(16, 16, 3), picture + 0.1 * torch.randn(64, 64, 3))
    assert not extrapolator.worthwhile


def test_a_guess_is_better_for_what_was_seen_before() -> None:
    net = generator(channel_base=512)
    fast = FastSynthesis(net.synthesis)

    def error() -> float:
        codes = torch.randn(1, 1, 16).expand(1, net.config.num_ws, 16)
        guess = next(stage.guess().clone() for stage in fast.stages(codes) if stage.resolution == 32)
        return float((guess - fast(codes)[0].permute(1, 2, 0)).square().mean())

    fast(torch.randn(1, net.config.num_ws, 16))
    before = fast.nbytes
    first = error()
    assert fast.nbytes > before, "what is learnt counts"
    for _ in range(4):
        error()
    assert error() < 0.8 * first


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    net = generator(resolution=128)
    card = ModelCard(name="fast", architecture="stylegan2", config=net.config.to_dict())
    folder = tmp_path / "models"
    folder.mkdir()
    save_model(folder / "fast.safetensors", net, card)
    return TorchEngine(SourceStore(tmp_path / "sources"), ModelLibrary([folder]), device="cpu")


def test_a_late_picture_is_guessed_from_the_one_before(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = SampleRecipe(model=engine.library.models()[0].ref, latent=LatentSeed(seed=1))
    moved = recipe.model_copy(update={"truncation": 0.97})
    monkeypatch.setattr(sample_step, "PREVIEW_SECONDS", 0.0)
    work = engine.render(recipe, live=True)
    first = next(work)
    assert first.preview is not None
    assert first.preview.shape == (128, 128, 3)
    assert first.step == sample_step.SMALLEST_PREVIEW
    # The hand moved on: the rest is not drawn, and nothing of it spoils the exact picture.
    work.close()
    exact = drain(engine.render(recipe)).image
    space = engine.space(recipe.model)

    def plain(code: torch.Tensor) -> np.ndarray:
        image = space.generator.synthesis(code, noise_mode="const")[0].permute(1, 2, 0)  # type: ignore[union-attr,operator]
        return ((image.clamp(-1, 1) + 1) * 127.5).round().numpy()

    assert np.abs(exact.astype(int) - plain(space.recipe_code(recipe))).max() <= 1

    def error(preview: np.ndarray, picture: np.ndarray) -> float:
        return float(np.square(preview.astype(float) - picture).mean())

    # Nothing was there to guess the first from; now the fine layers have shown what they add.
    work = engine.render(moved, live=True)
    guess = next(work).preview
    assert guess is not None
    work.close()
    expected = plain(space.recipe_code(moved))
    assert error(guess, expected) < 0.2 * error(first.preview, exact)
    assert error(guess, expected) < 0.7 * error(exact, expected)
    assert np.abs(drain(engine.render(moved)).image.astype(int) - expected).max() <= 1


def test_a_live_picture_in_time_comes_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = SampleRecipe(model=engine.library.models()[0].ref, latent=LatentSeed(seed=1))
    monkeypatch.setattr(sample_step, "PREVIEW_SECONDS", 60.0)
    seen: list[object] = []
    drain(engine.render(recipe, live=True), seen.append)
    assert seen == []


def test_what_a_network_will_hold_counts_before_it_has_drawn() -> None:
    net = generator()
    fast = FastSynthesis(net.synthesis)
    before = fast.nbytes
    fast(torch.randn(1, net.config.num_ws, 16))
    # What the smallest layers need comes later.
    assert before <= fast.nbytes < 1.01 * before
