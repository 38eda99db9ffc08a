"""Metrics against the programs that define them, the feature networks, and measuring a run while it trains."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from skimage import data as photos
from torch import Tensor

from studio.base import Message, Progress, StudioError, Work, drain
from studio.base.paths import models_dir
from studio.checkpoints import feature_networks
from studio.checkpoints.info import read_card
from studio.networks import efficientnet, inception
from studio.networks.efficientnet import EfficientNetLite0, fold_batch_norm
from studio.networks.inception import FIDInception
from studio.training import evaluation
from studio.training.evaluation import Evaluator, auto_interval
from studio.training.loop import Session
from studio.training.measurements import nearest_path, read_measurements
from studio.training.metrics import (
    frechet_distance,
    kernel_distance,
    memorising,
    precision_recall,
    resize_for_network,
    subset_size_for,
)
from studio.training.runs import NEAREST_COLUMNS, RunDirectory
from studio.training.settings import TrainSettings
from tests.support import training_runs
from tests.support.fetched_models import home_in
from tests.support.paths import DATA

# Made by running torch-fidelity 0.4.0 and clean-fid 0.1.35 on random features; see tests/data/README.md.
REFERENCE = np.load(DATA / "metrics_reference.npz")
GENERATED, REAL = torch.from_numpy(REFERENCE["generated"]), torch.from_numpy(REFERENCE["real"])


# ---- the formulas


def test_kid_is_torch_fidelitys_and_clean_fids() -> None:
    found = kernel_distance(GENERATED, REAL, subsets=40, subset_size=60)
    # torch-fidelity computes the kernels in single precision.
    assert found.mean == pytest.approx(float(REFERENCE["kid_mean"]), abs=2e-6)
    assert found.spread == pytest.approx(float(REFERENCE["kid_std"]), abs=2e-6)
    # clean-fid draws other subsets; of sets of one size a subset is the whole.
    largest = kernel_distance(GENERATED, REAL[:120], subsets=1, subset_size=120)
    assert largest.mean == pytest.approx(float(REFERENCE["cleanfid_kid"]), abs=1e-9)


def test_kid_of_many_pictures_computes_kernels_per_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = kernel_distance(GENERATED, REAL, subsets=5)
    monkeypatch.setattr("studio.training.metrics._WHOLE_KERNEL", 10)
    assert kernel_distance(GENERATED, REAL, subsets=5).mean == pytest.approx(whole.mean, abs=1e-12)


def test_kid_is_unbiased_and_says_its_spread_for_small_sets() -> None:
    generator = torch.Generator().manual_seed(0)
    values = [
        kernel_distance(torch.randn(20, 8, generator=generator), torch.randn(30, 8, generator=generator), subsets=20)
        for _ in range(60)
    ]
    assert abs(np.mean([value.mean for value in values])) < 0.1 * np.std([value.mean for value in values]) * 3
    assert values[0].subset_size == 10 and values[0].spread > 0
    assert subset_size_for(5000, 2000) == 1000 and subset_size_for(2, 2) == 2
    with pytest.raises(ValueError, match="at least two"):
        kernel_distance(torch.zeros(1, 4), torch.zeros(9, 4))
    with pytest.raises(ValueError, match="does not fit"):
        kernel_distance(torch.zeros(5, 4), torch.zeros(9, 4), subset_size=6)


def test_precision_and_recall_are_torch_fidelitys() -> None:
    precision, recall = precision_recall(GENERATED, REAL)
    assert precision == pytest.approx(float(REFERENCE["precision"]), abs=1e-7)
    assert recall == pytest.approx(float(REFERENCE["recall"]), abs=1e-7)
    # Two pictures have one neighbour only.
    assert precision_recall(torch.eye(2), torch.eye(2)) == (1.0, 1.0)


@pytest.mark.parametrize("rows", [(120, 150), (120, 40), (30, 40)])
def test_the_frechet_distance_is_torch_fidelitys(rows: tuple[int, int]) -> None:
    x, y = GENERATED[: rows[0]], REAL[: rows[1]]
    if rows == (120, 150):
        expected = float(REFERENCE["fid"])
        assert expected == pytest.approx(float(REFERENCE["cleanfid_fid"]), rel=1e-8)
    else:  # fewer pictures than features: by the definition, in numpy
        a, b = np.cov(x.double().numpy(), rowvar=False), np.cov(y.double().numpy(), rowvar=False)
        roots = np.sqrt(np.linalg.eigvals(a @ b).astype(complex)).real.sum()
        apart = (x.double().mean(0) - y.double().mean(0)).square().sum().item()
        expected = apart + np.trace(a) + np.trace(b) - 2 * roots
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-5)


def test_the_resize_is_clean_fids() -> None:
    photo = torch.from_numpy(REFERENCE["photo"]).permute(2, 0, 1)[None]
    down = resize_for_network(photo, 37)[0].permute(1, 2, 0).numpy()
    up = resize_for_network(photo[:, :, :24, :24], 37)[0].permute(1, 2, 0).numpy()
    assert np.abs(down - REFERENCE["resize_down"]).max() < 0.01
    assert np.abs(up - REFERENCE["resize_up"]).max() < 0.01
    assert torch.equal(resize_for_network(photo, photo.shape[-1]), photo.float())


def test_copies_are_told_from_new_pictures() -> None:
    generator = torch.Generator().manual_seed(1)
    real = torch.randn(200, 16, generator=generator)
    new = memorising(torch.randn(200, 16, generator=generator), real)
    assert 0.25 < new.nearer_share < 0.65 and new.copy_share < 0.05 and new.verdict == "new"
    order = torch.randperm(200, generator=generator)
    copies = memorising(real[order] + 0.05 * torch.randn(200, 16, generator=generator), real)
    assert copies.copy_share == 1 and copies.verdict == "copies" and torch.equal(copies.nearest, order)
    # A picture that lies twice in the set does not hide that it is copied.
    twice = memorising(real[:1].repeat(10, 1), torch.cat([real, real[:1]]))
    assert twice.copy_share == 1
    some = torch.cat([torch.randn(85, 16, generator=generator), real[:15]])
    assert memorising(some, real).verdict == "close"


# ---- the networks


@pytest.fixture(scope="session")
def lite(model_cache: Path) -> EfficientNetLite0:
    """The real network, fetched once and then kept."""
    with home_in(model_cache):
        return drain(feature_networks.load_efficientnet())


def test_efficientnet_knows_what_is_in_photos(lite: EfficientNetLite0) -> None:
    """ImageNet classes: 967 espresso, 281 to 285 cats, 657 missile, 744 projectile."""
    for name, wanted in (("coffee", {967}), ("chelsea", {281, 282, 283, 284, 285}), ("rocket", {657, 744})):
        photo = getattr(photos, name)()
        side = min(photo.shape[:2])
        top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
        x = torch.from_numpy(photo[top : top + side, left : left + side].copy()).permute(2, 0, 1)[None]
        logits = lite(resize_for_network(x, efficientnet.INPUT_SIDE) / 255)
        assert logits.argmax().item() in wanted, name


def test_efficientnet_gives_four_maps_and_gradients(lite: EfficientNetLite0) -> None:
    x = torch.rand(1, 3, 70, 70, requires_grad=True)
    maps = lite.features(x)
    assert [tuple(one.shape[1:]) for one in maps] == [(24, 18, 18), (40, 9, 9), (112, 5, 5), (320, 3, 3)]
    assert tuple(one.shape[1] for one in maps) == efficientnet.FEATURE_CHANNELS
    maps[0].sum().backward()
    assert x.grad is not None and x.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in lite.parameters())


def test_a_folded_convolution_does_the_same() -> None:
    torch.manual_seed(0)
    convolution, norm = torch.nn.Conv2d(3, 5, 3, bias=False), torch.nn.BatchNorm2d(5, eps=1e-3).eval()
    for parameter in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        parameter.data.uniform_(0.5, 2)
    weight, bias = fold_batch_norm(convolution.weight.data, norm.state_dict(), 1e-3)
    x = torch.randn(2, 3, 8, 8)
    assert torch.allclose(torch.nn.functional.conv2d(x, weight, bias), norm(convolution(x)), atol=1e-5)


def published_inception() -> dict[str, Tensor]:
    """A state dict in the layout of pt_inception-2015-12-05, with weights that are a function of their place."""
    state = {}
    for number, (name, module) in enumerate(FIDInception().named_modules()):
        if isinstance(module, torch.nn.Conv2d):
            torch.manual_seed(number)
            fan = module.weight[0].numel()
            state[f"{name}.conv.weight"] = torch.randn_like(module.weight) * (2 / fan) ** 0.5
            for part, low, high in (("weight", 0.8, 1.6), ("bias", -0.2, 0.2), ("running_mean", -0.1, 0.1)):
                state[f"{name}.bn.{part}"] = torch.empty(module.out_channels).uniform_(low, high)
            state[f"{name}.bn.running_var"] = torch.empty(module.out_channels).uniform_(0.5, 1.2)
    return state


def test_inception_is_pytorch_fids() -> None:
    """Features of a fixed picture with fixed weights: torch-fidelity 0.4.0 was run with the same."""
    net = FIDInception()
    net.load_state_dict(inception.from_published(published_inception()))
    rows, columns = torch.meshgrid(torch.arange(299), torch.arange(299), indexing="ij")
    x = torch.stack([(rows * 3 + columns) % 256, (rows * columns) % 251, (rows + 5 * columns) % 256])[None].float()
    expected = torch.from_numpy(REFERENCE["inception"])
    assert torch.allclose(net(x)[0, ::16], expected, rtol=2e-4, atol=1e-5 * float(expected.abs().max()))


def test_a_wrong_inception_file_is_refused_and_auto_takes_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert evaluation.choose_network("auto") == "efficientnet-lite0"
    folder = feature_networks.feature_path("inception-fid").parent
    folder.mkdir(parents=True)
    path = folder / feature_networks.INCEPTION_FILES[1]
    torch.save(published_inception(), path)
    assert evaluation.choose_network("auto") == "inception-fid"
    with pytest.raises(StudioError, match="not the Inception network"):
        drain(feature_networks.load_inception())
    # With the checksum of this stand-in the same file is taken, converted once, and not needed any more.
    monkeypatch.setattr(feature_networks, "INCEPTION_SHA256_START", feature_networks.sha256_of(path)[:8])
    drain(feature_networks.load_inception())
    path.unlink()
    assert feature_networks.feature_ready("inception-fid")
    drain(feature_networks.load_inception())


# ---- measuring a run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "art"
    path.mkdir()
    rng = np.random.default_rng(0)
    for number in range(12):
        coarse = Image.fromarray(rng.integers(0, 255, (4, 4, 3), np.uint8))
        coarse.resize((40, 40), Image.Resampling.BICUBIC).save(path / f"{number:02}.png")
    return path


@pytest.fixture
def fake_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Eight by eight colours as features: instant, and a function of the picture."""

    class Colours:
        def pooled(self, x: Tensor) -> Tensor:
            return torch.nn.functional.adaptive_avg_pool2d(x, 8).flatten(1) * 4

    def load(device: object) -> Work[Colours]:
        yield Progress(1, 1)
        return Colours()

    monkeypatch.setattr(evaluation, "load_efficientnet", load)
    monkeypatch.setattr(efficientnet, "INPUT_SIDE", 32)
    yield


def tiny(folder: Path, **changes: object) -> TrainSettings:
    values: dict[str, object] = {
        "snapshot_every": 32, "r1_interval": 4, "mirror": False, "evaluate_every": 16, "evaluate_samples": 16,
    }  # fmt: skip
    return training_runs.tiny(folder, **{**values, **changes})


def measured(run: RunDirectory) -> list[dict[str, object]]:
    return [event for event in run.read_events()[0] if event["event"] == "metrics"]


@pytest.mark.usefixtures("fake_network")
def test_a_run_is_measured_and_its_best_model_kept(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, mirror=True), tmp_path / "runs")
    list(Session(run).train())
    events = measured(run)
    assert [event["images"] for event in events] == [16, 32, 48, 64]
    for event in events:
        assert event["features"] == "efficientnet-lite0" and event["samples"] == 16 and event["pictures"] == 12
        assert 0 <= event["precision"] <= 1 and 0 <= event["recall"] <= 1 and event["kid_spread"] > 0  # type: ignore[operator]
        picture = Image.open(nearest_path(run.path, int(str(event["images"]))))
        assert picture.size == (NEAREST_COLUMNS * 64, 4 * 32)
        assert len(event["pairs"]) == 16 and all(0 <= pair[0] < 12 for pair in event["pairs"])  # type: ignore[arg-type, attr-defined]
    best = min(events, key=lambda event: float(str(event["kid"])))
    read = read_measurements(run)
    assert len(read) == 4 and read.best is not None and read.best.images == best["images"]
    assert read.best.kid_name == "KID (EfficientNet)" and len(read.pairs[16]) == 16
    assert [event["images"] for event in events if event["best"]][-1] == best["images"]
    assert run.best_model_path is not None
    card = read_card(run.best_model_path)
    assert card.metrics["kid"] == best["kid"] and card.training["images_shown"] == best["images"]
    assert card.name == "tiny (best)"
    assert run.model_path is not None and read_card(run.model_path).metrics["images"] == 64


@pytest.mark.usefixtures("fake_network")
def test_measuring_does_not_change_the_training_and_is_resumed(folder: Path, tmp_path: Path) -> None:
    plain = RunDirectory.create(tiny(folder, evaluate_every=0), tmp_path / "runs")
    list(Session(plain).train())
    assert measured(plain) == [] and plain.best_model_path is None
    whole = RunDirectory.create(tiny(folder), tmp_path / "runs")
    list(Session(whole).train())
    broken = RunDirectory.create(tiny(folder), tmp_path / "runs")
    for progress in Session(broken).train():
        if progress.step >= 48 and str(progress.message) == "Training":
            break
    list(Session(broken).train())
    assert plain.model_path is not None and whole.model_path is not None and broken.model_path is not None
    from safetensors.torch import load_file

    a, b, c = (load_file(path) for path in (plain.model_path, whole.model_path, broken.model_path))
    assert all(torch.equal(a[name], b[name]) and torch.equal(a[name], c[name]) for name in a)
    # 48 was measured, lost with the process, and measured again to the same numbers.
    assert [event["images"] for event in measured(broken)] == [16, 32, 48, 48, 64]
    assert measured(broken)[-1]["kid"] == measured(whole)[-1]["kid"]


@pytest.mark.usefixtures("fake_network")
def test_a_run_that_gets_worse_ends_by_itself_with_its_best_model(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.metrics import KernelDistance

    values = iter([0.5, 0.2, 0.3, 0.25, 0.1, 0.4, 0.4])
    monkeypatch.setattr(evaluation, "kernel_distance", lambda *_: KernelDistance(next(values), 0.01, 8))
    monkeypatch.setattr(evaluation, "precision_recall", lambda *_: (0.5, 0.1))
    run = RunDirectory.create(tiny(folder, patience=2, images=160), tmp_path / "runs")
    list(Session(run).train())
    state = run.state()
    assert state.status == "finished" and state.images == 64
    assert "after 32 images" in state.message and "2 measurements" in state.message
    assert [path.stem[-8:] for path in models_dir().glob("*.safetensors")] == ["-32-best"]
    # Going on in spite of it: the count begins anew, and a better one is found.
    list(Session(run).train())
    assert run.state().images == 112 and "after 80 images" in run.state().message


@pytest.mark.usefixtures("fake_network")
def test_a_run_that_has_learned_nothing_yet_is_not_ended(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.metrics import KernelDistance

    values = iter([0.2, 0.3, 0.4, 0.5])
    monkeypatch.setattr(evaluation, "kernel_distance", lambda *_: KernelDistance(next(values), 0.01, 8))
    monkeypatch.setattr(evaluation, "precision_recall", lambda *_: (0.0, 0.0))
    run = RunDirectory.create(tiny(folder, patience=1), tmp_path / "runs")
    list(Session(run).train())
    assert run.state().images == 64 and not run.state().message


def test_without_the_network_training_goes_on_and_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(device: object) -> Work[object]:
        yield Progress(0, 0)
        raise StudioError("Cannot fetch the feature network.", "Check the connection.")

    monkeypatch.setattr(evaluation, "load_efficientnet", offline)
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    work = Session(run).train()
    next(progress for progress in work if str(progress.message) == "Training")
    said = [str(Message.from_data(event.get("message"))) for event in run.read_events()[0]]
    assert "The quality cannot be measured: Cannot fetch the feature network." in said
    list(work)
    assert run.state().status == "finished" and measured(run) == []


@pytest.mark.usefixtures("fake_network")
def test_a_measurement_makes_way_for_a_stop_and_is_made_up_for(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    data = np.random.default_rng(0).integers(0, 255, (12, 32, 32, 3), np.uint8)
    evaluator = Evaluator(run, run.settings, data, torch.device("cpu"))
    drain(evaluator.prepare(0))
    sample: Callable[[Tensor], Tensor] = lambda z: torch.rand(len(z), 3, 32, 32) * 2 - 1  # noqa: E731
    assert evaluator.due(8, 16) and not evaluator.due(16, 24)
    run.request("stop")
    assert drain(evaluator.evaluate(sample, 16, 16)) is None
    assert not (run.path / "features.safetensors").exists()  # nor are the pictures looked at while it stops
    run.request("resume")
    assert evaluator.due(16, 24)
    assert drain(evaluator.evaluate(sample, 16, 24)) is not None
    assert not evaluator.due(24, 31)


@pytest.mark.usefixtures("fake_network")
def test_measurements_that_nobody_ordered_take_a_tenth_of_the_time_at_most(folder: Path, tmp_path: Path) -> None:
    now = [0.0]

    def sample(z: Tensor) -> Tensor:
        now[0] += 8  # seconds; there are two batches
        return torch.rand(len(z), 3, 32, 32) * 2 - 1

    data = np.random.default_rng(0).integers(0, 255, (12, 32, 32, 3), np.uint8)
    for every in (None, 8):
        run = RunDirectory.create(tiny(folder, evaluate_every=every, evaluate_samples=32), tmp_path / "runs")
        evaluator = Evaluator(run, run.settings, data, torch.device("cpu"), lambda: now[0])
        drain(evaluator.prepare(0))
        assert evaluator.due(0, 2000)
        drain(evaluator.evaluate(sample, 16, 2000))
        now[0] += 150
        assert evaluator.due(2000, 4000) == (every is not None)
        now[0] += 10
        assert evaluator.due(4000, 4016)  # what was due is made up for


@pytest.mark.usefixtures("fake_network")
def test_features_are_kept_and_damaged_ones_made_again(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder), tmp_path / "runs")
    data = np.random.default_rng(0).integers(0, 255, (12, 32, 32, 3), np.uint8)

    def features() -> Tensor:
        evaluator = Evaluator(run, run.settings, data, torch.device("cpu"))
        drain(evaluator.prepare(0))
        found = drain(evaluator.real_features())
        assert found is not None
        return found

    first = features()
    path = run.path / "features.safetensors"
    (key,) = feature_keys(path)
    save_file({key: first + 1}, path)
    assert torch.equal(features(), first + 1), "not read from the file"
    path.write_bytes(b"damaged")
    assert torch.equal(features(), first)


def feature_keys(path: Path) -> list[str]:
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return [key for key in json.loads(content[8 : 8 + length]) if key != "__metadata__"]


def test_how_often_a_run_is_measured() -> None:
    assert auto_interval(10_000) == 2000 and auto_interval(100_000) == 4000 and auto_interval(1_010_000) == 41_000


@pytest.mark.usefixtures("fake_network")
def test_a_run_moves_to_another_machine(folder: Path, tmp_path: Path) -> None:
    """Half trained from a starting model, moved; the pictures and the starting model are gone there."""
    first = RunDirectory.create(tiny(folder, images=16), tmp_path / "runs")
    list(Session(first).train())
    model = tmp_path / "start.safetensors"
    shutil.copyfile(str(first.model_path), model)
    whole = RunDirectory.create(tiny(folder, start_from=str(model)), tmp_path / "runs")
    list(Session(whole).train())
    half = RunDirectory.create(tiny(folder, start_from=str(model)), tmp_path / "runs")
    for progress in Session(half).train():
        if progress.step >= 40 and str(progress.message) == "Training":
            break
    shutil.rmtree(folder)
    model.unlink()
    moved = RunDirectory(Path(shutil.move(half.path, tmp_path / "elsewhere")))
    list(Session(moved).train())
    from safetensors.torch import load_file

    assert whole.model_path is not None and moved.model_path is not None
    a, b = load_file(whole.model_path), load_file(moved.model_path)
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert str(tmp_path) not in moved.model_path.read_bytes()[:20_000].decode(errors="ignore")
