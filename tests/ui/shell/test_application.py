"""The application object."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
from PySide6.QtGui import QFileOpenEvent
from studio.ui.shell.application import Application

app = Application([])
app.fileWanted.connect(lambda path: print(ascii(path.name)))
app.sendEvent(app, QFileOpenEvent("/somewhere/照片.png"))
"""


def test_a_file_that_the_system_asks_for_is_told() -> None:
    """In a process of its own: the tests have an application already."""
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True).stdout
    assert told.strip() == ascii("照片.png")
