"""The film of a training run."""

from __future__ import annotations

from pathlib import Path

from studio.base import Work
from studio.engine.jobs.journey_file import write_video
from studio.training.exports import film_frames, film_length, readable_previews
from studio.training.runs import RunDirectory

HOLD_SECONDS = 1.5


def export_training_film(run: RunDirectory, path: Path, *, seconds: float = 12, fps: int = 25) -> Work[Path]:
    """Write an MP4 in which the samples of the fixed latents morph from untrained to trained.

    Raises
    ------
    StudioError
        When the run has fewer than two previews, or the film cannot be written.
    """
    previews = readable_previews(run)
    frames = film_frames(previews, seconds=seconds, fps=fps, hold=HOLD_SECONDS)
    total = film_length(seconds, fps) + round(HOLD_SECONDS * fps)
    comment = f"Latent Studio: training of {run.settings.name}"
    return (yield from write_video(path, frames, fps=fps, total=total, comment=comment))
