"""The look: true greys for judging pictures, one restrained accent, icons by meaning.

Everything is Fusion style + palette + a compact style sheet made from one table of colours, so that the dark and the
light theme differ in that table only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from studio.base.paths import resources_dir
from studio.ui.icon_font import glyph_character, icon_font

SPACE_S: Final = 4
SPACE_M: Final = 8
SPACE_L: Final = 16
CONTROLS_WIDTH: Final = 348
"""Width of the controls column of a room, in device-independent pixels."""

ThemeName = Literal["dark", "light", "system"]


@dataclass(frozen=True, slots=True)
class Colors:
    """The colours of one theme, as ``#rrggbb``. All surfaces are true greys (r = g = b)."""

    window: str
    rail: str
    base: str
    raised: str
    hover: str
    pressed: str
    line: str
    line_strong: str
    canvas: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_text: str
    primary: str
    primary_hover: str
    primary_text: str
    focus: str
    error: str
    error_text: str


DARK: Final = Colors(
    window="#2a2a2a",
    rail="#222222",
    base="#1f1f1f",
    raised="#383838",
    hover="#434343",
    pressed="#2f2f2f",
    line="#1a1a1a",
    line_strong="#4a4a4a",
    canvas="#191919",
    text="#dedede",
    muted="#a8a8a8",
    disabled="#6c6c6c",
    accent="#3f769f",
    accent_text="#ffffff",
    primary="#3f769f",
    primary_hover="#427aa4",
    primary_text="#ffffff",
    focus="#79aed5",
    error="#4b3330",
    error_text="#f2c4bd",
)
LIGHT: Final = Colors(
    window="#ececec",
    rail="#e0e0e0",
    base="#ffffff",
    raised="#fafafa",
    hover="#ffffff",
    pressed="#dadada",
    line="#cecece",
    line_strong="#b4b4b4",
    canvas="#c6c6c6",
    text="#1e1e1e",
    muted="#515151",
    disabled="#a2a2a2",
    accent="#2f6f9f",
    accent_text="#ffffff",
    # Light enough for the icons, which are drawn in the colour of the text.
    primary="#c5dcec",
    primary_hover="#d6e7f3",
    primary_text="#10293b",
    focus="#2f6f9f",
    error="#f6dedb",
    error_text="#7c231a",
)


class _Theme(QObject):
    """The one theme in use. ``changed`` tells widgets that paint with :func:`colors` themselves."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wanted: ThemeName = "dark"
        self.colors = DARK
        self.following = False


_theme: _Theme | None = None


def theme() -> _Theme:
    """The theme object (made on first use, when Qt exists)."""
    global _theme
    if _theme is None:
        _theme = _Theme()
    return _theme


def colors() -> Colors:
    """The colours in use now."""
    return theme().colors


def is_dark() -> bool:
    """Return whether the dark theme is in use now."""
    return theme().colors is DARK


def apply_theme(app: QApplication, name: ThemeName) -> None:
    """Dress the application in the ``name`` theme; "system" follows the desktop, also when it changes later."""
    current = theme()
    current.wanted = name
    hints = app.styleHints()
    # Tells the platform too, so that native title bars and file dialogs match (Qt 6.8 and newer).
    set_scheme = getattr(hints, "setColorScheme", None)
    if set_scheme is not None:
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light, "system": Qt.ColorScheme.Unknown}
        set_scheme(schemes[name])
    if not current.following:
        hints.colorSchemeChanged.connect(_on_system_scheme)
        current.following = True
    _dress(app)


@contextlib.contextmanager
def dressed_at_the_end() -> Iterator[None]:
    """Put a window together without the style sheet, which all of its widgets get together when that is done.

    With a sheet in use, each step of putting a part into a larger one styles all that is in the part again.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def _on_system_scheme() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and theme().wanted == "system":
        _dress(app)


def _dress(app: QApplication) -> None:
    current = theme()
    dark = current.wanted == "dark" or (
        current.wanted == "system" and QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
    )
    current.colors = DARK if dark else LIGHT
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(current.colors))
    app.setStyleSheet(_style_sheet(current.colors))
    current.changed.emit()


def _palette(c: Colors) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, color in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.base),
        (role.AlternateBase, c.window),
        (role.Text, c.text),
        (role.PlaceholderText, c.muted),
        (role.Button, c.raised),
        (role.ButtonText, c.text),
        (role.BrightText, c.error_text),
        (role.ToolTipBase, c.raised),
        (role.ToolTipText, c.text),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.accent_text),
        (role.Link, c.focus),
        (role.LinkVisited, c.focus),
        (role.Accent, c.accent),
        (role.Light, c.line_strong),
        (role.Midlight, c.hover),
        (role.Mid, c.line_strong),
        (role.Dark, c.line),
        (role.Shadow, c.line),
    ):
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(c.line_strong))
    return palette


def _style_sheet(c: Colors) -> str:
    # Arrows and ticks: a style sheet takes them from files only.
    art, name = (resources_dir() / "theme").as_posix(), "dark" if c is DARK else "light"
    return f"""
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line_strong}; padding: 4px 6px; }}
QMenuBar {{ background: {c.rail}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.hover}; }}
QMenu {{ background: {c.window}; border: 1px solid {c.line_strong}; padding: 4px; }}
QMenu::item {{ padding: 5px 26px 5px 10px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.accent}; color: {c.accent_text}; }}
QMenu::item:disabled {{ color: {c.disabled}; background: transparent; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {c.line_strong}; margin: 4px 8px; }}
QStatusBar {{ background: {c.rail}; border-top: 1px solid {c.line}; }}
QStatusBar::item {{ border: none; }}

QPushButton, QToolButton {{ background: {c.raised}; border: 1px solid {c.line_strong}; border-radius: 5px;
    padding: 5px 10px; min-height: 16px; }}
QToolButton {{ padding: 4px; }}
QPushButton:hover, QToolButton:hover {{ background: {c.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.pressed}; }}
QPushButton:checked, QToolButton:checked {{ background: {c.accent}; color: {c.accent_text};
    border-color: {c.accent}; }}
QPushButton[place="true"]:checked {{ background: {c.pressed}; color: {c.text}; border-color: {c.line_strong}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.disabled}; background: {c.window}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {c.focus}; outline: none; }}
QInputDialog QLineEdit {{ min-width: 360px; }}
QInputDialog QPushButton:default, QPushButton[primary="true"] {{ background: {c.primary}; color: {c.primary_text};
    border-color: {c.accent}; }}
QInputDialog QPushButton:default:hover, QPushButton[primary="true"]:hover {{ background: {c.primary_hover}; }}
QPushButton[primary="true"]:disabled {{ background: {c.window}; color: {c.disabled}; border-color: {c.line_strong}; }}
QInputDialog QPushButton:default:focus, QPushButton[primary="true"]:focus {{ border: 1px solid {c.text}; }}
QToolButton[autoRaise="true"] {{ background: transparent; border-color: transparent; }}
QToolButton[autoRaise="true"]:hover {{ background: {c.hover}; }}
QToolButton[autoRaise="true"]:checked {{ background: {c.accent}; color: {c.accent_text}; }}
QToolButton[autoRaise="true"]:checked:disabled {{ background: {c.pressed}; color: {c.disabled}; }}
QToolButton[autoRaise="true"]:focus {{ border-color: {c.focus}; }}
QToolButton::menu-indicator {{ image: none; }}

QLineEdit, QPlainTextEdit, QTextEdit, QTextBrowser {{
    background: {c.base}; border: 1px solid {c.line_strong}; border-radius: 5px; padding: 3px 6px;
    selection-background-color: {c.accent}; selection-color: {c.accent_text}; }}
QComboBox QLineEdit, QAbstractSpinBox[arrows] QLineEdit, QComboBox QLineEdit:focus,
QAbstractSpinBox[arrows] QLineEdit:focus {{ background: transparent; border: none; padding: 0; }}
QLineEdit:disabled {{ color: {c.disabled}; background: {c.window}; }}
QLineEdit:read-only, QLineEdit:read-only:focus {{ background: transparent; border-color: transparent; }}
QAbstractSpinBox {{ min-height: 20px; }}
QComboBox, QAbstractSpinBox[arrows] {{ min-height: 20px; border: 1px solid {c.line_strong}; border-radius: 5px;
    padding: 2px 6px; selection-background-color: {c.accent}; selection-color: {c.accent_text}; }}
QComboBox {{ background: {c.raised}; }}
QComboBox:hover {{ background: {c.hover}; }}
QAbstractSpinBox[arrows] {{ background: {c.base}; }}
QAbstractSpinBox[arrows] {{ max-height: 20px; }}
QComboBox:focus, QAbstractSpinBox[arrows]:focus {{ border-color: {c.focus}; }}
QComboBox:disabled, QAbstractSpinBox[arrows]:disabled {{ color: {c.disabled}; background: {c.window}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url({art}/down-{name}.svg); width: 12px; height: 12px; }}
QLineEdit QToolButton {{ background: transparent; border: none; padding: 0; min-height: 0; }}
QAbstractSpinBox[arrows="false"]::up-button, QAbstractSpinBox[arrows="false"]::down-button {{
    subcontrol-origin: border; subcontrol-position: center right; width: 1px; border: none; background: transparent; }}
QAbstractSpinBox[arrows="false"]::up-arrow, QAbstractSpinBox[arrows="false"]::down-arrow {{ image: none;
    width: 0; height: 0; }}
QAbstractSpinBox[arrows="true"]::up-button, QAbstractSpinBox[arrows="true"]::down-button {{
    subcontrol-origin: border; width: 18px; border: none; background: transparent; }}
QAbstractSpinBox[arrows="true"]::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
QAbstractSpinBox[arrows="true"]::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
QAbstractSpinBox[arrows="true"]::up-button:hover, QAbstractSpinBox[arrows="true"]::down-button:hover {{
    background: {c.hover}; border-radius: 3px; }}
QAbstractSpinBox[arrows="true"]::up-arrow {{ image: url({art}/up-{name}.svg); width: 10px; height: 10px; }}
QAbstractSpinBox[arrows="true"]::down-arrow {{ image: url({art}/down-{name}.svg); width: 10px; height: 10px; }}
QComboBox QAbstractItemView {{ background: {c.window}; border: 1px solid {c.line_strong}; padding: 3px;
    selection-background-color: {c.accent}; selection-color: {c.accent_text}; outline: none; }}

QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line_strong}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {c.accent}; }}
QSlider[plain="true"]::sub-page:horizontal {{ background: {c.line_strong}; }}
QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: {c.text if c is DARK else c.base}; border: 1px solid {c.line_strong}; }}
QSlider::handle:horizontal:hover {{ background: {c.accent_text}; border-color: {c.focus}; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {c.focus}; width: 10px; height: 10px; }}
QSlider::sub-page:horizontal:disabled {{ background: {c.line_strong}; }}
QSlider::handle:horizontal:disabled {{ background: {c.disabled}; }}

QProgressBar {{ background: {c.base}; border: 1px solid {c.line_strong}; border-radius: 4px; text-align: center;
    max-height: 14px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}

QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {c.line_strong}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::handle:hover {{ background: {c.disabled}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QListView, QTreeView, QTableView {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 5px;
    outline: none; }}
QListView:focus, QTreeView:focus, QTableView:focus {{ border: 1px solid {c.focus}; }}
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{ background: {c.accent};
    color: {c.accent_text}; }}
QHeaderView::section {{ background: {c.window}; color: {c.muted}; border: none; padding: 4px 6px;
    border-bottom: 1px solid {c.line_strong}; }}

QSplitter::handle {{ background: {c.line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line_strong}; }}
QTabBar::tab {{ padding: 6px 12px; color: {c.muted}; border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ color: {c.focus}; }}
QCheckBox, QRadioButton {{ spacing: 7px; padding: 2px; border: 1px solid transparent; border-radius: 4px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.focus}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; background: {c.base};
    border: 1px solid {c.muted}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.focus}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url({art}/check.svg); }}
QRadioButton::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url({art}/dot.svg); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {c.disabled}; }}
QLabel[muted="true"] {{ color: {c.muted}; }}
QLabel[problem="true"] {{ color: {c.error_text}; }}
QLabel[strong="true"] {{ font-weight: 600; }}
QLabel[heading="true"] {{ font-size: 15px; font-weight: 600; }}

#rail {{ background: {c.rail}; border: none; border-right: 1px solid {c.line}; }}
#rail QToolButton {{ background: transparent; color: {c.muted}; border: 1px solid transparent; border-radius: 7px;
    padding: 7px 2px 5px 2px; font-size: 11px; }}
#rail QToolButton:hover {{ background: {c.hover}; color: {c.text}; }}
#rail QToolButton:checked {{ background: {c.raised}; color: {c.text}; }}
#rail QToolButton:focus {{ border-color: {c.focus}; }}

#tool-bar {{ background: {c.rail}; border: none; border-left: 1px solid {c.line}; }}
#tool-bar QToolButton {{ background: transparent; color: {c.muted}; border: 1px solid transparent; border-radius: 7px;
    padding: 7px 1px 5px 1px; font-size: 11px; }}
#tool-bar QToolButton:hover {{ background: {c.hover}; color: {c.text}; }}
#tool-bar QToolButton:checked {{ background: {c.raised}; color: {c.text}; }}
#tool-bar QToolButton:disabled {{ color: {c.disabled}; }}
#tool-bar QToolButton:focus {{ border-color: {c.focus}; }}
#sample-page {{ background: {c.canvas}; border: 1px solid transparent; border-radius: 0; }}
#direction-row {{ border: 1px solid transparent; border-radius: 5px; }}
#direction-row QAbstractSpinBox[arrows] {{ padding-top: 0; padding-bottom: 0; min-height: 19px; max-height: 19px; }}
#direction-row QToolButton {{ padding: 2px; }}
#direction-row[marked="true"] {{ background: {c.raised}; }}
#strip-picture {{ padding: 0; border: 1px solid transparent; background: {c.base}; border-radius: 2px; }}
#strip-picture:hover, #strip-picture:focus {{ border-color: {c.focus}; }}
QPushButton[segment="true"] {{ padding: 4px 4px; }}
QToolButton[elsewhere="true"] {{ border: 1px dashed {c.focus}; }}

#section-header {{ background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 5px 2px;
    font-weight: 600; text-align: left; }}
#section-header:hover {{ background: {c.raised}; }}
#section-header:focus {{ border-color: {c.focus}; }}
#section-line {{ background: {c.line_strong}; border: none; max-height: 1px; min-height: 1px; }}
#image-drop {{ background: {c.base}; border: 1px dashed {c.line_strong}; border-radius: 7px; color: {c.muted}; }}
#image-drop:hover {{ border-color: {c.muted}; }}
#image-drop:focus {{ border: 1px solid {c.focus}; }}
#image-drop[dragging="true"] {{ border: 2px solid {c.focus}; background: {c.raised}; }}
#network-card {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 6px; }}
#pytorch-notice {{ background: {c.raised}; border: none; border-bottom: 1px solid {c.line}; }}
#message-bar {{ background: {c.error}; border: none; border-bottom: 1px solid {c.line};
    border-right: 1px solid {c.line}; border-bottom-right-radius: 6px; }}
#message-bar QLabel {{ color: {c.error_text}; }}
#message-sign, #message-sign:hover, #message-sign:pressed {{ background: transparent; border: none; }}
"""


# What an icon means -> the Phosphor glyph that says it.
_GLYPHS: Final[dict[str, str]] = {
    "actual-size": "frame-corners",
    "zoom-in": "magnifying-glass-plus",
    "zoom-out": "magnifying-glass-minus",
    "add": "plus",
    "batch": "stack",
    "cancel": "x",
    "check": "check",
    "directions": "sliders-horizontal",
    "variations": "arrows-out-cardinal",
    "mix": "intersect",
    "family": "tree-structure",
    "drag": "hand-grabbing",
    "walk": "path",
    "blend": "circles-three-plus",
    "map": "map-trifold",
    "networks": "git-merge",
    "locked": "lock-simple",
    "unlocked": "lock-simple-open",
    "menu": "dots-three-vertical",
    "flip": "swap",
    "clip-in": "arrow-line-left",
    "clip-out": "arrow-line-right",
    "eye": "eye",
    "copy": "copy",
    "cover": "star",
    "down": "caret-down",
    "eraser": "eraser",
    "explore": "compass",
    "export": "export",
    "fit": "arrows-out-simple",
    "folder": "folder-open",
    "full-screen": "corners-out",
    "gallery": "squares-four",
    "grid": "grid-four",
    "help": "question",
    "image-plus": "image-square",
    "info": "info",
    "invert": "circle-half",
    "loop": "repeat",
    "model": "cube",
    "film": "film-strip",
    "next": "caret-right",
    "paste": "clipboard-text",
    "pause": "pause",
    "print": "printer",
    "photo": "image",
    "portrait": "user-focus",
    "play": "play",
    "previous": "caret-left",
    "random": "dice-five",
    "redo": "arrow-u-up-right",
    "remove": "minus",
    "refresh": "arrows-clockwise",
    "reset": "arrow-counter-clockwise",
    "show-file": "arrow-square-out",
    "right": "caret-right",
    "save": "floppy-disk",
    "search": "magnifying-glass",
    "settings": "gear-six",
    "star": "star-fill",
    "star-outline": "star",
    "stop": "stop",
    "styles": "palette",
    "stylize": "paint-brush",
    "finish": "sparkle",
    "brush": "paint-brush-broad",
    "lasso": "polygon",
    "box": "selection",
    "wand": "magic-wand",
    "train": "graduation-cap",
    "trash": "trash",
    "undo": "arrow-u-up-left",
    "warning": "warning",
    "wipe": "columns",
}


class _GlyphEngine(QIconEngine):
    """Draws one glyph in the text colour of the theme in use at that moment, so icons follow a change of theme."""

    def __init__(self, name: str, plain: bool) -> None:
        super().__init__()
        self._name = name
        self._plain = plain

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        c = colors()
        if mode == QIcon.Mode.Disabled:
            color = c.disabled
        elif not self._plain and (mode == QIcon.Mode.Selected or state == QIcon.State.On):
            color = c.accent_text
        else:
            color = c.text
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setPen(QColor(color))
        painter.setFont(icon_font(min(rect.width(), rect.height())))
        painter.drawText(QRectF(rect), int(Qt.AlignmentFlag.AlignCenter), glyph_character(_GLYPHS[self._name]))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._plain)


def icon(name: str, *, plain: bool = False) -> QIcon:
    """The icon that means ``name`` ("save", "random", ...), drawn in the colours of the theme in use when painted.

    Where it is selected or checked it is drawn for the accent colour behind it, unless ``plain``.

    Raises
    ------
    KeyError
        For a meaning that has no icon.
    """
    if name not in _GLYPHS:
        raise KeyError(name)
    return QIcon(_GlyphEngine(name, plain))
