"""The bar under the picture: what it is, how it is looked at, and keeping it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from studio.recipes.steps.stylize import Method
from studio.ui.command import with_keys
from studio.ui.describe.recipes import network_name
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_card import FinalRender
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import enable_unless, tool_button
from studio.ui.widgets.eliding_label import ElidingLabel


class PictureBar(QFrame):
    """Words about the picture on the canvas, and buttons; the room attaches those of its commands.

    Parameters
    ----------
    library_action : shows and hides the style library.
    """

    wipeToggled = Signal(bool)
    fitWanted = Signal()
    actualSizeWanted = Signal()

    def __init__(self, library_action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self.info = ElidingLabel()
        self.info.setProperty("muted", True)
        self.info.setMinimumWidth(1)  # the first to give way in a narrow window
        self.wipe_button = tool_button(
            "wipe", with_keys(self.tr("Before and after: drag the handle across the picture"), "view.wipe")
        )
        self.wipe_button.setCheckable(True)
        self.wipe_button.toggled.connect(self.wipeToggled)
        fit = tool_button("fit", with_keys(self.tr("Show the whole picture"), "view.fit"), self.fitWanted.emit)
        actual = tool_button(
            "actual-size", with_keys(self.tr("Actual size, 100 %"), "view.actual-size"), self.actualSizeWanted.emit
        )
        self.save_button = QPushButton(icon("save"), self.tr("Save"))
        self.save_button.setToolTip(self.tr("Save the picture with its recipe to the gallery"))
        self.export_button = QPushButton(icon("export"), self.tr("Export …"))
        self.export_button.setToolTip(self.tr("Write a PNG, JPEG, TIFF or WebP file"))
        self.finish_button = QPushButton(icon("finish"), self.tr("Finish"))
        self.finish_button.setToolTip(self.tr("Repair, clean or enlarge this picture"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_S)
        library = QToolButton()
        library.setAutoRaise(True)
        library.setDefaultAction(library_action)
        library.setIconSize(QSize(18, 18))
        self.sheet_button = tool_button("grid", self.tr("Show this photo in all styles of the library"))
        row.addWidget(self.info, 1)
        for part in (library, self.sheet_button, self.wipe_button, fit, actual):
            row.addWidget(part)
        row.addSpacing(SPACE_M)
        row.addWidget(self.finish_button)
        row.addWidget(self.export_button)
        row.addWidget(self.save_button)

    def set_wipe(self, on: bool) -> None:
        """Show whether before and after are both on the canvas."""
        self.wipe_button.setChecked(on)

    def show_state(
        self, image: QImage | None, draft: Draft, final: FinalRender | None, *, previewed: Method | None, missing: str
    ) -> None:
        """Say what is on the canvas.

        Parameters
        ----------
        image : on the canvas, if there is one.
        final : the final render, if the controls are at its settings.
        previewed : how the preview was made; None before there is one.
        missing : what to do before there is a picture; empty when there is one.
        """
        enable_unless(self.wipe_button, missing)
        short, whole = self._description(image, draft, final, previewed=previewed)
        if (short, whole) != (self.info.text(), self.info.toolTip()):
            self.info.setText(short)
            self.info.setToolTip(whole)

    def show_moving(self, image: NDArray[np.uint8], description: str, *, pair: bool) -> None:
        """Say what moving picture, uint8 (height, width, 3), is on the canvas; ``pair``: the clip beside its film."""
        text = f"{description}  ·  {image.shape[1]} × {image.shape[0]}"
        if text != self.info.text():
            self.info.setText(text)
            self.info.setToolTip(text)
        self.wipe_button.setEnabled(pair)

    def _description(
        self, image: QImage | None, draft: Draft, final: FinalRender | None, *, previewed: Method | None
    ) -> tuple[str, str]:
        """The description of the picture, as short as the bar of a small window takes, and in full."""
        if image is None:
            return "", ""
        if draft.recipe("preview") is None:
            return self.tr("Click or drop a style."), self.tr("Click a style in the library, or drop one.")
        size = f"{image.width()} × {image.height()}"
        if final is None or final.image is None:
            if previewed is None:
                making = self.tr("Making the preview …")
                return making, making
            # A live preview is smaller than the picture it stands for.
            scale = draft.size / max(image.width(), image.height())
            size = f"{round(image.width() * scale)} × {round(image.height() * scale)}"
            short = self.tr("Preview  ·  {size}").format(size=size)
            if previewed == "refined":
                return short, self.tr("Refined preview  ·  {size}").format(size=size)
            return short, self.tr("Instant preview  ·  {size}").format(size=size)
        network = network_name(final.recipe.network)
        if final.running:
            whole = self.tr("Rendering  ·  {network}  ·  {size}").format(network=network, size=size)
            return self.tr("Rendering  ·  {size}").format(size=size), whole
        if final.stopped_early:
            whole = self.tr("Stopped after {steps} of {total} steps  ·  {network}  ·  {size}").format(
                steps=final.steps, total=final.recipe.steps, network=network, size=size
            )
            return self.tr("Stopped  ·  {size}").format(size=size), whole
        whole = self.tr("Final render  ·  {network}  ·  {steps} steps  ·  {size}").format(
            network=network, steps=final.steps, size=size
        )
        return self.tr("Final  ·  {size}").format(size=size), whole
