"""How close a live picture's first guess is to the exact one: PSNR in dB and SSIM, over moves of sliders and new seeds.

python -m tests.benchmarks.preview [MODEL.safetensors | random]

Drawn to a half, a quarter and an eighth of the full side, then: the skip picture enlarged ("skip"), the picture before
it ("last"), that one with what changed in the skip picture ("added"), and what the program shows, see
:mod:`studio.networks.fast.extrapolation`. A move is along a principal direction, in standard deviations. Starter model,
truncation 0.7 (dB / SSIM):

  drawn  move          skip         last        added        shown
  1/2    0.05     9.8 / 0.55  42.5 / 1.00  44.5 / 1.00  45.8 / 1.00
  1/2    0.20     9.8 / 0.55  30.9 / 0.98  33.0 / 0.98  34.7 / 0.98
  1/2    0.50     9.8 / 0.55  23.9 / 0.90  26.4 / 0.93  28.9 / 0.94
  1/2    1.00     9.8 / 0.56  19.3 / 0.77  22.3 / 0.84  26.0 / 0.89
  1/2    seed     9.7 / 0.56  12.9 / 0.41  17.5 / 0.58  23.5 / 0.82
  1/4    0.05     7.5 / 0.32  42.5 / 1.00  43.2 / 1.00  43.4 / 1.00
  1/4    0.20     7.5 / 0.32  30.9 / 0.98  31.7 / 0.98  32.3 / 0.97
  1/4    0.50     7.5 / 0.33  23.9 / 0.90  24.8 / 0.91  25.9 / 0.90
  1/4    1.00     7.5 / 0.33  19.3 / 0.77  20.4 / 0.79  22.5 / 0.79
  1/4    seed     7.3 / 0.35  12.9 / 0.41  14.9 / 0.47  19.3 / 0.59
  1/8    0.05     7.4 / 0.23  42.5 / 1.00  42.7 / 1.00  41.3 / 0.99
  1/8    0.20     7.4 / 0.23  30.9 / 0.98  31.1 / 0.98  31.3 / 0.97
  1/8    0.50     7.4 / 0.23  23.9 / 0.90  24.2 / 0.90  24.5 / 0.87
  1/8    1.00     7.4 / 0.23  19.3 / 0.77  19.6 / 0.78  20.6 / 0.72
  1/8    seed     7.2 / 0.25  12.9 / 0.41  13.6 / 0.42  16.7 / 0.43
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage.metrics import structural_similarity

from studio.checkpoints.store import GeneratorNet, load_model
from studio.networks.fast.stylegan2 import FastSynthesis
from studio.networks.stylegan2 import Generator, StyleGAN2Config
from studio.synthesis.latents import LatentSpace, draw_z

Pixels = NDArray[np.float32]

STARTER = Path(__file__).parents[2] / "resources" / "models" / "abstract-paint-256.safetensors"
MOVES = (0.05, 0.2, 0.5, 1.0, None)
SAMPLES = 16
NAMES = ("skip", "last", "added", "shown")


def enlarged(image: Pixels, side: int) -> Pixels:
    """Float32 (h, w, channels) at ``side`` pixels."""
    parts = [
        np.asarray(Image.fromarray(part).resize((side, side), Image.Resampling.BICUBIC))
        for part in np.moveaxis(image, 2, 0)
    ]
    return np.stack(parts, axis=2)


@torch.no_grad()
def main() -> None:
    """Print the table."""
    generator: GeneratorNet
    if sys.argv[1:] == ["random"]:
        torch.manual_seed(0)
        generator = Generator(StyleGAN2Config(channel_base=4096, channel_max=256)).eval().requires_grad_(False)
    else:
        generator = load_model(Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER, torch.device("cpu"))
    space = LatentSpace(generator)
    fast = space.fast()
    assert isinstance(fast, FastSynthesis)
    vectors, deviations = space.directions()

    def code(seed: int) -> torch.Tensor:
        w = generator.mapping(draw_z(seed, generator.config.z_dim))  # type: ignore[operator,union-attr]
        return generator.w_to_ws(w, 0.7)  # type: ignore[operator,union-attr,no-any-return]

    found: dict[tuple[int, float | None, str], list[tuple[float, float]]] = {}
    for move in MOVES:
        for number in range(SAMPLES):
            start = code(number)
            step = vectors[number % 8] * deviations[number % 8]
            end = code(number + 500) if move is None else start + step * move
            last = fast(start)[0].permute(1, 2, 0).numpy()
            before = {block.resolution: block.image.copy() for block in fast.blocks}
            # A guess is good until the next block is drawn; asking for it also has the network learn for the next one.
            blocks = {block.resolution: block for block in fast.blocks}
            guesses = [
                (blocks[stage.resolution].image.copy(), stage.guess().numpy())
                for stage in fast.stages(end)
                if not stage.final
            ]
            exact = np.clip(fast(end)[0].permute(1, 2, 0).numpy() / 2 + 0.5, 0, 1)
            for image, guess in guesses:
                side, drawn = len(exact), len(image)
                if drawn < 8:
                    continue
                ways = {
                    "skip": enlarged(image, side),
                    "last": last,
                    "added": last + enlarged(image - before[drawn], side),
                    "shown": guess,
                }
                for name, picture in ways.items():
                    shown = np.clip(picture / 2 + 0.5, 0, 1)
                    likeness = structural_similarity(shown, exact, channel_axis=2, data_range=1.0)
                    error = float(np.square(shown - exact).mean())
                    found.setdefault((side // drawn, move, name), []).append((error, float(likeness)))
    print("  drawn  move          skip         last        added        shown")
    for share in sorted({share for share, _, _ in found}):
        for move in MOVES:
            cells = []
            for name in NAMES:
                errors, likenesses = zip(*found[share, move, name], strict=True)
                cells.append(f"{-10 * np.log10(np.mean(errors)):5.1f} / {np.mean(likenesses):.2f}")
            label = "seed" if move is None else f"{move:.2f}"
            print(f"  1/{share:<4} {label:6}" + "".join(f"{cell:>13}" for cell in cells))


if __name__ == "__main__":
    main()
