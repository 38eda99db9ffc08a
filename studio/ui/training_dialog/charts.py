"""Curves of the losses, in the colours of the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from studio.ui.theme import SPACE_L, SPACE_M, colors, icon, is_dark, theme
from studio.ui.training_dialog.follower import Curves

# Blue and orange can be told apart by nearly everybody; on dark, then on light.
CURVES = {"loss_g": ("#6fa6cf", "#2f6f9f"), "loss_d": ("#e0a05a", "#b5651d"), "augment": ("#8fbf8f", "#3f7f45")}
RAW_ALPHA = 110
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
    """The generator's and discriminator's loss: faint as noted, bold smoothed; augmentation below when it varies.

    Drag with the left button to move, turn the wheel to zoom, use the button to see everything again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._losses = make_plot(self.tr("Loss"))
        self._augment = make_plot(self.tr("Augmentation"))
        self._augment.setFixedHeight(90)
        self._augment.setXLink(self._losses)
        self._augment.setYRange(0, 1)
        self._augment.hide()
        self._losses.setLabel("bottom", self.tr("Images shown"))
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

        self._legend = {"loss_g": QLabel(), "loss_d": QLabel()}
        self._names = {"loss_g": self.tr("Generator"), "loss_d": self.tr("Discriminator")}
        legend = QHBoxLayout()
        legend.setSpacing(SPACE_L)
        for label in self._legend.values():
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setToolTip(
                self.tr(
                    "The generator makes pictures, the discriminator tells them from yours. Neither curve should run "
                    "away; it is the samples that say how good the model is."
                )
            )
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
        layout = QVBoxLayout(charts)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(legend)
        layout.addWidget(self._losses, 1)
        layout.addWidget(self._augment)
        self._theory_words = QLabel()
        self._theory_words.setProperty("muted", True)
        self._theory_words.setWordWrap(True)
        self._theory_words.hide()
        layout.addWidget(self._theory_words)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(charts)
        self.setMinimumHeight(150)
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
        for name, (words, value) in known.items():
            line = pg.InfiniteLine(
                value,
                angle=0,
                label=f"{self._names[name]}: {words} = {QLocale().toString(value, 'f', 2)}",
                labelOpts={"position": 0.98, "anchors": [(1, 0 if name == "loss_g" else 1)] * 2},
            )
            self._losses.addItem(line)
            self._theory[name] = line
        if loss == "relativistic":
            words = self.tr("Dashed: the equilibrium, where the discriminator cannot tell which of a pair is real.")
        else:
            words = self.tr(
                "Dashed: the equilibrium of the theory. There the discriminator can tell nothing any more, D is ½ "
                "everywhere, and the value function V(D, G) is −log 4; the discriminator’s loss is −V. Below its line "
                "it still tells the pictures apart."
            )
        self._theory_words.setText(words)
        self._theory_words.setVisible(bool(known))
        self._dress()

    def show_curves(self, curves: Curves) -> None:
        """Draw ``curves``."""
        x = curves.images()
        for name in CURVES:
            self._raw[name].setData(x, curves.raw(name))
            self._smooth[name].setData(x, curves.smooth(name))
        self._augment.setVisible(curves.has("augment"))
        self._pages.setCurrentIndex(1 if len(curves) else 0)
        for name, label in self._legend.items():
            last = curves.smooth(name)[-1:]
            value = QLocale().toString(float(last[0]), "f", 2) if last.size and np.isfinite(last[0]) else "–"
            label.setText(f'<span style="color:{_color(name)}">●</span> {self._names[name]} <b>{value}</b>')

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
