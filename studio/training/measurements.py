"""The measurements of a run, read from its events. Torch-free, so that the window can read it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from studio.checkpoints.feature_networks import SHOWN_NAMES, FeatureNetwork
from studio.training.runs import RunDirectory

Verdict = Literal["new", "close", "copies"]
COPY_SHARE = 0.5
"""A sample nearer to a training picture than this share of that picture's distance to its own neighbour is a copy."""


@dataclass(frozen=True)
class Evaluation:
    """One measurement; the fields of a ``metrics`` event.

    Attributes
    ----------
    images : shown to the network before it.
    features : the network whose features were compared. Values on different features mean different things.
    samples, pictures : how many were generated, and how many of the artist's they were compared with.
    kid, kid_spread : kernel distance and its standard deviation over subsets.
    precision, recall : share of samples that look real, share of the pictures that the generator covers.
    nearer_share, copy_share, verdict : see :class:`studio.training.metrics.Memorising`.
    """

    images: int
    features: FeatureNetwork
    samples: int
    pictures: int
    kid: float
    kid_spread: float
    fid: float
    precision: float
    recall: float
    nearer_share: float
    copy_share: float
    verdict: Verdict

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Evaluation | None:
        """The measurement in a ``metrics`` event; None when it is damaged."""
        values = {field.name: event.get(field.name) for field in fields(cls)}
        numbers = [value for name, value in values.items() if name not in ("features", "verdict")]
        if values["features"] not in SHOWN_NAMES or not all(isinstance(value, int | float) for value in numbers):
            return None
        return cls(**values) if all(math.isfinite(value) for value in numbers) else None  # type: ignore[arg-type]

    @property
    def kid_name(self) -> str:
        """ "KID (EfficientNet)" or "KID (Inception)": never one for the other."""
        return f"KID ({SHOWN_NAMES[self.features]})"

    def compares_with(self, other: Evaluation) -> bool:
        """Return whether the values of both mean the same."""
        return (self.features, self.samples) == (other.features, other.samples)

    def metrics(self) -> dict[str, Any]:
        """The measurement for a model card."""
        return {name: value for name, value in asdict(self).items() if name != "verdict"}


class Measurements:
    """The measurements of a run in order. One that goes on from a checkpoint measures again what was lost.

    Attributes
    ----------
    best : the one with the lowest KID among those that compare with the last.
    pairs : the samples nearest to training pictures at each count of images: [training picture, ratio].
    """

    def __init__(self) -> None:
        self._all: list[Evaluation] = []
        self.pairs: dict[int, list[tuple[int, float]]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Any:
        return iter(self._all)

    @property
    def last(self) -> Evaluation | None:
        """The newest measurement."""
        return self._all[-1] if self._all else None

    @property
    def best(self) -> Evaluation | None:
        """The measurement with the lowest KID among those that compare with the newest."""
        comparable = [one for one in self._all if one.compares_with(self._all[-1])]
        return min(comparable, key=lambda one: one.kid, default=None)

    def add(self, event: dict[str, Any]) -> bool:
        """Take a ``metrics`` event; whether it could be read."""
        found = Evaluation.from_event(event)
        if found is None:
            return False
        while self._all and self._all[-1].images >= found.images:
            self._all.pop()
        self._all.append(found)
        pairs = event.get("pairs")
        self.pairs[found.images] = [(int(a), float(b)) for a, b in pairs] if isinstance(pairs, list) else []
        return True


def read_measurements(run: RunDirectory) -> Measurements:
    """All measurements of a run."""
    found = Measurements()
    events: Iterable[dict[str, Any]] = run.read_events()[0]
    for event in events:
        if event.get("event") == "metrics":
            found.add(event)
    return found


def nearest_path(run: Path, images: int) -> Path:
    """The sheet of samples beside their nearest training pictures."""
    return run / "nearest" / f"{images:08d}.jpg"
