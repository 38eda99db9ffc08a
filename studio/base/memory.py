"""Running out of memory: recognised here and nowhere else, whichever device and library says it."""

from __future__ import annotations

import errno

from studio.base.errors import StudioError

_PHRASES = (
    "out of memory",  # CUDA, MPS, SQLite
    "not enough memory",  # torch on Windows
    "can't allocate memory",  # torch on Linux and macOS
    "cannot allocate memory",
    "failed to allocate",  # onnxruntime, OpenCV
    "insufficient memory",  # OpenCV
    "bad_alloc",
    "bad allocation",
    "_status_alloc_failed",  # cuDNN, cuBLAS, cuSOLVER
    "cufft_alloc_failed",
    "invalid buffer size",  # MPS, for more than its largest buffer
)
"""What errors of other kinds say when memory is what they lack. On a CPU torch raises a plain RuntimeError."""


class OutOfMemory(StudioError):
    """The memory does not suffice, told in words; :func:`is_out_of_memory` knows it again."""


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether ``error`` means that the memory of the device or of the computer does not suffice.

    torch's own class is told by its name, since the rooms that must not import torch ask too.
    """
    if isinstance(error, StudioError):
        return isinstance(error, OutOfMemory)
    if isinstance(error, MemoryError) or any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    said = str(error).lower()
    return isinstance(error, Exception) and any(phrase in said for phrase in _PHRASES)
