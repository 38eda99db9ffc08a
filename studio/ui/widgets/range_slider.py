"""A slider with two handles, for a range of whole numbers."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QSlider, QStyle, QStyleOptionSlider, QWidget

_PART = QStyle.SubControl


class RangeSlider(QSlider):
    """Two handles on one groove. ``sliderReleased`` comes when a handle was let go, or moved with a key.

    The value of the slider itself is the handle in hand, which the mouse chooses, and the space bar changes. A handle
    may be drawn over the other: the lower one is always the first of :meth:`ends`.
    """

    endsChanged = Signal(int, int)
    """A handle moved: where both are now, the lower first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._resting = self.minimum()
        self._last_ends = self.ends()
        self.valueChanged.connect(self._report_ends)

    def ends(self) -> tuple[int, int]:
        """The places of the two handles, the lower first."""
        return min(self._resting, self.value()), max(self._resting, self.value())

    def set_ends(self, low: int, high: int) -> None:
        """Put the handles to ``low`` and ``high``, or as near as the range of the slider lets them."""
        self._resting = self._within(low)
        self.setValue(high)
        self._report_ends()  # also when only the resting handle was moved
        self.update()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        if change == QAbstractSlider.SliderChange.SliderRangeChange:
            self._resting = self._within(self._resting)
        super().sliderChange(change)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        place = event.position().x()
        in_hand, resting = (self._handle(value).center().x() for value in (self.value(), self._resting))
        if abs(place - resting) < abs(place - in_hand):
            self._change_hands()
        self.setSliderDown(True)
        self.setSliderPosition(self._value_at(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._change_hands()
            return
        before = self.ends()
        super().keyPressEvent(event)
        if self.ends() != before:
            self.sliderReleased.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        low, high = self.ends()
        middle = self._handle(low).center().x()
        painter = QPainter(self)
        # The style fills a groove from its start up to the handle: below the lower one it is drawn as if at nothing.
        self._draw(painter, _PART.SC_SliderGroove, self.minimum(), QRect(0, 0, middle, self.height()))
        self._draw(painter, _PART.SC_SliderGroove, high, QRect(middle, 0, self.width() - middle, self.height()))
        for value in (self._resting, self.value()):
            self._draw(painter, _PART.SC_SliderHandle, value, self.rect())
        painter.end()

    def _draw(self, painter: QPainter, part: QStyle.SubControl, value: int, clip: QRect) -> None:
        option = self._option(value)
        option.subControls = part
        if value != self.value():  # the ring of the focus is round the handle in hand
            option.state &= ~QStyle.StateFlag.State_HasFocus
        painter.setClipRect(clip)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_Slider, option, painter, self)

    def _change_hands(self) -> None:
        before, self._resting = self._resting, self.value()
        self.setValue(before)  # the ends are the same as before
        self.update()

    def _report_ends(self) -> None:
        ends = self.ends()
        if ends != self._last_ends:
            self._last_ends = ends
            self.endsChanged.emit(*ends)

    def _within(self, value: int) -> int:
        return max(self.minimum(), min(self.maximum(), value))

    def _option(self, value: int) -> QStyleOptionSlider:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = option.sliderValue = value
        return option

    def _handle(self, value: int) -> QRect:
        option = self._option(value)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, _PART.SC_SliderHandle, self)

    def _value_at(self, x: float) -> int:
        first = self._handle(self.minimum()).center().x()
        last = self._handle(self.maximum()).center().x()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x) - first, max(1, last - first))
