"""The side panel: one picture large, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.command import with_keys
from studio.ui.describe.dates import date_text
from studio.ui.describe.recipes import recipe_rows, without_date
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon

if TYPE_CHECKING:
    from studio.gallery import Picture

PREVIEW_SIDE = 300
_PREVIEW_HEIGHT = 264  # so that the buttons below are in view at 800 pixels


class _Preview(QWidget):
    """A picture, as large as the panel is wide."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._size = QSize(1, 1)
        self.setFixedHeight(_PREVIEW_HEIGHT)

    def set_size(self, size: QSize) -> None:
        """A picture of ``size`` is coming."""
        self._pixmap = QPixmap()
        self._size = size
        self.update()

    def set_image(self, image: QImage) -> None:
        """Show ``image``."""
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        fitted = self._size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        mode = Qt.TransformationMode.SmoothTransformation  # as the thumbnails, whatever the screen's scale
        shown = self._pixmap.scaled(fitted * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
        shown.setDevicePixelRatio(ratio)
        painter.drawPixmap((self.width() - fitted.width()) // 2, (self.height() - fitted.height()) // 2, shown)


class InfoPanel(QWidget):
    """Preview, facts and buttons for the picture that is selected."""

    openWanted = Signal()
    favouriteToggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(CONTROLS_WIDTH)
        self.preview = _Preview()
        self.name = QLabel()
        self.name.setProperty("heading", True)
        self.name.setWordWrap(True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.star = QToolButton()
        self.star.setAutoRaise(True)
        self.star.setCheckable(True)
        self.star.setIconSize(QSize(18, 18))
        self.star.setToolTip(with_keys(self.tr("Favourite"), "picture.favourite"))
        self.star.setAccessibleName(self.tr("Favourite"))
        self.star.clicked.connect(self.favouriteToggled)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.star, 0, Qt.AlignmentFlag.AlignTop)

        self.open_button = QPushButton()
        self.open_button.setProperty("primary", True)
        self.open_button.clicked.connect(self.openWanted)
        self.stylize_button = QPushButton(self.tr("Stylize this"))
        self.stylize_button.setToolTip(self.tr("Use this picture as the photo in the stylizer"))
        self.main_buttons = QHBoxLayout()
        self.main_buttons.setSpacing(SPACE_M)
        self.main_buttons.addWidget(self.open_button, 1)
        self.main_buttons.addWidget(self.stylize_button, 1)
        self.finish_button = QPushButton(self.tr("Finish this"))
        self.finish_button.setToolTip(self.tr("Repair, clean or enlarge this picture"))

        self._shown: list[tuple[str, str]] = []
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setVerticalSpacing(SPACE_S + 2)
        self._grid.setColumnStretch(1, 1)

        self.export = self._button("export", self.tr("Export …"), self.tr("Write a PNG, JPEG, TIFF or WebP file"))
        self.copy_recipe = self._button("copy", self.tr("Copy recipe"), self.tr("Copy the recipe as JSON"))
        self.copy_seed = self._button("copy", self.tr("Copy seed"), self.tr("Copy the seed as a number"))
        self.show_file = self._button("show-file", self.tr("Show file"), self.tr("Show the file in the file manager"))
        self.trash = self._button("trash", self.tr("Trash"), self.tr("Move the picture to the trash"))
        more = QGridLayout()
        more.setSpacing(SPACE_M)
        buttons = (self.export, self.show_file, self.copy_recipe, self.copy_seed, self.trash)
        for position, button in enumerate(buttons):
            more.addWidget(button, position // 2, position % 2)

        line = QFrame()
        line.setObjectName("section-line")
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M + SPACE_S)
        column.addWidget(self.preview)
        column.addLayout(head)
        column.addLayout(self.main_buttons)
        column.addWidget(self.finish_button)
        column.addWidget(line)
        column.addWidget(self._rows)
        column.addLayout(more)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self.nothing = QLabel(self.tr("Select a picture to see how it was made."))
        self.nothing.setProperty("muted", True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(SPACE_L)
        self.star_many = QPushButton(icon("star-outline"), "")
        self.star_many.setToolTip(
            with_keys(self.tr("Give them a star, or take it away if all have one"), "picture.favourite")
        )
        self.star_many.clicked.connect(lambda: self.favouriteToggled.emit(True))
        self.trash_many = self._button("trash", self.tr("Trash"), self.tr("Move the pictures to the trash"))
        self._many = QWidget()
        row = QHBoxLayout(self._many)
        row.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        row.setSpacing(SPACE_M)
        row.addWidget(self.star_many, 1)
        row.addWidget(self.trash_many, 1)
        self._middle = QWidget()
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(self.nothing)
        middle.addWidget(self._many)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        layout.addWidget(self._middle)
        self.show_picture(None)

    def rows(self) -> list[tuple[str, str]]:
        """The facts as they are shown: label and value."""
        return list(self._shown)

    def show_picture(
        self, picture: Picture | None, count: int = 1, *, starred: bool = False, any_shown: bool = True
    ) -> None:
        """Show ``picture``, the current one of ``count`` that are selected; None: nothing is selected.

        Parameters
        ----------
        starred : all that are selected are favourites.
        any_shown : there are pictures to select.
        """
        self._scroll.setVisible(picture is not None and count == 1)
        self._middle.setVisible(picture is None or count != 1)
        self._many.setVisible(count > 1)
        if count > 1:
            self.nothing.setText(self.tr("%n pictures are selected.", "", count))
            self.show_favourites(starred)
        else:
            self.nothing.setText(self.tr("Select a picture to see how it was made.") if any_shown else "")
        if picture is None or count != 1:
            return
        self.name.setText(without_date(picture.path.stem))
        self.name.setToolTip(picture.path.name)
        self.show_favourite(picture.favourite)
        self.preview.set_size(QSize(max(1, picture.width), max(1, picture.height)))
        recipe = picture.recipe
        if recipe is None or recipe.kind == "photo":
            self.open_button.setIcon(icon("stylize"))
            self.open_button.setText(self.tr("Open in the stylizer"))
        elif recipe.kind == "sample":
            self.open_button.setIcon(icon("explore"))
            self.open_button.setText(self.tr("Explore"))
        else:
            self.open_button.setIcon(icon("stylize"))
            self.open_button.setText(self.tr("Edit"))
        self.open_button.setToolTip(self.tr("Restore every control that made this picture (Return)"))
        self.stylize_button.setVisible(recipe is not None and recipe.kind != "photo")
        self._show_rows(picture)

    def show_favourite(self, favourite: bool) -> None:
        """Show the star full or empty."""
        self.star.setChecked(favourite)
        self.star.setIcon(icon("star" if favourite else "star-outline"))

    def show_favourites(self, starred: bool) -> None:
        """Of several pictures: whether all of them have a star."""
        self.star_many.setText(self.tr("Remove stars") if starred else self.tr("Add stars"))
        self.star_many.setIcon(icon("star" if starred else "star-outline"))

    def _show_rows(self, picture: Picture) -> None:
        locale = QLocale()
        rows = [] if picture.recipe is None else recipe_rows(picture.recipe)
        if picture.recipe is None:
            rows.append((self.tr("Recipe"), self.tr("None: it was not made here")))
        rows.append((self.tr("Size"), f"{picture.width} × {picture.height}"))
        rows.append((self.tr("Date"), date_text(picture.created)))
        rows.append(
            (
                self.tr("File"),
                locale.formattedDataSize(picture.size_bytes, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat),
            )
        )
        self._shown = rows
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for line, (label, value) in enumerate(rows):
            left = QLabel(label)
            left.setProperty("muted", True)
            right = QLabel(value)
            right.setTextFormat(Qt.TextFormat.PlainText)
            right.setWordWrap(True)
            right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            right.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._grid.addWidget(left, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(right, line, 1)

    def _button(self, glyph: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(icon(glyph), text)
        button.setToolTip(tip)
        return button
