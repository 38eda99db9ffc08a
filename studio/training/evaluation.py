"""Measuring a run while it trains: the same latents, the same pictures, the same features each time.

Written as ``metrics`` events, so that curves can be drawn and runs compared; pictures of the samples that come nearest
to a training picture lie in ``nearest/``. The best model by KID is kept beside the newest one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path
from studio.checkpoints.feature_networks import FeatureNetwork, feature_ready, load_efficientnet, load_inception
from studio.networks import efficientnet, inception
from studio.training.measurements import Evaluation, nearest_path
from studio.training.metrics import (
    frechet_distance,
    kernel_distance,
    memorising,
    precision_recall,
    resize_for_network,
)
from studio.training.picture_files import Pictures
from studio.training.runs import NEAREST_COLUMNS, NEAREST_PAIRS, RunDirectory
from studio.training.schedule import Clock
from studio.training.settings import TrainSettings

EVALUATION_SEED = 1_234_567
"""Latents of the samples that are measured: the same for every run."""
AUTO_SAMPLES = 512
AUTO_EVALUATIONS = 25
LEAST_IMAGES_BETWEEN = 2000
MOST_REAL, MOST_REAL_ON_PROCESSOR = 5000, 2000
"""Of larger sets a fixed random choice is measured against: looking at a picture takes a core some 40 ms."""
COST = 0.1
"""At most this share of a run's time goes into measurements, where nobody said how often there are to be any."""
FEATURE_BATCH = 16
LEARNED_PRECISION = 0.1


def auto_interval(budget: int) -> int:
    """Images between two measurements: some 25 in a run, but never closer than a preview or two."""
    return max(LEAST_IMAGES_BETWEEN, math.ceil(budget / AUTO_EVALUATIONS / 1000) * 1000)


def choose_network(wanted: str) -> FeatureNetwork:
    """The network named, or Inception when its weights are on the disk, else EfficientNet."""
    if wanted == "inception-fid" or (wanted == "auto" and feature_ready("inception-fid")):
        return "inception-fid"
    return "efficientnet-lite0"


class Evaluator:
    """Measures a run's generator. Made once per life of the training process.

    Attributes
    ----------
    trouble : why nothing can be measured, or None.
    best : the best measurement so far.
    worse : how many measurements in a row have not been better than it.
    """

    def __init__(
        self,
        run: RunDirectory,
        settings: TrainSettings,
        data: Pictures,
        device: torch.device,
        clock: Clock = time.monotonic,
    ) -> None:
        """``clock`` gives the seconds by which measurements that take long come less often."""
        self._run = run
        self._clock = clock
        self._not_before = -math.inf
        self._settings = settings
        self._data = data
        # The antialiased resize is not there on MPS.
        self._device = torch.device("cpu") if device.type == "mps" else device
        interval = settings.evaluate_every
        self.interval = auto_interval(settings.images) if interval is None else interval
        self.samples = settings.evaluate_samples or AUTO_SAMPLES
        self.network = choose_network(settings.features)
        self.trouble: StudioError | None = None
        self.best: Evaluation | None = None
        self.last: Evaluation | None = None
        self.worse = 0
        self._missed = False
        self._features: Callable[[Tensor], Tensor] | None = None
        self._real: Tensor | None = None
        count, most = len(data), MOST_REAL if self._device.type == "cuda" else MOST_REAL_ON_PROCESSOR
        self._chosen: NDArray[np.int64] = np.arange(count)
        if count > most:
            self._chosen = np.sort(np.random.default_rng(EVALUATION_SEED).choice(count, most, replace=False))

    # ---- before the first step

    def prepare(self, images: int) -> Work[None]:
        """Load the network, take up what was measured before the checkpoint at ``images``.

        When the network cannot be had, :attr:`trouble` says so and nothing is measured. The pictures are looked at with
        the first measurement: minutes in which the artist would wait for the first samples.
        """
        if not self.interval:
            return
        try:
            self._features = yield from self._load()
        except StudioError as error:
            self.trouble = StudioError(
                Message("The quality cannot be measured: {reason}", reason=error.message), error.action
            )
            return
        self._recall(images)

    def _load(self) -> Work[Callable[[Tensor], Tensor]]:
        if self.network == "inception-fid":
            network = yield from load_inception(self._device)
            return lambda x: network(resize_for_network(x, inception.INPUT_SIDE))
        lite = yield from load_efficientnet(self._device)
        return lambda x: lite.pooled(resize_for_network(x, efficientnet.INPUT_SIDE) / 255)

    def real_features(self) -> Work[Tensor | None]:
        """The features of the pictures (n, d), kept in the run, then of the mirrored ones when the run mirrors.

        None when the run is asked to pause or stop meanwhile.
        """
        path = self._run.path / "features.safetensors"
        key = f"{self.network}-{len(self._chosen)}-{len(self._data)}-{self._data.shape[1]}-{self._settings.mirror}"
        try:
            kept = load_file(path)
            if key in kept:
                return kept[key]
        except (OSError, SafetensorError):
            pass  # not there yet, or damaged: made again
        rows = []
        flips = (False, True) if self._settings.mirror else (False,)
        total = len(self._chosen) * len(flips)
        for flip in flips:
            for start in range(0, len(self._chosen), FEATURE_BATCH):
                if self._run.requested():
                    return None
                pictures = np.stack([self._data[i] for i in self._chosen[start : start + FEATURE_BATCH]])
                x = torch.from_numpy(pictures).permute(0, 3, 1, 2)
                rows.append(self._extract(x.flip(3) if flip else x))
                yield Progress(sum(map(len, rows)), total, Message("Measuring the pictures"))
        features = torch.cat(rows)
        try:
            with atomic_path(path) as temporary:
                save_file({key: features}, temporary)
        except StudioError:
            pass  # a full disk: computed again next time
        return features

    @torch.no_grad()
    def _extract(self, pictures: Tensor) -> Tensor:
        """Features (n, d) of uint8 pictures (n, 3, h, w), on the CPU."""
        assert self._features is not None
        return self._features(pictures.to(self._device)).float().cpu()

    def _recall(self, images: int) -> None:
        """Take up the measurements before the checkpoint. What came after it happens again."""
        for event in self._run.read_events()[0]:
            if event.get("event") == "state" and event.get("stopped_early"):
                self.worse = 0  # the artist went on in spite of it
            if event.get("event") != "metrics" or int(event.get("images", 0)) > images:
                continue
            known = Evaluation.from_event(event)
            if known is not None:
                self._judge(known)

    # ---- while it trains

    @property
    def active(self) -> bool:
        """True when anything is measured at all."""
        return self._features is not None

    @property
    def worn_out(self) -> bool:
        """True when it has got worse for so long that going on is a waste.

        Not before the best looked like the pictures at all: the first blots of an untrained network can have a lower
        KID than what comes next.
        """
        learned = self.best is not None and self.best.precision >= LEARNED_PRECISION
        return learned and 0 < self._settings.patience <= self.worse

    def due(self, before: int, images: int) -> bool:
        """Return whether to measure now that ``images`` have been shown, ``before`` in the step before."""
        if not self.active:
            return False
        if not self._missed and images // self.interval == before // self.interval:
            return False
        self._missed = self._clock() < self._not_before or self._missed  # made up for when its time has come
        return self._clock() >= self._not_before

    def evaluate(self, sample: Callable[[Tensor], Tensor], z_dim: int, images: int) -> Work[Evaluation | None]:
        """Measure what ``sample`` makes of the fixed latents. None when the run is asked to pause or stop meanwhile:
        that must not wait, and the measurement is made up for later.

        Draws nothing from the global random state, so that measuring does not change the training.
        """
        began = self._clock()
        self._missed = True
        if self._real is None:
            self._real = yield from self.real_features()
        real = self._real
        if real is None:
            return None
        latents = torch.randn(self.samples, z_dim, generator=torch.Generator().manual_seed(EVALUATION_SEED))
        made, rows = [], []
        for z in latents.split(FEATURE_BATCH):
            if self._run.requested():
                return None
            # As a saved picture would be: rounded to whole levels.
            pictures = ((sample(z).float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
            made.append(pictures)
            rows.append(self._extract(pictures))
            yield Progress(images, self._settings.images, Message("Measuring the quality"))
        self._missed = False
        features, pictures = torch.cat(rows), torch.cat(made)
        if not torch.isfinite(features).all():
            return None
        distance = kernel_distance(features, real)
        precision, recall = precision_recall(features, real)
        copies = memorising(features, real)
        found = Evaluation(
            images=images,
            features=self.network,
            samples=len(features),
            pictures=len(self._chosen),
            kid=round(distance.mean, 6),
            kid_spread=round(distance.spread, 6),
            fid=round(frechet_distance(features, real), 3),
            precision=round(precision, 4),
            recall=round(recall, 4),
            nearer_share=round(copies.nearer_share, 4),
            copy_share=round(copies.copy_share, 4),
            verdict=copies.verdict,
        )
        pairs = self._write_nearest(pictures, copies.nearest, copies.ratio, images)
        best = self._judge(found)
        now = self._clock()
        if self._settings.evaluate_every is None:
            self._not_before = now + (now - began) / COST
        self._run.append_event(
            {"event": "metrics", **asdict(found), "best": best, "pairs": pairs, "seconds": round(now - began, 2)}
        )
        return found

    def _judge(self, found: Evaluation) -> bool:
        """Take a measurement; whether it is the best so far. Other features start a new comparison."""
        self.last = found
        if self.best is None or not found.compares_with(self.best) or found.kid < self.best.kid:
            self.best, self.worse = found, 0
            return True
        self.worse += 1
        return False

    def _write_nearest(self, pictures: Tensor, nearest: Tensor, ratio: Tensor, images: int) -> list[list[float]]:
        """Save the samples that come nearest, each left of its training picture; returns [training picture, ratio]."""
        count = len(self._chosen)
        order = ratio.argsort()[:NEAREST_PAIRS].tolist()
        size = pictures.shape[-1]
        sheet = np.zeros((-(-len(order) // NEAREST_COLUMNS) * size, NEAREST_COLUMNS * 2 * size, 3), np.uint8)
        pairs = []
        for place, i in enumerate(order):
            mirrored, number = divmod(int(nearest[i]), count)
            picture = int(self._chosen[number])
            real = self._data[picture][:, ::-1] if mirrored else self._data[picture]
            row, column = divmod(place, NEAREST_COLUMNS)
            top, left = row * size, column * 2 * size
            sheet[top : top + size, left : left + size] = pictures[i].permute(1, 2, 0).numpy()
            sheet[top : top + size, left + size : left + 2 * size] = real
            pairs.append([picture, round(float(ratio[i]), 3)])
        try:
            with atomic_path(nearest_path(self._run.path, images)) as temporary:
                Image.fromarray(sheet).save(temporary, quality=92)
        except StudioError:
            return []  # a full disk: the numbers are there all the same
        return pairs
