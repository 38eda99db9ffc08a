"""The window. Everything here is Qt; none of it imports torch."""

from studio.ui.qt_types import make_types

make_types("Event")
