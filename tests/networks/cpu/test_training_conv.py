"""The convolutions of training on a CPU: the same numbers as torch's, and as many derivatives."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from studio.networks.cpu import training_conv
from studio.networks.cpu.training_conv import conv3x3, pictures_only


def _plain(x: Tensor, weight: Tensor) -> Tensor:
    return F.conv2d(x, weight, padding=1)


def _given(n: int, inputs: int, outputs: int, height: int, width: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    torch.manual_seed(seed)
    x = torch.randn(n, inputs, height, width)
    return x.requires_grad_(), (torch.randn(outputs, inputs, 3, 3) / (9 * inputs) ** 0.5).requires_grad_()


def _close(a: Tensor, b: Tensor) -> None:
    assert a.shape == b.shape
    assert float((a - b).detach().abs().max() / b.detach().abs().max()) < 3e-5


@settings(max_examples=12, deadline=None)
@given(
    st.integers(4, 6),
    st.sampled_from([32, 48, 96]),
    st.sampled_from([32, 80]),
    st.sampled_from([8, 12, 20]),
    st.sampled_from([16, 24]),
    st.booleans(),
)
def test_values_and_gradients_are_those_of_torch(
    n: int, inputs: int, outputs: int, height: int, width: int, channels_last: bool
) -> None:
    x, weight = _given(n, inputs, outputs, height, width, seed=n)
    if channels_last:
        x = x.detach().contiguous(memory_format=torch.channels_last).requires_grad_()
    assert training_conv._pays(x, weight)
    found = []
    for convolve in (conv3x3, _plain):
        y = convolve(x, weight)
        found.append((y, *torch.autograd.grad((y * y.tanh()).sum(), (x, weight))))
    for ours, theirs in zip(*found, strict=True):
        _close(ours, theirs)


def test_a_penalty_of_gradients_has_the_gradient_that_torch_gives_it() -> None:
    x, weight = _given(8, 32, 64, 16, 16)
    found = []
    for convolve in (conv3x3, _plain):
        y = convolve(x, weight)
        slope, kernels = torch.autograd.grad((y * y.tanh()).sum(), (x, weight), create_graph=True)
        penalty = slope.square().sum() + kernels.square().sum()
        found.append((penalty, *torch.autograd.grad(penalty, (x, weight))))
    for ours, theirs in zip(*found, strict=True):
        _close(ours, theirs)


def test_many_tiles_are_summed_up_piece_by_piece() -> None:
    x, weight = _given(3, 32, 32, 64, 48)
    assert 2 * training_conv.STEP < 3 * 64 * 48 // 16
    g = torch.randn(3, 32, 64, 48)
    ours, theirs = (torch.autograd.grad(convolve(x, weight), weight, g)[0] for convolve in (conv3x3, _plain))
    _close(ours, theirs)


def test_gradients_of_kernels_are_not_made_where_none_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = training_conv._weight_gradient
    monkeypatch.setattr(training_conv, "_weight_gradient", lambda x, g: (made.append(1), real(x, g))[1])
    x, weight = _given(4, 32, 32, 16, 16)
    with pictures_only():
        (slope,) = torch.autograd.grad(conv3x3(x, weight).square().sum(), x, create_graph=True)
    assert not made
    # The penalty itself does teach the kernels.
    slope.square().sum().backward()  # type: ignore[no-untyped-call]
    assert made
    assert weight.grad is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda x, w: (x.detach(), w.detach()),
        lambda x, w: (x.double(), w.double()),
        lambda x, w: (x[:, :, :15], w),
        lambda x, w: (x[:, :31], w[:, :31]),
        lambda x, w: (x[:1, :, :8, :8], w),
    ],
)
def test_what_does_not_fit_goes_the_common_way(change: object) -> None:
    x, weight = change(*_given(4, 32, 32, 16, 16))  # type: ignore[operator]
    assert not training_conv._pays(x, weight)
    assert torch.equal(conv3x3(x, weight), _plain(x, weight))


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told how to deal with memory")
def test_memory_is_kept_for_the_next_array() -> None:
    faults = """
import resource, sys
from studio.base.allocator import keep_pages
if sys.argv[1] == "keep":
    keep_pages()
import torch
torch.ones(8_000_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    torch.ones(8_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    kept, handed_back = (
        int(subprocess.run([sys.executable, "-c", faults, how], capture_output=True, text=True, check=True).stdout)
        for how in ("keep", "not")
    )
    # 20 arrays of 32 MB are 156,000 pages.
    assert kept < handed_back / 10
