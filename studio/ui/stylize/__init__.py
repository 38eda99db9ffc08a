"""The Stylize room: a photo, a blend of styles, an instant preview and a final render."""

from studio.ui.stylize.panel import StylizerPanel

__all__ = ["StylizerPanel"]
