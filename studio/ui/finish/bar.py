"""The bar under the picture in the Finish room: what comes of it, how it is looked at, and keeping it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress
from studio.ui.command import with_keys
from studio.ui.describe.times import time_left
from studio.ui.finish.draft import Draft
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets import tool_button
from studio.ui.widgets.eliding_label import ElidingLabel

_LINE = 3
"""Pixels of the line that shows progress."""
_LEAST_SHOWN = 20
"""Thousandths of the line that say that something is going on before anything of it is done."""


class FinishBar(QFrame):
    """Words about the result, and buttons; the room attaches those of its commands."""

    wipeToggled = Signal(bool)
    fitWanted = Signal()
    actualSizeWanted = Signal()
    closeWanted = Signal()
    """Another picture is wanted: this one shall go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self.info = ElidingLabel()
        self.info.setProperty("muted", True)
        self.info.setMinimumWidth(1)
        self.wipe_button = tool_button(
            "wipe", with_keys(self.tr("Before and after: drag the handle across the picture"), "view.wipe")
        )
        self.wipe_button.setCheckable(True)
        self.wipe_button.toggled.connect(self.wipeToggled)
        fit = tool_button("fit", with_keys(self.tr("Show the whole picture"), "view.fit"), self.fitWanted.emit)
        actual = tool_button("actual-size", self.tr("The result at 100 %"), self.actualSizeWanted.emit)
        close = tool_button("cancel", self.tr("Take the picture away"), self.closeWanted.emit)
        self.stop_button = QPushButton(icon("stop"), self.tr("Stop"))
        self.save_button = QPushButton(icon("save"), self.tr("Save"))
        self.save_button.setToolTip(self.tr("Make the result and save it to the gallery"))
        self.print_button = QPushButton(icon("print"), self.tr("Print …"))
        self.print_button.setToolTip(self.tr("Lay the picture on a sheet of paper, and write a PDF or TIFF of it"))
        self.export_button = QPushButton(icon("export"), self.tr("Export …"))
        self.export_button.setToolTip(self.tr("Write a PNG, JPEG, TIFF or WebP file; EXIF and profile are kept"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setFixedHeight(_LINE)
        # The theme's bars are higher.
        self.progress.setStyleSheet(f"min-height: {_LINE}px; max-height: {_LINE}px; border: none; border-radius: 0;")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.progress)
        row = QHBoxLayout()
        whole.addLayout(row)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_S)
        row.addWidget(self.info, 1)
        for part in (self.wipe_button, fit, actual, close):
            row.addWidget(part)
        row.addSpacing(SPACE_M)
        for button in (self.stop_button, self.print_button, self.export_button, self.save_button):
            row.addWidget(button)
        self.show_busy(None)

    def set_wipe(self, on: bool) -> None:
        """Show whether before and after are both on the canvas."""
        self.wipe_button.setChecked(on)

    def show_busy(self, fraction: float | None) -> None:
        """Show how far the work is, 0..1; None hides the line."""
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the picture above must not jump
        self.progress.setSizePolicy(policy)
        self.progress.setVisible(fraction is not None)
        if fraction is not None:
            self.progress.setValue(max(_LEAST_SHOWN, round(1000 * fraction)))

    def show_running(self, progress: Progress, seconds_left: float | None) -> None:
        """Say how far the result is."""
        text = f"{translated(progress.message) or self.tr('Working')}  ·  {round(progress.fraction * 100)} %"
        if seconds_left is not None:
            text += "  ·  " + time_left(seconds_left)
        self.info.setText(text)

    def show_state(
        self,
        draft: Draft,
        name: str,
        size: tuple[int, int] | None,
        *,
        running: bool,
        working: bool,
        stoppable: bool = False,
    ) -> None:
        """Say what comes of the picture ``name``; ``size`` in pixels is that of the picture on the canvas.

        Parameters
        ----------
        running : the result is being made; ``working``: what is on the canvas is.
        stoppable : something is being made that takes a while.
        """
        self.stop_button.setVisible(running or stoppable)
        if running:
            return
        parts = [name]
        if working:
            parts.append(self.tr("working …"))
        if size is not None:
            width, height = draft.size_for(*size) if draft.enlarged else size
            before = f"{size[0]} × {size[1]}"
            after = f"{width} × {height}"
            parts.append(after if after == before else f"{before} → {after}")
        if not draft.does_something and draft.content is not None:
            parts.append(self.tr("nothing changes it yet"))
        self.info.setText("  ·  ".join(part for part in parts if part))
        self.info.setToolTip(self.info.text())
