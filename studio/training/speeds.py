"""Speeds of training on this machine: those measured before, in a small file, and estimates from them. Torch-free.

A speed belongs to a device and to the settings that decide over the work of a step. Without a measured one it is
estimated from the multiplications of a step, with a rate from what was measured on the same device, else a careful one.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from studio.base.files import write_atomic
from studio.base.paths import data_dir
from studio.training.automatic import Machine
from studio.training.settings import drifting_side

NEWEST = 60
"""So many measured speeds are kept."""
# What of the settings decides over the work of a step.
WORK = (
    *("architecture", "resolution", "batch", "channel_base", "channel_max", "latent_size", "discriminator", "loss"),
    *("r1_interval", "path_interval", "augmentation", "augment", "ada_parts", "precision", "micro_batch", "processes"),
    *("threads", "freeze_layers"),
)
WEIGHTS = ("r1_gamma", "r2_gamma", "path_weight", "anchor")
"""Of these only whether they are zero."""
# Multiplications a second in training, careful guesses of what is reached.
CORE, MPS, CARD = 12e9, 4e11, 3e12
EFFICIENTNET = 126e6
"""Multiplications of EfficientNet-Lite0 for a picture of 128 px."""


@dataclass(frozen=True)
class Speed:
    """Images a second, and where that is from.

    Attributes
    ----------
    source : "run" of that name; "measured" by some steps before a run; or "estimated".
    """

    images_per_second: float
    source: Literal["run", "measured", "estimated"]
    run: str = ""

    def images(self, seconds: float) -> int:
        """Images shown in so many seconds, rounded to two digits: more would be a promise."""
        return rounded(self.images_per_second * seconds)


@dataclass(frozen=True)
class MeasuredSpeed:
    """Images a second of some steps before a run.

    Attributes
    ----------
    disturbed : other programs had the processor for much of the time, so that a run will be faster; not to be kept.
    """

    images_per_second: float
    disturbed: bool = False


def rounded(images: float) -> int:
    """``images`` rounded to two digits."""
    if images < 100:
        return max(1, round(images))
    unit = 10 ** (math.floor(math.log10(images)) - 1)
    return round(images / unit) * unit


def device_name(kind: str, name: str) -> str:
    """The name of a device in the book of speeds: the kind, and of graphics cards the ``name``."""
    return f"{kind} {name}" if kind == "cuda" else kind


def work_key(values: Mapping[str, Any], device: str) -> str:
    """Two runs with the same key take the same time an image: the settings that matter, and the ``device``'s name."""
    what: dict[str, Any] = {name: _plain(values[name]) for name in WORK}
    what |= {name: bool(values[name]) for name in WEIGHTS}
    return json.dumps({**what, "starts": values["start_from"] or "", "on": device}, sort_keys=True)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def work_per_image(values: Mapping[str, Any]) -> float:
    """Multiplications of a training step for each image, roughly."""
    resolution, architecture = int(values["resolution"]), values["architecture"]
    if architecture == "dcgan":
        return 12 * 2.5e7 * (resolution / 32) ** 2
    once, before, side = 0.0, 0, 4
    while side <= resolution:
        channels = min(values["channel_base"] // side, values["channel_max"])
        once += 9 * ((before or channels) * channels + channels * channels) * side**2
        before, side = channels, 2 * side
    generator = once * (6 if architecture == "stylegan3" else 1)
    # Forward once, backward twice that: the generator's pictures are made twice, the discriminator sees three batches.
    if values["discriminator"] == "none":
        return 3 * generator + 3 * EFFICIENTNET * (drifting_side(resolution) / 128) ** 2
    judge = once if values["discriminator"] == "stylegan2" else 4 * EFFICIENTNET
    return 4 * generator + 9 * judge


def machine_rate(machine: Machine) -> float:
    """Multiplications a second that such a machine reaches, a careful guess."""
    return {"cuda": CARD, "mps": MPS, "cpu": CORE * max(1, machine.cores) ** 0.8}[machine.kind]


def guessed_speed(values: Mapping[str, Any], machine: Machine) -> Speed:
    """The speed that such a machine should have; nothing was measured."""
    return Speed(machine_rate(machine) / _work(values), "estimated")


def _work(values: Mapping[str, Any]) -> float:
    """Multiplications an image for each of the processes that share it."""
    return work_per_image(values) / max(1, int(values["processes"]))


class SpeedBook:
    """The speeds measured on this machine, in a file of their own."""

    def __init__(self, path: Path | None = None) -> None:
        """``path`` is in the data folder by default; a damaged file counts as empty."""
        self._path = path if path is not None else data_dir() / "training-speeds.json"
        self._entries: list[dict[str, Any]] = []
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._path.read_text("utf-8"))
            self._entries = [entry for entry in found if _is_entry(entry)] if isinstance(found, list) else []

    def find(self, values: Mapping[str, Any], device: str) -> Speed | None:
        """The speed measured for such a run, if one was."""
        key = work_key(values, device)
        for entry in reversed(self._entries):
            if entry["key"] == key:
                return Speed(entry["images_per_second"], "measured")
        return None

    def add(self, values: Mapping[str, Any], device: str, images_per_second: float) -> None:
        """Keep a measured speed; a disk that takes nothing must not disturb."""
        key = work_key(values, device)
        kept = [entry for entry in self._entries if entry["key"] != key]
        kept.append(
            {
                "key": key,
                "device": device,
                "work": _work(values),
                "images_per_second": images_per_second,
            }
        )
        self._entries = kept[-NEWEST:]
        with contextlib.suppress(OSError):
            write_atomic(self._path, json.dumps(self._entries, indent=1))

    def estimate(self, values: Mapping[str, Any], machine: Machine, device: str) -> Speed:
        """The speed expected of such a run: by the last measured speed of the device, else by a careful guess."""
        for entry in reversed(self._entries):
            if entry["device"] == device:
                return Speed(entry["images_per_second"] * entry["work"] / _work(values), "estimated")
        return guessed_speed(values, machine)


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("key"), str)
        and isinstance(entry.get("device"), str)
        and all(isinstance(entry.get(name), int | float) and entry[name] > 0 for name in ("work", "images_per_second"))
    )
