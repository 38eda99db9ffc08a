"""Ways of training compared at equal time of the processor on one folder: the table behind the automatic settings.

python -m tests.benchmarks.train_arms PICTURES OUT --minutes 5 10 20 40 --arms drifting stylegan2 ...

Every arm trains on one thread (set OMP_NUM_THREADS and NUMBA_NUM_THREADS to 1) and counts its own processor time, so
that a busy machine only takes longer. The arms take turns: all of them come to the first mark before one goes on to the
next, so the table may be read, and the command stopped, at any moment. OUT keeps the state of each; calling again goes
on exactly. ``--table`` measures what is there, with the eyes of EfficientNet and of VGG-16, since drifting and the
projected discriminator learn through the first; ``arms-MARK.jpg`` shows the same latents of all arms, not chosen.

Measured at 64 px, one seed, 256 samples against 1,000 pictures, KID x 1000 by EfficientNet / VGG-16, marks in minutes
of one core of a two-core AMD EPYC that other programs kept busy (so that minutes hold fewer images):

4,000 painted sheets (packaging/starter_models)

=================================  =======  ======  ===========
arm                                minutes  images  KID
=================================  =======  ======  ===========
drifting                                 5  17,136    328 / 397
drifting                                10  33,888    240 / 405
looked at in 128 px                      5   8,448    488 / 588
looked at in 128 px                     10  16,272    327 / 484
128 px, colours as RGB                   5   9,120    443 / 534
128 px, colours as RGB                  10  17,856    263 / 475
stylegan2                                5   3,808  928 / 4,976
drifting-scale, 128 px, RGB              5   9,264    662 / 739
projected                                5   2,944  606 / 3,661
=================================  =======  ======  ===========

695 emoji of faces and people, with Noto Color Emoji

=================================  =======  ======  ===========
drifting                                 4  12,816  425 / 1,641
drifting                                10  35,472  332 / 1,015
looked at in 128 px                      4   7,296  422 / 1,424
looked at in 128 px                     10  17,952    348 / 937
128 px, colours as RGB                   4   6,480    478 / 957
128 px, 1,024 pictures, decay            4   5,952  510 / 2,630
128 px, 1,024 pictures, decay           10  15,072  381 / 2,217
=================================  =======  ======  ===========

Another choice of 695 of them

=================================  =======  ======  ===========
drifting                                10  49,728    269 / 707
drifting                                25  91,248    176 / 188
drifting, then StyleGAN2 from 10 on     25  18,992    427 / 753
stylegan2                               10   7,792  570 / 2,103
=================================  =======  ======  ===========

Drifting goes on getting nearer: after 25 minutes hair and shoulders are whole, faces are not there. A new discriminator
that goes on from it, after learning alone for 1,500 images, spoils in 15 minutes what ten had made.

Looking at 64 px instead of 128 draws twice the images (features of a small folder are kept besides); by eye emoji are
heads with hair instead of yellow blobs. Opponent colours (drifting.OHTA) are neither nearer nor farther than RGB by
these distances; they stay because RGB came out a third too vivid. Comparing with 1,024 pictures while the rate falls
made all softer.

Not reached: r3gan, drifting-wide, stylegan2-narrow, anchors, growing, more than 25 minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table

from studio.base import drain
from studio.base.allocator import keep_pages
from studio.networks.device import choose_device
from studio.training.automatic import Machine, Preset, advise
from studio.training.batches import batch_indices, real_batch
from studio.training.drifting_trainer import DriftingTrainer
from studio.training.evaluation import AUTO_SAMPLES, EVALUATION_SEED, FEATURE_BATCH
from studio.training.loop import build_trainer
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer
from studio.training.trainers import Trainer
from tests.benchmarks.train_kid import JUDGES, extract, features_of, measure, prepare, shrunk

SEED = 0
SAVE_SECONDS = 120
"""Processor time between two states: more than this is never lost."""
JUDGED_PICTURES, JUDGED_SAMPLES = 1_000, 256
"""So many pictures of the folder, and samples of each arm, are looked at by the judges: enough to tell arms apart."""
SHEET_COLUMNS, SHEET_ROWS = 8, 3


# ---- the arms


def reference_scaling(trainer: Trainer) -> None:
    """Scale the features of a drifting trainer as the paper does."""
    assert isinstance(trainer, DriftingTrainer)
    trainer.real_features.scaling = "space"


@dataclass(frozen=True)
class Arm:
    """A way of training: the automatic settings of ``preset``, with ``changes``, after ``alter`` has changed more."""

    label: str
    preset: Preset = "auto"
    changes: dict[str, Any] = field(default_factory=dict)
    alter: Callable[[Trainer], None] | None = None
    start: str | None = None
    """The arm whose averaged generator it goes on from, as that arm is when this one begins; its minutes count."""
    held: int = 0
    """Images during which the generator stands still and only the discriminator learns."""


ARMS: dict[str, Arm] = {
    "drifting": Arm("drifting (quick)", "quick"),
    "stylegan2": Arm("StyleGAN2 (automatic)", "auto", {"discriminator": "stylegan2"}),
    "drifting-scale": Arm("drifting, reference scaling", "quick", alter=reference_scaling),
    "projected": Arm("projected, D at 0.0002", "auto", {"discriminator": "projected"}),
    "r3gan": Arm("R3GAN: relativistic, R1 + R2", "auto", {"loss": "relativistic", "r2_gamma": None}),
    "drifting-wide": Arm("drifting, twice as wide", "quick", {"channel_base": 2048, "channel_max": 128}),
    "stylegan2-narrow": Arm("StyleGAN2, half as wide", "auto", {"channel_base": 1024, "channel_max": 64}),
    "drifting-stylegan2": Arm(
        "drifting, then StyleGAN2",
        "auto",
        {"discriminator": "stylegan2", "channel_base": 1024, "channel_max": 64},
        start="drifting",
        held=1_500,
    ),
    "anchors": Arm("StyleGAN2, anchors 10", "auto", {"anchor": 10.0, "anchor_first": 3_000}),
}


def settings_of(arm: Arm, pictures: int, side: int) -> TrainSettings:
    """The settings of an arm for so many pictures on a processor."""
    values = advise(arm.preset, pictures, side, Machine("cpu")).values | {"resolution": side} | arm.changes
    if "r2_gamma" in values and values["r2_gamma"] is None:
        values["r2_gamma"] = values["r1_gamma"]
    return TrainSettings.model_validate({"name": "arm", "folder": ".", "seed": SEED, **values})


# ---- one of them


def train(name: str, out: Path, minutes: float, side: int) -> None:
    """Go on with an arm in this process until it has had so many minutes of the processor; its samples stay there."""
    keep_pages()  # as our training process does
    torch.set_num_threads(1)
    arm, data = ARMS[name], np.load(out / f"real-{side}.npy", mmap_mode="r")
    settings, device = settings_of(arm, len(data), side), choose_device("cpu")
    trainer = drain(build_trainer(settings, Processes(device=device), len(data)))
    if arm.alter is not None:
        arm.alter(trainer)
    state_file = out / f"{name}.pt"
    images = number = 0
    seconds = 0.0
    if state_file.exists():
        state = torch.load(state_file, weights_only=False)
        trainer.load_state_dict(state["trainer"])
        images, number, seconds = state["images"], state["number"], state["seconds"]
    elif arm.start is not None:
        state = torch.load(out / f"{arm.start}.pt", weights_only=False)
        assert isinstance(trainer, StyleGANTrainer)
        for network in (trainer.generator, trainer.average):
            network.load_state_dict(state["trainer"]["average"])
        seconds = state["seconds"]
    rate = settings.rate
    straight = torch.zeros(settings.batch, dtype=torch.bool)
    began, before, saved = time.process_time(), seconds, seconds
    while seconds < 60 * minutes:
        if isinstance(trainer, StyleGANTrainer):
            for group in trainer.optim_g.param_groups:
                group["lr"] = 0.0 if images < arm.held else rate
        indices = batch_indices(SEED, images, settings.batch, len(data))
        trainer.step(real_batch(data, indices, straight, device), indices, number, images)
        images, number = images + settings.batch, number + 1
        seconds = before + time.process_time() - began
        if seconds - saved > SAVE_SECONDS:
            _save(state_file, trainer, images, number, seconds)
            saved = seconds
    _save(state_file, trainer, images, number, seconds)
    latents = torch.randn(AUTO_SAMPLES, trainer.z_dim, generator=torch.Generator().manual_seed(EVALUATION_SEED))
    made = torch.cat([shrunk(trainer.sample(z), side) for z in latents.split(FEATURE_BATCH)])
    np.save(out / f"{name}-{minutes:g}.npy", made.permute(0, 2, 3, 1).numpy())
    (out / f"{name}-{minutes:g}.json").write_text(json.dumps({"images": images, "steps": number}))


def _save(path: Path, trainer: Trainer, images: int, number: int, seconds: float) -> None:
    partial = path.with_suffix(".partial")
    torch.save({"trainer": trainer.state_dict(), "images": images, "number": number, "seconds": seconds}, partial)
    partial.replace(path)


# ---- the table


def measured(real: NDArray[np.uint8], out: Path, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Measurements by "ARM-MINUTES", then by judge; those made before are kept in ``out``."""
    kept = out / "measured.json"
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    for judge in JUDGES:
        missing = [key for key in keys if judge not in found.get(key, {})]
        if not missing:
            continue
        network = features_of(judge)
        of_real_file = out / f"real-{judge}.pt"
        if not of_real_file.exists():
            chosen = np.random.default_rng(EVALUATION_SEED).permutation(len(real))[:JUDGED_PICTURES]
            torch.save(extract(network, real[np.sort(chosen)]), of_real_file)
        of_real = torch.load(of_real_file)
        for key in missing:
            values = measure(extract(network, np.load(out / f"{key}.npy")[:JUDGED_SAMPLES]), of_real)
            found.setdefault(key, {})[judge] = values
            kept.write_text(json.dumps(found))
    return found


def table(out: Path, side: int, arms: Sequence[str], marks: Sequence[float]) -> None:
    """Measure, print and draw what the arms have come to."""
    real = np.load(out / f"real-{side}.npy")
    there = [(m, a) for m in marks for a in arms if (out / f"{a}-{m:g}.npy").exists()]
    found = measured(real, out, [f"{arm}-{mark:g}" for mark, arm in there])
    shown = Table(
        "arm", "minutes", "images", title=f"KID x 1000 (spread), precision / recall; {JUDGED_SAMPLES} samples"
    )
    for judge in JUDGES.values():
        shown.add_column(judge, justify="right")
    for mark in marks:
        of_mark = [arm for m, arm in there if m == mark]
        for arm in of_mark:
            key = f"{arm}-{mark:g}"
            row = [ARMS[arm].label, f"{mark:g}", str(json.loads((out / f"{key}.json").read_text())["images"])]
            for judge in JUDGES:
                v = found[key][judge]
                row.append(f"{v['kid']:.0f} ({v['spread']:.0f}), {v['precision']:.2f} / {v['recall']:.2f}")
            shown.add_row(*row)
        shown.add_section()
        if of_mark:
            sheet(real, out, of_mark, mark)
    Console(width=120).print(shown)


def sheet(real: NDArray[np.uint8], out: Path, arms: Sequence[str], mark: float) -> None:
    """Pictures of the folder, and under them the first latents of every arm."""
    side, caption, count = real.shape[1], 20, SHEET_COLUMNS * SHEET_ROWS
    chosen = np.sort(np.random.default_rng(EVALUATION_SEED).permutation(len(real))[:count])
    blocks = {"the pictures": real[chosen]} | {ARMS[a].label: np.load(out / f"{a}-{mark:g}.npy")[:count] for a in arms}
    rows = -(-len(blocks) // 2)
    width, height = SHEET_COLUMNS * side, SHEET_ROWS * side + caption
    whole = Image.new("RGB", (2 * width + 8, rows * height), "white")
    draw = ImageDraw.Draw(whole)
    for place, (label, pictures) in enumerate(blocks.items()):
        left, top = place % 2 * (width + 8), place // 2 * height
        draw.text((left + 2, top + caption / 2), label, "black", ImageFont.load_default(13), anchor="lm")
        for i, picture in enumerate(pictures):
            at = (left + i % SHEET_COLUMNS * side, top + caption + i // SHEET_COLUMNS * side)
            whole.paste(Image.fromarray(picture), at)
    whole.save(out / f"arms-{mark:g}.jpg", quality=88)


def main() -> None:
    """Train the arms in turns, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path, help="folder of pictures")
    parser.add_argument("out", type=Path, help="folder for everything that is made")
    parser.add_argument("--minutes", type=float, nargs="*", default=[5, 10, 20, 40], help="when each arm is measured")
    parser.add_argument("--arms", nargs="*", choices=ARMS, default=list(ARMS))
    parser.add_argument("--side", type=int, default=64, help="pixels of the squares")
    parser.add_argument("--table", action="store_true", help="measure what is there instead of training")
    parser.add_argument("--child", choices=ARMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    out, marks = options.out, sorted(options.minutes)
    if options.child:
        train(options.child, out, marks[0], options.side)
        return
    out.mkdir(parents=True, exist_ok=True)
    prepare(options.pictures, options.side, out / f"real-{options.side}.npy")
    if options.table:
        torch.set_num_threads(1)
        table(out, options.side, options.arms, marks)
        return
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    places = [str(options.pictures), str(out), "--side", str(options.side)]
    for mark in marks:
        for arm in options.arms:
            if not (out / f"{arm}-{mark:g}.json").exists():
                print(time.strftime("%H:%M:%S"), arm, f"{mark:g}", file=sys.stderr, flush=True)
                command = [sys.executable, "-m", "tests.benchmarks.train_arms", *places, "--minutes", f"{mark:g}"]
                subprocess.run([*command, "--child", arm], env=environment, check=True)


if __name__ == "__main__":
    main()
