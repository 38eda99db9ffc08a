"""Settings of the C library's memory, for processes that make and drop the same large arrays over and over."""

from __future__ import annotations

import ctypes
import os
import sys

# malloc.h of glibc.
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_MOST = 2**31 - 1


def keep_pages() -> None:
    """Keep freed memory for the next array instead of handing it back, and take it in large pages (Linux with glibc).

    Fresh pages are filled with zeros by the kernel, 4 KB at a time: a training step at 128 pixels spends a third of its
    time on it. Must be called before torch makes its first tensor. Elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        mallopt(_M_MMAP_MAX, 0)
        mallopt(_M_TRIM_THRESHOLD, _MOST)
