"""Run the tests at the lower bounds of ``pyproject.toml``: with the oldest versions that are said to do.

    python packaging/lowest_versions.py [arguments of pytest]

Needs uv (it comes with the extra ``test``) and an oldest Python; the environment lies in ``build/lowest-versions`` and
is brought up to date by every call. Only what the project names itself is old: what others ask for is the newest that
fits, as it would come to somebody who has the old versions today. On a machine without a card ``UV_TORCH_BACKEND=cpu``
saves some gigabytes; it needs PyTorch's own index, and without it all comes from the package index (3 GB to fetch, 8 GB
on the disk). uv knows its own authorities only: behind a proxy of a company, set ``UV_SYSTEM_CERTS=1``. The exit code
is that of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from installer import OLDEST

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "lowest-versions"
OLDEST_PYTHON = ".".join(map(str, OLDEST))


def requirements(uv: list[str], out: Path) -> None:
    """Write the oldest versions that the project and its tests may have into ``out``, a line each.

    Raises
    ------
    subprocess.CalledProcessError
        When no such versions fit together; uv has said why.
    """
    command = [*uv, "pip", "compile", str(ROOT / "pyproject.toml"), "--extra", "test", "--quiet"]
    command += ["--resolution", "lowest-direct", "--python-version", OLDEST_PYTHON, "--only-binary", ":all:"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "-o", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Make the environment and run the tests in it; returns their exit code."""
    uv = [sys.executable, "-m", "uv"]
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    try:
        if not python.exists():
            subprocess.run([*uv, "venv", "--quiet", "--python", OLDEST_PYTHON, str(FOLDER)], check=True)
        wanted = FOLDER / "lowest.txt"
        wanted.unlink(missing_ok=True)  # uv would keep the versions that stand there
        requirements(uv, wanted)
        subprocess.run([*uv, "pip", "sync", "--quiet", "--python", str(python), str(wanted)], check=True)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return subprocess.run([str(python), "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
