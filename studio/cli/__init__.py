"""The command line: ``app`` holds what all commands share, the other modules a command or a few of one topic."""

from studio.cli import explore, folder, gallery, models, runs, stylize, train
from studio.cli.app import app, main

__all__ = ["app", "explore", "folder", "gallery", "main", "models", "runs", "stylize", "train"]
