"""The command that looks at the installation and says what works, what does not, and what to do.

It says so in the language of the settings: whoever needs it has no window to read. As JSON it is English.
"""

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
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from studio import __version__
from studio.base import Message, StudioError
from studio.base.messages import NOTHING
from studio.base.paths import cache_dir, data_dir, resources_dir
from studio.base.pytorch import is_without_pytorch
from studio.cli.app import JsonOption, app, as_studio_error, print_json, print_table, settings, stderr
from studio.cli.language import in_language

State = Literal["good", "note", "bad"]
SIGNS: dict[State, str] = {"good": "✓", "note": "–", "bad": "✗"}
LITTLE_ROOM = 2 * 10**9
LITTLE_MEMORY = 4 * 10**9
LIBRARIES = ("PySide6-Essentials", "torch", "torchvision", "numpy", "numba", "onnxruntime", "opencv-python-headless",
             "av", "pillow", "spandrel")  # fmt: skip
_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """A finding about one thing: whether it is as it should be, and what to do if not."""

    about: Message
    state: State
    found: Message
    action: Message = NOTHING

    def as_data(self) -> dict[str, str]:
        """The finding in English, as JSON has it."""
        texts = {"about": self.about, "found": self.found, "action": self.action}
        return {"state": self.state, **{name: str(message) for name, message in texts.items()}}


@app.command()
def doctor(
    draw: Annotated[bool, typer.Option("--draw", help="Draw a picture, too, and say how long it took.")] = False,
    network: Annotated[bool, typer.Option("--network", help="Ask the package index, too, whether it answers.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what of the installation works here, what does not, and what to do. Exit code 1 when something is wrong."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        program,
        pytorch,
        graphics,
        memory,
        folders,
        models,
        fetched,
        films,
    ]
    checks += [window, proxies]
    checks += [package_index] if network else []
    checks += [picture] if draw else []
    findings = [finding for check in checks for finding in _findings_of(check)]
    if as_json:
        print_json({"findings": [finding.as_data() for finding in findings]})
    else:
        rows = [(SIGNS[each.state], in_language(each.about), in_language(each.found)) for each in findings]
        print_table(("", in_language(Message("What")), in_language(Message("Found"))), rows, "")
        for finding in findings:
            if finding.action:
                line = f"{in_language(finding.about)}: {in_language(finding.action)}"
                stderr().print(escape(line), soft_wrap=True)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _findings_of(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings of a check; that it fails is a finding, too."""
    try:
        return list(check())
    except Exception as error:
        what = as_studio_error(error)
        name = Message(check.__name__.replace("_", " ").capitalize())
        return [Finding(name, "bad", Message.of(what.message), Message.of(what.action or ""))]


def _plain(text: object) -> Message:
    """Names, numbers and folders, which are the same in every language."""
    return Message("{text}", text=text)


def program() -> Iterator[Finding]:
    """The program, the Python that runs it and the system."""
    kind = Message("bundle") if getattr(sys, "frozen", False) else Message("from its source")
    yield Finding(
        Message("Latent Studio"),
        "good",
        Message("{version}, {kind}, {program}", version=__version__, kind=kind, program=Path(sys.executable)),
    )
    found = Message("{version} on {system}", version=platform.python_version(), system=platform.platform())
    yield Finding(Message("Python"), "good", found)
    versions, missing = [], []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if versions:  # a bundle keeps few of them
        yield Finding(Message("Libraries"), "good", _plain(", ".join(versions)))
    lost = [name for name in missing if name not in ("torch", "torchvision", "spandrel")]
    if lost and not getattr(sys, "frozen", False):
        yield Finding(Message("Libraries missing"), "bad", _plain(", ".join(lost)), _install())


def pytorch() -> Iterator[Finding]:
    """PyTorch and the device that it computes on here."""
    name = Message("PyTorch")
    try:
        import torch
    except ImportError as error:
        if not is_without_pytorch(error):
            yield Finding(name, "bad", Message("it does not start: {reason}", reason=error), _install())
            return
        yield Finding(
            name,
            "note",
            Message("not installed: gallery, styles and the instant preview work without it"),
            Message("{install} The window fetches it, too.", install=_install()),
        )
        return
    from studio.networks.device import choose_device

    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else f"ROCm {torch.version.hip}"
    known = torch.version.cuda or torch.version.hip
    found = Message(
        "{version}, built for {build}",
        version=torch.__version__,
        build=_plain(build) if known else Message("the processor"),
    )
    yield Finding(name, "good", found)
    wanted = settings().device
    about = Message("Computes on")
    try:
        device = choose_device(wanted)
    except StudioError as error:
        yield Finding(about, "bad", Message.of(error.message), Message.of(error.action or ""))
        return
    if device.type == "cuda":
        gigabytes = torch.cuda.get_device_properties(device).total_memory / 1e9
        used = _plain(f"{torch.cuda.get_device_name(device)}, {gigabytes:.0f} GB")
    elif device.type == "mps":
        used = Message("Apple's graphics")
    else:
        used = Message("the processor, {count} at once", count=torch.get_num_threads())
    yield Finding(about, "good", Message("{used} (setting: {wanted})", used=used, wanted=wanted))


def graphics() -> Iterator[Finding]:
    """The graphics card that the installer sees, and whether PyTorch's build is the one for it."""
    about = Message("Graphics card")
    script = resources_dir().parent / "packaging" / "bootstrap.py"
    if not script.is_file() or getattr(sys, "frozen", False):
        yield Finding(about, "note", Message("not looked for: the bundle computes on the processor"))
        return
    command = [sys.executable, str(script), "explain"]
    plain = {**os.environ, "LATENT_STUDIO_LANGUAGE": "en"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=plain)
    said = json.loads(done.stdout.splitlines()[-1])
    kind, build = said["graphics"], said["build"]
    name = said["name"] or kind
    if kind == "none":
        yield Finding(about, "note", Message("none that PyTorch can use"))
    elif kind == "apple" or _card_is_used():
        yield Finding(about, "good", Message("{name}, which PyTorch uses", name=name))
    elif build in ("", "cpu"):
        found = Message("{name}, which PyTorch cannot use as it is", name=name)
        newer = Message("Install NVIDIA's newest driver, then: {install}", install=_install())
        yield Finding(about, "note", found, newer if kind == "nvidia" else NOTHING)
    else:
        yield Finding(
            about,
            "note",
            Message("{name} is there, and PyTorch does not use it", name=name),
            Message("{install} Or use the button in Settings > Device.", install=_install()),
        )


def _card_is_used() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available() or torch.xpu.is_available())


def memory() -> Iterator[Finding]:
    """The computer's memory."""
    import psutil

    found = psutil.virtual_memory()
    little = found.available < LITTLE_MEMORY
    yield Finding(
        Message("Memory"),
        "note" if little else "good",
        Message(
            "{free:.1f} of {all:.1f} GB free; processor cores: {cores}",
            free=found.available / 1e9,
            all=found.total / 1e9,
            cores=os.cpu_count() or 1,
        ),
        Message("Close other programs before training, and before finals above 1024 pixels.") if little else NOTHING,
    )


def folders() -> Iterator[Finding]:
    """The folders that are written to, and the room there."""
    for about, folder in (
        (Message("Pictures"), settings().pictures_folder()),
        (Message("Models and runs"), data_dir()),
        (Message("Cache"), cache_dir()),
    ):
        free = shutil.disk_usage(folder).free
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(
                about,
                "bad",
                Message("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror),
                Message("Choose another folder, or make it yours."),
            )
            continue
        little = free < LITTLE_ROOM
        yield Finding(
            about,
            "note" if little else "good",
            Message("{folder}, {free:.1f} GB free", folder=folder, free=free / 1e9),
            Message("Make room: finals, films and training runs need some gigabytes.") if little else NOTHING,
        )


def models() -> Iterator[Finding]:
    """The networks to draw with."""
    from studio.checkpoints.library import ModelLibrary

    found = ModelLibrary().models()
    names = ", ".join(model.name for model in found[:3]) + (" …" if len(found) > 3 else "")
    about = Message("Models")
    if found:
        yield Finding(about, "good", _plain(f"{len(found)}: {names}"))
    else:
        nothing = Message("none, not even the starter models")
        yield Finding(about, "bad", nothing, Message("Get the folder resources/models again."))


def fetched() -> Iterator[Finding]:
    """Report on what is fetched when it is first wanted."""
    from studio.checkpoints.enlargers import enlarger_ready
    from studio.checkpoints.face_networks import faces_ready
    from studio.checkpoints.feature_networks import feature_ready
    from studio.checkpoints.perceptual import perceptual_ready

    for about, there, size in (
        (Message("Network for finals"), perceptual_ready("vgg16-hed"), 55),
        (Message("Network for faces"), faces_ready(), 2),
        (Message("Crisp enlarging"), enlarger_ready("photo"), 43),
        (Message("Measuring training"), feature_ready("efficientnet-lite0"), 17),
    ):
        later = Message("fetched when it is first wanted ({size} MB)", size=size)
        yield Finding(about, "good" if there else "note", Message("there") if there else later)


def films() -> Iterator[Finding]:
    """The encoders of films."""
    import av

    names = {"H.264": ("libx264", "h264"), "H.265": ("libx265",), "AAC": ("aac",)}
    have = [name for name, codecs in names.items() if any(codec in av.codecs_available for codec in codecs)]
    missing = [name for name in names if name not in have]
    state: State = "bad" if "H.264" in missing else "note" if missing else "good"
    found = _plain(", ".join(have))
    if missing:
        found = Message("{have}; not {missing}", have=found, missing=", ".join(missing))
    action = Message("Reinstall the package av.") if state == "bad" else NOTHING
    yield Finding(Message("Films"), state, found, action)


def window() -> Iterator[Finding]:
    """Report on whether a window can be opened here."""
    from studio.ui.shell.app import why_no_window

    problem = why_no_window()
    yield Finding(Message("Window"), "note" if problem else "good", problem or Message("can be opened"))


def proxies() -> Iterator[Finding]:
    """Proxies that the system names."""
    import urllib.request

    found = urllib.request.getproxies()
    if found:
        # A proxy's address may hold a password: the kinds are enough to know.
        yield Finding(Message("Proxies"), "note", Message("used for {kinds}", kinds=", ".join(sorted(found))))


def package_index() -> Iterator[Finding]:
    """Report on whether the package index answers, from which networks are fetched."""
    import urllib.error
    import urllib.request

    from studio.checkpoints.package_index import index_address

    about = Message("Package index")
    try:
        with urllib.request.urlopen(f"{index_address().rstrip('/')}/facenet-pytorch/", timeout=_SECONDS / 4):
            pass
    except (OSError, ValueError) as error:
        yield Finding(about, "bad", _plain(error), Message("Check the connection; behind a proxy, set HTTPS_PROXY."))
        return
    yield Finding(about, "good", Message("it answers"))


def picture() -> Iterator[Finding]:
    """A sample of the first model, drawn now."""
    import time

    from studio.base import drain
    from studio.cli.app import choose_model, open_engine
    from studio.recipes import LatentSeed, SampleRecipe

    began = time.perf_counter()
    engine = open_engine(settings().device)
    recipe = SampleRecipe(model=choose_model(None).ref, latent=LatentSeed(seed=0))
    height, width = drain(engine.render(recipe)).image.shape[:2]
    yield Finding(
        Message("A picture"),
        "good",
        Message(
            "{width} x {height} pixels in {seconds:.1f} s, start included",
            width=width,
            height=height,
            seconds=time.perf_counter() - began,
        ),
    )


def _install() -> Message:
    if getattr(sys, "frozen", False):
        return Message("Get the bundle again.")
    return Message("Run: {command}", command=f"{'py' if os.name == 'nt' else 'python3'} packaging/bootstrap.py install")
