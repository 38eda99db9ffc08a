"""A StyleGAN2 synthesis network made to answer at once on a CPU: one picture at a time, no gradients.

Where the time goes, and what is done about it:

* Convolutions of more than a few pixels: :mod:`studio.networks.cpu.winograd`, their transformed weights kept:
  styles scale features on the way in and demodulation scales them on the way out, so no style ever touches a weight.
* Noise, bias, activation and the up-sampling filter ride along in passes that are made anyway.
* What every block computed is kept with the styles that made it. A slider on fine layers recomputes those alone, and a
  picture that was left half-way is continued, not begun again. When the coarse layers are done, a guess at the picture
  can be had: see :mod:`studio.networks.fast.extrapolation`.

The pictures are those of :class:`studio.networks.stylegan2.Synthesis` to a few 1e-5.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.networks.cpu import kernels
from studio.networks.cpu.winograd import Convolution, Scratch, features
from studio.networks.fast.extrapolation import ImageExtrapolator, Stage, resized
from studio.networks.stylegan2 import SQRT2, ModulatedConv, NoiseMode, Synthesis, SynthesisBlock, ToRGB

Array = NDArray[np.float32]

# Smaller layers have too few tiles for Winograd's 36 matrices to pay, or up-sampling ones for 16.
SMALLEST_QUICK = 16
SMALLEST_QUICK_UP = 8
NO_CLAMP = 3e38
# So many pictures go without guesses from layers whose guesses did not help.
REST = 32


class _Layer:
    """One convolution with everything after it."""

    def __init__(self, conv: ModulatedConv, scratch: Scratch) -> None:
        self.conv = conv
        self.scratch = scratch
        weight = conv.weight.detach()
        self.outputs, self.inputs = weight.shape[:2]
        self.energy = weight.square().sum(dim=(2, 3)).t().contiguous()
        self.quick: Convolution | None = None
        self.direct: Tensor | None = None
        self.side = conv.resolution // 2 if conv.up else conv.resolution
        if self.side >= (SMALLEST_QUICK_UP if conv.up else SMALLEST_QUICK):
            self.quick = Convolution(weight, self.side, scratch, up=conv.up)
        elif conv.up:
            self.direct = weight.flip(2, 3).permute(0, 2, 3, 1).reshape(-1, self.inputs).contiguous()
        else:
            self.direct = weight.reshape(self.outputs, -1)
        self.noise = np.zeros((conv.resolution, conv.resolution), np.float32)

    @property
    def nbytes(self) -> int:
        """Bytes kept besides the network's own weights."""
        return sum(part.nbytes for part in (self.quick, self.direct, self.energy) if part is not None)

    def blend(self, a: _Layer, b: _Layer, amount: float) -> None:
        """Take what is prepared of this layer's weights from between two other layers of its shape.

        The weights themselves have been mixed already: what is linear in them follows without being prepared anew.
        """
        self.energy = self.conv.weight.detach().square().sum(dim=(2, 3)).t().contiguous()
        if self.quick is not None:
            assert a.quick is not None and b.quick is not None
            parts = [torch.from_numpy(layer.weights) for layer in (a.quick, b.quick, self.quick)]
        else:
            assert a.direct is not None and b.direct is not None and self.direct is not None
            parts = [a.direct, b.direct, self.direct]
        torch.lerp(parts[0], parts[1], amount, out=parts[2])

    def run(self, x: Array, w: Tensor, noise: Tensor | None, y: Array) -> None:
        """x, y with borders; w (1, w_dim); noise (r, r) already scaled, or None."""
        conv = self.conv
        styles = conv.affine(w)
        gain = (styles.square() @ self.energy + 1e-8).rsqrt()[0] * SQRT2
        bias = conv.bias * SQRT2
        noises = self.noise if noise is None else (noise * SQRT2).contiguous().numpy()
        clamp = conv.clamp or NO_CLAMP
        if self.quick is not None:
            self.quick.run(x, styles[0], gain, bias, noises, clamp, y)
            return
        assert self.direct is not None
        side = self.side
        scaled = torch.from_numpy(self.scratch.take("scaled", side, side, self.inputs))
        kernels.modulate(x, styles[0].numpy(), scaled.numpy())
        pixels = scaled.permute(2, 0, 1)[None]
        # At these sizes a matrix product beats the library's convolution, which sorts the weights on every call.
        if conv.up:
            z = F.fold(self.direct @ pixels.flatten(2), (2 * side + 1, 2 * side + 1), 3, stride=2)
        else:
            z = (self.direct @ F.unfold(pixels, 3, padding=1)).view(1, self.outputs, side, side)
        plain = z.contiguous(memory_format=torch.channels_last)[0].permute(1, 2, 0).numpy()
        finish = kernels.filter_finish if conv.up else kernels.finish
        finish(plain, gain.numpy(), bias.numpy(), noises, clamp, y)


class _Block:
    """One resolution, with what it computed last and from what."""

    def __init__(self, block: SynthesisBlock, first: int, scratch: Scratch) -> None:
        assert block.to_rgb is not None
        self.block = block
        self.to_rgb: ToRGB = block.to_rgb
        self.scratch = scratch
        self.first = first
        self.last = first + block.num_convs
        convs = (conv for conv in (block.conv0, block.conv1) if isinstance(conv, ModulatedConv))
        self.layers = [_Layer(conv, scratch) for conv in convs]
        conv = self.layers[-1].conv
        self.resolution = conv.resolution
        self.features = features(self.resolution, self.layers[-1].outputs)
        if len(self.layers) > 1:
            # Taken now, so that it counts from the start.
            scratch.features(self.resolution, self.layers[0].outputs)
        shape = (self.resolution, self.resolution, self.to_rgb.bias.shape[0])
        self._images = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.image = self._images[0]
        # The image that went into the picture finished last.
        self.finished: Array | None = None
        self.extrapolator: ImageExtrapolator | None = None
        self.rest = 0  # pictures until guesses are tried again
        self.key: bytes | None = None

    @property
    def nbytes(self) -> int:
        """Memory of what is kept and prepared."""
        images = sum(image.nbytes for image in self._images)
        extrapolator = self.extrapolator.nbytes if self.extrapolator is not None else 0
        return self.features.nbytes + images + extrapolator + sum(layer.nbytes for layer in self.layers)

    @property
    def pixels(self) -> Tensor:
        """The features without their border, (r, r, channels)."""
        return torch.from_numpy(self.features)[1:-1, 1:-1, : self.layers[-1].outputs]

    def run(self, before: _Block | None, ws: Tensor, noises: list[Tensor | None]) -> None:
        """Compute features and picture from those of the block ``before``."""
        if before is None:
            const = self.block.const.detach().permute(1, 2, 0)
            x = features(4, const.shape[2])
            x[1:-1, 1:-1, : const.shape[2]] = const.numpy()
        else:
            x = before.features
        for index, layer in enumerate(self.layers):
            y = self.features if layer is self.layers[-1] else self.scratch.features(self.resolution, layer.outputs)
            layer.run(x, ws[:, self.first + index], noises[index], y)
            x = y
        to_rgb = self.to_rgb
        styles = to_rgb.affine(ws[:, self.last]) * to_rgb.gain
        weight = (to_rgb.weight[:, :, 0, 0] * styles).contiguous().numpy()
        below = before.image if before is not None else np.zeros((0, 0, self.image.shape[2]), np.float32)
        if self.image is self.finished:
            self.image = self._images[0] if self.image is self._images[1] else self._images[1]
        kernels.colours(x, weight, to_rgb.bias.numpy(), to_rgb.clamp or NO_CLAMP, below, self.image)


class FastSynthesis:
    """Synthesis on the CPU with features kept. Not thread-safe."""

    def __init__(self, synthesis: Synthesis) -> None:
        self.config = synthesis.config
        self.blocks: list[_Block] = []
        self._scratch = Scratch()
        index = 0
        with torch.no_grad():
            for block in synthesis.blocks.values():
                assert isinstance(block, SynthesisBlock)
                self.blocks.append(_Block(block, index, self._scratch))
                index = self.blocks[-1].last

    @property
    def nbytes(self) -> int:
        """Memory held besides the network's weights: transformed weights and kept features."""
        return self._scratch.nbytes + sum(block.nbytes for block in self.blocks)

    @torch.no_grad()
    def blend(self, a: FastSynthesis, b: FastSynthesis, amounts: Mapping[int, float]) -> None:
        """Follow the weights of this network's layers, which have become lerps of those of ``a`` and ``b``.

        Parameters
        ----------
        amounts : the share of ``b`` in each layer that has changed, convolutions counted from the coarsest.
        """
        index = 0
        for block, one, other in zip(self.blocks, a.blocks, b.blocks, strict=True):
            for layer, first, second in zip(block.layers, one.layers, other.layers, strict=True):
                if index in amounts:
                    layer.blend(first, second, amounts[index])
                    block.key = None
                index += 1

    @torch.no_grad()
    def stages(
        self,
        ws: Tensor,
        *,
        noise_mode: NoiseMode = "const",
        noise_gain: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> Iterator[Stage]:
        """ws (1, num_ws, w_dim) -> the growing picture, one stage a block that has to be computed.

        Arguments as in :meth:`studio.networks.stylegan2.Synthesis.forward`. Between two stages nothing is held, so the
        walk can be left at any time; the next one goes on from what is finished.
        """
        if ws.shape[0] != 1:
            raise ValueError(f"one picture at a time, not {ws.shape[0]}")
        ws = ws.contiguous()
        # The noise is drawn for all layers in their order, as Synthesis draws it, even where features are reused.
        noises = [
            [self._noise(layer.conv, noise_mode, noise_gain, generator) for layer in block.layers]
            for block in self.blocks
        ]
        before: _Block | None = None
        key = b""
        changed = False
        last = self.blocks[-1]
        for number, block in enumerate(self.blocks):
            parts = [ws[0, block.first : block.last + 1].numpy().tobytes()]
            parts += [b"" if noise is None else noise.numpy().tobytes() for noise in noises[number]]
            key = _digest(key, parts)
            if changed or block.key != key:
                changed = True
                block.key = None
                with kernels.LOCK:
                    block.run(before, ws, noises[number])
                block.key = key
            if block is last and (changed or last.finished is None):
                self._finish()
            if changed or block is last:
                yield Stage(block.resolution, block is last, partial(self.guess, block), not block.rest)
            before = block

    def _finish(self) -> None:
        picture = torch.from_numpy(self.blocks[-1].image)
        for block in self.blocks:
            block.finished = block.image
            block.rest = max(0, block.rest - 1)
            if block.extrapolator is not None:
                block.extrapolator.learn(block.pixels, torch.from_numpy(block.image), picture)
                if not block.extrapolator.worthwhile:  # learning takes its time, too
                    block.extrapolator, block.rest = None, REST

    @torch.no_grad()
    def guess(self, block: _Block) -> Tensor:
        """A guess at the picture drawn up to ``block`` at full size, (side, side, channels).

        From the second time on that a guess from this block is wanted, :class:`ImageExtrapolator` makes it. The first
        time fine layers are taken to add what they added to the picture finished last, colours and detail; where there
        is none, the skip picture is enlarged.
        """
        last = self.blocks[-1]
        image = torch.from_numpy(block.image)
        if block is last:
            return image
        if block.finished is None or last.finished is None:
            return resized(image, last.resolution)
        finished = torch.from_numpy(last.finished)
        if block.extrapolator is None:
            block.extrapolator = ImageExtrapolator(
                block.resolution, block.layers[-1].outputs, last.resolution, image.shape[2]
            )
        if block.extrapolator.ready:
            return block.extrapolator.guess(block.pixels, image, finished)
        return finished + resized(image - torch.from_numpy(block.finished), last.resolution)

    def __call__(
        self,
        ws: Tensor,
        *,
        noise_mode: NoiseMode = "const",
        noise_gain: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """ws (1, num_ws, w_dim) -> (1, channels, resolution, resolution)."""
        for _ in self.stages(ws, noise_mode=noise_mode, noise_gain=noise_gain, generator=generator):
            pass
        return torch.from_numpy(self.blocks[-1].image.copy()).permute(2, 0, 1)[None]

    @staticmethod
    def _noise(conv: ModulatedConv, mode: NoiseMode, gain: float, generator: torch.Generator | None) -> Tensor | None:
        strength = conv.noise_strength * gain
        if mode == "const":
            return conv.noise_const * strength
        if mode == "random":
            shape = (1, 1, conv.resolution, conv.resolution)
            return torch.randn(shape, generator=generator)[0, 0] * strength
        return None


def _digest(before: bytes, parts: list[bytes]) -> bytes:
    """A short stand-in for everything a block's features depend on."""
    digest = hashlib.blake2b(before, digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.digest()


def gflop(synthesis: Synthesis) -> float:
    """Billions of floating point operations of one picture's convolutions in direct form, each product and sum one."""
    total = 0
    for module in synthesis.modules():
        if isinstance(module, ModulatedConv):
            side = module.resolution // 2 if module.up else module.resolution
            total += 2 * math.prod(module.weight.shape) * side * side
    return total / 1e9
