"""Every module can be imported, also those that others import only when they need them.

mypy does not notice when one of ours has moved: it looks away from modules it cannot find, for the libraries' sake.
"""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FILES = sorted(path for folder in ("studio", "tests") for path in (ROOT / folder).rglob("*.py"))


def is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_file_imports_of_ours_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            if name.split(".")[0] in ("studio", "tests"):
                assert is_there(name), f"line {node.lineno}: {name} is not there"
