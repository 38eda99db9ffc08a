"""Teach the small enlarging network that lies in ``resources/enlargers``, on one processor core.

    python packaging/enlarger/train.py out2.safetensors --scale 2 --pictures FOLDER ... --minutes 20
    python packaging/enlarger/train.py out4.safetensors --scale 4 --start out2.safetensors --pictures FOLDER ...

The loss is the mean absolute difference (no adversary: what comes out was there). The weights are averaged over the
last few hundred steps; the rate falls to nothing at the end of the minutes (of processor time).
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from pictures import Picture, degraded, drawn, files_in, painted, read, split
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor

from studio.base.allocator import keep_pages
from studio.networks.compact import CompactEnlarger, start_as_interpolation

MARGIN = 3
"""Pixels along the border of a crop that do not count: the network sees zeros beyond it."""


def crops(pool: list[Picture], count: int, side: int, scale: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """(small crops (n, 3, side, side), their originals), of two places that with more detail, turned at random."""
    small, large = [], []
    for _ in range(count):
        picture = pool[int(random.integers(len(pool)))]
        reach = side * scale
        if min(picture.shape[:2]) < reach:
            picture = np.pad(picture, [(0, max(0, reach - n)) for n in picture.shape[:2]] + [(0, 0)], "reflect")
        best: Picture | None = None
        for _ in range(2):
            top, left = (int(random.integers(0, length - reach + 1)) for length in picture.shape[:2])
            crop = picture[top : top + reach, left : left + reach]
            if best is None or crop[::2, ::2].std() > best[::2, ::2].std():
                best = crop
        assert best is not None
        best = np.ascontiguousarray(np.rot90(best, int(random.integers(4))))
        if random.random() < 0.5:
            best = np.ascontiguousarray(best[:, ::-1])
        small.append(degraded(best, scale, random))
        large.append(best)
    return tuple(torch.from_numpy(np.stack(each)).permute(0, 3, 1, 2).float() / 255 for each in (small, large))  # type: ignore[return-value]


def measured(network: CompactEnlarger, pictures: list[Picture], scale: int) -> float:
    """Mean PSNR in dB on pictures made smaller by a plain cubic."""
    found = []
    for picture in pictures:
        height, width = (n // scale * scale for n in picture.shape[:2])
        whole = picture[:height, :width]
        small = Image.fromarray(whole).resize((width // scale, height // scale), Image.Resampling.BICUBIC)
        with torch.no_grad():
            made = network(torch.from_numpy(np.array(small)).permute(2, 0, 1)[None].float() / 255)
        error = (made[0].permute(1, 2, 0).clamp(0, 1) - torch.from_numpy(whole / np.float32(255))).square().mean()
        found.append(-10 * math.log10(float(error) + 1e-10))
    return float(np.mean(found))


def main() -> None:
    """Train until the time is over."""
    keep_pages()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True)
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--start", type=Path, help="a trained network of another scale")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=20, help="of processor time")
    parser.add_argument("--wall", type=float, default=1000, help="minutes after which it ends in any case")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--side", type=int, default=48, help="of the small crops, in pixels")
    parser.add_argument("--rate", type=float, default=1e-3)
    options = parser.parse_args()
    torch.manual_seed(3)
    torch.set_num_threads(1)
    random = np.random.default_rng(3)
    learnt, held = split(files_in(options.pictures))
    pool = [read(path, int(random.integers(480, 1000)), random) for path in learnt]
    pool += [painted(n) for n in range(36)] + [drawn(n) for n in range(36)]
    kept = [read(path, 400, random) for path in held[:: max(1, len(held) // 16)]]
    kept += [painted(n) for n in (1000, 1001)] + [drawn(n) for n in (1000, 1001)]
    print(f"{len(learnt)} pictures of files, {len(kept)} to measure, {time.process_time():.0f} s", flush=True)

    network = CompactEnlarger(options.width, options.depth, options.scale)
    start_as_interpolation(network)
    if options.start:
        tensors = load_file(options.start)
        last = f"body.{len(network.body) - 1}"
        own = network.state_dict()
        network.load_state_dict({k: own[k] if k.startswith(last) else v.float() for k, v in tensors.items()})
        with torch.no_grad():  # The start's last layer, spread over the finer grid.
            old = tensors[last + ".weight"].float()
            r = round((len(old) / 3) ** 0.5)
            spread = old.reshape(3, r, r, *old.shape[1:]).repeat_interleave(options.scale // r, 1)
            spread = spread.repeat_interleave(options.scale // r, 2).reshape(own[last + ".weight"].shape)
            network.get_submodule(last).weight.copy_(spread)  # type: ignore[operator,union-attr]
    network.to(memory_format=torch.channels_last)
    smooth = copy.deepcopy(network).requires_grad_(False)
    adam = torch.optim.Adam(network.parameters(), options.rate, betas=(0.9, 0.99))
    begin, began, step, saved, total = time.process_time(), time.monotonic(), 0, time.monotonic(), 0.0
    print(f"at the start {measured(network, kept, options.scale):.3f} dB", flush=True)
    while True:
        spent = (time.process_time() - begin) / 60 / options.minutes
        spent = max(spent, (time.monotonic() - began) / 60 / options.wall)
        if spent >= 1:
            break
        rate = options.rate * min(1.0, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * spent)))
        for group in adam.param_groups:
            group["lr"] = rate
        small, large = crops(pool, options.batch, options.side, options.scale, random)
        made = network(small.contiguous(memory_format=torch.channels_last))
        m = MARGIN * options.scale
        loss = (made - large)[..., m:-m, m:-m].abs().mean()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        adam.step()
        step += 1
        total += loss.item()
        keep = min(0.997, step / (step + 20))
        with torch.no_grad():
            for mean, value in zip(smooth.parameters(), network.parameters(), strict=True):
                mean.lerp_(value, 1 - keep)
        if step in (20, 200) or time.monotonic() - saved > 150:
            saved = time.monotonic()
            save_file({k: v.contiguous() for k, v in smooth.state_dict().items()}, options.out)
            print(
                f"{step} {spent:.3f} loss {total / step:.5f} {measured(smooth, kept, options.scale):.3f} dB", flush=True
            )
    save_file({k: v.half().contiguous() for k, v in smooth.state_dict().items()}, options.out)
    print(f"done: {step} steps, {measured(smooth, kept, options.scale):.3f} dB", flush=True)


if __name__ == "__main__":
    main()
