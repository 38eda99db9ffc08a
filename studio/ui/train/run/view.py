"""One run: its samples over time and its curves, and beside them where it stands and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from studio.base import StudioError
from studio.ui.theme import SPACE_L, SPACE_M
from studio.ui.train.dataset.folder_drop import ElidedLabel
from studio.ui.train.run.charts import LossChart
from studio.ui.train.run.column import RunColumn
from studio.ui.train.run.follower import RunFollower, RunNews
from studio.ui.train.run.quality import QualityChart
from studio.ui.train.run.samples import RunSamples
from studio.ui.train.text import status_color, status_name
from studio.worker import JobGroup


class RunView(QWidget):
    """Shows one run.

    Attributes
    ----------
    samples, charts, column : its parts; the column's signals ask the panel to act.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follower: RunFollower | None = None
        self._reading: RunFollower | None = None
        self._background = JobGroup(self)
        self.samples = RunSamples()
        self.column = RunColumn()
        self._title = ElidedLabel()
        self._title.setProperty("heading", True)
        self._status = QLabel()
        self._status.setTextFormat(Qt.TextFormat.RichText)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(self._title, 1)
        top.addWidget(self._status)

        self.chart = LossChart()
        self.quality = QualityChart()
        self.quality.imagesWanted.connect(self.samples.show_images)
        self.charts = QTabWidget()
        for chart, title in ((self.quality, self.tr("Quality")), (self.chart, self.tr("Losses"))):
            page = QWidget()
            inside = QVBoxLayout(page)
            inside.setContentsMargins(0, SPACE_M, 0, 0)
            inside.addWidget(chart)
            self.charts.addTab(page, title)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("training-splitter")
        splitter.addWidget(self.samples)
        splitter.addWidget(self.charts)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        middle = QWidget()
        body = QVBoxLayout(middle)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_M)
        body.setSpacing(SPACE_M)
        body.addLayout(top)
        body.addWidget(splitter, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(middle, 1)
        layout.addWidget(self.column)

    def follower(self) -> RunFollower | None:
        """The run shown."""
        return self._follower

    def set_run(self, follower: RunFollower) -> None:
        """Show another run."""
        if follower is self._follower:
            return
        self.column.keep_notes()  # they belong to the run that was shown
        self._follower = follower
        settings = follower.run.settings
        self._title.set_text(settings.name)
        self.samples.set_run(follower)
        self.column.set_run(follower)
        self.chart.show_theory(settings.adversarial if settings.architecture == "dcgan" else None)
        self.chart.show_curves(follower.curves)
        self.chart.reset_view()
        self._show_quality(follower)
        self.quality.reset_view()
        self.charts.setCurrentIndex(0 if len(follower.measurements) else 1)
        self.refresh()

    def refresh(self) -> None:
        """Show where the run stands, and have what is new in its files read."""
        follower = self._follower
        if follower is None:
            return
        self.show_state()
        if self._reading is not follower:
            self._reading = follower

            def over() -> None:
                if self._reading is follower:
                    self._reading = None

            def failed(_problem: StudioError) -> None:
                over()  # the next look may find the files readable again

            def take(news: RunNews) -> None:
                over()
                self._take(follower, news)

            self._background.run(follower.news, take, failed)

    def _take(self, follower: RunFollower, news: RunNews) -> None:
        first = not follower.was_read
        if not follower.take(news) or follower is not self._follower:
            return
        self.chart.show_curves(follower.curves)
        self._show_quality(follower)
        self.column.show_quality()
        if first:
            self.chart.reset_view()
            self.quality.reset_view()
            self.charts.setCurrentIndex(0 if len(follower.measurements) else 1)
            self.column.show_settings()
        self.samples.refresh()
        self.show_state()

    def show_state(self) -> None:
        """Show where the run stands and what can be done now."""
        follower = self._follower
        if follower is None:
            return
        color = status_color(follower.status)
        self._status.setText(f'<span style="color:{color}">●</span> {self._status_text(follower)}')
        self.samples.show_state()
        self.column.show_state()

    def _status_text(self, follower: RunFollower) -> str:
        match follower.asked:
            case "pause":
                return self.tr("Pausing …")
            case "resume":
                return self.tr("Resuming …")
            case "stop":
                return self.tr("Stopping …")
        return status_name(follower.status)

    def _show_quality(self, follower: RunFollower) -> None:
        off = follower.run.settings.evaluate_every == 0
        self.quality.show_measurements(
            follower.measurements,
            nothing=self.tr("This run is not measured.")
            if off
            else self.tr("The quality is measured from time to time; the curves appear here after the first time."),
        )

    def keep_notes(self) -> None:
        """Hand over notes that were typed and not kept yet."""
        self.column.keep_notes()

    def stop_timers(self) -> None:
        """The room is hidden or the window closes."""
        self.samples.stop()
        self.column.keep_notes()
