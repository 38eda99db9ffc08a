"""Writes generators as NVIDIA's TensorFlow programs pickle them: the same records, our own code, no code of theirs.

The numbers follow a fixed rule, so that pictures computed once with NVIDIA's converter can be compared with.
"""

from __future__ import annotations

import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

from studio.networks.stylegan2 import StyleGAN2Config

# A text that would be noticed if anything ran it.
SOURCE = "import os\nos.system('echo the source of a file was run > /tmp/latent-studio-was-run')\n"


def shapes(config: StyleGAN2Config) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a generator's variables, as StyleGAN2-ADA for TensorFlow has them."""
    found: dict[str, tuple[int, ...]] = {"dlatent_avg": (config.w_dim,)}
    inputs = config.z_dim
    if config.labels:
        found["mapping/LabelEmbed/weight"] = (config.labels, config.w_dim)
        found["mapping/LabelEmbed/bias"] = (config.w_dim,)
        inputs += config.w_dim
    for index in range(config.mapping_layers):
        found[f"mapping/Dense{index}/weight"] = (inputs if index == 0 else config.w_dim, config.w_dim)
        found[f"mapping/Dense{index}/bias"] = (config.w_dim,)
    found["synthesis/4x4/Const/const"] = (1, config.channels(4), 4, 4)

    def styled(name: str, inputs: int, outputs: int, size: int) -> None:
        found[f"synthesis/{name}/weight"] = (size, size, inputs, outputs)
        found[f"synthesis/{name}/bias"] = (outputs,)
        found[f"synthesis/{name}/mod_weight"] = (config.w_dim, inputs)
        found[f"synthesis/{name}/mod_bias"] = (inputs,)

    def conv(name: str, inputs: int, outputs: int, side: int, number: int) -> None:
        styled(name, inputs, outputs, 3)
        found[f"synthesis/{name}/noise_strength"] = ()
        found[f"synthesis/noise{number}"] = (1, 1, side, side)

    for step, side in enumerate(config.resolutions):
        outputs = config.channels(side)
        if step:
            conv(f"{side}x{side}/Conv0_up", config.channels(side // 2), outputs, side, 2 * step - 1)
        conv(f"{side}x{side}/{'Conv1' if step else 'Conv'}", outputs, outputs, side, 2 * step)
        styled(f"{side}x{side}/ToRGB", outputs, config.img_channels, 1)

    return found


def variables(config: StyleGAN2Config) -> dict[str, np.ndarray]:
    """A generator's variables with numbers."""
    random = np.random.RandomState(11)
    found = {}
    for name, shape in sorted(shapes(config).items()):
        drawn = random.randn(*shape)
        if name.endswith(("mod_bias", "ToRGB/bias", "Conv/bias", "Conv0_up/bias", "Conv1/bias")):
            drawn = 0.2 * drawn
        elif name == "dlatent_avg":
            drawn = 0.3 * drawn
        elif name.endswith("noise_strength"):
            drawn = 0.1 + 0.05 * drawn
        elif name.startswith("mapping/Dense"):
            drawn = drawn * (100 if name.endswith("weight") else 10)
        # TensorFlow gives single values as numpy's scalars, not as arrays.
        found[name] = np.float32(drawn) if not shape else drawn.astype(np.float32)
    return found


def settings(config: StyleGAN2Config, **changes: Any) -> dict[str, Any]:
    """What training calls a network of this shape with."""
    given = {
        "num_channels": config.img_channels,
        "resolution": config.resolution,
        "label_size": config.labels,
        "latent_size": config.z_dim,
        "dlatent_size": config.w_dim,
        "mapping_layers": config.mapping_layers,
        "fmap_base": config.channel_base // 2,
        "fmap_max": config.channel_max,
        "conv_clamp": config.conv_clamp or None,
        "architecture": "skip",
        "resample_kernel": [1, 3, 3, 1],
    }
    return {name: value for name, value in {**given, **changes}.items() if value != "absent"}


def network_state(
    name: str, static_kwargs: dict[str, Any], own: dict[str, Any], parts: dict[str, Any], version: int
) -> dict[str, Any]:
    """The attributes of one network."""
    return {
        "version": version,
        "name": name,
        "static_kwargs": static_kwargs,
        "components": parts,
        "build_module_src": SOURCE,
        "build_func_name": "G_main",
        "variables": list(own.items()),
    }


def tensorflow_pickle(
    static_kwargs: dict[str, Any],
    values: dict[str, Any],
    *,
    version: int = 4,
    module: str = "dnnlib.tflib.network",
    protocol: int = 4,
    func: str = "G_main",
    alone: bool = False,
) -> bytes:
    """A pickle of (G, D, Gs) or, ``alone``, of Gs."""
    package = types.ModuleType(module)
    network = type("Network", (), {"__module__": module, "__qualname__": "Network"})
    package.Network = network  # type: ignore[attr-defined]

    def make(name: str, kwargs: dict[str, Any], own: dict[str, Any], parts: dict[str, Any]) -> object:
        made = network()
        made.__dict__ = network_state(name, kwargs, own, parts, version) | {"build_func_name": func}
        return made

    def generator(name: str, values: dict[str, Any]) -> object:
        parts = {}
        for part in ("mapping", "synthesis"):
            own = {key.split("/", 1)[1]: value for key, value in values.items() if key.startswith(f"{part}/")}
            parts[part] = make(part, dict(static_kwargs), own, {})
        own = {key: value for key, value in values.items() if not key.startswith(("mapping/", "synthesis/"))}
        return make(name, static_kwargs, own, parts)

    # G is another network than Gs, so that it shows which of them is read.
    raw = {key: value if isinstance(value, str) else value * np.float32(0.5) for key, value in values.items()}
    names = [".".join(module.split(".")[: n + 1]) for n in range(module.count(".") + 1)]
    before = {name: sys.modules.get(name) for name in names}
    sys.modules.update({name: types.ModuleType(name) for name in names} | {module: package})
    try:
        averaged = generator("Gs", values)
        if alone:
            return pickle.dumps(averaged, protocol)
        discriminator = make("D", {}, {"4x4/Conv/weight": np.zeros((3, 3, 2, 2), np.float32)}, {})
        return pickle.dumps((generator("G", raw), discriminator, averaged), protocol)
    finally:
        for name, old in before.items():
            if old is None:
                del sys.modules[name]
            else:
                sys.modules[name] = old


PLAIN = StyleGAN2Config(resolution=32, z_dim=32, w_dim=24, mapping_layers=2, channel_base=512, channel_max=32)
CONDITIONAL = StyleGAN2Config(
    resolution=64, z_dim=16, w_dim=16, labels=5, mapping_layers=3, channel_base=1024, channel_max=64, conv_clamp=2
)


def reference_pickles() -> dict[str, tuple[StyleGAN2Config, bytes]]:
    """The files of the reference pictures: StyleGAN2's and StyleGAN2-ADA's."""
    ada = settings(CONDITIONAL, num_fp16_res=4, mapping_lrmul=0.02, w_avg_beta=0.995, style_mixing_prob=None)
    plain = settings(PLAIN, conv_clamp="absent", truncation_psi=0.5)
    return {
        "plain": (PLAIN, tensorflow_pickle(plain, variables(PLAIN))),
        "conditional": (CONDITIONAL, tensorflow_pickle(ada, variables(CONDITIONAL), version=5)),
    }


def write(path: Path, data: bytes) -> Path:
    """``data`` as a file."""
    path.write_bytes(data)
    return path
