"""Generators of NVIDIA's TensorFlow programs: StyleGAN2 (version 4 of their pickles) and StyleGAN2-ADA (5).

Such a file is a pickled tuple (G, D, Gs); Gs holds the averaged weights. A network there is a name, its settings, its
source (never run here), its parts and a list of variables. Against PyTorch: kernels are (height, width, in, out), dense
weights (in, out), styles are given around 0 instead of 1, and up-sampling kernels are those of an ordinary convolution.
Sizes are taken from the variables, never from what the settings say about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.checkpoints.checks import channel_base_of, stylegan2_config
from studio.checkpoints.pickles import Numbers, TensorFlowNetwork

if TYPE_CHECKING:
    from studio.networks.stylegan2 import StyleGAN2Config

STYLEGAN2_VERSION = 4
LR_MULTIPLIER = 0.01
FILTER = [1, 3, 3, 1]
# Settings of training, or of sizes that the variables tell better.
ANY_VALUE = frozenset((
    "latent_size", "label_size", "dlatent_size", "resolution", "num_channels", "mapping_layers", "mapping_fmaps",
    "label_fmaps", "fmap_base", "fmap_max", "w_avg_beta", "num_fp16_res", "truncation_psi", "truncation_cutoff",
    "style_mixing_prob", "structure",
))  # fmt: skip
# Settings whose other values are other networks: what we draw, and what a file without them means.
ONE_VALUE = {"architecture": "skip", "nonlinearity": "lrelu", "mapping_nonlinearity": "lrelu"}
CHECKED = frozenset(("mapping_lrmul", "conv_clamp", "resample_kernel", "use_noise"))


def is_tensorflow(content: object) -> TypeGuard[TensorFlowNetwork | tuple[TensorFlowNetwork, ...]]:
    """Return whether a pickle's content is what NVIDIA's TensorFlow programs save."""
    if isinstance(content, tuple | list):
        return bool(content) and all(isinstance(network, TensorFlowNetwork) for network in content)
    return isinstance(content, TensorFlowNetwork)


def from_tensorflow(
    networks: TensorFlowNetwork | tuple[TensorFlowNetwork, ...],
) -> tuple[StyleGAN2Config, dict[str, Tensor]]:
    """The averaged generator of a TensorFlow file: its shape, and its weights by our names.

    Raises
    ------
    StudioError
        For networks of other kinds: progressive GAN, the first StyleGAN, its configurations A to D.
    ValueError, KeyError, TypeError
        When its parts do not fit together; the message says what is wrong.
    """
    network = networks if isinstance(networks, TensorFlowNetwork) else networks[-1]
    _check_kind(network)
    variables = dict(_variables(network))
    if any(re.fullmatch(r"(synthesis/)?ToRGB_lod\d+/weight", name) for name in variables):
        raise _other("StyleGAN2 in one of its configurations A to D")
    if "synthesis/4x4/Const/const" not in variables:
        raise ValueError(f"“{str(network.get('name'))[:40]}” is not a StyleGAN2 generator")
    settings = network.get("static_kwargs", {})
    lr, clamp = _check_settings(settings)
    if "mapping/LabelConcat/weight" in variables:
        raise _other("StyleGAN2 with classes as NVIDIA's first StyleGAN2 program joins them")
    return _convert(variables, lr, clamp, use_noise=settings.get("use_noise", True) is not False)


def _check_kind(network: TensorFlowNetwork) -> None:
    version = network.get("version")
    if not isinstance(version, int):
        raise ValueError("the version of its TensorFlow network is missing")
    if version >= STYLEGAN2_VERSION:
        return
    function = str(network.get("build_func_name", ""))
    if version == STYLEGAN2_VERSION - 1 or "style" in function:
        raise _other("the first StyleGAN (2018)")
    raise _other("a progressive GAN (2017)")


def _other(kind: str) -> StudioError:
    return StudioError(
        Message(
            "The file holds a TensorFlow network of {kind}; its layers are others than those of StyleGAN2.", kind=kind
        ),
        "Choose a network of StyleGAN2 (configuration E or F), of StyleGAN2-ADA or of StyleGAN3.",
    )


def _check_settings(settings: object) -> tuple[float, int]:
    """Refuse what would be drawn differently; the learning rate multiplier of the mapping, and conv_clamp."""
    if not isinstance(settings, Mapping):
        raise ValueError("its settings (static_kwargs) are missing")
    for name in settings:
        if name not in ANY_VALUE and name not in ONE_VALUE and name not in CHECKED:
            raise ValueError(f"its setting “{str(name)[:60]}” is not known")
    for name, wanted in ONE_VALUE.items():
        value = settings.get(name)
        if value is not None and value != wanted:
            raise ValueError(f"its {name} “{str(value)[:40]}” is not supported, only “{wanted}”")
    kernel = settings.get("resample_kernel")
    if kernel is not None and _numbers(kernel).tolist() != FILTER:
        raise ValueError("its resampling filter is not [1, 3, 3, 1]")
    lr = settings.get("mapping_lrmul")
    lr = LR_MULTIPLIER if lr is None else lr
    if isinstance(lr, bool) or not isinstance(lr, int | float) or not 0 < lr <= 100:
        raise ValueError("its mapping_lrmul is no number that makes sense")
    clamp = settings.get("conv_clamp") or 0
    if not isinstance(clamp, int | float) or not 0 <= clamp <= 2**20 or clamp != int(clamp):
        raise ValueError("its activations are clamped to an odd value")
    return float(lr), int(clamp)


def _numbers(value: object) -> np.ndarray:
    """An array, a number (TensorFlow gives single values as such) or a list of numbers."""
    array = value.array if isinstance(value, Numbers) else value
    if isinstance(array, bool) or not isinstance(array, np.ndarray | int | float | list | tuple):
        raise ValueError("something in the place of numbers")
    if isinstance(array, list | tuple) and not all(type(entry) in (int, float) for entry in array):
        raise ValueError("something in the place of numbers")
    return np.asarray(array)


def _variables(network: TensorFlowNetwork, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Variables of a network and of its parts, by "part/variable"."""
    if depth > 4:
        raise ValueError("its parts are nested too deeply")
    for entry in network.get("variables", ()):
        if not isinstance(entry, tuple | list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise ValueError("its list of variables is damaged")
        yield prefix + entry[0], entry[1]
    for name, part in network.get("components", {}).items():
        if isinstance(part, TensorFlowNetwork):
            yield from _variables(part, f"{prefix}{str(name)[:100]}/", depth + 1)


def _convert(
    variables: dict[str, object], lr: float, clamp: int, *, use_noise: bool
) -> tuple[StyleGAN2Config, dict[str, Tensor]]:
    left = {name: value for name, value in variables.items() if not _is_unused(name, use_noise)}

    def take(name: str, dims: int) -> np.ndarray:
        """One variable, once, in float32."""
        if name not in left:
            raise ValueError(f"its variable {name} is missing")
        array = _numbers(left.pop(name))
        if array.ndim != dims or (array.dtype.kind != "f" and dims):
            raise ValueError(f"its variable {name} is of an odd shape or kind")
        return array.astype(np.float32, copy=False)

    resolutions = sorted(
        int(m[1]) for name in left if (m := re.fullmatch(r"synthesis/(\d{1,4})x\1/ToRGB/weight", name))
    )
    if not resolutions or resolutions != [4 << step for step in range(len(resolutions))]:
        raise ValueError("its resolutions are not those of StyleGAN2")
    top = resolutions[-1]
    layers = sum(re.fullmatch(r"mapping/Dense\d+/weight", name) is not None for name in left)
    weights: dict[str, Tensor] = {}

    def put(ours: str, array: np.ndarray) -> None:
        weights[ours] = torch.from_numpy(np.array(array, np.float32, order="C"))

    def styled(theirs: str, ours: str) -> None:
        put(f"{ours}.weight", take(f"{theirs}/weight", 4).transpose(3, 2, 0, 1))
        put(f"{ours}.bias", take(f"{theirs}/bias", 1))
        put(f"{ours}.affine.weight", take(f"{theirs}/mod_weight", 2).T)
        put(f"{ours}.affine.bias", take(f"{theirs}/mod_bias", 1) + 1)

    def conv(theirs: str, ours: str, number: int, side: int) -> None:
        styled(theirs, ours)
        if use_noise:
            put(f"{ours}.noise_strength", take(f"{theirs}/noise_strength", 0))
            noise = take(f"synthesis/noise{number}", 4)
            if noise.shape[:2] != (1, 1):
                raise ValueError(f"its variable synthesis/noise{number} is of an odd shape or kind")
            put(f"{ours}.noise_const", noise[0, 0])
        else:
            put(f"{ours}.noise_strength", np.zeros(()))
            put(f"{ours}.noise_const", np.zeros((side, side)))

    put("mapping.w_avg", take("dlatent_avg", 1))
    if "mapping/LabelEmbed/weight" in left:
        put("mapping.embed.weight", take("mapping/LabelEmbed/weight", 2).T)
        put("mapping.embed.bias", take("mapping/LabelEmbed/bias", 1))
    for index in range(layers):
        # Our mapping has the usual multiplier built in; another one is the same as larger or smaller weights.
        scale = np.float32(lr / LR_MULTIPLIER)
        put(f"mapping.layers.{index}.weight", take(f"mapping/Dense{index}/weight", 2).T * scale)
        put(f"mapping.layers.{index}.bias", take(f"mapping/Dense{index}/bias", 1) * scale)
    const = take("synthesis/4x4/Const/const", 4)
    if len(const) != 1:
        raise ValueError("its variable synthesis/4x4/Const/const is of an odd shape or kind")
    put("synthesis.blocks.4.const", const[0])
    for step, side in enumerate(resolutions):
        theirs, ours = f"synthesis/{side}x{side}", f"synthesis.blocks.{side}"
        if step:
            conv(f"{theirs}/Conv0_up", f"{ours}.conv0", 2 * step - 1, side)
        conv(f"{theirs}/{'Conv1' if step else 'Conv'}", f"{ours}.conv1", 2 * step, side)
        styled(f"{theirs}/ToRGB", f"{ours}.to_rgb")
    if left:
        raise ValueError(f"its variable {min(left)[:80]} is not one of StyleGAN2")
    labels = weights["mapping.embed.weight"].shape[1] if "mapping.embed.weight" in weights else 0
    w_dim = weights["synthesis.blocks.4.conv1.affine.weight"].shape[1]
    embedded = weights["mapping.embed.weight"].shape[0] if labels else 0
    config = stylegan2_config(
        resolution=top,
        z_dim=(weights["mapping.layers.0.weight"].shape[1] if layers else w_dim) - embedded,
        w_dim=w_dim,
        labels=labels,
        mapping_layers=layers,
        channel_base=channel_base_of(
            {
                int(m[1]): value.shape[0]
                for name, value in weights.items()
                if (m := re.fullmatch(r"synthesis\.blocks\.(\d+)\.conv1\.weight", name))
            }
        ),
        channel_max=const.shape[1],
        img_channels=weights[f"synthesis.blocks.{top}.to_rgb.weight"].shape[0],
        conv_clamp=clamp,
    )
    return config, weights


def _is_unused(name: str, use_noise: bool) -> bool:
    """Return whether a variable changes no picture: how far a growing network has come, noise that is switched off."""
    return re.fullmatch(r"(.*/)?lod", name) is not None or (
        not use_noise and re.fullmatch(r"synthesis/(noise\d+|.*/noise_strength)", name) is not None
    )
