"""``render(recipe)`` and everything else one asks of the device.

Importing this package imports no torch: its engine is loaded when it is first asked for, on the device thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.base.pytorch import pytorch_installed
from studio.engine.device import DeviceInfo

if TYPE_CHECKING:
    from studio.engine.engine import Engine, Rendered
    from studio.engine.torch_engine import TorchEngine
    from studio.gallery import SourceStore

__all__ = ["DeviceInfo", "Engine", "Rendered", "TorchEngine", "open_engine"]


def open_engine(sources: SourceStore, device: str = "auto") -> Engine:
    """The engine on ``device``; where there is no PyTorch, the one that does without."""
    if pytorch_installed():
        from studio.engine.torch_engine import TorchEngine

        return TorchEngine(sources, device=device)
    from studio.engine.instant import InstantEngine

    return InstantEngine(sources)


def __getattr__(name: str) -> Any:
    if name in ("Engine", "Rendered"):
        from studio.engine import engine

        return getattr(engine, name)
    if name == "TorchEngine":
        from studio.engine.torch_engine import TorchEngine

        return TorchEngine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
