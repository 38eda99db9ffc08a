"""The bar of a video clip in the Finish room: the frame one looks at, the part that is filmed, and the film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.base import Work
from studio.recipes import FinishedFilmRecipe, Recipe
from studio.ui.clip.film_bar import FilmBar
from studio.ui.clip.film_job import FilmRun
from studio.ui.clip.frames import OpenedClip, ShownFrame
from studio.ui.clip.playing_times import FilmPlace
from studio.ui.clip.strip import clock
from studio.ui.context import StudioContext
from studio.ui.finish.draft import Draft
from studio.ui.model import Model
from studio.ui.theme import SPACE_M, SPACE_S

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.film import FilmMade


class FinishClipBar(FilmBar):
    """A clip that is open, and the film that is made of it.

    Parameters
    ----------
    model : of the draft; the frame that is looked at becomes its content.
    recipe : gives the recipe of the frame that is shown; None when nothing would change it.
    """

    frameShown = Signal(object)
    """The ``FileRef`` of a frame, to be worked on."""
    job_key = "finish-film"
    film_kind = "finished-film"

    def __init__(
        self,
        context: StudioContext,
        model: Model[Draft],
        recipe: Callable[[], Recipe | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, model, parent, side=None, films=FinishedFilmRecipe)
        self._recipe = recipe
        self._made: Path | None = None
        self.strip.stepper = lambda steps: self.frames.request(self.strip.position(), steps)
        self.strip.moved.connect(self.frames.request)
        self.film_row.outsideWanted.connect(lambda: self._open_made(folder=False))
        self.film_row.folderWanted.connect(lambda: self._open_made(folder=True))
        self._lay_out(self._make_head())
        self.show_state()

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._add_clip_buttons(row)
        row.addSpacing(SPACE_M)
        row.addWidget(self.make_button)
        return row

    # The clip

    def _on_opened(self, opened: OpenedClip) -> None:
        if self._opening is None:
            return
        properties = opened.properties
        self._path, self._opening, self._properties, self._made = opened.path, None, properties, None
        self.strip.set_clip(properties.seconds, float(1 / properties.fps), properties.width / properties.height)
        self.strip.setFocus()
        if isinstance(opened.film, FinishedFilmRecipe):
            self._restore(opened.film, found=opened.path != opened.asked)
        self.show_state()
        self.frames.request(self.strip.position())

    def _restore(self, film: FinishedFilmRecipe, *, found: bool) -> None:
        """The settings that a film was made with; ``found``: its clip is the one that is open."""
        self.filmOpened.emit(film)
        if found:
            self.strip.set_marks(film.start, film.end)
            self.strip.show_position(film.start)
            text = self.tr("This film was finished in Latent Studio: its clip and settings are back.")
        else:
            text = self.tr("This film was finished in Latent Studio from {name}, which is not beside it.")
        self._context.notify.emit(text.format(name=film.clip.name))

    def _on_frame(self, shown: ShownFrame) -> None:
        if self._path is not None:
            self.strip.show_position(shown.seconds)
            self.frameShown.emit(shown.ref)

    # The film

    def _changes_frames(self) -> bool:
        return self._recipe() is not None

    def _film_name(self, clip: str) -> str:
        return self.tr("{clip} finished").format(clip=clip)

    def make_film_at(self, out: Path) -> None:
        """Make the film of the marked part with the settings as they are, into ``out``."""
        clip, recipe = self._path, self._recipe()
        if clip is None or recipe is None or self._busy():
            return
        start, end = self.strip.marks()

        def work(engine: Engine) -> Work[FilmMade]:
            from studio.engine.jobs.film import finish_clip

            return finish_clip(engine, recipe, clip, out, start=start, end=end)

        self._run(FilmRun(out, clip), work)

    def _run(self, run: FilmRun, work: Callable[[Engine], Work[FilmMade]]) -> None:
        self._made = None
        super()._run(run, work)

    def _on_made(self, run: FilmRun, made: FilmMade) -> None:
        self._made = made.path
        self._tell_made(self.tr("The film is in {path}").format(path=made.path), made)

    def _open_made(self, *, folder: bool) -> None:
        if self._made is not None:
            path = self._made.parent if folder else self._made
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    # Showing

    def show_state(self) -> None:
        """Texts and buttons as things are."""
        is_open, busy = self._path is not None, self._busy()
        self.setVisible(is_open or busy)
        self._clip_part.setVisible(is_open)
        changes = self._changes_frames()
        self.make_button.setEnabled(is_open and changes and not busy)
        self.make_button.setToolTip(
            self.tr("Do to every frame of the marked part what is done to this one; its sound stays")
            if changes
            else self.tr("Repair, clean or enlarge something first")
        )
        place = None if self._made is None else FilmPlace(self._made)
        self.film_row.setVisible(busy or place is not None)
        self.film_row.show_film(self.film if busy else None, place, 0, has_clip=False)
        self.film_row.live_button.hide()
        properties = self._properties
        if properties is None or self._path is None:
            return
        start, end = self.strip.marks()
        self.whole.setEnabled((start, end) != (0.0, None))
        frames = self.tr("%n frames", "", properties.frames_between(start, end))
        at = f"{clock(self.strip.position())} / {clock(properties.seconds)}"
        part = f"{clock(start)} – {clock(properties.seconds if end is None else end)}"
        marked = [] if (start, end) == (0.0, None) else [part]
        name, dot = self._path.name, "  ·  "
        rests = [at, f"{properties.width} × {properties.height}", *marked, frames], [at, *marked, frames], [at]
        self.about.set_versions([*(dot.join([name, *rest]) for rest in rests), at], dot.join([name, *rests[0]]))
