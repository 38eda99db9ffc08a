"""The room where photos are restyled."""

from studio.ui.stylizer.panel import StylizerPanel

__all__ = ["StylizerPanel"]
