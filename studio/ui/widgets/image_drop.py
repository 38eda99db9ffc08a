"""Taking pictures in: dropped files, pictures dragged out of a browser, the clipboard, a file dialog."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QSizePolicy, QStyle, QStyleOptionFrame, QWidget

from studio.base.errors import Hint, StudioError
from studio.base.paths import artists_folder
from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES, open_photo
from studio.recipes.documents import loads
from studio.ui.local_files import chosen_path
from studio.ui.theme import SPACE_M, colors, icon
from studio.ui.widgets.convert import to_qimage
from studio.ui.widgets.dropped import DroppedPicture, dropped_clip, dropped_document, dropped_pictures, web_addresses
from studio.ui.widgets.fetch import PictureFetch
from studio.worker import JobGroup


class ImageDrop(QFrame):
    """A place to drop pictures on; a click (or Return) opens a file dialog, Ctrl+V pastes.

    Shows the last picture taken as a thumbnail, or what :meth:`set_thumbnail` is given.
    """

    pictureDropped = Signal(object)
    """A :class:`DroppedPicture`; several at once come one after the other."""
    clipDropped = Signal(object)
    """The path of a video clip, where ``takes_clips`` is set."""
    recipeDropped = Signal(object)
    """The ``Recipe`` of a picture that is no file yet, such as a sample of Explore, where ``takes_recipes`` is set."""
    problem = Signal(object)
    """A ``StudioError``: something was dropped that is not a picture, or could not be fetched from the web."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, multiple: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("image-drop")
        self._text = text or self.tr("Drop a picture here, click to choose one, or paste.")
        self._multiple = multiple
        self._thumbnail: QPixmap | None = None
        self._coming = 0
        self._jobs = JobGroup(self)
        self.takes_clips = self.takes_recipes = False
        self.start_folder: Callable[[], str] = lambda: str(artists_folder("pictures"))
        """Gives the folder where the file dialog begins, as it is remembered when it opens."""
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)
        self.setToolTip(self.tr("Drop a file or a picture from a browser, click to choose a file, or press Ctrl+V."))

    def set_text(self, text: str) -> None:
        """Set the text shown while there is no thumbnail."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def set_thumbnail(self, image: NDArray[np.uint8] | None) -> None:
        """Show ``image``, uint8 (height, width, 3 or 4); None shows the text again."""
        self._coming += 1
        self._thumbnail = None if image is None else QPixmap.fromImage(to_qimage(image))
        self.update()

    def clear(self) -> None:
        """Forget the thumbnail."""
        self.set_thumbnail(None)

    def may_take(self, mime: QMimeData) -> bool:
        """Return whether :meth:`take` would find something, judged without reading anything."""
        return bool(
            dropped_pictures(mime)
            or web_addresses(mime)
            or (self.takes_clips and dropped_clip(mime))
            or (self.takes_recipes and dropped_document(mime))
        )

    def take(self, mime: QMimeData) -> bool:
        """Take the pictures in ``mime`` in, as if dropped here. False when there are none."""
        document = dropped_document(mime) if self.takes_recipes else None
        if document is not None:
            try:
                self.recipeDropped.emit(loads(document))
            except StudioError as problem:
                self.problem.emit(problem)
            return True
        clip = dropped_clip(mime) if self.takes_clips else None
        if clip is not None:
            self.clipDropped.emit(clip)
            return True
        pictures = dropped_pictures(mime)
        if pictures:
            for picture in pictures if self._multiple else pictures[:1]:
                self._emit(picture)
            return True
        addresses = web_addresses(mime)
        for address in addresses if self._multiple else addresses[:1]:
            fetch = PictureFetch(address, self)
            fetch.fetched.connect(self._emit)
            fetch.failed.connect(self.problem)
        return bool(addresses)

    def choose(self) -> None:
        """Ask for files with a dialog."""
        suffixes = IMAGE_SUFFIXES | CLIP_SUFFIXES if self.takes_clips else IMAGE_SUFFIXES
        what = self.tr("Pictures and video clips") if self.takes_clips else self.tr("Pictures")
        kinds = what + " (" + " ".join(f"*{suffix}" for suffix in sorted(suffixes)) + ")"
        title = self.tr("Choose a picture or a clip") if self.takes_clips else self.tr("Choose a picture")
        if self._multiple:
            names, _ = QFileDialog.getOpenFileNames(self, title, self.start_folder(), kinds)
        else:
            name, _ = QFileDialog.getOpenFileName(self, title, self.start_folder(), kinds)
            names = [name] if name else []
        for name in names:
            path = chosen_path(name)
            if self.takes_clips and path.suffix.lower() in CLIP_SUFFIXES:
                self.clipDropped.emit(path)
            else:
                self._emit(DroppedPicture(path, None, path.name))

    def paste(self) -> None:
        """Take what is in the clipboard."""
        if not self.take(QGuiApplication.clipboard().mimeData()):
            self.problem.emit(Hint(self.tr("There is no picture in the clipboard."), self.tr("Copy a picture first.")))

    def _emit(self, picture: DroppedPicture) -> None:
        self._coming += 1
        coming = self._coming

        def small() -> NDArray[np.uint8]:
            return np.asarray(open_photo(picture.source(), max_side=512, salvage=True))

        def show(image: NDArray[np.uint8] | None) -> None:
            if coming == self._coming:
                self.set_thumbnail(image)

        # Whoever uses a picture that cannot be opened says what is wrong with it.
        self._jobs.run(small, show, lambda _problem: show(None))
        self.pictureDropped.emit(picture)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        inner = self.rect().adjusted(SPACE_M, SPACE_M, -SPACE_M, -SPACE_M)
        if self._thumbnail is not None:
            size = self._thumbnail.size().scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
            ratio = self.devicePixelRatioF()
            smooth = Qt.TransformationMode.SmoothTransformation
            shown = self._thumbnail.scaled(size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            shown.setDevicePixelRatio(ratio)
            painter.drawPixmap(
                QRect(inner.center() - QRect(inner.topLeft(), size).center() + inner.topLeft(), size), shown
            )
            return
        glyph = QSize(24, 24)
        text_height = self.fontMetrics().boundingRect(inner, Qt.TextFlag.TextWordWrap, self._text).height()
        top = inner.center().y() - (glyph.height() + SPACE_M + text_height) // 2
        icon("image-plus").paint(painter, QRect(inner.center().x() - 12, top, 24, 24))
        painter.setPen(colors().muted)
        text = QRect(inner.left(), top + glyph.height() + SPACE_M, inner.width(), text_height)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap), self._text)

    def sizeHint(self) -> QSize:
        return QSize(200, 120)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.choose()

    def event(self, event: QEvent) -> bool:
        # With the focus here, pasting is for this place and not for the window's menu.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.may_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        if self.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _mark(self, dragging: bool) -> None:
        self.setProperty("dragging", dragging)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()
