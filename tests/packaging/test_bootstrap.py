"""The two commands of the README: what they install when, and what they say when they cannot."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.support.paths import ROOT

SCRIPT = ROOT / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work on a clone in a temporary folder."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {"ROOT": tmp_path, "VENV": venv, "STAMP": venv / "latent-studio.json"}.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return module


@pytest.fixture
def commands(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Notes what would run instead of running it; making an environment makes its interpreter."""
    noted: list[list[str]] = []

    def run(command: list[str], **options: object) -> SimpleNamespace:
        noted.append(command)
        if "venv" in command:
            python = bootstrap.venv_python()
            python.parent.mkdir(parents=True)
            python.touch()
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return noted


def test_the_first_start_installs_and_the_second_does_not(bootstrap: ModuleType, commands: list[list[str]]) -> None:
    bootstrap.ensure_installed("start")
    assert commands[0][1:3] == ["-m", "venv"]
    assert commands[1][-2:] == ["--editable", str(bootstrap.ROOT)]
    commands.clear()
    bootstrap.ensure_installed("start")
    assert commands == []


def test_the_tests_need_more_than_the_application(bootstrap: ModuleType, commands: list[list[str]]) -> None:
    bootstrap.ensure_installed("start")
    bootstrap.ensure_installed("test")
    assert commands[-2][-1] == f"{bootstrap.ROOT}[test]"
    assert "warm_up" in commands[-1][-1]
    commands.clear()
    bootstrap.ensure_installed("start")
    bootstrap.ensure_installed("test")
    assert commands == []


def test_a_changed_pyproject_installs_again(bootstrap: ModuleType, commands: list[list[str]]) -> None:
    bootstrap.ensure_installed("test")
    (bootstrap.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    commands.clear()
    bootstrap.ensure_installed("start")
    assert len([command for command in commands if "install" in command]) == 1
    # What was installed for the tests is no longer current either.
    assert set(json.loads(bootstrap.STAMP.read_text())) == {"start"}


def test_a_damaged_stamp_counts_as_none(bootstrap: ModuleType, commands: list[list[str]]) -> None:
    bootstrap.ensure_installed("start")
    for text in ("{", "[]", ""):
        bootstrap.STAMP.write_text(text)
        commands.clear()
        bootstrap.ensure_installed("start")
        assert commands


def test_an_old_python_is_refused(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(sys, "version", "3.9.18 (main)")
    with pytest.raises(SystemExit) as stop:
        bootstrap.main(["start"])
    assert stop.value.code == 1
    assert "3.11 or newer" in (words := capsys.readouterr().err) and "3.9.18" in words


def test_the_script_is_readable_to_old_pythons() -> None:
    """Otherwise they would show a SyntaxError instead of the sentence that says what is needed."""
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_missing_venv_module_names_the_package(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SystemExit) as stop:
        bootstrap.main(["test"])
    assert stop.value.code == 1
    assert "python3-venv" in capsys.readouterr().err


def test_a_failed_install_leaves_no_stamp(
    bootstrap: ModuleType,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    working = subprocess.run

    def run(command: list[str], **options: object) -> object:
        result = working(command, **options)  # type: ignore[call-overload]
        return SimpleNamespace(returncode=1) if "install" in command else result

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SystemExit) as stop:
        bootstrap.ensure_installed("start")
    assert stop.value.code == 1
    assert "Installing failed" in capsys.readouterr().err
    assert not bootstrap.STAMP.exists()


def test_without_a_command_it_explains_itself() -> None:
    result = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "start" in result.stderr and "test" in result.stderr
