"""The plan of a new run: what the artist chose by hand, what it depends on, and the settings they give."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from studio.checkpoints.discriminators import has_discriminator
from studio.training.automatic import (
    ENOUGH,
    ENOUGH_FROM_A_MODEL,
    NIGHT_SECONDS,
    QUICK_SECONDS,
    Advice,
    Machine,
    Preset,
    advise,
)
from studio.training.findings import FolderReport, Proposal
from studio.training.framing import Framing
from studio.training.mosaic import Changes, reachable
from studio.training.picture_decisions import PictureDecisions
from studio.training.settings import TrainSettings
from studio.training.speeds import Speed, device_name, guessed_speed
from studio.training.start_models import RESOLUTIONS, incompatibility
from studio.training.summary import summarise
from studio.worker import ModelInfo

SpeedOf = Callable[[Mapping[str, Any], Machine, str], Speed]
"""The speed of a run with these settings on a machine, of which the device is called so."""

BUDGETS = ("quick", "overnight", "own")
MOST_ON_PROCESSOR = 256
SMALL = 64
"""Pixels to begin with where no size is worthwhile: the network can be enlarged later."""
LONGEST_NAME = 100

DEFAULTS: Mapping[str, Any] = dict(TrainSettings(name="-", folder=""))
OF_A_DISCRIMINATOR = frozenset({"discriminator", "loss", "augmentation", "anchor", "r1_gamma", "path_weight", "noise"})
"""Settings of a discriminator: who sets one wants one."""
OF_THE_MODEL = ("channel_base", "channel_max", "latent_size")
"""Settings that a starting model brings with it."""


@dataclass(frozen=True)
class RunPlan:
    """A new run before it is begun. Values that nobody set by hand follow the advice.

    Attributes
    ----------
    own : what the artist set by hand, by the names of the settings; ``start_from`` is the path of a model file or "".
    preset : what the advice goes by.
    budget : how long the run is, one of :data:`BUDGETS`; all but the last are times, turned into images by the speed.
    unit, images, hours : what the artist's own budget counts, and how many.
    report, decisions : the folder's pictures, and what the artist decided about them; no report: no folder yet, or it
        is being looked through (``scanning``).
    used : how many of the pictures a network would see.
    suggested_resolution, suggested_name : from the last folder with pictures.
    machine : what the run will have.
    models : what it can start from.
    speed_of : how fast runs are; ``measured`` counts how often another speed has become known.
    """

    own: Mapping[str, Any] = field(default_factory=dict)
    preset: Preset = "auto"
    budget: Literal["quick", "overnight", "own"] = "quick"
    unit: Literal["images", "hours"] = "images"
    images: int = 100_000
    hours: float = 2.0
    report: FolderReport | None = None
    decisions: PictureDecisions = field(default_factory=PictureDecisions)
    used: int = 0
    scanning: bool = False
    suggested_resolution: int = 64
    suggested_name: str = ""
    machine: Machine = field(default_factory=Machine)
    models: tuple[ModelInfo, ...] = ()
    speed_of: SpeedOf = field(default=lambda values, machine, _device: guessed_speed(values, machine))
    measured: int = 0
    _proposals: dict[str, Proposal] = field(default_factory=dict, compare=False, repr=False)  # for the folder, by crop

    # What is chosen

    def with_own(self, name: str, value: Any) -> RunPlan:
        """Return the plan with a setting set by hand."""
        return replace(self, own={**self.own, name: value})

    def with_preset(self, preset: Preset) -> RunPlan:
        """Return the plan with another preset; a quick look is short too."""
        return replace(self, preset=preset, budget="quick" if preset == "quick" else self.budget)

    def with_report(self, report: FolderReport | None, *, scanning: bool, decisions: PictureDecisions) -> RunPlan:
        """Return the plan for a folder, with its suggestions."""
        count = 0 if report is None else len(report.used)
        plan = replace(self, report=report, used=count, scanning=scanning, decisions=decisions, _proposals={})
        if report is None:
            return plan
        plan = replace(plan, suggested_name=re.sub(r"[_\s]+", " ", report.folder.name).strip()[:LONGEST_NAME])
        return replace(plan, suggested_resolution=plan.suggestion) if count else plan

    def without_advanced(self, names: frozenset[str]) -> RunPlan:
        """Return the plan with the recommended values of these settings again."""
        return replace(self, own={name: value for name, value in self.own.items() if name not in names})

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen by hand, for :meth:`with_chosen` at another time."""
        return {
            "own": dict(self.own),
            "preset": self.preset,
            "budget": self.budget,
            "unit": self.unit,
            "images": self.images,
            "hours": self.hours,
        }

    def with_chosen(self, chosen: Mapping[str, Any]) -> RunPlan:
        """Return the plan with what :meth:`chosen` gave; what is no setting of today is left out."""
        own: dict[str, Any] = {}
        for name, value in dict(chosen.get("own") or {}).items():
            if name == "start_from":
                own[name] = str(value)
            elif (setting := TrainSettings.model_fields.get(name)) is not None:
                with contextlib.suppress(ValidationError):
                    field: Any = Annotated[setting.annotation, setting]
                    own[name] = TypeAdapter(field).validate_python(value)
        others: dict[str, Any] = {}
        if chosen.get("preset") in get_args(Preset):
            others["preset"] = chosen["preset"]
        if chosen.get("budget") in BUDGETS:
            others["budget"] = chosen["budget"]
        if isinstance(images := chosen.get("images"), int) and images > 0:
            others["images"] = images
        if chosen.get("unit") in ("images", "hours"):
            others["unit"] = chosen["unit"]
        if isinstance(hours := chosen.get("hours"), int | float) and hours > 0:
            others["hours"] = float(hours)
        return replace(self, own={**self.own, **own}, **others)

    # What follows

    @property
    def architecture(self) -> str:
        """Kind of network."""
        return str(self.own.get("architecture", DEFAULTS["architecture"]))

    @property
    def resolution(self) -> int:
        """Side of the pictures in pixels: the artist's, or the one suggested, as far as the network can make it."""
        allowed = RESOLUTIONS[self.architecture]
        wanted = self.own.get("resolution", self.suggestion)
        return wanted if wanted in allowed else allowed[-1]

    @cached_property
    def start_model(self) -> ModelInfo | None:
        """The model to start from, None for scratch; one that does not fit the run is none."""
        wanted = self.own.get("start_from")
        for model in self.models if wanted else ():
            if str(model.path) == wanted and not incompatibility(model, self.architecture, self.resolution):
                return model
        return None

    @property
    def trainer_machine(self) -> Machine:
        """The machine that the run trains on, or its processor alone."""
        machine = self.machine
        return Machine("cpu", machine.memory, cores=machine.cores) if self.own.get("device") == "cpu" else machine

    @property
    def device_name(self) -> str:
        """The name of the device that the run trains on: speeds belong to it."""
        return device_name(self.trainer_machine.kind, self.trainer_machine.name)

    @cached_property
    def speed(self) -> Speed:
        """The speed of the run."""
        return self.speed_of(self._shown, self.trainer_machine, self.device_name)

    def _images_in(self, seconds: float) -> int:
        """Images that so much time is enough for, one step at least."""
        return max(int(self._shown["batch"]), self.speed.images(seconds))

    @cached_property
    def total_images(self) -> int:
        """The budget in images."""
        if self.budget == "own":
            return self.images if self.unit == "images" else self._images_in(self.hours * 3600)
        return self._images_in(QUICK_SECONDS if self.budget == "quick" else NIGHT_SECONDS)

    def budgeted(self, budget: Literal["quick", "overnight", "own"]) -> RunPlan:
        """Return the plan with another budget: other settings may be advised for it."""
        return replace(self, budget=budget)

    @property
    def shows(self) -> int | None:
        """Images that a run with StyleGAN2's discriminator would show on a processor; None: it is not asked."""
        if self.trainer_machine.kind != "cpu" or not OF_A_DISCRIMINATOR.isdisjoint(self.own):
            return None
        if self.budget == "own" and self.unit == "images":
            return self.images
        own = self.hours * 3600 if self.budget == "own" else NIGHT_SECONDS
        return self.speed_of_method("stylegan2", self.resolution).images(
            QUICK_SECONDS if self.budget == "quick" else own
        )

    @property
    def seconds(self) -> float:
        """Seconds that the run takes."""
        return self.total_images / self.speed.images_per_second

    @cached_property
    def advice(self) -> Advice:
        """The advice for these pictures on this machine."""
        model = self.start_model
        return advise(
            self.preset,
            self.used,
            self.resolution,
            self.trainer_machine,
            architecture=self.architecture,
            starts=model is not None,
            has_discriminator=model is not None and has_discriminator((model.hash, *model.former)),
            grown_from=model.resolution if model is not None and model.resolution < self.resolution else 0,
            shows=self.shows,
            discriminator=self.own.get("discriminator"),
        )

    @cached_property
    def _shown(self) -> Mapping[str, Any]:
        """Every setting but the number of images."""
        values = {**DEFAULTS, "name": self.suggested_name, **self.advice.values}
        if self.start_model is not None:
            values["latent_size"] = self.start_model.z_dim
        values |= self.own
        if values["loss"] == "relativistic" and "r2_gamma" not in self.own:
            values["r2_gamma"] = values["r1_gamma"]  # R3GAN is stable with both, equally strong
        return values | {
            "resolution": self.resolution,
            "start_from": "" if self.start_model is None else str(self.start_model.path),
            "folder": "" if self.report is None else str(self.report.folder),
        }

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """Every setting as the form shows it, also where it does not matter for such a run."""
        return {**self._shown, "images": self.total_images}

    @property
    def can_anchor(self) -> bool:
        """Return whether anchors are possible: they know their pictures one way round only."""
        return self.architecture != "dcgan" and not self.values["mirror"]

    def settings(self) -> TrainSettings:
        """Return the run as it is set.

        Raises
        ------
        pydantic.ValidationError
            Never for what the controls allow, once a folder with pictures is chosen and a name is given.
        """
        values = dict(self.values)
        if not self.can_anchor or values["discriminator"] == "none":
            values |= {"anchor": 0.0, "anchor_first": 0}
        if self.architecture == "dcgan":
            values["discriminator"] = "stylegan2"
        for name in ("name", "description", "licence", "data"):
            values[name] = values[name].strip()
        return TrainSettings(**values | {"start_from": values["start_from"] or None})

    # The pictures

    @property
    def framing(self) -> Framing:
        """Settings by which pictures become squares."""
        return Framing(self.resolution, self.values["crop"], self.values["crops"], self.values["background"])

    @property
    def changes(self) -> Changes:
        """The changes that the training will make to the pictures."""
        values = self.values
        if values["augmentation"] == "ada":
            start = values["ada_start"]
            most = reachable(start, values["ada_images"], self.total_images)
            return Changes(mirror=values["mirror"], ada_parts=values["ada_parts"], ada_start=start, ada_most=most)
        used = values["augment"] if values["augmentation"] == "diffaugment" else ()
        return Changes(used, values["augment_share"], values["mirror"])

    @property
    def view(self) -> tuple[object, ...]:
        """All that decides what the network sees of the folder."""
        return self.framing, self.values["near"], self.values["every"], self.changes

    @property
    def largest(self) -> int:
        """The most pixels to suggest."""
        most = RESOLUTIONS[self.architecture][-1]
        return min(most, MOST_ON_PROCESSOR) if self.machine.kind == "cpu" else most

    @cached_property
    def proposal(self) -> Proposal | None:
        """The resolution proposed for the folder's pictures, and why; None without pictures."""
        if self.report is None or not self.used:
            return None
        own = {**DEFAULTS, **self.own}
        crop = own["crop"]
        if crop not in self._proposals:  # it is the sides of the squares that count, and they are the same at any size
            framing = Framing(int(DEFAULTS["resolution"]), crop, own["crops"], own["background"])
            self._proposals[crop] = summarise(self.report, framing, self.decisions).proposal
        return self._proposals[crop]

    @cached_property
    def suggestion(self) -> int:
        """The resolution suggested: the one proposed, as far as the network makes it and a night is enough for it."""
        if self.proposal is None:
            return self.suggested_resolution
        most = min(self.proposal.resolution, self.largest)
        least = min(SMALL, most)
        sides = [side for side in RESOLUTIONS[self.architecture] if least < side <= most]
        return max((side for side in sides if self.is_worthwhile(side)), default=least)

    def speed_at(self, resolution: int) -> Speed:
        """The speed at ``resolution``, with the network advised for it."""
        advised = advise(
            self.preset,
            self.used,
            resolution,
            self.trainer_machine,
            architecture=self.architecture,
            starts=bool(self.own.get("start_from")),
        ).values
        values = {**DEFAULTS, **advised, **self.own, "resolution": resolution}
        return self.speed_of(values, self.trainer_machine, self.device_name)

    def speed_of_method(self, method: str, resolution: int) -> Speed:
        """The speed of a run from scratch by "drifting" or with a "stylegan2" discriminator, as proposed here."""
        preset: Preset = "quick" if method == "drifting" else "auto"
        machine = self.trainer_machine
        values = {**DEFAULTS, **advise(preset, self.used, resolution, machine).values, "resolution": resolution}
        if method == "drifting":
            values["discriminator"] = "none"
        return self.speed_of(values, machine, self.device_name)

    def night_at(self, resolution: int) -> int:
        """Images that a night would show at ``resolution``."""
        return self.speed_at(resolution).images(NIGHT_SECONDS)

    def is_worthwhile(self, resolution: int) -> bool:
        """Return whether a night at ``resolution`` shows enough images for it to come to something."""
        return self.night_at(resolution) >= (ENOUGH_FROM_A_MODEL if self.own.get("start_from") else ENOUGH)
