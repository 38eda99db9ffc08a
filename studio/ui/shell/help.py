"""Help inside the program: a page on the four rooms, and all keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from studio.ui.command import Command, all_native_keys, native_keys
from studio.ui.theme import SPACE_L


class HelpWindow(QDialog):
    """Guide and shortcuts on two tabs; stays open beside the work.

    Parameters
    ----------
    shortcuts : title of every menu and its commands that have keys.
    """

    def __init__(self, shortcuts: Sequence[tuple[str, Sequence[Command]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.resize(660, 700)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.tabs = QTabWidget(self)
        self.guide = self._page(self._guide())
        self.shortcuts = self._page(self._shortcuts(shortcuts))
        self.tabs.addTab(self.guide, self.tr("Guide"))
        self.tabs.addTab(self.shortcuts, self.tr("Keyboard"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.addWidget(self.tabs)
        layout.addWidget(buttons)

    def show_guide(self) -> None:
        """Open at the guide."""
        self._open(self.guide)

    def show_shortcuts(self) -> None:
        """Open at the shortcuts."""
        self._open(self.shortcuts)

    def _open(self, page: QWidget) -> None:
        self.tabs.setCurrentWidget(page)
        self.show()
        self.raise_()
        self.activateWindow()

    def _page(self, html: str) -> QTextBrowser:
        page = QTextBrowser(self)
        page.document().setDefaultStyleSheet(
            "h2 { font-size: 16px; margin-top: 14px; } p, li { line-height: 135%; } td { padding: 3px 18px 3px 0; }"
        )
        page.setHtml(html)
        return page

    def _guide(self) -> str:
        parts = (
            (
                "",
                (
                    self.tr(
                        "In Latent Studio every picture is a recipe: which model, which seed, which edits, which "
                        "styles. Whatever you save carries its recipe inside the file. Drop such a picture on the "
                        "window and all controls return to where they were."
                    ),
                    self.tr(
                        "Press {keys} and type a few letters to find any command. Files, folders and pictures from "
                        "other programs can be dropped anywhere; dragging them over a tab at the left opens that room. "
                        "When you start again, everything stands where it stood."
                    ).format(keys=native_keys("help.palette")),
                ),
            ),
            (
                self.tr("Explore"),
                (
                    self.tr(
                        "Choose a model and a seed; every seed is another picture. Truncation leads from the model's "
                        "average (0) to its boldest (1 and beyond). The direction sliders change the picture along "
                        "what the model itself varies most."
                    ),
                    self.tr(
                        "File > Model library shows all models with samples and speed; drop a StyleGAN2, "
                        "StyleGAN3 or DCGAN network of another program on the window to add it. Nothing in such a file "
                        "is ever run."
                    ),
                    self.tr(
                        "On its page Get more you download published networks. Each says what you may do with it; a "
                        "download that breaks off goes on where it stopped."
                    ),
                    self.tr(
                        "Show a sheet of samples to pick from. Pick two or more and play the way between them, stop it "
                        "at a picture to keep that, or export it as a film."
                    ),
                ),
            ),
            (
                self.tr("Stylize"),
                (
                    self.tr(
                        "Drop a photo and one or more style pictures: from a folder, a browser or the clipboard. The "
                        "sliders blend the styles, and the preview follows at once."
                    ),
                    self.tr(
                        "The style library on the left has ready styles and your own. A click adds a style to the "
                        "blend, a double-click takes it alone. Drop pictures on it to keep them."
                    ),
                    self.tr(
                        "See the photo in all styles at once, or restyle a whole folder of photos. A folder that was "
                        "interrupted goes on where it was."
                    ),
                    self.tr(
                        "The brush beside a style's name paints which part of its picture is the style; under Where "
                        "you paint where on the photo it goes."
                    ),
                    self.tr(
                        "Transparency of the photo comes back on the result. Exports carry the photo's own colour "
                        "profile, unless the settings say sRGB."
                    ),
                    self.tr(
                        "For final quality start the optimisation. It shows how far it is; cancelling keeps what "
                        "there is. The wipe compares before and after."
                    ),
                    self.tr(
                        "Drop a video clip to film it in the same look: drag along its strip to see any frame, mark a "
                        "part, and choose Make film. What was stopped goes on under Unfinished films."
                    ),
                    self.tr(
                        "The space bar plays the clip, and the film of it once there are frames: Film shows it, the "
                        "wipe under the picture puts the clip beside it. A film made here can be opened again to watch "
                        "it. Nothing sounds here; the film keeps its sound for other players."
                    ),
                ),
            ),
            (
                self.tr("Gallery"),
                (
                    self.tr(
                        "Everything you saved, as ordinary files in your Pictures folder. A double-click brings a "
                        "picture back with all its controls. Drag pictures out to other programs, or in to stylize "
                        "them."
                    ),
                    self.tr(
                        "Export, here, in Explore and in Stylize, writes a picture as PNG, JPEG, TIFF or WebP with its "
                        "recipe inside."
                    ),
                ),
            ),
            (
                self.tr("Train"),
                (
                    self.tr(
                        "Drag in a folder of your own art, pictures or films. You see what is used, cropped or left "
                        "out and why, decide on look-alikes and crop by hand where you like; then choose a model "
                        "to start from, or start from scratch. Training runs in a process of its own: you may "
                        "close the window, pause, and resume later. The result appears in Explore."
                    ),
                    self.tr(
                        "Settings chooses how it learns from your folder and your computer, and says why; whatever you "
                        "set yourself under Advanced stays as you set it."
                    ),
                    self.tr(
                        "While a run trains, look at its samples over time and at its quality, explore its newest "
                        "snapshot or put it into the library, and compare it with another run. Export makes a film or "
                        "a contact sheet of it."
                    ),
                ),
            ),
        )
        html = []
        for title, paragraphs in parts:
            if title:
                html.append(f"<h2>{escape(title)}</h2>")
            html.extend(f"<p>{escape(text)}</p>" for text in paragraphs)
        return "".join(html)

    def _shortcuts(self, places: Sequence[tuple[str, Sequence[Command]]]) -> str:
        html = [
            _table(title, [(command.plain_text(), all_native_keys(command.id)) for command in commands])
            for title, commands in places
        ]
        html.append(
            _table(
                self.tr("On the picture"),
                [
                    (self.tr("Zoom in and out"), self.tr("+ and -, or the wheel")),
                    (self.tr("Fit, actual size"), self.tr("0 and 1, or a double-click")),
                    (self.tr("Move the picture"), self.tr("arrow keys, or drag")),
                    (self.tr("Size of the brush, while painting"), self.tr("[ and ], or Ctrl and the wheel")),
                    (self.tr("Erase instead of paint"), self.tr("hold Alt")),
                    (self.tr("Move the wipe handle"), self.tr("left and right arrow keys, or drag")),
                ],
            )
        )
        html.append(
            _table(
                self.tr("With a clip"),
                [
                    (self.tr("Play and pause"), self.tr("space bar")),
                    (self.tr("One frame on or back"), self.tr("left and right arrow keys; a second with Shift")),
                    (self.tr("To the beginning, to the end"), self.tr("Home and End")),
                    (self.tr("Begin or end the film here"), self.tr("I and O")),
                ],
            )
        )
        html.append(
            _table(
                self.tr("On a slider"),
                [
                    (self.tr("Small step, large step"), self.tr("arrow keys, Page up and Page down")),
                    (self.tr("Back to the default"), self.tr("double-click on its name")),
                ],
            )
        )
        return "".join(html)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    if not rows:
        return ""
    cells = "".join(f"<tr><td>{escape(what)}</td><td><b>{escape(keys)}</b></td></tr>" for what, keys in rows)
    return f"<h2>{escape(title)}</h2><table>{cells}</table>"
