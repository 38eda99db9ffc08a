"""The player's controls: buttons, time, the choice between clip and film, and a line on it that always fits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.ui.theme import SPACE_S, icon
from studio.ui.widgets import tool_button

_LEAST_LETTERS = 12
"""To which a name is cut at most."""


class FittingLabel(QLabel):
    """Shows the longest of several ways to say the same that there is room for; the whole is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("muted", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(1)
        self._versions: list[str] = [""]
        self._name = ""

    def set_versions(self, versions: Sequence[str], tip: str = "", *, name: str = "") -> None:
        """Say the first of ``versions``, which go from long to short, that fits.

        Parameters
        ----------
        tip : the tooltip; else the longest version.
        name : what in them may be cut in its middle, to some letters, before a version is given up.
        """
        self._versions = list(versions) or [""]
        self._name = name
        self.setToolTip(tip or self._versions[0])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def _fit(self) -> None:
        text = next((text for each in self._versions if (text := self._fitted(each)) is not None), None)
        if text is None:
            text = self.fontMetrics().elidedText(self._versions[-1], Qt.TextElideMode.ElideMiddle, self._room())
        if text != self.text():
            self.setText(text)

    def _room(self) -> int:
        return max(0, self.width() - 2)

    def _fitted(self, version: str) -> str | None:
        metrics, room = self.fontMetrics(), self._room()
        if metrics.horizontalAdvance(version) <= room:
            return version
        if not self._name or self._name not in version:
            return None
        left = room - metrics.horizontalAdvance(version.replace(self._name, "", 1))
        if left < metrics.averageCharWidth() * _LEAST_LETTERS:
            return None
        return version.replace(self._name, metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, left), 1)


class PlayButtons(QWidget):
    """Play, go round, and where in the clip one is."""

    playWanted = Signal()
    """Play, or pause."""
    loopsToggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.play = tool_button("play", "", self.playWanted.emit)
        self.loop = tool_button("loop", self.tr("Play round and round"))
        self.loop.setCheckable(True)
        self.loop.toggled.connect(self.loopsToggled)
        # The keys stay with the strip.
        for button in (self.play, self.loop):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.where = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self.play)
        row.addWidget(self.loop)
        row.addWidget(self.where)
        self.show_playing(False)

    def show_playing(self, on: bool) -> None:
        """Return whether it plays."""
        tip = (
            self.tr("Pause (space bar)")
            if on
            else self.tr("Play, without sound (space bar). The film keeps its sound: hear it in the system's player.")
        )
        self.play.setIcon(icon("pause" if on else "play"))
        self.play.setToolTip(tip)
        self.play.setAccessibleName(self.tr("Pause") if on else self.tr("Play"))

    def show_where(self, seconds: str, length: str) -> None:
        """The time, and of how much; its width does not change while it plays."""
        text = f"{seconds} / {length}"
        widest = "".join("0" if letter.isdigit() else letter for letter in f"{length} / {length}")
        self.where.setMinimumWidth(self.where.fontMetrics().horizontalAdvance(widest))
        self.where.setText(text)


class ViewChoice(QWidget):
    """Clip or film."""

    chosen = Signal(str)
    """ "clip" or "film"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for view, text, tip in (
            ("clip", self.tr("Clip"), self.tr("Look at the clip, in the look as the controls are now")),
            (
                "film",
                self.tr("Film"),
                self.tr("Look at the film that was made. The wipe under the picture shows the clip beside it."),
            ),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumHeight(26)
            button.clicked.connect(lambda _=False, view=view: self.chosen.emit(view))
            group.addButton(button)
            row.addWidget(button)
            self._buttons[view] = button
        self.show_view("clip")

    def show_view(self, view: str) -> None:
        """Tick which of clip and film is looked at."""
        self._buttons[view].setChecked(True)

    def button(self, view: str) -> QToolButton:
        """The button of a view."""
        return self._buttons[view]
