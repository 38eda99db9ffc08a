"""NVIDIA's PyTorch networks turned into ours: StyleGAN2 (stylegan2-ada-pytorch, stylegan3) and StyleGAN3.

The layers are the same; names differ, and some places of scale factors. Shapes are taken from the weights themselves;
settings that no weight shows are read from the layers' attributes and checked against the filters in the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from studio.checkpoints.checks import (
    MAX_RESOLUTION,
    MAX_WIDTH,
    channel_base_of,
    check_numbers,
    check_shapes,
    flipped,
    is_binomial,
    stylegan2_config,
)
from studio.checkpoints.pickles import Network, Numbers
from studio.networks import stylegan2, stylegan3
from studio.networks.operators import refill
from studio.networks.stylegan2 import Architecture

MAPPING_RATE = 0.01
_XL = "mapping.embed_proj.weight"
# Networks that others made of NVIDIA's, by the names of their classes.
_RELATIVES = {"SuperresGenerator": "StyleGAN-XL", "TriPlaneGenerator": "EG3D", "StyleGANXL": "StyleGAN-XL"}
_USUAL_CLAMP = 256


def tensors_of(network: Network, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Tensor]]:
    """Parameters and buffers by their dotted names, float32.

    Raises
    ------
    ValueError
        When the network is nested more deeply than any is.
    """
    if depth > 8:
        raise ValueError("its layers are nested too deeply")
    for kind in ("_parameters", "_buffers"):
        for name, value in network.get(kind, {}).items():
            if isinstance(value, Tensor):
                yield f"{prefix}{name}", value.detach().float()
    for name, inner in network.get("_modules", {}).items():
        if isinstance(inner, Network):
            yield from tensors_of(inner, f"{prefix}{name}.", depth + 1)


def network_of(weights: Mapping[str, Tensor]) -> Network:
    """A StyleGAN2 network as NVIDIA's program builds it, of its weights alone, by their dotted names.

    What no weight shows is as that program sets it: activations are clamped at 256.
    """
    names = set(weights)
    tops = sorted(int(m[1]) for name in names if (m := re.fullmatch(r"synthesis\.b(\d+)\.conv1\.weight", name)))
    residual = any(re.fullmatch(r"synthesis\.b\d+\.skip\.weight", name) for name in names)
    colours = sum(f"synthesis.b{r}.torgb.weight" in names for r in tops)
    architecture = "resnet" if residual else "skip" if colours == len(tops) else "orig"

    def built(prefix: str) -> Network:
        inner = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
        state: dict[str, Any] = {
            "_parameters": {name: weights[prefix + name] for name in inner if "." not in name},
            "_buffers": {},
            "_modules": {
                name: built(f"{prefix}{name}.") for name in sorted({n.split(".")[0] for n in inner if "." in n})
            },
        }
        if "affine" in state["_modules"]:
            state |= {"use_noise": "noise_const" in inner, "conv_clamp": _USUAL_CLAMP}
        elif re.search(r"\.b\d+\.$", prefix):
            state["architecture"] = architecture
        return Network({"state": state, "class_name": "Generator"})

    return built("")


def read_generator(network: Network) -> stylegan2.Generator | stylegan3.Generator:
    """A generator of NVIDIA's as ours, with its weights (float32, not yet in eval mode).

    Raises
    ------
    ValueError, TypeError, KeyError, RuntimeError, AttributeError
        When it is none, or of a form that cannot be drawn.
    """
    found = dict(tensors_of(network))
    if other := _RELATIVES.get(network.class_name) or ("StyleGAN-XL" if _XL in found else ""):
        raise ValueError(f"it is a network of {other}, which cannot be drawn here")
    generator: stylegan2.Generator | stylegan3.Generator
    if "synthesis.b4.const" in found:
        config, weights = _stylegan2(network, found)
        with torch.device("meta"):
            generator = stylegan2.Generator(config)
    elif "synthesis.input.freqs" in found:
        shape, weights = _stylegan3(network, found)
        with torch.device("meta"):
            generator = stylegan3.Generator(shape)
        _check_filters(generator, found)
    else:
        raise ValueError(f"“{network.class_name}” is not a StyleGAN2 or StyleGAN3 generator")
    _adopt(generator, weights)
    return generator


def read_discriminator(network: Network) -> stylegan2.Discriminator:
    """A StyleGAN2 discriminator of NVIDIA's as ours; StyleGAN3 is trained with the same.

    Raises
    ------
    ValueError, TypeError, KeyError, RuntimeError, AttributeError
        When it is none, or of a form that is not supported.
    """
    found = dict(tensors_of(network))
    if "b4.fc.weight" not in found:
        raise ValueError(f"“{network.class_name}” is not a StyleGAN2 discriminator")
    top = max(int(m[1]) for name in found if (m := re.fullmatch(r"b(\d+)\.conv0\.weight", name)))
    last = network["_modules"]["b4"]
    architecture = _architecture(last)
    standard = last["_modules"].get("mbstd") or {}
    group = standard.get("group_size", 4)
    kernel = found["b4.conv.weight"]
    labels = found["mapping.embed.weight"].shape[1] if "mapping.embed.weight" in found else 0
    if kernel.shape[1] != kernel.shape[0] + 1 or type(group) is not int or not 1 <= group <= 256:
        raise ValueError("its minibatch standard deviation is not the usual one")
    _check_layers(network, found)
    config = stylegan2_config(
        resolution=top,
        z_dim=1,
        w_dim=1,
        labels=labels,
        channel_base=channel_base_of(
            {int(m[1]): v.shape[0] for name, v in found.items() if (m := re.fullmatch(r"b(\d+)\.conv0\.weight", name))}
            | {4: kernel.shape[0]}
        ),
        channel_max=kernel.shape[0],
        img_channels=found[f"b{top}.fromrgb.weight"].shape[1],
        conv_clamp=_clamp(last["_modules"]["conv"]),
    )
    with torch.device("meta"):
        discriminator = stylegan2.Discriminator(config, architecture, group=group)
    blocks = {r: index for index, r in enumerate(config.resolutions[:0:-1])}
    weights = {}
    for name, value in _scaled_mapping(network, found).items():
        if name.endswith("resample_filter"):
            continue
        place, _, rest = name.partition(".")
        if place == "mapping":
            name = "embed." + re.sub(r"^fc(\d+)\.", r"layers.\1.", rest)
        elif rest.startswith("fromrgb."):
            at = int(place[1:])
            name = rest.replace("fromrgb", "from_rgb" if at == top else f"colours.{blocks.get(at * 2, 0)}")
        elif place == "b4":
            name = rest.replace("fc.", "dense.")
        else:
            name = f"blocks.{blocks[int(place[1:])]}.{rest}"
        weights[name] = value
    _adopt(discriminator, weights)
    return discriminator


def _adopt(module: torch.nn.Module, weights: dict[str, Tensor]) -> None:
    """Give a module built on the meta device its weights; nothing of their size is copied."""
    check_numbers(weights)
    check_shapes(module, weights)
    module.load_state_dict(weights, strict=True, assign=True)
    refill(module)


def _architecture(block: Mapping[str, Any]) -> Architecture:
    name = block.get("architecture", "skip")
    for known in stylegan2.ARCHITECTURES:
        if name == known:
            return known
    raise ValueError(f"its “{str(name)[:40]}” architecture is not supported")


def _clamp(layer: Mapping[str, Any]) -> int:
    clamp = layer.get("conv_clamp") or 0
    if not isinstance(clamp, int | float) or clamp != int(clamp):
        raise ValueError("its activations are clamped to an odd value")
    return int(clamp)


def _check_layers(network: Network, found: Mapping[str, Tensor]) -> None:
    """Activation functions and resampling filters are those of the papers."""

    def walk(node: Network, depth: int = 0) -> None:
        if node.get("activation", "lrelu") not in ("lrelu", "linear") or depth > 8:
            raise ValueError(f"its activation function “{str(node.get('activation'))[:40]}” is not supported")
        for inner in node.get("_modules", {}).values():
            if isinstance(inner, Network):
                walk(inner, depth + 1)

    walk(network)
    if not all(is_binomial(value) for name, value in found.items() if name.endswith("resample_filter")):
        raise ValueError("its resampling filter is not [1, 3, 3, 1]")


def _scaled_mapping(network: Network, found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights, those of the mapping for the usual learning rate multiplier of 0.01."""
    weights = dict(found)
    mapping = network["_modules"].get("mapping")
    for name, layer in (mapping["_modules"] if isinstance(mapping, Network) else {}).items():
        rate = layer.get("bias_gain", MAPPING_RATE) if re.fullmatch(r"fc\d+", name) else MAPPING_RATE
        if not isinstance(rate, int | float) or not 0 < rate <= 1:
            raise ValueError("its mapping has an odd learning rate")
        if rate != MAPPING_RATE:
            for part in ("weight", "bias"):
                weights[f"mapping.{name}.{part}"] = found[f"mapping.{name}.{part}"] * (rate / MAPPING_RATE)
    return weights


def _mapping_shape(found: Mapping[str, Tensor], w_dim: int) -> dict[str, int]:
    labels = found["mapping.embed.weight"].shape[1] if "mapping.embed.weight" in found else 0
    return {
        "z_dim": found["mapping.fc0.weight"].shape[1] - (w_dim if labels else 0),
        "w_dim": w_dim,
        "labels": labels,
        "mapping_layers": sum(re.fullmatch(r"mapping\.fc\d+\.weight", name) is not None for name in found),
    }


def _renamed_mapping(name: str) -> str:
    return re.sub(r"^mapping\.fc(\d+)\.", r"mapping.layers.\1.", name)


# ---- StyleGAN2


def _stylegan2(network: Network, found: dict[str, Tensor]) -> tuple[stylegan2.StyleGAN2Config, dict[str, Tensor]]:
    resolutions = sorted(int(m[1]) for name in found if (m := re.fullmatch(r"synthesis\.b(\d+)\.conv1\.weight", name)))
    blocks = network["_modules"]["synthesis"]["_modules"]
    architectures = {_architecture(blocks[f"b{r}"]) for r in resolutions}
    if len(architectures) != 1:
        raise ValueError("its blocks have different architectures")
    _check_layers(network, found)
    top = max(resolutions)
    config = stylegan2_config(
        resolution=top,
        channel_base=channel_base_of({r: found[f"synthesis.b{r}.conv1.weight"].shape[0] for r in resolutions}),
        channel_max=found["synthesis.b4.const"].shape[0],
        img_channels=found[f"synthesis.b{top}.torgb.weight"].shape[0],
        conv_clamp=_clamp(blocks["b4"]["_modules"]["conv1"]),
        architecture=architectures.pop(),
        **_mapping_shape(found, found["synthesis.b4.conv1.affine.weight"].shape[1]),
    )
    weights = {}
    for name, value in _scaled_mapping(network, found).items():
        if name.endswith("resample_filter"):
            continue
        name = re.sub(r"^synthesis\.b(\d+)\.", r"synthesis.blocks.\1.", name)
        name = name.replace(".torgb.", ".to_rgb.").replace(".skip.", ".shortcut.")
        if name.endswith("conv0.weight"):
            value = flipped(value)  # theirs is the kernel of a transposed convolution
        weights[_renamed_mapping(name)] = value
    for r in resolutions:
        for conv in ("conv0", "conv1"):
            layer = blocks[f"b{r}"]["_modules"].get(conv)
            # Networks trained without noise inputs have neither of the two.
            if isinstance(layer, Network) and not layer.get("use_noise", True):
                weights[f"synthesis.blocks.{r}.{conv}.noise_strength"] = torch.zeros(())
                weights[f"synthesis.blocks.{r}.{conv}.noise_const"] = torch.zeros(r, r)
    return config, weights


# ---- StyleGAN3


def _number(value: object) -> float:
    if isinstance(value, Numbers) and (array := value.array) is not None and array.size == 1:
        value = array.item()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("one of its settings is no number")
    return value


def _stylegan3(network: Network, found: dict[str, Tensor]) -> tuple[stylegan3.StyleGAN3Config, dict[str, Tensor]]:
    synthesis = network["_modules"]["synthesis"]
    given = synthesis.get("_init_kwargs")
    given = given if isinstance(given, Mapping) else {}
    usual = stylegan3.StyleGAN3Config()
    places = {name: int(m[1]) for name in synthesis["_modules"] if (m := re.fullmatch(r"L(\d+)_\d+_\d+", name))}
    names = sorted(places, key=lambda name: places[name])
    if [places[name] for name in names] != list(range(len(names))) or not 2 <= len(names) <= stylegan3.MAX_LAYERS + 1:
        raise ValueError("its layers are not those of StyleGAN3")
    first, last = (synthesis["_modules"][name] for name in (names[0], names[-1]))
    kernel = found[f"synthesis.{names[0]}.weight"]
    taps = len(found[f"synthesis.{names[0]}.up_filter"])
    resolution = int(_number(synthesis.get("img_resolution", given.get("img_resolution"))))
    sizes = (resolution, kernel.shape[0], kernel.shape[1])
    if resolution > MAX_RESOLUTION or max(sizes[1:]) > MAX_WIDTH:
        raise ValueError(f"its size ({resolution} px) is not one of StyleGAN3")
    mapping = _mapping_shape(found, found["synthesis.input.affine.weight"].shape[1])
    if not all(1 <= mapping[name] <= MAX_WIDTH for name in ("z_dim", "w_dim")):
        raise ValueError("its latent is not one of StyleGAN3")
    config = stylegan3.StyleGAN3Config(
        resolution=resolution,
        channel_base=int(_number(given.get("channel_base", usual.channel_base))),
        channel_max=int(_number(given.get("channel_max", usual.channel_max))),
        img_channels=found[f"synthesis.{names[-1]}.weight"].shape[0],
        num_layers=len(names) - 1,
        num_critical=int(_number(synthesis.get("num_critical", usual.num_critical))),
        first_cutoff=float(_number(first.get("in_cutoff", usual.first_cutoff))),
        first_stopband=float(_number(given.get("first_stopband", usual.first_stopband))),
        last_stopband_rel=float(_number(given.get("last_stopband_rel", usual.last_stopband_rel))),
        margin=int(_number(synthesis.get("margin_size", usual.margin))),
        output_scale=float(_number(synthesis.get("output_scale", usual.output_scale))),
        conv_kernel=kernel.shape[-1],
        filter_size=taps // int(_number(first.get("up_factor", 2))),
        radial_filters=found[f"synthesis.{names[0]}.down_filter"].dim() == 2,
        conv_clamp=_clamp(last),
        **mapping,
    )
    weights = {}
    for name, value in _scaled_mapping(network, found).items():
        if name.endswith(("up_filter", "down_filter")):
            continue
        for layer in names:
            name = name.replace(f"synthesis.{layer}.", f"synthesis.layers.{places[layer]}.")
        weights[_renamed_mapping(name)] = value
    return config, weights


def _check_filters(generator: stylegan3.Generator, found: Mapping[str, Tensor]) -> None:
    """Our filters are those of the file: the settings were understood."""
    theirs = {
        (int(m[1]), m[2]): value
        for name, value in found.items()
        if (m := re.fullmatch(r"synthesis\.L(\d+)_\d+_\d+\.(up_filter|down_filter)", name))
    }
    for index, layer in enumerate(generator.synthesis.layers):
        for name in ("up_filter", "down_filter"):
            ours = getattr(layer, name)
            value = theirs.get((index, name))
            if ours is None and (value is None or value.numel() == 1):
                continue
            kernel = ours.content() if ours is not None else None
            if (
                kernel is None
                or value is None
                or value.shape != kernel.shape
                or not torch.allclose(value, kernel, atol=1e-4 * float(kernel.abs().max()))
            ):
                raise ValueError(f"the filters of its layer {index} are not those of StyleGAN3")
