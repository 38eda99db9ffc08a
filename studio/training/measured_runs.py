"""Runs that this project made and measured, with pictures of them: what may be promised of a run that is planned.

They are kept in ``resources/training``: a table, and for each line the first samples of a run, not chosen. Torch-free.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from studio.base import Message
from studio.base.paths import resources_dir
from studio.training.automatic import ENOUGH, ENOUGH_FROM_A_MODEL

Method = Literal["drifting", "stylegan2"]

COLUMNS, ROWS = 6, 2
"""Samples side by side and below one another in a picture of the table."""
LONGER = 1.5
"""A plan of so many times the images of the longest comparable run lies beyond what was measured."""
COLOURS = 15_000
"""Images after which large shapes were there in the measured runs; before, only colours."""
DRIFTED, COLOURS_DRIFTED = 12_000, 4_000
"""The same by drifting: images after which shapes were there, and colours. It learns from fewer, and stands still
sooner."""
SPARSE, HANDFUL = 100, 10
"""With fewer pictures a network learns them by heart, whatever is done against it; with a handful it does nothing
else."""


@dataclass(frozen=True)
class MeasuredRun:
    """A run at some moment.

    Attributes
    ----------
    folder : what its pictures were, in words; ``pictures`` of them.
    method : how it was trained; ``resolution`` in pixels.
    images : shown to the network.
    kid : kernel distance of ``samples`` to the pictures in the eyes of EfficientNet; None where it was not measured.
    picture : the first samples, COLUMNS x ROWS of them.
    note : what was particular about it.
    """

    folder: Message
    pictures: int
    method: Method
    resolution: int
    images: int
    kid: float | None
    samples: int
    picture: Path
    note: Message


@cache
def measured_runs() -> tuple[MeasuredRun, ...]:
    """The table, as it is written in ``resources/training/measured-runs.json``."""
    where = resources_dir() / "training"
    table = json.loads((where / "measured-runs.json").read_text("utf-8"))
    return tuple(
        MeasuredRun(
            folder=FOLDERS[line["folder"]],
            pictures=line["pictures"],
            method=line["method"],
            resolution=line["resolution"],
            images=line["images"],
            kid=line["kid"],
            samples=line["samples"],
            picture=where / line["picture"],
            note=NOTES[line["note"]],
        )
        for line in table["runs"]
    )


FOLDERS: Mapping[str, Message] = {
    "emoji": Message("695 emoji people on white"),
    "landscapes": Message("2,400 painted landscapes"),
    "abstract": Message("4,000 sheets of marbled paper"),
}
NOTES: Mapping[str, Message] = {
    "automatic": Message("Settings as they are proposed."),
    "vivid": Message("By an earlier version, whose colours came out more vivid."),
    "anchors": Message("With anchors, set by hand, in six hours on one core."),
    "grown": Message("At 64 px first, for 40,000 images, then enlarged."),
}


def comparable(runs: Sequence[MeasuredRun], method: Method, images: int) -> list[MeasuredRun]:
    """Moments of runs like a plan of so many ``images``, for each kind of pictures, ordered by these and by images.

    Of each kind the longest that showed no more, a tenth aside, and where that one showed less than half as many, also
    the next longer one: the truth lies between. Where all are longer, the shortest.
    """
    found: list[MeasuredRun] = []
    alike = [run for run in runs if run.method == method]
    for folder in dict.fromkeys(str(run.folder) for run in alike):
        line = sorted((run for run in alike if str(run.folder) == folder), key=lambda run: run.images)
        shorter = [run for run in line if run.images <= 1.1 * images]
        longer = line[len(shorter) :]
        found += shorter[-1:]
        if longer and (not shorter or shorter[-1].images < images / 2):
            found.append(longer[0])
    return found


@dataclass(frozen=True)
class Expectation:
    """The outcome that a planned run may have.

    Attributes
    ----------
    runs : comparable ones, with their pictures; none when nothing like it was measured.
    limits : what was not measured about such a run.
    verdict : whether it is "worth it", "early" (large shapes and colours only) or "not worth it".
    says : the verdict in words.
    helps : what would help; nothing when it is worth it.
    """

    runs: tuple[MeasuredRun, ...]
    limits: tuple[Message, ...]
    verdict: Literal["worth it", "early", "not worth it"]
    says: Message
    helps: tuple[Message, ...]


def method_of(values: Mapping[str, Any]) -> Method | None:
    """The method of a run from scratch with the settings ``values``; None for one of which no run was measured."""
    if values["architecture"] != "stylegan2" or values["start_from"]:
        return None
    methods: dict[str, Method] = {"stylegan2": "stylegan2", "none": "drifting"}
    return methods.get(values["discriminator"])


def expect(
    values: Mapping[str, Any],
    images: int,
    pictures: int,
    images_per_second: float,
    *,
    night: tuple[Method | None, int],
    faster_at: Mapping[int, float],
    on_processor: bool,
    model_compatible: bool,
    runs: Sequence[MeasuredRun] | None = None,
) -> Expectation:
    """The expectation of a run with the settings ``values`` that shows ``images`` of a folder of ``pictures``.

    Parameters
    ----------
    images_per_second : on this machine.
    night : the method proposed for a night, and the images that it shows then.
    faster_at : images a second at smaller resolutions, for advice.
    on_processor : whether it trains without a graphics card.
    model_compatible : whether there is a model in the library that it could start from.
    runs : the table; the project's own by default.
    """
    runs = measured_runs() if runs is None else runs
    starts, limits = bool(values["start_from"]), list[Message]()
    method = method_of(values)
    like = tuple(comparable(runs, method, images)) if method is not None else ()
    if starts:
        limits.append(Message("Not measured: runs that start from a model. They begin with its pictures."))
    elif method is None:
        limits.append(Message("Not measured: this kind of network and discriminator."))
    elif like:
        most = max(run.images for run in like)
        if images > LONGER * most:
            limits.append(Message("Not measured: longer than {images:,} images.", images=most))
        elif images < min(run.images for run in like) / LONGER:
            limits.append(Message("Not measured: so few images. Expect less than this."))
        sides = sorted({run.resolution for run in like})
        if values["resolution"] not in sides:
            limits.append(
                Message(
                    "Not measured at {resolution} px: more pixels need more images for the same.",
                    resolution=values["resolution"],
                )
            )
    verdict, says = _verdict(images, method, starts=starts)
    if pictures < HANDFUL and not starts:
        verdict, says = "not worth it", Message("Not worth it from scratch: a network can only repeat so few pictures.")
    helps = []
    if verdict != "worth it" or method == "drifting":
        helps = _help(values, images, images_per_second, night, faster_at, on_processor, model_compatible)
    if pictures < SPARSE and not starts:
        helps.append(
            Message("More pictures: {pictures} will be learnt by heart. A few hundred are better.", pictures=pictures)
        )
    return Expectation(like, tuple(limits), verdict, says, tuple(helps))


def _verdict(
    images: int, method: Method | None, *, starts: bool
) -> tuple[Literal["worth it", "early", "not worth it"], Message]:
    if method == "drifting":
        if images >= DRIFTED:
            return "worth it", Message("Enough for colours and large shapes; details stay coarse.")
        if images >= COLOURS_DRIFTED:
            return "early", Message("Expect colours and soft shapes.")
        return "not worth it", Message("Not worth it from scratch: so few images make patches of colour.")
    if starts:
        if images >= ENOUGH_FROM_A_MODEL:
            return "worth it", Message("Enough for a model to take on your pictures’ colours and shapes.")
        return "early", Message("Short: the model keeps most of its own look.")
    if images >= ENOUGH:
        return "worth it", Message("Enough for forms to be told apart, if coarsely.")
    if images >= COLOURS:
        return "early", Message("Expect colours and large shapes; fine forms and faces come much later.")
    return "not worth it", Message("Not worth it from scratch: so few images make patches of colour.")


def _help(
    values: Mapping[str, Any],
    images: int,
    images_per_second: float,
    night: tuple[Method | None, int],
    faster_at: Mapping[int, float],
    on_processor: bool,
    model_compatible: bool,
) -> list[Message]:
    found = []
    starts = bool(values["start_from"])
    if night[0] == "stylegan2" and method_of(values) == "drifting":
        found.append(
            Message(
                "More time: a night is enough for StyleGAN2, which draws details ({images:,} images).", images=night[1]
            )
        )
    elif night[1] > 2 * images:
        found.append(Message("More time: a night shows {times} times as many images.", times=round(night[1] / images)))
    sides = [side for side in faster_at if side < values["resolution"]]
    if sides:
        side = max(sides)
        times = faster_at[side] / images_per_second
        if times >= 1.5:
            found.append(
                Message("Fewer pixels: at {side} px it is {times} times as fast.", side=side, times=round(times))
                if times >= 2
                else Message("Fewer pixels: at {side} px it is half as fast again.", side=side)
            )
    if model_compatible and not starts:
        found.append(Message("Start from a model of your library: it knows edges and shapes already."))
    elif not starts:
        found.append(Message("Start from a model: “Get more networks …” has published ones."))
    if on_processor:
        found.append(Message("A graphics card: many times as fast; how many was not measured."))
    return found
