"""Projection onto small random networks, with a VGG of seeded weights where no real one is needed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from studio.base import StudioError, drain
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.projection import Projected, ProjectionProgress, aligned_photo, nearness, project_photo
from studio.gallery import SourceStore
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.vgg import VGGFeatures
from studio.recipes import FileRef, LatentSeed, LatentW, PhotoSquare, SampleRecipe, Square, dumps, loads
from studio.synthesis import projection
from studio.synthesis.latents import LatentSpace
from studio.synthesis.projection import Budget, ProjectionStep, Target, colors, likeness, project

RECIPE = SampleRecipe(model=FileRef(hash="0" * 64, name="test"), latent=LatentSeed(seed=1), truncation=1.0)
HIDDEN = LatentSeed(seed=4711)
CONFIG = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)


def style_network() -> stylegan2.Generator:
    torch.manual_seed(0)
    return stylegan2.Generator(CONFIG).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    return LatentSpace(style_network())


@pytest.fixture(scope="module")
def vgg() -> VGGFeatures:
    torch.manual_seed(1)
    return VGGFeatures("vgg16")


def drawn(space: LatentSpace) -> Tensor:
    """The picture of a seed that the search does not try, (1, 3, h, w) in 0..1."""
    pixels = space.picture(space.code(HIDDEN, RECIPE), RECIPE)[..., :3]
    return pixels.permute(2, 0, 1)[None].float() / 255


def run(space: LatentSpace, vgg: VGGFeatures, last: str, steps: int) -> list[ProjectionStep]:
    return list(project(space, drawn(space), vgg, RECIPE, last=last, budget=Budget(None, steps)))  # type: ignore[arg-type]


def test_every_stage_comes_nearer_and_the_nearest_is_last(space: LatentSpace, vgg: VGGFeatures) -> None:
    steps = run(space, vgg, "w+", 40)
    assert len(steps) == 40
    assert list(dict.fromkeys(step.stage for step in steps)) == ["search", "w", "w+"]
    assert all(later.loss <= step.loss for step, later in itertools.pairwise(steps))
    ends = {step.stage: step for step in steps}
    assert ends["w+"].psnr > ends["search"].psnr + 1
    assert ends["w+"].loss < 0.9 * ends["w"].loss and ends["w"].loss <= ends["search"].loss
    first = steps[0]
    assert torch.equal(first.code, space.recipe_code(RECIPE)) and first.generator is space.generator
    w = ends["w"].code
    assert torch.allclose(w, w[:, :1].expand_as(w)) and not torch.allclose(
        ends["w+"].code, ends["w+"].code[:, :1].expand_as(w)
    )
    again = project(space, drawn(space), vgg, RECIPE, budget=Budget(None, 40))
    assert all(torch.equal(one.code, other.code) for one, other in zip(again, steps[:20], strict=False))


def test_a_tuned_copy_comes_nearer_still_and_leaves_the_network_as_it_is(vgg: VGGFeatures) -> None:
    space = LatentSpace(style_network())
    steps = run(space, vgg, "tuned", 30)
    ends = {step.stage: step for step in steps}
    assert ends["tuned"].generator is not space.generator is ends["w+"].generator
    assert ends["tuned"].loss < ends["w+"].loss
    assert torch.equal(ends["tuned"].code, ends["w+"].code)
    fresh = style_network().state_dict()
    assert all(torch.equal(fresh[name], value) for name, value in space.generator.state_dict().items())
    assert not any(parameter.requires_grad for parameter in space.generator.parameters())
    picture = ends["tuned"].generator.synthesis(ends["tuned"].code, noise_mode="const")  # type: ignore[operator, union-attr]
    assert likeness(colors(picture.detach()), drawn(space), vgg).psnr > ends["w+"].psnr


def test_tuning_in_steps_too_long_goes_back_and_keeps_the_nearest(
    space: LatentSpace, vgg: VGGFeatures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(projection._RATES, "tuned", 0.5)
    steps = run(space, vgg, "tuned", 24)
    tuned = [step for step in steps if step.stage == "tuned"]
    assert all(later.loss <= step.loss for step, later in itertools.pairwise(steps))
    assert tuned[-1].generator is not space.generator
    picture = tuned[-1].generator.synthesis(tuned[-1].code, noise_mode="const")  # type: ignore[operator, union-attr]
    assert torch.allclose(picture, tuned[-1].picture, atol=1e-4), "the network that is kept draws the picture"


def test_time_is_kept_by_the_clock(space: LatentSpace, vgg: VGGFeatures) -> None:
    ticks = itertools.count()
    budget = Budget(12.0, clock=lambda: float(next(ticks)))
    steps = list(project(space, drawn(space), vgg, RECIPE, last="w", budget=budget))
    assert 8 <= len(steps) <= 14 and steps[-1].share <= 1
    with pytest.raises(StudioError, match="time"):
        list(project(space, drawn(space), vgg, RECIPE, budget=Budget(0.0)))


@pytest.mark.parametrize("kind", ["dcgan", "stylegan3"])
def test_other_networks(kind: str, vgg: VGGFeatures) -> None:
    torch.manual_seed(0)
    if kind == "dcgan":
        net = dcgan.Generator(dcgan.DCGANConfig(resolution=32, width=8)).eval().requires_grad_(False)
        for module in net.modules():
            if isinstance(module, torch.nn.ConvTranspose2d):
                torch.nn.init.normal_(module.weight, std=0.3)  # a network that was taught draws no even grey
        space = LatentSpace(net)
    else:
        config = stylegan3.StyleGAN3Config(resolution=32, z_dim=8, w_dim=8, channel_base=256, channel_max=8)
        space = LatentSpace(stylegan3.Generator(config).eval().requires_grad_(False))
    steps = run(space, vgg, "w+", 8)
    assert {step.stage for step in steps} == ({"search", "w"} if kind == "dcgan" else {"search", "w", "w+"})
    assert steps[-1].loss < steps[0].loss
    assert steps[-1].code.shape == space.recipe_code(RECIPE).shape


def test_equal_pictures_are_at_no_distance(space: LatentSpace, vgg: VGGFeatures) -> None:
    picture = drawn(space)
    same, other = likeness(picture, picture, vgg), likeness(picture.flip(3), picture, vgg)
    assert same.distance < 1e-9 and same.psnr > 90
    assert other.distance > 0.001 and other.psnr < 40
    assert [nearness(value) for value in (0.0, 0.1, 0.3, 0.9)] == ["same", "near", "alike", "far"]


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_colours_of_networks_with_other_channels(channels: int) -> None:
    image = torch.zeros(1, channels, 2, 2)
    image[:, -1] = -1 if channels in (2, 4) else 1
    assert torch.equal(colors(image), torch.ones(1, 3, 2, 2))


# ---- the job


@pytest.fixture
def engine(tmp_path: Path, perceptual_models: Path) -> Engine:
    models = tmp_path / "models"
    models.mkdir()
    card = ModelCard(name="one", architecture="stylegan2", config=CONFIG.to_dict(), licence="CC0")
    save_model(models / "one.safetensors", style_network(), card)
    return TorchEngine(SourceStore(tmp_path / "sources"), ModelLibrary([models]), device="cpu")


@pytest.fixture
def target(engine: Engine, tmp_path: Path) -> PhotoSquare:
    rng = np.random.default_rng(0)
    pixels = Image.fromarray(rng.integers(0, 256, (5, 8, 4), np.uint8)).resize((80, 50), Image.Resampling.BICUBIC)
    pixels.save(tmp_path / "my cat.png")
    return PhotoSquare(photo=engine.sources.add(tmp_path / "my cat.png"), square=Square(x=0.4, side=0.8, angle=10))


def test_a_photo_is_found_and_its_recipe_draws_it(engine: Engine, target: PhotoSquare) -> None:
    recipe = SampleRecipe(model=engine.library.find("one").ref)
    told: list[ProjectionProgress] = []
    found = drain(project_photo(engine, recipe, target, seconds=1e6, steps=12), told.append)  # type: ignore[arg-type]
    assert isinstance(found.recipe.latent, LatentW) and found.recipe.latent.target == target
    assert loads(dumps(found.recipe)) == found.recipe
    states = [progress.state for progress in told if isinstance(progress, ProjectionProgress)]
    assert 12 <= len(states) <= 16 and states[-1] is not None and states[-1].step == found.step
    picture = drain(engine.render(found.recipe)).image.astype(float)
    wanted = drain(aligned_photo(engine, target, 32)).astype(float)
    psnr = 10 * np.log10(255**2 / ((picture - wanted) ** 2).mean())
    assert psnr == pytest.approx(found.psnr, abs=0.1)
    assert found.distance is not None and 0 < found.distance < 2 and found.model is None


def test_stopping_keeps_the_best_and_a_tuned_copy_names_its_parent(engine: Engine, target: PhotoSquare) -> None:
    recipe = SampleRecipe(model=engine.library.find("one").ref)
    state: list[Projected] = []

    def note(progress: object) -> None:
        if isinstance(progress, ProjectionProgress) and progress.state is not None:
            state.append(progress.state)

    def stopped() -> bool:
        return bool(state) and state[-1].stage == "tuned" and len(state) > 11

    found = drain(project_photo(engine, recipe, target, last="tuned", seconds=1e6, steps=16, stopped=stopped), note)
    assert len(state) < 16 and found.stage == "tuned" and found.model is not None
    card = read_card(found.model.path)
    assert card.name == "one, my cat" and card.licence == "CC0"
    assert card.training["tuned_copy_of"] == recipe.model.hash
    assert card.training["photo"] == {"name": "my cat.png", "hash": target.photo.hash}
    assert found.recipe.model == found.model.ref
    picture = drain(engine.render(found.recipe)).image
    wanted = drain(aligned_photo(engine, target, 32))
    psnr = 10 * np.log10(255**2 / ((picture.astype(float) - wanted) ** 2).mean())
    assert psnr == pytest.approx(found.psnr, abs=0.1)


def test_only_what_is_known_counts(space: LatentSpace, vgg: VGGFeatures) -> None:
    known = torch.ones(1, 1, 32, 32)
    known[..., 8:24, 4:20] = 0
    whole = drawn(space)
    # What lies in the hole changes nothing, as long as it is the same for the picture that is wanted.
    target = Target(whole, vgg, 32, known)
    other = whole * known + (1 - whole) * (1 - known)
    assert float(target.error(other)) == 0 and float(target.distance(other)) == 0
    assert float(Target(whole, vgg, 32).error(other)) > 0.01
    damaged = whole * known + 0.5 * (1 - known)
    begun, *_, last = project(space, damaged, vgg, RECIPE, budget=Budget(None, 8), known=known)
    assert last.loss < begun.loss
