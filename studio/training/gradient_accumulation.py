"""The gradients of one update: summed over passes and processes, in mixed precision, within the memory there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from studio.base.memory import is_out_of_memory
from studio.training.parallel import Division, Processes
from studio.training.random_streams import RandomStream, draw_seed

Kind = Literal["fp32", "bf16", "fp16"]
Wanted = Literal["auto", Kind]


def has_bf16_tiles() -> bool:
    """Return whether the processor multiplies matrices of bf16 in tiles (AMX); False where torch does not say.

    There a step takes two thirds of the time (StyleGAN2 at 64 px 26 -> 36 images a second, at 128 px 15 -> 19, DCGAN at
    64 px 40 -> 68, drifting 63 -> 77; one core of an Intel Xeon). Others that know bf16 gain nothing.
    """
    ask = getattr(torch.cpu, "get_capabilities", None)
    return ask is not None and bool(ask().get("amx_bf16"))


def fastest(device: torch.device) -> Kind:
    """Return the numbers that a device computes fastest with, of those that training takes."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    return "bf16" if device.type == "cpu" and has_bf16_tiles() else "fp32"


class Precision:
    """The numbers networks compute with. Weights, optimisers and penalties stay in 32 bits."""

    def __init__(self, wanted: Wanted, device: torch.device) -> None:
        """``auto`` is what the device computes :func:`fastest` with."""
        kind = fastest(device) if wanted == "auto" else wanted
        self.kind: Kind = kind
        self._device = device.type
        self._dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[kind]

    def autocast(self) -> AbstractContextManager[object]:
        """Compute in the chosen precision within."""
        return torch.autocast(self._device, dtype=self._dtype, enabled=self.kind != "fp32")

    def exactly(self) -> AbstractContextManager[object]:
        """Compute in 32 bits within, also inside :meth:`autocast`."""
        return torch.autocast(self._device, enabled=False)

    def scaler(self) -> torch.amp.GradScaler:  # type: ignore[name-defined]
        """Scales losses so that small gradients survive fp16; does nothing for the others."""
        return torch.amp.GradScaler(self._device, enabled=self.kind == "fp16")  # type: ignore[attr-defined]


@dataclass
class MicroBatch:
    """The samples of one pass.

    Attributes
    ----------
    local : their places among the samples of this process.
    random : their random numbers.
    weight : their share of the whole batch.
    """

    local: Tensor
    random: RandomStream
    weight: float
    sums: dict[str, Tensor] = field(default_factory=dict)

    def note(self, name: str, mean: Tensor) -> None:
        """Keep a mean over the samples, to be averaged over the whole batch."""
        value = mean.detach().float() * self.weight
        self.sums[name] = self.sums[name] + value if name in self.sums else value


Losses = Callable[[MicroBatch], Iterator[Tensor]]
"""Yields the mean losses of a micro-batch, one after the other: the memory of each is free before the next."""


class GradientAccumulation:
    """Runs the updates of a training step, each in as many micro-batches as memory needs.

    Attributes
    ----------
    micro : most samples in one pass; halved when the memory does not suffice.
    """

    def __init__(self, processes: Processes, share: Division, seed: int, micro: int = 0) -> None:
        self.processes = processes
        self.share = share
        self.micro = min(micro, share.size) or share.size
        self._seed = seed
        self._sums: dict[str, Tensor] = {}

    def run(
        self,
        name: int,
        number: int,
        losses: Losses,
        optimisers: tuple[torch.optim.Optimizer, ...] = (),
        scaler: torch.amp.GradScaler | None = None,  # type: ignore[name-defined]
        *,
        divisible: bool = True,
    ) -> None:
        """Run ``losses`` over this process's samples and move the ``optimisers``' parameters.

        Parameters
        ----------
        name, number : the update within the step and the step: each has random numbers of its own.
        divisible : whether the samples may go through in several passes.
        """
        parameters = [p for o in optimisers for group in o.param_groups for p in group["params"] if p.requires_grad]
        while True:
            sums: dict[str, Tensor] = {}
            for parameter in parameters:
                parameter.grad = None
            short = False
            try:
                most = self.micro if divisible else self.share.size
                for piece, local in self.share.pieces(most):
                    random = RandomStream(
                        self.share.total, seed=draw_seed(self._seed, number, name), keep=self._kept(piece)
                    )
                    samples = MicroBatch(local, random, piece.size / self.share.total, sums)
                    for loss in losses(samples):
                        loss = loss * samples.weight
                        (scaler.scale(loss) if scaler is not None else loss).backward()
            except Exception as error:
                if not divisible or not is_out_of_memory(error):
                    raise
                short = True
            # Outside of the handler, which holds on to what the failed pass had made.
            if not self.processes.any(short):
                break
            if self.micro <= self.share.group:
                raise torch.OutOfMemoryError("not even the smallest part of a batch fits")
            self.micro = max(self.share.group, self.micro // 2)
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        self.processes.sum([parameter.grad for parameter in parameters if parameter.grad is not None])
        for optimiser in optimisers:
            if scaler is None:
                optimiser.step()
            else:
                scaler.step(optimiser)
        if scaler is not None and optimisers:
            scaler.update()
        self._sums |= sums

    def _kept(self, piece: Division) -> Tensor | None:
        return None if piece.size == piece.total else piece.places()

    def totals(self) -> dict[str, Tensor]:
        """The means that the micro-batches noted since the last call, over the whole batch; on the CPU."""
        names = sorted(self._sums)
        tensors = [self._sums[name].clone() for name in names]
        self._sums = {}
        self.processes.sum(tensors)
        if not tensors:
            return {}
        flat = torch.cat([tensor.flatten() for tensor in tensors]).cpu()
        pieces = flat.split([tensor.numel() for tensor in tensors])
        return {name: piece.view(tensor.shape) for name, piece, tensor in zip(names, pieces, tensors, strict=True)}
