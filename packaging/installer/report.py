"""Telling people what happens, in lines."""

from __future__ import annotations

import sys
from typing import NoReturn


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do in plain words, and end with exit code 1."""
    sys.stdout.flush()
    sys.stderr.write("Latent Studio: " + message + "\n")
    sys.exit(1)


def megabytes(count: float) -> str:
    """``count`` bytes for people: "412 MB", "2.9 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
