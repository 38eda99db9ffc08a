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


def steps(folder: Path) -> dict[str, tuple[list[str], Path]]:
    """Command and result, in ``folder``, of what is done in turn: every library that a bundle brings has its part.

    A sample is compiled by Numba and computed by PyTorch, a style by onnxruntime; a hole is filled by PatchMatch's own
    library; a journey is written by FFmpeg's; a network becomes ONNX, for which sources are read; a run is the program
    started again as a process of its own.
    """
    sample, run = folder / "sample.png", folder / "home" / "runs"
    styled, wide = folder / "art" / "styled.png", folder / "art" / "wide.png"  # a run wants two pictures
    shape = ["--architecture", "dcgan", "--resolution", "32", "--images", "4", "--batch", "2"]
    return {
        "sample": (["sample", "--seed", "1", "--device", "cpu", "--out", str(sample)], sample),
        "stylize": (["stylize", str(sample), "--style", "Watercolour", "--out", str(styled)], styled),
        "repair": (["repair", str(styled), "--left", "0.1", "--out", str(wide)], wide),
        "film": (
            ["interpolate", "--seed", "1,2", "--frames", "2", "--no-loop", "--out", str(folder / "film.mp4")],
            folder / "film.mp4",
        ),
        "export": (["models", "export", "Abstract Paint", str(folder / "network.onnx")], folder / "network.onnx"),
        "train": (["train", str(styled.parent), *shape, "--set", "evaluate_every=0", "--device", "cpu"], run),
    }


def smoke() -> int:
    """Do :func:`steps` and open the window without a screen; returns 0, or 1 with a line why not."""
    with tempfile.TemporaryDirectory(prefix="latent-studio-smoke-") as folder:
        home = Path(folder)
        (home / "art").mkdir()
        environment = {**os.environ, "LATENT_STUDIO_HOME": str(home / "home"), "QT_QPA_PLATFORM": "offscreen"}
        for name, (arguments, result) in steps(home).items():
            began = time.monotonic()
            done = subprocess.run([*_program(), *arguments], env=environment, check=False)
            if done.returncode != 0 or not is_whole(result):
                return _failed(
                    f"{name} ended with exit code {done.returncode}, and {result.name} is not as it should be."
                )
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


def is_whole(path: Path) -> bool:
    """Whether ``path`` is a picture not all of one colour, another file of some size, or a folder of runs."""
    if path.is_dir():
        return any(path.glob("*/model.safetensors"))
    if not path.is_file():
        return False
    if path.suffix != ".png":
        return path.stat().st_size > 1000
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return float(pixels.std(axis=(0, 1)).max()) > 5


def _failed(reason: str) -> int:
    print(f"The bundle is not whole: {reason}", file=sys.stderr)
    return 1
