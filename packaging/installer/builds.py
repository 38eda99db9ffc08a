"""Which build of PyTorch fits a machine, and why."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass

from installer.machine import Machine
from installer.report import word

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
        raise NoSuchBuild(word("“{device}” is no device. Choose one of: {all}.", device=device, all=", ".join(DEVICES)))
    if device == LATER:
        return Build(LATER, word("the window fetches it when it is wanted"))
    if machine.system == "Darwin":
        if device not in ("", "cpu", "mps"):
            problem = "There is no build for {device} on a Mac. Leave --device away, or choose mps or cpu."
            raise NoSuchBuild(word(problem, device=device))
        return Build("", word("the build for Macs uses Apple's graphics where there are any"))
    if device == "mps":
        problem = "mps is Apple's graphics, and this is no Mac. Leave --device away, or choose another."
        raise NoSuchBuild(word(problem))
    if device == "cpu":
        return Build("cpu", word("you chose the processor"))
    if device == "xpu" or (not device and machine.graphics == "intel"):
        return Build("xpu", word("for {name}", name=machine.name or word("Intel graphics")))
    if device == "rocm" or (not device and machine.graphics == "amd"):
        if machine.system != "Linux":
            problem = "AMD's ROCm builds exist for Linux only. Leave --device away to use the processor."
            raise NoSuchBuild(word(problem))
        return Build(ROCM, word("for {name}", name=machine.name or word("AMD graphics")))
    if device == "cuda" or machine.graphics == "nvidia":
        return _cuda(machine, asked=device == "cuda")
    if machine.name:
        return Build("cpu", word("no graphics card that PyTorch can use was found ({name})", name=machine.name))
    return Build("cpu", word("no graphics card that PyTorch can use was found"))


def _cuda(machine: Machine, *, asked: bool) -> Build:
    version = ".".join(map(str, machine.driver))
    for backend, oldest in CUDA_DRIVERS:
        if machine.driver >= oldest:
            return Build(backend, word("for {name}, driver {version}", name=machine.name, version=version))
    if asked:
        return Build(CUDA_DRIVERS[-1][0], word("you chose cuda, though no fitting NVIDIA driver was found"))
    if not machine.driver:
        why = "no driver for {name} was found. Install NVIDIA's and start with --device cuda to use the card"
        return Build("cpu", word(why, name=machine.name))
    why = (
        "the driver of {name} ({version}) is too old. Update it to {oldest} or newer and start with "
        "--device cuda to use the card"
    )
    oldest = ".".join(map(str, CUDA_DRIVERS[-1][1]))
    return Build("cpu", word(why, name=machine.name, version=version, oldest=oldest))


def reachable(build: Build) -> bool:
    """Whether PyTorch's index answers and has this build; asks over the network, 8 seconds at most."""
    request = urllib.request.Request(f"{index_address()}/{build.backend}/torch/", method="GET")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False
