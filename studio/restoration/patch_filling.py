"""Filling holes by patches: PatchMatch (Barnes et al. 2009, SIGGRAPH; completion after Wexler et al. 2007).

Large parts are filled in a process of their own, which can be stopped at any time and tells how far it is.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, StudioError, Work
from studio.base.threads import POLL_SECONDS, beside
from studio.restoration.patchmatch_process import Mask, Picture, inpainted

MOST_FILLED = 1_500_000
"""Pixels of a zone with its neighbourhood; larger ones are filled at a smaller size, which takes seconds."""
RADII = (3, 5, 4, 7)
"""Pixels that a patch reaches from its middle; the seed chooses. 7 takes twice as long as 3, and is further off."""
FIRST_RADII = (7, 5, 9, 11)
"""The same in the first process of repairs."""
IN_PROCESS = 200_000
"""Pixels of a part from which it is worth starting a process (half a second); smaller ones take about one second."""
DOING = Message("Repairing")
_FINE = 1000
"""Steps of the progress of one filling."""
STARTING = Progress(0, _FINE, DOING)
_lock = threading.Lock()
"""The library has one seed."""


def patches(part: Picture, area: Mask, banned: Mask, seed: int, radii: tuple[int, ...] = RADII) -> Work[Picture]:
    """``part`` (h, w, 3) with ``area`` filled by patches from the rest without ``banned``; ``seed`` chooses a filling.

    Raises
    ------
    StudioError
        When the library does not work on this system.
    """
    if (area | banned).all():
        banned = np.zeros_like(banned)
    height, width = area.shape
    scale = min(1.0, (MOST_FILLED / (height * width)) ** 0.5)
    if scale == 1:
        return (yield from _found(part, area, banned, seed, radii))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    small_area = cv2.resize(area.astype(np.uint8), size, interpolation=cv2.INTER_LINEAR) > 0
    small_banned = cv2.resize(banned.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    made = yield from _found(small, small_area, small_banned, seed, radii)
    large = cv2.resize(made, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.where(area[..., None], large, part)


def _found(part: Picture, area: Mask, banned: Mask, seed: int, radii: tuple[int, ...]) -> Work[Picture]:
    # Mirrored pictures are searched in another order: with the reach of the patches that makes many fillings.
    flip = (seed // len(radii)) % 4
    part, area, banned = (np.ascontiguousarray(_flipped(each, flip)) for each in (part, area, banned))
    radius = max(1, min(radii[seed % len(radii)], (min(area.shape) - 1) // 2 - 1))
    made = None
    if area.size >= IN_PROCESS:
        made = yield from _in_process(part, area, banned, radius, seed)
    if made is None:

        def run() -> Picture:
            with _lock:
                try:
                    return inpainted(part, area, banned, radius, seed)
                except (ImportError, OSError, RuntimeError) as error:
                    raise StudioError(
                        "Filling by patches does not work on this computer: its library cannot be loaded.",
                        "Choose “Lines from the edge”, or install the package pypatchmatch again.",
                    ) from error

        made = yield from beside(run, STARTING)
    return np.ascontiguousarray(_flipped(made, flip))


def _flipped(values: NDArray[Any], how: int) -> NDArray[Any]:
    axes = tuple(axis for axis in (0, 1) if how >> axis & 1)
    return np.flip(values, axes) if axes else values


def _in_process(part: Picture, area: Mask, banned: Mask, radius: int, seed: int) -> Work[Picture | None]:
    """The filling by a process of its own, which ends at once when this work is closed; None when it did not work."""
    given = io.BytesIO()
    np.savez(given, part=part, area=area, banned=banned, radius=radius, seed=seed)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "studio.restoration.patchmatch_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None
    said = _Said()
    out: list[bytes] = []

    def talk() -> None:
        assert process.stdin and process.stdout
        try:
            with process.stdin as stream:
                stream.write(given.getbuffer())
        except OSError:
            pass  # it ended before it had read all; what it returns says so
        out.append(process.stdout.read())

    def listen() -> None:
        assert process.stderr
        for line in process.stderr:
            said.take(line)

    threads = [threading.Thread(target=each, name="repair", daemon=True) for each in (talk, listen)]
    for thread in threads:
        thread.start()
    try:
        while threads[0].is_alive():
            yield Progress(round(said.share * _FINE), _FINE, DOING)
            threads[0].join(POLL_SECONDS)
    finally:
        process.kill()  # does nothing to one that has ended
        process.wait()
        for thread in threads:
            thread.join()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    try:
        return np.asarray(np.load(io.BytesIO(out[0]), allow_pickle=False), np.uint8)
    except (ValueError, EOFError, OSError):
        return None


class _Said:
    """Progress of the library, by the lines that it writes.

    It goes from coarse levels to level 0, with twice the level and one more iterations each; a level has four times
    the pixels of the one before.

    Attributes
    ----------
    share : of the work that is done, 0..1.
    """

    _LEVEL = re.compile(rb"Inpainting level: (\d+)")
    _ITERATION = re.compile(rb"EM Iteration: (\d+)")

    def __init__(self) -> None:
        self.share = 0.0
        self._level: int | None = None
        self._total = 1.0

    def take(self, line: bytes) -> None:
        """Note a line."""
        if found := self._LEVEL.search(line):
            level = int(found[1])
            if self._level is None:
                self._total = _cost(level)
            self._level = level
            self._left(_cost(level))
        elif self._level is not None and (found := self._ITERATION.search(line)):
            self._left(_cost(self._level) - int(found[1]) / 4**self._level)

    def _left(self, cost: float) -> None:
        self.share = max(self.share, 1 - cost / self._total)  # some levels are done twice


def _cost(level: int) -> float:
    """Work of a level and all finer ones."""
    return sum(float(2 * each + 1) / 4**each for each in range(level + 1))
