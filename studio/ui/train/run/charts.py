"""Curves of the losses, in the colours of the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from studio.ui.theme import SPACE_L, SPACE_M, colors, icon, is_dark, theme
from studio.ui.train.run.follower import Curves
from studio.ui.train.text import percent

# Blue and orange can be told apart by nearly everybody; on dark, then on light.
CURVES = {"loss_g": ("#6fa6cf", "#2f6f9f"), "loss_d": ("#e0a05a", "#b5651d"), "augment": ("#8fbf8f", "#3f7f45")}
RAW_ALPHA = 110
NARROW = 460
LEAST_WIDTH, LEAST_HEIGHT = 300, 150
TICK_CHARACTER, TICK_GAP = 7, 14
"""Pixels for a character of a tick's text, and between two texts."""


class _Numbers(pg.AxisItem):
    """Ticks written in full, with the separators of the language, instead of "x1e+03"; percent when told."""

    percent = False

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Along the bottom only so many that their texts do not run into each other."""
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        if self.orientation != "bottom" or not levels or maxVal <= minVal or size <= 0:
            return levels
        digits = len(QLocale().toString(maxVal, "f", 0))
        least = (digits * TICK_CHARACTER + TICK_GAP) * (maxVal - minVal) / size
        wide = [(spacing, offset) for spacing, offset in levels if spacing >= least]
        return wide or [(levels[0][0] * math.ceil(least / levels[0][0]), levels[0][1])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        locale = QLocale()
        decimals = max(0, -int(np.floor(np.log10(spacing)))) if spacing < 1 else 0
        texts = [locale.toString(float(value), "f", decimals) for value in values]
        return (
            [QCoreApplication.translate("Training", "{n} %").format(n=text) for text in texts]
            if self.percent
            else texts
        )


def make_plot(label: str, *, percent: bool = False) -> pg.PlotWidget:
    """An empty plot with axes in full numbers, upwards in ``percent`` if told; :func:`dress_plot` colours it."""
    axes = {"left": _Numbers("left"), "bottom": _Numbers("bottom")}
    axes["left"].percent = percent
    for axis in axes.values():
        axis.enableAutoSIPrefix(False)
    plot = pg.PlotWidget(axisItems=axes)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setLabel("left", label)
    plot.getAxis("left").setWidth(54)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setAccessibleName(label)
    return plot


def dress_plot(plot: pg.PlotWidget, base: QFont) -> None:
    """Colour a plot as the theme in use wants it."""
    c = colors()
    plot.setBackground(c.base)
    plot.showGrid(x=True, y=True, alpha=0.12 if is_dark() else 0.2)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(pg.mkPen(c.line_strong))
        axis.setTextPen(pg.mkPen(c.muted))
        font = QFont(base)
        font.setPixelSize(11)
        axis.setStyle(tickFont=font, tickTextOffset=5)
        axis.labelStyle = {"color": c.muted, "font-size": "11px"}
        axis.label.setHtml(axis.labelString())


class LossChart(QWidget):
    """The generator's and discriminator's loss: faint as noted, bold smoothed; augmentation beside when it varies.

    Drag with the left button to move, turn the wheel to zoom, use the button to see everything again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._losses = make_plot(self.tr("Loss"))
        self._augment = make_plot("", percent=True)
        self._augment.setXLink(self._losses)
        self._augment.setYRange(0, 100)
        for plot in (self._losses, self._augment):
            plot.setLabel("bottom", self.tr("Images shown"))
        self._theory: dict[str, pg.InfiniteLine] = {}
        self._raw: dict[str, pg.PlotDataItem] = {}
        self._smooth: dict[str, pg.PlotDataItem] = {}
        for name in CURVES:
            plot = self._augment if name == "augment" else self._losses
            for items, layer in ((self._raw, 0), (self._smooth, 1)):
                curve = plot.plot(connect="finite")
                curve.setZValue(layer)
                curve.setDownsampling(auto=True, method="peak")
                curve.setClipToView(True)
                items[name] = curve

        self._legend = {name: QLabel() for name in CURVES}
        self._names = {
            "loss_g": self.tr("Generator"),
            "loss_d": self.tr("Discriminator"),
            "augment": self.tr("Augmentation"),
        }
        self._values = dict.fromkeys(CURVES, "–")
        legend = QHBoxLayout()
        legend.setSpacing(SPACE_L)
        for name, label in self._legend.items():
            label.setTextFormat(Qt.TextFormat.RichText)
            if name == "augment":
                label.setToolTip(self.tr("Of the pictures, this share is changed while they are judged."))
                continue
            legend.addWidget(label)
        legend.addStretch(1)
        whole = QToolButton()
        whole.setAutoRaise(True)
        whole.setIcon(icon("fit"))
        whole.setToolTip(self.tr("Show the whole curve"))
        whole.setAccessibleName(whole.toolTip())
        whole.clicked.connect(self._losses.enableAutoRange)
        legend.addWidget(whole)

        self._nothing = QLabel(self.tr("The curves appear here with the first images."))
        self._nothing.setProperty("muted", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        charts = QWidget()
        self._grid = layout = QGridLayout(charts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(SPACE_M)
        layout.addLayout(legend, 0, 0)
        layout.addWidget(self._legend["augment"], 0, 1)
        layout.addWidget(self._losses, 1, 0)
        layout.addWidget(self._augment, 1, 1)
        layout.setRowStretch(1, 1)
        layout.setColumnStretch(0, 3)
        self._show_augment(False)
        self._explain(drifts=False)
        self._theory_text = QLabel()
        self._theory_text.setProperty("muted", True)
        self._theory_text.setWordWrap(True)
        self._theory_text.hide()
        layout.addWidget(self._theory_text, 2, 0, 1, 2)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(charts)
        self._keep_room()
        theme().changed.connect(self._dress)
        self._dress()

    def show_theory(self, loss: str | None) -> None:
        """Draw where the losses lie at the equilibrium of Goodfellow et al. 2014: for "logistic", "minimax" or
        "relativistic"; None draws nothing.
        """
        for line in self._theory.values():
            self._losses.removeItem(line)
        self._theory.clear()
        log2, log4 = math.log(2), math.log(4)
        places: dict[str, dict[str, tuple[str, float]]] = {
            "logistic": {"loss_g": ("log 2", log2), "loss_d": ("log 4", log4)},
            "minimax": {"loss_g": ("−log 2", -log2), "loss_d": ("log 4", log4)},
            "relativistic": {"loss_g": ("log 2", log2), "loss_d": ("log 2", log2)},
        }
        known = places.get(loss or "", {})
        lowest, highest = (limit((value for _, value in known.values()), default=0.0) for limit in (min, max))
        for name, (sentence, value) in known.items():
            # Between the lines, where no edge cuts the words off, at both ends; one line has them on both of its sides.
            right = name == "loss_d"
            below = name == "loss_g" if lowest == highest else value == highest
            line = pg.InfiniteLine(
                value,
                angle=0,
                label=f"{sentence} = {QLocale().toString(value, 'f', 2)}",  # the colour says whose
                labelOpts={"position": 0.98 if right else 0.02, "anchors": [(int(right), 0 if below else 1)] * 2},
            )
            self._losses.addItem(line)
            self._theory[name] = line
        if loss == "relativistic":
            sentence = self.tr("Dashed: the equilibrium, where the discriminator cannot tell which of a pair is real.")
        else:
            sentence = self.tr(
                "Dashed: the equilibrium of the theory. There the discriminator can tell nothing any more, D is ½ "
                "everywhere, and the value function V(D, G) is −log 4; the discriminator’s loss is −V. Below its line "
                "it still tells the pictures apart."
            )
        self._theory_text.setText(sentence)
        self._theory_text.setVisible(bool(known))
        self._keep_room()
        self._dress()

    def show_curves(self, curves: Curves) -> None:
        """Draw ``curves``."""
        x = curves.images()
        for name in CURVES:
            scale = 100 if name == "augment" else 1
            self._raw[name].setData(x, curves.raw(name) * scale)
            self._smooth[name].setData(x, curves.smooth(name) * scale)
        self._show_augment(curves.has("augment"))
        self._explain(drifts=not curves.has("loss_d") and len(curves) > 0)
        self._pages.setCurrentIndex(1 if len(curves) else 0)
        for name in CURVES:
            last = curves.smooth(name)[-1:]
            if not last.size or not np.isfinite(last[0]):
                self._values[name] = "–"
            else:
                self._values[name] = percent(last[0]) if name == "augment" else QLocale().toString(last[0], "f", 2)
        self._describe()

    def _explain(self, *, drifts: bool) -> None:
        """Say what the losses are; drifting has no discriminator."""
        self._legend["loss_d"].setVisible(not drifts)
        text = (
            self.tr(
                "How far the samples as a whole are from your pictures, as a network that knows pictures sees them. It "
                "falls; it is the samples that say how good the model is."
            )
            if drifts
            else self.tr(
                "The generator makes pictures, the discriminator tells them from yours. Neither curve should run "
                "away; it is the samples that say how good the model is."
            )
        )
        for name in ("loss_g", "loss_d"):
            self._legend[name].setToolTip(text)

    def _describe(self) -> None:
        # Three legends with their values are too much for a narrow window.
        narrow = self.width() < NARROW and not self._augment.isHidden()
        for name, label in self._legend.items():
            value = "" if narrow else f" <b>{self._values[name]}</b>"
            label.setText(f'<span style="color:{_color(name)}">●</span> {self._names[name]}{value}')

    def _show_augment(self, shown: bool) -> None:
        self._augment.setVisible(shown)
        self._legend["augment"].setVisible(shown)
        self._grid.setColumnStretch(1, 2 if shown else 0)
        self._grid.setHorizontalSpacing(SPACE_L if shown else 0)

    def _keep_room(self) -> None:
        """The words on the theory must not take the place of the curves."""
        height = self._theory_text.heightForWidth(max(LEAST_WIDTH, self.width())) if self._theory_text.text() else 0
        shown = not self._theory_text.isHidden()
        self._theory_text.setMinimumHeight(height)
        self.setMinimumHeight(LEAST_HEIGHT + (height + SPACE_M if shown else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()
        self._describe()

    def reset_view(self) -> None:
        """Show the whole curve, and go on doing so as it grows."""
        self._losses.enableAutoRange()

    def _dress(self) -> None:
        for plot in (self._losses, self._augment):
            dress_plot(plot, self.font())
        for name, line in self._theory.items():
            line.setPen(pg.mkPen(_color(name), width=1, style=Qt.PenStyle.DashLine))
            line.label.setColor(_color(name))
        for name in CURVES:
            faint = QColor(_color(name))
            faint.setAlpha(RAW_ALPHA)
            self._raw[name].setPen(pg.mkPen(faint, width=1))
            self._smooth[name].setPen(pg.mkPen(_color(name), width=2))


def _color(name: str) -> str:
    return CURVES[name][0 if is_dark() else 1]
