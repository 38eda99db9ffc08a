"""The recipe of a journey: a film through the latent space of a model, from key to key."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from studio.base import Message, StudioError
from studio.base.fields import About
from studio.recipes.documents import RECIPE, ValueFormat, recipe_format
from studio.recipes.sequences.comment import comment_with, document_in
from studio.recipes.steps import SampleRecipe
from studio.recipes.values import Value

Easing = Literal["linear", "smooth"]


class JourneyRecipe(Value):
    """A film through the latents of samples of one model.

    Truncation, mixing and direction moves are each key's own; the noise is the first key's.

    Attributes
    ----------
    keys : the samples that it passes, in their order.
    frames_per_leg : frames from one key to the next.
    easing : how the time of a leg runs: "linear" evenly, "smooth" slowly at its ends and faster between them.
    fps : frames a second.
    loop : whether it returns to the first key at the end.
    """

    kind: Literal["journey"] = "journey"
    keys: Annotated[tuple[SampleRecipe, ...], Field(min_length=2, max_length=10_000)]
    frames_per_leg: Annotated[int, Field(ge=1, le=10_000), About(tip="Frames from one seed to the next.")] = 48
    easing: Annotated[
        Easing,
        About(
            "Easing",
            tip="How the time between two keys runs.",
            since=4,
            value_labels={"linear": "Evenly", "smooth": "Slowly at the keys"},
        ),
    ] = "linear"
    fps: Annotated[int, Field(ge=1, le=120), About(tip="Frames a second.")] = 24
    loop: Annotated[bool, About(tip="Travel back to the first seed at the end.")] = True

    @model_validator(mode="after")
    def _one_model(self) -> JourneyRecipe:
        if len({key.model.hash for key in self.keys}) != 1:
            raise ValueError("the keys of a journey belong to one model")
        return self


JOURNEY = ValueFormat(
    recipe_format("latent-studio-journey", "journey"),
    TypeAdapter(JourneyRecipe),
    damaged=Message("The settings cannot be restored from it; the film itself is not affected."),
    other=StudioError("This JSON text is not the recipe of a journey.", "Choose a film made in Latent Studio."),
)


def journey_position(frame: int, frames_per_leg: int, easing: Easing = "linear") -> float:
    """The place of a frame, counted from 0, on the way: 0 at the first key, 1 at the second, between them between.

    "smooth" is 3 t^2 - 2 t^3 of the share t of a leg that is over ("smoothstep"): it comes to rest at every key.
    """
    if easing == "linear":
        return frame / frames_per_leg
    leg, within = divmod(frame, frames_per_leg)
    share = within / frames_per_leg
    return leg + share * share * (3 - 2 * share)


def journey_comment(journey: JourneyRecipe) -> str:
    """The comment in a journey's file."""
    return comment_with("trainedAlgorithmicMedia", JOURNEY.dumps(journey))


def journey_in_comment(comment: str) -> JourneyRecipe | None:
    """The recipe in a journey's comment; None when there is none. Raises as :meth:`ValueFormat.loads`.

    Before version 3 the comment held the documents of the keys alone, one after the other.
    """
    text = document_in(comment, JOURNEY.name)
    if text is not None:
        return JOURNEY.loads(text)
    decoder = json.JSONDecoder()
    keys = []
    rest = document_in(comment, RECIPE.name) or ""
    while rest:
        try:
            found, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError):
            return None
        key = RECIPE.loads(json.dumps(found))
        if not isinstance(key, SampleRecipe):
            return None
        keys.append(key)
        rest = rest[end:].lstrip()
    return JourneyRecipe(keys=tuple(keys)) if len(keys) > 1 else None
