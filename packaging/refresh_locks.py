"""Make the files in ``packaging/locks`` anew, from the newest versions that fit together.

    python packaging/refresh_locks.py

Needs uv and the package index that it is set up for; no address of it goes into the files. What differs between the
builds of PyTorch is where they come from, not their version, so that the pins of the package index hold for all of
them; libraries that only the build for NVIDIA asks for are left out of the others' files.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from installer.locks import FOLDER, MADE_FOR, dependencies_digest

ROOT = Path(__file__).resolve().parent.parent
# uv's name of a platform, and the devices that have a file for it.
PLATFORMS = {
    "linux": ("x86_64-manylinux_2_28", ("cpu", "cuda")),
    "macos": ("aarch64-apple-darwin", ("cpu",)),
    "windows": ("x86_64-pc-windows-msvc", ("cpu", "cuda")),
}
OLDEST_PYTHON = "3.11"
FOR_NVIDIA = re.compile(r"(nvidia|cuda|triton)\b")


def pins(platform: str) -> list[str]:
    """``name==version`` of everything that the project and its tests need on a platform.

    Raises
    ------
    SystemExit
        When no set of versions fits together there.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", str(ROOT / "pyproject.toml"), "--extra", "test", "--quiet"]
    command += ["--python-platform", platform, "--python-version", OLDEST_PYTHON]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--only-binary", ":all:"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{platform} cannot be resolved: {done.stderr.strip()}")
    # The build of PyTorch is chosen when it is installed: a pin without it allows any.
    return [line.split("+")[0].strip() for line in done.stdout.splitlines() if "==" in line]


def main() -> None:
    """Write all files."""
    folder = ROOT / FOLDER
    folder.mkdir(exist_ok=True)
    made_for = MADE_FOR + dependencies_digest(ROOT)
    for system, (platform, devices) in PLATFORMS.items():
        found = pins(platform)
        for device in devices:
            kept = [pin for pin in found if device == "cuda" or not FOR_NVIDIA.match(pin)]
            (folder / f"{system}-{device}.txt").write_text("\n".join([made_for, *kept, ""]), encoding="utf-8")
            print(f"{system}-{device}: {len(kept)} packages")


if __name__ == "__main__":
    main()
