"""Make the files in ``packaging/locks`` anew: the versions of the environment that runs this, the suite's.

    python packaging/refresh_locks.py

Where a system cannot have them all together, it gets the newest that fit, and that is printed. Needs uv and the package
index that it is set up for; no address of it goes into the files. What differs between the builds of PyTorch is where
they come from, not their version, so that the pins of the package index hold for all of them; libraries that only the
build for NVIDIA asks for are left out of the others' files.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

from installer import OLDEST
from installer.locks import FOLDER, MADE_FOR, dependencies_digest

ROOT = Path(__file__).resolve().parent.parent
# uv's name of a platform, and the devices that have a file for it.
PLATFORMS = {
    "linux": ("x86_64-manylinux_2_34", ("cpu", "cuda")),
    "macos": ("aarch64-apple-darwin", ("cpu",)),
    "windows": ("x86_64-pc-windows-msvc", ("cpu", "cuda")),
}
OLDEST_PYTHON = ".".join(map(str, OLDEST))
FOR_NVIDIA = re.compile(r"(nvidia|cuda|triton)\b")


def tried() -> str:
    """The packages of this environment as constraints, a line each; PyTorch's without the name of its build."""
    found = {each.metadata["Name"]: each.version.split("+")[0] for each in distributions()}
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()) if name != "latent-studio")


def pins(platform: str, constraints: str) -> list[str] | None:
    """``name==version`` of everything that the project and its tests need on a platform; None when nothing fits."""
    command = [sys.executable, "-m", "uv", "pip", "compile", str(ROOT / "pyproject.toml"), "--extra", "test", "--quiet"]
    command += ["--python-platform", platform, "--python-version", OLDEST_PYTHON]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--only-binary", ":all:"]
    # Older systems of Apple have no newer PyTorch.
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "constraints.txt"
        path.write_text(constraints, encoding="utf-8")
        command += ["--constraints", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        print(f"{platform}: {done.stderr.strip()}")
        return None
    # The build of PyTorch is chosen when it is installed: a pin without it allows any.
    return [line.split("+")[0].strip() for line in done.stdout.splitlines() if "==" in line]


def main() -> None:
    """Write all files."""
    folder = ROOT / FOLDER
    folder.mkdir(exist_ok=True)
    made_for = MADE_FOR + dependencies_digest(ROOT)
    constraints = tried()
    for system, (platform, devices) in PLATFORMS.items():
        found = pins(platform, constraints)
        if found is None:
            print(f"{system}: not with the versions of this environment; taking the newest")
            found = pins(platform, "")
        if found is None:
            raise SystemExit(f"{system} cannot be resolved.")
        for device in devices:
            kept = [pin for pin in found if device == "cuda" or not FOR_NVIDIA.match(pin)]
            (folder / f"{system}-{device}.txt").write_text("\n".join([made_for, *kept, ""]), encoding="utf-8")
            print(f"{system}-{device}: {len(kept)} packages")


if __name__ == "__main__":
    main()
