"""Dividing a batch among processes (``torchrun``) and among passes, with the same result as undivided.

Gradients are summed over the processes with one ``all_reduce`` a phase instead of by ``DistributedDataParallel``: its
hooks do not see the penalties' second derivatives, nor several passes of a network before one backward pass.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import torch
import torch.distributed as dist
from torch import Tensor, nn

from studio.base import Message, StudioError

# Measuring the quality or waiting for a full disk keeps the other processes waiting for as long as it takes.
PATIENCE = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Division:
    """Columns ``first``..``last`` - 1 of a batch of ``total`` laid out in ``group`` rows.

    Samples of one column share a minibatch standard deviation, so columns are never cut.
    """

    total: int
    group: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """Samples in it."""
        return self.group * (self.last - self.first)

    def places(self) -> Tensor:
        """Indices of these samples in the batch."""
        return torch.arange(self.total).view(self.group, -1)[:, self.first : self.last].flatten()

    def pieces(self, most: int) -> Iterator[tuple[Division, Tensor]]:
        """Divisions of at most ``most`` samples (but one column at least), each with its places within this one."""
        columns = max(1, most // self.group)
        inside = torch.arange(self.size).view(self.group, -1)
        for first in range(self.first, self.last, columns):
            last = min(first + columns, self.last)
            piece = Division(self.total, self.group, first, last)
            yield piece, inside[:, first - self.first : last - self.first].flatten()


class Processes:
    """The processes that train together: usually one, several under ``torchrun``."""

    def __init__(self, rank: int = 0, size: int = 1, device: torch.device | None = None) -> None:
        self.rank = rank
        self.size = size
        self.device = device if device is not None else torch.device("cpu")

    @classmethod
    def join(cls, device: torch.device) -> Processes:
        """Meet the others that ``torchrun`` started, each with a graphics card of its own where there are enough."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        if size < 2:
            return cls(device=device)
        local = int(os.environ.get("LOCAL_RANK", "0"))
        backend = "gloo"
        if device.type == "mps":
            device = torch.device("cpu")  # several processes would share the one device
        if device.type == "cuda":
            count = torch.cuda.device_count()
            device = torch.device("cuda", local % count)
            torch.cuda.set_device(device)
            # NCCL wants a card for each process.
            if int(os.environ.get("LOCAL_WORLD_SIZE", size)) <= count and dist.is_nccl_available():
                backend = "nccl"
        dist.init_process_group(backend, timeout=PATIENCE)
        return cls(dist.get_rank(), size, device)

    def leave(self) -> None:
        """Part from the others."""
        if self.size > 1 and dist.is_initialized():
            dist.destroy_process_group()

    @property
    def first(self) -> bool:
        """True when this process writes files and decides."""
        return self.rank == 0

    def share(self, batch: int, group: int) -> Division:
        """The samples of a batch that are this process's.

        Raises
        ------
        StudioError
            When there are fewer groups of samples than processes.
        """
        columns = batch // group
        if columns < self.size:
            raise StudioError(
                Message(
                    "A batch of {batch} pictures cannot be divided among {processes} processes.",
                    batch=batch,
                    processes=self.size,
                ),
                Message("Use a batch of at least {least}, or fewer processes.", least=self.size * group),
            )
        return Division(batch, group, columns * self.rank // self.size, columns * (self.rank + 1) // self.size)

    def sum(self, tensors: Sequence[Tensor]) -> None:
        """Add up each tensor over all processes, in place."""
        if self.size == 1 or not tensors:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        dist.all_reduce(flat)
        for tensor, summed in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(summed.view_as(tensor))

    def any(self, value: bool) -> bool:
        """Return whether it is so in any process."""
        if self.size == 1:
            return value
        flag = torch.tensor([float(value)], device=self.device)
        dist.all_reduce(flag)
        return bool(flag.item())

    def tell(self, value: int) -> int:
        """The value of the first process, in all of them."""
        if self.size == 1:
            return value
        said = torch.tensor([value], dtype=torch.int64, device=self.device)
        dist.broadcast(said, 0)
        return int(said.item())


class SharedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation over the batches of all processes; torch's own works on CUDA alone."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, c, h, w) -> the same shape."""
        if not self.training:
            return super().forward(x)
        from torch.distributed.nn.functional import all_reduce

        count = torch.tensor([x.numel() / x.shape[1]], device=x.device)
        dist.all_reduce(count)
        # Both sums in one go; in double precision, since the variance is a difference of large numbers.
        wide = x.double()
        sums = all_reduce(torch.stack([wide.sum(dim=(0, 2, 3)), wide.square().sum(dim=(0, 2, 3))]))
        mean, square = sums / count
        variance = square - mean.square()
        with torch.no_grad():
            assert self.running_mean is not None and self.running_var is not None
            assert self.num_batches_tracked is not None
            self.num_batches_tracked += 1
            share = self.momentum if self.momentum is not None else 0.1
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), share)
            unbiased = variance * count / (count - 1)
            self.running_var.lerp_(unbiased.to(self.running_var.dtype), share)
        scale = self.weight * (variance + self.eps).rsqrt().to(x.dtype)
        return x * scale[:, None, None] + (self.bias - mean.to(x.dtype) * scale)[:, None, None]


def share_batch_norm(network: nn.Module) -> None:
    """Let the batch normalisation of ``network`` see all processes' pictures; names and weights stay."""
    for module in network.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = SharedBatchNorm2d


def end_process(code: int) -> NoReturn:
    """End with the exit code ``code``.

    One of several processes leaves without tearing Python down: a thread of gloo that is still there then aborts the
    process now and then ("terminate called without an active exception"), and the run, whole on the disk, would count
    as crashed.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
