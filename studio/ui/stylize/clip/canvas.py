"""The clip and its film on the canvas, and the space bar that plays them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from studio.ui.clip.playing_times import FramePair
from studio.ui.command import Command, CommandSet
from studio.ui.masks.canvas import MaskCanvas
from studio.ui.stylize.clip.bar import ClipBar
from studio.ui.stylize.picture_bar import PictureBar


class ClipOnCanvas(QObject):
    """Draws what the clip's bar wants on the canvas.

    Parameters
    ----------
    room : where the space bar plays.
    """

    begun = Signal()
    """A moment is about to be shown: no other picture shall be."""

    def __init__(self, clip: ClipBar, canvas: MaskCanvas, bar: PictureBar, room: QWidget) -> None:
        super().__init__(room)
        self._clip, self._canvas, self._bar, self._room = clip, canvas, bar, room
        clip.filmFrame.connect(self._show_frame_in_making)
        clip.playback.pairShown.connect(self._show_pair)
        canvas.installEventFilter(self)
        canvas.wipeChanged.connect(clip.playback.set_wiped)
        self.commands = CommandSet(self)
        self.commands.add(
            Command("stylize.play-clip", self.tr("Play and pause"), self._play, enabled=lambda: clip.is_open())
        )
        self.commands.action("stylize.play-clip").setAutoRepeat(False)
        self.commands.add_keys(room, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.commands.refresh()
        clip.playback.changed.connect(self.commands.refresh)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and self._clip.playing():
            self._clip.playback.pause()  # another room, or another page of this one
        return super().eventFilter(watched, event)

    def _show_frame_in_making(self, image: NDArray[np.uint8]) -> None:
        self.begun.emit()
        self._canvas.set_before(None)
        self._canvas.set_image(image)
        self._bar.show_moving(image, self.tr("Film in the making"), pair=False)

    def _show_pair(self, pair: FramePair) -> None:
        image = pair.clip if pair.film is None else pair.film
        if image is None:
            return
        self.begun.emit()
        both = pair.film is not None and pair.clip is not None
        self._canvas.set_before(pair.clip if both else None)
        self._canvas.set_image(image)
        label = self.tr("Clip") if pair.film is None else self.tr("Film")
        self._bar.show_moving(image, label, pair=self._clip.playback.has_pairs())

    def _play(self) -> None:
        focus = self._room.window().focusWidget()
        by_keyboard = self._room.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        # Who came to a button by the Tab key wants to press it.
        if by_keyboard and isinstance(focus, QAbstractButton):
            focus.click()
        elif by_keyboard and isinstance(focus, QComboBox):
            focus.showPopup()
        else:
            self._clip.playback.toggle()
