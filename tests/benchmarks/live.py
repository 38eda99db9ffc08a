"""Milliseconds from a change to the picture, engine and recipes alone: direction, variations, map, blend, two networks.

python -m tests.benchmarks.live [--sizes 64 256] [--moves 20] [--threads 1]

Networks of the published shape of each size, up to 128 channels (512 from 1024 px on), with random weights. *First* is
what is shown first, a guess or the picture itself; *whole* is the picture. For a grid of variations it is the first and
the last of nine. Processor time is told beside the clock: on a machine with other work it says more.

Two cores beside some fifteen other programs: median / 95th percentile of ten moves, at 64 px, then at 256 px::

                         processor                   first picture by the clock
  direction               148 /  156   223 /  239     729 /  884    773 / 1110
  variations, all nine   1273 / 1346  1840 / 1924    1136 / 1286   1456 / 1715
  map                     155 /  173   231 /  264     863 /  966    850 /  975
  blend pad               155 /  189   228 /  253     878 / 1128    757 /  924
  two networks, middle     85 /   89   156 /  165     186 /  259    237 /  304
  two networks, finest     39 /   49    66 /   70     327 /  408    504 /  567

At 1024 px, six moves (a guess first, but for variations)::

  direction              1993 / 2058     745 / 1140
  variations, all nine  19428 / 20832  14590 / 18228
  map                    2401 / 2663    1013 / 1127
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.latent_map import map_recipes
from studio.gallery import SourceStore
from studio.networks import stylegan2
from studio.recipes import DirectionMove, FileRef, LatentSeed, NetworkBlend, SampleRecipe
from studio.synthesis.blending import blend
from studio.synthesis.network_blending import blend_layers
from studio.synthesis.variations import variations

WARM = 2
"""Moves that are made first, and not counted."""
Prepare = Callable[[int], list[SampleRecipe]]


def configuration(size: int) -> stylegan2.StyleGAN2Config:
    """The network that is measured at ``size``."""
    large = size >= 1024
    return stylegan2.StyleGAN2Config(
        resolution=size,
        z_dim=512 if large else 128,
        w_dim=512 if large else 128,
        mapping_layers=8 if large else 4,
        channel_base=32768 if large else 4096,
        channel_max=512 if large else 128,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), size, options.moves)


def measure(folder: Path, size: int, moves: int) -> None:
    """Print the lines of one size."""
    config = configuration(size)
    for seed, name in enumerate(("One", "Two")):
        torch.manual_seed(seed)
        card = ModelCard(name=name, architecture="stylegan2", config=config.to_dict())
        save_model(folder / f"{name}.safetensors", stylegan2.Generator(config), card)
    library = ModelLibrary([folder])
    engine = TorchEngine(SourceStore(folder / "sources"), library, device="cpu")
    one, two = library.find("One").ref, library.find("Two").ref
    base = SampleRecipe(model=one, latent=LatentSeed(seed=1))
    corners = [LatentSeed(seed=seed) for seed in range(4)]
    layers = [layer.resolution for layer in blend_layers(config)]

    def moved(move: int) -> list[SampleRecipe]:
        return [base.model_copy(update={"directions": (DirectionMove(index=0, amount=0.01 + move / moves),)})]

    def grid(move: int) -> list[SampleRecipe]:
        return variations(base, range(9 * move, 9 * move + 9), 0.35, layers=config.num_ws)

    def walked(move: int) -> list[SampleRecipe]:
        return map_recipes(engine, base, [(move / moves, 0.1)])

    def padded(move: int) -> list[SampleRecipe]:
        share = (move + 1) / (moves + WARM + 1)
        return [base.model_copy(update={"latent": blend(corners, (share, 1 - share, share / 2, 0.3))})]

    def mixed(shares: Callable[[int, float], float], second: FileRef = two) -> Prepare:
        def prepare(move: int) -> list[SampleRecipe]:
            share = (move + 1) / (moves + WARM + 1)
            amounts = tuple(shares(side, share) for side in layers)
            return [base.model_copy(update={"blend": NetworkBlend(model=second, amounts=amounts)})]

        return prepare

    middle = layers[len(layers) // 2]
    tools: dict[str, Prepare] = {
        "direction": moved,
        "variations, nine": grid,
        "map": walked,
        "blend pad": padded,
        "two networks, all layers": mixed(lambda _side, share: share),
        f"two networks, {middle} px": mixed(lambda side, share: share if side == middle else 0.5),
        f"two networks, {size} px": mixed(lambda side, share: share if side == size else 0.5),
    }
    print(f"{size} px, {torch.get_num_threads()} thread(s): milliseconds, median / 95th percentile of {moves}")
    for name, prepare in tools.items():
        rows = np.array([timed(engine, prepare, move) for move in range(moves + WARM)])[WARM:] * 1000
        first, whole, processor = (f"{np.median(column):6.0f} /{np.percentile(column, 95):6.0f}" for column in rows.T)
        print(f"  {name:26} first {first}   whole {whole}   processor {processor}", flush=True)


def timed(engine: Engine, prepare: Prepare, move: int) -> tuple[float, float, float]:
    """Seconds to the first picture and to the last, and seconds of the processor."""
    began, processor = time.perf_counter(), time.process_time()
    first = None
    recipes = prepare(move)
    for recipe in recipes:
        for _ in drawn(engine, recipe, live=len(recipes) == 1):
            first = first or time.perf_counter() - began
    whole = time.perf_counter() - began
    return first or whole, whole, time.process_time() - processor


def drawn(engine: Engine, recipe: SampleRecipe, *, live: bool) -> Iterator[None]:
    """One for every picture of ``recipe`` that would be shown: a guess, the picture."""
    for _progress in engine.render(recipe, live=live):
        yield
    yield


if __name__ == "__main__":
    main()
