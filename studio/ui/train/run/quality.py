"""Curves of what was measured: KID with its spread, precision and recall, for one run or two."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedLayout, QWidget

from studio.training.measurements import Measurements
from studio.ui.theme import SPACE_L, SPACE_M, colors, is_dark, theme
from studio.ui.train.run.charts import dress_plot, make_plot
from studio.ui.train.text import kid_with_spread, percent

# On dark, then on light; the second pair is for the second of two runs.
KID_COLORS = (("#6fa6cf", "#2f6f9f"), ("#e0a05a", "#b5651d"))
PRECISION = ("#8fbf8f", "#3f7f45")
RECALL = ("#c79be0", "#7a4a99")
BAND_ALPHA = 55


class _Run:
    """The curves of one run."""

    def __init__(self, place: int, kids: pg.PlotWidget, shares: pg.PlotWidget) -> None:
        self.place = place
        self.low, self.high = kids.plot(connect="finite"), kids.plot(connect="finite")
        self.band = pg.FillBetweenItem(self.low, self.high)
        kids.addItem(self.band)
        self.kid = kids.plot(connect="finite", symbol="o", symbolSize=5)
        self.best = pg.ScatterPlotItem(size=15, symbol="star")
        kids.addItem(self.best)
        self.precision, self.recall = shares.plot(connect="finite"), shares.plot(connect="finite")
        for item, layer in ((self.band, 0), (self.kid, 2), (self.best, 3)):
            item.setZValue(layer)

    def show(self, found: Measurements) -> None:
        x = np.array([one.images for one in found], float)
        values = np.array([one.kid for one in found], float) * 1000
        spread = np.array([one.kid_spread for one in found], float) * 1000
        self.kid.setData(x, values)
        self.low.setData(x, values - spread)
        self.high.setData(x, values + spread)
        self.precision.setData(x, np.array([one.precision for one in found], float) * 100)
        self.recall.setData(x, np.array([one.recall for one in found], float) * 100)
        # Empty it would pull the axes to zero.
        self.band.setVisible(len(found) > 0)
        best = found.best
        self.best.setData([best.images], [best.kid * 1000]) if best is not None else self.best.clear()

    def dress(self, dark: bool) -> None:
        color = KID_COLORS[self.place][0 if dark else 1]
        faint = QColor(color)
        faint.setAlpha(BAND_ALPHA)
        self.band.setBrush(faint)
        for edge in (self.low, self.high):
            edge.setPen(pg.mkPen(None))
        self.kid.setPen(pg.mkPen(color, width=2))
        self.kid.setSymbolBrush(color)
        self.kid.setSymbolPen(None)
        self.best.setBrush(color)
        self.best.setPen(pg.mkPen(colors().base, width=1))
        style = Qt.PenStyle.SolidLine if self.place == 0 else Qt.PenStyle.DashLine
        # The wider one lies below, so that both are seen where they are equal.
        self.precision.setPen(pg.mkPen(PRECISION[0 if dark else 1], width=3, style=style))
        self.recall.setPen(pg.mkPen(RECALL[0 if dark else 1], width=2, style=style))


class QualityChart(QWidget):
    """KID at the left, precision and recall at the right. A click asks for the moment clicked at.

    Parameters
    ----------
    runs : one or two.
    """

    imagesWanted = Signal(int)
    """Images shown at the place that was clicked."""

    def __init__(self, parent: QWidget | None = None, *, runs: int = 1) -> None:
        super().__init__(parent)
        self._kids = make_plot(self.tr("Distance (KID × 1000)"))
        self._shares = make_plot("", percent=True)
        self._shares.setYRange(0, 100)
        self._shares.setXLink(self._kids)
        for plot in (self._kids, self._shares):
            plot.setLabel("bottom", self.tr("Images shown"))
            plot.scene().sigMouseClicked.connect(lambda event, plot=plot: self._on_click(plot, event.scenePos()))
        self._runs = [_Run(place, self._kids, self._shares) for place in range(runs)]
        self._kid_legend, self._share_legend = QLabel(), QLabel()
        for label in (self._kid_legend, self._share_legend):
            label.setTextFormat(Qt.TextFormat.RichText)
        self._kid_legend.setToolTip(
            self.tr(
                "Kernel distance between samples and your pictures: lower is better, 0 is no difference. The band is "
                "its spread; the star marks the best snapshot, which is kept."
            )
        )
        self._share_legend.setToolTip(
            self.tr(
                "Precision: how many samples look like your pictures. Recall: how much of the variety of your pictures "
                "the samples cover."
            )
        )
        charts = QWidget()
        grid = QGridLayout(charts)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        grid.setRowStretch(1, 1)
        for column, (label, plot, share) in enumerate(
            ((self._kid_legend, self._kids, 3), (self._share_legend, self._shares, 2))
        ):
            grid.addWidget(label, 0, column)
            grid.addWidget(plot, 1, column)
            grid.setColumnStretch(column, share)
        self._nothing = QLabel()
        self._nothing.setProperty("muted", True)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(charts)
        self._pages.addWidget(self._nothing)
        self.setMinimumHeight(150)
        self._found: list[Measurements] = []
        theme().changed.connect(self._dress)
        self._dress()

    def show_measurements(self, *found: Measurements, nothing: str = "") -> None:
        """Draw the measurements of each run; ``nothing`` is said when there are none at all."""
        self._found = list(found)
        for run, measured in zip(self._runs, found, strict=True):
            run.show(measured)
        self._nothing.setText(nothing)
        self._pages.setCurrentIndex(0 if any(len(measured) for measured in found) else 1)
        self._describe()

    def reset_view(self) -> None:
        """Show the whole curves, and go on doing so as they grow."""
        self._kids.enableAutoRange()
        self._shares.enableAutoRange(axis="x")

    def _describe(self) -> None:
        side = 0 if is_dark() else 1
        last = next((one.last for one in self._found if one.last is not None), None)
        if last is None:
            return
        parts = []
        for run, measured in zip(self._runs, self._found, strict=True):
            if measured.last is not None:
                parts.append(
                    f'<span style="color:{KID_COLORS[run.place][side]}">●</span> {measured.last.kid_name} '
                    f"<b>{kid_with_spread(measured.last.kid, measured.last.kid_spread)}</b>"
                )
        self._kid_legend.setText("&nbsp;&nbsp;&nbsp;".join(parts))
        values = ("", "") if len(self._runs) > 1 else (percent(last.precision), percent(last.recall))
        names = (self.tr("Precision"), self.tr("Recall"))
        legend = [
            f'<span style="color:{color[side]}">●</span> {name} <b>{value}</b>'
            for color, name, value in zip((PRECISION, RECALL), names, values, strict=True)
        ]
        if len(self._runs) > 1:
            legend.append(self.tr("second run dashed"))
        self._share_legend.setText("&nbsp;&nbsp;&nbsp;".join(legend))

    def _on_click(self, plot: pg.PlotWidget, at: QPointF) -> None:
        self.imagesWanted.emit(max(0, round(plot.getViewBox().mapSceneToView(at).x())))

    def _dress(self) -> None:
        for plot in (self._kids, self._shares):
            dress_plot(plot, self.font())
        for run in self._runs:
            run.dress(is_dark())
        self._describe()
