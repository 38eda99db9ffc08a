"""The column beside the picture: the network, and the controls of the tool in hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from studio.recipes import SampleRecipe
from studio.ui.binding import FieldBinder
from studio.ui.describe.model_names import distinguishing_image_counts, model_description, model_name
from studio.ui.explore.tools.tool import Tool
from studio.ui.help import HelpButton, explain
from studio.ui.model import Model
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S
from studio.ui.widgets.eliding_label import ElidingLabel
from studio.worker import ModelInfo


class ToolColumn(QWidget):
    """Shows the box of networks, and below it one tool. Only a window lower than 800 pixels makes it scroll."""

    modelChosen = Signal(int)
    """The row of another network."""

    def __init__(self, model: Model[SampleRecipe | None], tools: Sequence[Tool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fields = FieldBinder(model, SampleRecipe)
        self.model_box = QComboBox(self)
        self.model_box.setAccessibleName(fields.label("model"))
        self.model_box.setToolTip(fields.tip("model"))
        self.model_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model_box.activated.connect(self.modelChosen)
        self.model_text = ElidingLabel(parent=self)
        self.model_text.setProperty("muted", True)
        line = QFrame(self)
        line.setObjectName("section-line")
        self.heading = QLabel(self)
        self.heading.setProperty("heading", True)
        self.help = HelpButton("explore", self)
        self.hint = QLabel(self)
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self._places: dict[str, int] = {}
        self._tools = {tool.name: tool for tool in tools}
        self.stack = QStackedWidget(self)
        for tool in tools:
            explain(tool, tool.topic)
            area = QScrollArea(self)
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scrolled = QWidget(area)
            scrolled.setObjectName("scrolled")
            inner = QVBoxLayout(scrolled)
            inner.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
            inner.addWidget(tool)
            area.setWidget(scrolled)
            self._places[tool.name] = self.stack.addWidget(area)
        top = QVBoxLayout()
        top.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        top.setSpacing(SPACE_S)
        top.addWidget(self.model_box)
        top.addWidget(self.model_text)
        top.addWidget(line)
        top.addSpacing(SPACE_S)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.help)
        top.addLayout(head)
        top.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)
        self.setMinimumWidth(CONTROLS_WIDTH)

    def show_tool(self, name: str) -> None:
        """Show the controls of a tool."""
        tool = self._tools[name]
        self.heading.setText(tool.title())
        self.help.topic = tool.topic
        self.hint.setText(tool.tip())
        self.stack.setCurrentIndex(self._places[name])

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these networks, silently."""
        self.model_box.clear()
        for info, images in zip(models, distinguishing_image_counts(models), strict=True):
            about = f"{info.resolution} px" + (f", {images}" if images else "")
            self.model_box.addItem(f"{model_name(info)} ({about})", info.hash)

    def show_model(self, row: int, info: ModelInfo) -> None:
        """Show the network in ``row`` and what its card says of it."""
        self.model_box.setCurrentIndex(row)
        lines = [word for word in (model_description(info) or info.architecture, info.licence) if word]
        self.model_text.setText(" · ".join(lines))
        self.model_text.setToolTip("\n".join(lines))
