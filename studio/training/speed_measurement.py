"""Measuring how fast this machine trains a network: some steps of the real trainer, on noise instead of pictures."""

from __future__ import annotations

import math
import time
from itertools import cycle

import torch

from studio.base import Message, Progress, Work
from studio.networks.device import choose_device
from studio.networks.efficientnet import EfficientNetLite0
from studio.training.dcgan_trainer import DCGANTrainer
from studio.training.drifting_trainer import DriftingTrainer
from studio.training.parallel import Processes
from studio.training.schedule import Clock
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer
from studio.training.trainers import Trainer

SECONDS = 10.0
SMALL_BATCH = 4
SLOW = 0.6
"""When a step with a small batch takes longer, the steps stay small: what counts is the time an image."""


def measure_speed(settings: TrainSettings, clock: Clock = time.monotonic) -> Work[float]:
    """Images a second of a run with ``settings`` on this machine, from about ten seconds of steps.

    No pictures are read and nothing is fetched: how long a step takes does not depend on what is in them. Steps with a
    penalty are timed for themselves and count as often as they come. Of several processes one is timed.
    """
    batch = max(SMALL_BATCH, settings.batch // max(1, settings.processes))
    small = settings.model_copy(update={"batch": min(SMALL_BATCH, batch), "processes": 1})
    begin = clock()
    yield Progress(0, 0, Message("Measuring how fast this computer trains"))
    threads = torch.get_num_threads()
    try:
        if settings.threads:
            torch.set_num_threads(settings.threads)
        trainer = _trainer(small)
        yield from _timed(trainer, small, 1, clock)  # the first step prepares much
        once = yield from _timed(trainer, small, 1, clock)
        measured, trial = small, trainer
        if once <= SLOW and batch > SMALL_BATCH:
            measured = settings.model_copy(update={"batch": batch, "processes": 1})
            trial = _trainer(measured)
            yield from _timed(trial, measured, 1, clock)
        took: dict[int, list[float]] = {}
        kinds = step_kinds(settings)
        for number in cycle(kinds):
            if clock() - begin >= SECONDS and len(took) == len(kinds):
                break
            took.setdefault(number, []).append((yield from _timed(trial, measured, number, clock)))
    finally:
        torch.set_num_threads(threads)
    # The median: another program that came between must not count.
    mean = sum(sorted(took[number])[len(took[number]) // 2] * share for number, share in kinds.items())
    return settings.processes * measured.batch / mean


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
        return DriftingTrainer(settings, processes, backbone)
    return StyleGANTrainer(
        settings, processes, settings.batch, backbone if settings.discriminator == "projected" else None
    )


def _timed(trainer: Trainer, settings: TrainSettings, number: int, clock: Clock) -> Work[float]:
    """Seconds of a step."""
    device = choose_device(settings.device)
    real = torch.rand(settings.batch, 3, settings.resolution, settings.resolution, device=device) * 2 - 1
    _wait_for(device)
    began = clock()
    trainer.step(real, range(settings.batch), number, settings.batch * number)
    _wait_for(device)
    took = clock() - began
    yield Progress(0, 0, Message("Measuring how fast this computer trains"))
    return took


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
