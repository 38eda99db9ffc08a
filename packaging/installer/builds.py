"""Which build of PyTorch fits a machine, and why."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass

from installer.machine import Machine

PYTORCH_INDEX = "https://download.pytorch.org/whl"
DEVICES = ("cpu", "cuda", "rocm", "xpu", "mps", "none")
LATER = "none"
"""Stands for no build: the window opens without PyTorch and fetches it when it is wanted."""
# Oldest driver of each CUDA build, newest first (CUDA Toolkit release notes, table of minor version compatibility).
CUDA_DRIVERS = (("cu130", (580,)), ("cu126", (525, 60)))
ROCM = "rocm6.4"
TIMEOUT = 8


class NoSuchBuild(Exception):
    """The build that was asked for cannot run here; its text says why and what to do."""


@dataclass(frozen=True)
class Build:
    """A build of PyTorch.

    Attributes
    ----------
    backend : name of its folder on PyTorch's index ("cpu", "cu130", ...); empty: the one of the package index;
        ``LATER``: none at all.
    why : the reason, as the end of a sentence.
    """

    backend: str
    why: str


def index_address() -> str:
    """Where PyTorch's builds lie; ``LATENT_STUDIO_TORCH_INDEX`` names a mirror."""
    return os.environ.get("LATENT_STUDIO_TORCH_INDEX", PYTORCH_INDEX).rstrip("/")


def choose(machine: Machine, device: str = "") -> Build:
    """Choose the build for ``machine``, or for the ``device`` that was named.

    Raises
    ------
    NoSuchBuild
        When the device that was named cannot be had on this system.
    """
    if device and device not in DEVICES:
        raise NoSuchBuild(f"“{device}” is no device. Choose one of: {', '.join(DEVICES)}.")
    if device == LATER:
        return Build(LATER, "the window fetches it when it is wanted")
    if machine.system == "Darwin":
        if device not in ("", "cpu", "mps"):
            raise NoSuchBuild(f"There is no build for {device} on a Mac. Leave --device away, or choose mps or cpu.")
        return Build("", "the build for Macs uses Apple's graphics where there are any")
    if device == "mps":
        raise NoSuchBuild("mps is Apple's graphics, and this is no Mac. Leave --device away, or choose another.")
    if device == "cpu":
        return Build("cpu", "you chose the processor")
    if device == "xpu" or (not device and machine.graphics == "intel"):
        return Build("xpu", f"for {machine.name or 'Intel graphics'}")
    if device == "rocm" or (not device and machine.graphics == "amd"):
        if machine.system != "Linux":
            raise NoSuchBuild("AMD's ROCm builds exist for Linux only. Leave --device away to use the processor.")
        return Build(ROCM, f"for {machine.name or 'AMD graphics'}")
    if device == "cuda" or machine.graphics == "nvidia":
        return _cuda(machine, asked=device == "cuda")
    return Build(
        "cpu", f"no graphics card that PyTorch can use was found{f' ({machine.name})' if machine.name else ''}"
    )


def _cuda(machine: Machine, *, asked: bool) -> Build:
    version = ".".join(map(str, machine.driver))
    for backend, oldest in CUDA_DRIVERS:
        if machine.driver >= oldest:
            return Build(backend, f"for {machine.name}, driver {version}")
    if asked:
        return Build(CUDA_DRIVERS[-1][0], "you chose cuda, though no fitting NVIDIA driver was found")
    if not machine.driver:
        return Build(
            "cpu", f"{machine.name} has no NVIDIA driver. Install one and start with --device cuda to use the card"
        )
    return Build(
        "cpu",
        f"the driver of {machine.name} ({version}) is too old. Update it to 525.60 or newer and start with "
        "--device cuda to use the card",
    )


def reachable(build: Build) -> bool:
    """Whether PyTorch's index answers and has this build; asks over the network, 8 seconds at most."""
    request = urllib.request.Request(f"{index_address()}/{build.backend}/torch/", method="GET")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False
