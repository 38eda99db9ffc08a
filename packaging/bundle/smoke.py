"""A look at whether a bundle is whole: what each of its large parts is for is done once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

WINDOW_SECONDS = 300


def smoke() -> int:
    """Draw a sample and a stylization and open the window without a screen; returns 0, or 1 with a line why not."""
    with tempfile.TemporaryDirectory(prefix="latent-studio-smoke-") as folder:
        home = Path(folder)
        sample, styled = home / "sample.png", home / "styled.png"
        environment = {**os.environ, "LATENT_STUDIO_HOME": str(home / "home"), "QT_QPA_PLATFORM": "offscreen"}
        steps = {
            "sample": (["sample", "--seed", "1", "--device", "cpu", "--out", str(sample)], sample),
            "stylize": (["stylize", str(sample), "--style", "Watercolour", "--out", str(styled)], styled),
        }
        for name, (arguments, picture) in steps.items():
            began = time.monotonic()
            done = subprocess.run([*_program(), *arguments], env=environment, check=False)
            if done.returncode != 0 or not shows_something(picture):
                return _failed(f"{name} ended with exit code {done.returncode} and made no picture.")
            print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
        began = time.monotonic()
        try:
            opened = subprocess.run(
                [*_program(), "--smoke-window"], env=environment, timeout=WINDOW_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return _failed(f"the window was not opened and closed within {WINDOW_SECONDS} seconds.")
        if opened.returncode != 0:
            return _failed(f"the window ended with exit code {opened.returncode}.")
        print(f"window: {time.monotonic() - began:.1f} s", flush=True)
    return 0


def open_window_once() -> int:
    """Open the window, wait for its first paint, and close it; returns the exit code."""
    from PySide6.QtCore import QTimer

    from studio.base.app_settings import AppSettings
    from studio.ui.shell.app import make_application, make_window

    settings = AppSettings.load()
    app = make_application(sys.argv[:1], settings)
    window = make_window(settings)
    window.show()
    # A timer of nothing comes round when all that was waiting, painting included, is done.
    QTimer.singleShot(0, window, window.close)
    return app.exec()


def _program() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, sys.argv[0]]


def shows_something(path: Path) -> bool:
    """Whether ``path`` is a picture that is not all of one colour."""
    if not path.is_file():
        return False
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return float(pixels.std(axis=(0, 1)).max()) > 5


def _failed(reason: str) -> int:
    print(f"The bundle is not whole: {reason}", file=sys.stderr)
    return 1
