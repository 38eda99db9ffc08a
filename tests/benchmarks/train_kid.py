"""KID after equal time of the processor on one folder: ours, stylegan2-ada-pytorch and FastGAN's kin.

python -m tests.benchmarks.train_kid PICTURES OUT --seconds 600 --ada FOLDER --fastgan FOLDER --light FOLDER

Each program trains in a process of its own, on one thread, for the same seconds of the processor (the wall clock lies
on a shared machine), on the same squares; only FastGAN, which cannot make less than 256 pixels, has them cut from the
originals at that size, and its samples are made smaller. Drawing samples, at half of the time and at its end, does not
count. Then all samples are measured by the product's own code, on EfficientNet features and on those of VGG-16: our
projected discriminator learns from EfficientNet, which therefore cannot judge it. The first row of the table is what
half of the pictures themselves would get against the other half.

OUT keeps what is done: calling again goes on, and adds programs. ``sheet.png`` there shows all of them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table
from torch import Tensor

from studio.base import drain
from studio.base.allocator import keep_pages
from studio.checkpoints.feature_networks import load_efficientnet
from studio.checkpoints.perceptual import load_vgg
from studio.networks import efficientnet
from studio.training.evaluation import AUTO_SAMPLES, EVALUATION_SEED, FEATURE_BATCH
from studio.training.metrics import kernel_distance, memorising, precision_recall, resize_for_network
from tests.benchmarks.train_programs import FASTGAN_SIDE, NAMES, OURS, build

SHARES = (0.5, 1.0)
"""When samples are drawn, of the whole time."""
VGG_LAYERS = ("relu4_3", "relu5_3")
JUDGES = {"efficientnet": "EfficientNet", "vgg": "VGG-16"}
SHEET_ROWS, SHEET_COLUMNS = 8, 4
Features = Callable[[Tensor], Tensor]


# ---- the pictures


def prepare(folder: Path, side: int, path: Path) -> None:
    """Squares of ``side`` pixels as the product cuts them, in ``path``."""
    from studio.training import picture_files, prepared
    from studio.training.folder import inspect_folder
    from studio.training.framing import Framing
    from studio.training.picture_decisions import PictureDecisions

    if path.exists():
        return
    framing = Framing(side)
    cuts = prepared.cuts_of(drain(inspect_folder(folder)), framing, PictureDecisions())
    pictures = picture_files.open_pictures(drain(prepared.prepare_set(cuts, framing, folder)).data)
    np.save(path, np.stack([pictures[i] for i in range(len(pictures))]))


# ---- one program


def train(name: str, data: Path, out: Path, seconds: float, side: int, folders: dict[str, Path]) -> None:
    """Train in this process, leaving samples as ``NAME-SHARE.npy`` and what it took as ``NAME.json`` in ``out``."""
    if name in OURS:
        keep_pages()  # as our training process does
    torch.set_num_threads(1)
    program = build(name, np.load(data, mmap_mode="r"), folders)
    latents = torch.randn(AUTO_SAMPLES, program.z_dim, generator=torch.Generator().manual_seed(EVALUATION_SEED))
    number, images, drawing = 0, 0, 0.0
    shown: dict[str, int] = {}
    began = time.process_time()
    for share in SHARES:
        while time.process_time() - began - drawing < share * seconds:
            images += program.step(number, images)
            number += 1
        paused = time.process_time()
        with torch.no_grad():
            made = [shrunk(program.draw(z), side) for z in latents.split(FEATURE_BATCH)]
        np.save(out / f"{name}-{share}.npy", torch.cat(made).permute(0, 2, 3, 1).numpy())
        shown[str(share)] = images
        drawing += time.process_time() - paused
    (out / f"{name}.json").write_text(json.dumps({"images": shown, "steps": number, "seconds": seconds}))


def shrunk(pictures: Tensor, side: int) -> Tensor:
    """(n, 3, r, r) in -1..1 -> uint8 (n, 3, side, side), as a saved picture would be."""
    levels = (pictures.float().clamp(-1, 1) + 1) * 127.5
    return resize_for_network(levels, side).round().to(torch.uint8)


# ---- all of them


def features_of(judge: str) -> Features:
    """uint8 pictures (n, 3, r, r) -> features (n, d)."""
    if judge == "efficientnet":
        lite = drain(load_efficientnet("cpu"))
        return lambda x: lite.pooled(resize_for_network(x, efficientnet.INPUT_SIDE) / 255)
    vgg = drain(load_vgg("vgg16-hed", "cpu"))

    def pooled(x: Tensor) -> Tensor:
        found = vgg(x.float() / 255, VGG_LAYERS)
        # Each layer in its own unit, else the one with the larger numbers would decide alone.
        return torch.cat([F.normalize(found[k].mean(dim=(2, 3))) * found[k].shape[1] ** 0.5 for k in VGG_LAYERS], dim=1)

    return pooled


@torch.no_grad()
def extract(network: Features, pictures: NDArray[np.uint8]) -> Tensor:
    """Features of pictures (n, r, r, 3)."""
    x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    return torch.cat([network(part).float() for part in x.split(FEATURE_BATCH)])


def measure(features: Tensor, real: Tensor) -> dict[str, float]:
    """The product's measurements; KIDs times 1000."""
    distance = kernel_distance(features, real)
    precision, recall = precision_recall(features, real)
    copies = memorising(features, real).copy_share
    return {
        "kid": 1000 * distance.mean,
        "spread": 1000 * distance.spread,
        "precision": precision,
        "recall": recall,
        "copies": copies,
    }


def compare(real: NDArray[np.uint8], out: Path, programs: list[str]) -> dict[str, dict[str, Any]]:
    """Measurements by "PROGRAM-SHARE", then by judge; those made before are kept in ``out``."""
    kept = out / "measured.json"
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    wanted = ["real", *(f"{name}-{share}" for name in programs for share in SHARES)]
    for judge in JUDGES:
        missing = [key for key in wanted if judge not in found.get(key, {})]
        if not missing:
            continue
        network = features_of(judge)
        of_real = extract(network, real)
        for key in missing:
            if key == "real":
                mixed = torch.randperm(len(of_real), generator=torch.Generator().manual_seed(0))
                half = len(mixed) // 2
                values = measure(of_real[mixed[:half]], of_real[mixed[half:]])
            else:
                values = measure(extract(network, np.load(out / f"{key}.npy")), of_real)
            found.setdefault(key, {})[judge] = values
            kept.write_text(json.dumps(found))
    return found


def show(found: dict[str, dict[str, Any]], out: Path, programs: list[str], console: Console) -> None:
    """The table."""
    table = Table("", "images", title="KID x 1000 (spread), precision / recall, copies")
    for judge in JUDGES.values():
        table.add_column(judge, justify="right")
    for key in ["real", *(f"{name}-{share}" for name in programs for share in SHARES)]:
        name, _, share = key.rpartition("-")
        properties = json.loads((out / f"{name}.json").read_text()) if name else {}
        label = f"{NAMES[name]}, {properties['seconds'] * float(share):.0f} s" if name else "half of the pictures"
        row = [label, str(properties["images"][share]) if name else ""]
        for judge in JUDGES:
            v = found[key][judge]
            row.append(
                f"{v['kid']:.1f} ({v['spread']:.1f}), {v['precision']:.2f} / {v['recall']:.2f}, {v['copies']:.2f}"
            )
        table.add_row(*row)
    console.print(table)


def sheet(real: NDArray[np.uint8], out: Path, programs: list[str]) -> Path:
    """Pictures of the folder and the same latents of every program at the end, side by side."""
    side, caption, gap = real.shape[1], 18, 8
    count = SHEET_ROWS * SHEET_COLUMNS
    chosen = np.random.default_rng(EVALUATION_SEED).permutation(len(real))[:count]
    blocks = {"the pictures": real[np.sort(chosen)]}
    blocks |= {NAMES[name]: np.load(out / f"{name}-{SHARES[-1]}.npy")[:count] for name in programs}
    width, height = SHEET_COLUMNS * side, SHEET_ROWS * side
    per_row = math.ceil(len(blocks) / 2) if len(blocks) > 4 else len(blocks)
    rows = math.ceil(len(blocks) / per_row)
    whole = Image.new("RGB", (per_row * (width + gap), rows * (height + caption)), "white")
    draw = ImageDraw.Draw(whole)
    for place, (label, pictures) in enumerate(blocks.items()):
        left, top = place % per_row * (width + gap), place // per_row * (height + caption)
        draw.text((left + 2, top + caption / 2), label, "black", ImageFont.load_default(13), anchor="lm")
        for i, picture in enumerate(pictures):
            at = (left + i % SHEET_COLUMNS * side, top + caption + i // SHEET_COLUMNS * side)
            whole.paste(Image.fromarray(picture), at)
    whole.save(out / "sheet.png")
    return out / "sheet.png"


def main() -> None:
    """Train what has not been trained, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path, help="folder of pictures")
    parser.add_argument("out", type=Path, help="folder for everything that is made")
    parser.add_argument("--seconds", type=float, default=600, help="of the processor, for each program")
    parser.add_argument("--side", type=int, default=64, help="pixels of the squares")
    parser.add_argument(
        "--programs", nargs="*", choices=NAMES, help="default: ours, and the peers whose folder is given"
    )
    parser.add_argument("--ada", type=Path, help="folder of stylegan2-ada-pytorch")
    parser.add_argument("--fastgan", type=Path, help="folder of FastGAN-pytorch")
    parser.add_argument("--light", type=Path, help="folder with the packages lightweight_gan and einops")
    parser.add_argument("--child", choices=NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folders = {name: path for name in ("ada", "fastgan", "light") if (path := getattr(options, name)) is not None}
    options.out.mkdir(parents=True, exist_ok=True)
    data = {side: options.out / f"real-{side}.npy" for side in (options.side, FASTGAN_SIDE)}
    if options.child:
        own = data[FASTGAN_SIDE if options.child == "fastgan" else options.side]
        train(options.child, own, options.out, options.seconds, options.side, folders)
        return
    programs = options.programs or [n for n in NAMES if n in OURS or n.partition("-")[0] in folders]
    for side in (options.side, *([FASTGAN_SIDE] if "fastgan" in programs else [])):
        prepare(options.pictures, side, data[side])
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    for name in programs:
        if not (options.out / f"{name}.json").exists():
            print(time.strftime("%H:%M:%S"), name, file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "tests.benchmarks.train_kid", *sys.argv[1:], "--child", name]
            subprocess.run(command, env=environment, check=True)
    torch.set_num_threads(1)
    real = np.load(data[options.side])
    found = compare(real, options.out, programs)
    console = Console(width=120)
    console.print(f"{len(real)} pictures of {options.side} px, {AUTO_SAMPLES} samples, load {os.getloadavg()[0]:.1f}")
    show(found, options.out, programs, console)
    print(sheet(real, options.out, programs))


if __name__ == "__main__":
    main()
