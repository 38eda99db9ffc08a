"""A labelled slider with a number field, in one row."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from studio.ui.theme import SPACE_M
from studio.ui.widgets.number import RangedNumber, without_arrows
from studio.ui.widgets.wheel import WheelGuard

_MOST_POSITIONS = 10_000
_SETTLE_MS = 500
LABEL_WIDTH = 96
"""Of the name before a slider; other rows keep in line with it."""


class _Label(QLabel):
    """A label that tells of double-clicks; what has no room ends in an ellipsis."""

    doubleClicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.doubleClicked.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
            return
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )


class Slider(QWidget):
    """Label, slider and number field for one value. A double-click on the label brings back the default."""

    valueChanged = Signal(float)
    """The value moved, while dragging too."""
    editingFinished = Signal()
    """The artist has let go: a drag ended, a number was entered, or keys and wheel have rested for half a second."""

    def __init__(
        self,
        title: str,
        minimum: float,
        maximum: float,
        default: float,
        *,
        decimals: int = 2,
        tooltip: str = "",
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum, self._default = minimum, maximum, default
        self._value = default
        self._showing = False  # the parts are being brought to the value: what they say is no news
        self._positions = max(1, min(_MOST_POSITIONS, round((maximum - minimum) * 10**decimals)))
        self._decimals = decimals

        self._label = _Label(title, self)
        self._label.setMinimumWidth(LABEL_WIDTH)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setRange(0, self._positions)
        self._slider.setSingleStep(max(1, self._positions // 100))
        self._slider.setPageStep(max(1, self._positions // 10))
        self._slider.setMinimumWidth(60)
        # Values to both sides of 0 are not "so much" of something, as a filled groove would say.
        self._slider.setProperty("plain", minimum < 0)
        self._slider.setAccessibleName(title)
        self._number = RangedNumber(self)
        self._number.setDecimals(decimals)
        self._number.setRange(minimum, maximum)
        self._number.setSingleStep(max(10.0**-decimals, (maximum - minimum) / 100))
        self._number.setSuffix(unit)
        without_arrows(self._number)
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._number.setKeyboardTracking(False)
        self._number.setFixedWidth(64)
        self._number.setAccessibleName(title)
        self._label.setBuddy(self._number)
        guard = WheelGuard(self)
        for part in (self._slider, self._number):
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            part.installEventFilter(guard)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._label)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._number)

        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.editingFinished)

        hint = self.tr("Double-click the name to reset.")
        self.setToolTip(f"{tooltip}\n{hint}" if tooltip else hint)
        self._show()
        self._slider.valueChanged.connect(self._on_slider)
        self._slider.sliderReleased.connect(self._finish)
        self._number.valueChanged.connect(self._on_number)
        self._number.editingFinished.connect(self._on_number_finished)
        self._label.doubleClicked.connect(self.reset)
        self.setFocusProxy(self._slider)

    def value(self) -> float:
        """The value, between minimum and maximum."""
        return self._value

    def set_value(self, value: float, *, silent: bool = False) -> None:
        """Set the value, brought into range; ``silent`` leaves out ``valueChanged``."""
        value = min(self._maximum, max(self._minimum, float(value)))
        changed = value != self._value
        self._value = value
        self._show()
        if changed and not silent:
            self.valueChanged.emit(value)

    def set_range(self, minimum: float, maximum: float) -> None:
        """Change the range, silently; the value is brought into it."""
        self._minimum, self._maximum = minimum, maximum
        self._positions = max(1, min(_MOST_POSITIONS, round((maximum - minimum) * 10**self._decimals)))
        self._showing = True
        self._slider.setRange(0, self._positions)
        self._number.setRange(minimum, maximum)
        self._showing = False
        self.set_value(self._value, silent=True)

    def default(self) -> float:
        """The value that a reset brings back."""
        return self._default

    def set_default(self, value: float) -> None:
        """Change what a reset brings back; the value stays."""
        self._default = value

    def reset(self) -> None:
        """Bring back the default."""
        if self._value != self._default:
            self.set_value(self._default)
            self._finish()

    def title(self) -> str:
        """The label's text."""
        return self._label.text()

    def set_title(self, title: str) -> None:
        """Change the label."""
        self._label.setText(title)
        self._slider.setAccessibleName(title)
        self._number.setAccessibleName(title)

    def label_width(self) -> int:
        """The width that the label asks for, in pixels."""
        return self._label.sizeHint().width()

    def set_label_width(self, width: int) -> None:
        """Give the label at least ``width`` pixels, so that sliders below one another are in line."""
        self._label.setMinimumWidth(width)

    def fix_label_width(self, width: int) -> None:
        """Give the label ``width`` pixels; a longer text ends in an ellipsis."""
        self._label.setFixedWidth(width)

    def is_dragging(self) -> bool:
        """Return whether the handle is held right now."""
        return self._slider.isSliderDown()

    def _show(self) -> None:
        span = self._maximum - self._minimum
        self._showing = True
        self._slider.setValue(round((self._value - self._minimum) / span * self._positions) if span > 0 else 0)
        self._number.setValue(self._value)
        self._showing = False

    def _on_slider(self, position: int) -> None:
        if self._showing:
            return
        value = self._minimum + (self._maximum - self._minimum) * position / self._positions
        self.set_value(round(value, self._decimals))
        if not self._slider.isSliderDown():
            self._settle.start()

    def _on_number(self, value: float) -> None:
        if not self._showing and round(self._value, self._decimals) != value:
            self.set_value(value)
            self._settle.start()

    def _on_number_finished(self) -> None:
        # Also comes when the field merely loses the focus: only a pending change counts.
        if self._settle.isActive():
            self._finish()

    def _finish(self) -> None:
        self._settle.stop()
        self.editingFinished.emit()
