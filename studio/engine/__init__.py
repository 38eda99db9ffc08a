"""``render(recipe)`` and everything else one asks of the device.

Importing this package imports no torch: :class:`Engine` is loaded when it is first asked for, on the device thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.engine.device import DeviceInfo

if TYPE_CHECKING:
    from studio.engine.engine import Engine, Rendered

__all__ = ["DeviceInfo", "Engine", "Rendered"]


def __getattr__(name: str) -> Any:
    if name in ("Engine", "Rendered"):
        from studio.engine import engine

        return getattr(engine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
