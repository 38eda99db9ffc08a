"""The Finish room: repairing, cleaning and enlarging a picture."""

from studio.ui.finish.panel import FinishPanel

__all__ = ["FinishPanel"]
