"""Install Latent Studio into ``.venv`` beside this folder, then start it or run its tests.

    python3 packaging/bootstrap.py start [arguments of latent-studio]
    python3 packaging/bootstrap.py test  [arguments of pytest]

Standard library only. It installs once; later calls go straight on, until ``pyproject.toml`` changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "latent-studio.json"
OLDEST = (3, 11)
EXTRAS = {"start": "", "test": "[test]"}
# All tests together run in as many processes as there are cores; a chosen few run in one, so that they start at once.
WHOLE_SUITE = ["-n", "auto", "--dist", "worksteal"]
# What a run of each command leaves installed: the tests need everything the application needs.
COVERS = {"start": ("start",), "test": ("start", "test")}


def fail(message: str) -> None:
    """Say what is wrong in plain words and end with exit code 1."""
    sys.stderr.write("Latent Studio: " + message + "\n")
    sys.exit(1)


def check_python() -> None:
    """Refuse a Python that is too old, or one that cannot make environments."""
    if sys.version_info < OLDEST:
        fail(
            "Python {}.{} or newer is needed, and this is {}. Install a newer Python, and start this script with it, "
            "for example: python3.12 packaging/bootstrap.py start".format(*OLDEST, sys.version.split()[0])
        )
    # Debian and Ubuntu ship Python without these two; venv would fail halfway and leave a broken folder behind.
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        fail(
            "This Python cannot make environments: its modules venv and ensurepip are not installed. "
            "On Debian or Ubuntu: sudo apt install python3-venv"
        )


def venv_python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_works() -> bool:
    """Whether the environment is there, runs (its Python may have been removed or moved) and is new enough."""
    if not venv_python().exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        return subprocess.run([str(venv_python()), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def fingerprint() -> str:
    """Changes whenever the environment must be installed again."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()


def installed() -> dict[str, str]:
    """Fingerprint that each command was installed for."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def ensure_installed(command: str) -> None:
    """Make the environment and install the project into it, unless that was done already."""
    now = fingerprint()
    if installed().get(command) == now and venv_python().exists():
        return
    if not venv_works():
        print(f"Making an environment of its own in {VENV} ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode != 0:
            fail(f"The environment could not be made in {VENV}. The lines above say why; is the disk full?")
    print("Installing what Latent Studio needs. The first time this downloads several gigabytes ...", flush=True)
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "install"]
    if subprocess.run([*pip, "--editable", str(ROOT) + EXTRAS[command]], check=False).returncode != 0:
        fail(
            "Installing failed; the lines above say why. Check the connection to the internet and the free space on "
            "the disk, then run the same command again: what is already downloaded is kept."
        )
    # Compiled now, a network's first picture need not wait for it; where this fails, it waits.
    compiling = "from studio.networks.cpu.warm_up import warm_up; warm_up()"
    subprocess.run([str(venv_python()), "-c", compiling], cwd=ROOT, check=False)
    stamp = {name: value for name, value in installed().items() if value == now}
    stamp.update(dict.fromkeys(COVERS[command], now))
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def run(arguments: list[str]) -> int:
    """Run the environment's Python in the foreground; returns its exit code (never returns on POSIX)."""
    command = [str(venv_python()), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    # Ctrl+C reaches the child too: let it end in its own way.
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: list[str]) -> int:
    """Do what the first argument says, handing the others on."""
    command = arguments[0] if arguments else ""
    if command not in EXTRAS:
        sys.stderr.write(__doc__ or "")
        return 2
    check_python()
    try:
        ensure_installed(command)
    except OSError as error:
        fail(f"Cannot write into {ROOT}: {error}. Clone Latent Studio into a folder that you may write to.")
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; run the same command again to go on.\n")
        return 130
    if command == "start":
        return run(["-m", "studio", *arguments[1:]])
    os.chdir(ROOT)
    return run(["-m", "pytest", *(arguments[1:] or WHOLE_SUITE)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
