"""The tool that moves the picture along directions: a list of them, learning new ones, details, the random walk."""

from studio.ui.explore.tools.directions.tool import DirectionsTool

__all__ = ["DirectionsTool"]
