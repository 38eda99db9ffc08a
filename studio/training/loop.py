"""The training loop: a generator that yields progress, driven by ``python -m studio.training RUN`` or by a test.

Everything random in step k (latents, noise, augmentation, mirroring) is drawn after seeding with a function of
(seed, k), and the order of the pictures is a function of (seed, epoch). So a checkpoint needs no random state, and a
resumed run repeats an uninterrupted one exactly.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.base import Progress, StudioError, Work
from studio.base.files import atomic_path
from studio.base.paths import models_dir
from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import save_model
from studio.networks.device import choose_device
from studio.training.choices import CHOICES_FILE, Choices
from studio.training.evaluation import Evaluator
from studio.training.folder import inspect_folder
from studio.training.framing import Framing
from studio.training.measurements import Evaluation
from studio.training.prepared import Pictures, bring, cuts_of, data_of, open_pictures, prepare_set
from studio.training.queue import start_next
from studio.training.runs import PREVIEW_COLUMNS, PREVIEW_ROWS, RunDirectory
from studio.training.settings import TrainSettings
from studio.training.trainers import Trainer, build_trainer

KEEP_CHECKPOINTS = 2
EVENT_SECONDS = 2.0
# What the card says elsewhere, and what is private to the artist's machine.
NOT_IN_CARD = {"folder", "start_from", "name", "licence", "description", "data", "device", "threads"}


def prepare(run: RunDirectory) -> Work[Pictures]:
    """Look through the folder and make its pictures ready, unless the run has them; (n, r, r, 3)."""
    path = data_of(run.path)
    if path is None:
        settings, framing = run.settings, Framing.of(run.settings)
        folder, choices = Path(settings.folder), Choices.load(run.path / CHOICES_FILE)
        report = yield from inspect_folder(folder, every=settings.every, near=settings.near, choices=choices)
        if choices != Choices():
            # Those about other folders are nobody's business who gets this run.
            choices = choices.only(found.content for found in report.findings)
            choices.save(run.path / CHOICES_FILE)
        cuts = cuts_of(report, framing, choices)
        if len(cuts) < 2:
            raise StudioError(
                f"The folder {settings.folder} has fewer than two usable pictures.",
                "Choose a folder with more pictures.",
            )
        try:
            path = bring((yield from prepare_set(cuts, framing, folder)), run.path)
        except MemoryError as error:
            raise StudioError("Not enough memory to prepare the pictures.", "Choose a lower resolution.") from error
    return open_pictures(path)


def step_seed(seed: int, number: int) -> int:
    """The seed of step ``number``: distinct for every run seed and step."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)[0] >> 1)


def batch_indices(seed: int, first: int, batch: int, count: int) -> list[int]:
    """Which of ``count`` pictures the images number first..first+batch-1 are: a new permutation each epoch."""
    out: list[int] = []
    while len(out) < batch:
        epoch, position = divmod(first + len(out), count)
        order = np.random.default_rng([seed, epoch]).permutation(count)
        out.extend(order[position : position + batch - len(out)].tolist())
    return out


def real_batch(data: Pictures, indices: list[int], mirror: bool, device: torch.device) -> Tensor:
    """Pictures as (n, 3, r, r) in -1..1, each mirrored with probability one half if asked."""
    pictures = torch.from_numpy(np.stack([data[i] for i in indices])).to(device)
    x = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    if mirror:
        flips = (torch.rand(len(indices)) < 0.5).to(device)
        x = torch.where(flips[:, None, None, None], x.flip(3), x)
    return x


def picture_grid(pictures: Tensor, columns: int) -> NDArray[np.uint8]:
    """(n, 3, r, r) in -1..1 -> one uint8 picture with ``columns`` columns."""
    n, c, r, _ = pictures.shape
    rows = n // columns
    x = ((pictures[: rows * columns].float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
    return x.reshape(rows, columns, c, r, r).permute(0, 3, 1, 4, 2).reshape(rows * r, columns * r, c).numpy()


def bring_start(run: RunDirectory) -> TrainSettings:
    """The settings in force: with the starting model kept in the run, so that the run can move to another machine."""
    settings = run.settings
    if settings.start_from is None:
        return settings
    kept = run.path / "start.safetensors"
    if not kept.exists() and Path(settings.start_from).is_file():
        with atomic_path(kept) as temporary:
            shutil.copyfile(settings.start_from, temporary)
    return settings.model_copy(update={"start_from": str(kept)}) if kept.exists() else settings


def model_card(
    settings: TrainSettings, trainer: Trainer, images: int, pictures: int, measured: Evaluation | None = None
) -> ModelCard:
    """The card of the exported model."""
    return ModelCard(
        name=settings.name,
        architecture=settings.architecture,
        config=trainer.config(),
        licence=settings.licence,
        description=settings.description,
        data=settings.data or f"{pictures} pictures from the folder “{Path(settings.folder).name}”",
        training={
            **settings.model_dump(
                mode="json", exclude={"folder", "start_from", "name", "licence", "description", "data"}
            ),
            "images_shown": images,
        },
        metrics=measured.facts() if measured is not None else {},
    )


class Session:
    """One life of the training process: from a checkpoint or scratch until done, stopped or killed."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.settings = run.settings
        self.images = 0
        self.number = 0
        # From the last save of each kind; a save is due when the count passes the next multiple.
        self.saved_at = -1
        self.evaluator: Evaluator | None = None

    def event(self, kind: str, **values: object) -> None:
        """Note an event; a full disk must not end the run."""
        with contextlib.suppress(OSError):
            self.run.append_event({"event": kind, "images": self.images, **values})

    def train(self) -> Work[int]:
        """Train until the budget is spent or a stop is asked for; yields after every step, returns the images shown."""
        settings = self.settings = bring_start(self.run)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        remarks: list[StudioError] = []
        try:
            device = choose_device(settings.device)
        except StudioError:
            # The run was made on another machine: slower is better than not at all.
            device = choose_device("auto")
            remarks.append(
                StudioError(
                    f"This computer has no usable {settings.device.upper()} device: "
                    f"training goes on with {device.type.upper()}.",
                    "",
                )
            )
        self.event("state", status="preparing", message="Preparing pictures")
        data = yield from self.prepared()
        if data is None:
            return self.images
        trainer = build_trainer(settings, device, len(data))
        self.restore(trainer, device)
        self.evaluator = evaluator = Evaluator(self.run, settings, data, device)
        yield from evaluator.prepare(self.images)
        remarks += [evaluator.trouble] if evaluator.trouble else []
        self.event(
            "state",
            status="running",
            message=" ".join(remark.message for remark in remarks),
            action=" ".join(remark.action for remark in remarks if remark.action),
            device=str(device),
            pictures=len(data),
        )
        latents = torch.randn(
            PREVIEW_COLUMNS * PREVIEW_ROWS,
            trainer.z_dim,
            generator=torch.Generator().manual_seed(settings.seed),
        )
        if self.images == 0:
            self.preview(trainer, latents)
        noted, noted_images, sums, count = time.monotonic(), self.images, dict[str, float](), 0
        while self.images < settings.images:
            if (yield from self.obey(trainer, data)):
                return self.images
            torch.manual_seed(step_seed(settings.seed, self.number))
            indices = batch_indices(settings.seed, self.images, settings.batch, len(data))
            real = real_batch(data, indices, settings.mirror, device)
            losses = trainer.step(real, indices, self.number, self.images)
            before = self.images
            self.images += settings.batch
            self.number += 1
            if not all(np.isfinite(value) for value in losses.values()):
                raise StudioError(
                    "The training diverged: a loss is no longer a number.",
                    "Start again with a lower learning rate or a higher R1 weight; the last checkpoint is kept.",
                )
            for name, value in losses.items():
                sums[name] = sums.get(name, 0.0) + value
            count += 1
            now = time.monotonic()
            if now - noted >= EVENT_SECONDS or self.images >= settings.images:
                # R1 is computed in some steps only; its mean over all would mean nothing.
                means = {name: round(total / count, 5) for name, total in sums.items() if name != "r1"}
                self.event("step", **means, images_per_second=round((self.images - noted_images) / (now - noted), 3))
                noted, noted_images, sums, count = now, self.images, {}, 0
            preview = None
            if self.images // settings.preview_every > before // settings.preview_every:
                preview = self.preview(trainer, latents)
            if evaluator.due(before, self.images):
                yield from self.measure(evaluator, trainer, data)
            if self.images // settings.snapshot_every > before // settings.snapshot_every or evaluator.worn_out:
                self.save(trainer, data)
            yield Progress(self.images, settings.images, "Training", preview)
            if evaluator.worn_out and evaluator.best is not None:
                self.publish(best=True)
                self.event(
                    "state",
                    status="finished",
                    stopped_early=True,
                    message=f"Ended by itself: no better quality in the last {evaluator.worse} measurements. "
                    f"The best model, after {evaluator.best.images} images, is in your library.",
                    action="Resume goes on all the same.",
                )
                return self.images
        self.preview(trainer, latents)
        if evaluator.active and (evaluator.last is None or evaluator.last.images < self.images):
            yield from self.measure(evaluator, trainer, data)
        self.save(trainer, data)
        self.publish()
        self.event("state", status="finished", message="")
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
                    message = f"Preparing pictures: {progress.step} of {progress.total}"
                    self.event("state", status="preparing", message=message)
                yield progress
        self.event("state", status="paused" if wish == "pause" else "stopped", message="")
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
        except (StudioError, OSError, RuntimeError) as error:
            self.event("state", status="running", message=f"The best model could not be written: {error}")

    def obey(self, trainer: Trainer, data: Pictures) -> Work[bool]:
        """Do what the control file asks; True means stop."""
        wish = self.run.requested()
        if wish == "pause":
            self.save(trainer, data)
            self.event("state", status="paused", message="")
            if self.saved_at == self.images:
                return True  # the process ends, which gives the device back; "resume" starts it again
            # Nothing to go on from on the disk: the memory is all there is.
            while (wish := self.run.requested()) == "pause":
                time.sleep(0.2)
                yield Progress(self.images, self.settings.images, "Paused")
            if wish != "stop":
                self.event("state", status="running", message="")
        if wish == "stop":
            self.save(trainer, data)
            self.publish()
            self.event("state", status="stopped", message="")
            return True
        return False

    def preview(self, trainer: Trainer, latents: Tensor) -> NDArray[np.uint8]:
        """Write a grid of samples from the fixed latents."""
        grid = picture_grid(trainer.sample(latents), PREVIEW_COLUMNS)
        name = f"previews/{self.images:08d}.jpg"
        try:
            with atomic_path(self.run.path / name) as temporary:
                Image.fromarray(grid).save(temporary, quality=92)
            self.event("preview", file=name)
        except StudioError as error:
            self.event("state", status="running", message=error.message, action=error.action)
        return grid

    def save(self, trainer: Trainer, data: Pictures) -> None:
        """Write a checkpoint and the model. A full disk is reported; training goes on and saves again later."""
        if self.images in (0, self.saved_at):
            return  # random weights are no model
        name = f"checkpoints/{self.images:08d}.pt"
        path = self.run.path / name
        state = {"trainer": trainer.state_dict(), "images": self.images, "number": self.number}
        try:
            with atomic_path(path) as temporary:
                torch.save(state, temporary)
            save_model(
                self.run.path / "model.safetensors",
                trainer.exported(),
                model_card(self.settings, trainer, self.images, len(data), self.measured()),
            )
        except (StudioError, OSError, RuntimeError) as error:
            self.event("state", status="running", message=f"The checkpoint could not be written: {error}")
            return
        self.saved_at = self.images
        self.event("checkpoint", file=name)
        for old in self.run.checkpoints()[:-KEEP_CHECKPOINTS]:
            old.unlink(missing_ok=True)

    def measured(self) -> Evaluation | None:
        """What was measured of the present weights, if they were."""
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
            with atomic_path(models_dir() / f"{stem}.safetensors") as temporary:
                shutil.copyfile(path, temporary)
        except StudioError as error:
            self.event("state", status="running", message=error.message, action=error.action)

    def restore(self, trainer: Trainer, device: torch.device) -> None:
        """Go on from the newest readable checkpoint, if there is one."""
        for path in reversed(self.run.checkpoints()):
            try:
                state = torch.load(path, map_location=device, weights_only=True)
                trainer.load_state_dict(state["trainer"])
            except Exception as error:  # a damaged file can fail in any way; the one before it will do
                self.event("state", status="preparing", message=f"The checkpoint {path.name} is damaged: {error}")
                continue
            self.images, self.number = int(state["images"]), int(state["number"])
            self.saved_at = self.images
            return


def train_process(path: Path) -> int:
    """Body of the training process: run, note how it ended, return the exit code."""
    run = RunDirectory(path)
    if run.alive() and run.noted_process() not in (os.getpid(), os.getppid()):
        return 0  # started twice in the same moment: the other one trains
    run.note_process(os.getpid())
    try:
        return _train_and_tell(run)
    finally:
        run.note_end()
        with contextlib.suppress(StudioError):
            if run.state().status == "paused" and run.requested() != "pause":
                run.start()  # "resume" came while this process was ending
            start_next(path.parent)


def _train_and_tell(run: RunDirectory) -> int:
    session = Session(run)
    try:
        for _ in session.train():
            pass
    except StudioError as error:
        session.event("state", status="failed", message=error.message, action=error.action)
        return 3
    except (torch.OutOfMemoryError, MemoryError):
        session.event(
            "state",
            status="failed",
            message="The device has not enough memory for "
            f"batches of {run.settings.batch} at {run.settings.resolution} px.",
            action="Start a new run with a smaller batch or resolution.",
        )
        return 3
    except Exception as error:
        session.event(
            "state",
            status="failed",
            message=f"{type(error).__name__}: {error}",
            action="See process.log in the run folder.",
        )
        raise
    return 0
