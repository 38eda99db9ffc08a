"""What the doctor says of a sound installation, and of one that is not."""

from __future__ import annotations

import importlib
import json

import pytest
from typer.testing import CliRunner

from studio.base.app_settings import AppSettings
from studio.cli import app, language

doctor = importlib.import_module("studio.cli.doctor")


def test_a_sound_installation_and_one_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://artist:secret@proxy.example:3128")
    # Without the looks that ask other programs.
    monkeypatch.setattr(doctor, "graphics", lambda: iter(()))
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 0, done.output
    findings = {each["about"]: each for each in json.loads(done.stdout)["findings"]}
    assert {"PyTorch", "Computes on", "Memory", "Pictures", "Models", "Films"} <= findings.keys()
    assert "Abstract Paint" in findings["Models"]["found"]
    assert "fetched when it is first wanted" in findings["Network for faces"]["found"]
    assert "https" in findings["Proxies"]["found"] and "secret" not in done.output

    def films() -> None:
        raise OSError(28, "No space left on device")

    films.__name__ = "films"
    monkeypatch.setattr(doctor, "films", films)
    monkeypatch.setattr(doctor, "settings", lambda: AppSettings(device="cuda:7"))
    monkeypatch.setattr(language, "settings", lambda: AppSettings(language="zh_CN"))
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1 and "No space left" in done.stdout
    # What rooms below have said comes in the language of the settings, too.
    assert "模型" in done.stdout and "Models" not in done.stdout and "Computes on" not in done.stderr


def test_a_card_that_is_not_used_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"graphics": "nvidia", "name": "RTX 4070", "build": "cu130", "why": "for RTX 4070", "used": "cpu"}

    def run(command: list[str], **options: object) -> object:
        return doctor.subprocess.CompletedProcess(command, 0, json.dumps(said) + "\n", "")

    monkeypatch.setattr(doctor.subprocess, "run", run)
    [finding] = doctor.graphics()
    assert finding.state == "note" and "RTX 4070" in finding.found and "bootstrap.py" in finding.action
    said["build"] = "cpu"
    [finding] = doctor.graphics()
    assert "cannot use" in finding.found and "newest driver" in finding.action
