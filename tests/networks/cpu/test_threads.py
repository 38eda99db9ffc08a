"""Numba's threads and torch's."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import torch
torch.set_num_threads(1)
from studio.networks.cpu import kernels, training_conv
print(torch.get_num_threads(), training_conv._workers())
"""


def test_the_compiled_loops_leave_torch_its_threads() -> None:
    """In a process of its own: Numba begins once in each."""
    told = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout
    assert told.split() == ["1", "1"]
