"""The engine on a small model and real photos: rendering, caching, journeys, messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from studio.base import StudioError, Work, drain
from studio.base.memory import OutOfMemory
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine import Engine, TorchEngine
from studio.engine.cache import ByteCache
from studio.engine.engine import shrink
from studio.engine.jobs.journey import export_journey, frame_recipe, journey_frames, journey_length
from studio.engine.jobs.journey_file import video_size
from studio.engine.jobs.sample_grid import draw_samples
from studio.engine.steps import make_renderers
from studio.engine.steps.sample import SampleRenderer
from studio.gallery import SourceStore
from studio.media.clips import read_comment
from studio.networks import stylegan2
from studio.recipes import (
    FileRef,
    JourneyRecipe,
    LatentSeed,
    NetworkBlend,
    PhotoRecipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
    dumps,
    loads,
)
from studio.recipes.sequences.journey import journey_in_comment
from studio.recipes.steps import STEPS
from studio.synthesis.latents import LatentSpace


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    models = tmp_path / "models"
    models.mkdir()
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
    for seed, name in enumerate(("one", "two")):
        torch.manual_seed(seed)
        card = ModelCard(name=name, architecture="stylegan2", config=config.to_dict())
        save_model(models / f"{name}.safetensors", stylegan2.Generator(config), card)
    return TorchEngine(SourceStore(tmp_path / "sources"), ModelLibrary([models]), device="cpu")


@pytest.fixture
def photo(engine: Engine, tmp_path: Path) -> PhotoRecipe:
    path = tmp_path / "photo.png"
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 255, (6, 9, 3), dtype=np.uint8))
    small.resize((90, 60), Image.Resampling.BICUBIC).save(path)
    return PhotoRecipe(photo=engine.sources.add(path))


def sample(engine: Engine, seed: int = 0, name: str = "one") -> SampleRecipe:
    return SampleRecipe(model=engine.library.find(name).ref, latent=LatentSeed(seed=seed))


def test_samples_are_deterministic_and_cached(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drain(engine.render(sample(engine)))
    assert first.image.shape == (32, 32, 3) and first.recipe == sample(engine) and first.seconds > 0
    engine.free_memory()
    assert np.array_equal(drain(engine.render(sample(engine))).image, first.image)
    monkeypatch.setattr(SampleRenderer, "render", lambda *_, **__: pytest.fail("rendered again"))
    assert np.array_equal(drain(engine.render(sample(engine))).image, first.image)


def test_a_style_slider_never_runs_the_generator_again(
    engine: Engine, photo: PhotoRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = StylizeRecipe(content=sample(engine), styles=(StyleUse(source=photo),), size=64)
    first = drain(engine.render(recipe))
    assert max(first.image.shape) == 64
    monkeypatch.setattr(SampleRenderer, "render", lambda *_, **__: pytest.fail("the generator ran again"))
    weaker = recipe.model_copy(update={"style_strength": 0.2})
    assert not np.array_equal(drain(engine.render(weaker)).image, first.image)


def test_masks_and_regions_come_from_the_store(engine: Engine, photo: PhotoRecipe, tmp_path: Path) -> None:
    mask = tmp_path / "mask.png"
    Image.fromarray(np.repeat([[255] * 20 + [0] * 20], 30, axis=0).astype(np.uint8)).save(mask)
    ref = engine.sources.add(mask)
    plain = StylizeRecipe(content=photo, styles=(StyleUse(source=sample(engine)),), size=64)
    own = drain(engine.render(photo, max_side=64)).image
    whole = drain(engine.render(plain)).image
    for masked in (
        plain.model_copy(update={"mask": ref}),
        plain.model_copy(update={"styles": (plain.styles[0].model_copy(update={"region": ref}),)}),
    ):
        half = drain(engine.render(masked)).image
        assert np.array_equal(half[:, 40:], own[:, 40:]) and not np.array_equal(whole[:, 40:], own[:, 40:])
        assert np.abs(half[:, :24].astype(int) - own[:, :24]).mean() > 3
    lost = plain.model_copy(update={"mask": FileRef(hash="2" * 64, name="sky.png")})
    with pytest.raises(StudioError, match=r"sky\.png") as caught:
        drain(engine.render(lost))
    assert caught.value.action


def test_a_touch_up_starts_from_the_picture_that_is_known(
    engine: Engine, photo: PhotoRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def optimise(content: object, styles: object, settings: object, **inputs: object) -> Work[NDArray[np.uint8]]:
        started.append(inputs["start"])
        return np.zeros((40, 60, 3), np.uint8)
        yield

    monkeypatch.setattr("studio.stylization.optimise.optimise", optimise)
    monkeypatch.setattr(engine, "_vgg", ("vgg16-hed", torch.nn.Identity()))
    first = StylizeRecipe(content=photo, styles=(StyleUse(source=photo),), size=60, method="optimise", stop_after=7)
    seen = np.full((40, 60, 3), 77, np.uint8)
    engine.remember(first, seen)
    drain(engine.render(first.model_copy(update={"start": first, "stop_after": None, "style_strength": 0.5})))
    [start] = started
    assert np.array_equal(start, seen) and start is not seen


def test_photo_is_limited_by_both_sizes(engine: Engine, photo: PhotoRecipe) -> None:
    assert drain(engine.render(photo)).image.shape == (60, 90, 3)
    assert drain(engine.render(photo, max_side=45)).image.shape == (30, 45, 3)
    small = photo.model_copy(update={"max_side": 30})
    assert drain(engine.render(small, max_side=45)).image.shape == (20, 30, 3)


def test_missing_photo_and_model_say_what_to_do(engine: Engine) -> None:
    lost = FileRef(hash="1" * 64, name="holiday.jpg")
    for recipe in (PhotoRecipe(photo=lost), SampleRecipe(model=lost)):
        with pytest.raises(StudioError, match=r"holiday\.jpg") as caught:
            drain(engine.render(recipe))
        assert caught.value.action


def test_every_step_of_a_recipe_has_a_renderer() -> None:
    assert set(make_renderers()) == set(STEPS)


def allocate_too_much() -> None:
    """What a CPU says when there is not enough memory: four pebibytes are more than any has."""
    torch.empty(2**50)


def cuda_too_small() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory")


@pytest.mark.parametrize("fail", [allocate_too_much, cuda_too_small])
def test_no_memory_frees_the_caches_and_tries_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], None]
) -> None:
    drain(engine.render(sample(engine, 1)))
    real, calls = SampleRenderer.render, []

    def hungry(self: SampleRenderer, *given: Any, **how: Any) -> Any:
        calls.append(len(engine._pictures))
        if len(calls) == 1:
            fail()
        return real(self, *given, **how)

    monkeypatch.setattr(SampleRenderer, "render", hungry)
    assert drain(engine.render(sample(engine, 2))).image.shape == (32, 32, 3)
    assert calls == [1, 0]
    monkeypatch.setattr(SampleRenderer, "render", lambda *_, **__: fail())
    with pytest.raises(OutOfMemory, match="memory") as caught:
        drain(engine.render(sample(engine, 3)))
    assert caught.value.action


def test_a_journey_goes_on_after_freeing_memory(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [sample(engine, seed) for seed in range(2)]
    expected = [progress.preview for progress in journey_frames(engine, keys, 2, loop=True)]
    real, calls = LatentSpace.picture, []

    def hungry(self: LatentSpace, *given: Any) -> torch.Tensor:
        calls.append(len(engine._spaces))
        if len(calls) == 2:
            allocate_too_much()
        return real(self, *given)

    monkeypatch.setattr(LatentSpace, "picture", hungry)
    frames = [progress.preview for progress in journey_frames(engine, keys, 2, loop=True)]
    assert calls == [1, 1, 0, 0, 0]
    assert all(np.array_equal(a, b) for a, b in zip(frames, expected, strict=True))


def test_sheet_yields_one_picture_a_step(engine: Engine) -> None:
    recipes = [sample(engine, seed) for seed in range(3)]
    steps = list(draw_samples(engine, recipes))
    assert [step.step for step in steps] == [1, 2, 3]
    assert len({step.preview.tobytes() for step in steps if step.preview is not None}) == 3


@pytest.mark.parametrize(("loop", "frames"), [(True, 15), (False, 11)])
def test_interpolation_passes_its_keys(engine: Engine, loop: bool, frames: int) -> None:
    keys = [sample(engine, seed) for seed in range(3)]
    pictures = [progress.preview for progress in journey_frames(engine, keys, 5, loop=loop)]
    assert len(pictures) == frames == journey_length(3, 5, loop=loop)
    for index, key in enumerate(keys):
        shown = pictures[index * 5]
        assert shown is not None
        assert np.abs(shown.astype(int) - drain(engine.render(key)).image.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("shares", "seconds"),
    [((None, None, None), ""), ((None, 0.6, 1.0), "two two two"), ((None, 0.6, 1.0), "two two one")],
)
def test_a_frame_of_an_interpolation_has_a_recipe(
    engine: Engine, shares: tuple[float | None, ...], seconds: str
) -> None:
    models = [engine.library.find(name).ref for name in seconds.split()] or [None] * 3
    keys = [
        sample(engine, seed).model_copy(
            update={"blend": share and model and NetworkBlend(model=model, amounts=(share,) * 7)}
        )
        for seed, (share, model) in enumerate(zip(shares, models, strict=True))
    ]
    frames = [progress.preview for progress in journey_frames(engine, keys, 5, loop=True)]
    for index in (1, 7, 14):
        recipe = loads(dumps(frame_recipe(engine, keys, index / 5, loop=True)))
        frame = frames[index]
        assert frame is not None and np.array_equal(drain(engine.render(recipe)).image, frame)
    assert recipe.blend is None or recipe.blend.amounts[0] == pytest.approx(0.2)
    assert frames[5] is not None and np.array_equal(drain(engine.render(keys[1])).image, frames[5])
    with pytest.raises(StudioError):
        frame_recipe(engine, keys[:1], 0.0, loop=True)


def test_journey_decodes_with_the_right_frames_and_says_how_it_was_made(engine: Engine, tmp_path: Path) -> None:
    keys = [sample(engine, seed) for seed in range(2)]
    path = drain(export_journey(engine, keys, tmp_path / "walk.mp4", frames_per_leg=6, fps=12, loop=True))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert stream.average_rate == 12
        assert keys[0].model.hash in container.metadata["comment"]
        assert "trainedAlgorithmicMedia" in container.metadata["comment"]
    assert journey_in_comment(read_comment(path)) == JourneyRecipe(keys=tuple(keys), frames_per_leg=6, fps=12)
    assert len(frames) == 12 and frames[0].shape == (512, 512, 3)
    key = Image.fromarray(drain(engine.render(keys[0])).image).resize((512, 512), Image.Resampling.LANCZOS)
    assert np.abs(frames[0].astype(float) - np.asarray(key, dtype=float)).mean() < 12


def test_cancelled_journey_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    work = export_journey(engine, [sample(engine, 0), sample(engine, 1)], tmp_path / "out" / "walk.mp4")
    next(work)
    work.close()
    assert list((tmp_path / "out").iterdir()) == []


def test_impossible_journeys_are_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="two"):
        drain(journey_frames(engine, [sample(engine)], 5, loop=True))
    with pytest.raises(StudioError, match="different models"):
        drain(journey_frames(engine, [sample(engine), sample(engine, name="two")], 5, loop=True))
    blends = [NetworkBlend(model=FileRef(hash="a" * 64, name="a"), amounts=(0.5,) * n) for n in (1, 2)]
    with pytest.raises(StudioError, match="numbers of layers"):
        drain(journey_frames(engine, [sample(engine).model_copy(update={"blend": b}) for b in blends], 5, loop=True))
    with pytest.raises(StudioError, match="mp4"):
        drain(export_journey(engine, [sample(engine, 0), sample(engine, 1)], tmp_path / "walk.txt"))


def test_journey_sizes_are_even_and_not_tiny() -> None:
    assert video_size(64, 64) == (512, 512)
    assert video_size(1001, 777) == (1002, 778)
    assert video_size(100, 51) == (600, 306)


def test_byte_cache_evicts_the_least_recently_used() -> None:
    cache: ByteCache[bytes] = ByteCache(10, len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert "b" not in cache and "a" in cache and cache.used == 8
    cache.put("huge", b"x" * 50)
    assert len(cache) == 1 and cache.get("huge") is not None
    cache.put("huge", b"y")
    assert cache.used == 1


def test_shrink_keeps_the_shape_of_long_pictures() -> None:
    assert shrink(np.zeros((1, 1000, 3), np.uint8), 10).shape == (1, 10, 3)
    assert shrink(np.zeros((5, 5, 3), np.uint8), 10).shape == (5, 5, 3)


def test_device_info_and_directions(engine: Engine) -> None:
    info = engine.device_info()
    assert info.kind == "cpu" and 0 < info.memory_used < info.memory_total
    deviations = engine.space(engine.library.find("one").ref).deviations()
    assert len(deviations) == 16 and deviations == sorted(deviations, reverse=True)
    with pytest.raises(StudioError, match="CUDA"):
        TorchEngine(engine.sources, engine.library, device="cuda")
