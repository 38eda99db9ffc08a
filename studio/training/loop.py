"""The training loop: a generator that yields progress, driven by ``python -m studio.training RUN`` or by a test.

Everything random in step k (latents, noise, augmentation, mirroring) is drawn after seeding with a function of
(seed, k), and the order of the pictures is a function of (seed, epoch). So a checkpoint needs no random state, and a
resumed run repeats an uninterrupted one exactly.
"""

from __future__ import annotations

import contextlib
import errno
import math
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, no_folder
from studio.base.memory import is_out_of_memory
from studio.base.paths import models_dir
from studio.checkpoints.discriminators import find_discriminator, save_discriminator
from studio.checkpoints.feature_networks import load_efficientnet
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.store import save_model
from studio.networks.device import choose_device
from studio.networks.stylegan2 import Discriminator
from studio.networks.threads import processor_threads
from studio.training import dcgan_trainer, drifting_trainer, stylegan_trainer
from studio.training.batches import batch_indices, real_batch, step_seed
from studio.training.dcgan_trainer import DCGANTrainer
from studio.training.drifting_trainer import DriftingTrainer
from studio.training.evaluation import Evaluator
from studio.training.exports import copy_to_library
from studio.training.folder import inspect_folder
from studio.training.framing import Framing
from studio.training.initialization import START_DISCRIMINATOR, began, origin
from studio.training.measurements import Evaluation
from studio.training.parallel import Processes
from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
from studio.training.picture_files import Pictures, data_of, open_pictures
from studio.training.prepared import bring, cuts_of, prepare_set
from studio.training.runs import PREVIEW_COLUMNS, PREVIEW_ROWS, RunDirectory
from studio.training.schedule import CHECKPOINTS, PREVIEWS, Clock, Schedule
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer
from studio.training.trainers import Trainer

KEEP_CHECKPOINTS = 2
LAZY = {"r1", "r2", "path"}
EVENT_SECONDS = 2.0
RETRY_SECONDS = 5.0
"""While the disk is full, a checkpoint is tried again this often."""
# What the card says elsewhere, and what is private to the artist's machine.
NOT_IN_CARD = {"folder", "start_from", "name", "licence", "description", "data", "device", "threads"}


def prepare(run: RunDirectory) -> Work[Pictures]:
    """Look through the folder and make its pictures ready, unless the run has them; (n, r, r, 3)."""
    path = data_of(run.path)
    if path is None:
        settings, framing = run.settings, Framing.of(run.settings)
        folder, decisions = Path(settings.folder), PictureDecisions.load(run.path / DECISIONS_FILE)
        if folder.exists() and not folder.is_dir():
            raise no_folder(folder, Message("Make a new run with a folder of pictures."))
        if not folder.is_dir():
            raise StudioError(
                Message("The folder {folder} is not there any more.", folder=folder),
                "Bring it back, or connect its disk, and try again; or make a new run with another folder.",
            )
        report = yield from inspect_folder(folder, every=settings.every, near=settings.near, decisions=decisions)
        if decisions != PictureDecisions():
            # Those about other folders are nobody's business who gets this run.
            decisions = decisions.only(found.content for found in report.findings)
            decisions.save(run.path / DECISIONS_FILE)
        cuts = cuts_of(report, framing, decisions)
        if len(cuts) < 2:
            raise StudioError(
                Message("The folder {folder} has fewer than two usable pictures.", folder=settings.folder),
                "Choose a folder with more pictures.",
            )
        try:
            path = bring((yield from prepare_set(cuts, framing, folder)), run.path)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise StudioError("Not enough memory to prepare the pictures.", "Choose a lower resolution.") from error
    return open_pictures(path)


def picture_grid(pictures: Tensor, columns: int) -> NDArray[np.uint8]:
    """(n, 3, r, r) in -1..1 -> one uint8 picture with ``columns`` columns."""
    n, c, r, _ = pictures.shape
    rows = n // columns
    x = ((pictures[: rows * columns].float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
    return x.reshape(rows, columns, c, r, r).permute(0, 3, 1, 4, 2).reshape(rows * r, columns * r, c).numpy()


def bring_start(run: RunDirectory) -> TrainSettings:
    """The settings in force: with the starting model kept in the run, so that the run can move to another machine.

    Raises
    ------
    StudioError
        When the model was removed before the run first began.
    """
    settings = run.settings
    if settings.start_from is None:
        return settings
    kept = run.path / "start.safetensors"
    if not kept.exists():
        if not Path(settings.start_from).is_file():
            raise StudioError(
                Message("The starting model {path} is not there any more.", path=settings.start_from),
                "Bring it back and try again, or make a new run that starts from another one.",
            )
        discriminator = find_discriminator(Path(settings.start_from))
        if discriminator is not None:
            with atomic_path(run.path / START_DISCRIMINATOR) as temporary:
                shutil.copyfile(discriminator, temporary)
        with atomic_path(kept) as temporary:
            shutil.copyfile(settings.start_from, temporary)
    return settings.model_copy(update={"start_from": str(kept)})


def model_card(
    settings: TrainSettings, trainer: Trainer, images: int, pictures: int, measured: Evaluation | None = None
) -> ModelCard:
    """The card of the exported model."""
    start = origin(settings)
    return ModelCard(
        name=settings.name,
        architecture=settings.architecture,
        config=trainer.config(),
        licence=settings.licence,
        description=settings.description,
        data=(settings.data or f"{pictures} pictures from the folder “{Path(settings.folder).name}”") + began(start),
        training={
            **settings.model_dump(mode="json", exclude=NOT_IN_CARD),
            "images_shown": images,
            **start,
        },
        metrics=measured.metrics() if measured is not None else {},
    )


def group_of(settings: TrainSettings) -> int:
    """Number of pictures of a batch that must stay together."""
    if settings.discriminator == "none":
        return drifting_trainer.GROUP
    return dcgan_trainer.GROUP if settings.architecture == "dcgan" else stylegan_trainer.GROUP


def build_trainer(settings: TrainSettings, processes: Processes, pictures: int) -> Work[Trainer]:
    """The trainer of the settings' architecture, for a set of ``pictures``.

    Raises
    ------
    StudioError
        When the starting model does not fit, or the network that pictures are looked at through cannot be had.
    """
    if settings.architecture == "dcgan":
        return DCGANTrainer(settings, processes)
    backbone = None
    if settings.discriminator != "stylegan2":
        if processes.first:
            backbone = yield from load_efficientnet(processes.device)
        processes.tell(0)  # fetched once for all
        if backbone is None:
            backbone = yield from load_efficientnet(processes.device)
    if settings.discriminator == "none":
        assert backbone is not None
        return DriftingTrainer(settings, processes, backbone, pictures)
    return StyleGANTrainer(settings, processes, pictures, backbone)


class Session:
    """One life of the training process: from a checkpoint or scratch until done, stopped or killed.

    Under ``torchrun`` there is one in each process; the first writes files and decides, the others only train.
    """

    def __init__(self, run: RunDirectory, clock: Clock = time.monotonic) -> None:
        """``clock`` gives the seconds by which previews and checkpoints come."""
        self.run = run
        self.processes = Processes()
        self.settings = run.settings
        self.images = 0
        self.number = 0
        # The images shown at the last of each kind.
        self.saved_at = -1
        self.shown_at = -1
        self._restored = False
        self.evaluator: Evaluator | None = None
        self.latents = torch.empty(0)
        self._clock = clock
        self._previews = Schedule(self.settings.preview_every, PREVIEWS, clock)
        self._checkpoints = Schedule(self.settings.snapshot_every, CHECKPOINTS, clock)

    def event(self, kind: str, **values: object) -> None:
        """Note an event; a full disk must not end the run. How far it has come is not known before the checkpoint."""
        if not self.processes.first:
            return
        reached = {"images": self.images} if self._restored else {}
        with contextlib.suppress(OSError):
            self.run.append_event({"event": kind, **reached, **values})

    def train(self) -> Work[int]:
        """Train until the budget is spent or a stop is asked for; yields after every step, returns the images shown."""
        try:
            device = choose_device(self.settings.device)
            warnings: list[StudioError] = []
        except StudioError:
            # The run was made on another machine: slower is better than not at all.
            device = choose_device("auto")
            warnings = [
                StudioError(
                    Message(
                        "This computer has no usable {device} device: training goes on with {other}.",
                        device=self.settings.device.upper(),
                        other=device.type.upper(),
                    ),
                    "",
                )
            ]
        processes = self.processes = Processes.join(device)
        try:
            with processor_threads(self.settings.threads):
                return (yield from self._train(processes, warnings))
        finally:
            processes.leave()

    def _train(self, processes: Processes, warnings: list[StudioError]) -> Work[int]:
        self.event("state", status="preparing", message=Message("Preparing pictures"))
        ready = True
        if processes.first:
            bring_start(self.run)
            ready = (yield from self.prepared()) is not None
        if processes.tell(int(not ready)):  # the others wait for the files
            return self.images
        settings = self.settings = bring_start(self.run)
        data = yield from prepare(self.run)
        self.event("state", status="preparing", message=Message("Making the networks ready"))
        device = processes.device
        trainer = yield from build_trainer(settings, processes, len(data))
        self.restore(trainer, device)
        self._restored = True
        self.evaluator = evaluator = Evaluator(self.run, settings, data, device, self._clock)
        if processes.first:
            yield from evaluator.prepare(self.images)
        warnings += [evaluator.trouble] if evaluator.trouble else []
        shown = f"{device}" if processes.size == 1 else f"{device.type} x {processes.size}"
        self.event(
            "state",
            status="running",
            message=Message.joined(warning.message for warning in warnings),
            action=Message.joined(warning.action for warning in warnings),
            device=shown,
            pictures=len(data),
        )
        self.latents = torch.randn(
            PREVIEW_COLUMNS * PREVIEW_ROWS,
            trainer.z_dim,
            generator=torch.Generator().manual_seed(settings.seed),
        )
        # Not from the making of the session: folders take minutes.
        self._previews = Schedule(settings.preview_every, PREVIEWS, self._clock)
        self._checkpoints = Schedule(settings.snapshot_every, CHECKPOINTS, self._clock)
        if self.images == 0 and processes.first:
            self.preview(trainer)
        mine = processes.share(settings.batch, math.gcd(settings.batch, group_of(settings))).places()
        noted, noted_images, sums, count = time.monotonic(), self.images, dict[str, float](), 0
        micro, warned, ended = trainer.micro, False, False
        while self.images < settings.images:
            stop = ended or (processes.first and (yield from self.obey(trainer, data)))
            if processes.tell(int(stop)):
                return self.images
            torch.manual_seed(step_seed(settings.seed, self.number))
            indices = batch_indices(settings.seed, self.images, settings.batch, len(data))
            mirrored = torch.rand(settings.batch) < (0.5 if settings.mirror else 0.0)
            chosen = [indices[place] for place in mine]
            real = real_batch(data, chosen, mirrored[mine], device)
            losses = trainer.step(real, chosen, self.number, self.images)
            before = self.images
            self.images += settings.batch
            self.number += 1
            if not all(np.isfinite(value) for value in losses.values()):
                raise StudioError(
                    "The training diverged: a loss is no longer a number.",
                    "Start again with a lower learning rate or a higher R1 weight; the last checkpoint is kept.",
                )
            if not processes.first:
                yield Progress(self.images, settings.images, Message("Training"))
                continue
            for name, value in losses.items():
                sums[name] = sums.get(name, 0.0) + value
            count += 1
            now = time.monotonic()
            if now - noted >= EVENT_SECONDS or self.images >= settings.images:
                # Penalties are computed in some steps only; their means over all would mean nothing.
                means = {name: round(total / count, 6) for name, total in sums.items() if name not in LAZY}
                self.event("step", **means, images_per_second=round((self.images - noted_images) / (now - noted), 3))
                noted, noted_images, sums, count = now, self.images, {}, 0
            if trainer.micro < micro:
                micro = trainer.micro
                self.event(
                    "state",
                    status="running",
                    message=Message(
                        "The memory did not suffice for the whole batch: {count} pictures go through at a time. "
                        "The result is the same, it only takes longer.",
                        count=micro,
                    ),
                )
            warning = trainer.warning()
            if warning is not None and not warned:
                self.event("state", status="running", message=warning.message, action=warning.action)
            warned = warning is not None
            measures = evaluator.due(before, self.images)
            preview = None
            if measures or self._previews.due(before, self.images):
                preview = self.preview(trainer)
            if measures:
                yield from self.measure(evaluator, trainer, data)
            if self._checkpoints.due(before, self.images) or evaluator.worn_out:
                yield from self.save(trainer, data)
            yield Progress(self.images, settings.images, Message("Training"), preview)
            if evaluator.worn_out and evaluator.best is not None:
                self.publish(best=True)
                self.event(
                    "state",
                    status="finished",
                    stopped_early=True,
                    message=Message.counted(
                        "Ended by itself: no better quality in the last measurement. The best model, after {images} "
                        "images, is in your library.",
                        "Ended by itself: no better quality in the last {n} measurements. The best model, after "
                        "{images} images, is in your library.",
                        n=evaluator.worse,
                        images=evaluator.best.images,
                    ),
                    action=Message("Resume goes on all the same."),
                )
                ended = True
        if ended or not processes.first:
            return self.images
        self.preview(trainer)
        if evaluator.active and (evaluator.last is None or evaluator.last.images < self.images):
            self.event("state", status="running", message=Message("Measuring the quality"))
            yield from self.measure(evaluator, trainer, data)
        yield from self.save(trainer, data)
        self.publish()
        self.event("state", status="finished")
        return self.images

    def prepared(self) -> Work[Pictures | None]:
        """The pictures; None when the run was asked to pause or stop before they were ready (what is done is kept)."""
        with contextlib.closing(prepare(self.run)) as work:
            told = time.monotonic()
            while not (wish := self.run.requested()):
                try:
                    progress = next(work)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]
                if time.monotonic() - told >= EVENT_SECONDS:
                    told = time.monotonic()
                    message = Message("Preparing pictures: {step} of {total}", step=progress.step, total=progress.total)
                    self.event("state", status="preparing", message=message)
                yield progress
        self.event("state", status="paused" if wish == "pause" else "stopped")
        return None

    def measure(self, evaluator: Evaluator, trainer: Trainer, data: Pictures) -> Work[None]:
        """Measure the quality; the best model so far is kept in a file of its own."""
        found = yield from evaluator.evaluate(trainer.sample, trainer.z_dim, self.images)
        if found is None or evaluator.best is not found:
            return
        card = model_card(self.settings, trainer, self.images, len(data), found)
        try:
            save_model(
                self.run.path / "model-best.safetensors",
                trainer.exported(),
                card.model_copy(update={"name": f"{card.name} (best)"}),
            )
            self.keep_discriminator(trainer, "discriminator-best.safetensors")
        except (StudioError, OSError, RuntimeError) as error:
            self.event(
                "state",
                status="running",
                message=Message("The best model could not be written: {reason}", reason=error),
                action=Message("Look at the disk; the next better one is written again."),
            )

    def obey(self, trainer: Trainer, data: Pictures) -> Work[bool]:
        """Do what the control file asks; True means stop. Samples are kept of where it stands."""
        wish = self.run.requested()
        if wish == "pause":
            yield from self.save(trainer, data, wait=False)
            self.preview(trainer)
            self.event("state", status="paused")
            if self.saved_at == self.images:
                return True  # the process ends, which gives the device back; "resume" starts it again
            # Nothing to go on from on the disk: the memory is all there is.
            while (wish := self.run.requested()) == "pause":
                time.sleep(0.2)
                yield Progress(self.images, self.settings.images, Message("Paused"))
            if wish != "stop":
                self.event("state", status="running")
        if wish == "stop":
            yield from self.save(trainer, data, wait=False)
            self.preview(trainer)
            self.event("state", status="stopped")
            return True
        return False

    def preview(self, trainer: Trainer) -> NDArray[np.uint8] | None:
        """Write a grid of samples from the fixed latents; None when the present state has been shown already."""
        if self.images == self.shown_at:
            return None
        self.shown_at = self.images
        began = self._clock()
        grid = picture_grid(trainer.sample(self.latents), PREVIEW_COLUMNS)
        name = f"previews/{self.images:08d}.jpg"
        try:
            with atomic_path(self.run.path / name) as temporary:
                Image.fromarray(grid).save(temporary, quality=92)
            self.event("preview", file=name)
        except StudioError as error:
            self.event("state", status="running", message=error.message, action=error.action)
        self._previews.done(began)
        return grid

    def save(self, trainer: Trainer, data: Pictures, *, wait: bool = True) -> Work[None]:
        """Write a checkpoint and the model. While the disk is full the training waits, and says so; after any other
        trouble, or when told not to ``wait``, it goes on and saves again later.
        """
        if self.images in (0, self.saved_at):
            return  # random weights are no model
        began = self._clock()
        state = {"trainer": trainer.state_dict(), "images": self.images, "number": self.number}
        room = 2 * size_of(state)
        waiting = False
        while True:
            try:
                self.write(state, trainer, data)
                break
            except (StudioError, OSError, RuntimeError) as error:
                if not wait or not disk_is_full(error, self.run.path, room):
                    self.event(
                        "state",
                        status="running",
                        message=Message("The checkpoint could not be written: {reason}", reason=error),
                        action=Message("Look at the disk; the next checkpoint is tried as usual."),
                    )
                    self._checkpoints.done(began)
                    return
            if not waiting:
                self.event(
                    "state",
                    status="running",
                    message=Message("The disk is full: the training waits."),
                    action=Message(
                        "Free about {room} MB on the disk of {path}; it goes on by itself.",
                        room=max(1, room // 2**20),
                        path=self.run.path,
                    ),
                )
                waiting = True
            again = time.monotonic() + RETRY_SECONDS
            while time.monotonic() < again:
                if self.run.requested():
                    return  # the artist would rather stop than wait
                yield Progress(self.images, self.settings.images, Message("The disk is full: the training waits."))
                time.sleep(min(0.2, RETRY_SECONDS))
        if waiting:
            self.event("state", status="running")
        self.saved_at = self.images
        self._checkpoints.done(began)
        self.event("checkpoint", file=f"checkpoints/{self.images:08d}.pt")
        unfinished = (self.run.path / "checkpoints").glob(".*.pt")  # left by a process that was killed while writing
        for old in (*self.run.checkpoints()[:-KEEP_CHECKPOINTS], *unfinished):
            old.unlink(missing_ok=True)

    def write(self, state: dict[str, Any], trainer: Trainer, data: Pictures) -> None:
        """Write checkpoint, discriminator and model, which tells by its card that all three are there."""
        with atomic_path(self.run.path / f"checkpoints/{self.images:08d}.pt") as temporary:
            torch.save(state, temporary)
        self.keep_discriminator(trainer, "discriminator.safetensors")
        save_model(
            self.run.path / "model.safetensors",
            trainer.exported(),
            model_card(self.settings, trainer, self.images, len(data), self.measured()),
        )

    def _is_exported(self) -> bool:
        """Return whether the model is that of the newest checkpoint: a kill may have come between the two."""
        if self.run.model_path is None:
            return False
        try:
            return read_card(self.run.model_path).training.get("images_shown") == self.images
        except StudioError:
            return False

    def keep_discriminator(self, trainer: Trainer, name: str) -> None:
        """Write the discriminator beside the model: who goes on from it is much better off with both."""
        discriminator = trainer.discriminator_to_keep()
        if isinstance(discriminator, Discriminator):
            save_discriminator(self.run.path / name, discriminator)

    def measured(self) -> Evaluation | None:
        """The measurement of the present weights, if there is one."""
        last = self.evaluator.last if self.evaluator is not None else None
        return last if last is not None and last.images == self.images else None

    def publish(self, *, best: bool = False) -> None:
        """Copy the newest or the best model into the artist's library, where the window and the command line find it.

        Each under a name of its own: recipes made with the model of an earlier stop keep it.
        """
        path, stem = self.run.model_path, f"{self.run.path.name}-{self.images}"
        if best and self.run.best_model_path is not None and self.evaluator is not None and self.evaluator.best:
            path, stem = self.run.best_model_path, f"{self.run.path.name}-{self.evaluator.best.images}-best"
        if path is None:
            return
        try:
            copy_to_library(path, models_dir() / f"{stem}.safetensors")
        except StudioError as error:
            self.event("state", status="running", message=error.message, action=error.action)

    def restore(self, trainer: Trainer, device: torch.device) -> None:
        """Go on from the newest readable checkpoint, if there is one.

        Raises
        ------
        StudioError
            When the run had learnt something and no checkpoint of it can be read: it would begin anew.
        """
        for path in reversed(self.run.checkpoints()):
            try:
                state = torch.load(path, map_location=device, weights_only=True)
                trainer.load_state_dict(state["trainer"])
            except Exception as error:  # a damaged file can fail in any way; the one before it will do
                self.event(
                    "state",
                    status="preparing",
                    message=Message("The checkpoint {name} is damaged: {reason}", name=path.name, reason=error),
                )
                continue
            self.images, self.number = int(state["images"]), int(state["number"])
            self.saved_at = self.images if self._is_exported() else -1
            return
        lost = self.run.lost_checkpoints()
        if lost is not None:
            raise lost


def size_of(state: object) -> int:
    """Bytes of the tensors in a checkpoint."""
    if isinstance(state, Tensor):
        return state.numel() * state.element_size()
    values = state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ()
    return sum(size_of(value) for value in values)


def disk_is_full(error: BaseException | None, folder: Path, room: int) -> bool:
    """Return whether ``error`` means that: some libraries do not pass the system's error number on."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, RuntimeError) and shutil.disk_usage(folder).free < room:
            return True
        error = error.__cause__
    return False
