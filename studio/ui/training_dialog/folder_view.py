"""Choosing a folder and seeing what a network would learn from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QMimeData, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError, Work
from studio.training.folder import FolderReport, inspect_folder, load_training_image
from studio.ui.context import StudioContext
from studio.ui.reveal import reveal
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, colors, icon
from studio.ui.training_dialog.findings import FindingsView
from studio.ui.training_dialog.histogram import SizeHistogram
from studio.ui.training_dialog.mosaic import TILE, Mosaic
from studio.ui.training_dialog.words import number
from studio.ui.work_thread import BackgroundWork

MOSAIC_TILES = 300
"""A folder with more pictures is shown by an evenly spaced choice."""

FEW_PICTURES = 50
NARROW = 460
PROGRESS_SECONDS = 0.05


def dropped_folder(mime: QMimeData) -> Path | None:
    """The folder that was dropped, or that of the first file dropped."""
    for url in mime.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            if path.is_dir():
                return path
    return None


def network_view(pictures: list[Path], resolution: int, background: str, side: int) -> Work[None]:
    """Yields each picture as the network will see it, at most ``side`` pixels large, ``step`` counting from 0."""
    for position, path in enumerate(pictures):
        try:
            seen = load_training_image(path, resolution, background)
        except StudioError:
            continue  # changed since it was looked at; the training says so if it matters
        if resolution > side:
            seen = np.asarray(Image.fromarray(seen).resize((side, side), Image.Resampling.LANCZOS))
        yield Progress(position, len(pictures), path.name, seen)


class _FolderDrop(QFrame):
    """The empty state: a large place to drop a folder on, or to click."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("image-drop")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = self.tr("Drop a folder with your pictures here, or click to choose one")
        self._more = self.tr(
            "A few hundred pictures of one kind work best: one subject, one style, one viewpoint. "
            "Folders inside the folder are included. Your files are only read, and nothing leaves this computer."
        )
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._more)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        width = min(500, self.width() - 2 * SPACE_L)
        left, middle = (self.width() - width) // 2, self.height() // 2
        icon("folder").paint(painter, QRect(self.width() // 2 - 24, middle - 84, 48, 48))
        wrap = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        font = painter.font()
        font.setPixelSize(15)
        painter.setFont(font)
        painter.setPen(colors().text)
        used = painter.drawText(QRect(left, middle - 22, width, 60), wrap, self._title)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(colors().muted)
        painter.drawText(QRect(left, used.bottom() + SPACE_M + SPACE_S, width, 120), wrap, self._more)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class ElidedLabel(QLabel):
    """One line that is cut in the middle when there is no room; the whole text is the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setMinimumWidth(40)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._whole = text
        self.setToolTip(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))

    def sizeHint(self) -> QSize:
        return QSize(200, super().sizeHint().height())


class FolderView(QWidget):
    """The folder chosen, its inspection on a thread of its own, and what came out of it."""

    reported = Signal(object, bool)
    """The ``FolderReport``, or None while there is none; and whether the folder is being looked through."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._folder: Path | None = None
        self._report: FolderReport | None = None
        self._inspection: BackgroundWork | None = None
        self._tiles: BackgroundWork | None = None
        self._shown: list[Path] = []
        self._resolution, self._background = 64, "#ffffff"
        self.setAcceptDrops(True)

        self._drop = _FolderDrop()
        self._drop.clicked.connect(self.choose)

        self._name = ElidedLabel()
        self._name.setProperty("heading", True)
        self._path = ElidedLabel()
        self._path.setProperty("muted", True)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._path)
        again = QToolButton()
        again.setIcon(icon("refresh"))
        again.setIconSize(QSize(18, 18))
        again.setToolTip(self.tr("Look through the folder again"))
        again.setAccessibleName(again.toolTip())
        again.clicked.connect(lambda: self._folder and self.set_folder(self._folder))
        show = QToolButton()
        show.setIcon(icon("reveal"))
        show.setIconSize(QSize(18, 18))
        show.setToolTip(self.tr("Show the folder in the file manager"))
        show.setAccessibleName(show.toolTip())
        show.clicked.connect(lambda: self._folder and self._reveal(self._folder))
        self._other = other = QPushButton(icon("folder"), self.tr("Other folder …"))
        other.setToolTip(self.tr("Choose another folder with pictures; you can also drop one here."))
        other.clicked.connect(self.choose)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addLayout(names, 1)
        for button in (again, show, other):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._doing = ElidedLabel()
        self._doing.setProperty("muted", True)
        self._cancel = QPushButton(icon("cancel"), self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel)
        busy = QHBoxLayout()
        busy.setContentsMargins(0, 0, 0, 0)
        busy.setSpacing(SPACE_M)
        busy.addWidget(self._bar, 1)
        busy.addWidget(self._doing, 1)
        busy.addWidget(self._cancel)
        self._busy = QWidget()
        self._busy.setLayout(busy)

        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._caption = QLabel(self.tr("Short sides in pixels"))
        self._caption.setProperty("muted", True)
        summary = QHBoxLayout()
        summary.setSpacing(SPACE_M)
        summary.addWidget(self._summary, 1)
        summary.addWidget(self._caption, 0, Qt.AlignmentFlag.AlignBottom)
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        self._advice.setProperty("muted", True)
        self.histogram = SizeHistogram()
        self.mosaic = Mosaic()
        self.mosaic.setToolTip(self.tr("What the network will see. Double-click a picture to show its file."))
        self.findings = FindingsView()
        self.tabs = QTabWidget()
        self._carpet_note = QLabel()
        self._carpet_note.setProperty("muted", True)
        self._carpet_note.setWordWrap(True)
        carpet = QWidget()
        column = QVBoxLayout(carpet)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.mosaic, 1)
        column.addWidget(self._carpet_note)
        self.tabs.addTab(carpet, self.tr("As the network sees them"))
        self.tabs.addTab(self.findings, self.tr("Findings"))
        self.mosaic.wanted.connect(self._reveal)
        self.findings.wanted.connect(self._reveal)

        whole = QWidget()
        body = QVBoxLayout(whole)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        body.setSpacing(SPACE_M)
        body.addLayout(top)
        body.addWidget(self._busy)
        body.addLayout(summary)
        body.addWidget(self.histogram)
        body.addWidget(self._advice)
        body.addWidget(self.tabs, 1)

        empty = QWidget()
        frame = QVBoxLayout(empty)
        frame.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        frame.addWidget(self._drop)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(whole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

        # Sliding over resolutions and colours must not start a new look at every picture each time.
        self._look_again = QTimer(self)
        self._look_again.setSingleShot(True)
        self._look_again.setInterval(150)
        self._look_again.timeout.connect(self._show_tiles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._other.setText(self.tr("Other folder …") if self.width() >= NARROW else "")

    # ---- what others ask

    def folder(self) -> Path | None:
        """The folder chosen."""
        return self._folder

    def report(self) -> FolderReport | None:
        """What was found, once the inspection has ended."""
        return self._report

    def choose(self) -> None:
        """Ask for a folder."""
        settings = self._context.settings
        start = str(self._folder) if self._folder else settings.last_folder("training")
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder with pictures"), start)
        if name:
            self.set_folder(Path(name))

    def set_folder(self, folder: Path) -> None:
        """Look through ``folder``."""
        self.cancel()
        self._folder = folder
        self._set_report(None)
        self._name.set_text(folder.name or str(folder))
        self._path.set_text(str(folder))
        self.mosaic.clear()
        self._shown = []
        self._carpet_note.clear()
        self._bar.setRange(0, 0)
        self._doing.set_text(self.tr("Looking for pictures"))
        self._busy.show()
        was_here = self._drop.hasFocus()
        self._pages.setCurrentIndex(1)
        if was_here:
            self.mosaic.setFocus()
        work = BackgroundWork(lambda: inspect_folder(folder), self, every=PROGRESS_SECONDS)
        work.progressed.connect(self._on_progress)
        work.done.connect(self._on_report)
        work.failed.connect(self._on_failed)
        self._inspection = work
        work.start()

    def set_view(self, resolution: int, background: str) -> None:
        """What the network will be made for: its resolution, and the colour under transparent pictures."""
        self.histogram.set_resolution(resolution)
        if (resolution, background) == (self._resolution, self._background):
            return
        self._resolution, self._background = resolution, background
        self._advise()
        if self._report is not None:
            self._look_again.start()

    def cancel(self) -> None:
        """Stop looking through the folder; without a result the room is as before any folder was chosen."""
        self._look_again.stop()
        if self._tiles is not None:
            self._tiles.cancel()
            self._tiles = None
        if self._inspection is not None:
            self._inspection.cancel()
            self._inspection = None
            self._forget()

    # ---- the inspection

    def _forget(self) -> None:
        self._folder = None
        self._busy.hide()
        self._pages.setCurrentIndex(0)
        self._set_report(None)

    def _set_report(self, report: FolderReport | None) -> None:
        self._report = report
        for part in (self._summary, self._caption, self.histogram):
            part.setVisible(report is not None)
        self.findings.set_report(report)
        self.histogram.set_sides(report.short_sides() if report is not None else [])
        self._advise()
        count = len(report.findings) if report is not None else 0
        title = self.tr("Findings ({n})").format(n=number(count)) if report is not None else self.tr("Findings")
        self.tabs.setTabText(1, title)
        self.reported.emit(report, report is None and self._folder is not None)

    def _on_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.step)
        self._doing.set_text(
            self.tr("{n} of {total} · {name}").format(
                n=number(progress.step), total=number(progress.total), name=progress.message
            )
        )
        if progress.preview is not None and self.mosaic.count() < MOSAIC_TILES:
            self.mosaic.add(Path(progress.message), progress.preview)

    def _on_report(self, report: FolderReport) -> None:
        self._inspection = None
        self._busy.hide()
        self._context.settings.remember_folder("training", report.folder)
        used, skipped = len(report.used), len(report.skipped)
        text = self.tr("{n} used").format(n=number(used))
        if skipped:
            counts = report.counts
            reasons = (
                (counts["duplicate"], self.tr("duplicates: {n}")),
                (counts["too_small"], self.tr("too small: {n}")),
                (counts["unreadable"], self.tr("unreadable: {n}")),
            )
            why = ", ".join(words.format(n=number(count)) for count, words in reasons if count)
            text += " · " + self.tr("{n} left out ({why})").format(n=number(skipped), why=why)
        self._summary.setText(text)
        self._set_report(report)
        self._show_tiles()

    def _on_failed(self, problem: StudioError) -> None:
        self._inspection = None
        self._forget()
        self._context.problem.emit(problem)

    def _advise(self) -> None:
        """One remark that matters, or nothing."""
        text = ""
        if self._report is not None:
            used, small = len(self._report.used), self.histogram.enlarged()
            if used < 2:
                text = self.tr("Training needs two pictures at least; see the findings for what was left out.")
            elif used < FEW_PICTURES:
                text = self.tr(
                    "These are few pictures: the network will soon repeat them. Start from a model of the library "
                    "and use “mirror”, or add more pictures."
                )
            elif small * 10 > used:
                text = self.tr("{n} of them are smaller than {size} pixels and will be enlarged.").format(
                    n=number(small), size=self._resolution
                )
        self._advice.setText(text)
        self._advice.setVisible(bool(text))

    # ---- the carpet

    def _show_tiles(self) -> None:
        if self._tiles is not None:
            self._tiles.cancel()
            self._tiles = None
        if self._report is None:
            return
        used = [found.path for found in self._report.used]
        choice = np.unique(np.linspace(0, len(used) - 1, min(MOSAIC_TILES, len(used))).round().astype(int))
        self._shown = [used[index] for index in choice] if used else []
        self.mosaic.clear()
        note = self.tr("Centre squares at {size} × {size} pixels.").format(size=self._resolution)
        if len(self._shown) < len(used):
            note += " " + self.tr("{n} of {total} are shown.").format(
                n=number(len(self._shown)), total=number(len(used))
            )
        self._carpet_note.setText(note)
        pictures, resolution, background = self._shown, self._resolution, self._background
        side = 2 * TILE
        self._tiles = BackgroundWork(lambda: network_view(pictures, resolution, background, side), self)
        self._tiles.progressed.connect(self._on_tile)
        self._tiles.start()

    def _on_tile(self, progress: Progress) -> None:
        picture: NDArray[np.uint8] | None = progress.preview
        if picture is not None:
            self.mosaic.add(self._shown[progress.step], picture)

    def _reveal(self, path: Path) -> None:
        # While the inspection runs, squares have a name only.
        if not path.is_absolute():
            return
        try:
            reveal(path)
        except StudioError as problem:
            self._context.problem.emit(problem)

    # ---- drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_folder(event.mimeData()) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.set_folder(folder)

    def _mark(self, dragging: bool) -> None:
        self._drop.setProperty("dragging", dragging)
        self._drop.style().unpolish(self._drop)
        self._drop.style().polish(self._drop)
