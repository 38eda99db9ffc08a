"""A pad with pinned pictures at its corners: where the dot lies, there is the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from studio.engine.jobs.mixing import latent_of
from studio.recipes import Latent, SampleRecipe
from studio.synthesis.blending import blend
from studio.ui.explore.tools.tool import Tool
from studio.ui.model import edited
from studio.ui.theme import icon
from studio.ui.widgets import enable_unless, from_qimage
from studio.ui.widgets.blend_pad import FEWEST, MOST, BlendPad


class BlendTool(Tool):
    """Pins up to eight pictures of one network and draws what lies between them."""

    name = "blend"
    command = "explore.tool-blend"
    glyph = "blend"
    topic = "latent"

    def build(self) -> None:
        context = self.context
        self._pins: list[SampleRecipe] = []
        self._latents: list[Latent] = []
        self._base: SampleRecipe | None = None
        self.nothing = QLabel(
            self.tr("Pin two to eight pictures: all picks at once, or the present picture one by one."), self
        )
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        self.pad = BlendPad(self, large=True)
        self.pad.setToolTip(self.tr("Drag the dot towards the pictures that shall be stronger; arrow keys move it."))
        self.pad.changed.connect(self._weigh)
        self.pad.editingFinished.connect(context.model.commit)
        self.picks_button = QPushButton(icon("add"), self.tr("Pin the picks"), self)
        self.picks_button.setToolTip(self.tr("Put the picks at the corners, in the place of what is there"))
        self.picks_button.clicked.connect(self._pin_picks)
        self.pin_button = QPushButton(icon("add"), self.tr("Pin this one"), self)
        self.pin_button.setToolTip(self.tr("Put the present picture at a corner of its own"))
        self.pin_button.clicked.connect(self._pin_present)
        self.clear_button = QPushButton(icon("cancel"), self.tr("Take all out"), self)
        self.clear_button.setToolTip(self.tr("Begin with an empty pad"))
        self.clear_button.clicked.connect(lambda: self.pin([]))
        row = QHBoxLayout()
        row.addWidget(self.picks_button, 1)
        row.addWidget(self.pin_button, 1)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.pad)
        self.body.addLayout(row)
        self.body.addWidget(self.clear_button)
        self.body.addStretch(1)
        context.networkChanged.connect(lambda: self.pin([]))
        context.previews.arrived.connect(lambda _name: self._show_pictures())
        self._show()

    def title(self) -> str:
        return self.tr("Blend")

    def tip(self) -> str:
        return self.tr("Pin pictures at the corners and drag the dot: the picture is what lies between them.")

    def take(self) -> None:
        super().take()
        self._show()

    def laid_out(self) -> list[SampleRecipe | None]:
        return list(self._pins)

    def lay_out(self, samples: list[SampleRecipe | None]) -> None:
        self.pin([sample for sample in samples if sample is not None])

    def pins(self) -> list[SampleRecipe]:
        """The pictures at the corners."""
        return list(self._pins)

    def pin(self, recipes: Sequence[SampleRecipe]) -> None:
        """Put pictures at the corners, in the place of those that are there."""
        here = self.context.model.value
        pins = [recipe for recipe in recipes if here is not None and recipe.model.hash == here.model.hash][:MOST]
        self._pins, self._latents, self._base = pins, [], pins[0] if pins else None
        self._show()
        if len(pins) < FEWEST:
            return
        base = pins[0]
        job = self.context.studio.worker.call(
            lambda engine: (pins, [latent_of(engine, one, base) for one in pins]), key="blend-latents"
        )
        job.finished.connect(self._known)
        job.failed.connect(self.context.studio.problem)

    def _pin_picks(self) -> None:
        if picks := self.picks():
            self.pin(picks)

    def _pin_present(self) -> None:
        recipe = self.context.model.value
        if recipe is not None and recipe not in self._pins:
            self.pin([*self._pins, recipe])

    def _known(self, result: tuple[list[SampleRecipe], list[Latent]]) -> None:
        pins, latents = result
        if pins == self._pins:
            self._latents = latents

    def _weigh(self, weights: Sequence[float]) -> None:
        """Go to the blend; while the hand moves, all of it is one step of undo."""
        if self._base is None or len(self._latents) != len(weights):
            return
        recipe = edited(self._base, latent=blend(self._latents, weights), directions=(), style_mix=())
        self.context.playStopWanted.emit()
        self.context.model.set(recipe, commit=False)

    def _show(self) -> None:
        count = len(self._pins)
        self.nothing.setVisible(count < FEWEST)
        self.pad.setVisible(count >= FEWEST)
        self.pad.set_styles(self._pins)
        self.pad.show_value((1.0,) * count)
        self._show_pictures()
        self.context.previews.want("blend", self._pins)
        full = self.tr("The pad holds eight pictures.") if count >= MOST else ""
        enable_unless(self.pin_button, full)
        enable_unless(self.clear_button, "" if count else self.tr("Nothing is pinned."))

    def _show_pictures(self) -> None:
        for index, recipe in enumerate(self._pins):
            image = self.context.previews.find(recipe)
            if image is not None and not self.pad.has_picture(index):
                self.pad.set_picture(index, from_qimage(image))
