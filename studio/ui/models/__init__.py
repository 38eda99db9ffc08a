"""The model library in a window."""

from studio.ui.models.window import ModelsWindow

__all__ = ["ModelsWindow"]
