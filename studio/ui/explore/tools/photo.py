"""My own photo: aligned, found in the latent space, and then a sample like any other."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from studio.base import Progress, StudioError, Work
from studio.checkpoints.face_networks import FACES_BYTES, faces_ready
from studio.checkpoints.perceptual import HED_BYTES, perceptual_ready
from studio.engine.jobs.projection import (
    LastStage,
    Nearness,
    PhotoFaces,
    Projected,
    ProjectionProgress,
    nearness,
    photo_faces,
    project_photo,
)
from studio.faces.alignment import cut_square, face_square
from studio.media.photos import open_photo
from studio.recipes import FileRef, LatentW, PhotoSquare, SampleRecipe, Square
from studio.ui.command import Command, with_keys
from studio.ui.explore.photo_square_view import PhotoSquareView
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import icon
from studio.ui.translated import translated
from studio.ui.widgets import DroppedPicture, ImageDrop, Section, enable_unless
from studio.worker import Job, JobGroup

SHOWN_SIDE = 2048
"""Largest side of the photo while it is aligned."""
SECONDS = (20, 60, 180, 600)
_USUAL_SECONDS = 60


class PhotoTool(Tool):
    """Takes a photo, shows which square the network shall see, and lets the worker find it."""

    name = "photo"
    command = "explore.tool-photo"
    glyph = "portrait"
    topic = "projection"

    def build(self) -> None:
        context = self.context
        self.photo: FileRef | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._faces: PhotoFaces | None = None
        self._face = 0
        self._aligning = True
        self._job: Job | None = None
        self._looking: Job | None = None
        self._stop = threading.Event()
        self._state: Projected | None = None
        self._said = ""
        self._files = JobGroup(self, ordered=True)
        self._files.failed.connect(self._refused)
        self.view = PhotoSquareView()
        self.own(self.view)
        self.view.edited.connect(self._by_hand)
        self.drop = ImageDrop(self.tr("Drop a photo here, click to choose one, or paste."), self, multiple=False)
        self.drop.start_folder = lambda: context.studio.settings.start_folder("photo")
        self.drop.pictureDropped.connect(self.open_photo)
        self.drop.problem.connect(context.studio.problem)
        self.body.addWidget(self.drop)
        self._make_square()
        self._make_search()
        self.body.addStretch(1)
        context.model.changed.connect(self._on_changed)
        context.networkChanged.connect(self._compare)
        self._show()

    def _make_square(self) -> None:
        self.square_section = Section(self.tr("The square that the network sees"), self)
        self.face_button = QPushButton(self.tr("Face"), self)
        self.eyes_button = QPushButton(self.tr("Eyes"), self)
        self.eyes_button.setCheckable(True)
        self.eyes_button.setToolTip(self.tr("Put the two rings on the eyes: the square follows, upright and as large"))
        self.whole_button = QPushButton(self.tr("Middle"), self)
        self.whole_button.setToolTip(self.tr("The largest square in the middle, for anything but faces"))
        self.face_button.clicked.connect(self.find_face)
        self.eyes_button.toggled.connect(self._toggle_eyes)
        self.whole_button.clicked.connect(self._take_middle)
        row = QHBoxLayout()
        for button in (self.face_button, self.eyes_button, self.whole_button):
            row.addWidget(button, 1)
        self.square_hint = QLabel(self)
        self.square_hint.setProperty("muted", True)
        self.square_hint.setWordWrap(True)
        self.square_section.body.addLayout(row)
        self.square_section.body.addWidget(self.square_hint)
        self.body.addWidget(self.square_section)

    def _make_search(self) -> None:
        self.search_section = Section(self.tr("Find it"), self)
        self.stage = QComboBox(self)
        self.stage.setAccessibleName(self.tr("How far it may go"))
        self.stage.setToolTip(
            self.tr(
                "Nearer pictures are less the network's own, and sliders do less good with them. "
                "A copy that learns the photo becomes a model of its own."
            )
        )
        for text, last in (
            (self.tr("Keep to the network (w)"), "w"),
            (self.tr("Nearer, layer by layer (w+)"), "w+"),
            (self.tr("Nearest: teach a copy"), "tuned"),
        ):
            self.stage.addItem(text, last)
        self.stage.setCurrentIndex(1)
        self.seconds = QComboBox(self)
        self.seconds.setAccessibleName(self.tr("How long it may take"))
        self.seconds.setToolTip(self.tr("It may be stopped at any time: what was found so far stays"))
        for seconds in SECONDS:
            text = self.tr("%n seconds", "", seconds) if seconds < 60 else self.tr("%n minutes", "", seconds // 60)
            self.seconds.addItem(text, seconds)
        self.seconds.setCurrentIndex(SECONDS.index(_USUAL_SECONDS))
        self.start_button = QPushButton(self)
        self.start_button.setProperty("primary", True)
        self.start_button.clicked.connect(self.toggle)
        self.align_button = QPushButton(icon("box"), self.tr("Square"), self)
        self.align_button.setCheckable(True)
        self.align_button.setToolTip(self.tr("Show the photo and its square, or the picture against the photo"))
        self.align_button.clicked.connect(self._align)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start_button, 2)
        buttons.addWidget(self.align_button, 1)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much of the time has passed"))
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.fetch_hint = QLabel(self)
        self.fetch_hint.setProperty("muted", True)
        self.fetch_hint.setWordWrap(True)
        self.search_section.body.addWidget(self.stage)
        self.search_section.body.addWidget(self.seconds)
        self.search_section.body.addLayout(buttons)
        for widget in (self.progress, self.status, self.fetch_hint):
            self.search_section.body.addWidget(widget)
        self.body.addWidget(self.search_section)

    # The tool

    def title(self) -> str:
        return self.tr("My photo")

    def tip(self) -> str:
        return self.tr("Find a photo of your own in the network; then move, mix and drag it like any picture.")

    def page(self) -> QWidget | None:
        return self.view if self._aligning and self._pixels is not None else None

    def drop_place(self) -> ImageDrop:
        return self.drop

    def take(self) -> None:
        super().take()
        self._bring_back()
        self._compare()
        self._show()

    def put_down(self) -> None:
        super().put_down()
        self.stop()
        self.context.compareWanted.emit(None)

    def close_down(self) -> None:
        self._give_up()
        super().close_down()
        self._files.close()

    def commands(self) -> list[Command]:
        def ready() -> bool:
            return self.in_hand and self._pixels is not None

        return [Command("explore.find-photo", self.tr("Find the photo, or stop"), self.toggle, "search", ready)]

    # The photo

    def open_photo(self, picture: DroppedPicture) -> None:
        """Take a photo that was dropped or chosen; its face is looked for when that needs no download."""
        if picture.path is not None:
            self.context.studio.settings.remember_folder("photo", picture.path)
        sources = self.context.studio.sources

        def read() -> Work[tuple[FileRef, NDArray[np.uint8]]]:
            ref = yield from sources.adding(picture.source(), picture.name)
            return ref, _read(picture.source())

        def came(found: tuple[FileRef, NDArray[np.uint8]]) -> None:
            self._use(*found, Square())
            self._aligning = True
            if faces_ready():
                self.find_face()
            self._page_may_change()

        title = self.tr("Opening {name}").format(name=picture.name)
        job = self._files.work(read, came, title=title)
        if job is not None:
            self.context.studio.working.emit(job)

    def _use(self, photo: FileRef, pixels: NDArray[np.uint8], square: Square) -> None:
        self._give_up()
        self.photo, self._pixels = photo, pixels
        self._faces, self._face, self._state, self._said = None, 0, None, ""
        self.view.show_photo(pixels)
        self.view.set_square(square)
        self.drop.set_thumbnail(pixels)

    def _bring_back(self) -> None:
        """Show the photo that the present picture was found for, unless another one is being aligned."""
        recipe = self.context.model.value
        target = recipe.latent.target if recipe is not None and isinstance(recipe.latent, LatentW) else None
        if target is None or (self._aligning and self._pixels is not None):
            return
        if target.photo != self.photo or target.square != self.view.square():
            self._restore(target)

    def _restore(self, target: PhotoSquare) -> None:
        """Bring the photo back that the present picture was found for."""
        sources = self.context.studio.sources

        def read() -> NDArray[np.uint8] | None:
            path = sources.find(target.photo)
            return None if path is None else _read(path)

        def came(pixels: NDArray[np.uint8] | None) -> None:
            if pixels is None:
                self._said = self.tr("The photo “{name}” is not on this computer.").format(name=target.photo.name)
            else:
                self._use(target.photo, pixels, target.square)
                self._aligning = False
            self._page_may_change()

        self._files.run(read, came)

    def _refused(self, problem: StudioError) -> None:
        self.context.studio.problem.emit(problem)

    # The square

    def find_face(self) -> None:
        """Take the square of the largest face, or of the next one when it was looked for before."""
        if self.photo is None:
            return
        if self._faces is not None and self._faces.faces:
            self._face = (self._face + 1) % len(self._faces.faces)
            self._take_face()
            return
        photo = self.photo
        job = self.context.studio.worker.submit(
            lambda engine: photo_faces(engine, photo), key="faces", title=self.tr("Finding faces")
        )
        self._looking = job
        job.finished.connect(lambda found: self._faces_came(job, found))
        job.failed.connect(lambda problem: self._faces_failed(job, problem))
        self.context.studio.working.emit(job)
        self._show()

    def _faces_came(self, job: Job, found: PhotoFaces) -> None:
        if job is not self._looking:
            return
        self._looking, self._faces, self._face = None, found, 0
        if found.faces:
            self._take_face()
        self._show()

    def _faces_failed(self, job: Job, problem: StudioError) -> None:
        if job is self._looking:
            self._looking = None
            self.context.studio.problem.emit(problem)
            self._show()

    def _take_face(self) -> None:
        assert self._faces is not None
        face = self._faces.faces[self._face]
        self._set_square(face_square(face, self._faces.width, self._faces.height))

    def _take_middle(self) -> None:
        self.eyes_button.setChecked(False)
        self._set_square(Square())

    def _toggle_eyes(self, on: bool) -> None:
        self.view.set_by_eyes(on)
        self._align(True)

    def _set_square(self, square: Square) -> None:
        self.view.set_square(square)
        self._align(True)

    def _by_hand(self, _square: Square) -> None:
        self._show()

    def _align(self, on: bool) -> None:
        self._aligning = on
        self._page_may_change()

    def _page_may_change(self) -> None:
        self._show()
        if self.in_hand:
            self._compare()
            self.pageChanged.emit()

    def _compare(self) -> None:
        """Show the picture against the photo, unless the photo itself is shown."""
        if not self.in_hand:
            return
        network = self.context.network
        if self._aligning or self._pixels is None or network is None:
            self.context.compareWanted.emit(None)
        else:
            self.context.compareWanted.emit(cut_square(self._pixels, self.view.square(), network.resolution))

    # The search

    def is_searching(self) -> bool:
        """Return whether the photo is being looked for."""
        return self._job is not None

    def toggle(self) -> None:
        """Begin to search, or stop and keep the nearest."""
        if self.is_searching():
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Look for the square of the photo in the network of the present picture."""
        recipe, photo = self.context.model.value, self.photo
        if recipe is None or photo is None:
            return
        target = PhotoSquare(photo=photo, square=self.view.square())
        last: LastStage = self.stage.currentData()
        seconds = float(self.seconds.currentData())
        stop = self._stop = threading.Event()
        self.context.playStopWanted.emit()
        self._state, self._said = None, self.tr("Preparing")
        job = self.context.studio.worker.submit(
            lambda engine: project_photo(engine, recipe, target, last=last, seconds=seconds, stopped=stop.is_set),
            key="projection",
            title=self.tr("Finding the photo"),
        )
        self._job = job
        job.progressed.connect(lambda progress: self._progressed(job, progress))
        job.finished.connect(lambda state: self._finished(job, state))
        job.failed.connect(lambda problem: self._failed(job, problem))
        self._align(False)

    def stop(self) -> None:
        """End the search; the nearest so far is the result. Before there is any, nothing is kept."""
        if self._job is not None:
            if self._state is None:
                self._give_up()
            else:
                self._stop.set()
            self._show()

    def _give_up(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            self._said = ""
            self.context.previewOver.emit()
            self._show()

    def _progressed(self, job: Job, progress: Progress) -> None:
        if job is not self._job:
            return
        if not isinstance(progress, ProjectionProgress) or progress.state is None:
            self.status.setText(translated(progress.message) or self.tr("Preparing"))
            return
        self._state = progress.state
        if progress.preview is not None:
            self.context.previewed.emit(progress.preview)
        self.progress.setValue(progress.step)
        psnr = f"{progress.state.psnr:.1f}"
        self._said = self.tr("{doing}: {psnr} dB").format(doing=translated(progress.message), psnr=psnr)
        self.status.setText(self._said)

    def _finished(self, job: Job, state: Projected) -> None:
        if job is not self._job:
            return
        self._job = None
        self._state = state
        assert state.distance is not None
        said = self.tr("{words} ({psnr} dB, VGG distance {distance}).")
        self._said = said.format(
            words=_nearness(nearness(state.distance)), psnr=f"{state.psnr:.1f}", distance=f"{state.distance:.2f}"
        )
        if state.model is not None:
            self._said += " " + self.tr("The copy is in the library as “{name}”.").format(name=state.model.name)
            self.context.studio.modelsChanged.emit()
        self.context.openWanted.emit(state.recipe)
        self._show()

    def _failed(self, job: Job, problem: StudioError) -> None:
        if job is self._job:
            self._give_up()
            self.context.studio.problem.emit(problem)

    def _on_changed(self, _old: SampleRecipe | None, _new: SampleRecipe) -> None:
        self._give_up()  # another picture was asked for meanwhile: that counts
        if self.in_hand:
            self._bring_back()
            self._show()

    # The controls

    def _show(self) -> None:
        photo, searching = self._pixels is not None, self.is_searching()
        self.start_button.setText(self.tr("Stop") if searching else self.tr("Find"))
        self.start_button.setIcon(icon("stop" if searching else "search"))
        tip = self.tr("Stop, and keep the nearest") if searching else self.tr("Look for the photo in this network")
        self.start_button.setToolTip(with_keys(tip, "explore.find-photo"))
        no_photo = "" if photo else self.tr("Drop a photo first.")
        busy = self.tr("Stop the search first.") if searching else ""
        ending = self.tr("It is ending.") if searching and self._stop.is_set() else ""
        enable_unless(self.start_button, ending if searching else no_photo)
        for button in (self.face_button, self.eyes_button, self.whole_button, self.align_button):
            enable_unless(button, busy or no_photo)
        if self._looking is not None:
            enable_unless(self.face_button, self.tr("Faces are being looked for."))
        for box in (self.stage, self.seconds):
            enable_unless(box, busy)
        self.align_button.setChecked(self._aligning and photo)
        self.face_button.setToolTip(self._face_tip())
        self.square_hint.setText(self._square_text())
        self.progress.setVisible(searching)
        if not searching:
            self.progress.setValue(0)
        # How near it came is said of the picture that was found, and comes back with it.
        found = self._state is None or searching or self._state.recipe == self.context.model.value
        self.status.setText(self._said if found else "")
        self.status.setVisible(bool(self.status.text()) or searching)
        megabytes = round(HED_BYTES / 1e6)
        text = self.tr("The network that compares is fetched once ({size} MB).").format(size=megabytes)
        self.fetch_hint.setText(text)
        self.fetch_hint.setVisible(not perceptual_ready("vgg16-hed"))

    def _face_tip(self) -> str:
        text = self.tr("Cut as networks of faces were taught: click again for the next face")
        if not faces_ready():
            size = f"{FACES_BYTES / 1e6:.1f}"
            text += ". " + self.tr("Fetched once when it is first used ({megabytes} MB).").format(megabytes=size)
        return text

    def _square_text(self) -> str:
        if self._pixels is None:
            return self.tr("Networks of faces find only faces that lie where theirs do.")
        if self._looking is not None:
            return self.tr("Looking for faces …")
        if self._faces is not None and not self._faces.faces:
            return self.tr("No face was found: put the rings on the eyes, or drag the square.")
        if self._faces is not None and len(self._faces.faces) > 1:
            return self.tr("Face {number} of {count}").format(number=self._face + 1, count=len(self._faces.faces))
        if self.view.by_eyes():
            return self.tr("Put the two rings on the eyes.")
        return self.tr("Drag the square to move it, a corner to size and turn it.")


def _read(source: object) -> NDArray[np.uint8]:
    """The photo on white, uint8 (h, w, 3), at most 2048 pixels a side."""
    pixels = np.array(open_photo(source, max_side=SHOWN_SIDE, salvage=True).convert("RGBA"))  # type: ignore[arg-type]
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return (pixels[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)


def _nearness(word: Nearness) -> str:
    from PySide6.QtCore import QCoreApplication

    return {
        "same": QCoreApplication.translate("PhotoTool", "It is the photo"),
        "near": QCoreApplication.translate("PhotoTool", "It comes near the photo"),
        "alike": QCoreApplication.translate("PhotoTool", "It is like the photo"),
        "far": QCoreApplication.translate(
            "PhotoTool", "It is far from the photo, as such pictures are not the network's"
        ),
    }[word]
