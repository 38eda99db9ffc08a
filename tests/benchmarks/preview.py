"""How close a live picture's first guess is to the exact one: PSNR in dB and SSIM, over moves of sliders and new seeds.

python -m tests.benchmarks.preview [MODEL.safetensors]

Drawn to a half, a quarter and an eighth of the full side, then: the skip picture enlarged (bicubic, Lanczos), the same
with the detail of the picture before it where both have drawn the same detail so far ("weighted"), and what the program
shows (:meth:`studio.networks.fast_stylegan2.Stage.guess`), which adds all that the fine layers added before. A move is
along a principal direction, in standard deviations. Starter model, truncation 0.7 (dB / SSIM):

  drawn  move       bicubic      Lanczos     weighted       shown
  1/2    0.05     9.8 / 0.55   9.8 / 0.56  44.6 / 1.00  44.5 / 1.00
  1/2    0.20     9.8 / 0.55   9.8 / 0.56  33.1 / 0.98  33.0 / 0.98
  1/2    0.50     9.8 / 0.55   9.8 / 0.56  26.5 / 0.93  26.3 / 0.92
  1/2    1.00     9.9 / 0.56   9.9 / 0.56  22.5 / 0.83  22.3 / 0.83
  1/2    seed     9.7 / 0.56   9.7 / 0.57  17.3 / 0.62  17.8 / 0.61
  1/4    0.05     7.5 / 0.33   7.5 / 0.33  42.2 / 1.00  43.2 / 1.00
  1/4    0.20     7.5 / 0.33   7.5 / 0.33  30.4 / 0.98  31.6 / 0.98
  1/4    0.50     7.5 / 0.33   7.5 / 0.33  23.3 / 0.90  24.6 / 0.91
  1/4    1.00     7.5 / 0.33   7.5 / 0.33  18.5 / 0.77  20.3 / 0.78
  1/4    seed     7.4 / 0.34   7.4 / 0.34  12.0 / 0.47  15.3 / 0.49
  1/8    0.05     7.4 / 0.23   7.4 / 0.23  42.3 / 1.00  42.7 / 1.00
  1/8    0.20     7.4 / 0.23   7.4 / 0.23  30.7 / 0.98  31.0 / 0.98
  1/8    0.50     7.4 / 0.23   7.4 / 0.23  23.5 / 0.90  24.0 / 0.90
  1/8    1.00     7.5 / 0.23   7.5 / 0.23  18.9 / 0.76  19.5 / 0.76
  1/8    seed     7.3 / 0.24   7.3 / 0.24  12.8 / 0.44  13.9 / 0.44
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

from studio.checkpoints.store import load_model
from studio.networks.fast_stylegan2 import FastSynthesis, Stage
from studio.synthesis.latents import LatentSpace, draw_z

Pixels = NDArray[np.float32]

STARTER = Path(__file__).parents[2] / "resources" / "models" / "little-people-64.safetensors"
MOVES = (0.05, 0.2, 0.5, 1.0, None)
SAMPLES = 24


def enlarged(image: Pixels, side: int, way: Image.Resampling = Image.Resampling.BICUBIC) -> Pixels:
    """Float32 (h, w, channels) at ``side`` pixels."""
    parts = [np.asarray(Image.fromarray(part).resize((side, side), way)) for part in np.moveaxis(image, 2, 0)]
    return np.stack(parts, axis=2)


def weighted(stage: Stage, coarser: Stage) -> Pixels:
    """The detail from before, by how much of the detail one scale coarser is still there."""
    assert stage.before is not None and coarser.before is not None and stage.finished is not None
    now = stage.image - enlarged(coarser.image, stage.resolution)
    then = stage.before - enlarged(coarser.before, stage.resolution)

    def around(values: Pixels) -> Pixels:
        return gaussian_filter(values.sum(axis=2), 2.5)

    share = np.clip(around(now * then) / (around(then * then) + 1e-6), 0, 1).astype(np.float32)[:, :, None]
    detail = stage.finished - enlarged(stage.before, stage.side)
    return enlarged(stage.image, stage.side) + enlarged(share, stage.side, Image.Resampling.BILINEAR) * detail


def copied(stage: Stage) -> Stage:
    """A stage that stays when the network goes on."""
    assert stage.before is not None and stage.finished is not None
    return Stage(stage.image.copy(), stage.before.copy(), stage.finished.copy(), stage.final, stage.side)


@torch.no_grad()
def main() -> None:
    """Print the table."""
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
            fast(start)
            # The last stage leaves the picture itself for the one before.
            stages = [copied(stage) for stage in fast.stages(end) if not stage.final]
            exact = np.clip(fast(end)[0].permute(1, 2, 0).numpy() / 2 + 0.5, 0, 1)
            for coarser, stage in zip(stages, stages[1:], strict=False):
                if stage.resolution < 8:
                    continue
                ways = {
                    "bicubic": enlarged(stage.image, stage.side),
                    "lanczos": enlarged(stage.image, stage.side, Image.Resampling.LANCZOS),
                    "weighted": weighted(stage, coarser),
                    "shown": stage.guess().numpy(),
                }
                for name, picture in ways.items():
                    shown = np.clip(picture / 2 + 0.5, 0, 1)
                    likeness = structural_similarity(shown, exact, channel_axis=2, data_range=1.0)
                    error = float(np.square(shown - exact).mean())
                    found.setdefault((stage.side // stage.resolution, move, name), []).append((error, float(likeness)))
    print("  drawn  move       bicubic      Lanczos     weighted       shown")
    for share in sorted({share for share, _, _ in found}):
        for move in MOVES:
            cells = []
            for name in ("bicubic", "lanczos", "weighted", "shown"):
                errors, likenesses = zip(*found[share, move, name], strict=True)
                cells.append(f"{-10 * np.log10(np.mean(errors)):5.1f} / {np.mean(likenesses):.2f}")
            label = "seed" if move is None else f"{move:.2f}"
            print(f"  1/{share:<4} {label:6}" + "".join(f"{cell:>13}" for cell in cells))


if __name__ == "__main__":
    main()
