"""Writing generators to model files and reading them back. A model file is data, never a program: safetensors only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from studio.base import Message, StudioError
from studio.base.files import atomic_path
from studio.checkpoints.checks import check_sizes
from studio.checkpoints.info import CARD_KEY, ModelCard, parse_header, read_card
from studio.checkpoints.sniff import printable
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.operators import refill

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
UNREADABLE = (SafetensorError, RuntimeError, OSError, LookupError, ValueError, TypeError)
GeneratorNet = stylegan2.Generator | stylegan3.Generator | dcgan.Generator
# What a card's entries are, architecture by architecture.
Config = stylegan2.StyleGAN2Config | stylegan3.StyleGAN3Config | dcgan.DCGANConfig
CONFIGS: dict[str, type[Config]] = {
    "stylegan2": stylegan2.StyleGAN2Config,
    "stylegan3": stylegan3.StyleGAN3Config,
    "dcgan": dcgan.DCGANConfig,
}


def architecture_of(generator: GeneratorNet) -> str:
    """The name of a network's kind in its card."""
    return next(name for name, config in CONFIGS.items() if isinstance(generator.config, config))


def build_generator(card: ModelCard) -> GeneratorNet:
    """An empty generator of the shape the card names.

    Raises
    ------
    StudioError
        When the card's numbers make no network.
    """
    try:
        config = _config(card)
        if isinstance(config, stylegan2.StyleGAN2Config):
            return stylegan2.Generator(config)
        if isinstance(config, stylegan3.StyleGAN3Config):
            return stylegan3.Generator(config)
        return dcgan.Generator(config)
    except (TypeError, ValueError, RuntimeError, ArithmeticError) as error:
        raise _unbuilt(card, error) from error


def config_of(card: ModelCard) -> Config:
    """The shape of the network a card describes.

    Raises
    ------
    StudioError
        When its entries make none.
    """
    try:
        return _config(card)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise _unbuilt(card, error) from error


def _unbuilt(card: ModelCard, error: Exception) -> StudioError:
    return StudioError(
        Message(
            "The model “{name}” describes a network that cannot be built ({reason}).", name=card.name, reason=error
        ),
        "The file is damaged; get it again from where it came.",
    )


def _config(card: ModelCard) -> Config:
    """Every entry is of its field's kind and within what a network can have."""
    kinds = {field.name: type(field.default) for field in fields(CONFIGS[card.architecture])}
    for name, value in card.config.items():
        kind = kinds.get(name)
        if kind is None:
            raise ValueError(f"“{name}” is unknown"[:100])
        if type(value) is not kind and not (kind is float and type(value) is int):
            raise TypeError(f"“{name}” is no {kind.__name__}")
        if isinstance(value, float) and not 0 <= value <= 1e6:
            raise ValueError(f"“{name}” is out of range")
    check_sizes(card.config)
    return CONFIGS[card.architecture](**dict[str, Any](card.config))


def save_model(path: Path, generator: nn.Module, card: ModelCard, *, half: bool = False) -> None:
    """Write a generator with its card, atomically; ``half`` stores fp16 weights."""
    dtype = torch.float16 if half else torch.float32
    tensors = {
        name: value.detach().to("cpu", dtype if value.is_floating_point() else value.dtype).contiguous()
        for name, value in generator.state_dict().items()
    }
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={CARD_KEY: card.model_dump_json()})


def _read_tensors(path: Path) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a file one by one, fp32 and channels-last, so that no two forms of all weights lie in memory."""
    # The library checks the header; reading through its memory map would keep the whole file's pages besides ours.
    with safe_open(path, framework="pt"):
        pass
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = parse_header(file.read(length))
        header.pop("__metadata__", None)
        # One room for what is read, and no other copy: freed pieces of many sizes would not all go back to the system.
        staging = np.empty(max((np.subtract(*e["data_offsets"][::-1]) for e in header.values()), default=0), np.uint8)
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            stored = staging[: end - begin]
            if file.readinto(stored.data) != end - begin:
                raise OSError(f"the file ends within {name}")
            if entry["dtype"] not in DTYPES:
                raise ValueError(f"{name} is of the number format {entry['dtype']}")
            dtype = DTYPES[entry["dtype"]]
            content = torch.from_numpy(stored).view(dtype).view(entry["shape"])
            layout = torch.channels_last if content.dim() == 4 else torch.contiguous_format
            kept = torch.float32 if dtype.is_floating_point else dtype
            yield name, torch.empty(content.shape, dtype=kept, memory_format=layout).copy_(content)


def check_model(path: Path) -> None:
    """Read a model file through, one tensor at a time, before it is taken into the library.

    Raises
    ------
    StudioError
        When it is no model file of ours, its weights are not those its card describes, or are no numbers.
    """
    card = read_card(path)
    with torch.device("meta"):
        expected = build_generator(card).state_dict()
    try:
        for name, tensor in _read_tensors(path):
            wanted = expected.pop(name, None)
            if wanted is None:
                raise ValueError(f"{printable(name)} is not one of its weights")
            if wanted.shape != tensor.shape or wanted.is_floating_point() != tensor.is_floating_point():
                raise ValueError(f"{name} is not of the shape that its card says")
            if not bool(torch.isfinite(tensor).all()):
                raise ValueError(f"{name} has entries that are no numbers")
        if expected:
            raise ValueError(f"{next(iter(expected))} is missing")
    except UNREADABLE as error:
        said = printable(str(error))
        raise StudioError(
            Message("The weights in {name} cannot be used: {reason}.", name=path.name, reason=said),
            "The file is damaged; get it again from where it came.",
        ) from error


def load_model(path: Path, device: torch.device | str = "cpu") -> GeneratorNet:
    """Read a generator for sampling: eval mode, fp32, no gradients, channels-last.

    Raises
    ------
    StudioError
        When the file is damaged or its weights do not fit its card.
    """
    card = read_card(path)
    again = Message("The file is damaged; get it again from where it came.")
    with torch.device("meta"):
        generator = build_generator(card)
    try:
        tensors = dict(_read_tensors(path))
        missing, unexpected = generator.load_state_dict(tensors, strict=False, assign=True)
        if missing or unexpected:
            raise RuntimeError(f"{len(missing)} tensors missing, {len(unexpected)} unknown")
    except UNREADABLE as error:
        said = printable(" ".join(str(error).split()))
        raise StudioError(
            Message("The weights in {name} cannot be read: {reason}", name=path.name, reason=said), again
        ) from error
    # Non-persistent buffers (the filters) are not in the file: build them for real.
    refill(generator)
    generator = generator.to(device)
    generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return generator.eval().requires_grad_(False)
