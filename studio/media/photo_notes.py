"""Notes on a picture that opens, but is not simply what it seems."""

from __future__ import annotations

import warnings
from pathlib import Path

from studio.base.errors import StudioError
from studio.base.messages import Message
from studio.media import color_profiles, photos
from studio.media.truncated import salvaged


def warning_about(source: Path | bytes, name: str = "") -> StudioError | None:
    """Warning that only a part of a picture can be used, and what to do; None when all of it can.

    ``name`` is what to call a picture that comes as bytes. Nothing is raised for files that do not open at all: whoever
    opens them says why.
    """
    if isinstance(source, Path):
        name = name or source.name
    shown = Message("“{name}”", name=name) if name else Message("The dropped picture")
    try:
        found = salvaged(source if isinstance(source, bytes) else source.read_bytes())
    except photos.DAMAGE:
        return None
    if found is None:
        return None
    if found[1] >= 1:
        return StudioError(
            Message("{picture} is cut off: fine detail is missing.", picture=shown),
            "It can be used as it is; better get the file again.",
        )
    return StudioError(
        Message(
            "{picture} is cut off: the lower {percent} % is missing and left away.",
            picture=shown,
            percent=max(1, round(100 * (1 - found[1]))),
        ),
        "What is there can be used; better get the file again.",
    )


def conversion_notes(source: Path | bytes, *, full_depth: bool = False) -> list[Message]:
    """The conversions made to open a picture, as short sentences; none for an ordinary one.

    ``full_depth``: pictures of 16 bits are worked on as they are (:mod:`studio.media.working_picture`).

    Raises
    ------
    StudioError
        As :func:`studio.media.photos.describe_photo`.
    """
    properties = photos.describe_photo(source)
    said = []
    if properties.animated:
        said.append(Message("It moves; its first picture is used."))
    if properties.cmyk:
        said.append(Message("Its inks (CMYK) were converted to sRGB."))
    elif properties.profile and not properties.srgb and not (full_depth and properties.sixteen_bit):
        said.append(Message("Its colours were converted from {profile} to sRGB.", profile=properties.profile))
    if properties.numbers is not None:
        said.append(
            Message(
                "Its numbers are not what their type says: {black:g} was taken for black and {white:g} for white.",
                black=properties.numbers.black,
                white=properties.numbers.white,
            )
        )
    if properties.sixteen_bit and not full_depth:
        said.append(Message("Its 16 bits a channel (or more) were rounded to 8."))
        if properties.by_tables:
            said.append(Message("Its colour profile is made of tables, which are known for 8 bits only."))
    return said


def rgb_profile_of(source: Path) -> bytes | None:
    """The colour profile that pictures made from a photo can carry: its own if that is RGB; None for sRGB or none.

    Damaged and missing files have none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with photos.opened(source) as picture:
                profile = photos.own_profile(source, picture)
    except (StudioError, *photos.DAMAGE):
        return None
    if profile is None or color_profiles.profile_space(profile) != "RGB" or color_profiles.is_srgb(profile):
        return None
    return profile
