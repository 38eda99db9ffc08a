"""The names of files that are made without one being given, in the language that the settings give the window."""

from __future__ import annotations

from pathlib import Path

from studio.base import Message
from studio.base.names import safe_stem
from studio.cli.language import in_language, said


def name_of_sample(model: str, seed: int) -> str:
    """The name of a sample's file, as all here without an ending."""
    return _stem(Message("{model} seed {seed}", model=_model(model), seed=seed))


def name_of_sheet(model: str, seeds: str) -> str:
    """The name of a sheet of samples; ``seeds`` as they were asked for."""
    return _stem(Message("{model} sheet {seeds}", model=_model(model), seeds=seeds.replace(",", " ")))


def name_of_variation(model: str, seed: int, number: int) -> str:
    """The name of a variation's file."""
    return _stem(Message("{model} seed {seed} variation {number}", model=_model(model), seed=seed, number=number))


def name_of_variations(model: str, seed: int) -> str:
    """The name of a sheet of variations."""
    return _stem(Message("{model} variations {seed}", model=_model(model), seed=seed))


def name_in_style(content: str, style: Path | str) -> str:
    """The name of a stylized picture or film; ``style`` is the picture of a style, or the name of a look."""
    return _stem(Message("{content} in {style}", content=content, style=_style(style)))


def name_of_texture(style: Path) -> str:
    """The name of a texture made of a style."""
    return _stem(Message("Texture of {style}", style=_style(style)))


def name_of_dragged(content: str) -> str:
    """The name of a sample whose points were dragged."""
    return _stem(Message("{content} dragged", content=content))


def name_of_found(photo: str) -> str:
    """The name of a photo as a model draws it."""
    return _stem(Message("{content} found", content=photo))


def name_of_enlarged(content: str) -> str:
    """The name of an enlarged picture or film."""
    return _stem(Message("{content} enlarged", content=content))


def name_of_repaired(content: str) -> str:
    """The name of a repaired picture or film."""
    return _stem(Message("{content} repaired", content=content))


def name_of_cleaned(content: str) -> str:
    """The name of a cleaned picture or film."""
    return _stem(Message("{content} cleaned", content=content))


def _stem(message: Message) -> str:
    return safe_stem(in_language(message))


def _model(name: str) -> str:
    return said("StarterModels", name)


def _style(style: Path | str) -> str:
    from studio.base.paths import resources_dir

    if isinstance(style, str):
        return style
    return said("ReadyStyles", style.stem) if style.parent == resources_dir() / "styles" else style.stem
