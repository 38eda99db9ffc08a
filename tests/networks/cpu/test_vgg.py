"""VGG's quick form on a CPU gives what the general one gives, features and gradients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from studio.networks.cpu import kernels
from studio.networks.vgg import VGGFeatures
from studio.stylization.statistics import FeatureStatistics, WassersteinToStyle, feature_statistics

LAYERS = ["relu1_1", "relu1_2", "relu2_1", "relu3_1", "relu4_2", "relu5_1"]


@pytest.fixture(scope="module")
def network() -> VGGFeatures:
    torch.manual_seed(1)
    net = VGGFeatures("vgg16")
    for conv in net.convs.values():
        torch.nn.init.kaiming_normal_(conv.weight)  # type: ignore[arg-type]
        torch.nn.init.normal_(conv.bias, std=0.1)  # type: ignore[arg-type]
    return net


def general(network: VGGFeatures, run: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
    """What ``run`` gives without the quick form."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_fast_form", lambda image: None)
        return run()


def distance(a: Tensor, b: Tensor) -> float:
    return float((a - b).detach().norm() / b.detach().norm())


@pytest.mark.parametrize(
    ("shape", "circular"),
    [((1, 3, 64, 48), False), ((2, 3, 45, 38), False), ((1, 3, 17, 1), False), ((1, 3, 48, 80), True)],
    ids=["even", "odd", "thin", "circular"],
)
def test_features_and_gradients(network: VGGFeatures, shape: tuple[int, ...], circular: bool) -> None:
    image = torch.rand(shape, generator=torch.Generator().manual_seed(2)).requires_grad_()
    quick = network(image, LAYERS, circular=circular)
    wanted = general(network, lambda: network(image, LAYERS, circular=circular))
    weights = {name: torch.randn_like(value) for name, value in wanted.items()}
    assert list(quick) == LAYERS
    for name in LAYERS:
        assert quick[name].shape == wanted[name].shape
        assert distance(quick[name], wanted[name]) < 1e-5
    gradients = [
        torch.autograd.grad(torch.stack([(found[k] * weights[k]).sum() for k in LAYERS]).sum(), image)[0]
        for found in (quick, wanted)
    ]
    # Where two of a pooling's pixels are all but equal, either may win.
    assert distance(*gradients) < 2e-3


def test_it_is_what_runs(network: VGGFeatures, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = []

    class Lock:
        def __enter__(self) -> None:
            entered.append(1)

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(kernels, "LOCK", Lock())
    network(torch.rand(1, 3, 16, 16), ["relu1_2"])
    assert entered


def test_bands_and_blocks_leave_no_trace(network: VGGFeatures, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.networks.cpu import vgg as compiled_vgg
    from studio.networks.cpu import winograd

    image = torch.rand(1, 3, 70, 90)
    whole = network(image, ["relu4_2"])["relu4_2"]
    monkeypatch.setattr(compiled_vgg, "LARGEST_TILES", 1)
    monkeypatch.setattr(winograd, "LARGE_WEIGHTS", 0)
    assert distance(network(image, ["relu4_2"])["relu4_2"], whole) < 1e-5


def test_new_weights_are_taken(network: VGGFeatures) -> None:
    image = torch.rand(1, 3, 16, 16)
    other = VGGFeatures("vgg16")
    before = other(image, ["relu2_1"])["relu2_1"]
    other.load_convolutions(network.convs.state_dict())
    after = other(image, ["relu2_1"])["relu2_1"]
    assert distance(before, after) > 0.1
    assert distance(after, network(image, ["relu2_1"])["relu2_1"]) == 0


@pytest.mark.parametrize("weighed", [False, True], ids=["alike", "weighed"])
def test_the_distance_of_features_has_the_gradient_of_that_of_their_moments(weighed: bool) -> None:
    draws = torch.Generator().manual_seed(3)

    def drawn() -> Tensor:
        return torch.randn(12, 200, generator=draws) + torch.rand(12, 1, generator=draws)

    style = WassersteinToStyle(feature_statistics(drawn().relu()))
    features = drawn().relu().requires_grad_()
    share = torch.rand(200, generator=draws) if weighed else None
    share = None if share is None else share / share.sum()
    quick = style.of_features(features, share)
    found = feature_statistics(features, share)
    slow = style.of_statistics(FeatureStatistics(found.mean, found.second))
    assert float(quick.detach()) == pytest.approx(float(slow.detach()), rel=1e-4)
    (a,), (b,) = torch.autograd.grad(quick, features), torch.autograd.grad(slow, features)
    assert distance(a, b) < 1e-3
