"""Hours of training as images, by the speed of this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from studio.base import StudioError
from studio.cli.app import drive, stderr

if TYPE_CHECKING:
    from studio.training.runs import RunDirectory
    from studio.training.settings import TrainSettings


def images_in(settings: TrainSettings, hours: float) -> int:
    """Images of a new run that take about so many hours here, one batch at least; the speed is measured once."""
    import torch

    from studio.networks.device import choose_device
    from studio.training.speed_measurement import measure_speed
    from studio.training.speeds import Speed, SpeedBook, device_name

    kind = choose_device(settings.device).type
    book, device = SpeedBook(), device_name(kind, torch.cuda.get_device_name() if kind == "cuda" else "")
    speed = book.find(dict(settings), device)
    if speed is None:
        found = drive(measure_speed(settings), "Measuring the speed")
        if found.disturbed:
            stderr().print(
                "Other programs kept this computer busy while its speed was measured: a quiet one trains faster.",
                soft_wrap=True,
            )
        else:
            book.add(dict(settings), device, found.images_per_second)
        speed = Speed(found.images_per_second, "measured")
    images = max(settings.batch, speed.images(hours * 3600))
    stderr().print(
        escape(f"{images:,} images in about {hours:g} h, at the measured {speed.images_per_second:.1f} images/s."),
        soft_wrap=True,
    )
    return images


def images_for_longer(run: RunDirectory, hours: float) -> int:
    """Images in all when ``run`` goes on for so many hours at its own speed.

    Raises
    ------
    StudioError
        When the run has not trained long enough for its speed to be known.
    """
    state = run.state()
    if state.images_per_second <= 0:
        raise StudioError(f"The speed of “{run.settings.name}” is not known yet.", "Give --images instead of --hours.")
    return state.images + max(run.settings.batch, round(state.images_per_second * hours * 3600))
