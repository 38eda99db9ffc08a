"""The command palette: type a few letters of what you want, and press Return."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.command import Command, key_sequences, native_keys
from studio.ui.shell.commands import CommandRegistry, Place
from studio.ui.theme import SPACE_L, SPACE_M, colors, icon

WIDTH = 560
_ROW = 34
_ROWS_SHOWN = 11
_REMEMBERED = 8

Entry = tuple[Place, Command]
_ENTRY_ROLE = Qt.ItemDataRole.UserRole


def fuzzy_score(query: str, text: str) -> float | None:
    """Score of the letters of ``query`` in ``text``, in their order; None when they do not.

    A letter that begins a word or follows the one before counts more; of two texts that fit alike, the shorter wins.
    Case and blanks in the query do not matter. The best of all ways to place the letters is taken.
    """
    letters = "".join(query.casefold().split())
    target = text.casefold()
    if not letters:
        return 0.0
    starts = [at == 0 or not target[at - 1].isalnum() for at in range(len(target))]
    # best[at]: the best score of the letters so far with the last of them at ``at``.
    best: list[float | None] = [None] * len(target)
    for number, letter in enumerate(letters):
        scores: list[float | None] = [None] * len(target)
        reached: float | None = 0.0 if number == 0 else None
        for at, character in enumerate(target):
            if number and at and best[at - 1] is not None:
                before = best[at - 1]
                reached = before if reached is None else max(reached, before or 0.0)
            if character != letter or reached is None:
                continue
            score = reached + 1.0 + (2.0 if starts[at] else 0.0)
            if number and at and (adjacent := best[at - 1]) is not None:
                score = max(score, adjacent + 2.5)
            scores[at] = score
        best = scores
    found = [score for score in best if score is not None]
    return max(found) - len(target) / 1000 if found else None


class PaletteModel(QAbstractListModel):
    """The commands that match what was typed, the best first; what cannot be done now comes last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Entry] = []
        self._shown: list[Entry] = []

    def set_entries(self, entries: list[Entry]) -> None:
        """Take the commands there are."""
        self._all = entries
        self.search("", [])

    def search(self, query: str, recent: list[str]) -> None:
        """Show what matches ``query``; without one everything, what was ``recent``ly used first."""
        scored: list[tuple[tuple[bool, float], Entry]] = []
        for place, command in self._all:
            score = _score(query, place, command)
            if score is None:
                continue
            if command.id in recent:
                # Among equals the one used last; without a query that is the whole order.
                score += (len(recent) - recent.index(command.id)) * (0.05 if query.strip() else 10.0)
            scored.append(((not command.is_enabled(), -score), (place, command)))
        scored.sort(key=lambda one: one[0])
        self.beginResetModel()
        self._shown = [entry for _, entry in scored]
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        entry = self.entry(index.row())
        if entry is None:
            return None
        place, command = entry
        if role == _ENTRY_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{place.title}: {command.plain_text()}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return command.reason() or None
        return None


def _score(query: str, place: Place, command: Command) -> float | None:
    """By the title, by the title after its place, or by the id, which is English in every language."""
    title = command.plain_text()
    ways = [(0.0, title), (-0.5, f"{place.title} {title}"), (-1.0, command.id.replace(".", " ").replace("-", " "))]
    scores = [score + less for less, text in ways if (score := fuzzy_score(query, text)) is not None]
    return max(scores, default=None)


class _Rows(QStyledItemDelegate):
    """Paints icon, title, place and keys of a command."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH // 2, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry | None = index.data(_ENTRY_ROLE)
        if entry is None:
            return
        place, command = entry
        c, cell = colors(), QRect(option.rect)  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawRoundedRect(cell.adjusted(2, 1, -2, -1), 5, 5)
        strong = c.accent_text if selected else c.text if command.is_enabled() else c.disabled
        weak = c.accent_text if selected else c.muted if command.is_enabled() else c.disabled
        inner = cell.adjusted(SPACE_M + 2, 0, -SPACE_M - 2, 0)
        if command.icon:
            modes = QIcon.Mode
            mode = modes.Selected if selected else modes.Normal if command.is_enabled() else modes.Disabled
            place_of_icon = QRect(inner.left(), inner.center().y() - 7, 16, 16)
            icon(command.icon).paint(painter, place_of_icon, Qt.AlignmentFlag.AlignCenter, mode)
        inner.setLeft(inner.left() + 26)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        # What has to be done first is worth more than keys that would do nothing.
        reason = command.reason()
        if reason:
            painter.setPen(QPen(QColor(c.accent_text if selected else c.muted)))
            half = QRect(inner)
            half.setLeft(inner.left() + inner.width() * 2 // 5)
            said = painter.fontMetrics().elidedText(reason, Qt.TextElideMode.ElideRight, half.width())
            painter.drawText(half, middle | int(Qt.AlignmentFlag.AlignRight), said)
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(said) - SPACE_L)
        elif keys := native_keys(command.id):
            painter.setPen(QPen(QColor(weak)))
            painter.drawText(inner, middle | int(Qt.AlignmentFlag.AlignRight), keys)
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(keys) - SPACE_L)
        title = painter.fontMetrics().elidedText(command.plain_text(), Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(QPen(QColor(strong)))
        painter.drawText(inner, middle, title)
        inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(title) + SPACE_M + 2)
        painter.setPen(QPen(QColor(weak)))
        painter.drawText(
            inner, middle, painter.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideRight, inner.width())
        )
        painter.restore()


class CommandPalette(QDialog):
    """A line to type in and the commands that match. Up and down choose, Return does, Escape leaves."""

    def __init__(self, registry: CommandRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._registry = registry
        self._recent: list[str] = []
        self.setObjectName("palette")
        self.setWindowTitle(self.tr("Commands"))
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("What do you want to do?"))
        self.line.setAccessibleName(self.tr("Commands"))
        self.line.textChanged.connect(lambda _text: self._search())
        self.line.installEventFilter(self)
        self.model = PaletteModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.clicked.connect(lambda _index: self.choose())
        self.nothing = QLabel(self.tr("No command is called that."))
        self.nothing.setProperty("muted", True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        self.setFixedSize(WIDTH, _ROW * _ROWS_SHOWN + 70)

    def open_over(self, window: QWidget) -> None:
        """Show all commands in the upper middle of ``window``."""
        self.model.set_entries(self._registry.entries())
        self.line.clear()
        self._search()
        at = window.mapToGlobal(window.rect().center())
        self.move(at.x() - self.width() // 2, window.mapToGlobal(window.rect().topLeft()).y() + 60)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def choose(self) -> None:
        """Do what is selected, unless it cannot be done now."""
        entry = self.model.entry(self.list.currentIndex().row())
        if entry is None or not entry[1].is_enabled():
            return
        place, command = entry
        self._recent = [command.id, *(one for one in self._recent if one != command.id)][:_REMEMBERED]
        self.hide()  # before it is done: it may open a dialog of its own
        self._registry.run(place, command)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        row, last = self.list.currentIndex().row(), self.model.rowCount() - 1
        key = event.key()
        moves = {
            Qt.Key.Key_Down: 0 if row >= last else row + 1,
            Qt.Key.Key_Up: last if row <= 0 else row - 1,
            Qt.Key.Key_PageDown: min(last, row + _ROWS_SHOWN - 1),
            Qt.Key.Key_PageUp: max(0, row - _ROWS_SHOWN + 1),
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif key in moves:
            self.list.setCurrentIndex(self.model.index(moves[Qt.Key(key)]))
        elif QKeySequence(event.keyCombination()) in key_sequences("help.palette"):
            self.hide()
        else:
            return False
        return True

    def _search(self) -> None:
        self.model.search(self.line.text(), self._recent)
        self.list.setCurrentIndex(self.model.index(0))
        self.list.setVisible(self.model.rowCount() > 0)
        self.nothing.setVisible(self.model.rowCount() == 0)
