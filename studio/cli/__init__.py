"""The command line: ``app`` holds what all commands share, the other modules a command or a few of one topic."""

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
