"""Build the bundle for the system that runs this, and try it: ``dist/`` has the result.

    python packaging/bundle/build.py [--no-archive] [--no-smoke] [--with-card]

in an environment with the program and its extra ``bundle``. Linux: a folder and a .tar.xz of it; Windows: a folder,
from which Inno Setup makes the installer (``windows/latent-studio.iss``); macOS: the app. ``--with-card`` keeps the
NVIDIA libraries of a PyTorch that has them: 3 GB more. Without it such a PyTorch is made one for the processor (Linux
only; see ``without_card.py``). ``README.md`` in this folder says how releases are signed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
sys.path[:0] = [str(ROOT), str(FOLDER.parent)]

from bundle import contents  # noqa: E402
from bundle.icons import write_icons  # noqa: E402
from bundle.linux_files import write_linux_files  # noqa: E402
from bundle.without_card import stage  # noqa: E402
from studio import __version__  # noqa: E402

NAME = "latent-studio"
HIDDEN = ("/root", "/home", "/opt", "/srv", "/usr/local")
"""Places where a Python or a library may lie that another machine does not have."""


def torch_is_for_card() -> bool:
    """Whether the PyTorch of this environment comes with libraries for NVIDIA."""
    spec = find_spec("torch")
    folder = Path(spec.origin).parent / "lib" if spec and spec.origin else Path()
    return (folder / "libtorch_cuda.so").exists() or (folder / "torch_cuda.dll").exists()


def state(tree: Path) -> dict[str, tuple[int, int]]:
    """Size in bytes and time of change of every file of ``tree`` that a bundle is made of, by its place there."""
    found = {}
    for part in contents.TREE:
        for path in (tree / part, *(tree / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                about = path.stat()
                found[path.relative_to(tree).as_posix()] = (about.st_size, about.st_mtime_ns)
    return found


def snapshot(tree: Path, out: Path) -> Path:
    """Copy what of ``tree`` a bundle is made of; returns ``out``. The build takes minutes, the copy a moment.

    Raises
    ------
    SystemExit
        When files of the tree were changed meanwhile: two halves of different versions would not fit together.
    """
    shutil.rmtree(out, ignore_errors=True)
    before = state(tree)
    for name in before:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(tree / name, out / name)
    if state(tree) != before or state(out).keys() != before.keys():
        raise SystemExit(f"{tree} was changed while it was copied. Start again, in a clone that nobody works in.")
    return out


def build(work: Path, dist: Path, *, with_card: bool) -> Path:
    """Run PyInstaller on a copy of the tree; returns the folder (macOS: the app) that it made."""
    tree = snapshot(ROOT, work / "tree")
    write_icons(work / "icons")
    environment = {
        **os.environ,
        "LATENT_STUDIO_ICONS": str(work / "icons"),
        "LATENT_STUDIO_VERSION": __version__,
        "QT_QPA_PLATFORM": "offscreen",
    }
    first = [str(tree)]
    if torch_is_for_card() and not with_card:
        if not sys.platform.startswith("linux"):
            raise SystemExit(
                "This environment has PyTorch for NVIDIA. Make one with PyTorch for the processor: "
                "python packaging/bootstrap.py --device cpu install"
            )
        print("This PyTorch is for NVIDIA; what only a card needs is left out.", flush=True)
        first.append(str(stage(Path(sysconfig.get_path("platlib")), work / "torch-for-processor")))
    environment["PYTHONPATH"] = os.pathsep.join(first)
    spec = tree / FOLDER.relative_to(ROOT) / f"{NAME}.spec"
    command = [sys.executable, "-m", "PyInstaller", str(spec), "--noconfirm"]
    command += ["--distpath", str(dist), "--workpath", str(work), "--log-level", "WARN"]
    subprocess.run(command, env=environment, cwd=tree, check=True)
    if sys.platform == "darwin":
        return dist / "Latent Studio.app"
    made = dist / NAME
    if sys.platform.startswith("linux"):
        write_linux_files(made, work / "icons" / f"{NAME}.png", __version__)
    return made


def archive(folder: Path, dist: Path) -> Path:
    """Pack the Linux folder as ``latent-studio-VERSION-linux-MACHINE.tar.xz``, by xz on all cores if it is there."""
    machine = os.uname().machine
    base = f"{NAME}-{__version__}-linux-{machine}"
    path = dist / f"{base}.tar.xz"
    packer = shutil.which("xz")
    if packer is None:
        with tarfile.open(path, "w:xz", preset=3) as tar:
            tar.add(folder, base)
        return path
    with path.open("wb") as out:
        process = subprocess.Popen([packer, "-3", "-T0"], stdin=subprocess.PIPE, stdout=out)
        assert process.stdin is not None
        with tarfile.open(fileobj=process.stdin, mode="w|") as tar:
            tar.add(folder, base)
        process.stdin.close()
        if process.wait() != 0:
            raise SystemExit("xz could not write the archive; the line above says why.")
    return path


def smoke(made: Path) -> dict[str, float]:
    """Start the bundle where nothing is but itself, and let it draw, restyle and open its window; returns the seconds.

    It is copied into a folder with a space and letters beyond ASCII. Its environment has nothing but an empty home; on
    Linux, where the system allows it, it has no network, and what lies under ``HIDDEN`` and in this tree is not there.

    Raises
    ------
    SystemExit
        When it fails; it has said why.
    """
    with tempfile.TemporaryDirectory(prefix="latent-studio-bundle-") as outer:
        place = Path(outer) / "my studio – 工作室"
        shutil.copytree(made, place / made.name, symlinks=True)
        inner = "Contents/MacOS" if sys.platform == "darwin" else ""
        program = place / made.name / inner / (f"{NAME}-cli.exe" if os.name == "nt" else NAME)
        (home := Path(outer) / "home").mkdir()
        kept = ("SYSTEMROOT", "TEMP", "TMP") if os.name == "nt" else ()
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"HOME": str(home), "PATH": "", "LANG": "C.UTF-8"}
        if os.name == "nt":
            environment |= {"USERPROFILE": str(home), "LOCALAPPDATA": str(home)}
        isolated = _isolated()
        print(f"Smoke run {'without network and tools' if isolated else 'in an empty environment'} ...", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            [*isolated, str(program), "--smoke"],
            env=environment,
            cwd=outer,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # Windows has other encodings for pipes
        )
        print(done.stdout + done.stderr, end="", flush=True)
        if done.returncode != 0:
            raise SystemExit(f"The bundle failed with exit code {done.returncode}.")
        seconds = {"all": round(time.monotonic() - began, 1)}
        for line in done.stdout.splitlines():
            name, _, value = line.partition(": ")
            if value.endswith(" s"):
                seconds[name] = float(value.removesuffix(" s"))
        return seconds


def _isolated() -> list[str]:
    """The beginning of a command that runs the rest without network and with ``HIDDEN`` empty; [] where none can."""
    unshare = shutil.which("unshare")
    if unshare is None or not sys.platform.startswith("linux"):
        return []
    hidden: list[Path] = []
    for place in map(Path, (*HIDDEN, str(ROOT), sys.prefix)):
        within = any(place.is_relative_to(other) for other in hidden)
        # The copy of the bundle is to stay where it is seen.
        if place.is_dir() and not within and not Path(tempfile.gettempdir()).resolve().is_relative_to(place):
            hidden.append(place)
    mounts = " && ".join(f"mount -t tmpfs none '{place}'" for place in hidden)
    # The mounts need the system's tools, the program is given none.
    script = f'PATH=/usr/sbin:/usr/bin:/sbin:/bin && export PATH && {mounts} && PATH= && exec "$@"'
    command = [unshare, "--map-root-user", "--mount", "--net", "/bin/sh", "-c", script, "isolated"]
    works = subprocess.run([*command, "/bin/true"], capture_output=True, check=False).returncode == 0
    return command if works else []


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file() and not each.is_symlink())


def main() -> None:
    """Build, pack and try, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-archive", action="store_true", help="make the folder only")
    parser.add_argument("--no-smoke", action="store_true", help="do not try it")
    parser.add_argument("--with-card", action="store_true", help="keep NVIDIA's libraries")
    options = parser.parse_args()
    try:
        version("pyinstaller")
    except PackageNotFoundError:
        raise SystemExit('PyInstaller is missing: python -m pip install -e ".[bundle]"') from None
    work, dist = ROOT / "build", ROOT / "dist"
    made = build(work, dist, with_card=options.with_card)
    figures: dict[str, object] = {"MB on the disk": round(size_of(made) / 1e6)}
    if sys.platform.startswith("linux") and not options.no_archive:
        packed = archive(made, dist)
        figures |= {"archive": packed.name, "MB to fetch": round(size_of(packed) / 1e6)}
    if not options.no_smoke:
        figures["seconds"] = smoke(made)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
