"""The parts that all rooms of the window are built from."""

from studio.ui.disabled_reason import enable_unless
from studio.ui.widgets.canvas import Canvas
from studio.ui.widgets.convert import from_qimage, to_qimage
from studio.ui.widgets.dropped import DroppedPicture, dropped_pictures
from studio.ui.widgets.image_drop import ImageDrop
from studio.ui.widgets.message_bar import MessageBar
from studio.ui.widgets.section import Section
from studio.ui.widgets.slider import Slider
from studio.ui.widgets.tool_button import tool_button

__all__ = [
    "Canvas",
    "DroppedPicture",
    "ImageDrop",
    "MessageBar",
    "Section",
    "Slider",
    "dropped_pictures",
    "enable_unless",
    "from_qimage",
    "to_qimage",
    "tool_button",
]
