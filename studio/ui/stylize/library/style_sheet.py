"""The photo in all styles of the library, small, one after the other; a click tries a style."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError, Work
from studio.engine.jobs.style_grid import in_style, labelled_grid, style_grid
from studio.recipes import FileRef, StylizeRecipe, recipe_hash
from studio.recipes.embed import save_marked
from studio.ui.describe.style_names import style_name
from studio.ui.theme import SPACE_L, SPACE_M, icon
from studio.ui.thumbnails import thumbnail_service
from studio.ui.widgets import enable_unless, from_qimage, to_qimage
from studio.ui.widgets.save_name import completed_name, free_name
from studio.ui.widgets.scrolling import keep_vertical_bar
from studio.ui.widgets.starred_files import BADGE, Index, paint_badge
from studio.worker import Job, JobGroup, Priority

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.gallery import Style
    from studio.ui.context import StudioContext

TILE = 168
_SETTLE_MS = 300
_ROLE = Qt.ItemDataRole.UserRole


_BLENDS = Qt.KeyboardModifier.ControlModifier
_USING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Plus)


class _Plus(QStyledItemDelegate):
    """A plus on the cell under the mouse, to blend its style in; a minus when it is in the blend."""

    def __init__(self, used: Callable[[Style], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._used = used

    def place(self, cell: QRect) -> QRectF:
        """The badge's place in a cell: in the corner where no tooltip covers it."""
        return QRectF(cell.center().x() - TILE / 2 + 6, cell.top() + 10, BADGE, BADGE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_MouseOver:  # type: ignore[attr-defined]
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            glyph = "remove" if self._used(index.data(_ROLE)) else "add"
            paint_badge(painter, self.place(option.rect), glyph, QColor(0, 0, 0, 150))  # type: ignore[attr-defined]
            painter.restore()


class _Sheet(QListWidget):
    """Cells share the width evenly. Remembers where the mouse was pressed last, and with which keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pressed_at = QPointF()
        self.pressed_with = Qt.KeyboardModifier.NoModifier

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed_at, self.pressed_with = event.position(), event.modifiers()
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = max(1, self.viewport().width() - 1)
        size = QSize(width // max(1, width // (TILE + 10)), TILE + 30)
        if size != self.gridSize():
            self.setGridSize(size)
        super().resizeEvent(event)


class StyleSheetView(QFrame):
    """A page in place of the picture. Draws anew when photo, settings or the styles in the library change."""

    picked = Signal(object)
    """A ``Style`` to be tried alone."""
    blended = Signal(object)
    """A ``Style`` to be blended in, or taken out when it is in the blend."""
    closed = Signal()

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._base: StylizeRecipe | None = None
        self._styles: list[Style] = []
        self._used: frozenset[str] = frozenset()
        self._thumbnails = thumbnail_service()
        self._drawn_base: StylizeRecipe | None = None
        self._job: Job | None = None
        self._background = JobGroup(self, ordered=True)
        self._background.failed.connect(context.problem)
        self._settles = QTimer(self)
        self._settles.setSingleShot(True)
        self._settles.setInterval(_SETTLE_MS)
        self._settles.timeout.connect(self._draw)

        self.list = _Sheet(self)
        self.list.setObjectName("style-sheet")
        self.list.setStyleSheet(
            "#style-sheet, #style-sheet:focus { background: palette(window); border: none; border-radius: 0; }"
        )
        self.list.setAccessibleName(self.tr("The photo in all styles"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(TILE, TILE))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.verticalScrollBar().setSingleStep(24)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_vertical_bar(self.list)
        self.list.setMouseTracking(True)
        self._plus = _Plus(lambda style: style.hash in self._used, self.list)
        self.list.setItemDelegate(self._plus)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemDoubleClicked.connect(self._on_double_clicked)

        self.title = QLabel(self)
        self.title.setStyleSheet("font-weight: 600;")
        hint = QLabel(self.tr("Click: try a style. Double-click: take it. + or Ctrl and a click: blend it in."), self)
        hint.setProperty("muted", True)
        hint.setMinimumWidth(1)  # the first to give way in a narrow window
        self.bar = QProgressBar(self)
        self.bar.setMinimumWidth(40)
        self.bar.setMaximumWidth(150)
        self.bar.setTextVisible(False)
        self.stop_button = QPushButton(icon("stop"), self.tr("Stop"), self)
        self.stop_button.clicked.connect(self._stop_or_go)
        self.save_button = QPushButton(icon("export"), self.tr("Save sheet …"), self)
        self.save_button.clicked.connect(self._ask_file)
        back = QPushButton(icon("previous"), self.tr("Back to the picture"), self)
        back.setToolTip(self.tr("Close the sheet (Esc)"))
        back.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, 0)
        top.setSpacing(SPACE_L)
        top.addWidget(self.title)
        top.addWidget(hint, 1)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
        bottom.setSpacing(SPACE_M)
        bottom.addWidget(back)
        bottom.addStretch(1)
        bottom.addWidget(self.bar)
        bottom.addWidget(self.stop_button)
        bottom.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addLayout(bottom)

    def show_for(self, base: StylizeRecipe, styles: Sequence[Style]) -> None:
        """Draw ``base`` in each of ``styles``; what is drawn already stays."""
        styles = list(styles)
        if base == self._base and [style.path for style in styles] == [style.path for style in self._styles]:
            return
        first = self._base is None
        self._base, self._styles = base, styles
        self.stop()
        if first:
            self._draw()
        else:
            self._settles.start()

    def set_used(self, hashes: frozenset[str]) -> None:
        """Mark the styles of the blend."""
        self._used = hashes
        for row in range(self.list.count()):
            self._name(self.list.item(row))

    def stop(self) -> None:
        """Draw no more."""
        self._settles.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._update()

    def leave(self) -> None:
        """Draw no more, and begin anew when shown again."""
        self.stop()
        self._base = None

    def close_files(self) -> None:
        """The window closes."""
        self.leave()
        self._background.close()

    def drawn(self) -> list[tuple[Style, NDArray[np.uint8]]]:
        """The styles that have their picture, in order."""
        found = ((style, self._image(style)) for style in self._styles)
        return [(style, from_qimage(image, alpha=image.hasAlphaChannel())) for style, image in found if image]

    def save_to(self, path: Path) -> None:
        """Write the sheet with names as a picture."""
        drawn, recipe = self.drawn(), self._drawn_base
        if not drawn or recipe is None:
            return
        names = [style_name(style) for style, _ in drawn]
        self._background.run(
            lambda: save_marked(labelled_grid([image for _, image in drawn], names), path, recipe, exists="replace"),
            lambda done: self._context.notify.emit(self.tr("Saved as {name}.").format(name=done.name)),
            must_finish=True,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _USING and self.list.currentItem() is not None:
            blends = event.key() == Qt.Key.Key_Plus or bool(event.modifiers() & _BLENDS)
            (self.blended if blends else self.picked).emit(self.list.currentItem().data(_ROLE))
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        base = self._base
        if base is None:
            return
        self._drawn_base = base
        self.list.clear()
        for style in self._styles:
            item = QListWidgetItem(self._icon(self._image(style)), "")
            item.setData(_ROLE, style)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            self.list.addItem(item)
            self._name(item)
        self._go_on()

    def _go_on(self) -> None:
        """Draw what is not drawn yet."""
        base = self._base
        waiting = [style for style in self._styles if self._image(style) is None]
        if base is None or not waiting:
            self._update()
            return

        def work(engine: Engine) -> Work[object]:
            refs = []
            for style in waiting:
                try:
                    refs.append(engine.sources.lend(style.path))
                except StudioError:
                    refs.append(FileRef(hash=style.hash, name=style.path.name))  # the sheet leaves it out
            return (yield from style_grid(engine, [in_style(base, ref) for ref in refs]))

        job = self._context.worker.submit(
            work, priority=Priority.BACKGROUND, key="style-sheet", title=self.tr("Trying styles")
        )
        self._job = job
        job.progressed.connect(lambda progress: self._on_progress(job, waiting, progress))
        job.finished.connect(lambda _result: self._ended(job))
        job.failed.connect(self._context.problem)
        job.failed.connect(lambda _problem: self._ended(job))
        self._update()

    def _on_progress(self, job: Job, styles: list[Style], progress: Progress) -> None:
        if job is not self._job or progress.preview is None:
            return
        style, image = styles[progress.step - 1], to_qimage(progress.preview)
        self._thumbnails.put(self._key(style), image)
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_ROLE).path == style.path:
                item.setIcon(self._icon(image))
        self._update()

    def _ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._update()

    def _update(self) -> None:
        count, done = len(self._styles), sum(self._image(style) is not None for style in self._styles)
        self.title.setText(self.tr("This photo in %n styles", "", count))
        running = self._job is not None
        self.bar.setRange(0, max(1, count))
        self.bar.setValue(done)
        self.bar.setVisible(running)
        self.stop_button.setVisible(running or done < count)
        self.stop_button.setText(self.tr("Stop") if running else self.tr("Go on"))
        self.stop_button.setIcon(icon("stop" if running else "play"))
        drawn = done > 0 and self._drawn_base == self._base
        enable_unless(self.save_button, "" if drawn else self.tr("Wait for the first picture."))

    def _stop_or_go(self) -> None:
        if self._job is not None:
            self.stop()
        else:
            self._go_on()

    def _on_clicked(self, item: QListWidgetItem) -> None:
        blends = self._on_plus(item) or bool(self.list.pressed_with & _BLENDS)
        (self.blended if blends else self.picked).emit(item.data(_ROLE))

    def _on_double_clicked(self, item: QListWidgetItem) -> None:
        """The first click has tried the style: it is what is wanted."""
        if not self._on_plus(item):
            self.closed.emit()

    def _on_plus(self, item: QListWidgetItem) -> bool:
        return self._plus.place(self.list.visualItemRect(item)).contains(self.list.pressed_at)

    def _ask_file(self) -> None:
        settings = self._context.settings
        folder = settings.start_folder("export")
        kinds = self.tr("PNG picture") + " (*.png);;" + self.tr("JPEG picture") + " (*.jpg *.jpeg)"
        proposed = free_name(Path(folder) / f"{self.tr('Sheet of styles')}.png")
        name, chosen = QFileDialog.getSaveFileName(self, self.tr("Save sheet"), proposed, kinds)
        usual = ".jpg" if "jpg" in chosen else ".png"
        path = completed_name(self, name, (".png", ".jpg", ".jpeg"), usual)
        if path is not None:
            settings.remember_folder("export", path)
            self.save_to(path)

    def _name(self, item: QListWidgetItem) -> None:
        style: Style = item.data(_ROLE)
        name = style_name(style)
        item.setText(f"✓ {name}" if style.hash in self._used else name)
        item.setToolTip(name)

    def _image(self, style: Style) -> QImage | None:
        """The photo in ``style``, as long as it is kept."""
        return self._thumbnails.find(self._key(style))

    def _key(self, style: Style) -> tuple[str, str, str]:
        base = self._drawn_base
        return "style sheet", "" if base is None else recipe_hash(base), style.hash

    def _icon(self, image: QImage | None) -> QIcon:
        ratio = self.devicePixelRatioF()
        side = round(TILE * ratio)
        if image is None:
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
        else:
            smooth = Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(image).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        pixmap.setDevicePixelRatio(ratio)
        result = QIcon(pixmap)
        result.addPixmap(pixmap, QIcon.Mode.Selected)  # selected pictures keep their colours
        return result
