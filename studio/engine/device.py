"""A description of the device: a torch-free value that the window can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class DeviceInfo:
    """The device in use; memory in bytes (the machine's own for the CPU and for MPS, which shares it).
    ``devices`` counts the graphics cards; ``pytorch`` is False where it is missing, and most of the engine with it."""

    kind: Literal["cuda", "mps", "cpu"]
    name: str
    memory_total: int
    memory_used: int
    devices: int = 1
    pytorch: bool = True
