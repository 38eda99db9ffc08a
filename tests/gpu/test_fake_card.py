"""Everything that computes on a card, on one that is not there: each tensor on the right device, each dtype fitting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from studio.base import Progress, Work, drain
from studio.checkpoints import enlargers, face_networks
from studio.checkpoints.info import ModelCard
from studio.checkpoints.inpainters import add_inpainter
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine import Engine, TorchEngine
from studio.engine import torch_engine as engine_module
from studio.engine.jobs.breeding import bred
from studio.engine.jobs.dragging import drag_sample
from studio.engine.jobs.film import clip_styler
from studio.engine.jobs.journey import frame_recipe, journey_frames
from studio.engine.jobs.latent_map import map_sheet
from studio.engine.jobs.mixing import mix_grid
from studio.engine.jobs.network_blend import blended_model
from studio.engine.jobs.projection import LastStage, photo_faces, project_photo
from studio.engine.steps import Picture
from studio.gallery import SourceStore
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.device import choose_device
from studio.networks.efficientnet import EfficientNetLite0
from studio.networks.mtcnn import FaceNetworks
from studio.networks.vgg import VGGFeatures
from studio.recipes import (
    DirectionMove,
    EnlargeRecipe,
    FileRef,
    LatentMix,
    LatentSeed,
    LatentW,
    NetworkBlend,
    PhotoRecipe,
    PhotoSquare,
    RepairRecipe,
    SampleRecipe,
    StyleMix,
    StyleUse,
    StylizeRecipe,
    film_of,
)
from studio.restoration import enlarge as enlarging
from studio.restoration import network_filling
from studio.stylization import flow, refined
from studio.stylization.masks import Mask
from studio.synthesis.latent_map import MapPin
from studio.synthesis.layer_parts import measure_parts
from studio.synthesis.network_blending import blend_layers
from studio.training import evaluation, loop
from studio.training.ada import AUGMENTATION_KINDS
from studio.training.loop import build_trainer
from studio.training.parallel import Processes
from studio.training.runs import RunDirectory
from studio.training.shrink import shrink
from tests.restoration.test_filling_by_networks import plain_eye, tiny_lama
from tests.support.fake_card import fake_card
from tests.support.training_runs import folder, tiny

__all__ = ["folder", "tiny_lama"]

STYLEGAN2 = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8)
NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "stylegan2": lambda: stylegan2.Generator(STYLEGAN2),
    "conditional": lambda: stylegan2.Generator(
        stylegan2.StyleGAN2Config(16, 8, 8, labels=3, channel_base=128, channel_max=8, architecture="resnet")
    ),
    "stylegan3": lambda: stylegan3.Generator(
        stylegan3.StyleGAN3Config(resolution=16, z_dim=8, w_dim=8, channel_base=256, channel_max=16)
    ),
    "dcgan": lambda: dcgan.Generator(dcgan.DCGANConfig(resolution=16, width=8)),
}

pytestmark = pytest.mark.skipif(
    tuple(map(int, torch.__version__.split(".")[:2])) < (2, 13),
    reason="FakeTensorMode of older versions asks the driver: 2.8 does, 2.13 does not, between them nothing was tried",
)

FACE_MAP = TorchEngine.face_map
"""The engine's own, which :func:`engine` exchanges."""


@pytest.fixture
def card() -> Iterator[torch.device]:
    with fake_card() as device:
        yield device


# ---- the card that is not there


WRONG: dict[str, Callable[[torch.Tensor, torch.Tensor], object]] = {
    "a sum over two devices": lambda there, here: there + here,
    "a product over two devices": lambda there, here: F.conv2d(there, here),
    "half and single precision": lambda there, here: F.conv2d(there.half(), there),
    "a matrix product of two precisions": lambda there, here: there.half().flatten(1) @ there.flatten(1).T,
    "a batch in pieces": lambda there, here: torch.cat([here, there]),
    "a mask": lambda there, here: there.masked_fill_(here > 0, 0),
    "an index on the processor": lambda there, here: there.index_add_(0, torch.arange(3), there),
    "numbers of another generator": lambda there, here: torch.randn(3, device="cuda", generator=torch.Generator()),
    "numpy": lambda there, here: there.numpy(),
    "eigenvalues in half precision": lambda there, here: torch.linalg.eigh(there[0].half()),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_are_found(card: torch.device, mistake: str) -> None:
    there, here = torch.zeros(3, 3, 3, 3, device=card), torch.zeros(3, 3, 3, 3)
    with pytest.raises((RuntimeError, TypeError)):
        WRONG[mistake](there, here)


def test_precision_is_mixed_as_on_a_card(card: torch.device) -> None:
    layer, x = nn.Conv2d(3, 4, 3).to(card), torch.zeros(1, 3, 8, 8, device=card)
    with torch.autocast("cuda", dtype=torch.bfloat16):
        y = layer(x)
        assert y.dtype == torch.bfloat16 and y.softmax(1).dtype == torch.float32
        with torch.autocast("cuda", enabled=False):
            assert layer(x).dtype == torch.float32
    y.float().sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.dtype == torch.float32 and layer.weight.grad.device.type == "cuda"
    assert choose_device().type == "cuda"


# ---- pictures


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine on the card (use it within one), with a small model of every kind and a VGG without knowledge."""
    folder = tmp_path / "models"
    folder.mkdir()
    for name, make in NETWORKS.items():
        network: Any = make()
        kind: Any = "stylegan2" if name == "conditional" else name
        card = ModelCard(name=name, architecture=kind, config=network.config.to_dict())
        save_model(folder / f"{name}.safetensors", network, card)

    def ignorant(name: str, device: torch.device) -> Iterator[None]:
        yield from ()
        with torch.device(device):
            return VGGFeatures("vgg16")

    monkeypatch.setattr(engine_module, "load_vgg", ignorant)
    # Where there are no numbers nobody finds a face, and nothing is fetched.
    monkeypatch.setattr(engine_module, "faces_ready", lambda: True)
    monkeypatch.setattr(TorchEngine, "face_map", one_face)
    return TorchEngine(SourceStore(tmp_path / "sources"), ModelLibrary([folder]), device="cuda")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 56, 3), np.uint8)).save(path)
    return path


def sample(engine: Engine, name: str, **changes: Any) -> SampleRecipe:
    return SampleRecipe(model=engine.library.find(name).ref, **changes)


@pytest.mark.parametrize("name", NETWORKS)
def test_samples(card: torch.device, engine: Engine, name: str) -> None:
    width = 100 if name == "dcgan" else 8
    given = LatentW(values=((0.0,) * width,))
    moves = (
        DirectionMove(index=1, amount=2.0),
        DirectionMove(index=0, amount=1.0, basis="style", layers=(1, 2)),
        DirectionMove(amount=1.0, basis="own", vector=(0.1,) * width),
    )
    mix = (StyleMix(latent=LatentSeed(seed=2), layers=(2, 3)),)
    keys = [
        sample(engine, name, noise="random", truncation=0.5, truncation_cutoff=2),
        sample(engine, name, directions=moves, style_mix=mix, noise="none"),
        sample(engine, name, latent=LatentMix(a=LatentSeed(seed=3), b=given, amount=0.3), label=1),
    ]
    for recipe in keys:
        assert drain(engine.render(recipe, live=True)).image.shape == (16, 16, 3)
    drain(journey_frames(engine, keys, 2, loop=False))
    assert isinstance(frame_recipe(engine, keys, 0.5, loop=False).latent, LatentW)
    assert engine.space(keys[0].model).device.type == engine.device_info().kind == "cuda"


def one_face(engine: Engine, picture: Picture) -> Work[Mask | None]:
    """A face in the middle, whatever the picture."""
    yield from ()
    mask = np.zeros((8, 8), np.float32)
    mask[2:6, 3:5] = 1
    return mask


LOOKS: dict[str, tuple[int, dict[str, Any]]] = {
    "plain": (2048, {}),
    "gram, in tiles": (64, {"loss": "gram", "detail": 0.5, "style_strength": 0.6}),
    "nearest, in tiles": (64, {"style_strength": 0.6, "seamless": True}),
    "matched colours": (2048, {"keep_colors": True, "color_transfer": "histogram"}),
    "seamless texture, in tiles": (64, {"texture": True, "seamless": True}),
    "refined preview": (2048, {"method": "refined"}),
}


@pytest.mark.parametrize("look", LOOKS)
def test_stylizing(card: torch.device, engine: Engine, photo: Path, look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tile, controls = LOOKS[look]
    monkeypatch.setattr("studio.stylization.problem.tile_side", lambda device: tile)
    monkeypatch.setattr(refined, "refined_preview", partial(refined.refined_preview, steps=3))
    source = PhotoRecipe(photo=engine.sources.add(photo))
    mask = photo.with_name("mask.png")
    Image.fromarray(np.repeat([[255] * 20 + [0] * 20], 30, axis=0).astype(np.uint8)).save(mask)
    styles = (
        StyleUse(source=source, region=engine.sources.add(mask), part=engine.sources.add(mask)),
        StyleUse(source=source, weight=0.5),
    )
    recipe = StylizeRecipe(content=source, styles=styles, size=96, steps=2, **{"method": "optimise", **controls})
    first = drain(engine.render(recipe)).image
    assert first.shape[1] == 96 and first.dtype == np.uint8
    if look == "plain":
        drain(engine.render(recipe.model_copy(update={"start": source, "mask": engine.sources.add(mask)})))


def test_faces_are_looked_for(card: torch.device, engine: Engine, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = face_networks.faces_path()
    path.parent.mkdir(parents=True)
    with torch.device("cpu"):
        save_file(FaceNetworks().state_dict(), path)
    # Numbers that are not there are a half: so every square is a face.
    monkeypatch.setattr("studio.faces.detection._THRESHOLDS", (0.4, 0.4, 0.4))
    Image.open(photo).resize((24, 20)).save(photo)
    found = drain(photo_faces(engine, engine.sources.add(photo)))
    assert (found.width, found.height) == (24, 20) and found.faces
    mask = drain(FACE_MAP(engine, np.asarray(Image.open(photo))))
    assert mask is not None and engine._faces is not None
    assert {p.device.type for p in engine._faces.parameters()} == {"cuda"}


@pytest.mark.parametrize("name", ["stylegan2", "dcgan"])
def test_a_photo_is_found(card: torch.device, engine: Engine, photo: Path, name: str) -> None:
    target = PhotoSquare(photo=engine.sources.add(photo))
    last: LastStage = "w" if name == "dcgan" else "tuned"
    found = drain(project_photo(engine, sample(engine, name), target, last=last, seconds=1e6, steps=8))
    assert found.stage == last and (found.model is not None) is (last == "tuned")
    assert drain(engine.render(found.recipe)).image.shape == (16, 16, 3)


@pytest.mark.parametrize("name", ["stylegan2", "stylegan3"])
def test_points_are_dragged(card: torch.device, engine: Engine, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Distances that are not there are a half, which would be near enough.
    monkeypatch.setattr("studio.synthesis.dragging.NEAR", -1.0)
    movable = np.ones((16, 16), bool)
    movable[:4] = False
    points = [(3.0, 4.0), (9.0, 9.0)], [(8.0, 4.0), (9.0, 3.0)]
    found = drain(drag_sample(engine, sample(engine, name, noise="random"), *points, movable, steps=1))
    assert found.step == 1 and isinstance(found.recipe.latent, LatentW)


def test_two_networks_are_one(card: torch.device, engine: Engine) -> None:
    model = engine.library.find("stylegan2").ref
    layers = len(blend_layers(engine.space(model).generator.config))
    blend = NetworkBlend(model=model, amounts=(0.5,) * layers, mapping=0.5)
    recipe = sample(engine, "stylegan2", blend=blend, directions=(DirectionMove(index=0, amount=1.0, basis="style"),))
    assert drain(engine.render(recipe)).image.shape == (16, 16, 3)
    kept, alone = drain(blended_model(engine, recipe))
    assert alone.blend is None and drain(engine.render(alone)).image.shape == (16, 16, 3) and kept.path.exists()


def test_the_tools_of_explore(card: torch.device, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = sample(engine, "stylegan2"), sample(engine, "stylegan2", latent=LatentSeed(seed=5), truncation=0.6)
    bred(engine, a, b, [1], 0.3)
    pin = MapPin(x=0, y=0, recipe=b)
    assert drain(map_sheet(engine, a, (0.5, 0), 1.0, 2, 1, [pin], max_side=16)).shape[2] == 3
    assert drain(mix_grid(engine, [a], [b], (1, 2))).shape[2] == 3
    monkeypatch.setattr("studio.synthesis.layer_parts.PAIRS", 1)
    drain(measure_parts(engine.space(a.model), a.model))


def on_this_thread(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Let ``module`` run its tiles here: the card that is not there is known on this thread alone."""

    def at_once(run: Callable[[], Picture], progress: Progress) -> Work[Picture]:
        yield progress
        return run()

    monkeypatch.setattr(module, "stoppable", at_once)


@pytest.mark.parametrize("network", ["film", "file"])
def test_enlarging(
    card: torch.device, engine: Engine, photo: Path, network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_this_thread(monkeypatch, enlarging)
    own = enlargers.own_path(2)
    file = None
    if network == "file":
        monkeypatch.setattr(enlargers, "find_network", lambda ref: own)
        file = FileRef(hash="2" * 64, name=own.name)
    else:
        monkeypatch.setattr(enlargers, "enlarger_path", lambda network: own)
    pixels = np.array(Image.open(photo).convert("RGBA"))
    pixels[:9, :9, 3] = 0
    Image.fromarray(pixels).save(photo)
    content = PhotoRecipe(photo=engine.sources.add(photo))
    quality = "best" if network == "file" else "quick"
    recipe = EnlargeRecipe(content=content, network=network, file=file, factor=2, quality=quality)  # type: ignore[arg-type]
    assert drain(engine.render(recipe)).image.shape == (80, 112, 4)
    assert drain(engine.enlarged_part(recipe, (8, 8, 24, 20))).shape == (24, 32, 4)


@pytest.mark.parametrize("method", ["generator", "network"])
def test_holes_are_filled(
    card: torch.device,
    engine: TorchEngine,
    photo: Path,
    tiny_lama: dict[str, torch.Tensor],
    method: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def quick(engine: TorchEngine, name: str) -> Iterator[None]:
        yield from ()
        return plain_eye  # type: ignore[return-value]

    on_this_thread(monkeypatch, network_filling)
    monkeypatch.setattr(TorchEngine, "perceptual_network", quick)
    torch.save({"state_dict": tiny_lama}, photo.with_name("lama.pth"))
    inpainter = add_inpainter(photo.with_name("lama.pth")).ref
    mask = photo.with_name("mask.png")
    Image.fromarray(np.pad(np.full((12, 12), 255, np.uint8), ((14, 14), (20, 24)))).save(mask)
    content = PhotoRecipe(photo=engine.sources.add(photo))
    model = engine.library.find("stylegan2").ref
    recipe = RepairRecipe(
        content=content, mask=engine.sources.add(mask), method=method, model=model, inpainter=inpainter, steps=20
    )
    assert drain(engine.render(recipe)).image.shape == (40, 56, 3)


def test_frames_of_a_film(card: torch.device, engine: Engine, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ignorant(path: Path, name: str, device: str, changed: int) -> nn.Module:
        from torchvision.models import optical_flow

        with torch.device(device):
            network: nn.Module = optical_flow.raft_small(weights=None, progress=False)
        return network.eval().requires_grad_(False)

    monkeypatch.setattr(flow, "_raft_network", ignorant)
    monkeypatch.setattr(flow, "_RAFT_UPDATES", 2)
    monkeypatch.setattr(flow, "raft_weights", lambda name: photo)
    source = PhotoRecipe(photo=engine.sources.add(photo))
    look = StylizeRecipe(content=source, styles=(StyleUse(source=source),), size=64, steps=8, method="optimise")
    film = film_of(look, FileRef(hash="1" * 64, name="clip.mp4"), flow="raft_small", stabilise=0.9)
    styler = drain(clip_styler(engine, film))
    frame = np.asarray(Image.open(photo).resize((64, 48)))
    first = drain(styler.frame(frame))
    second = drain(styler.frame(np.roll(frame, 1, 1), first.before))
    assert second.picture.shape == first.picture.shape == (48, 64, 3)


def test_a_smaller_copy(card: torch.device, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["studio.training.shrink"], "MEASURED", 8)
    for name in ("stylegan2", "conditional"):
        generator = engine.space(engine.library.find(name).ref).generator
        assert isinstance(generator, stylegan2.Generator)
        small, loss = drain(shrink(generator, 0.5, 8))
        assert {p.device.type for p in small.parameters()} == {"cuda"} and loss.weights < 1


# ---- training


def ignorant_efficientnet(device: torch.device) -> Iterator[None]:
    """The network that pictures are looked at through, with random weights."""
    yield from ()
    return EfficientNetLite0().eval().requires_grad_(False).to(device)  # type: ignore[return-value]


ADA = {"augmentation": "ada", "ada_parts": AUGMENTATION_KINDS, "ada_start": 1.0}
STRAIGHT = {"path_weight": 2.0, "path_interval": 1}
RUNS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "everything in fp16": {
        "loss": "relativistic",
        "r2_gamma": 1.0,
        "style_mixing": 1.0,
        "precision": "fp16",
        **ADA,
        **STRAIGHT,
    },
    "minimax, in pieces": {"loss": "minimax", "micro_batch": 4, "augmentation": "none", "noise": "none"},
    "hinge, frozen layers": {"loss": "hinge", "freeze_layers": 2, "warm_up": 8, "precision": "fp32", **ADA},
    "anchors": {"anchor": 10.0, "anchor_first": 8, "mirror": False},
    "projected": {"discriminator": "projected"},
    "drifting": {"discriminator": "none"},
    "stylegan3": {"architecture": "stylegan3", "precision": "fp16", **ADA},
    "dcgan": {"architecture": "dcgan", "loss": "relativistic", **ADA},
}
TWO_STEPS = ("hinge, frozen layers", "anchors")
"""Runs whose second step is another than their first."""


@pytest.mark.parametrize("run", RUNS)
def test_training_steps(card: torch.device, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "load_efficientnet", ignorant_efficientnet)
    settings = tiny(Path(), **{"device": "cuda", "r1_interval": 1, "r1_gamma": 1.0, **RUNS[run]})
    trainer = drain(build_trainer(settings, Processes(device=card), 24))
    real = torch.zeros(8, 3, 32, 32, device=card)
    for number in range(2 if run in TWO_STEPS else 1):
        losses = trainer.step(real, list(range(8)), number, number * 8)
        assert all(np.isfinite(value) for value in losses.values())
    assert trainer.sample(torch.zeros(2, trainer.z_dim)).device.type == "cuda"
    assert {p.device.type for p in trainer.exported().parameters()} == {"cuda"}
    if run == "as it comes":
        drain(build_trainer(settings, Processes(device=card), 24)).load_state_dict(trainer.state_dict())


def test_a_run_measures_and_keeps_itself(
    card: torch.device, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "load_efficientnet", ignorant_efficientnet)
    settings = tiny(folder, device="cuda", images=8, evaluate_every=8, evaluate_samples=8, snapshot_every=8)
    run = RunDirectory.create(settings, tmp_path)
    drain(loop.Session(run).train())
    assert run.model_path is not None and run.model_path.exists()
    events = run.read_events()[0]
    assert any(event["event"] == "metrics" for event in events)
