"""Every module can be imported, also those that others import only when they need them.

mypy does not notice when one of ours has moved: it looks away from modules it cannot find, for the libraries' sake.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

FILES = sorted(path for folder in ("studio", "tests") for path in (ROOT / folder).rglob("*.py"))


@functools.cache
def is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """The modules that a file imports, each with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def test_what_files_import_of_ours_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}:{line}: {name} is not there"
        for path in FILES
        for line, name in imports_of(path)
        if name.split(".")[0] in ("studio", "tests") and not is_there(name)
    ]
    assert len(FILES) > 500 and not missing, "\n".join(missing)


TORCH = ("torch", "torchvision")
WITHOUT = (
    ("import studio.recipes, studio.gallery", (*TORCH, "PySide6")),
    ("import studio.training.folder, studio.training.runs", TORCH),
    *((f"command({words!r})", TORCH) for words in ("--help", "sample --help", "gallery", "models", "train --list")),
    ("import studio.worker", (*TORCH, "PySide6.QtWidgets", "PySide6.QtGui")),
    ("import studio.ui.train", TORCH),
)
"""What is done in turn in one process, and modules that it must not have loaded."""
COMMAND = """
import sys
from typer.testing import CliRunner
def command(words):
    from studio.cli import app
    assert CliRunner().invoke(app, words.split()).exit_code == 0, words
"""


def test_what_needs_neither_torch_nor_qt_loads_neither() -> None:
    steps = "".join(f"\n{code}\nprint([name for name in {names} if name in sys.modules])" for code, names in WITHOUT)
    done = subprocess.run([sys.executable, "-c", COMMAND + steps], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["[]"] * len(WITHOUT), (done.stdout, done.stderr[-2000:])
