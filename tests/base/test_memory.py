"""Which errors mean that the memory does not suffice."""

from __future__ import annotations

import errno
from collections.abc import Callable

import numpy as np
import pytest
import torch

from studio.base import StudioError
from studio.base.memory import OutOfMemory, is_out_of_memory


def error_of(fail: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:
        fail()
    return caught.value


@pytest.mark.parametrize(
    "fail",
    [lambda: torch.empty(2**50), lambda: np.empty(2**50), lambda: bytearray(2**55)],
    ids=["torch", "numpy", "plain"],
)
def test_what_the_libraries_really_raise_on_this_computer_is_recognised(fail: Callable[[], object]) -> None:
    assert is_out_of_memory(error_of(fail))


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        RuntimeError("Invalid buffer size: 34.00 GB"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:80] data. DefaultCPUAllocator: not enough memory: you tried"),
        RuntimeError("Failed to allocate memory for requested buffer of size 9663676416"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        OutOfMemory("The device has not enough memory for this picture.", "Choose a smaller size."),
    ],
)
def test_what_other_devices_say_is_recognised(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("shapes do not match"),
        OSError(errno.ENOSPC, "No space left on device"),
        StudioError("“out of memory.jpg” is not on this computer.", "Drop it once."),
        KeyboardInterrupt("out of memory"),
    ],
)
def test_other_errors_are_not(error: BaseException) -> None:
    assert not is_out_of_memory(error)
