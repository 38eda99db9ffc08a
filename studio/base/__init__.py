"""What every room stands on: errors with an action, progress values, paths, atomic files. No torch, no Qt."""

from studio.base.errors import Cancelled, StudioError
from studio.base.progress import Progress, Work, drain

__all__ = ["Cancelled", "Progress", "StudioError", "Work", "drain"]
