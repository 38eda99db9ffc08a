"""Number of the processor's threads that a piece of work uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def processor_threads(count: int | None) -> Iterator[None]:
    """Within it, torch and the loops that Numba compiled use ``count`` threads; None: as many as before.

    Both must use as many: they share one pool of OpenMP, which would end threads and start them again at each change
    from one to the other, several times as slow as either. Afterwards everything is as it was, so that the next sums
    come out the same, to the last bit.
    """
    if not count:
        yield
        return
    import numba  # takes half a second

    torch_before, numba_before = torch.get_num_threads(), numba.get_num_threads()
    torch.set_num_threads(count)
    numba.set_num_threads(min(count, numba.config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]
    try:
        yield
    finally:
        torch.set_num_threads(torch_before)
        numba.set_num_threads(numba_before)
