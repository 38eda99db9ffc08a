"""The ways to train: losses, regularisers, augmentations and discriminators together, divided and undivided."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.base import StudioError, drain
from studio.checkpoints.discriminators import find_discriminator, has_discriminator, load_discriminator
from studio.checkpoints.foreign import import_discriminator
from studio.checkpoints.info import read_card
from studio.checkpoints.library import ModelLibrary
from studio.networks import stylegan2
from studio.networks.efficientnet import EfficientNetLite0
from studio.networks.projected import ProjectedDiscriminator, SpectralConv
from studio.training import dcgan_trainer, gradient_accumulation, loop, start_models
from studio.training.batches import batch_indices
from studio.training.collapse import CollapseDetector, pixel_statistics
from studio.training.loop import Session, build_trainer
from studio.training.parallel import Division, Processes
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer, fresh_shape
from studio.training.trainers import Trainer
from tests.support.fetched_models import home_in
from tests.support.foreign_files import discriminator_names, filled, nvidia_names, nvidia_network, write_nvidia
from tests.support.training_runs import assert_same, folder, tiny, weights

__all__ = ["folder"]

EVERYTHING: dict[str, Any] = {
    "loss": "relativistic", "r1_gamma": 1.0, "r2_gamma": 1.0, "path_weight": 2.0, "path_interval": 2,
    "augmentation": "ada", "ada_parts": ("blit", "geometry", "color", "filter", "noise", "cutout"), "ada_start": 0.5,
    "ada_images": 1000, "style_mixing": 0.9,
}  # fmt: skip


def trainer_of(**changes: object) -> Trainer:
    return drain(build_trainer(tiny(Path(), **changes), Processes(), 24))


def pictures(n: int = 8, seed: int = 0) -> torch.Tensor:
    return torch.rand(n, 3, 32, 32, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def largest_difference(a: Any, b: Any) -> float:
    """Over all tensors and numbers in two states."""
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        return max((largest_difference(a[key], b[key]) for key in a if key != "micro"), default=0.0)
    if isinstance(a, list | tuple):
        return max((largest_difference(x, y) for x, y in zip(a, b, strict=True)), default=0.0)
    if isinstance(a, torch.Tensor):
        return float((a.detach().double() - b.detach().double()).abs().max()) if a.numel() else 0.0
    return abs(a - b) if isinstance(a, float) else 0.0


# ---- division


def test_without_noise_inputs_the_model_draws_none() -> None:
    trainer = trainer_of(noise="none")
    assert isinstance(trainer, StyleGANTrainer)
    for number in range(2):
        trainer.step(pictures(), list(range(8)), number, number * 8)
    z = torch.randn(2, trainer.z_dim, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        noises = [trainer.exported()(z, noise_mode=mode) for mode in ("none", "const", "random")]
    assert all(torch.equal(noises[0], each) for each in noises[1:])
    noisy = trainer_of()
    assert isinstance(noisy, StyleGANTrainer)
    for number in range(2):
        noisy.step(pictures(), list(range(8)), number, number * 8)
    with torch.no_grad():
        assert not torch.equal(*(noisy.exported()(z, noise_mode=mode) for mode in ("none", "const")))


@pytest.mark.parametrize(("total", "group", "size"), [(16, 4, 2), (12, 4, 2), (24, 4, 3), (10, 2, 2), (8, 4, 2)])
def test_a_batch_is_divided_completely_and_groups_stay_together(total: int, group: int, size: int) -> None:
    shares = [Processes(rank, size).share(total, group) for rank in range(size)]
    places = torch.cat([share.places() for share in shares])
    assert sorted(places.tolist()) == list(range(total))
    x = torch.rand(total, 3, 2, 2)
    whole = stylegan2.minibatch_std(x, group)
    for share in shares:
        assert torch.allclose(stylegan2.minibatch_std(x[share.places()], group), whole[share.places()])
        for piece, local in share.pieces(group):
            assert torch.equal(share.places()[local], piece.places())
    with pytest.raises(StudioError, match="cannot be divided"):
        Processes(0, 9).share(16, 4)
    assert Division(8, 4, 0, 2).size == 8


@pytest.mark.parametrize("changes", [EVERYTHING, {"precision": "bf16"}])
def test_passes_of_four_pictures_train_like_one_of_eight(changes: dict[str, Any]) -> None:
    whole, divided = trainer_of(**changes), trainer_of(**changes, micro_batch=4)
    for number in range(2):
        real, indices = pictures(seed=number), list(range(8))
        first = whole.step(real, indices, number, number * 8)
        second = divided.step(real, indices, number, number * 8)
        assert first.keys() == second.keys()
        tolerance = 0.05 if "precision" in changes else 1e-3
        assert all(second[name] == pytest.approx(first[name], rel=tolerance, abs=tolerance) for name in first)
    a, b = whole.exported().state_dict(), divided.exported().state_dict()
    assert largest_difference(a, b) < (0.05 if "precision" in changes else 2e-3)


def test_running_out_of_memory_halves_the_passes_and_repeats_the_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, short = trainer_of(**EVERYTHING), trainer_of(**EVERYTHING)
    assert isinstance(short, StyleGANTrainer)
    judge = short.discriminator.forward

    def small(x: torch.Tensor, *rest: Any) -> torch.Tensor:
        if len(x) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return judge(x, *rest)

    monkeypatch.setattr(short.discriminator, "forward", small)
    first = plain.step(pictures(), list(range(8)), 0, 0)
    second = short.step(pictures(), list(range(8)), 0, 0)
    assert short.micro == 4
    assert all(second[name] == pytest.approx(first[name], rel=1e-3, abs=1e-3) for name in first)
    assert short.state_dict()["micro"] == 4

    def never(x: torch.Tensor, *rest: Any) -> torch.Tensor:
        raise RuntimeError("MPS backend out of memory")

    monkeypatch.setattr(short.discriminator, "forward", never)
    with pytest.raises(torch.OutOfMemoryError):
        short.step(pictures(), list(range(8)), 1, 8)


def test_an_error_that_is_not_about_memory_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of()
    assert isinstance(trainer, StyleGANTrainer)

    def broken(*_: Any) -> torch.Tensor:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(trainer.discriminator, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        trainer.step(pictures(), list(range(8)), 0, 0)


PROCESSES: dict[str, dict[str, Any]] = {
    "stylegan2": {**EVERYTHING, "anchor": 1.0, "mirror": False, "learning_rate": 1e-3},
    "dcgan": {"mirror": True, "learning_rate": 1e-4},
}


def test_two_processes_train_like_one(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``torchrun`` with two gloo processes: the same losses and weights as one process with the same total batch."""
    monkeypatch.setattr(loop, "EVENT_SECONDS", 0.0)
    runs = {}
    for architecture, changes in PROCESSES.items():
        settings = tiny(folder, **changes, architecture=architecture, images=24, snapshot_every=16)
        one, two = (RunDirectory.create(settings, tmp_path / name / architecture) for name in ("one", "two"))
        list(Session(one).train())
        runs[architecture] = one, two
    command = [sys.executable, *["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]]
    launched = subprocess.run(
        [*command, "-m", "tests.support.torchrun_session", *(str(two.path) for _, two in runs.values())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert launched.returncode == 0, launched.stderr[-3000:]
    for architecture, (one, two) in runs.items():
        state = two.state()
        assert (state.status, state.images) == ("finished", 24), (architecture, state)
        first, second = ([event for event in run.read_events()[0] if event["event"] == "step"] for run in (one, two))
        assert [event["images"] for event in first] == [event["images"] for event in second] == [8, 16, 24]
        for a, b in zip(first, second, strict=True):
            for name in {"loss_g", "loss_d", "anchor", "augment"} & (a.keys() | b.keys()):
                assert b[name] == pytest.approx(a[name], abs=1e-5), (architecture, name, a["images"])
        # Adam moves a weight by its whole rate also where the gradient is no more than rounding.
        apart = torch.cat([(weights(one)[name] - value).abs().flatten() for name, value in weights(two).items()])
        assert apart.double().quantile(0.998) < 1e-5 and apart.max() < 4 * one.settings.rate, architecture
        # Written once, by the first process.
        assert sum(event["event"] == "checkpoint" for event in two.read_events()[0]) == 2


# ---- resuming


@pytest.mark.parametrize(
    "changes",
    [
        EVERYTHING,
        {"precision": "bf16", "augmentation": "ada", "ada_images": 1000, "micro_batch": 4, "batch": 8},
        {
            "architecture": "stylegan3",
            "channel_max": 8,
            "batch": 4,
            "warm_up": 4,
            "images": 12,
            "snapshot_every": 4,
            "preview_every": 1000,
        },
        {"architecture": "dcgan", "loss": "minimax", "augmentation": "ada", "ada_images": 1000},
    ],
    ids=["everything", "bf16", "stylegan3", "dcgan"],
)
def test_every_method_resumes_exactly(folder: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    settings = tiny(folder, **{"batch": 4, "images": 24, "snapshot_every": 12, **changes})
    whole = RunDirectory.create(settings, tmp_path / "whole")
    for _ in Session(whole).train():
        pass
    broken = RunDirectory.create(settings, tmp_path / "broken")
    for progress in Session(broken).train():
        if progress.step >= settings.images * 2 // 3:
            break
    for _ in Session(broken).train():
        pass
    assert_same(whole, broken)
    first, second = (torch.load(run.checkpoints()[-1], weights_only=True) for run in (whole, broken))
    assert largest_difference(first, second) == 0
    if changes is EVERYTHING:
        state = first["trainer"]
        assert state["numbers"]["path_mean"] > 0 and state["augmenter"]["p"] != 0.5


def test_checkpoints_of_earlier_versions_go_on(tmp_path: Path) -> None:
    a, b = trainer_of(), trainer_of(seed=4)
    state = a.state_dict()
    old = {name: state[name] for name in ("generator", "discriminator", "average", "optim_g", "optim_d")}
    b.load_state_dict(old)
    assert largest_difference(b.exported().state_dict(), a.exported().state_dict()) == 0


# ---- losses at work


def test_lazy_penalties_come_when_they_are_due() -> None:
    trainer = trainer_of(**{**EVERYTHING, "r1_interval": 3, "path_interval": 2})
    seen = [set(trainer.step(pictures(), list(range(8)), n, n * 8)) & {"r1", "r2", "path"} for n in range(4)]
    assert seen == [{"r1", "r2", "path"}, set(), {"path"}, {"r1", "r2"}]


def test_r1_keeps_the_discriminator_flat() -> None:
    steep = {}
    for gamma in (0.0, 300.0):
        trainer = trainer_of(r1_gamma=gamma, r1_interval=1, augmentation="none", seed=1, learning_rate=0.03)
        assert isinstance(trainer, StyleGANTrainer)
        for number in range(12):
            trainer.step(pictures(seed=number), list(range(8)), number, number * 8)
        x = pictures(seed=99).requires_grad_(True)
        (gradient,) = torch.autograd.grad(trainer.discriminator(x).sum(), x)
        steep[gamma] = gradient.square().sum(dim=(1, 2, 3)).mean().item()
    assert steep[300.0] < 0.5 * steep[0.0]


def test_bf16_computes_in_bf16_and_keeps_weights_in_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of(precision="bf16")
    assert isinstance(trainer, StyleGANTrainer)
    seen: set[torch.dtype] = set()
    convolve = torch.nn.functional.conv2d
    monkeypatch.setattr(torch.nn.functional, "conv2d", lambda *a, **k: seen.add((y := convolve(*a, **k)).dtype) or y)
    losses = trainer.step(pictures(), list(range(8)), 1, 8)
    assert torch.bfloat16 in seen and all(torch.isfinite(torch.tensor(list(losses.values()))))
    assert {p.dtype for p in trainer.generator.parameters()} == {torch.float32}
    for tiles, kind in ((False, "fp32"), (True, "bf16")):
        monkeypatch.setattr(gradient_accumulation, "has_bf16_tiles", lambda tiles=tiles: tiles)
        assert gradient_accumulation.Precision("auto", torch.device("cpu")).kind == kind
    assert gradient_accumulation.Precision("fp16", torch.device("cpu")).scaler().is_enabled()
    assert not gradient_accumulation.Precision("bf16", torch.device("cpu")).scaler().is_enabled()


def test_half_precision_with_a_narrow_range_limits_activations() -> None:
    settings = tiny(Path())
    assert [fresh_shape(settings, narrow_range=narrow).conv_clamp for narrow in (False, True)] == [0, 256]


# ---- fine-tuning


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TrainSettings, Path]]:
    """The files of a short run: its settings and its folder."""
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("trained")
    patch.setenv("LATENT_STUDIO_HOME", str(home))
    art = home / "art"
    art.mkdir()
    from PIL import Image

    for number in range(8):
        Image.new("RGB", (32, 32), (number * 30, 90, 200)).save(art / f"{number}.png")
        Image.new("RGB", (32, 32), (20, number * 30, 90)).save(art / f"b{number}.png")
    run = RunDirectory.create(tiny(art, images=16), home / "runs")
    list(Session(run).train())
    patch.undo()
    yield run.settings, run.path


def test_a_fine_tune_starts_from_the_generator_its_average_and_the_discriminator(
    trained: tuple[TrainSettings, Path], tmp_path: Path
) -> None:
    settings, path = trained
    from studio.training.exports import publish_snapshot

    copy = publish_snapshot(RunDirectory(path))
    discriminator = find_discriminator(copy)
    assert discriminator is not None and discriminator.parent.name == "discriminators"
    follow = RunDirectory.create(settings.model_copy(update={"start_from": str(copy)}), tmp_path / "runs")
    work = Session(follow)
    next(work.train())
    begun = drain(build_trainer(follow_settings(follow), Processes(), 16))
    assert isinstance(begun, StyleGANTrainer) and isinstance(begun.discriminator, stylegan2.Discriminator)
    known = load_discriminator(discriminator)
    assert known is not None
    assert largest_difference(begun.discriminator.state_dict(), known.state_dict()) == 0
    own = torch.load(RunDirectory(path).checkpoints()[-1], weights_only=True)["trainer"]["discriminator"]
    assert largest_difference(begun.discriminator.state_dict(), own) == 0
    assert largest_difference(begun.average.state_dict(), weights(RunDirectory(path))) == 0
    # Another hash, as after renaming in the library: the former one still finds it.
    library = ModelLibrary()
    edited = library.edit(library.find(str(copy)), name="renamed")
    assert find_discriminator(edited.path) == discriminator


def follow_settings(run: RunDirectory) -> TrainSettings:
    return run.settings.model_copy(update={"start_from": str(run.path / "start.safetensors")})


def test_damaged_discriminators_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "d.safetensors"
    for content in (b"", b"nonsense", (2**40).to_bytes(8, "little") + b"{}", (2).to_bytes(8, "little") + b"{}"):
        path.write_bytes(content)
        assert load_discriminator(path) is None


def test_warming_up_leaves_the_generator_alone_and_frozen_layers_stay(trained: tuple[TrainSettings, Path]) -> None:
    trainer = trainer_of(warm_up=16, freeze_layers=3)
    assert isinstance(trainer, StyleGANTrainer) and isinstance(trainer.discriminator, stylegan2.Discriminator)
    before = {name: value.clone() for name, value in trainer.generator.named_parameters()}
    judged = {name: value.clone() for name, value in trainer.discriminator.named_parameters()}
    for number in range(3):
        losses = trainer.step(pictures(seed=number), list(range(8)), number, number * 8)
        moved = largest_difference(dict(trainer.generator.named_parameters()), before)
        assert (moved > 0) == (number == 2) == ("loss_g" in losses)
    now = dict(trainer.discriminator.named_parameters())
    still = {name for name in judged if torch.equal(judged[name], now[name])}
    assert still == {
        "from_rgb.weight", "from_rgb.bias", "blocks.0.conv0.weight", "blocks.0.conv0.bias", "blocks.0.conv1.weight",
        "blocks.0.conv1.bias",
    }  # fmt: skip


class Model:
    def __init__(
        self, architecture: str, resolution: int, labels: int = 0, img_channels: int = 3, residual: bool = False
    ) -> None:
        self.architecture, self.resolution, self.labels, self.img_channels = (
            architecture, resolution, labels, img_channels,
        )  # fmt: skip
        self.residual = residual


@pytest.mark.parametrize(
    ("model", "reason", "words"),
    [
        (Model("stylegan2", 64), None, ""),
        (Model("stylegan3", 64), "kind", "StyleGAN3"),
        (Model("stylegan2", 64, labels=10), "labels", "10 classes"),
        (Model("stylegan2", 64, img_channels=5), "channels", "colour"),
        (Model("stylegan2", 2048), "size", "2048"),
        (Model("stylegan2", 128), "larger", "128"),
        (Model("stylegan2", 32), None, ""),
        (Model("stylegan2", 32, residual=True), "residual", "residual"),
    ],
)
def test_what_does_not_fit_says_why(model: Model, reason: str | None, words: str) -> None:
    assert start_models.incompatibility(model, "stylegan2", 64) == reason
    if reason is None:
        start_models.refuse("m", model, "stylegan2", 64)
        return
    with pytest.raises(StudioError, match=words) as caught:
        start_models.refuse("m", model, "stylegan2", 64)
    assert caught.value.action and "does not fit" in caught.value.message


def test_the_starter_model_is_fine_tuned_with_a_fresh_discriminator(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.base.paths import resources_dir

    for name in ("PREVIEW_COLUMNS", "PREVIEW_ROWS"):  # of 256 pixels each
        monkeypatch.setattr(loop, name, 1)
    starter = resources_dir() / "models" / "rosettes-256.safetensors"
    card = read_card(starter)
    settings = tiny(folder, resolution=256, start_from=str(starter), images=4, batch=2, warm_up=2, snapshot_every=4)
    run = RunDirectory.create(settings, tmp_path / "runs")
    list(Session(run).train())
    assert run.model_path is not None and card.config.items() <= read_card(run.model_path).config.items()


# ---- the projected discriminator


def test_spectral_normalisation_makes_the_largest_singular_value_one() -> None:
    torch.manual_seed(0)
    layer = SpectralConv(5, 7, 3)
    for _ in range(60):
        layer.update()
    matrix = (layer.weight / (layer.u @ layer.weight.flatten(1) @ layer.v)).flatten(1)
    assert torch.linalg.svdvals(matrix)[0].item() == pytest.approx(1, abs=1e-3)


def test_only_the_small_discriminators_of_a_projected_one_learn() -> None:
    torch.manual_seed(0)
    projected = ProjectedDiscriminator(EfficientNetLite0(), 64)
    names = {name.split(".")[0] for name, value in projected.named_parameters() if value.requires_grad}
    assert names == {"judges"}
    assert not any("backbone" in name or "stem" in name for name in projected.state_dict())
    x = pictures(2).requires_grad_(True)
    logits = projected(x)
    # Scales of 32, 16, 8 and 4 pixels, halved to 4 x 4 places each.
    assert logits.shape == (2, 4 * 16)
    logits.sum().backward()
    assert x.grad is not None and x.grad.abs().sum() > 0
    alone = projected(x[1:])
    assert torch.allclose(alone, logits[1:], atol=1e-4)


def test_a_projected_run_learns_and_goes_on_exactly(folder: Path, tmp_path: Path, model_cache: Path) -> None:
    from studio.base.paths import models_dir
    from studio.checkpoints.feature_networks import feature_path, load_efficientnet

    with home_in(model_cache):
        drain(load_efficientnet())
        fetched = feature_path("efficientnet-lite0")
    (models_dir() / "perceptual").mkdir(parents=True, exist_ok=True)
    feature_path("efficientnet-lite0").symlink_to(fetched)
    settings = tiny(folder, discriminator="projected", images=32, snapshot_every=16)
    assert settings.adversarial == "hinge"
    whole = RunDirectory.create(settings, tmp_path / "whole")
    list(Session(whole).train())
    broken = RunDirectory.create(settings, tmp_path / "broken")
    for progress in Session(broken).train():
        if progress.step >= 24:
            break
    list(Session(broken).train())
    assert_same(whole, broken)
    losses = [event["loss_d"] for event in whole.read_events()[0] if event["event"] == "step"]
    assert 0 < losses[-1] < 6


def test_a_collapse_is_noticed_after_a_while_and_not_in_healthy_runs() -> None:
    varied, alike = pictures(32), pictures(1).expand(32, -1, -1, -1) + pictures(32, seed=5) * 0.001
    # Pixel noise averages out at 8 x 8: real pictures differ in their large shapes.
    varied = varied.mean(dim=(2, 3), keepdim=True).expand_as(varied) * 5
    detector = CollapseDetector()
    for _ in range(400):
        detector.note(pixel_statistics(varied), pixel_statistics(varied * 0.6), 32)
    assert not detector.collapsed and detector.share == pytest.approx(0.6, abs=0.05)
    for _ in range(60):
        detector.note(pixel_statistics(varied), pixel_statistics(alike), 32)
    assert not detector.collapsed
    for _ in range(200):
        detector.note(pixel_statistics(varied), pixel_statistics(alike), 32)
    assert detector.collapsed
    again = CollapseDetector()
    again.load_state_dict(detector.state_dict())
    assert again.collapsed


# ---- the seeds' GAN


def test_the_seeds_gan_starts_near_the_theory() -> None:
    """Before it has learnt anything, no picture is more likely real than another: V = -log 4."""
    trainer = trainer_of(architecture="dcgan", loss="minimax", augmentation="none", learning_rate=1e-6, batch=8)
    assert isinstance(trainer, dcgan_trainer.DCGANTrainer)
    with torch.no_grad():
        for layer in reversed(list(trainer.discriminator.layers)):
            if isinstance(layer, torch.nn.Conv2d):
                layer.weight.zero_()
                break
    losses = trainer.step(pictures(), batch_indices(0, 0, 8, 24), 0, 0)
    assert losses["loss_d"] == pytest.approx(1.3863, abs=0.05) and losses["loss_g"] == pytest.approx(-0.6931, abs=0.05)


def test_a_foreign_network_is_fine_tuned_with_its_own_discriminator(folder: Path, tmp_path: Path) -> None:
    """NVIDIA's file, taken into the library, trained further: generator, average and discriminator are the file's."""
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
    path = tmp_path / "network.pkl"
    write_nvidia(
        path,
        nvidia_network(config, filled(nvidia_names(config))),
        nvidia_network(config, filled(discriminator_names(config, "resnet")), architecture="resnet"),
    )
    info = ModelLibrary().add(path)
    assert has_discriminator((info.hash,)) and start_models.incompatibility(info, "stylegan2", 32) is None
    run = RunDirectory.create(tiny(folder, start_from=str(info.path), freeze_layers=4, images=8), tmp_path / "runs")
    list(Session(run).train())
    theirs = import_discriminator(path)
    assert theirs is not None
    ours = load_discriminator(run.path / "discriminator.safetensors")
    assert ours is not None
    before, after = dict(theirs.named_parameters()), dict(ours.named_parameters())
    frozen = [name for name in before if name.startswith(("from_rgb", "blocks.0"))]
    assert frozen and all(torch.equal(before[name], after[name]) for name in frozen)
    assert 0 < largest_difference(before, after) < 0.1
