"""The command that looks at the installation and says what works, what does not, and what to do."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from studio import __version__
from studio.base import StudioError
from studio.base.paths import cache_dir, data_dir, resources_dir
from studio.base.pytorch import is_without_pytorch
from studio.cli.app import JsonOption, app, print_json, print_table, settings, stderr, told

State = Literal["good", "note", "bad"]
SIGNS: dict[State, str] = {"good": "✓", "note": "–", "bad": "✗"}
LITTLE_ROOM = 2 * 10**9
LITTLE_MEMORY = 4 * 10**9
LIBRARIES = ("PySide6-Essentials", "torch", "torchvision", "numpy", "numba", "onnxruntime", "opencv-python-headless",
             "av", "pillow", "spandrel")  # fmt: skip
_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """What was found out about one thing: whether it is as it should be, and what to do if not."""

    about: str
    state: State
    found: str
    action: str = ""


@app.command()
def doctor(
    draw: Annotated[bool, typer.Option("--draw", help="Draw a picture, too, and say how long it took.")] = False,
    network: Annotated[bool, typer.Option("--network", help="Ask the package index, too, whether it answers.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what of the installation works here, what does not, and what to do. Exit code 1 when something is wrong."""
    looks: list[Callable[[], Iterator[Finding]]] = [program, pytorch, graphics, memory, folders, models, fetched, films]
    looks += [window, proxies]
    looks += [package_index] if network else []
    looks += [picture] if draw else []
    findings = [finding for look in looks for finding in _looked(look)]
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        rows = [(SIGNS[finding.state], finding.about, finding.found) for finding in findings]
        print_table(("", "What", "Found"), rows, "")
        for finding in findings:
            if finding.action:
                stderr().print(f"{escape(finding.about)}: {escape(finding.action)}", soft_wrap=True)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _looked(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a look finds; one that fails is a finding, too."""
    try:
        return list(look())
    except Exception as error:
        what = told(error)
        return [Finding(look.__name__.replace("_", " ").capitalize(), "bad", str(what.message), str(what.action or ""))]


def program() -> Iterator[Finding]:
    """The program, the Python that runs it and the system."""
    kind = "bundle" if getattr(sys, "frozen", False) else "from its source"
    yield Finding("Latent Studio", "good", f"{__version__}, {kind}, {Path(sys.executable)}")
    yield Finding("Python", "good", f"{platform.python_version()} on {platform.platform()}")
    versions, missing = [], []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if versions:  # a bundle keeps few of them
        yield Finding("Libraries", "good", ", ".join(versions))
    lost = [name for name in missing if name not in ("torch", "torchvision", "spandrel")]
    if lost and not getattr(sys, "frozen", False):
        yield Finding("Libraries missing", "bad", ", ".join(lost), _install())


def pytorch() -> Iterator[Finding]:
    """PyTorch and the device that it computes on here."""
    try:
        import torch
    except ImportError as error:
        if not is_without_pytorch(error):
            yield Finding("PyTorch", "bad", f"it does not start: {error}", _install())
            return
        yield Finding(
            "PyTorch",
            "note",
            "not installed: gallery, styles and the instant preview work without it",
            f"{_install()} The window fetches it, too.",
        )
        return
    from studio.networks.device import choose_device

    build = (
        f"CUDA {torch.version.cuda}" if torch.version.cuda else f"ROCm {torch.version.hip}" if torch.version.hip else ""
    )
    yield Finding("PyTorch", "good", f"{torch.__version__}, built for {build or 'the processor'}")
    wanted = settings().device
    try:
        device = choose_device(wanted)
    except StudioError as error:
        yield Finding("Computes on", "bad", str(error.message), str(error.action or ""))
        return
    if device.type == "cuda":
        gigabytes = torch.cuda.get_device_properties(device).total_memory / 1e9
        found = f"{torch.cuda.get_device_name(device)}, {gigabytes:.0f} GB"
    else:
        found = "Apple's graphics" if device.type == "mps" else f"the processor, {torch.get_num_threads()} at once"
    yield Finding("Computes on", "good", f"{found} (setting: {wanted})")


def graphics() -> Iterator[Finding]:
    """The graphics card that the installer sees, and whether PyTorch's build is the one for it."""
    script = resources_dir().parent / "packaging" / "bootstrap.py"
    if not script.is_file() or getattr(sys, "frozen", False):
        yield Finding("Graphics card", "note", "not looked for: the bundle computes on the processor")
        return
    command = [sys.executable, str(script), "explain"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    said = json.loads(done.stdout.splitlines()[-1])
    name = said["name"] or said["graphics"]
    if said["build"] in ("", "cpu") and said["graphics"] in ("none", "apple"):
        yield Finding("Graphics card", "note" if said["graphics"] == "none" else "good", said["why"])
    elif said["build"] == "cpu":
        yield Finding("Graphics card", "note", f"{name}: {said['why']}")
    elif _card_is_used():
        yield Finding("Graphics card", "good", f"{name}, which PyTorch uses")
    else:
        action = f"{_install()} Or use the button in Settings > Device."
        yield Finding(
            "Graphics card",
            "note",
            f"{name} is there, and PyTorch ({said['used'] or 'this build'}) does not use it",
            action,
        )


def _card_is_used() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def memory() -> Iterator[Finding]:
    """The computer's memory."""
    import psutil

    found = psutil.virtual_memory()
    little = found.available < LITTLE_MEMORY
    yield Finding(
        "Memory",
        "note" if little else "good",
        f"{found.available / 1e9:.1f} of {found.total / 1e9:.1f} GB free; processor cores: {os.cpu_count()}",
        "Close other programs before training, and before finals above 1024 pixels." if little else "",
    )


def folders() -> Iterator[Finding]:
    """The folders that are written to, and the room there."""
    for about, folder in (
        ("Pictures", settings().pictures_folder()),
        ("Models and runs", data_dir()),
        ("Cache", cache_dir()),
    ):
        free = shutil.disk_usage(folder).free
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(
                about,
                "bad",
                f"{folder} cannot be written: {error.strerror}",
                "Choose another folder, or make it yours.",
            )
            continue
        little = free < LITTLE_ROOM
        action = "Make room: finals, films and training runs need some gigabytes." if little else ""
        yield Finding(about, "note" if little else "good", f"{folder}, {free / 1e9:.1f} GB free", action)


def models() -> Iterator[Finding]:
    """The networks to draw with."""
    from studio.checkpoints.library import ModelLibrary

    found = ModelLibrary().models()
    names = ", ".join(model.name for model in found[:3]) + (" …" if len(found) > 3 else "")
    if found:
        yield Finding("Models", "good", f"{len(found)}: {names}")
    else:
        yield Finding("Models", "bad", "none, not even the starter models", "Get the folder resources/models again.")


def fetched() -> Iterator[Finding]:
    """What is fetched when it is first wanted."""
    from studio.checkpoints.enlargers import enlarger_ready
    from studio.checkpoints.face_networks import faces_ready
    from studio.checkpoints.feature_networks import feature_ready
    from studio.checkpoints.perceptual import perceptual_ready

    for about, there, size in (
        ("Network for finals", perceptual_ready("vgg16-hed"), "55 MB"),
        ("Network for faces", faces_ready(), "2 MB"),
        ("Crisp enlarging", enlarger_ready("photo"), "43 MB"),
        ("Measuring training", feature_ready("efficientnet-lite0"), "17 MB"),
    ):
        yield Finding(
            about, "good" if there else "note", "there" if there else f"fetched when it is first wanted ({size})"
        )


def films() -> Iterator[Finding]:
    """The encoders of films."""
    import av

    names = {"H.264": ("libx264", "h264"), "H.265": ("libx265",), "AAC": ("aac",)}
    have = [name for name, codecs in names.items() if any(codec in av.codecs_available for codec in codecs)]
    missing = [name for name in names if name not in have]
    state: State = "bad" if "H.264" in missing else "note" if missing else "good"
    found = f"{', '.join(have)}" + (f"; not {', '.join(missing)}" if missing else "")
    yield Finding("Films", state, found, "Reinstall the package av." if state == "bad" else "")


def window() -> Iterator[Finding]:
    """Whether a window can be opened here."""
    from studio.ui.shell.app import why_no_window

    problem = why_no_window()
    yield Finding("Window", "good", "can be opened") if problem is None else Finding("Window", "note", problem)


def proxies() -> Iterator[Finding]:
    """Proxies that the system names."""
    import urllib.request

    found = urllib.request.getproxies()
    if found:
        # A proxy's address may hold a password: the kinds are enough to know.
        yield Finding("Proxies", "note", f"used for {', '.join(sorted(found))}")


def package_index() -> Iterator[Finding]:
    """Whether the package index answers, from which networks are fetched."""
    import urllib.error
    import urllib.request

    from studio.checkpoints.package_index import index_address

    try:
        with urllib.request.urlopen(f"{index_address().rstrip('/')}/facenet-pytorch/", timeout=_SECONDS / 4):
            pass
    except (OSError, ValueError) as error:
        yield Finding("Package index", "bad", str(error), "Check the connection; behind a proxy, set HTTPS_PROXY.")
        return
    yield Finding("Package index", "good", "it answers")


def picture() -> Iterator[Finding]:
    """A sample of the first model, drawn now."""
    import time

    from studio.base import drain
    from studio.cli.app import choose_model, open_engine
    from studio.recipes import LatentSeed, SampleRecipe

    began = time.perf_counter()
    engine = open_engine(settings().device)
    recipe = SampleRecipe(model=choose_model(None).ref, latent=LatentSeed(seed=0))
    shape = drain(engine.render(recipe)).image.shape
    yield Finding(
        "A picture", "good", f"{shape[1]} x {shape[0]} pixels in {time.perf_counter() - began:.1f} s, start included"
    )


def _install() -> str:
    if getattr(sys, "frozen", False):
        return "Get the bundle again."
    return "Run: python3 packaging/bootstrap.py install" + ("" if os.name != "nt" else " (on Windows, py for python3)")
