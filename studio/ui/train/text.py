"""Numbers, times, findings and states in words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLocale

from studio.training.findings import PictureFinding
from studio.training.measurements import Evaluation
from studio.training.runs import RunState
from studio.training.start_models import NAMES
from studio.training.summary import NOTICEABLE_LOSS
from studio.ui.describe.lists import listed
from studio.ui.theme import colors
from studio.ui.translated import translated

FAR = 0.1
"""A lower precision means that hardly any sample looks like the pictures."""

ARCHITECTURES = NAMES

Shown = Literal[
    "new",
    "queued",
    "starting",
    "preparing",
    "running",
    "paused",
    "stopped",
    "finished",
    "failed",
    "interrupted",
    "lost",
]
"""The states of a run as the artist sees them: "starting" while a process lives that has not said anything yet,
"lost" when a process ended before it said anything."""


def free_name(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with the first number from 2 on behind it when a run of that name is there."""
    if name not in taken:
        return name
    stem = re.sub(r" \d+$", "", name)
    return next(found for count in itertools.count(2) if (found := f"{stem} {count}") not in taken)


def number(value: float) -> str:
    """A whole number with the separators of the language in use."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)  # where no language is set, there are none
    return locale.toString(round(value))


def speed(images_per_second: float) -> str:
    """A speed in images a second."""
    shown = QLocale().toString(images_per_second, "f", 1 if images_per_second < 20 else 0)
    return QCoreApplication.translate("Training", "{n} images/s").format(n=shown)


def method_name(drifts: bool) -> str:
    """Return the name of the way in which a generator learns: by drifting, or against StyleGAN2's discriminator."""
    return QCoreApplication.translate("Training", "drifting") if drifts else "StyleGAN2"


def duration(seconds: float) -> str:
    """A time span in the two largest units that matter."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return QCoreApplication.translate("Training", "less than a minute")
    if minutes < 60:
        return QCoreApplication.translate("Training", "{m} min").format(m=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 10 and minutes:
        return QCoreApplication.translate("Training", "{h} h {m} min").format(h=hours, m=minutes)
    if hours < 48:
        return QCoreApplication.translate("Training", "{h} h").format(h=hours + (minutes >= 30))
    days, hours = divmod(hours, 24)
    if hours and days < 10:
        return QCoreApplication.translate("Training", "{d} days {h} h").format(d=days, h=hours)
    return QCoreApplication.translate("Training", "{d} days").format(d=number(days))


def reasons_text(finding: PictureFinding) -> str:
    """Reasons why a picture is left out, or what is done to it on the way in."""
    # That it is not square the verdict says, with how much is lost.
    told = [reason for reason in finding.reasons if reason != "cropped"]
    return " · ".join(_reason_text(reason, finding) for reason in told)


def _reason_text(reason: str, finding: PictureFinding) -> str:
    detail = finding.detail
    match reason:
        case "unreadable":
            # The name stands beside it already.
            text = translated(finding.problem).replace(f"“{finding.path.name}”", "").strip()
            return text[:1].upper() + text[1:]
        case "no_picture":
            return QCoreApplication.translate("Training", "Neither a picture nor a film")
        case "too_small":
            return QCoreApplication.translate("Training", "Smaller than 32 pixels")
        case "too_narrow":
            return QCoreApplication.translate("Training", "So narrow that a square shows next to nothing of it")
        case "blank":
            return QCoreApplication.translate("Training", "An empty frame")
        case "blurred":
            return QCoreApplication.translate("Training", "More blurred than the frames around it")
        case "dropped":
            return QCoreApplication.translate("Training", "Left out by you")
        case "duplicate":
            return QCoreApplication.translate("Training", "The same picture as {name}").format(name=detail)
        case "near_duplicate":
            return QCoreApplication.translate("Training", "Nearly the same as {name}").format(name=detail)
        case "exif_rotation":
            return QCoreApplication.translate("Training", "Turned upright")
        case "cmyk":
            return QCoreApplication.translate("Training", "Print colours (CMYK) converted")
        case "sixteen_bit":
            return QCoreApplication.translate("Training", "16 bits reduced to 8")
        case "alpha":
            return QCoreApplication.translate("Training", "Transparent")
        case "animated":
            return QCoreApplication.translate("Training", "Only the first frame of an animation")
        case "grey":
            return QCoreApplication.translate("Training", "Without colour")
    raise ValueError(reason)


def verdict_name(verdict: str) -> str:
    """A verdict in a word or two."""
    if verdict == "used":
        return QCoreApplication.translate("Training", "Used")
    return QCoreApplication.translate("Training", "Left out")


def with_loss(finding: PictureFinding, lost: float, scale: float) -> str:
    """A verdict with how much is cut off, and how many times the picture is enlarged."""
    if finding.verdict != "used":
        return verdict_name(finding.verdict)
    parts = []
    if lost >= NOTICEABLE_LOSS:
        parts.append(QCoreApplication.translate("Training", "{share} cut off").format(share=percent(lost)))
    if scale > 1:
        times = QLocale().toString(scale, "f", 1 if scale >= 1.05 else 2)
        parts.append(QCoreApplication.translate("Training", "enlarged {n} times").format(n=times))
    return listed([verdict_name("used"), *parts])


def size_on_disk(size: float) -> str:
    """Bytes as megabytes or gigabytes."""
    return QLocale().formattedDataSize(round(size), 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def kid(value: float) -> str:
    """A KID in thousandths, as papers print it."""
    return QLocale().toString(value * 1000, "f", 1 if abs(value) >= 0.01 else 2)


def kid_with_spread(value: float, spread: float) -> str:
    """A KID and its spread in thousandths, the spread as exact as the value."""
    decimals = 1 if abs(value) >= 0.01 else 2
    shown = (QLocale().toString(number * 1000, "f", decimals) for number in (value, spread))
    return " ± ".join(shown)


def percent(share: float) -> str:
    """A share as whole percent."""
    return QCoreApplication.translate("Training", "{n} %").format(n=round(share * 100))


def memorising_report(found: Evaluation) -> str:
    """A measurement of copied pictures, in plain words."""
    copies, nearer = percent(found.copy_share), percent(found.nearer_share)
    match found.verdict:
        case "copies":
            text = QCoreApplication.translate(
                "Training",
                "The network is learning your pictures by heart: {copies} of its samples are nearly one of them. "
                "Stop here, use an earlier snapshot, or give it more pictures.",
            )
        case "close":
            text = QCoreApplication.translate(
                "Training",
                "Some samples come very close to one of your pictures ({copies} of them). Look at the pairs.",
            )
        case _ if found.precision < FAR:
            text = QCoreApplication.translate(
                "Training", "The samples do not look like your pictures yet, so they are no copies of them either."
            )
        case _:
            text = QCoreApplication.translate(
                "Training",
                "The samples are no copies: {nearer} of them are nearer to one of your pictures than that picture is "
                "to your others; of new pictures of the same kind, about half would be.",
            )
    return text.format(copies=copies, nearer=nearer)


def shown_status(state: RunState, was_started: bool, has_events: bool) -> Shown:
    """The state to show.

    Parameters
    ----------
    was_started : a process was ever started for the run.
    has_events : the newest process has written an event. One that has not is starting, one that has may be just ending.
    """
    if state.status == "queued":
        return "queued"
    if state.alive and not has_events and state.status not in ("preparing", "running", "paused"):
        return "starting"
    if state.status == "new" and was_started:
        return "lost"
    return state.status


def status_name(status: Shown) -> str:
    """A state in a word or two."""
    match status:
        case "new":
            return QCoreApplication.translate("Training", "Not started")
        case "queued":
            return QCoreApplication.translate("Training", "Waiting in the queue")
        case "starting":
            return QCoreApplication.translate("Training", "Starting")
        case "preparing":
            return QCoreApplication.translate("Training", "Preparing pictures")
        case "running":
            return QCoreApplication.translate("Training", "Training")
        case "paused":
            return QCoreApplication.translate("Training", "Paused")
        case "stopped":
            return QCoreApplication.translate("Training", "Stopped")
        case "finished":
            return QCoreApplication.translate("Training", "Finished")
        case "failed" | "lost":
            return QCoreApplication.translate("Training", "Failed")
        case "interrupted":
            return QCoreApplication.translate("Training", "Interrupted")


def status_color(status: Shown) -> str:
    """The colour of a state's dot, ``#rrggbb``, legible on both themes."""
    match status:
        case "running" | "preparing" | "starting":
            return "#4fa868"
        case "paused" | "interrupted" | "queued":
            return "#d1973a"
        case "failed" | "lost":
            return "#d2604f"
        case "finished":
            return colors().focus
        case _:
            return colors().disabled
