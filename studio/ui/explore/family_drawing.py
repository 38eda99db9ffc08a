"""The drawing of a family tree: where everyone stands, its lines and pictures, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from studio.recipes import SampleRecipe
from studio.recipes.family import FamilyTree, Person
from studio.ui.theme import colors

SIDE = 112.0
"""Of a picture in the drawing, in units of the drawing: a pixel at its natural size."""
_ACROSS, _DOWN, _MARGIN, _TEXT = SIDE + 28, SIDE + 76, 48.0, 22.0
_SCALE = 2.0
"""Pixels a unit in an exported picture."""
_LONGEST = 16_384
"""Pixels of the longer side of an exported picture: larger ones open in few programs."""
_ZOOMS = 0.1, 3.0
"""The least and the greatest; a tree that is still too large at the least can be seen smaller, as a whole."""

FindImage = Callable[[SampleRecipe], QImage | None]


@dataclass(frozen=True)
class Ink:
    """The colours of a drawing; ``first`` and ``second`` are the lines from the left and the right parent."""

    ground: QColor
    empty: QColor
    text: QColor
    muted: QColor
    first: QColor
    second: QColor
    chosen: QColor


PAPER = Ink(*map(QColor, ("#ffffff", "#ececec", "#1e1e1e", "#6a6a6a", "#5b7f9b", "#b0764f", "#5b7f9b")))
"""White ground and dark lines, whatever the theme: for print."""


def screen_ink() -> Ink:
    """The colours of the theme in use."""
    c = colors()
    warm = "#d69a70" if QColor(c.canvas).lightness() < 128 else "#8f5730"
    return Ink(*map(QColor, (c.canvas, c.raised, c.text, c.muted, c.accent, warm, c.focus)))


@dataclass(frozen=True)
class Layout:
    """The middles of the pictures of all in a tree, by number, and the size of the whole."""

    places: dict[int, QPointF]
    width: float
    height: float

    def square(self, number: int) -> QRectF:
        """The place of a person's picture."""
        middle = self.places[number]
        return QRectF(middle.x() - SIDE / 2, middle.y() - SIDE / 2, SIDE, SIDE)

    def between(self, parent: int, child: int) -> list[tuple[float, list[float]]]:
        """The rows between two persons, from above: the y of their middles, and the x of all their pictures."""
        first, last = self.places[parent].y(), self.places[child].y()
        return [row for row in self._rows if first < row[0] < last]

    @cached_property
    def _rows(self) -> list[tuple[float, list[float]]]:
        """All rows, as :meth:`between` gives them."""
        rows: dict[float, list[float]] = {}
        for place in self.places.values():
            rows.setdefault(place.y(), []).append(place.x())
        return sorted(rows.items())


def lay_out(tree: FamilyTree) -> Layout:
    """Generations as rows, everyone as near below its parents, and above its children, as the neighbours let it.

    The order in a row is that of the parents' places (barycentres; Sugiyama et al. 1981, "Methods for visual
    understanding of hierarchical system structures").
    """
    rows = tree.generations()
    children: dict[int, list[int]] = {}
    for person in tree.persons:
        for parent in person.parents:
            children.setdefault(parent, []).append(person.number)
    x: dict[int, float] = {}
    for row in rows:
        _place(row, {p.number: _mean([x[parent] for parent in p.parents]) for p in row}, x)
    for _ in range(3):
        for row in reversed(rows[:-1]):
            _place(row, {p.number: _mean([x[one] for one in children.get(p.number, ())], x[p.number]) for p in row}, x)
        for row in rows[1:]:
            _place(row, {p.number: _mean([x[parent] for parent in p.parents], x[p.number]) for p in row}, x)
    left, right = min(x.values(), default=0.0), max(x.values(), default=0.0)
    places = {
        person.number: QPointF(
            _MARGIN + SIDE / 2 + (x[person.number] - left) * _ACROSS, _MARGIN + SIDE / 2 + depth * _DOWN
        )
        for depth, row in enumerate(rows)
        for person in row
    }
    height = 2 * _MARGIN + _TEXT + SIDE + max(0, len(rows) - 1) * _DOWN
    return Layout(places, 2 * _MARGIN + SIDE + (right - left) * _ACROSS, height)


def _place(row: list[Person], wanted: dict[int, float | None], x: dict[int, float]) -> None:
    """Give those of a row places that are 1 or more apart, in all as near to those ``wanted`` as goes."""
    order = sorted(range(len(row)), key=lambda i: (_or_last(wanted[row[i].number]), i))
    found: list[float] = []
    for i in order:
        wish = wanted[row[i].number]
        least = found[-1] + 1 if found else None
        found.append(least or 0.0 if wish is None else wish if least is None else max(wish, least))
    known = [(at, wish) for at, i in zip(found, order, strict=True) if (wish := wanted[row[i].number]) is not None]
    shift = sum(wish - at for at, wish in known) / len(known) if known else 0.0
    for at, i in zip(found, order, strict=True):
        x[row[i].number] = at + shift


def _or_last(wish: float | None) -> float:
    return float("inf") if wish is None else wish


def _mean(values: list[float], otherwise: float | None = None) -> float | None:
    return sum(values) / len(values) if values else otherwise


def paint_family(
    painter: QPainter,
    tree: FamilyTree,
    layout: Layout,
    find: FindImage,
    ink: Ink,
    chosen: int | None = None,
    seen: QRectF | None = None,
) -> None:
    """Draw the lines, pictures and names of a tree; ``chosen`` is framed. In units of ``layout``.

    Parameters
    ----------
    seen : the part of the drawing that is looked at, which is all that is drawn of pictures and names; None: all of it.
    """
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    thick = max(1.6, 0.8 / painter.transform().m11())  # of a tree seen as a whole, lines would be too thin to see
    for person in tree.persons:
        parents = sorted(person.parents, key=lambda parent: layout.places[parent].x())
        for which, parent in enumerate(parents):
            side = 0.0 if len(parents) == 1 else (-14.0, 14.0)[which]
            painter.setPen(QPen((ink.first, ink.second)[which], thick))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            line = _line(layout, parent, person.number, side)
            if seen is None or seen.intersects(line.controlPointRect().adjusted(-1, 0, 1, 0)):
                painter.drawPath(line)
    font = QFont(painter.font())
    font.setPixelSize(13)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    for person in tree.persons:
        square = layout.square(person.number)
        if seen is not None and not seen.intersects(square.adjusted(-12, -3, 12, _TEXT + 4)):
            continue
        image = find(person.recipe)
        if image is None:
            painter.fillRect(square, ink.empty)
        else:
            size = QSize(image.size()).scaled(int(SIDE), int(SIDE), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRectF(QPointF(), size)
            fitted.moveCenter(square.center())
            painter.drawImage(fitted, image)
        if person.number == chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink.chosen, 3))
            painter.drawRect(square.adjusted(-3, -3, 3, 3))
        below = QRectF(square.left() - 12, square.bottom() + 4, square.width() + 24, _TEXT)
        ground = QColor(ink.ground)
        ground.setAlpha(215)
        text = metrics.elidedText(person.name or str(person.number), Qt.TextElideMode.ElideRight, below.width() - 4)
        width = metrics.horizontalAdvance(text) + 8
        painter.fillRect(QRectF(below.center().x() - width / 2, below.top(), width, below.height() - 3), ground)
        painter.setPen(ink.text if person.name else ink.muted)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), text)


def _line(layout: Layout, parent: int, child: int, side: float) -> QPainterPath:
    """The line from a parent to a child, through the gaps of the generations between them.

    It arrives so far at the ``side`` of the child's middle, negative at the left, as that says.
    """
    begin = layout.square(parent).center() + QPointF(0, SIDE / 2 + _TEXT)
    end = layout.square(child).center() + QPointF(side, -SIDE / 2 - 2)
    path = QPainterPath(begin)
    at = begin
    for y, row in layout.between(parent, child):
        straight = begin.x() + (end.x() - begin.x()) * (y - begin.y()) / (end.y() - begin.y())
        top = QPointF(_gap(row, straight), y - SIDE / 2 - 2)
        _bend(path, at, top)
        at = QPointF(top.x(), y + SIDE / 2 + _TEXT)
        path.lineTo(at)
    _bend(path, at, end)
    return path


def _bend(path: QPainterPath, begin: QPointF, end: QPointF) -> None:
    """Go on from ``begin`` to ``end``, leaving and arriving downwards."""
    half = QPointF(0, (end.y() - begin.y()) * 0.55)
    path.cubicTo(begin + half, end - half, end)


def _gap(row: list[float], wanted: float) -> float:
    """The x beside or between pictures of a row, of which ``row`` has the middles, that is nearest to ``wanted``."""
    if all(abs(wanted - x) >= _ACROSS / 2 for x in row):
        return wanted
    beside = [x + side for x in row for side in (-_ACROSS / 2, _ACROSS / 2)]
    free = [x for x in beside if all(abs(x - other) >= _ACROSS / 2 - 1e-6 for other in row)]
    return min(free, key=lambda x: abs(x - wanted))


def printed(tree: FamilyTree, find: FindImage, title: str) -> QImage:
    """The drawing of a tree as a picture on white, at twice its size on the screen, with ``title`` above."""
    layout = lay_out(tree)
    head = 44.0
    width = max(layout.width, 480.0)
    scale = min(_SCALE, _LONGEST / width, _LONGEST / (layout.height + head))
    image = QImage(round(width * scale), round((layout.height + head) * scale), QImage.Format.Format_RGB32)
    image.fill(PAPER.ground)
    painter = QPainter(image)
    painter.scale(scale, scale)
    font = QFont(painter.font())
    font.setPixelSize(22)
    painter.setFont(font)
    painter.setPen(PAPER.text)
    painter.drawText(QRectF(0, 24, width, 36), int(Qt.AlignmentFlag.AlignCenter), title)
    painter.translate((width - layout.width) / 2, head)
    paint_family(painter, tree, layout, find, PAPER)
    painter.end()
    return image


class FamilyView(QGraphicsView):
    """A family tree to look over: drag to move it, the wheel zooms, a click chooses."""

    chosen = Signal(object)
    """This ``Person`` was clicked."""
    menuWanted = Signal(object, QPoint)
    """The artist asks what can be done with this ``Person``, at this place on the screen."""

    def __init__(self, find: FindImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._tree: FamilyTree | None = None
        self._layout = Layout({}, 0.0, 0.0)
        self._chosen: int | None = None
        self._pressed = QPoint()
        self._placeholder = ""
        self.setScene(QGraphicsScene(self))
        self.setObjectName("sample-page")
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    def set_placeholder(self, text: str) -> None:
        """Set the text shown while the tree is empty."""
        self._placeholder = text

    def show_tree(self, tree: FamilyTree | None, chosen: int | None) -> None:
        """Show ``tree``, the person of the number ``chosen`` framed."""
        new = tree != self._tree
        self._tree, self._chosen = tree, chosen
        if new:
            self._layout = lay_out(tree) if tree is not None else Layout({}, 0.0, 0.0)
            self.scene().setSceneRect(0, 0, max(1.0, self._layout.width), max(1.0, self._layout.height))
        self.viewport().update()

    def fit(self) -> None:
        """Zoom so that all is in view, but not beyond the natural size."""
        scale = self._whole()
        self.resetTransform()
        self.scale(scale, scale)
        if self._chosen in self._layout.places:
            self.centerOn(self._layout.places[self._chosen])

    def _whole(self) -> float:
        """The zoom at which all is in view; the natural size at most."""
        room, rect = self.viewport().size(), self.sceneRect()
        return min(1.0, room.width() / rect.width(), room.height() / rect.height())

    def zoom(self, factor: float) -> None:
        """Zoom in or out within limits."""
        now = self.transform().m11()
        wanted = min(max(now * factor, min(_ZOOMS[0], self._whole())), _ZOOMS[1])
        self.scale(wanted / now, wanted / now)

    def person_at(self, at: QPoint) -> Person | None:
        """The person whose picture is at ``at`` in the view."""
        point = self.mapToScene(at)
        persons = self._tree.persons if self._tree is not None else ()
        return next((one for one in persons if self._layout.square(one.number).contains(point)), None)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        ink = screen_ink()
        painter.fillRect(QRectF(rect), ink.ground)
        if self._tree is not None and self._tree.persons:
            paint_family(painter, self._tree, self._layout, self._find, ink, self._chosen, QRectF(rect))
        else:
            painter.resetTransform()
            painter.setPen(ink.muted)
            room = self.viewport().rect().adjusted(24, 0, -24, 0)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._placeholder)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.2 ** (event.angleDelta().y() / 120))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.2)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1 / 1.2)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        person = self.person_at(self.viewport().mapFromGlobal(event.globalPos()))
        if person is not None:
            self.menuWanted.emit(person, event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and (at - self._pressed).manhattanLength() < 6:
            person = self.person_at(at)
            if person is not None:
                self.chosen.emit(person)
