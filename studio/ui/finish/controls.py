"""The column beside the picture in the Finish room: repair, clean, enlarge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base.fields import is_shown
from studio.checkpoints.enlargers import (
    REALESRGAN_BYTES,
    REALESRGAN_LICENCE,
    enlarger_ready,
)
from studio.checkpoints.network_files import NETWORK_SUFFIXES, AddedNetwork
from studio.media.photos import IMAGE_SUFFIXES
from studio.recipes import FileRef
from studio.recipes.steps.clean import CleanSettings
from studio.recipes.steps.enlarge import PRINTED
from studio.recipes.steps.repair import EDGES, PROPOSING
from studio.ui.binding import FieldBinder, field_text
from studio.ui.command import with_keys
from studio.ui.finish.canvas import TOLERANCE, MaskTool
from studio.ui.finish.draft import Draft
from studio.ui.local_files import chosen_path
from studio.ui.masks.tools import brush_slider, erase_button, invert_button
from studio.ui.model import Model, edited
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import Section, Slider, enable_unless, to_qimage, tool_button
from studio.ui.widgets.number import with_arrows
from studio.ui.widgets.seed_field import SeedField

PROPOSALS = 4
MODEL_PROPOSALS = 3
"""A model takes its time over each."""
MOST_STEPS = 600
_THUMBNAIL = 138
"""Pixels of a proposal's side: two beside one another, large enough to choose by."""
_IN_A_ROW = 2
MOST_SOFT = 0.03
"""Of the widths of edges that a recipe may have, the ones offered: in shares of the long side."""


class FileChoice(QComboBox):
    """A choice among files that a recipe names, with one that is not there if it is used, and a way to add more."""

    chosen = Signal(object)
    """A ``FileRef``."""
    addWanted = Signal()

    def __init__(self, bind: FieldBinder, field: str, add: str = "", parent: QWidget | None = None) -> None:
        """``add`` is the text of the last entry, which adds a file; empty for none."""
        super().__init__(parent)
        self._add = add
        self._offered: list[tuple[str, FileRef]] = []
        self._used: FileRef | None = None
        self.setAccessibleName(bind.label(field))
        self.setToolTip(bind.tip(field))
        self.setPlaceholderText(self.tr("Choose …"))
        _let_shrink(self)
        self.activated.connect(self._on_activated)

    def show_files(self, offered: Sequence[tuple[str, FileRef]]) -> None:
        """Offer these files by their names."""
        self._offered = list(offered)
        self._fill()

    def show_ref(self, ref: FileRef | None) -> None:
        """Show the file in use; None for none."""
        if ref != self._used or self.count() == 0:
            self._used = ref
            self._fill()

    def _fill(self) -> None:
        self.clear()
        for name, ref in self._offered:
            self.addItem(name, ref)
        used = self._used
        if used is not None and used.hash not in [ref.hash for _, ref in self._offered]:
            self.addItem(used.name or used.hash[:12], used)
        if self._add:
            if self.count():
                self.insertSeparator(self.count())
            self.addItem(self._add, None)
        self._show_used()

    def _show_used(self) -> None:
        refs = [self.itemData(row) for row in range(self.count())]
        known = [getattr(ref, "hash", None) for ref in refs]
        self.setCurrentIndex(known.index(self._used.hash) if self._used is not None else -1)

    def _on_activated(self, row: int) -> None:
        ref = self.itemData(row)
        if ref is None:
            self._show_used()
            self.addWanted.emit()
        else:
            self.chosen.emit(ref)


class RepairSection(Section):
    """Painting what is to be filled, how, and new canvas."""

    paintingToggled = Signal(bool)
    erasingToggled = Signal(bool)
    toolChosen = Signal(str)
    brushChanged = Signal(float)
    """Diameter in shares of the long side."""
    toleranceChanged = Signal(int)
    """Levels of 255 for the wand."""
    invertWanted = Signal()
    clearWanted = Signal()
    fileChosen = Signal(object)
    """The ``Path`` of a picture to be the mask."""
    networkFileChosen = Signal(object)
    """The ``Path`` of a network of another program that fills holes."""
    problem = Signal(object)

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__("", parent, topic="repair")
        self.set_title(self.tr("Repair"))
        self.folder = self.network_folder = ""
        """Where the dialogs for masks and networks begin."""
        self._model = model
        bind = FieldBinder(model, Draft)
        self.paint_button = QPushButton(icon("brush"), self.tr("Paint what is to go"))
        self.paint_button.setCheckable(True)
        self.paint_button.setToolTip(
            with_keys(
                self.tr("Paint over it, then press again: it is filled from what lies around. Alt takes away."),
                "finish.paint",
            )
        )
        self.paint_button.toggled.connect(self.paintingToggled)
        self.tools = QButtonGroup(self)
        tools: tuple[tuple[MaskTool, str], ...] = (
            ("brush", self.tr("Brush; [ and ], or Ctrl and the wheel, change its size")),
            ("lasso", self.tr("Lasso: draw around it")),
            ("box", self.tr("Box: drag across it")),
            ("wand", self.tr("Wand: click what has one colour")),
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._buttons: list[QToolButton] = []
        for number, (name, tip) in enumerate(tools):
            button = tool_button(name, tip, side=16)
            button.setCheckable(True)
            button.toggled.connect(lambda on, name=name: self._on_tool(name) if on else None)
            self.tools.addButton(button, number)
            row.addWidget(button)
        self.erase_button = erase_button()
        self.erase_button.toggled.connect(self.erasingToggled)
        self.invert_button = invert_button()
        self.invert_button.clicked.connect(self.invertWanted)
        self.file_button = tool_button("folder", self.tr("Take the mask from a picture file"), self._choose, side=16)
        self.clear_button = tool_button("trash", self.tr("Clear the mask"), self.clearWanted.emit, side=16)
        row.addStretch(1)
        for button in (self.erase_button, self.invert_button, self.file_button, self.clear_button):
            row.addWidget(button)
        self.brush = brush_slider(6.0)
        self.brush.valueChanged.connect(lambda value: self.brushChanged.emit(value / 100))
        tip = self.tr("How far colours may be from the one that is clicked, in levels of 255.")
        self.tolerance = Slider(self.tr("Tolerance"), 0, 128, TOLERANCE, decimals=0, tooltip=tip)
        self.tolerance.valueChanged.connect(lambda value: self.toleranceChanged.emit(round(value)))
        self.method = _combo(bind, "method")
        self.generator = FileChoice(bind, "model")
        self.generator.chosen.connect(lambda ref: model.edit(model=ref))
        self.steps = bind.slider("steps", limits=(20, MOST_STEPS))
        self.network = FileChoice(bind, "inpainter", self.tr("Add a network file …"))
        self.network.chosen.connect(lambda ref: model.edit(inpainter=ref))
        self.network.addWanted.connect(self._choose_network)
        self.method_hint = QLabel()
        self.method_hint.setProperty("muted", True)
        self.method_hint.setWordWrap(True)
        self.seed = SeedField(bind.label("seed"), bind.tip("seed"))
        bind.bind("seed", self.seed)
        self.proposals_button = QPushButton(icon("grid"), "")
        self.proposals_button.setToolTip(self.tr("Fill it in several ways, and choose the best"))
        self.proposals = QWidget()
        self._proposed = QGridLayout(self.proposals)
        self._proposed.setContentsMargins(0, 0, 0, 0)
        self._proposed.setSpacing(SPACE_S)
        self.proposals.hide()
        self.grow = bind.slider("grow", limits=(0.0, MOST_SOFT), decimals=1, scale=100, unit=" %")
        self.feather = bind.slider("feather", limits=(0.0, MOST_SOFT), decimals=1, scale=100, unit=" %")
        self.body.addWidget(self.paint_button)
        self.body.addLayout(row)
        self._of_tool = QStackedWidget()  # one row whatever the tool: those below stay where they are
        for page in (self.brush, self.tolerance, QWidget()):
            self._of_tool.addWidget(page)
        self._of_tool.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self._of_tool)
        self.tools.button(0).setChecked(True)  # shows its sliders: they would be windows before they lie in here
        self.body.addLayout(_row(bind.label("method"), self.method))
        self._model_row = _held(_row(bind.label("model"), self.generator))
        self._network_row = _held(_row(bind.label("inpainter"), self.network))
        self.body.addWidget(self._model_row)
        self.body.addWidget(self._network_row)
        self.body.addWidget(self.method_hint)
        self.body.addWidget(self.steps)
        self.body.addWidget(self.seed)
        self.body.addWidget(self.proposals_button)
        self.body.addWidget(self.proposals)
        self.body.addWidget(self.grow)
        self.body.addWidget(self.feather)
        heading = QLabel(self.tr("New canvas around the picture"))
        heading.setProperty("muted", True)
        self.body.addWidget(heading)
        self.edges = [bind.slider(edge, decimals=0, scale=100, unit=" %") for edge in EDGES]
        for slider in self.edges:
            self.body.addWidget(slider)
        self.toggled.connect(lambda open_: None if open_ else self.paint_button.setChecked(False))

    def _on_tool(self, name: MaskTool) -> None:
        self._of_tool.setCurrentIndex({"brush": 0, "wand": 1}.get(name, 2))
        self.toolChosen.emit(name)

    def _choose(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        kinds = self.tr("Pictures") + f" ({kinds})"
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a mask"), self.folder, kinds)
        if name:
            path = chosen_path(name)
            self.folder = str(path.parent)
            self.fileChosen.emit(path)

    def _choose_network(self) -> None:
        path = choose_network_file(self, self.tr("Choose a network that fills holes"), self.network_folder)
        if path is not None:
            self.networkFileChosen.emit(path)

    def _show_method(self) -> None:
        """Show what the way to fill wants to know, and what is to be said of it."""
        draft = self._model.value
        self._model_row.setVisible(draft.method == "generator")
        self.generator.show_ref(draft.model)
        self.steps.setVisible(draft.method == "generator")
        self._network_row.setVisible(draft.method == "network")
        self.network.show_ref(draft.inpainter)
        hint = ""
        if draft.method == "network" and draft.inpainter is None:
            hint = self.tr("Add a network that fills holes, LaMa for example, as a .safetensors, .pth or .pt file.")
        elif draft.method == "generator":
            hint = self.tr("For pictures such as the model draws; others come out as it would like them.")
        self.method_hint.setText(hint)
        self.method_hint.setVisible(bool(hint))
        self._show_chosen()
        self.seed.setVisible(draft.method in PROPOSING)
        self.proposals_button.setVisible(draft.method in PROPOSING)
        self.proposals_button.setText(self.tr("Show %n proposals", "", proposals_for(draft)))

    def show_state(self, missing: str, *, masked: bool) -> None:
        """Say what can be done; ``missing`` is what to do before anything can."""
        painting = self.paint_button.isChecked()
        if missing and painting:
            self.paint_button.setChecked(False)
        for part in (self.paint_button, self.invert_button, self.file_button, *self.edges):
            enable_unless(part, missing)
        not_painting = missing or ("" if painting else self.tr("Press “Paint what is to go” first."))
        for part in (*self.tools.buttons(), self.erase_button, self.brush, self.tolerance):
            enable_unless(part, not_painting)
        if not painting:
            self.erase_button.setChecked(False)
        empty = missing or ("" if masked else self.tr("Nothing is painted."))
        enable_unless(self.clear_button, empty)
        self._show_method()
        self.paint_button.setText(self.tr("Fill what is painted") if painting else self.tr("Paint what is to go"))

    def show_proposals(self, found: Sequence[tuple[int, NDArray[np.uint8]]]) -> None:
        """Offer pictures, uint8 (h, w, 3 or 4), with their seeds; none hides the row."""
        while (item := self._proposed.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, (seed, picture) in enumerate(found):
            button = QToolButton()
            button.setIcon(QIcon(QPixmap.fromImage(to_qimage(np.ascontiguousarray(picture)))))
            button.setIconSize(QSize(_THUMBNAIL - 6, _THUMBNAIL - 6))
            button.setFixedSize(_THUMBNAIL, _THUMBNAIL)
            button.setAutoRaise(True)
            button.setToolTip(self.tr("Proposal {number}").format(number=seed))
            button.setCheckable(True)
            button.setProperty("seed", seed)
            button.clicked.connect(partial(self._on_proposal, seed))
            self._proposed.addWidget(button, number // _IN_A_ROW, number % _IN_A_ROW)
        self._proposed.setColumnStretch(_IN_A_ROW, 1)
        self.proposals.setVisible(bool(found))
        self._show_chosen()

    def _on_proposal(self, seed: int) -> None:
        self._model.edit(seed=seed)
        self._show_chosen()  # also when it was chosen before

    def _show_chosen(self) -> None:
        """Press the proposal that is in the picture."""
        for number in range(self._proposed.count()):
            item = self._proposed.itemAt(number)
            button = None if item is None else item.widget()
            if isinstance(button, QToolButton):
                button.setChecked(button.property("seed") == self._model.value.seed)


class CleanSection(Section):
    """JPEG traces, noise, scratches, levels."""

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__("", parent, topic="clean")
        self.set_title(self.tr("Clean"))
        bind = FieldBinder(model, Draft)
        self.sliders = {
            name: bind.slider(name, decimals=0, scale=100, unit=" %") for name in CleanSettings.model_fields
        }
        widest = max(slider.label_width() for slider in self.sliders.values())
        for slider in self.sliders.values():
            slider.set_label_width(widest)
            self.body.addWidget(slider)


class EnlargeSection(Section):
    """The controls of enlarging: whether, how, and to which size."""

    networkFileChosen = Signal(object)
    """The ``Path`` of a network of another program."""

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__("", parent, topic="enlarge")
        self.set_title(self.tr("Enlarge"))
        self.folder = ""
        """Where the file dialog begins."""
        self._model = model
        bind = FieldBinder(model, Draft)
        self.on = QCheckBox(self.tr("Enlarge the picture"))
        bind.bind("enlarged", self.on)
        self.network = QComboBox()
        _let_shrink(self.network)
        self.network.setAccessibleName(bind.label("network"))
        self.network.setToolTip(bind.tip("network"))
        self.network.activated.connect(self._on_network)
        self.hint = QLabel()
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.quality = _combo(bind, "quality")
        self.measure = _combo(bind, "measure")
        self.factor, self.length = QDoubleSpinBox(), QDoubleSpinBox()
        self.factor.setDecimals(2)
        self.factor.setSingleStep(0.5)
        self.length.setDecimals(1)
        self.pixels, self.dpi = QSpinBox(), QSpinBox()
        self.pixels.setSingleStep(256)
        for box, name in ((self.factor, "factor"), (self.length, "length"), (self.pixels, "pixels"), (self.dpi, "dpi")):
            with_arrows(box)
            bind.bind(name, box, settle_ms=500)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE_M)
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        for name, widget in (
            ("network", self.network),
            ("quality", self.quality),
            ("measure", self.measure),
            ("factor", self.factor),
            ("pixels", self.pixels),
            ("length", self.length),
            ("dpi", self.dpi),
        ):
            label = QLabel(bind.label(name))
            label.setBuddy(widget)
            form.addRow(label, widget)
            self._rows[name] = label, widget
        self.size_text = QLabel()
        self.size_text.setWordWrap(True)
        self.body.addWidget(self.on)
        self.body.addLayout(form)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.size_text)
        self._bind = bind
        self.show_networks([])

    def show_networks(self, added: Sequence[AddedNetwork]) -> None:
        """Offer the networks there are, and those that the artist added."""
        labels = self._bind.describe("network").about.value_labels
        self.network.clear()
        for name, text in labels.items():
            if name != "file":
                self.network.addItem(field_text(text), (name, None))
        for network in added:
            self.network.addItem(network.name, ("file", network.ref))
        used = self._model.value.file
        if used is not None and used not in [network.ref for network in added]:
            self.network.addItem(used.name or used.hash[:12], ("file", used))
        self.network.insertSeparator(self.network.count())
        self.network.addItem(self.tr("Add a network file …"), None)
        self._show_network()

    def _show_network(self) -> None:
        draft = self._model.value
        wanted = draft.network, draft.file if draft.network == "file" else None
        for row in range(self.network.count()):
            if self.network.itemData(row) == wanted:
                self.network.setCurrentIndex(row)
                return

    def _on_network(self, row: int) -> None:
        chosen = self.network.itemData(row)
        if chosen is None:
            self._show_network()
            path = choose_network_file(self, self.tr("Choose a network that makes pictures larger"), self.folder)
            if path is not None:
                self.folder = str(path.parent)
                self.networkFileChosen.emit(path)
            return
        self._model.set(edited(self._model.value, network=chosen[0], file=chosen[1]))

    def show_state(self, size: tuple[int, int] | None) -> None:
        """Say what will come of it; ``size`` in pixels is that of the picture before, None without one."""
        draft = self._model.value
        values = dict(draft)
        self._show_network()
        for name, (label, widget) in self._rows.items():
            shown = is_shown(Draft, name, values)
            label.setVisible(shown)
            widget.setVisible(shown)
            widget.setEnabled(draft.enlarged)
        self.length.setSuffix(" " + ("cm" if draft.measure == "cm" else self.tr("in")))
        self.hint.setText(self._network_hint(draft))
        self.hint.setVisible(draft.enlarged and bool(self.hint.text()))
        self.size_text.setVisible(draft.enlarged and size is not None)
        if size is None:
            return
        width, height = draft.size_for(*size)
        text = self.tr("{width} × {height} pixels").format(width=width, height=height)
        if draft.measure in PRINTED:
            short = draft.length * min(width, height) / max(width, height)
            unit = "cm" if draft.measure == "cm" else self.tr("in")
            text += f"  ·  {draft.length:.4g} × {short:.3g} {unit}"
        if max(width, height) < max(size):
            text += "  ·  " + self.tr("smaller than it is")
        self.size_text.setText(text)

    def _network_hint(self, draft: Draft) -> str:
        if draft.network in ("photo", "drawing", "film"):
            text = self.tr("Real-ESRGAN. Invents crisp detail; takes long without a graphics card.")
            if not enlarger_ready(draft.network):
                megabytes = round(REALESRGAN_BYTES / 1e6)
                text += " " + self.tr("Fetched once when it is first used ({megabytes} MB).").format(
                    megabytes=megabytes
                )
            return text + " " + self.tr("Licence: {licence}.").format(licence=REALESRGAN_LICENCE)
        if draft.network == "faithful":
            return self.tr("Keeps to what is there, and adds nothing.")
        return ""


class Controls(QWidget):
    """The three sections in a scrolling column."""

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(CONTROLS_WIDTH)
        self.repair, self.clean, self.enlarge = RepairSection(model), CleanSection(model), EnlargeSection(model)
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        for section in (self.enlarge, self.repair, self.clean):
            column.addWidget(section)
        column.addStretch(1)
        area = QScrollArea()
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)


def proposals_for(draft: Draft) -> int:
    """Number of fillings that are shown to choose from."""
    return MODEL_PROPOSALS if draft.method == "generator" else PROPOSALS


def choose_network_file(parent: QWidget, title: str, folder: str) -> Path | None:
    """Ask for a network file of another program, beginning in ``folder``; None when the artist thinks better of it."""
    kinds = " ".join(f"*{suffix}" for suffix in NETWORK_SUFFIXES)
    title_of_kinds = QCoreApplication.translate("EnlargeSection", "Networks")
    name, _ = QFileDialog.getOpenFileName(parent, title, folder, f"{title_of_kinds} ({kinds})")
    return chosen_path(name) if name else None


def _let_shrink(box: QComboBox) -> None:
    """Let the column, not its longest entry, say how wide a choice is."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)


def _combo(bind: FieldBinder, name: str) -> QComboBox:
    box = QComboBox()
    _let_shrink(box)
    for value, text in bind.describe(name).about.value_labels.items():
        box.addItem(field_text(text), value)
    bind.bind(name, box)
    return box


def _held(layout: QHBoxLayout) -> QWidget:
    """A row that can be hidden as a whole."""
    holder = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(layout)
    return holder


def _row(text: str, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    label = QLabel(text)
    label.setBuddy(widget)
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row
