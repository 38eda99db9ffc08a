"""Measuring how fast this machine trains a network: some steps of the real trainer, on noise instead of pictures."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import cycle

import torch

from studio.base import Message, Progress, Work
from studio.networks.device import choose_device
from studio.networks.efficientnet import EfficientNetLite0
from studio.networks.threads import processor_threads
from studio.training.dcgan_trainer import DCGANTrainer
from studio.training.drifting_trainer import DriftingTrainer
from studio.training.parallel import Processes
from studio.training.schedule import Clock
from studio.training.settings import TrainSettings
from studio.training.speeds import MeasuredSpeed
from studio.training.stylegan_trainer import StyleGANTrainer
from studio.training.trainers import Trainer

SECONDS = 10.0
LONGEST = 30.0
"""Seconds after which no further step begins, also when some kinds of steps were not timed."""
UNDISTURBED = 0.75
"""A machine that does nothing else gives the steps at least this share of its processor time."""
SMALL_BATCH = 4
SLOW = 0.6
"""When a step with a small batch takes longer, the steps stay small: what counts is the time an image."""


ProcessorTime = Callable[[], tuple[float, float]]
"""Processor seconds so far: of the thread that asks, and of the whole process for each of torch's threads."""


def processor_time() -> tuple[float, float]:
    """Return the processor seconds of this thread, and those of the process for each of torch's threads."""
    return time.thread_time(), time.process_time() / torch.get_num_threads()


class _StepTimer:
    """Times steps, with the processor time that they got."""

    def __init__(self, clock: Clock, worked: ProcessorTime) -> None:
        self._clock, self._worked = clock, worked
        self._began = clock()
        self._seconds = self._own = self._shared = 0.0

    def elapsed(self) -> float:
        """Return the seconds since the measuring began, also those that other jobs took."""
        return self._clock() - self._began

    def disturbed(self) -> bool:
        """Return whether other programs had the processor for much of the time of the steps.

        A thread may rest while others work for it, and a small network does not fill many threads: only when neither
        this thread nor all together were at work was the processor elsewhere.
        """
        return max(self._own, self._shared) < UNDISTURBED * self._seconds

    def timed(self, trainer: Trainer, settings: TrainSettings, number: int) -> Work[float]:
        """Seconds of a step."""
        device = choose_device(settings.device)
        real = torch.rand(settings.batch, 3, settings.resolution, settings.resolution, device=device) * 2 - 1
        _wait_for(device)
        began, (own, shared) = self._clock(), self._worked()
        trainer.step(real, range(settings.batch), number, settings.batch * number)
        _wait_for(device)
        took, (own_after, shared_after) = self._clock() - began, self._worked()
        if device.type == "cpu":  # a card works while the processor waits
            self._seconds += took
            self._own += own_after - own
            self._shared += shared_after - shared
        yield Progress(0, 0, Message("Measuring how fast this computer trains"))
        return took


def measure_speed(
    settings: TrainSettings, clock: Clock = time.monotonic, worked: ProcessorTime = processor_time
) -> Work[MeasuredSpeed]:
    """Images a second of a run with ``settings`` on this machine, from about ten seconds of steps.

    On a machine that is busy with other things it ends with the first step after half a minute, and says that it was
    disturbed.

    No pictures are read and nothing is fetched: how long a step takes does not depend on what is in them. Steps with a
    penalty are timed for themselves and count as often as they come. Of several processes one is timed.
    """
    batch = max(SMALL_BATCH, settings.batch // max(1, settings.processes))
    small = settings.model_copy(update={"batch": min(SMALL_BATCH, batch), "processes": 1})
    timer = _StepTimer(clock, worked)
    yield Progress(0, 0, Message("Measuring how fast this computer trains"))
    with processor_threads(settings.threads):
        trainer = _trainer(small)
        yield from timer.timed(trainer, small, 1)  # the first step prepares much
        once = yield from timer.timed(trainer, small, 1)
        measured, trial = small, trainer
        if once <= SLOW and batch > SMALL_BATCH:
            measured = settings.model_copy(update={"batch": batch, "processes": 1})
            trial = _trainer(measured)
            yield from timer.timed(trial, measured, 1)
        took: dict[int, list[float]] = {}
        kinds = step_kinds(settings)
        for number in cycle(kinds):
            elapsed = timer.elapsed()
            if (elapsed >= SECONDS and len(took) == len(kinds)) or (elapsed >= LONGEST and took):
                break
            took.setdefault(number, []).append((yield from timer.timed(trial, measured, number)))
    # The median: another program that came between must not count.
    medians = {number: sorted(times)[len(times) // 2] for number, times in took.items()}
    mean = sum(medians[number] * kinds[number] for number in took) / sum(kinds[number] for number in took)
    return MeasuredSpeed(settings.processes * measured.batch / mean, timer.disturbed())


def step_kinds(settings: TrainSettings) -> dict[int, float]:
    """Numbers of steps that differ in their work, each with the share of such steps in a run."""
    if settings.architecture == "dcgan" or settings.discriminator == "none":
        return {1: 1.0}
    first = settings.r1_interval if settings.discriminator == "stylegan2" and settings.r1_gamma else 0
    second = settings.path_interval if settings.path_weight else 0
    whole = math.lcm(first or 1, second or 1)
    counts: dict[tuple[bool, bool], list[int]] = {}
    for number in range(whole):
        kind = (bool(first) and number % first == 0, bool(second) and number % second == 0)
        counts.setdefault(kind, []).append(number or whole)
    return {numbers[0]: len(numbers) / whole for numbers in counts.values()}


def _trainer(settings: TrainSettings) -> Trainer:
    processes = Processes(device=choose_device(settings.device))
    if settings.architecture == "dcgan":
        return DCGANTrainer(settings, processes)
    # As fast as one that has learnt something.
    backbone = EfficientNetLite0().eval().requires_grad_(False).to(processes.device)
    if settings.discriminator == "none":
        return DriftingTrainer(settings, processes, backbone, settings.batch)  # as of a folder seen before
    return StyleGANTrainer(
        settings, processes, settings.batch, backbone if settings.discriminator == "projected" else None
    )


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
