"""Devices in words."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_PROCESSOR = re.compile(r"CPU, (\d+) threads?")


def device_name(name: str) -> str:
    """The name of a device, as :class:`~studio.engine.device.DeviceInfo` has it, in the language in use."""
    if (processor := _PROCESSOR.fullmatch(name)) is not None:
        if processor[1] == "1":
            return QCoreApplication.translate("Devices", "CPU, 1 thread")
        return QCoreApplication.translate("Devices", "CPU, {n} threads").format(n=processor[1])
    if name == "CPU":
        return QCoreApplication.translate("Devices", "CPU")
    if name == "CPU, without PyTorch":
        return QCoreApplication.translate("Devices", "CPU, without PyTorch")
    if name == "Apple GPU":
        return QCoreApplication.translate("Devices", "Apple GPU")
    return name
