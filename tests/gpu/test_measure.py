"""The script for the first day with a card goes through, here on the processor with tiny sizes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.gpu import measure


def test_a_rehearsal_measures_its_quick_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others take most of a minute: ``python -m tests.gpu.measure --rehearse`` goes through all."""
    monkeypatch.setattr(measure, "PARTS", (measure.correctness, measure.sampling))
    out = tmp_path / "card.json"
    report = measure.main(["--rehearse", "--out", str(out)])
    assert [row for row in report.rows if row.value is None] == []
    found = {row.case: row.value for row in report.rows}
    # Both sides are the processor, which must agree with itself.
    assert all(value == 0 for case, value in found.items() if "difference" in case)
    assert {row["what"] for row in json.loads(out.read_text())["rows"]} == {"correct", "sampling"}


def test_without_time_the_cases_are_named_all_the_same(tmp_path: Path) -> None:
    report = measure.main(["--rehearse", "--seconds", "0", "--out", str(tmp_path / "card.json")])
    assert {row.note for row in report.rows} == {"no time left"}
