"""Painting what is to go: the mask of a draft, on the canvas and among the sources."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.media.photos import rgb_pixels
from studio.recipes import FileRef
from studio.ui.context import StudioContext
from studio.ui.finish.canvas import FinishCanvas
from studio.ui.finish.controls import RepairSection
from studio.ui.finish.draft import Draft
from studio.ui.masks.kept import KeptMasks
from studio.ui.model import Model
from studio.ui.widgets import to_qimage
from studio.worker import JobGroup


class MaskPainting(QObject):
    """Brings the mask of the draft to the canvas, and what is painted there into the draft.

    Parameters
    ----------
    files : writes what was painted, one stroke after the other.
    background : reads masks.
    """

    paintingChanged = Signal()
    """The artist has begun to paint, or stopped."""

    def __init__(
        self,
        context: StudioContext,
        model: Model[Draft],
        canvas: FinishCanvas,
        controls: RepairSection,
        files: JobGroup,
        background: JobGroup,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._canvas = context, model, canvas
        self._files, self._background = files, background
        self._shown: FileRef | None = None
        self._masks = KeptMasks(context.sources)
        canvas.maskPainted.connect(self._on_painted)
        controls.folder = context.settings.start_folder("mask")
        controls.paintingToggled.connect(self._on_painting)
        controls.erasingToggled.connect(canvas.set_erasing)
        controls.toolChosen.connect(canvas.set_tool)
        controls.brushChanged.connect(canvas.set_brush)
        controls.toleranceChanged.connect(canvas.set_tolerance)
        canvas.set_brush(controls.brush.value() / 100)
        canvas.brushChanged.connect(lambda size: controls.brush.set_value(size * 100, silent=True))
        controls.invertWanted.connect(canvas.invert_mask)
        controls.clearWanted.connect(canvas.clear_mask)
        controls.fileChosen.connect(self._on_file)
        self._edge = model.select(lambda draft: (draft.grow, draft.feather))
        self._edge.changed.connect(lambda _old, edge: canvas.set_edge(*edge))
        canvas.set_edge(*self._edge.value)

    def show(self) -> None:
        """Bring the mask of the draft onto the canvas."""
        ref = self._model.value.mask
        if ref == self._shown:
            return
        self._shown = ref
        kept = None if ref is None else self._masks.find(ref)
        if ref is None or kept is not None:
            self._canvas.show_mask(kept)
            return

        def show(mask: QImage | None) -> None:
            if self._shown == ref:
                self._canvas.show_mask(mask)

        self._background.run(partial(self._masks.read, ref), show)

    def _on_painting(self, on: bool) -> None:
        self._canvas.set_painting(on)
        if on:
            self._canvas.set_wipe(False)
            self._canvas.setFocus()
        self.paintingChanged.emit()

    def _on_painted(self) -> None:
        """Keep the mask on the canvas among the sources, then use it."""
        png, picture = self._canvas.mask_png(), self._canvas.painted_mask()
        copy = QImage() if picture is None else picture.copy()

        def use(ref: FileRef | None) -> None:
            if ref is not None:
                self._masks.keep(ref, copy)
            self._shown = ref
            self._model.edit(mask=ref)

        self._files.run(lambda: None if png is None else self._context.sources.add_bytes(png, "mask.png"), use)

    def _on_file(self, path: Path) -> None:
        self._context.settings.remember_folder("mask", path)

        def read() -> QImage:
            return to_qimage(rgb_pixels(path, max_side=2048))

        self._background.run(read, self._canvas.take_mask)
