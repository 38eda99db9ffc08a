"""Every test gets a folder of its own as home, an invisible screen, and torch on few threads."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before anything imports Qt or an OpenMP library.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The workers of a parallel run inherit what the first process chose, and choose again.
if "OMP_NUM_THREADS" not in os.environ or "LATENT_STUDIO_TEST_THREADS" in os.environ:
    os.environ["OMP_NUM_THREADS"] = os.environ["LATENT_STUDIO_TEST_THREADS"] = str(
        max(1, min(4, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))
    )
# As many for Numba: at every change OpenMP, which it shares with torch, would end threads and start them again.
os.environ.setdefault("NUMBA_NUM_THREADS", os.environ["OMP_NUM_THREADS"])
# Threads that wait by spinning starve each other when tests share the cores with other work.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# What one process compiled of a package, others find: the tests start many, and PyTorch is large.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest

sys.dont_write_bytecode = False

with contextlib.suppress(ImportError):  # machines where networks are only trained have no more than pytest
    from hypothesis import HealthCheck, settings

    # How long an example takes is the machine's business.
    settings.register_profile("latent-studio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("latent-studio")

if TYPE_CHECKING:  # where networks are only trained, there is no Qt
    from pytestqt.qtbot import QtBot

SHORT, PATIENCE = 3_000, 240_000
"""Milliseconds: waits below the first are meant to be short, all others last as long as the second if need be."""


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """pytest-qt's, which gives up after 5 seconds by itself: too soon on a machine that is busy with other work."""

    def patient(wait: Callable[..., Any]) -> Callable[..., Any]:
        def waiting(*arguments: Any, timeout: int = PATIENCE, **options: Any) -> Any:
            return wait(*arguments, timeout=timeout if timeout < SHORT else max(timeout, PATIENCE), **options)

        return waiting

    for name in ("waitUntil", "waitSignal", "waitSignals"):
        setattr(qtbot, name, patient(getattr(qtbot, name)))
    return qtbot


@pytest.fixture(autouse=True)
def latent_studio_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh ``LATENT_STUDIO_HOME``: no test sees or touches the artist's own settings, models or pictures."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LATENT_STUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def threads_of_torch() -> Iterator[None]:
    """Every test leaves torch with as many threads as it had: the last bits of a sum depend on it."""
    yield
    if (torch := sys.modules.get("torch")) is not None:
        assert torch.get_num_threads() == int(os.environ["OMP_NUM_THREADS"])


@pytest.fixture(scope="session", autouse=True)
def emptied_clipboard() -> Iterator[None]:
    """The clipboard holds nothing of Python at the end: Qt's invisible screen frees it after Python has ended."""
    yield
    qt = sys.modules.get("PySide6.QtGui")
    if qt is not None and qt.QGuiApplication.instance() is not None:
        qt.QGuiApplication.clipboard().clear()


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Folder outside the tree that keeps fetched models from one run of the tests to the next."""
    default = Path.home() / ".cache" / "latent-studio-tests"
    folder = Path(os.environ.get("LATENT_STUDIO_TEST_CACHE") or default)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def shared_models(model_cache: Path) -> Path:
    """Folder holding ``perceptual/vgg16-hed.safetensors`` and ``mtcnn``: real weights, fetched once and then kept."""
    from studio.base import drain
    from studio.checkpoints.face_networks import load_faces
    from studio.checkpoints.perceptual import load_vgg
    from tests.support.fetched_models import home_in

    with home_in(model_cache):
        drain(load_vgg("vgg16-hed", "cpu"))
        drain(load_faces("cpu"))
    return model_cache / "models"


@pytest.fixture
def perceptual_models(shared_models: Path, latent_studio_home: Path) -> Iterator[Path]:
    """The fetched networks in this test's own models folder: the perceptual one, and those that find faces."""
    folder = latent_studio_home / "models" / "perceptual"
    folder.mkdir(parents=True)
    for name in ("vgg16-hed.safetensors", "mtcnn.safetensors"):
        (folder / name).symlink_to(shared_models / "perceptual" / name)
    yield folder
