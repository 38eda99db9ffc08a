"""Seconds from process start to a visible window, beside ``python -c "import torch"`` in the same run.

python -m tests.benchmarks.startup [runs]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

WINDOW = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from studio.ui.shell import app

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow) and not hasattr(self, "seen"):
            self.seen = True
            print("torch" if "torch" in sys.modules else "visible", flush=True)
        return False

show = QMainWindow.show
def watched_show(window):
    window.watch = Watch(window)
    window.installEventFilter(window.watch)
    show(window)
    QTimer.singleShot(1500, window.close)
QMainWindow.show = watched_show
app.run([])
"""


def until_line(command: list[str], env: dict[str, str]) -> float:
    """Seconds until the process prints its first line."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
        process.stdout.read()
    if line.strip() not in ("visible", "torch imported"):
        raise SystemExit(f"no window appeared: {line!r}")
    return seconds


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "LATENT_STUDIO_HOME": home}
        if sys.platform.startswith("linux") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
            env["QT_QPA_PLATFORM"] = "offscreen"
        window = [sys.executable, "-c", WINDOW]
        torch = [sys.executable, "-c", "import torch; print('torch imported')"]
        until_line(window, env), until_line(torch, env)  # warm the file cache
        pairs = [(until_line(window, env), until_line(torch, env)) for _ in range(runs)]
    ours, peer = zip(*pairs, strict=True)
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"process start to first paint of the window: {statistics.median(ours):6.2f} s (median of {runs})")
    print(f'python -c "import torch":                   {statistics.median(peer):6.2f} s')
    print(f"ratio (median of pairs):                    {ratio:6.2f}")


if __name__ == "__main__":
    main()
