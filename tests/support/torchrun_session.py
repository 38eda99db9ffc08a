"""Training processes as ``torchrun`` starts them, one after another, noting the losses of every step, not means.

They meet once, before the first run, and part after the last: gloo does not meet twice under one ``torchrun``.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import torch.distributed as dist

from studio.training import loop, process
from studio.training.parallel import Processes, end_process


def train(runs: Sequence[str]) -> int:
    """Train in all of ``runs``; returns the exit code of the last."""
    loop.EVENT_SECONDS = 0.0
    code, leave = 0, Processes.leave
    for run in runs:
        Processes.leave = leave if run == runs[-1] else lambda self: None  # type: ignore[method-assign]
        code = process.train_process(Path(run))
        dist.init_process_group = lambda *_, **__: None  # they have met
    return code


if __name__ == "__main__":
    end_process(train(sys.argv[1:]))
