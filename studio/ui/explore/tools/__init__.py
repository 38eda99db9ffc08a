"""The tools of the Explore room, one file each, in the order of the bar."""

from studio.ui.explore.tools.blend import BlendTool
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.dragging import DragTool
from studio.ui.explore.tools.map import MapTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.networks import NetworksTool
from studio.ui.explore.tools.photo import PhotoTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.explore.tools.tool import Tool, Toolbox, ToolContext
from studio.ui.explore.tools.variations import VariationsTool

TOOLS: tuple[type[Tool], ...] = (
    PictureTool,
    DirectionsTool,
    VariationsTool,
    MixTool,
    BlendTool,
    BreedingTool,
    DragTool,
    PhotoTool,
    MapTool,
    NetworksTool,
    SheetTool,
)
"""Every tool there is; a new one is entered here, and its keys in the table of shortcuts."""

__all__ = ["TOOLS", "Tool", "ToolContext", "Toolbox"]
