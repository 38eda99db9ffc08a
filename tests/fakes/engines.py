"""Engines that are quick: they know a device, a library, or how to paint in one colour."""

from __future__ import annotations

import threading

import numpy as np

from studio.base import Message, Progress, StudioError, Work
from studio.engine import DeviceInfo
from studio.gallery import SourceStore
from studio.media.photos import open_photo
from studio.recipes import PhotoRecipe, Recipe, SampleRecipe, StylizeRecipe


class DeviceOnly:
    """Has a device and nothing else."""

    def device_info(self) -> DeviceInfo:
        """A processor with 16 GB, of which 1.5 are in use."""
        return DeviceInfo("cpu", "Test device", 16 * 2**30, 3 * 2**29)


class LibraryOnly(DeviceOnly):
    """Has a library of models, and no network in it."""

    def __init__(self) -> None:
        from studio.checkpoints import ModelLibrary

        self.library = ModelLibrary()


class NotingEngine:
    """Notes down what runs, and on which thread."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.threads: set[int] = set()

    def device_info(self) -> DeviceInfo:
        """A device whose memory in use is the number of notes."""
        self.threads.add(threading.get_ident())
        return DeviceInfo("cpu", "Fake", 8, len(self.notes))

    def note(self, text: str) -> None:
        """Remember ``text`` and the thread that says it."""
        self.notes.append(text)
        self.threads.add(threading.get_ident())


class Painted:
    """What ``render`` returns: as the engine's own rendered pictures."""

    def __init__(self, image: np.ndarray, recipe: Recipe) -> None:
        self.image, self.recipe, self.seconds = image, recipe, 0.01


class PaintingEngine(DeviceOnly):
    """Stylizes anything into one colour: previews at once, an optimisation step by step.

    An optimisation stops before each step in ``hold_at`` until ``go`` is set. While ``gate`` is clear, what is
    stylized small (drawn at 64 or asked for at 256 pixels: style grids and batches) waits for it. ``fetch`` makes an
    optimisation report a download first, ``fail`` makes stylizing fail.
    """

    def __init__(self, sources: SourceStore) -> None:
        self.sources = sources
        self.asked: list[tuple[Recipe, int | None]] = []
        self.hold_at: set[int] = set()
        self.go = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.fetch = False
        self.fail = False

    def let_go(self) -> None:
        """Hold nothing any more, so that the device thread can end."""
        self.go.set()
        self.gate.set()

    def stylized(self) -> list[StylizeRecipe]:
        """The stylizations that were asked for, oldest first."""
        return [recipe for recipe, _side in self.asked if isinstance(recipe, StylizeRecipe)]

    def remember(self, recipe: Recipe, image: np.ndarray) -> None:
        """Keep what the room hands back to the engine's cache."""
        self.remembered = (recipe, image)

    def render(self, recipe: Recipe, *, max_side: int | None = None) -> Work[Painted]:
        """The photo itself, 9 everywhere for a sample, 100 for a preview, 255 for an optimised picture."""
        if isinstance(recipe, StylizeRecipe) and (max_side == 256 or recipe.size == 64):
            self.gate.wait()
        self.asked.append((recipe, max_side))
        if isinstance(recipe, PhotoRecipe):
            path = self.sources.find(recipe.photo)
            assert path is not None
            return Painted(np.array(open_photo(path, max_side=max_side).convert("RGB")), recipe)
        if isinstance(recipe, SampleRecipe):
            return Painted(np.full((64, 64, 3), 9, np.uint8), recipe)
        if self.fail:
            raise StudioError("It does not work.", "Try again.")
        for style in recipe.styles:
            if isinstance(style.source, PhotoRecipe) and self.sources.find(style.source.photo) is None:
                raise StudioError("The style is gone.", "Find it.")
        side = min(recipe.size, max_side or recipe.size)
        if recipe.method == "preview":
            return Painted(np.full((side // 2, side, 3), 100, np.uint8), recipe)
        if self.fetch:
            yield Progress(20, 55_000_000, Message("Fetching the perceptual network"))
        yield Progress(0, recipe.steps, Message("Sketching"), np.full((side // 2, side, 3), 1, np.uint8))
        for step in range(1, recipe.steps + 1):
            if step in self.hold_at:
                self.go.wait()
            shown = np.full((side // 2, side, 3), step % 256, np.uint8) if step % 10 == 0 else None
            yield Progress(step, recipe.steps, Message("Optimising"), shown)
        return Painted(np.full((side // 2, side, 3), 255, np.uint8), recipe)
