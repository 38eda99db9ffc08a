"""From the catalogue into the library: fetch a published network, convert it, and say on its card whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.base import StudioError, Work
from studio.base.files import sha256_of
from studio.base.paths import downloads_dir
from studio.checkpoints.catalogue import Catalogue, Network, expected_sha256, load_catalogue, remember
from studio.checkpoints.download import arrived, discard, download

if TYPE_CHECKING:
    from studio.checkpoints.info import ModelInfo
    from studio.checkpoints.library import ModelLibrary


def place(network: Network) -> Path:
    """The path of the file of ``network`` from its download to its conversion."""
    return downloads_dir() / network.file


def waiting(network: Network) -> int:
    """Bytes of ``network`` that are there already, of a download that was stopped or not converted; else 0."""
    path = place(network)
    return path.stat().st_size if path.is_file() else arrived(path)


def forget(network: Network) -> None:
    """Delete what a download of ``network`` left."""
    discard(place(network))
    place(network).unlink(missing_ok=True)


def fetch(network: Network) -> Work[Path]:
    """Download ``network`` (see :func:`studio.checkpoints.download.download`). Torch-free.

    Raises
    ------
    StudioError
        When it cannot be fetched, or is not what the catalogue, or the first download on this machine, says.
    """
    # The generator alone, which is what becomes the model, is at most half of such a file.
    return download(
        network.url, place(network), sha256=expected_sha256(network), name=network.file, room=network.size // 2
    )


def card_of(network: Network, catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue's additions to the card of ``network``."""
    return {
        "name": network.model_name,
        "licence": catalogue.licence(network).name,
        "description": f"{network.subject.en}. By {network.credit}",
        "data": network.data,
        "training": {"catalogue": network.id, "source": network.url, "home": network.home, "credit": network.credit},
    }


def take_in(library: ModelLibrary, network: Network, path: Path, *, catalogue: Catalogue | None = None) -> ModelInfo:
    """Convert the downloaded file ``path`` into the library; the download is removed.

    A file that the safe reader refuses is removed as well: fetching it again is all that helps. Imports torch.

    Raises
    ------
    StudioError
        When the file is refused or the library cannot be written.
    """
    try:
        info = library.add(path, card=card_of(network, catalogue or load_catalogue()))
    except StudioError as error:
        if not isinstance(error.__cause__, OSError):  # a full disk is not the file's fault
            path.unlink(missing_ok=True)
        raise
    if network.sha256 is None:
        remember(network, sha256_of(path))
    path.unlink(missing_ok=True)
    return info


def owned(library_models: list[ModelInfo]) -> dict[str, ModelInfo]:
    """The models that came from the catalogue, by network id."""
    return {info.catalogue: info for info in library_models if info.catalogue}
