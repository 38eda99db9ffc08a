"""The Stylize room: a photo, a blend of styles, an instant preview and a final render."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.ui.stylize.panel import StylizerPanel

__all__ = ["StylizerPanel"]


def __getattr__(name: str) -> Any:
    # The pad of this room stands in Explore too, which is shown first and must not wait for the whole room.
    if name == "StylizerPanel":
        from studio.ui.stylize.panel import StylizerPanel

        return StylizerPanel
    raise AttributeError(name)
