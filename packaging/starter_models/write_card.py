"""Write the card of a starter model: its file with covers, a sheet of samples not chosen, and a page of facts.

    python packaging/starter_models/write_card.py abstract_paint taught.safetensors abstract-paint-256 [--samples 512]

The texts come from ``cards.toml`` beside this script; the quality is measured against new pictures of the painter, by
two judges, beside what another set of the painter's pictures gets. ``--seeds`` writes a sheet of the first seeds, from
which covers are chosen, and nothing else.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.store import load_model, save_model
from studio.networks.stylegan2 import Generator
from studio.training.metrics import kernel_distance

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODELS = ROOT / "resources" / "models"
JUDGES = {"efficientnet": "EfficientNet", "vgg": "VGG-16"}
TRUNCATION = 0.8
SHEET, COLUMNS, THUMBNAIL = 40, 8, 128
SEEDS = 96
BATCH = 8
# Numbers of pictures that no training has seen.
REAL, OTHER = 500_000, 600_000

Pictures = NDArray[np.uint8]


@torch.no_grad()
def samples(generator: Generator, z: Tensor, truncation: float) -> Pictures:
    """The pictures of the latents ``z`` (n, z_dim): (n, r, r, 3), 0..255."""
    parts = [generator(part, truncation=truncation, noise_mode="const") for part in z.split(BATCH)]
    return ((torch.cat(parts).clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def of_seed(seed: int, z_dim: int) -> Tensor:
    """The latent (1, z_dim) that the explorer draws for ``seed``."""
    return torch.randn(1, z_dim, generator=torch.Generator().manual_seed(seed))


def resized(pictures: Pictures, side: int, method: Image.Resampling) -> Pictures:
    return np.stack([np.asarray(Image.fromarray(picture).resize((side, side), method)) for picture in pictures])


def sheet(pictures: Pictures, columns: int) -> Image.Image:
    """All ``pictures`` side by side, in rows of so many."""
    small = resized(pictures, THUMBNAIL, Image.Resampling.LANCZOS)
    rows = [np.concatenate(list(small[i : i + columns]), axis=1) for i in range(0, len(small), columns)]
    return Image.fromarray(np.concatenate(rows))


def quality(painter: Any, generator: Generator, count: int) -> dict[str, tuple[float, float, float]]:
    """KID x 1000 of ``count`` samples by each judge: mean, deviation, and the mean for the painter's other pictures."""
    sys.path.insert(0, str(ROOT))
    from tests.benchmarks.train_kid import extract, features_of

    resolution = generator.config.resolution

    def reduced(pictures: Pictures) -> Pictures:
        """As the judges see all of them: large ones reduced in one way."""
        return resized(pictures, min(resolution, THUMBNAIL), Image.Resampling.BOX)

    real, other = (
        reduced(np.stack([painter.paint(painter.latent(first + i), resolution) for i in range(count)]))
        for first in (REAL, OTHER)
    )
    z = torch.randn(count, generator.config.z_dim, generator=torch.Generator().manual_seed(7))
    made = reduced(samples(generator, z, 1.0))
    found = {}
    for judge in JUDGES:
        network = features_of(judge)
        a, b, c = (extract(network, pictures) for pictures in (real, other, made))
        distance, between = kernel_distance(c, a), kernel_distance(b, a)
        found[judge] = (1000 * distance.mean, 1000 * distance.spread, 1000 * between.mean)
        print(JUDGES[judge], found[judge], flush=True)
    return found


def page(stem: str, facts: dict[str, Any], painter: str, generator: Generator, kid: str, speed: float) -> str:
    """The model's page, in Markdown."""
    c = generator.config
    minutes = [command.split("--minutes ")[1].split()[:2] for command in facts["commands"]]
    fields, mapping = sum(int(each[0]) for each in minutes), max(int(each[1]) for each in minutes)
    rows = {
        "network": f"StyleGAN2 (skip generator), {c.resolution} × {c.resolution} px, z {c.z_dim}, w {c.w_dim}, up to "
        f"{c.channel_max} channels, stored in half precision; {speed:.0f} ms a picture on one core of a busy machine",
        "trained on": facts["data"],
        "data made by": f"`packaging/starter_models/{painter}.py`",
        "trained with": "`packaging/starter_models/learn_painter.py`, on one core of a 2-core server processor: "
        f"{fields} minutes of it for the fields, {mapping} for the mapping; the layers above 32 px are set by formula",
        "how": "latent by latent: the painter's own latents were used; nothing had to be guessed by an adversary",
        "quality": kid,
        "of the 40 above": facts["shown"],
        "covers": "seeds " + ", ".join(map(str, facts["covers"])),
        "first directions": ", ".join(f"{n} {name.lower()}" for n, name in enumerate(facts["directions"], 1) if name),
        "licence": "Apache-2.0, as are the pictures it learnt from",
    }
    return "\n".join(
        [
            f"# {facts['title']}, {c.resolution} px",
            "",
            facts["description"],
            "",
            f"![Samples at truncation {TRUNCATION}, of one draw, not chosen]({stem}.jpg)",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows.items() if value),
            "",
            f"What it is good for: {facts['good_for']}",
            f"What it is not: {facts['not_good_for']}",
            "",
            "```",
            *(f"python packaging/starter_models/{command}" for command in facts["commands"]),
            "```",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("painter", choices=("abstract_paint", "rosettes"))
    parser.add_argument("model", type=Path)
    parser.add_argument("stem", help="name of the files in resources/models")
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--seeds", type=Path, help="write a sheet of the first seeds there, and nothing else")
    options = parser.parse_args()
    generator = load_model(options.model)
    assert isinstance(generator, Generator)
    z_dim = generator.config.z_dim
    if options.seeds:
        z = torch.cat([of_seed(seed, z_dim) for seed in range(SEEDS)])
        sheet(samples(generator, z, TRUNCATION), 12).save(options.seeds)
        return
    facts = tomllib.loads((HERE / "cards.toml").read_text(encoding="utf-8"))[options.painter]
    painter = importlib.import_module(options.painter)
    card = ModelCard(
        name=facts["title"],
        architecture="stylegan2",
        config=read_card(options.model).config,
        licence="Apache-2.0",
        description=facts["description"],
        data=facts["data"],
        training={"script": "packaging/starter_models/learn_painter.py", "images_shown": facts["images"]},
        covers=tuple(facts["covers"]),
        direction_names=tuple(facts["directions"]),
    )
    save_model(MODELS / f"{options.stem}.safetensors", generator, card, half=True)
    generator = load_model(MODELS / f"{options.stem}.safetensors")
    assert isinstance(generator, Generator)
    z = torch.randn(SHEET, z_dim, generator=torch.Generator().manual_seed(1))
    began = time.process_time()
    pictures = samples(generator, z, TRUNCATION)
    speed = 1000 * (time.process_time() - began) / SHEET
    sheet(pictures, COLUMNS).save(MODELS / f"{options.stem}.jpg", quality=88)
    parts = [
        f"{JUDGES[judge]} {mean:.0f} ± {spread:.0f} (another set of the painter's: {between:.1f})"
        for judge, (mean, spread, between) in quality(painter, generator, options.samples).items()
    ]
    side = min(generator.config.resolution, THUMBNAIL)
    kid = f"KID × 1000 against the painter, {options.samples} samples at {side} px: {'; '.join(parts)}"
    text = page(options.stem, facts, options.painter, generator, kid, speed)
    (MODELS / f"{options.stem}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
