"""The playback of an open clip on the canvas: the clip or its film, standing or playing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDesktopServices

from studio.base import StudioError
from studio.ui.clip.frames import ClipFrames, OpenedClip
from studio.ui.clip.playing_times import FilmPlace, FramePair
from studio.ui.clip.strip import ClipStrip, clock
from studio.ui.context import StudioContext
from studio.ui.file_manager import show_in_file_manager
from studio.ui.local_files import local_url
from studio.ui.stylize.clip.player import Player
from studio.ui.stylize.clip.read_ahead import Play, Seek
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.engine.jobs.film_folder import FilmInMaking
    from studio.recipes.sequences.film import ClipRange

View = Literal["clip", "film"]


@dataclass
class _Making:
    """A film that is not finished."""

    film: FilmInMaking
    seconds_of: Callable[[int], float]

    def done_until(self, count: int, step: float) -> float | None:
        """The end of the frames that are there, in seconds of the clip; ``step`` is how long one is shown."""
        with contextlib.suppress(StudioError):
            return self.seconds_of(self.film.folder.time_of(count - 1)) + step if count > 0 else None
        return None


class Playback(QObject):
    """Plays the clip and its film, and knows which of both the artist looks at.

    While it :attr:`holds` the canvas, nothing else may draw there.

    Parameters
    ----------
    frames : gives the clip's frames as photos to be restyled, which is what a standing clip shows.
    side : pixels of the long side that there is room for; None for as many as there are.
    """

    pairShown = Signal(object)
    """A :class:`FramePair` for the canvas."""
    changed = Signal()
    """Whether it plays, what is looked at, or whether there is a film."""
    begun = Signal()
    """The artist plays or chose what to look at."""

    def __init__(
        self,
        context: StudioContext,
        strip: ClipStrip,
        frames: ClipFrames,
        side: Callable[[], int | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._strip, self._frames, self._side = context, strip, frames, side
        self._background = JobGroup(self, ordered=True)
        self.player = Player(time.monotonic, self)
        self.player.shown.connect(self._on_shown)
        self.player.stateChanged.connect(lambda _on: self.changed.emit())
        self.player.ended.connect(self._on_ended)
        self.player.failed.connect(self._on_failed)
        strip.stepper = self.step
        self.view: View = "clip"
        self.place: FilmPlace | None = None
        """Where the film of the open clip is, if there is one."""
        self.holds = False
        """Whether what is on the canvas is shown from here."""
        self.frames_done = 0
        """Of a film that is not finished."""
        self._clip: OpenedClip | None = None
        self._making: _Making | None = None
        self._seeking: Seek | None = None
        self._wiped = False
        self._damage_reported = False

    # The clip and its film

    def open(self, opened: OpenedClip) -> None:
        """A clip was opened. A film of it that waits to be finished is looked for."""
        self.close()
        self._clip = opened
        self.player.open(opened.path)
        self.find_unfinished(None)

    def close(self) -> None:
        """The clip is closed: its threads end."""
        self.player.open(None)
        self._clip = self.place = self._making = None
        self.view, self.holds, self.frames_done, self._damage_reported = "clip", False, 0, False
        self._seeking = None
        self._strip.set_done(None)
        self.changed.emit()

    def shut_down(self) -> None:
        """The window closes."""
        self.player.open(None)
        self._background.close()

    def set_film(self, path: Path, film: ClipRange | None) -> None:
        """There is a finished film of the open clip in ``path``; None: the clip itself is that film."""
        if self._clip is None:
            return
        place = FilmPlace(path) if film is None else FilmPlace(path, film.start, film.end)
        self._making, self.frames_done = None, 0
        self._set_place(place, self._range_of(place))

    def find_unfinished(self, out: Path | None) -> None:
        """Look for an unfinished film of the open clip: the one that becomes ``out``, or the one begun last."""
        clip = self._clip
        if clip is None:
            return

        def load() -> FilmInMaking | None:
            from studio.engine.jobs.film_folder import films_in_making

            for film in films_in_making("film"):
                # One that another window is making is that one's.
                mine = film.properties.out == out if out is not None else film.done > 0 and not film.folder.owner()
                if mine and film.properties.clip.absolute() == clip.path.absolute():
                    return film
            return None

        def found(film: FilmInMaking | None) -> None:
            if film is None or clip is not self._clip or (out is None and self.place is not None):
                return
            self._take_unfinished(film)

        self._background.run(load, found)

    def _take_unfinished(self, film: FilmInMaking) -> float | None:
        """A film of the open clip that is not finished; returns where its frames end, in seconds of the clip."""
        assert self._clip is not None
        base, zero = film.properties.time_base, self._clip.zero
        self._making = _Making(film, lambda ticks: float(ticks * base) - zero)
        recipe = film.properties.film
        self._set_place(FilmPlace(film.folder.path, recipe.start, recipe.end, unfinished=True), None)
        return self.show_done(film.done)

    def show_unfinished(self, film: FilmInMaking) -> None:
        """Show the latest frame of a film of the open clip that is not finished."""
        if self._clip is not None:
            until = self._take_unfinished(film)
            if until is not None:
                self._strip.show_position(max(film.properties.film.start, until - self._strip.step()))
            self.set_view("film")

    def unfinished(self) -> FilmInMaking | None:
        """The film of the open clip, if it is not finished."""
        return None if self._making is None else self._making.film

    def show_done(self, count: int) -> float | None:
        """So many frames of the unfinished film are there. Returns where they end, in seconds of the clip."""
        if self._making is None or self.place is None or not self.place.unfinished:
            return None
        until = self._making.done_until(count, self._strip.step())
        self.frames_done = count if until is not None else 0
        self._strip.set_done(None if until is None else (self.place.start, until))
        return until

    def forget_film(self) -> None:
        """There is no film any more: it is about to be written anew, or its file is gone."""
        self.place = self._making = None
        self.frames_done = 0
        self._strip.set_done(None)
        if self._clip is not None:
            self._leave_film()
            self.player.release(wait=2.0)
            self.player.open(self._clip.path)
        self.changed.emit()

    def _set_place(self, place: FilmPlace, done: tuple[float, float] | None) -> None:
        if place == self.place or self._clip is None:
            return
        playing, at = self.player.playing, self._strip.position()
        self.place = place
        self._strip.set_done(done)
        self.player.open(self._clip.path, place)
        if playing:
            self.start()
        elif self.holds and self.view == "film":
            self.show(at)
        self.changed.emit()

    def _range_of(self, place: FilmPlace) -> tuple[float, float]:
        length = self._strip.seconds()
        return place.start, length if place.end is None else min(place.end, length)

    def film_there(self) -> bool:
        """Return whether the film can be looked at; if its file is gone, that is said."""
        if self.place is None:
            return False
        if self.place.path.exists():
            return True
        name = self.place.path.name
        if self.place.unfinished:
            problem = StudioError(self.tr("The frames of this film are not there any more."), self.tr("Make it again."))
        else:
            problem = StudioError(
                self.tr("“{name}” is not there any more.").format(name=name),
                self.tr("Open it from where it is now, or make the film again."),
            )
        self.forget_film()
        self._context.problem.emit(problem)
        return False

    # Playing

    @property
    def playing(self) -> bool:
        """True when it plays."""
        return self.player.playing

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.start()

    def start(self) -> None:
        """Play from where one is: the film, or the marked part of the clip; at its end from its beginning."""
        if self._clip is None or (self.view == "film" and not self.film_there()):
            return
        if not self._clip.path.exists():
            self._on_failed(
                StudioError(
                    self.tr("“{name}” is not there any more.").format(name=self._clip.path.name),
                    self.tr("Open the clip from where it is now."),
                )
            )
            return
        if self.view == "film" and self.place is not None:
            begin, end = self._range_of(self.place)
        else:
            start, stop = self._strip.marks()
            begin, end = start, self._strip.seconds() if stop is None else stop
        at, step = self._strip.position(), self._strip.step()
        if not begin - step / 2 <= at < end - 1.5 * step:
            at = begin
        show: Literal["clip", "film", "both"] = "clip"
        if self.view == "film":
            show = "both" if self._wiped and not self._film_without_clip() else "film"
        # A clip longer than its header says is played to its real end.
        last = end + 3600.0 if end >= self._strip.seconds() else end
        self.begun.emit()
        self.holds, self._seeking = True, None
        self.player.play(Play(show, at, begin, last, self._side()))
        self.changed.emit()

    def pause(self) -> None:
        """Stop where it is, and show that place as well as it can be shown."""
        self.player.pause()
        self.show(self._strip.position())

    def set_loops(self, on: bool) -> None:
        """Return whether it plays round and round."""
        self.player.set_loops(on)

    def set_wiped(self, on: bool) -> None:
        """Return whether clip and film are wanted side by side."""
        self._wiped = on
        if self.view == "film" and self.playing:
            self.start()

    # Standing

    def show(self, seconds: float, steps: int = 0) -> None:
        """Pause, and show ``seconds``, or the place so many frames from there."""
        self.player.pause()
        if self.view == "film" and self.film_there():
            if steps and self._seeking is not None and self._seeking.steps:
                # Keys come faster than frames: steps from the same place add up.
                seconds, steps = self._seeking.seconds, self._seeking.steps + steps
            self.holds = True
            self._seeking = Seek(seconds, steps, self._side())
            self.player.seek(self._seeking)
        else:
            self.holds = False
            self._frames.request(seconds, steps)
        self.changed.emit()

    def step(self, steps: int) -> None:
        """Go so many frames on (negative: back)."""
        if self._clip is not None:
            self.begun.emit()
            self.show(self._strip.position(), steps)

    def set_view(self, view: View) -> None:
        """Look at the clip or the film, at the same place, and go on playing if it plays."""
        if self._clip is None or (view == "film" and not self.film_there()):
            self.changed.emit()
            return
        playing = self.playing
        self.begun.emit()
        self.view = view
        if view == "film" and self.place is not None:
            begin, end = self._range_of(self.place)
            if not begin - NEAR_ENOUGH <= self._strip.position() < end:
                self._strip.show_position(begin)
        if playing:
            self.start()
        else:
            self.show(self._strip.position())

    def leave(self) -> None:
        """Something else comes on the canvas: the clip in the look of the controls."""
        if self.holds:
            self._leave_film()

    def _leave_film(self) -> None:
        self.player.pause()
        self.view, held, self.holds = "clip", self.holds, False
        if held and self._frames.shown_at != self._strip.position():
            self._frames.request(self._strip.position())
        self.changed.emit()

    def has_pairs(self) -> bool:
        """Return whether clip and film can be looked at side by side."""
        return self.view == "film" and not self._film_without_clip()

    def _film_without_clip(self) -> bool:
        """Return whether the film was opened without its clip, and stands for both."""
        return self.place is not None and self._clip is not None and self.place.path == self._clip.path

    def _on_shown(self, pair: FramePair) -> None:
        if not self.holds:
            return
        looked, self._seeking = self._seeking, None
        if looked is None or looked.steps:
            self._strip.show_position(pair.seconds)
        if self.playing:
            self.pairShown.emit(pair)
            return
        if pair.film is None and self.view == "film":
            self.holds = False  # not made yet: as the clip
        else:
            self.pairShown.emit(FramePair(pair.seconds, film=pair.film) if self._film_without_clip() else pair)
        # The photo follows, so that what is done next is done with this frame.
        self._frames.request(pair.seconds)

    def _on_ended(self, broken_at: float | None) -> None:
        if broken_at is not None and not self._damage_reported:
            self._damage_reported = True
            text = self.tr("The clip is damaged or ends too soon at {time}.")
            if self.view == "film" and not self._wiped:
                text = self.tr("The film is damaged or ends too soon at {time}.")
            self._context.problem.emit(
                StudioError(
                    text.format(time=clock(broken_at)),
                    self.tr("It cannot be played any further."),
                )
            )
        self.show(self._strip.position())

    def _on_failed(self, problem: StudioError) -> None:
        self._context.problem.emit(problem)
        if self.view == "film" and self._clip is not None and self._clip.path.exists():
            self.forget_film()
        else:
            self.view, self.holds = "clip", False
            self.changed.emit()

    # Elsewhere

    def open_outside(self) -> None:
        """Open the film in the system's player, which plays its sound, too."""
        if self.film_there() and self.place is not None:
            self.player.pause()
            if not QDesktopServices.openUrl(local_url(self.place.path)):
                self._context.problem.emit(
                    StudioError(
                        self.tr("No program for films answers."),
                        self.tr("Open {path} in a player of your own.").format(path=self.place.path),
                    )
                )

    def show_in_folder(self) -> None:
        """Show the film's file in the file manager."""
        if self.film_there() and self.place is not None:
            try:
                show_in_file_manager(self.place.path)
            except StudioError as problem:
                self._context.problem.emit(problem)


NEAR_ENOUGH = 0.01
"""Seconds by which a place may lie before a film and still count as its beginning."""
