"""The script for the first day with a card goes through, here on the processor with tiny sizes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import torch

from tests.gpu import measure, tools
from tests.gpu.report import NO_TIME, Report


def test_a_rehearsal_measures_its_quick_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others take most of a minute: ``python -m tests.gpu.measure --rehearse`` goes through all."""
    monkeypatch.setattr(measure, "PARTS", ((measure.right_networks, 1), (measure.sampling, 1), (tools.merging, 1)))
    out = tmp_path / "card.json"
    report = measure.main(["--rehearse", "--out", str(out)])
    assert [row for row in report.rows if row.value is None or row.wrong] == []
    found = {row.case: row.value for row in report.rows}
    # Both sides are the processor, which must agree with itself.
    assert all(value == 0 for case, value in found.items() if "difference" in case)
    assert {row["what"] for row in json.loads(out.read_text())["rows"]} == {"right", "sampling", "merging"}


def test_without_time_the_cases_are_named_all_the_same(tmp_path: Path) -> None:
    report = measure.main(["--rehearse", "--seconds", "0", "--out", str(tmp_path / "card.json")])
    assert {row.note for row in report.rows} == {NO_TIME} and not any(row.wrong for row in report.rows)
    assert {"films", "faces", "projection", "dragging", "enlarging"} <= {row.what for row in report.rows}


def test_time_that_a_part_leaves_is_for_the_others_and_failures_are_rows(tmp_path: Path) -> None:
    report = Report(torch.device("cpu"), tmp_path / "card.json", time.monotonic() + 1000, small=True)
    left = []

    def first(report: Report) -> None:
        left.append(report.left)
        report.measure("a", "fails", "s", lambda: 1 / 0)
        report.measure("a", "differs", "of 1", lambda: 0.5, most=0.1)

    def second(report: Report) -> None:
        left.append(report.left)
        raise ValueError("not prepared")

    report.run([(first, 1), (second, 3)])
    assert 200 < left[0] <= 250 and 900 < left[1] <= 1000
    assert [row.wrong for row in report.rows] == [True, True, True]
    assert "ZeroDivisionError" in report.rows[0].note and "not prepared" in report.rows[2].note
