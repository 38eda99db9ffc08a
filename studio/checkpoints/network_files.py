"""Networks of other programs that change pictures: read as data, recognised by their tensors, kept in a folder.

A file is read by our own reader, never by ``torch.load`` or ``torch.jit.load``; spandrel only recognises the network
by its tensors' names and builds it.

Importing this module does not import torch: the window asks it what there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.base import Message, StudioError
from studio.base.files import file_stamp, new_path, scratch_folder, sha256_of
from studio.base.paths import models_dir
from studio.checkpoints.sniff import printable
from studio.media.ffmpeg_messages import silence_ffmpeg
from studio.recipes import FileRef

if TYPE_CHECKING:
    import torch
    from spandrel import ImageModelDescriptor, MaskedImageModelDescriptor
    from torch import Tensor

NETWORK_SUFFIXES = (".safetensors", ".pth", ".pt", ".ckpt")


_MORE = "spandrel_extra_arches"
_NOT_FREE = {
    "MAT": ".first_stage.conv_first.conv.resample_filter",
    "SRFormer": ".attn.aligned_relative_position_index",
    "Restormer": "encoder_level1.0.attn.qkv_dwconv.weight",
}
"""Networks that spandrel knows only with another package, and what ends the name of a tensor of each."""


@dataclass(frozen=True)
class AddedNetwork:
    """A network file of another program that the artist added."""

    path: Path
    ref: FileRef

    @property
    def name(self) -> str:
        """Its name for the artist: that of its file."""
        return self.path.stem


_hashes: dict[Path, tuple[int, str]] = {}


def networks_in(folder: str) -> list[AddedNetwork]:
    """The networks in ``folder`` beside the models, by name; reads the files on the first call."""
    path = models_dir() / folder
    files = sorted(path.iterdir()) if path.is_dir() else []
    return [_described(each) for each in files if each.suffix.lower() in NETWORK_SUFFIXES and each.is_file()]


def _described(path: Path) -> AddedNetwork:
    stamp = file_stamp(path)
    known = _hashes.get(path)
    if known is None or known[0] != stamp:
        known = _hashes[path] = stamp, sha256_of(path)
    return AddedNetwork(path, FileRef(hash=known[1], name=path.name))


def keep_network(tensors: Mapping[str, Tensor], stem: str, folder: str) -> AddedNetwork:
    """Keep a copy of ``tensors`` in ``folder`` beside the models, once."""
    from safetensors.torch import save_file

    with scratch_folder() as temporary:
        copy = temporary / "network.safetensors"
        save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, copy)
        digest = sha256_of(copy)
        for known in networks_in(folder):
            if known.ref.hash == digest:
                return known
        place = models_dir() / folder
        place.mkdir(parents=True, exist_ok=True)
        with new_path(place / f"{stem}.safetensors", numbered=True) as taken:
            taken.temporary.write_bytes(copy.read_bytes())
    return _described(taken.path)


def network_at(ref: FileRef | None, folder: str, otherwise: Message | str) -> Path:
    """The file of a network in ``folder``; ``otherwise`` is what to do when it is not there.

    Raises
    ------
    StudioError
        When none was chosen, or it is not on this computer.
    """
    if ref is None:
        raise StudioError("No network file was chosen.", otherwise)
    for known in networks_in(folder):
        if known.ref.hash == ref.hash:
            return known.path
    raise StudioError(
        Message("The network “{name}” of this recipe is not on this computer.", name=ref.name or ref.hash[:12]),
        otherwise,
    )


def read_tensors(path: Path, other: Message) -> dict[str, Tensor]:
    """The tensors of a network file, by spandrel's names of them; nothing in the file is run.

    Of a TorchScript file, as LaMa goes around, its code is not even read.

    Parameters
    ----------
    other : which networks would do, to be said of a file that is none.

    Raises
    ------
    StudioError
        When the file is missing, damaged, no network, or asks for anything to be run.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from spandrel import canonicalize_state_dict

    from studio.checkpoints.pickles import Attributes, open_pickle

    silence_ffmpeg()

    content: Any
    if path.suffix.lower() == ".safetensors":
        try:
            content = load_file(path)
        except (SafetensorError, OSError) as error:
            raise StudioError(
                Message("{name} is damaged: {reason}.", name=path.name, reason=printable(str(error))),
                "Get the file again from where it came.",
            ) from error
    else:
        with open_pickle(path, script=True) as opened:
            opened.load(opened.content)
            content = opened.content
        if isinstance(content, Attributes):
            content = dict(_tensors_of(content))
    if not isinstance(content, dict):
        raise unknown_network(path.name, other)
    tensors = canonicalize_state_dict(content)
    named = {str(name): value for name, value in tensors.items() if isinstance(value, torch.Tensor)}
    if not named:
        raise unknown_network(path.name, other)
    return named


def _tensors_of(module: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Tensors of a module of a TorchScript file, by the names that its state dict would have."""
    for name, value in module.items():
        if isinstance(value, Mapping):
            yield from _tensors_of(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def recognised(
    tensors: Mapping[str, Tensor], name: str, device: torch.device, other: Message
) -> ImageModelDescriptor[Any] | MaskedImageModelDescriptor[Any]:
    """The network that spandrel recognises in ``tensors``, for RGB pictures, ready to be used on ``device``.

    Raises
    ------
    StudioError
        When it recognises none, or one for pictures of other channels.
    """
    from spandrel import ModelLoader

    silence_ffmpeg()
    if not _more_known():
        for kind, ending in _NOT_FREE.items():
            if any(tensor.endswith(ending) for tensor in tensors):
                raise StudioError(
                    Message("{name} is a {kind}, whose code is not free.", name=name, kind=kind),
                    Message(
                        "Read its licence; to use it, install the package {package} beside Latent Studio, start that "
                        "again and add the file.",
                        package=_MORE,
                    ),
                )
    try:
        found = ModelLoader(device).load_from_state_dict(dict(tensors))
    except Exception as error:  # tensors of odd shapes fail anywhere in there
        raise unknown_network(name, other) from error
    if found.input_channels != 3 or found.output_channels != 3:
        raise StudioError(Message("{name} does not work on colour pictures.", name=name), other)
    found.eval()
    found.float()
    return found


@cache
def _more_known() -> bool:
    """Let spandrel know the networks of the package with less free ones; False when it is not there."""
    try:
        from spandrel_extra_arches import install
    except ImportError:
        return False
    install(ignore_duplicates=True)
    return True


def unknown_network(name: str, other: Message) -> StudioError:
    """The error of a file in which no network is recognised."""
    return StudioError(Message("{name} is not a network that is known here.", name=name), other)
