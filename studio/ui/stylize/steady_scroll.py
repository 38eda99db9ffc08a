"""A scrolled column in which what is under the mouse stays there when something above it grows or shrinks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


class SteadyScroll(QScrollArea):
    """Scrolls only up and down. Call :meth:`hold` before what may change the height of the content.

    The content is always as high as it likes to be: squeezed to its least height, all of it would give way a little
    whenever a part opens.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self._content = content
        content.installEventFilter(self)
        self._held: tuple[QWidget, int] | None = None
        self._release = QTimer(self)
        self._release.setSingleShot(True)
        self._release.setInterval(0)
        self._release.timeout.connect(self._let_go)

    def hold(self, widget: QWidget | None = None) -> None:
        """Keep ``widget`` where it is until the layout is done; None: the one under the mouse, or with the focus."""
        if self._held is None and (widget := widget or self._anchor()) is not None:
            self._held = widget, self._height_of(widget)
            self._release.start()

    def begin(self) -> None:
        """Show the beginning, whatever lies under the mouse: the content is a new one."""
        self._release.stop()
        self._held = None
        self.verticalScrollBar().setValue(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._content:
            QTimer.singleShot(0, self, self._restore)
        elif event.type() == QEvent.Type.LayoutRequest and watched is self._content:
            self._content.setMinimumHeight(self._liked_height())
        return super().eventFilter(watched, event)

    def _liked_height(self) -> int:
        layout = self._content.layout()
        if layout is None:
            return self._content.sizeHint().height()
        if layout.hasHeightForWidth():
            return layout.heightForWidth(self.viewport().width())
        return layout.sizeHint().height()

    def _anchor(self) -> QWidget | None:
        at = self.viewport().mapFromGlobal(QCursor.pos())
        found = self._content.childAt(self._content.mapFrom(self.viewport(), at)) if self._is_inside(at) else None
        if found is None:
            focus = QApplication.focusWidget()
            found = focus if focus is not None and self._content.isAncestorOf(focus) else None
        return found

    def _is_inside(self, at: QPoint) -> bool:
        return self.isVisible() and self.viewport().rect().contains(at)

    def _height_of(self, widget: QWidget) -> int:
        return widget.mapTo(self.viewport(), QPoint(0, 0)).y()

    def _restore(self) -> None:
        if self._held is None:
            return
        widget, height = self._held
        if self._content.isAncestorOf(widget) and widget.isVisibleTo(self):
            moved = self._height_of(widget) - height
            if moved:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + moved)

    def _let_go(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            layout.activate()
        self._restore()
        # The content is resized once more when the scroll bar has its new range.
        QTimer.singleShot(0, self, self._end)

    def _end(self) -> None:
        self._restore()
        self._held = None
