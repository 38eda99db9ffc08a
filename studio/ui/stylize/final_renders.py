"""Final renders: starting them, going on from what is there, and what becomes of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studio.base import Progress, StudioError, Work
from studio.recipes import Recipe, StyleUse, StylizeRecipe
from studio.ui.context import StudioContext
from studio.ui.model import Model
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_card import FinalRender
from studio.ui.stylize.render_time import Rates, RenderTimes, keep_times, kind_of
from studio.worker import DeviceInfo, JobGroup, JobState

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.engine import Engine, Rendered

MIN_TOUCH_UP = 40
"""Steps of a touch-up at least."""
PHOTOS_KEPT = 6
"""So many photos keep the picture of their latest final render for coming back to them."""

_Pixels = NDArray[np.uint8]


class FinalRenders(QObject):
    """One final render at a time, the full render that touch-ups start from, and the latest one of each photo.

    Parameters
    ----------
    model : of the draft whose final render is wanted.

    Attributes
    ----------
    latest : the render that was started last, of whichever photo.
    times : what renders take on this machine.
    shown_here : whether somebody shows how far a render is, so that the status bar need not.
    """

    pictureCame = Signal(object)
    """A newer picture, uint8 (height, width, 3 or 4), of a render that the controls are at."""
    changed = Signal()
    """What texts and buttons say about the render."""
    refreshWanted = Signal()
    """Another picture than that of this render may be due."""
    ended = Signal()
    """A render ended or was stopped."""
    pictureDone = Signal(object, object)
    """Picture and recipe of a render that ended or was stopped, and that nobody has saved."""
    saveWanted = Signal(object, object)
    """Picture and recipe of a render that was finished after the window was closed: nobody else would keep it."""

    def __init__(self, context: StudioContext, model: Model[Draft], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._model = model
        self.latest: FinalRender | None = None
        self._base: FinalRender | None = None  # what touch-ups start from
        self._touch_waits = False
        self._of_photos: OrderedDict[Recipe, FinalRender] = OrderedDict()
        self.shown_here: Callable[[], bool] = lambda: False
        self.times = RenderTimes()
        self._background = JobGroup(self, ordered=True)
        self._background.run(RenderTimes.load, self._on_times)
        for signal in (context.worker.deviceReady, context.worker.memoryChanged):
            signal.connect(self._on_device)

    def _on_times(self, kept: dict[str, dict[int, tuple[float, float]]]) -> None:
        self.times.known = kept | self.times.known
        self.changed.emit()

    def _on_device(self, info: DeviceInfo) -> None:
        if info.name != self.times.device:
            self.times.device = info.name
            self.changed.emit()

    def learn(self, kind: str, rates: Rates) -> None:
        """Keep how long steps took; ``kind`` is that of :func:`kind_of`."""
        if self.times.learn(kind, rates):
            self._background.run(partial(keep_times, self.times.dumps()), must_finish=True)
            self.changed.emit()

    def _wanted(self) -> StylizeRecipe | None:
        return self._model.value.recipe("optimise")

    def running(self) -> bool:
        """Return whether more is to come."""
        return self.latest is not None and self.latest.running

    def of_photo(self) -> FinalRender | None:
        """The latest final render of the photo that is edited; those of other photos wait until one is back at them."""
        subject, latest = self._model.value.subject(), self.latest
        if subject is None:
            return None
        return latest if latest is not None and latest.recipe.content == subject else self._of_photos.get(subject)

    def shown(self) -> FinalRender | None:
        """The final render, if the controls are at its photo and its settings."""
        final = self.of_photo()
        return final if final is not None and final.has_settings_of(self._wanted()) else None

    def restore(self, final: FinalRender) -> None:
        """Take in a render that was made before, unless one is running."""
        if not self.running():
            self.latest = final
            self._keep(final)

    def _keep(self, final: FinalRender) -> None:
        """Remember a picture for its photo."""
        if final.image is not None:
            self._of_photos[final.recipe.content] = final
            self._of_photos.move_to_end(final.recipe.content)
            while len(self._of_photos) > PHOTOS_KEPT:
                self._of_photos.popitem(last=False)

    def render(self, recipe: StylizeRecipe) -> None:
        """Start the optimisation of ``recipe`` from the beginning."""
        self._base = None
        self._start(FinalRender(recipe))
        # The picture so far stays until the first one of the render.
        self.changed.emit()

    def go_on(self) -> None:
        """Go on from the picture of a render that was stopped, for the steps it lacks."""
        final = self.shown()
        if final is None or final.running or final.image is None or not final.stopped_early:
            return
        self._base = FinalRender(final.recipe_of_image(), image=final.image, steps=final.steps)
        self._touch(final.recipe.model_copy(update={"steps": max(1, final.recipe.steps - final.steps)}))
        self.changed.emit()

    def touch_up(self) -> bool:
        """Bring a finished render to settings that changed a little, from the picture it is; whether that is possible.

        Every touch-up starts from the same full render, so that it does not matter by which way the sliders came.
        """
        recipe, final = self._wanted(), self.of_photo()
        if recipe is None or final is None or (self.running() and self.latest is not final):
            return False
        if not final.running and final.recipe.start is None and final.image is not None:
            self._base = final
        base = self._base
        if base is None or base.image is None or not base.is_kin(recipe):
            return False
        if base.has_settings_of(recipe):
            self._leave(final)
            self.latest = base
            self._keep(base)
            self.pictureCame.emit(base.image)
            return True
        if final.running and final.steps == 0:
            self._touch_waits = True  # its first picture is due within a second; then comes what is wanted by then
            return True
        self._touch(recipe.model_copy(update={"steps": max(MIN_TOUCH_UP, base.recipe.steps // 2)}))
        self.changed.emit()
        return True

    def _touch(self, recipe: StylizeRecipe) -> None:
        """Render ``recipe`` from the picture of the base."""
        base, shown = self._base, self.of_photo()
        assert base is not None and base.image is not None
        picture, start = base.image, base.recipe_of_image()
        final = FinalRender(
            recipe.model_copy(update={"start": start, "stop_after": None}),
            image=shown.image if shown is not None and shown.image is not None else picture,
        )
        self._touch_waits = False
        self._start(final, remember=(start, picture))

    def _leave(self, final: FinalRender) -> None:
        if final.job is not None and not final.job.is_over:
            final.job.cancel()

    def _start(self, final: FinalRender, remember: tuple[StylizeRecipe, _Pixels] | None = None) -> None:
        def work(engine: Engine) -> Work[Rendered]:
            if remember is not None:
                engine.remember(*remember)
            return (yield from final.stopwatch.measured(_render_parts_first(final.recipe, engine)))

        final.job = self.context.worker.submit(work, title=self.tr("Final render"), key="stylize-final", asks=True)
        final.job.shown_elsewhere = self.shown_here
        final.job.share = final.share
        final.job.seconds_left = lambda: final.seconds_left(self.times)
        final.job.progressed.connect(lambda progress: self._on_progress(final, progress))
        final.job.finished.connect(lambda rendered: self._on_finished(final, rendered))
        final.job.failed.connect(lambda problem: self._on_failed(final, problem))
        final.job.cancelled.connect(lambda: self._on_cancelled(final))
        final.job.stateChanged.connect(lambda _state: self._on_state(final))
        self.latest = final

    def cancel(self) -> None:
        """Stop the final render; its latest picture stays."""
        if self.latest is not None and self.latest.job is not None:
            self.latest.job.cancel()

    def shut_down(self) -> None:
        """The window closes: stop the render, unless it was asked to be finished first."""
        final = self.latest
        if final is not None and final.running:
            self.learn(kind_of(final.recipe), final.stopwatch.rates(final.proportion))
        self._background.close()
        if final is not None and final.running and final.job is not None and not final.job.must_finish:
            final.job.cancel()
            if final.image is not None and final.steps > 0:
                self.pictureDone.emit(final.image, final.recipe_of_image())

    def toggle_pause(self) -> None:
        """Hold the render, or go on with it."""
        if self.latest is None or self.latest.job is None:
            return
        job = self.latest.job
        if job.state is JobState.PAUSED:
            job.resume()
        else:
            job.pause()

    def _on_state(self, final: FinalRender) -> None:
        if final is self.latest:
            self.changed.emit()

    def _on_progress(self, final: FinalRender, progress: Progress) -> None:
        if final.take(progress) and final is self.shown() and final.image is not None:
            self.pictureCame.emit(final.image)
        elif final is self.latest:
            self.changed.emit()
        if self._touch_waits and final is self.latest and final.steps > 0:
            self._touch_waits = False
            self.refreshWanted.emit()

    def _on_finished(self, final: FinalRender, rendered: Rendered) -> None:
        final.image, final.steps = rendered.image, final.recipe.steps
        self._keep(final)
        self.learn(kind_of(final.recipe), final.stopwatch.rates(final.proportion))
        self._touch_waits = False
        self.ended.emit()
        if final is self.shown():
            self.pictureCame.emit(final.image)
        elif final is self.latest:
            self.changed.emit()
        if final.recipe.start is None:
            self.context.notify.emit(self.tr("The final render is done."))
        if final.job is not None and final.job.must_finish:
            self.saveWanted.emit(final.image, final.recipe_of_image())
        else:
            self.pictureDone.emit(final.image, final.recipe_of_image())

    def _on_cancelled(self, final: FinalRender) -> None:
        self.learn(kind_of(final.recipe), final.stopwatch.rates(final.proportion))
        self.ended.emit()
        if final is not self.latest:
            return
        if final.steps == 0:
            self.latest = self._base  # else there is nothing yet that the instant preview does not show better
        else:
            self._keep(final)
            self.pictureDone.emit(final.image, final.recipe_of_image())
            self.context.notify.emit(
                self.tr("Stopped after {steps} of {total} steps. The picture so far is kept, and can be saved.").format(
                    steps=final.steps, total=final.recipe.steps
                )
            )
        self.refreshWanted.emit()

    def _on_failed(self, final: FinalRender, problem: StudioError) -> None:
        self.context.problem.emit(problem)
        if final is self.latest:
            if final.steps == 0:
                self.latest = self._base = None
            self.refreshWanted.emit()


def _render_parts_first(recipe: StylizeRecipe, engine: Engine) -> Work[Rendered]:
    """Render ``recipe``, its nested optimisations before it: their previews are not pictures of the whole."""
    uses: list[StyleUse | None] = [None, *recipe.styles]
    for use in uses:
        part = recipe.content if use is None else use.source
        if isinstance(part, StylizeRecipe) and part.method == "optimise":
            for progress in engine.render(part):
                yield replace(progress, preview=None)
    return (yield from engine.render(recipe))
