"""The sheet for a printer: how the picture lies on paper, how it will look there, and the PDF or TIFF of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.base import Pace, Progress, StudioError, Work, within
from studio.base.fields import is_shown
from studio.base.names import safe_stem
from studio.media.soft_proof import out_of_gamut, read_profile, soft_proof
from studio.recipes import EnlargeRecipe, EnlargeSettings, Recipe
from studio.restoration.print_files import PRINT_SUFFIXES, cut_for, on_white, write_print
from studio.restoration.print_sheet import MM_PER_INCH, PrintSheet
from studio.ui.binding import Binding, FieldBinder, field_text
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import file_title
from studio.ui.describe.times import time_left
from studio.ui.finish.sheet_view import SheetView
from studio.ui.local_files import chosen_path
from studio.ui.model import Model, edited
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets import Canvas, tool_button
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.ui.widgets.number import with_arrows
from studio.ui.widgets.questions import color_primary, without_default
from studio.ui.widgets.save_name import completed_name, free_name
from studio.worker import Job, JobGroup, Priority

if TYPE_CHECKING:
    from studio.engine import Engine

_Pixels = NDArray[np.uint8]
_REST_MS = 200
_SHOWN = 900
"""Pixels of the sheet's long side in the picture of it."""
_PART = 480
"""Pixels of the print's part that is made to be looked at."""
_BEYOND = (255, 0, 255)
_ENLARGED = 0.8
"""Share of the work that is done when the picture is enlarged."""
_LENGTHS = ("width", "height", "margin", "bleed", "paper_width", "paper_height")


class PrintDialog(QDialog):
    """Edits a :class:`PrintSheet` for the picture of ``content``.

    Parameters
    ----------
    picture : that of ``content``, uint8 (h, w, 3 or 4).
    enlarging : by which network it is enlarged.
    sheet : what the dialog begins with, as that of a file that was opened; None: as large as the usual paper takes.
    """

    def __init__(
        self,
        context: StudioContext,
        content: Recipe,
        picture: _Pixels,
        enlarging: EnlargeSettings,
        parent: QWidget | None = None,
        sheet: PrintSheet | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Print"))
        resize_within_screen(self, 1160, 720)
        self.context, self._content, self._enlarging = context, content, enlarging
        self._picture = picture
        self._size = picture.shape[1], picture.shape[0]
        self.model = Model(sheet or PrintSheet().fitted_to(*self._size), self)
        self._background = JobGroup(self, ordered=True)
        self._background.failed.connect(self._on_failed)
        self._profile = b""
        self._at = (0.5, 0.5)
        self._part: _Pixels | None = None
        self._part_of: tuple[EnlargeRecipe | None, tuple[int, int, int, int]] | None = None
        self._job: Job | None = None
        self._part_job: Job | None = None
        self._problem = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show_pictures)
        self._make_views()
        self._make_controls()
        self._make_layout()
        without_default(self)
        self.model.changed.connect(self._on_changed)
        self._refresh()

    # The parts

    def _make_views(self) -> None:
        self.view = SheetView(self.model.value, self._size)
        self.view.pointed.connect(self._on_pointed)
        self.part = Canvas()
        self.part.set_message(self.tr("Click on the sheet"))

    def _make_controls(self) -> None:
        bind = FieldBinder(self.model, PrintSheet)
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._lengths: dict[str, tuple[QDoubleSpinBox, Binding]] = {}
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(SPACE_M)
        self.combos: dict[str, QComboBox] = {}
        for name in ("paper", "orientation", "unit", "placing", "intent"):
            box = self.combos[name] = QComboBox()
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            for value, text in bind.describe(name).about.value_labels.items():
                box.addItem(field_text(text), value)
            bind.bind(name, box)
        for name in _LENGTHS:
            length = QDoubleSpinBox()
            with_arrows(length)
            binding = bind.bind(
                name,
                length,
                shown=self._shown,
                read=partial(self._read, name),
                settle_ms=500,
                prepare=partial(self._dress, name, length),
            )
            self._lengths[name] = length, binding
        self.dpi = QSpinBox()
        with_arrows(self.dpi)
        bind.bind("dpi", self.dpi, settle_ms=500)
        self.marks, self.black_point = QCheckBox(), QCheckBox()
        bind.bind("marks", self.marks)
        bind.bind("black_point", self.black_point)
        self.fit_button = QPushButton(icon("fit"), self.tr("As large as the paper takes"))
        self.fit_button.clicked.connect(lambda: self.model.set(self.model.value.fitted_to(*self._size)))
        self.profile_button = QPushButton()
        self.profile_button.setToolTip(bind.tip("profile"))
        self.profile_button.clicked.connect(self._choose_profile)
        self.no_profile = tool_button("cancel", self.tr("No profile: sRGB"), lambda: self.set_profile(None), side=16)
        self.proof = QCheckBox(self.tr("Show the printer's colours"))
        self.proof.setChecked(True)
        self.proof.toggled.connect(lambda _on: self._show_pictures())
        self.gamut = QCheckBox(self.tr("Paint what cannot be printed in magenta"))
        self.gamut.toggled.connect(lambda _on: self._show_pictures())
        profile = QHBoxLayout()
        profile.setSpacing(SPACE_S)
        profile.addWidget(self.profile_button, 1)
        profile.addWidget(self.no_profile)
        holder = QWidget()
        profile.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(profile)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("paper", self.combos["paper"]),
            ("paper_width", self._lengths["paper_width"][0]),
            ("paper_height", self._lengths["paper_height"][0]),
            ("orientation", self.combos["orientation"]),
            ("unit", self.combos["unit"]),
            ("width", self._lengths["width"][0]),
            ("height", self._lengths["height"][0]),
            ("", self.fit_button),
            ("placing", self.combos["placing"]),
            ("margin", self._lengths["margin"][0]),
            ("bleed", self._lengths["bleed"][0]),
            ("", self.marks),
            ("dpi", self.dpi),
            ("profile", holder),
            ("intent", self.combos["intent"]),
            ("", self.black_point),
            ("", self.proof),
            ("", self.gamut),
        )
        for name, widget in rows:
            if not name:
                self.form.addRow(widget)
                continue
            label = QLabel(bind.label(name))
            label.setBuddy(widget)
            self.form.addRow(label, widget)
            self._rows[name] = label, widget
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.hide()
        self.export_button = QPushButton(icon("export"), self.tr("Export as PDF or TIFF …"))
        color_primary(self.export_button)
        self.export_button.clicked.connect(self._choose_file)
        self.stop_button = QPushButton(icon("stop"), self.tr("Stop"))
        self.stop_button.clicked.connect(self.cancel)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)

    def _make_layout(self) -> None:
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        for text, widget in (
            (self.tr("The sheet; dashed: the cut"), self.view),
            (self.tr("A part at 100 %: click on the sheet"), self.part),
        ):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, SPACE_S, 0)
            column.setSpacing(SPACE_S)
            heading = QLabel(text)
            heading.setProperty("muted", True)
            heading.setWordWrap(True)
            column.addWidget(heading)
            column.addWidget(widget, 1)
            splitter.addWidget(side)
        splitter.setSizes([520, 320])
        inner = QWidget()
        inner.setObjectName("scrolled")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, SPACE_M, 0)
        inside.addLayout(self.form)
        inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.export_button, 1)
        buttons.addWidget(self.stop_button, 1)
        buttons.addWidget(self.close_button)
        right = QWidget()
        right.setFixedWidth(CONTROLS_WIDTH)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(area, 1)
        column.addWidget(self.note)
        column.addWidget(self.progress)
        column.addLayout(buttons)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        whole.setSpacing(SPACE_L)
        whole.addWidget(splitter, 1)
        whole.addWidget(right)

    # Lengths in the unit that is shown

    def _per_unit(self) -> float:
        return 10.0 if self.model.value.unit == "cm" else MM_PER_INCH

    def _shown(self, length: float) -> float:
        return length / self._per_unit()

    def _read(self, name: str, shown: float) -> float:
        described = FieldBinder(self.model, PrintSheet).describe(name)
        low, high = described.minimum or 0.0, described.maximum or 2000.0
        return min(high, max(low, shown * self._per_unit()))  # the box rounds its ends

    def _dress(self, name: str, box: QDoubleSpinBox, _shown: float) -> None:
        box.setDecimals(2)
        box.setSingleStep(0.1 if name in ("margin", "bleed") else 0.5)
        box.setSuffix(" " + (self.tr("in") if self.model.value.unit == "inch" else "cm"))

    def _show_unit(self) -> None:
        for name, (_box, binding) in self._lengths.items():
            described = FieldBinder(self.model, PrintSheet).describe(name)
            binding.set_limits(self._shown(described.minimum or 0.0), self._shown(described.maximum or 2000.0))

    # Showing

    def _on_changed(self, old: PrintSheet, new: PrintSheet) -> None:
        self._problem = ""
        self._refresh()

    def _refresh(self) -> None:
        sheet = self.model.value
        self._show_unit()
        self.view.set_sheet(sheet)
        values = dict(sheet)
        for name, (label, widget) in self._rows.items():
            shown = is_shown(PrintSheet, name, values)
            label.setVisible(shown)
            widget.setVisible(shown)
        with_profile = bool(self._profile)
        for part in (self.combos["intent"], self.black_point, self.proof, self.gamut, self.no_profile):
            part.setEnabled(with_profile)
        self.profile_button.setText(
            sheet.profile.name if sheet.profile is not None else self.tr("None (sRGB). Choose …")
        )
        running = self._job is not None
        self.stop_button.setVisible(running)
        self.export_button.setVisible(not running)
        problem = self._problem
        try:
            sheet.recipe_for(self._content, self._size, self._enlarging)
        except StudioError as error:
            problem = f"{translated(error.message)} {translated(error.action)}".strip()
        self.export_button.setEnabled(not problem or bool(self._problem))
        wide, high = sheet.pixels_for(*self._size)
        said = self.tr("{width} × {height} pixels").format(width=wide, height=high)
        if not running:
            sharp = translated(sheet.sharpness(self._size))
            self.note.setText(problem or self.tr("{size}. {sharpness}").format(size=said, sharpness=sharp))
        self._rest.start()

    def _show_pictures(self) -> None:
        sheet, picture, proofed = self.model.value, self._picture, self._proofed()
        if min(sheet.frame[2:]) < 1:
            return
        dpi = _SHOWN / max(sheet.sheet) * MM_PER_INCH
        self._background.run(
            lambda: proofed(cut_for(on_white(picture), sheet, dpi)),
            lambda made: self.view.set_image(made) if sheet == self.model.value else None,
        )
        self._show_part()

    def _proofed(self) -> _Proof:
        sheet = self.model.value
        shown = self._profile if self.proof.isChecked() else b""
        return _Proof(sheet, shown, self._profile if self.gamut.isChecked() else b"")

    # A part as it will be

    def _on_pointed(self, x: float, y: float) -> None:
        self._at = x, y
        self._rest.start()

    def _show_part(self) -> None:
        """Make the part of the print around the point chosen, in the print's own pixels."""
        sheet = self.model.value
        box = sheet.picture_box(*self._size)
        wide, high = self._size
        scale = min(wide / box.width, high / box.height)  # pixels of the picture for a millimetre
        cut = box.width * scale, box.height * scale
        ratio = sheet.scale_for(wide, high)
        side = [min(length, max(2.0, _PART / ratio)) for length in cut]
        start = [
            (whole - length) / 2 + min(length - part, max(0.0, at * length - part / 2))
            for whole, length, part, at in zip(self._size, cut, side, self._at, strict=True)
        ]
        corners = tuple(round(at) for at in (*start, start[0] + side[0], start[1] + side[1]))
        left, top, right, bottom = corners
        right, bottom = max(left + 1, min(wide, right)), max(top + 1, min(high, bottom))
        self.view.set_part(
            QRectF(
                (left - (wide - cut[0]) / 2) / cut[0],
                (top - (high - cut[1]) / 2) / cut[1],
                (right - left) / cut[0],
                (bottom - top) / cut[1],
            )
        )
        try:
            recipe = sheet.recipe_for(self._content, self._size, self._enlarging)
        except StudioError:
            return
        area = left, top, right, bottom
        if not isinstance(recipe, EnlargeRecipe) or recipe.content != self._content:
            self._part_of = None, area
            self._on_part((None, area), self._resampled(area, ratio), made=False)
            return
        wanted = recipe, area
        if self._part_of == wanted:
            self._on_part(wanted, self._resampled(area, ratio) if self._part is None else self._part, made=False)
            return
        self._part_of = wanted
        self._part = None
        self._on_part(wanted, self._resampled(area, ratio), made=False)  # until the network has made it
        job = self.context.worker.submit(
            lambda engine: engine.enlarged_part(recipe, area),
            title=self.tr("Enlarging"),
            priority=Priority.LIVE,
            key="print-part",
        )
        job.finished.connect(lambda part: self._on_part(wanted, part))
        job.failed.connect(self._on_failed)
        self._part_job = job

    def _resampled(self, area: tuple[int, int, int, int], times: float) -> _Pixels:
        """The part ``area`` of the picture so many times as large, by Lanczos."""
        left, top, right, bottom = area
        size = max(1, round((right - left) * times)), max(1, round((bottom - top) * times))
        part = on_white(self._picture[top:bottom, left:right])
        return np.asarray(part.resize(size, Image.Resampling.LANCZOS))

    def _on_part(
        self,
        wanted: tuple[EnlargeRecipe | None, tuple[int, int, int, int]],
        part: _Pixels,
        *,
        made: bool = True,
    ) -> None:
        """Show the part; ``made`` says that it is as it will be printed, and not a stand-in."""
        if wanted != self._part_of:
            return
        if made:
            self._part = part
        proofed = self._proofed()

        def show(pixels: _Pixels) -> None:
            self.part.set_image(pixels)
            self.part.actual_size()

        # What was asked for earlier may be ready later.
        self._background.run(lambda: proofed(on_white(part)), show, key="part")

    # The printer's profile

    def _choose_profile(self) -> None:
        folder = self.context.settings.start_folder("profile")
        kinds = self.tr("Colour profiles") + " (*.icc *.icm)"
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a printer's profile"), folder, kinds)
        if name:
            path = chosen_path(name)
            self.context.settings.remember_folder("profile", path)
            self.set_profile(path)

    def set_profile(self, path: Path | None) -> None:
        """Print in the colours of the ICC profile in a file; None: sRGB."""
        if path is None:
            self._profile = b""
            self.model.edit(profile=None)
            self._refresh()
            return

        def use(profile: bytes) -> None:
            self._profile = profile
            self.model.set(edited(self.model.value, profile=path))
            self._refresh()

        self._background.run(lambda: read_profile(path), use)

    # The file

    def _choose_file(self) -> None:
        filters = {self.tr("PDF sheet") + " (*.pdf)": ".pdf", self.tr("TIFF picture") + " (*.tif *.tiff)": ".tif"}
        folder = Path(self.context.settings.start_folder("print"))
        proposed = folder / f"{safe_stem(file_title(self._content))}.pdf"
        name, chosen = QFileDialog.getSaveFileName(self, self.tr("Export"), free_name(proposed), ";;".join(filters))
        path = completed_name(self, name, PRINT_SUFFIXES, filters.get(chosen, ".pdf"))
        if path is not None:
            self.context.settings.remember_folder("print", path)
            self.export(path)

    def export(self, path: Path) -> None:
        """Enlarge the picture as the print needs it, and write the sheet to a .pdf or .tif file."""
        self.model.commit()
        sheet = self.model.value
        try:
            recipe = sheet.recipe_for(self._content, self._size, self._enlarging)
        except StudioError as error:
            self._on_failed(error)
            return

        def work(engine: Engine) -> Work[Path]:
            made = yield from within(engine.render(recipe), 0.0, _ENLARGED)
            return (yield from within(write_print(made.image, sheet, path, recipe, overwrite=True), _ENLARGED, 1.0))

        job = self.context.worker.submit(work, title=self.tr("Printing"), key="print-sheet", asks=True)
        self._job, self._problem = job, ""
        pace = Pace()
        job.shown_elsewhere = self.isVisible
        job.seconds_left = lambda: pace.left

        def ended(text: str = "") -> None:
            if self._job is not job:
                return  # the dialog was closed, and its parts are gone
            self._job = None
            self.progress.hide()
            self._refresh()
            if text:
                self.note.setText(text)

        def failed(problem: StudioError) -> None:
            if self._job is not job:
                return
            self._job = None
            self._on_failed(problem)
            self.progress.hide()

        job.progressed.connect(lambda progress: self._on_progress(pace, progress) if self._job is job else None)
        job.finished.connect(lambda done: ended(self.tr("Exported as {name}.").format(name=done.name)))
        job.cancelled.connect(lambda: ended())
        job.failed.connect(failed)
        self._refresh()

    def cancel(self) -> None:
        """Stop making the sheet."""
        if self._job is not None:
            self._job.cancel()

    def _on_progress(self, pace: Pace, progress: Progress) -> None:
        pace.take(progress)
        self.progress.show()
        self.progress.setValue(round(1000 * progress.fraction))
        text = translated(progress.message) or self.tr("Enlarging")
        if pace.left is not None:
            text += "  ·  " + time_left(pace.left)
        self.note.setText(text)

    def _on_failed(self, problem: StudioError) -> None:
        self._problem = f"{translated(problem.message)} {translated(problem.action)}".strip()
        self._refresh()

    def done(self, result: int) -> None:
        """Close; what is being made is given up."""
        self.cancel()
        self._job = None
        if self._part_job is not None:
            self._part_job.cancel()
        self._background.close()
        super().done(result)


class _Proof:
    """Shows a picture as it is printed: ``shown`` and ``warned`` are the profile, or empty for what is turned off."""

    def __init__(self, sheet: PrintSheet, shown: bytes, warned: bytes) -> None:
        self.sheet, self.shown, self.warned = sheet, shown, warned

    def __call__(self, picture: Image.Image) -> _Pixels:
        made = picture
        if self.shown:
            made = soft_proof(picture, self.shown, self.sheet.intent, black_point=self.sheet.black_point)
        pixels = np.array(made)
        if self.warned:
            pixels[out_of_gamut(picture, self.warned, black_point=self.sheet.black_point)] = _BEYOND
        return pixels
