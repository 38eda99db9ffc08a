"""The window on a machine without torch opens and says what is missing; and what the first paint does without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from importlib.abc import MetaPathFinder

class Nothing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.partition(".")[0])

sys.meta_path.insert(0, Nothing())
from PySide6.QtCore import QTimer
from studio.base.app_settings import AppSettings
from studio.ui.room_id import RoomId
from studio.ui.shell.app import make_application, make_window

settings = AppSettings.load()
app = make_application(["latent-studio"], settings)
window = make_window(settings)
window.show()
window.grab()
print(*sorted(sys.modules))
for room in RoomId:
    window.show_room(room)
    app.processEvents()
window.show_room(RoomId.EXPLORE)
window.context.worker.deviceReady.connect(app.quit)
window.context.worker.start()
QTimer.singleShot(200_000, app.quit)
app.exec()
print(window.pytorch_notice.title.text() if not window.pytorch_notice.isHidden() else "nothing was said")
window.show_room(RoomId.GALLERY)
print(not window.pytorch_notice.isHidden())
print("torch" in sys.modules)
sys.stdout.flush()
import os
os._exit(0)
"""

# Each takes long to import, and the room that is shown first does without.
NOT_FOR_THE_FIRST_PAINT = frozenset(
    {"qtpy", "qtawesome", "pyqtgraph", "torch", "numba", "cv2", "av", "onnxruntime", "scipy", "tifffile"}
    | {"studio.training", "studio.stylization", "studio.networks", "studio.restoration", "studio.engine.engine"}
    | {"studio.engine.torch_engine"}
    | {"studio.ui.train", "studio.ui.gallery", "studio.ui.finish", "studio.ui.stylize.panel", "studio.ui.models"}
)


def test_the_window_opens_in_every_room_and_says_what_is_missing(latent_studio_home: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LATENT_STUDIO_HOME": str(latent_studio_home)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False, timeout=400
    )
    modules, *said = done.stdout.splitlines()
    assert "studio.ui.explore.panel" in modules.split()
    assert NOT_FOR_THE_FIRST_PAINT.isdisjoint(modules.split())
    assert said == [
        "PyTorch, which computes the pictures, is not installed yet",
        "False",
        "False",
    ], done.stderr[-2000:]
