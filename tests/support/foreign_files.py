"""Writes files as other programs write them: the same records, our own code, no code of theirs.

The weights follow a fixed rule, so that pictures computed once with the original programs can be compared with.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import re
import sys
import types
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.networks.stylegan2 import Architecture, Discriminator, Generator, StyleGAN2Config
from studio.networks.stylegan3 import Generator as StyleGAN3
from studio.networks.stylegan3 import StyleGAN3Config

BUFFERS = (
    "noise_const", "w_avg", "resample_filter", "transform", "freqs", "phases", "magnitude_ema", "up_filter",
    "down_filter",
)  # fmt: skip


def filled(shapes: Mapping[str, torch.Size]) -> dict[str, Tensor]:
    """Numbers for every tensor, drawn in the order of the names."""
    generator = torch.Generator().manual_seed(7)
    out = {}
    for name in sorted(shapes):
        drawn = torch.randn(shapes[name], generator=generator)
        if name.endswith("input.transform"):
            drawn = torch.eye(3)
        elif "magnitude_ema" in name:
            drawn = 1 + 0.5 * drawn.abs()
        elif "affine.bias" in name or "modulation.bias" in name:
            drawn = 1 + 0.2 * drawn
        elif name.endswith("mapping.w_avg"):
            drawn = 0.3 * drawn
        elif "noise_strength" in name or name.endswith("noise.weight"):
            drawn = 0.1 + 0 * drawn
        elif name.startswith(("mapping", "style")):
            drawn = drawn * (100 if name.endswith("weight") else 10)
        elif drawn.ndim <= 1:
            drawn = 0.1 * drawn
        out[name] = drawn
    return out


def nvidia_names(config: StyleGAN2Config) -> dict[str, torch.Size]:
    """Names and shapes of the tensors in a generator of stylegan2-ada-pytorch, its filters left out."""
    with torch.device("meta"):
        net = Generator(config)
    names = {}
    for name, value in net.state_dict().items():
        name = name.replace("synthesis.blocks.", "synthesis.b").replace(".to_rgb.", ".torgb.")
        name = name.replace(".shortcut.", ".skip.")
        names[name.replace("mapping.layers.", "mapping.fc")] = value.shape
    return names


def stylegan3_names(config: StyleGAN3Config) -> dict[str, torch.Size]:
    """Names and shapes of the tensors in a generator of stylegan3, its filters left out."""
    with torch.device("meta"):
        net = StyleGAN3(config)
    bands = config.bands()
    names = {}
    for name, value in net.state_dict().items():
        match = re.fullmatch(r"synthesis\.layers\.(\d+)\.(.+)", name)
        if match is not None:
            band = bands[int(match[1])]
            name = f"synthesis.L{match[1]}_{band.size}_{band.channels}.{match[2]}"
        names[name.replace("mapping.layers.", "mapping.fc")] = value.shape
    return names


def stylegan3_network(config: StyleGAN3Config, tensors: Mapping[str, Tensor], **changes: object) -> Persistent:
    """A StyleGAN3 generator as NVIDIA's program pickles it: filters with the layers, settings as attributes."""
    net = StyleGAN3(config)
    tensors = dict(tensors)
    for name in list(tensors):
        match = re.fullmatch(r"(synthesis\.L(\d+)_\d+_\d+)\.weight", name)
        if match is not None:
            layer = net.synthesis.layers[int(match[2])]
            for kind in ("up_filter", "down_filter"):
                if getattr(layer, kind) is not None:
                    tensors[f"{match[1]}.{kind}"] = getattr(layer, kind).kernel
    settings = {
        "img_resolution": config.resolution,
        "num_critical": config.num_critical,
        "margin_size": config.margin,
        "output_scale": config.output_scale,
        "in_cutoff": config.first_cutoff,
        "up_factor": net.synthesis.layers[0].up,
        "_init_kwargs": {
            name: getattr(config, name)
            for name in ("channel_base", "channel_max", "first_stopband", "last_stopband_rel")
        },
    }
    return nvidia_network(config, tensors, **{**settings, **changes})


def discriminator_names(config: StyleGAN2Config, architecture: Architecture) -> dict[str, torch.Size]:
    """Names and shapes of the tensors in a discriminator of stylegan2-ada-pytorch, its filters left out."""
    with torch.device("meta"):
        net = Discriminator(config, architecture)
    resolutions = config.resolutions[::-1]
    names = {}
    for name, value in net.state_dict().items():
        place, _, rest = name.partition(".")
        number, _, inner = rest.partition(".")
        if place == "blocks":
            name = f"b{resolutions[int(number)]}.{inner}"
        elif place == "colours":
            name = f"b{resolutions[int(number) + 1]}.fromrgb.{inner}"
        elif place == "from_rgb":
            name = f"b{config.resolution}.fromrgb.{rest}"
        elif place == "embed":
            name = "mapping." + rest.replace("layers.", "fc")
        else:
            name = f"b4.{name}".replace("dense", "fc")
        names[name] = value.shape
    return names


class Persistent:
    """Pickles as ``torch_utils.persistence`` does."""

    def __init__(self, class_name: str, state: dict[str, Any]) -> None:
        self.class_name, self.state = class_name, state

    def __reduce__(self) -> tuple[Any, ...]:
        source = "import os\nos.system('echo the source of a file was run > /tmp/latent-studio-was-run')\n"
        meta = {"type": "class", "version": 6, "module_src": source, "class_name": self.class_name, "state": self.state}
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (meta,)


@contextlib.contextmanager
def borrowed_names() -> Iterator[None]:
    """Modules with the names that such pickles refer to."""
    package, persistence, dnnlib, util = (
        types.ModuleType(name) for name in ("torch_utils", "torch_utils.persistence", "dnnlib", "dnnlib.util")
    )

    def _reconstruct_persistent_obj(meta: object) -> object:
        return meta

    _reconstruct_persistent_obj.__module__ = "torch_utils.persistence"
    _reconstruct_persistent_obj.__qualname__ = "_reconstruct_persistent_obj"
    persistence._reconstruct_persistent_obj = _reconstruct_persistent_obj  # type: ignore[attr-defined]
    easy = type("EasyDict", (dict,), {"__module__": "dnnlib.util", "__qualname__": "EasyDict"})
    util.EasyDict = easy  # type: ignore[attr-defined]
    added = {module.__name__: module for module in (package, persistence, dnnlib, util)}
    sys.modules.update(added)
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


def nvidia_network(
    config: StyleGAN2Config | StyleGAN3Config,
    tensors: Mapping[str, Tensor],
    *,
    half: bool = False,
    **changes: object,
) -> Persistent:
    """A generator (or discriminator) as NVIDIA's program pickles it. ``changes`` are attributes of every layer."""
    tree: dict[str, Any] = {}
    for name, value in tensors.items():
        *path, last = name.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = value

    def build(name: str, node: dict[str, Any]) -> Persistent:
        state: dict[str, Any] = {"training": False, "_parameters": OrderedDict(), "_buffers": OrderedDict()}
        state["_modules"] = OrderedDict()
        state |= {"conv_clamp": config.conv_clamp or None, "use_noise": True, "activation": "lrelu"}
        state |= {"architecture": "skip", **changes}
        for key, value in node.items():
            if isinstance(value, dict):
                state["_modules"][key] = build(key, value)
            elif key in BUFFERS:
                state["_buffers"][key] = value
            else:
                state["_parameters"][key] = torch.nn.Parameter(
                    value.half() if half else value, requires_grad=value.is_floating_point()
                )
        return Persistent(name, state)

    return build("Generator", tree)


def write_nvidia(
    path: Path, network: Persistent, discriminator: Persistent | None = None, *, average: Persistent | None = None
) -> None:
    """A file as NVIDIA's training writes it: three networks and its arguments."""
    with borrowed_names():
        easy = sys.modules["dnnlib.util"].EasyDict
        content = {
            "G": network,
            "D": discriminator,
            "G_ema": average or network,
            "training_set_kwargs": easy(path="/home/somebody/cats.zip", xflip=False, resolution=8, max_size=500),
        }
        buffer = io.BytesIO()
        pickle.dump(content, buffer, protocol=4)
    path.write_bytes(buffer.getvalue())


def rosinality_shapes(config: StyleGAN2Config) -> dict[str, torch.Size]:
    """Names and shapes of the tensors in a generator of rosinality/stylegan2-pytorch, its filters left out."""
    channels = {r: config.channels(r) for r in config.resolutions}
    shapes: dict[str, tuple[int, ...]] = {"input.input": (1, channels[4], 4, 4)}
    for index in range(config.mapping_layers):
        shapes[f"style.{index + 1}.weight"] = (config.w_dim, config.w_dim)
        shapes[f"style.{index + 1}.bias"] = (config.w_dim,)

    def conv(name: str, inputs: int, outputs: int, number: int, side: int) -> None:
        shapes[f"{name}.conv.weight"] = (1, outputs, inputs, 3, 3)
        shapes[f"{name}.conv.modulation.weight"] = (inputs, config.w_dim)
        shapes[f"{name}.conv.modulation.bias"] = (inputs,)
        shapes[f"{name}.noise.weight"] = (1,)
        shapes[f"{name}.activate.bias"] = (outputs,)
        shapes[f"noises.noise_{number}"] = (1, 1, side, side)

    def colour(name: str, inputs: int) -> None:
        shapes[f"{name}.conv.weight"] = (1, config.img_channels, inputs, 1, 1)
        shapes[f"{name}.conv.modulation.weight"] = (inputs, config.w_dim)
        shapes[f"{name}.conv.modulation.bias"] = (inputs,)
        shapes[f"{name}.bias"] = (1, config.img_channels, 1, 1)

    conv("conv1", channels[4], channels[4], 0, 4)
    colour("to_rgb1", channels[4])
    for index, r in enumerate(config.resolutions[1:]):
        conv(f"convs.{2 * index}", channels[r // 2], channels[r], 2 * index + 1, r)
        conv(f"convs.{2 * index + 1}", channels[r], channels[r], 2 * index + 2, r)
        colour(f"to_rgbs.{index}", channels[r])
    return {name: torch.Size(shape) for name, shape in shapes.items()}
