"""PatchMatch in a process of its own: the library cannot be stopped, and says how far it is on the error stream only.

``python -m studio.restoration.patchmatch_process``: arrays and numbers of :func:`inpainted` come in as an ``.npz`` file
on the standard input, the filled picture goes out as an ``.npy`` file on the standard output.
"""

from __future__ import annotations

import io
import sys

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def inpainted(part: Picture, area: Mask, banned: Mask, radius: int, seed: int) -> Picture:
    """``part`` (h, w, 3) with ``area`` filled by patches from the rest without ``banned``.

    ``radius``: pixels that a patch reaches from its middle. Only one call at a time: the library has one seed.

    Raises
    ------
    ImportError, OSError, RuntimeError
        When the library does not work on this system.
    """
    import patchmatch

    patchmatch.set_random_seed(seed % 2**31)
    return np.asarray(
        patchmatch.inpaint(
            part,
            np.where(area, 255, 0).astype(np.uint8),
            global_mask=np.where(banned, 255, 0).astype(np.uint8) if banned.any() else None,
            patch_size=radius,
        ),
        np.uint8,
    )


def main() -> None:
    """Fill what comes in."""
    import patchmatch

    patchmatch.set_verbose(True)
    given = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    made = inpainted(given["part"], given["area"], given["banned"], int(given["radius"]), int(given["seed"]))
    np.save(sys.stdout.buffer, made, allow_pickle=False)


if __name__ == "__main__":
    main()
