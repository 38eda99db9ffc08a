"""The canvases that are shown: looking at them closer, comparing, and copying what they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.ui.command import Command
from studio.ui.room import Room
from studio.ui.widgets import Canvas

ZOOM_STEP: Final = 1.25


class ShownCanvases(QObject):
    """What the menu *View* does to pictures.

    Parameters
    ----------
    current : gives the room that is shown.
    """

    changed = Signal()
    """The zoom of one may be another."""

    def __init__(self, current: Callable[[], Room], parent: QObject) -> None:
        super().__init__(parent)
        self._current = current
        self._canvases: dict[Room, list[Canvas]] = {}

    def add_room(self, room: Room) -> None:
        """Find the canvases of a new room, once: what can be done is asked with every move of a slider."""
        self._canvases[room] = room.findChildren(Canvas)
        room.stateChanged.connect(self.changed)
        for canvas in self._canvases[room]:
            canvas.zoomChanged.connect(lambda _zoom: self.changed.emit())

    def canvases(self) -> list[Canvas]:
        """The canvases that are shown."""
        room = self._current()
        return [canvas for canvas in self._canvases[room] if canvas.isVisibleTo(room)]

    def zoom_text(self) -> str:
        """The zoom of the picture that is shown, in percent; empty without one."""
        shown = next((canvas for canvas in self.canvases() if canvas.has_image()), None)
        return "" if shown is None else self.tr("{percent} %").format(percent=round(shown.zoom() * 100))

    def image(self) -> QImage | None:
        """The picture that is shown."""
        return next((image for canvas in self.canvases() if (image := canvas.image()) is not None), None)

    def commands(self) -> list[Command]:
        """Zooming, single pixels, and the wipe."""
        return [
            Command("view.fit", self.tr("&Fit to window"), self._fit, "fit"),
            Command("view.actual-size", self.tr("&Actual size (100 %)"), self._actual_size, "actual-size"),
            Command("view.zoom-in", self.tr("Zoom &in"), lambda: self._zoom(ZOOM_STEP), "zoom-in"),
            Command("view.zoom-out", self.tr("Zoom &out"), lambda: self._zoom(1 / ZOOM_STEP), "zoom-out"),
            Command(
                "view.pixels",
                self.tr("Show single pi&xels when zoomed in"),
                self._toggle_pixels,
                "grid",
                checked=self._pixelated,
            ),
            Command(
                "view.wipe",
                self.tr("&Wipe between before and after"),
                self._toggle_wipe,
                "wipe",
                self._wipe_missing,
            ),
        ]

    def _fit(self) -> None:
        for canvas in self.canvases():
            canvas.fit()

    def _actual_size(self) -> None:
        for canvas in self.canvases():
            canvas.actual_size()

    def _zoom(self, factor: float) -> None:
        for canvas in self.canvases():
            canvas.set_zoom(canvas.zoom() * factor)
        self._current().zoom(factor)

    def _pixelated(self) -> bool:
        return any(canvas.pixelated() for canvas in self.canvases())

    def _toggle_pixels(self) -> None:
        on = not self._pixelated()
        for canvas in self.canvases():
            canvas.set_pixelated(on)

    def _toggle_wipe(self) -> None:
        for canvas in self.canvases():
            if canvas.has_before():
                canvas.set_wipe(not canvas.wipe())

    def _wipe_missing(self) -> str:
        if any(canvas.has_before() for canvas in self.canvases()):
            return ""
        return self.tr("There is no picture from before to compare with: stylize or finish one.")
