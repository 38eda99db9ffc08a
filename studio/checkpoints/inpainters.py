"""Networks of other programs that fill holes in pictures (inpainting): LaMa, as spandrel opens it.

MAT and other networks whose code is not free are opened where the artist has installed ``spandrel_extra_arches``.
Importing this module does not import torch: the window asks it what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import Message, StudioError
from studio.checkpoints.network_files import (
    AddedNetwork,
    keep_network,
    network_at,
    networks_in,
    read_tensors,
    recognised,
)
from studio.recipes import FileRef

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_FOLDER = "inpainters"
_OTHER = Message("Choose a network that fills holes: LaMa, for example.")


@dataclass(frozen=True)
class Inpainter:
    """A network ready to use.

    Attributes
    ----------
    run : gives for a picture (1, 3, h, w) in 0..1, and a mask (1, 1, h, w) of 0 and 1 where it is filled, the filled
        picture.
    """

    run: Callable[[Tensor, Tensor], Tensor]


def added_inpainters() -> list[AddedNetwork]:
    """The networks that the artist added, by name; reads the files on the first call."""
    return networks_in(_FOLDER)


def add_inpainter(path: Path) -> AddedNetwork:
    """Check a network of another program, and keep a copy of its tensors, once.

    Raises
    ------
    StudioError
        When it is no network that fills holes, is damaged, or asks for anything to be run.
    """
    import torch

    tensors = read_tensors(path, _OTHER)
    _built(tensors, path.name, torch.device("cpu"))
    return keep_network(tensors, path.stem, _FOLDER)


def load_inpainter(ref: FileRef | None, device: torch.device | str = "cpu") -> Inpainter:
    """A network that the artist added.

    Raises
    ------
    StudioError
        When none was chosen, or it is not on this computer.
    """
    import torch

    path = network_at(ref, _FOLDER, "Add its file in the Finish room under Repair, or fill with patches.")
    return _built(read_tensors(path, _OTHER), path.name, torch.device(device))


def _built(tensors: Mapping[str, Tensor], name: str, device: torch.device) -> Inpainter:
    """The network in ``tensors``. Raises a StudioError when it is none that fills holes."""
    from spandrel import MaskedImageModelDescriptor

    found = recognised(tensors, name, device, _OTHER)
    if found.purpose == "SR":
        raise StudioError(
            Message("{name} is a network that makes pictures larger; it fills no holes.", name=name),
            Message("Add it under Enlarge. To fill holes, choose a network such as LaMa."),
        )
    if not isinstance(found, MaskedImageModelDescriptor):
        raise StudioError(Message("{name} is a network for another purpose.", name=name), _OTHER)
    _settle(found.model, device)
    return Inpainter(lambda picture, mask: found(picture, mask))


def _settle(network: torch.nn.Module, device: torch.device) -> None:
    """Give MAT a latent that is always the same, and on ``device``: it draws one on the processor when it is made."""
    import torch

    for name, value in vars(network).items():
        if isinstance(value, torch.Tensor):
            numbers = torch.Generator().manual_seed(0)
            setattr(network, name, torch.randn(value.shape, generator=numbers).to(device))
