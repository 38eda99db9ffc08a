"""Where the tests find the repository and their data."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository's root."""

DATA = ROOT / "tests" / "data"
"""Reference files that the tests compare with; ``tests/data/README.md`` says where each comes from."""
