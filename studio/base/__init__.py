"""Foundation of every room: errors with an action, messages, progress values, paths, atomic files. No torch, no Qt."""

from studio.base.errors import Cancelled, Hint, StudioError
from studio.base.messages import Message
from studio.base.progress import Pace, Progress, Work, drain, within

__all__ = ["Cancelled", "Hint", "Message", "Pace", "Progress", "StudioError", "Work", "drain", "within"]
