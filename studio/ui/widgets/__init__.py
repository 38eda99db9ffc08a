"""The parts that all rooms of the window are built from."""

from studio.ui.widgets.canvas import Canvas
from studio.ui.widgets.convert import from_qimage, to_qimage
from studio.ui.widgets.disabled_reason import allow
from studio.ui.widgets.image_drop import DroppedPicture, ImageDrop, dropped_pictures
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
    "allow",
    "dropped_pictures",
    "from_qimage",
    "to_qimage",
    "tool_button",
]
