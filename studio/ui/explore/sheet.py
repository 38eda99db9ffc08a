"""A sheet of samples to pick from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress
from studio.engine.jobs.sample_grid import draw_samples
from studio.recipes import LatentSeed, SampleRecipe
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import enable_unless
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

PAGE = 24
COVERS = -1
"""The page before the first: the seeds that the model's card names as worth seeing first."""
THUMBNAIL = 128


class SheetView(QWidget):
    """One page of seeds, drawn in the background with the truncation, noise and directions in use."""

    opened = Signal(object)
    """A ``SampleRecipe`` to go on with."""
    picked = Signal(object)
    """A list of ``SampleRecipe`` for the picks."""
    closed = Signal()

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._base: SampleRecipe | None = None
        self._covers: tuple[int, ...] = ()
        self._page = 0
        self._job: Job | None = None
        self.list = RecipeList(THUMBNAIL, self)
        self.list.setViewportMargins(0, SPACE_S, 0, 0)
        self.list.setAccessibleName(self.tr("Sheet of samples"))
        self.list.itemDoubleClicked.connect(self._open)
        self.list.itemSelectionChanged.connect(self._update)
        self.list.installEventFilter(self)
        self._title = QLabel(self)
        hint = QLabel(self.tr("Double-click opens a sample; select several to add them to the picks."), self)
        hint.setProperty("muted", True)
        self._previous = QPushButton(icon("previous"), self.tr("Previous page"), self)
        self._previous.clicked.connect(lambda: self._turn(-1))
        self._next = QPushButton(icon("next"), self.tr("Next page"), self)
        self._next.clicked.connect(lambda: self._turn(+1))
        self._pick = QPushButton(icon("add"), self.tr("Add to picks"), self)
        self._pick.clicked.connect(self._pick_selected)
        back = QPushButton(icon("cancel"), self.tr("Close sheet"), self)
        back.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addWidget(hint, 1)
        top.addWidget(back)
        bottom = QHBoxLayout()
        bottom.addWidget(self._previous)
        bottom.addWidget(self._next)
        bottom.addStretch(1)
        bottom.addWidget(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_M)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addLayout(bottom)

    def show_for(self, recipe: SampleRecipe, covers: tuple[int, ...] = ()) -> None:
        """Draw the page that holds the recipe's seed; ``covers`` of the model are a page of their own, the first."""
        self._base, self._covers = recipe, covers[:PAGE]
        seed = recipe.latent.seed if isinstance(recipe.latent, LatentSeed) else 0
        self._page = COVERS if seed in self._covers else seed // PAGE
        self._draw()

    def stop(self) -> None:
        """Draw no more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def seeds(self) -> Sequence[int]:
        """The seeds on the page."""
        if self._page == COVERS:
            return self._covers
        first = min(self._page * PAGE, 2**32 - PAGE)
        return range(first, first + PAGE)

    def _draw(self) -> None:
        if self._base is None:
            return
        self.stop()
        seeds = self.seeds()
        if self._page == COVERS:
            self._title.setText(self.tr("Covers: seeds worth seeing first"))
        else:
            self._title.setText(self.tr("Seeds {first} to {last}").format(first=seeds[0], last=seeds[-1]))
        self.list.clear()
        recipes = [self._base.model_copy(update={"latent": LatentSeed(seed=seed)}) for seed in seeds]
        for recipe in recipes:
            self.list.add(recipe)
        job = self._context.worker.submit(
            lambda engine: draw_samples(engine, recipes),
            priority=Priority.BACKGROUND,
            key="sheet",
            title=self.tr("Sheet"),
        )
        self._job = job
        job.progressed.connect(lambda progress: self._drawn(job, progress))
        job.failed.connect(self._context.problem)
        self._update()

    def _drawn(self, job: Job, progress: Progress) -> None:
        if job is self._job and progress.preview is not None:
            self.list.set_image(progress.step - 1, progress.preview)

    def _turn(self, by: int) -> None:
        self._page = max(self._first_page(), self._page + by)
        self._draw()

    def _first_page(self) -> int:
        return COVERS if self._covers else 0

    def _update(self) -> None:
        self._previous.setEnabled(self._page > self._first_page())
        self._next.setEnabled(self.seeds()[-1] < 2**32 - 1)
        enable_unless(self._pick, "" if self.list.selectedItems() else self.tr("Select samples first."))

    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(self.list.recipe(item))

    def _pick_selected(self) -> None:
        self.picked.emit([self.list.recipe(item) for item in self.list.selected()])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem() is not None:
                self._open(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Plus:
                self._pick_selected()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)
