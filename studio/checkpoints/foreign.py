"""Networks of other programs, turned into ours: NVIDIA's StyleGAN2 and StyleGAN3 pickles, rosinality's StyleGAN2
checkpoints and the states of DCGAN generators.

The layers are the same; names, places of scale factors and the order of dimensions differ. Shapes are taken from the
weights themselves, never from what the file says about them.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.base.names import readable
from studio.checkpoints import nvidia
from studio.checkpoints.checks import (
    MAX_WIDTH,
    channel_base_of,
    check_numbers,
    check_shapes,
    flipped,
    is_binomial,
    stylegan2_config,
)
from studio.checkpoints.generator_search import FoundGenerator, find_generator, mean_of_w, named_kind
from studio.checkpoints.info import ModelCard
from studio.checkpoints.pickles import Network, OpenPickle, open_pickle
from studio.checkpoints.sniff import OTHER, printable
from studio.checkpoints.store import GeneratorNet, architecture_of
from studio.checkpoints.tensorflow_pickles import from_tensorflow, is_tensorflow
from studio.networks import dcgan, stylegan3
from studio.networks.operators import refill
from studio.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config

MAX_DCGAN_LAYERS = 7


def import_network(path: Path) -> tuple[GeneratorNet, ModelCard]:
    """Read the averaged generator of another program's file.

    Returns
    -------
    The generator (eval mode, float32) and a card with its name (the file's) and where it came from. The licence is left
    empty: the file does not know it.

    Raises
    ------
    StudioError
        When the file is refused or damaged (see :func:`open_pickle`), or holds a network of another kind.
    """
    generator: GeneratorNet
    with open_pickle(path) as opened, _refusals(path):
        content = _content(opened)
        if is_tensorflow(content):
            generator = _stylegan2(*from_tensorflow(content))
            source = "stylegan2 (TensorFlow)"
        elif not isinstance(content, Mapping):
            raise ValueError(f"it is no dictionary of networks but {_other_content(content)}")
        else:
            found = find_generator(content)
            opened.load((found.weights, found.network, found.mean_w))
            generator, source = _generator(found)
        data, training = _training_of(content)
    card = ModelCard(
        name=readable(path.stem)[:200],
        architecture=architecture_of(generator),
        config=generator.config.to_dict(),
        description=f"Imported from {readable(path.name)}",
        data=data,
        training={"program": source, **training},
    )
    return generator.eval().requires_grad_(False), card


def _generator(found: FoundGenerator) -> tuple[GeneratorNet, str]:
    """The generator, and the program that it comes from."""
    if kind := named_kind(found.weights):
        raise ValueError(f"it is {kind}, which cannot be drawn here")
    if found.kind == "dcgan":
        return _from_dcgan(dict(found.weights)), "DCGAN state dict"
    if found.kind == "rosinality":
        return _from_rosinality(found.weights, found.mean_w), "rosinality/stylegan2-pytorch"
    network = found.network if found.network is not None else nvidia.network_of(found.weights)
    generator = nvidia.read_generator(network)
    return generator, "stylegan3" if isinstance(generator, stylegan3.Generator) else "stylegan2-ada-pytorch"


def import_discriminator(path: Path) -> Discriminator | None:
    """Read the discriminator that a file of NVIDIA's brings with its generator; None when there is none.

    Raises
    ------
    StudioError
        When the file is refused or damaged, or its discriminator is of another kind.
    """
    with open_pickle(path) as opened, _refusals(path):
        content = _content(opened)
        network = content.get("D") if isinstance(content, Mapping) else None
        if not isinstance(network, Network):
            return None
        opened.load(network)
        return nvidia.read_discriminator(network)


# What training programs keep of their arguments: stylegan2-ada-pytorch and stylegan3, rosinality's, PyTorch's example.
ARGUMENTS = ("training_set_kwargs", "args", "opt")
KEPT_ARGUMENTS = (
    "resolution", "size", "use_labels", "xflip", "mirror", "max_size", "batch", "batch_size", "iter", "lr", "r1",
    "path_regularize", "augment", "augment_p", "ada_target", "ada_length", "mixing", "channel_multiplier",
)  # fmt: skip


def _training_of(content: object) -> tuple[str, dict[str, Any]]:
    """Description of the training in a file: the name of the pictures' folder, and settings.

    Folders are named without their path: it tells about somebody's computer, not about the network.
    """
    given = (
        next((content.get(name) for name in ARGUMENTS if content.get(name)), None)
        if isinstance(content, Mapping)
        else None
    )
    if not isinstance(given, Mapping):
        return "", {}
    data = next((str(given[name]) for name in ("path", "dataroot") if isinstance(given.get(name), str)), "")
    data = printable(re.split(r"[\\/]", data.rstrip("\\/"))[-1][:200])
    kept = {name: given[name] for name in KEPT_ARGUMENTS if isinstance(given.get(name), bool | int | float)}
    return data, {name: value for name, value in kept.items() if abs(value) < 10**12}


def _content(opened: OpenPickle) -> Any:
    """The content of the file; a network alone becomes the content of a file of NVIDIA's."""
    content = opened.content
    if isinstance(content, list | tuple) and not is_tensorflow(content):
        content = {str(number): each for number, each in enumerate(content) if isinstance(each, Mapping)} or content
    return {"G_ema": content} if isinstance(content, Network) else content


def _other_content(content: object) -> str:
    """Description of what a file holds instead of a dictionary."""
    if isinstance(content, Tensor):
        return f"one tensor of the shape {tuple(content.shape)}, perhaps a latent"
    names = {str: "a text", list: "a list", tuple: "a list", int: "a number", float: "a number", type(None): "nothing"}
    return names.get(type(content), "something else")


@contextlib.contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Whatever a file's odd content makes fail becomes a message."""
    try:
        yield
    except StudioError:
        raise
    except KeyError as error:
        said = printable(str(error.args[0]) if error.args else "")
        raise StudioError(
            Message("{name} cannot be used: its weights {missing} are missing.", name=path.name, missing=said),
            "It is a part of a network, or its download did not finish. Get the whole file.",
        ) from error
    except Exception as error:  # parts of odd kinds and shapes can fail anywhere
        said = printable(str(error).split("\n", 1)[0])
        raise StudioError(Message("{name} cannot be used: {reason}.", name=path.name, reason=said), OTHER) from error


def _stylegan2(config: StyleGAN2Config, weights: dict[str, Tensor]) -> Generator:
    """The generator with these weights; room is set aside only for what the file has."""
    check_numbers(weights)
    with torch.device("meta"):
        generator = Generator(config)
    check_shapes(generator, weights)
    generator.load_state_dict(weights, strict=True, assign=True)
    refill(generator)
    return generator


# ---- DCGAN


def _from_dcgan(layers: dict[str, Tensor]) -> dcgan.Generator:
    kernels = [layers[name] for name in sorted(layers, key=_layer_number) if layers[name].dim() == 4]
    if len(kernels) > MAX_DCGAN_LAYERS or any(tuple(kernel.shape[2:]) != (4, 4) for kernel in kernels):
        raise ValueError("its layers are not the 4x4 transposed convolutions of DCGAN")
    last = kernels[-1]
    config = dcgan.DCGANConfig(
        resolution=4 << (len(kernels) - 1),
        z_dim=kernels[0].shape[0],
        width=last.shape[0],
        img_channels=last.shape[1],
    )
    if not (config.z_dim <= MAX_WIDTH and config.width <= MAX_WIDTH and config.img_channels <= 4):
        raise ValueError("its size is not one of DCGAN")
    # The example's last layer has no bias, ours has one.
    layers.setdefault(f"layers.{3 * (len(kernels) - 1)}.bias", torch.zeros(config.img_channels))
    layers = _without_odd_parts(layers)
    for name, value in layers.items():
        if value.is_floating_point() == name.endswith("num_batches_tracked"):
            raise ValueError(f"its {name} are not of the kind of numbers that DCGAN has")
    weights = {name: value.float() if value.is_floating_point() else value for name, value in layers.items()}
    check_numbers(weights)
    with torch.device("meta"):
        generator = dcgan.Generator(config)
    check_shapes(generator, weights)
    generator.load_state_dict(weights, strict=True, assign=True)
    return generator


def _without_odd_parts(layers: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Layers whose normalisations count their batches and follow kernels without bias, for the very same pictures.

    PyTorch before 0.4.1 kept no count; a bias that is normalised only moves the mean.
    """
    made = dict(layers)
    for name, mean in layers.items():
        if name.endswith(".running_mean"):
            number = _layer_number(name)
            made.setdefault(f"layers.{number}.num_batches_tracked", torch.zeros((), dtype=torch.int64))
            bias = made.pop(f"layers.{number - 1}.bias", None)
            if bias is not None and bias.shape == mean.shape:
                made[name] = mean - bias
    return made


def _layer_number(name: str) -> int:
    return int(name.split(".")[1])


# ---- rosinality


def _from_rosinality(found: Mapping[str, Any], average: object) -> Generator:
    tensors = {str(name): value.detach() for name, value in found.items() if isinstance(value, Tensor)}
    for name, value in tensors.items():
        if not value.is_floating_point():
            raise ValueError(f"its weights {name} are whole numbers")
        tensors[name] = value.float()
    count = sum(re.fullmatch(r"to_rgbs\.\d+\.bias", name) is not None for name in tensors)
    resolution = 4 << count
    layers = sum(re.fullmatch(r"style\.\d+\.weight", name) is not None for name in tensors)
    kernels = [value for name, value in tensors.items() if name.endswith(".kernel")]
    if not all(is_binomial(kernel) for kernel in kernels):
        raise ValueError("its resampling filter is not [1, 3, 3, 1]")
    const = tensors["input.input"]
    w_dim = tensors["conv1.conv.modulation.weight"].shape[1]
    config = stylegan2_config(
        resolution=resolution,
        z_dim=tensors["style.1.weight"].shape[1],
        w_dim=w_dim,
        labels=0,
        mapping_layers=layers,
        channel_base=channel_base_of(
            {
                4 << ((number + 1) // 2): tensors[f"{name}.conv.weight"].shape[1]
                for number, name in enumerate(["conv1", *(f"convs.{n}" for n in range(2 * count))])
            }
        ),
        channel_max=const.shape[1],
        img_channels=tensors["to_rgb1.bias"].shape[1],
    )
    weights = {"synthesis.blocks.4.const": const[0]}
    for index in range(layers):
        for part in ("weight", "bias"):
            weights[f"mapping.layers.{index}.{part}"] = tensors[f"style.{index + 1}.{part}"]
    places = [("conv1", "synthesis.blocks.4.conv1", 0)]
    colours = [("to_rgb1", "synthesis.blocks.4.to_rgb")]
    for index in range(count):
        block = f"synthesis.blocks.{8 << index}"
        places += [(f"convs.{2 * index + n}", f"{block}.conv{n}", 2 * index + n + 1) for n in (0, 1)]
        colours.append((f"to_rgbs.{index}", f"{block}.to_rgb"))
    conv = ("conv.weight", "conv.modulation.weight", "conv.modulation.bias", "noise.weight", "activate.bias")
    known = {"input.input", *(f"style.{n}.{part}" for n in range(1, layers + 1) for part in ("weight", "bias"))}
    known |= {f"{theirs}.{part}" for theirs, _, _ in places for part in conv}
    known |= {f"{theirs}.{part}" for theirs, _ in colours for part in (*conv[:3], "bias")}
    for name in tensors:
        if name not in known and not name.endswith(".kernel") and not name.startswith("noises."):
            raise ValueError(f"its weights {name[:100]} are not those of a known network")
    for theirs, ours, number in places:
        kernel = tensors[f"{theirs}.conv.weight"][0]
        # They scale the weights before demodulation, we do not; the sum of squares in it makes that matter a little.
        kernel /= math.sqrt(kernel[0].numel())
        weights[f"{ours}.weight"] = flipped(kernel) if ours.endswith("conv0") else kernel
        weights[f"{ours}.bias"] = tensors[f"{theirs}.activate.bias"]
        weights[f"{ours}.noise_strength"] = tensors[f"{theirs}.noise.weight"].reshape(())
        noise = tensors.get(f"noises.noise_{number}")
        side = 4 << ((number + 1) // 2)
        weights[f"{ours}.noise_const"] = noise[0, 0] if noise is not None else torch.zeros(side, side)
        for part in ("weight", "bias"):
            weights[f"{ours}.affine.{part}"] = tensors[f"{theirs}.conv.modulation.{part}"]
    for theirs, ours in colours:
        weights[f"{ours}.weight"] = tensors[f"{theirs}.conv.weight"][0]
        weights[f"{ours}.bias"] = tensors[f"{theirs}.bias"].flatten()
        for part in ("weight", "bias"):
            weights[f"{ours}.affine.{part}"] = tensors[f"{theirs}.conv.modulation.{part}"]
    mean = mean_of_w(average, w_dim)
    weights["mapping.w_avg"] = _mean_w(config, weights) if mean is None else mean
    return _stylegan2(config, weights)


@torch.no_grad()
def _mean_w(config: StyleGAN2Config, weights: Mapping[str, Tensor]) -> Tensor:
    """The mean of w over 10,000 draws, for files that lack it."""
    state = {name.removeprefix("mapping."): value for name, value in weights.items() if name.startswith("mapping.")}
    with torch.device("meta"):
        mapping = Generator(_only_mapping(config)).mapping
    mapping.load_state_dict({**state, "w_avg": torch.zeros(config.w_dim)}, assign=True)
    return mapping(torch.randn(10_000, config.z_dim, generator=torch.Generator().manual_seed(0))).mean(dim=0)


def _only_mapping(config: StyleGAN2Config) -> StyleGAN2Config:
    """The same mapping on the smallest synthesis network."""
    return StyleGAN2Config(
        resolution=8, z_dim=config.z_dim, w_dim=config.w_dim, mapping_layers=config.mapping_layers,
        channel_base=64, channel_max=8,
    )  # fmt: skip
