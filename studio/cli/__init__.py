"""The command line: ``app`` and ``results`` hold what commands share, the others a command or a few of one topic."""

from studio.cli import (
    catalogue,
    doctor,
    drag,
    explore,
    faces,
    film,
    finish,
    folder,
    gallery,
    latents,
    models,
    projection,
    runs,
    styles,
    stylize,
    train,
)
from studio.cli.app import app, main

__all__ = [
    "app",
    "catalogue",
    "doctor",
    "drag",
    "explore",
    "faces",
    "film",
    "finish",
    "folder",
    "gallery",
    "latents",
    "main",
    "models",
    "projection",
    "runs",
    "styles",
    "stylize",
    "train",
]
