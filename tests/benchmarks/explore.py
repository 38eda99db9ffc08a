"""Milliseconds from a slider move to the new preview on the canvas, through the real panel, worker and engine.

python -m tests.benchmarks.explore [moves]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Print the table."""
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENT_STUDIO_HOME"] = home
        measure(Path(home), moves)


def measure(home: Path, moves: int) -> None:
    """Open the explorer on the first starter model and move its truncation slider."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from studio.gallery import Gallery, SourceStore
    from studio.ui.context import StudioContext
    from studio.ui.explore import ExplorerPanel
    from studio.ui.widgets import Canvas, Slider
    from studio.worker import DeviceWorker

    app = QApplication.instance() or QApplication([])
    sources = SourceStore(home / "sources")

    def factory() -> object:
        from studio.engine import TorchEngine

        return TorchEngine(sources)

    worker = DeviceWorker(factory)  # type: ignore[arg-type]
    context = StudioContext(worker, Gallery(home / "Pictures", home / "index.sqlite"), sources)
    panel = ExplorerPanel(context)
    panel.resize(1200, 800)
    panel.show()
    worker.start()
    canvas = panel.findChildren(Canvas)[0]
    shown: list[float] = []
    plain = canvas.set_image

    def timed(image: object) -> None:
        plain(image)  # type: ignore[arg-type]
        shown.append(time.perf_counter())

    canvas.set_image = timed  # type: ignore[method-assign,assignment]

    def wait(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(shown) < count and time.monotonic() < deadline:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # polling would keep the others waiting
        if len(shown) < count:
            raise SystemExit("no preview arrived")

    wait(1)
    slider = next(part for part in panel.findChildren(Slider) if part.value() == 0.8)
    times = []
    for move in range(moves):
        count = len(shown)
        began = time.perf_counter()
        slider.set_value(0.1 + 0.8 * move / moves)
        wait(count + 1)
        times.append((shown[-1] - began) * 1000)
    print(f"slider move to new preview, {panel.findChildren(Canvas)[0].image().width()} px network, CPU:")  # type: ignore[union-attr]
    print(f"  median {statistics.median(times):.1f} ms, 95th percentile {sorted(times)[int(moves * 0.95)]:.1f} ms")
    worker.shutdown()


if __name__ == "__main__":
    main()
