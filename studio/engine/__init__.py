"""``render(recipe)`` and everything else one asks of the device.

Importing this package imports no torch: :class:`Engine` is loaded when it is first asked for, on the device thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from studio.base.pytorch import pytorch_installed
from studio.engine.device import DeviceInfo

if TYPE_CHECKING:
    from studio.engine.engine import Engine
    from studio.engine.pictures import Rendered
    from studio.gallery import SourceStore

__all__ = ["DeviceInfo", "Engine", "Rendered", "open_engine"]


def open_engine(sources: SourceStore, device: str = "auto") -> Engine:
    """The engine on ``device``; where there is no PyTorch, the one that does without.

    That one is no :class:`Engine`, but whatever is asked of it that it lacks says so as a :class:`StudioError`; so
    whoever uses an engine need not ask first.
    """
    if pytorch_installed():
        from studio.engine.engine import Engine

        return Engine(sources, device=device)
    from studio.engine.instant import InstantEngine

    return cast("Engine", InstantEngine(sources))


def __getattr__(name: str) -> Any:
    if name == "Engine":
        from studio.engine.engine import Engine

        return Engine
    if name == "Rendered":
        from studio.engine.pictures import Rendered

        return Rendered
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
