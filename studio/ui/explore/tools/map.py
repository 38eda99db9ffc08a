"""The map: the space of a network as an endless plane of small pictures, walked while the picture renders live."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from studio.engine.jobs.latent_map import map_recipes
from studio.recipes import Latent, LatentSeed, SampleRecipe, recipe_hash
from studio.synthesis.latent_map import MapPin, Place, anchor_place, nearness
from studio.ui.explore.map_view import START_ZOOM, MapView
from studio.ui.explore.tools.tool import Tool, ToolContext
from studio.ui.model import edited
from studio.ui.theme import icon
from studio.ui.widgets import enable_unless
from studio.worker import Job, Priority

_MOST_PLACES = 500
_MOST_PINS = 100
_MOST_ANCHORS = 50


class MapTool(Tool):
    """Shows the map in the column, and walks on it: the picture is the one of the place under the hand.

    Attributes
    ----------
    pins : landmarks of the artist's own, by the hash of their model.
    anchors : pictures from elsewhere that were given a place, by the hash of their model, the latest last.
    """

    name = "map"
    command = "explore.tool-map"
    glyph = "map"
    topic = "latent"

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.pins: dict[str, list[MapPin]] = {}
        self.anchors: dict[str, list[MapPin]] = {}

    def build(self) -> None:
        context = self.context
        self._base: SampleRecipe | None = None  # what the pictures of the map share
        self._recipes: dict[Place, SampleRecipe] = {}
        self._by_hash: dict[str, Place] = {}
        self._visited: dict[Latent, Place] = {}
        self._walking: Job | None = None
        self._next: Place | None = None
        self._ended = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(120)
        self._settle.timeout.connect(self._draw)
        self.view = MapView(self)
        self.view.walked.connect(self._walk)
        self.view.walkEnded.connect(self._end)
        self.view.viewChanged.connect(self._settle.start)
        self.view.pinChosen.connect(self._open_pin)
        self.closer = self._button("zoom-in", self.tr("Zoom in"), lambda: self.view.zoom_by(2))
        self.farther = self._button("zoom-out", self.tr("Zoom out"), lambda: self.view.zoom_by(0.5))
        self.home = QPushButton(self.tr("Where I am"), self)
        self.home.setToolTip(self.tr("Show the map around the picture; one from elsewhere is given a place of its own"))
        self.home.clicked.connect(self.go_home)
        zooming = QHBoxLayout()
        zooming.addWidget(self.closer)
        zooming.addWidget(self.farther)
        zooming.addWidget(self.home, 1)
        self.name_field = QLineEdit(self)
        self.name_field.setMaxLength(80)
        self.name_field.setPlaceholderText(self.tr("Name of the place"))
        self.name_field.setAccessibleName(self.tr("Name of the place"))
        self.name_field.setToolTip(self.tr("What the pin is called; Return pins it"))
        self.name_field.returnPressed.connect(self.pin)
        self.pin_button = QPushButton(icon("add"), self.tr("Pin here"), self)
        self.pin_button.setToolTip(
            self.tr("Keep the picture at its place, or in the middle, if it is not on the map. A click goes back.")
        )
        self.pin_button.clicked.connect(self.pin)
        self.unpin_button = self._button("cancel", self.tr("Take out the pin of this picture"), self.unpin)
        pinning = QHBoxLayout()
        pinning.addWidget(self.name_field, 1)
        pinning.addWidget(self.pin_button)
        pinning.addWidget(self.unpin_button)
        self.body.addWidget(self.view, 1)
        self.body.addLayout(zooming)
        self.body.addLayout(pinning)
        context.model.changed.connect(self._on_changed)
        context.previews.arrived.connect(self._arrived)

    def _button(self, glyph: str, tip: str, act: object) -> QPushButton:
        button = QPushButton(icon(glyph), "", self)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(act)
        return button

    def title(self) -> str:
        return self.tr("Map")

    def tip(self) -> str:
        return self.tr("Press and drag: the picture is the one under the hand. The wheel zooms.")

    def take(self) -> None:
        super().take()
        recipe = self.context.model.value
        place = None if recipe is None else self._place_of(recipe)
        if place is None or not self.view.sees(place):
            self.go_home()
        self._show_state()
        self._draw()

    def go_home(self) -> None:
        """Show the map around the picture, which is given a place if it has none."""
        recipe = self.context.model.value
        if recipe is None:
            return
        place = self._place_of(recipe)
        if place is None:
            place = anchor_place(recipe_hash(recipe))
            kept = [one for one in self._own_anchors() if (one.x, one.y) != place]
            anchor = MapPin(x=place[0], y=place[1], recipe=recipe)
            self.anchors[recipe.model.hash] = [*kept[1 - _MOST_ANCHORS :], anchor]
            self._forget_near(place)
        self.view.show_place(place)
        self.view.center_on(place, START_ZOOM)

    def _forget_near(self, place: Place) -> None:
        """The map is another one around ``place`` now."""
        for other in [one for one in self._recipes if nearness(one, place)]:
            self._by_hash.pop(recipe_hash(self._recipes.pop(other)), None)
            self.view.forget_picture(other)

    def put_down(self) -> None:
        super().put_down()
        self._settle.stop()
        self._next = None
        self._end()
        self.context.previews.give_up("map")

    # The small pictures

    def _draw(self) -> None:
        """Ask for the pictures that are seen and not there."""
        recipe = self.context.model.value
        if not self.in_hand or recipe is None:
            return
        base = edited(recipe, latent=LatentSeed(seed=0), directions=(), style_mix=())
        if base != self._base:
            self._base = base
            self._recipes.clear()
            self._by_hash.clear()
            self.view.forget_pictures()
        places = self.view.wanted()
        missing = [place for place in places if place not in self._recipes]
        if not missing:
            self._want(places)
            return
        anchors = self._own_anchors()
        job = self.context.studio.worker.call(
            lambda engine: map_recipes(engine, base, missing, anchors), priority=Priority.BACKGROUND, key="map-places"
        )
        job.finished.connect(lambda found: self._known(base, missing, found))
        job.failed.connect(self.context.studio.problem)

    def _known(self, base: SampleRecipe, places: Sequence[Place], found: Sequence[SampleRecipe]) -> None:
        if base != self._base:
            return
        if len(self._recipes) > _MOST_PLACES:
            self._recipes.clear()
            self._by_hash.clear()
        for place, recipe in zip(places, found, strict=True):
            self._recipes[place] = recipe
            self._by_hash[recipe_hash(recipe)] = place
        if self.in_hand:
            self._draw()

    def _want(self, places: Sequence[Place]) -> None:
        recipes = [self._recipes[place] for place in places if not self.view.has_picture(place)]
        for recipe in recipes:
            self._arrived(recipe_hash(recipe))
        pinned = [pin.recipe for pin in self._own_pins()]
        self.context.previews.want("map", [*pinned, *recipes])

    def _arrived(self, name: str) -> None:
        place = self._by_hash.get(name)
        image = self.context.previews.find(self._recipes[place]) if place is not None else None
        if place is not None and image is not None:
            self.view.set_picture(place, image)
        elif self.in_hand and any(recipe_hash(pin.recipe) == name for pin in self._own_pins()):
            self._show_pins()

    # The walk

    def _walk(self, x: float, y: float) -> None:
        """Go to the picture of a place. One is worked out at a time; of those wished for meanwhile, the newest."""
        self._ended = False
        self._next = (x, y)
        if self._walking is None:
            self._go()

    def _go(self) -> None:
        base, place = self.context.model.value, self._next
        self._next = None
        if base is None or place is None:
            return
        anchors = self._own_anchors()
        self._walking = self.context.studio.worker.call(
            lambda engine: map_recipes(engine, base, [place], anchors)[0], priority=Priority.LIVE
        )
        self._walking.finished.connect(lambda recipe: self._came(place, recipe))
        self._walking.failed.connect(self._lost)

    def _came(self, place: Place, recipe: SampleRecipe) -> None:
        self._walking = None
        here = self.context.model.value
        if here is None or here.model.hash != recipe.model.hash or not self.in_hand:
            return
        self._visited[recipe.latent] = place
        while len(self._visited) > _MOST_PLACES:
            del self._visited[next(iter(self._visited))]
        self.context.playStopWanted.emit()
        self.context.model.set(recipe, commit=False)
        if self._next is not None:
            self._go()
        elif self._ended:
            self.context.model.commit()

    def _lost(self, problem: object) -> None:
        self._walking, self._next = None, None
        self.context.studio.problem.emit(problem)

    def _end(self) -> None:
        """The walk is one step of undo, as soon as its last picture is known."""
        self._ended = True
        if self._walking is None and self.context.model.in_gesture:
            self.context.model.commit()

    def _on_changed(self, old: SampleRecipe | None, new: SampleRecipe) -> None:
        if not self.in_hand:
            return
        self._show_state()
        self._settle.start()

    def _show_state(self) -> None:
        recipe = self.context.model.value
        if self._walking is None and self._next is None:
            self.view.show_place(None if recipe is None else self._place_of(recipe))
        self._show_pins()
        here = self._pin_of(recipe)
        enable_unless(self.unpin_button, "" if here is not None else self.tr("This picture is not pinned."))
        full = len(self._own_pins()) >= _MOST_PINS
        enable_unless(self.pin_button, self.tr("The map holds a hundred pins.") if full else "")

    def _place_of(self, recipe: SampleRecipe) -> Place | None:
        fixed = self._pin_of(recipe) or next((one for one in self._own_anchors() if _same(one.recipe, recipe)), None)
        return (fixed.x, fixed.y) if fixed is not None else self._visited.get(recipe.latent)

    # Landmarks of the artist's own

    def _own_pins(self) -> list[MapPin]:
        recipe = self.context.model.value
        return [] if recipe is None else self.pins.get(recipe.model.hash, [])

    def _own_anchors(self) -> list[MapPin]:
        recipe = self.context.model.value
        return [] if recipe is None else self.anchors.get(recipe.model.hash, [])

    def _pin_of(self, recipe: SampleRecipe | None) -> MapPin | None:
        return next((pin for pin in self._own_pins() if pin.recipe == recipe), None)

    def pin(self) -> None:
        """Keep the picture under the name in the field, at its place, or else in the middle of the map."""
        recipe = self.context.model.value
        if recipe is None or len(self._own_pins()) >= _MOST_PINS:
            return
        x, y = self._place_of(recipe) or self.view.middle
        self.unpin()
        pin = MapPin(name=self.name_field.text().strip(), x=x, y=y, recipe=recipe)
        self.pins.setdefault(recipe.model.hash, []).append(pin)
        self.name_field.clear()
        self._show_state()
        self._settle.start()

    def unpin(self) -> None:
        """Take out the pin of the picture."""
        recipe = self.context.model.value
        if recipe is not None:
            self.pins[recipe.model.hash] = [pin for pin in self._own_pins() if pin.recipe != recipe]
            self._show_state()

    def _open_pin(self, index: int) -> None:
        self.context.openWanted.emit(self._own_pins()[index].recipe)

    def _show_pins(self) -> None:
        pins = self._own_pins()
        self.view.set_pins([(pin.name, (pin.x, pin.y), self.context.previews.find(pin.recipe)) for pin in pins])


def _same(a: SampleRecipe, b: SampleRecipe) -> bool:
    """Return whether two pictures are at the same place of the latent space, whatever else they are drawn with."""
    return (a.latent, a.directions, a.style_mix) == (b.latent, b.directions, b.style_mix)
