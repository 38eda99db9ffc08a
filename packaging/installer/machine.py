"""What graphics this machine has: NVIDIA with its driver, AMD, Intel, Apple, or none. Asks the system only."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installer.report import word

PCI_VENDORS = {"0x10de": "nvidia", "0x1002": "amd", "0x8086": "intel"}
SECONDS = 15


@dataclass(frozen=True)
class Machine:
    """A computer as far as the choice of PyTorch's build depends on it.

    Attributes
    ----------
    system : "Linux", "Windows" or "Darwin".
    processor : "x86_64", "arm64" ...
    graphics : "nvidia", "amd", "intel", "apple" or "none".
    name : of the graphics card, for people; may be empty.
    driver : version of NVIDIA's driver; () when there is none.
    """

    system: str
    processor: str
    graphics: str = "none"
    name: str = ""
    driver: tuple[int, ...] = ()


Ask = Callable[[list[str]], str]


def output_of(command: list[str]) -> str:
    """Standard output of ``command``; empty when it is not there, fails or hangs."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def detect(ask: Ask = output_of, root: Path = Path("/")) -> Machine:
    """Look at this machine.

    ``ask`` runs a command and gives what it prints, ``root`` is where ``/sys`` and ``/proc`` lie (for tests).
    """
    system, processor = platform.system(), platform.machine().lower()
    if system == "Darwin":
        apple = processor == "arm64"
        return Machine(system, processor, "apple" if apple else "none", word("Apple graphics") if apple else "")
    nvidia = ask(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]).strip().splitlines()
    if nvidia:
        name, _, version = nvidia[0].rpartition(",")
        return Machine(system, processor, "nvidia", name.strip(), version_numbers(version))
    kind, name = _windows_cards(ask) if system == "Windows" else _linux_cards(root)
    if kind == "nvidia":
        # The card is there, but its program is not: the driver may still be.
        proc = root / "proc/driver/nvidia/version"
        driver = version_numbers(proc.read_text(errors="replace")) if proc.exists() else ()
        return Machine(system, processor, "nvidia", name or word("NVIDIA graphics"), driver)
    return Machine(system, processor, kind, name)


def version_numbers(text: str) -> tuple[int, ...]:
    """The first dotted number in ``text``: "580.65.06" gives (580, 65, 6)."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _linux_cards(root: Path) -> tuple[str, str]:
    kinds = set()
    for vendor in sorted(root.glob("sys/class/drm/card*/device/vendor")):
        kinds.add(PCI_VENDORS.get(vendor.read_text().strip().lower(), "none"))
    if "nvidia" in kinds:
        return "nvidia", ""
    # ROCm works through this device; without it, an AMD chip only draws the screen.
    if "amd" in kinds:
        ready = (root / "dev/kfd").exists()
        return ("amd", word("AMD graphics")) if ready else ("none", word("AMD graphics without ROCm"))
    # Intel's Arc cards run under the driver "xe"; the chips inside processors are no faster than the processor.
    if "intel" in kinds:
        arc = any(link.resolve().name == "xe" for link in root.glob("sys/class/drm/card*/device/driver"))
        return ("intel", word("Intel Arc graphics")) if arc else ("none", word("Intel graphics of the processor"))
    return "none", ""


def _windows_cards(ask: Ask) -> tuple[str, str]:
    listing = (
        ask(["powershell", "-NoProfile", "-Command", "(Get-CimInstance Win32_VideoController).Name"])
        .strip()
        .splitlines()
    )
    names = [line.strip() for line in listing if line.strip()]
    for kind, pattern in (("nvidia", r"nvidia|geforce|quadro|\brtx\b"), ("intel", r"\barc\b")):
        for name in names:
            if re.search(pattern, name, re.IGNORECASE):
                return kind, name
    return "none", names[0] if names else ""
