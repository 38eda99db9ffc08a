"""The program without PyTorch, in processes that cannot import it: what works, and what it says of the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.base.paths import resources_dir
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, preview
from studio.stylization.transformer import packaged_arrays
from studio.stylization.transformer_graph import session_of

BLOCKED = "import sys; sys.modules['torch'] = sys.modules['torchvision'] = None\n"
STYLE = next(resources_dir().joinpath("styles").glob("*.jpg"))


def run_blocked(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process that has no torch."""
    command = [sys.executable, "-c", BLOCKED + code, *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def latent_studio(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_blocked("from studio.cli import main; sys.argv[0] = 'latent-studio'; main()", *arguments)


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    with Image.open(STYLE) as picture:
        return np.asarray(picture.convert("RGB").resize((120, 90)))


@pytest.mark.parametrize("sides", [(64, 48), (40, 88)])
def test_the_graph_computes_what_the_network_does(sides: tuple[int, int]) -> None:
    import torch

    from studio.networks.instant import StyleTransformer

    arrays = packaged_arrays()
    network = StyleTransformer()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    random = np.random.default_rng(0)
    image = random.random((1, 3, *sides), np.float32)
    vector = random.standard_normal((1, 100)).astype(np.float32) * np.float32(0.3)
    with torch.inference_mode():
        wanted = network(torch.from_numpy(image), torch.from_numpy(vector)).numpy()
    (found,) = session_of(arrays).run(None, {"image": image, "vector": vector})
    assert wanted.std() > 0.05 and np.abs(found - wanted).max() < 1e-4


def test_the_instant_preview_is_the_same_picture(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    source, out = tmp_path / "photo.png", tmp_path / "styled.png"
    Image.fromarray(photo).save(source)
    done = latent_studio("stylize", str(source), "--style", str(STYLE), "--size", "120", "--out", str(out))
    assert done.returncode == 0, done.stderr
    with Image.open(STYLE) as style, Image.open(out) as found:
        styled = preview(photo, [StyleInput(np.asarray(style.convert("RGB")), 1.0)], StylizeSettings(size=120))
        difference = np.abs(np.asarray(found.convert("RGB")).astype(int) - styled)
    assert difference.max() <= 2 and difference.mean() < 0.1


def test_what_needs_pytorch_says_so(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    source = tmp_path / "photo.png"
    Image.fromarray(photo).save(source)
    optimise = ["stylize", str(source), "--style", str(STYLE), "--method", "optimise", "--size", "64"]
    enlarge = ["enlarge", str(source), "--factor", "2"]
    for arguments in (["sample"], optimise, enlarge):
        done = latent_studio(*arguments, "--out", str(tmp_path))
        assert done.returncode == 3 and "PyTorch" in done.stderr and "unexpectedly" not in done.stderr, done.stderr


def test_the_device_thread_starts_and_renders_photos(tmp_path: Path) -> None:
    code = """
import json
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QEventLoop
from studio.engine import open_engine
from studio.gallery import SourceStore
from studio.recipes import FileRef, SampleRecipe
from studio.worker import DeviceWorker
app = QCoreApplication([])
worker = DeviceWorker(lambda: open_engine(SourceStore(Path(sys.argv[1]))))
said = {}
worker.deviceReady.connect(lambda info: said.update(pytorch=info.pytorch))
worker.start()
job = worker.submit(lambda engine: engine.render(SampleRecipe(model=FileRef(hash="0" * 64, name="m"))))
loop = QEventLoop()
job.failed.connect(lambda problem: (said.update(problem=type(problem).__name__), loop.quit()))
job.finished.connect(lambda _result: loop.quit())
loop.exec()
print(json.dumps(said), worker.shutdown())
"""
    done = run_blocked(code, str(tmp_path))
    assert done.returncode == 0, done.stderr
    said, _, ended = done.stdout.strip().rpartition(" ")
    assert json.loads(said) == {"pytorch": False, "problem": "PyTorchMissing"} and ended == "True"
