"""The card and shape of a model file, read from its header alone (no torch, no weights loaded).

The format is safetensors; our card is one JSON text under the metadata key ``latent_studio``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError

from studio.base import Message, StudioError
from studio.base.files import atomic_path
from studio.checkpoints.sniff import OTHER, is_pytorch, is_safetensors, refuse_other_files, text_of
from studio.recipes import FileRef

CARD_KEY = "latent_studio"
CARD_VERSION = 1
# A header holds names and shapes only: real ones have tens of kilobytes.
MAX_HEADER_BYTES = 2 * 2**20
MAX_FOREIGN_HEADER_BYTES = 16 * 2**20
ARCHITECTURES = ("stylegan2", "stylegan3", "dcgan")
# Files of other programs that are turned into ours on the way into the library (see foreign.py).
FOREIGN_SUFFIXES = (".pkl", ".pt", ".pth")
MODEL_SUFFIXES = (".safetensors", *FOREIGN_SUFFIXES)
MORE_MODEL_SUFFIXES = (".ckpt", ".bin", ".model", ".tar", ".th", ".pickle")
"""Further endings that people give to files of PyTorch; what they hold decides."""


class ModelCard(BaseModel):
    """Everything a model file says about itself besides its weights."""

    model_config = ConfigDict(frozen=True)

    version: int = CARD_VERSION
    name: str = Field(max_length=200)
    architecture: str
    config: Mapping[str, StrictBool | StrictInt | StrictFloat | StrictStr]
    licence: str = ""
    description: str = ""
    data: str = ""
    training: dict[str, Any] = {}
    metrics: dict[str, Any] = {}
    covers: tuple[int, ...] = Field(default=(), max_length=1000)
    """Seeds worth seeing first."""
    direction_names: tuple[Annotated[str, Field(max_length=80)], ...] = Field(default=(), max_length=512)
    """What the first principal directions do to a picture, from minus to plus; "" for one that has no name."""
    former: tuple[str, ...] = Field(default=(), max_length=1000)
    """Hashes the file had before its card was edited: recipes of that time name these."""

    @property
    def residual(self) -> bool:
        """True when it is a StyleGAN2 generator of residual blocks."""
        return self.config.get("architecture") == "resnet"


@dataclass(frozen=True)
class ModelInfo:
    """A generator in the library.

    Attributes
    ----------
    hash : SHA-256 of the file.
    resolution : side of its square pictures in pixels.
    z_dim, w_dim : sizes of the latents; w_dim 0 for networks without w.
    num_ws : layers that take a w of their own; 0 without w.
    labels : classes of a conditional network, else 0.
    starter : travels with the program.
    data : what it was trained on.
    former : hashes the file had before its card was edited.
    catalogue : id of the published network it was made from, or "".
    img_channels : 3 for colour, 1 for grey pictures; 2 and 4 with transparency.
    residual : a StyleGAN2 generator of residual blocks.
    images_shown : how long it was trained, in images; 0 when its card does not say. Snapshots of a run differ in it.
    covers : seeds worth seeing first, from its card.
    direction_names : of its first principal directions, from its card; "" for one without a name.
    """

    hash: str
    name: str
    path: Path
    architecture: str
    resolution: int
    z_dim: int
    w_dim: int
    num_ws: int
    has_noise: bool
    labels: int
    licence: str
    description: str
    starter: bool
    data: str = ""
    former: tuple[str, ...] = ()
    catalogue: str = ""
    img_channels: int = 3
    residual: bool = False
    images_shown: int = 0
    covers: tuple[int, ...] = ()
    direction_names: tuple[str, ...] = ()

    @property
    def hidden_channels(self) -> int:
        """Channels that no picture shows: of more than four (depth, a mask ...), the first three are its colours."""
        return self.img_channels - 3 if self.img_channels > 4 else 0

    @property
    def ref(self) -> FileRef:
        """The name of this model in recipes."""
        return FileRef(hash=self.hash, name=self.name)


def parse_header(content: bytes) -> dict[str, Any]:
    """The JSON at the beginning of a safetensors file.

    Raises
    ------
    ValueError, RecursionError
        When it is none, or names something twice: readers would not agree on what the file holds.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a name stands twice in the header")
        return found

    header = json.loads(content.decode("utf-8"), object_pairs_hook=once)
    if not isinstance(header, dict):
        raise ValueError("the header is no table")
    return header


def is_foreign(path: Path) -> bool:
    """Return whether a file is one of another program, to be converted: by its content, whatever its name says.

    Raises
    ------
    StudioError
        When it cannot be read, or is known to be no network.
    """
    head = refuse_other_files(path, other=OTHER)
    if is_safetensors(head):
        try:
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                most = min(MAX_FOREIGN_HEADER_BYTES, path.stat().st_size)
                return length <= most and CARD_KEY not in parse_header(file.read(length)).get("__metadata__", {})
        except (OSError, ValueError, TypeError, RecursionError):
            return False
    return is_pytorch(head) or path.suffix.lower() in FOREIGN_SUFFIXES


def read_card(path: Path) -> ModelCard:
    """Read the card in the header of a model file.

    Raises
    ------
    StudioError
        When the file is missing, damaged, or not a model of ours.
    """
    wrong = Message("Choose a .safetensors model that was made with Latent Studio.")
    head = refuse_other_files(path, other=OTHER)
    if text := text_of(head):
        raise StudioError(
            Message("{name} is a text file, not a network. It begins with “{text}”.", name=path.name, text=text), OTHER
        )
    if is_pytorch(head):
        raise StudioError(
            Message("{name} is a file of another program, which has to be added to the library first.", name=path.name),
            "Add it in the window that lists the models, or with `latent-studio models --add`.",
        )
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if is_safetensors(head) and path.stat().st_size < length <= MAX_HEADER_BYTES:
                raise StudioError(
                    Message("{name} ends too early: the download or copy did not finish.", name=path.name),
                    "Get the file again from where it came.",
                )
            if not 2 <= length <= min(MAX_HEADER_BYTES, path.stat().st_size):
                raise StudioError(Message("{name} is not a safetensors file, or it is damaged.", name=path.name), wrong)
            header = parse_header(file.read(length))
        text = header["__metadata__"][CARD_KEY]
        card = ModelCard.model_validate_json(text)
    except OSError as error:
        raise StudioError(
            Message("Cannot read {path}: {reason}.", path=path, reason=error.strerror or error),
            "Check that the file exists.",
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError) as error:
        raise StudioError(
            Message("{name} carries no model card of Latent Studio, or it is damaged.", name=path.name), wrong
        ) from error
    if card.version > CARD_VERSION:
        raise StudioError(
            Message("{name} was written by a newer Latent Studio.", name=path.name), "Update Latent Studio to open it."
        )
    if card.architecture not in ARCHITECTURES:
        raise StudioError(
            Message(
                "{name} holds a network of the unknown kind “{architecture}”.",
                name=path.name,
                architecture=card.architecture,
            ),
            wrong,
        )
    return card


def describe(path: Path, file_hash: str, *, starter: bool = False) -> ModelInfo:
    """The library entry of a model file."""
    card = read_card(path)
    kind = card.architecture

    def number(name: str, usual: int, properties: Mapping[str, Any] = card.config) -> int:
        value = properties.get(name, usual)
        return value if isinstance(value, int) else usual

    resolution = number("resolution", 64)
    layers = {"stylegan2": 2 * (resolution.bit_length() - 1) - 2, "stylegan3": number("num_layers", 14) + 2}
    return ModelInfo(
        hash=file_hash,
        name=card.name,
        path=path,
        architecture=kind,
        resolution=resolution,
        z_dim=number("z_dim", 100),
        w_dim=number("w_dim", 0) if kind in layers else 0,
        num_ws=layers.get(kind, 0),
        has_noise=kind == "stylegan2",
        labels=number("labels", 0),
        licence=card.licence,
        description=card.description,
        starter=starter,
        data=card.data,
        former=card.former,
        catalogue=str(card.training.get("catalogue", "")),
        img_channels=number("img_channels", 3),
        residual=card.residual,
        images_shown=max(0, number("images_shown", 0, card.training)),
        covers=card.covers,
        direction_names=card.direction_names,
    )


def rewrite_card(path: Path, card: ModelCard) -> None:
    """Give a model file another card, atomically; the weights are copied as they are.

    Raises
    ------
    StudioError
        When the file is none of ours or cannot be written.
    """
    read_card(path)
    with path.open("rb") as file, atomic_path(path) as temporary, temporary.open("wb") as target:
        length = int.from_bytes(file.read(8), "little")
        header = parse_header(file.read(length))
        header["__metadata__"][CARD_KEY] = card.model_dump_json()
        content = json.dumps(header, separators=(",", ":")).encode()
        # The weights begin at a multiple of eight, as the format asks.
        content += b" " * (-len(content) % 8)
        target.write(len(content).to_bytes(8, "little") + content)
        shutil.copyfileobj(file, target, 2**20)
