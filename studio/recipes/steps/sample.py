"""The step that draws a picture from a generator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.latents import DirectionMove, Latent, LatentMix, LatentSeed, StyleMix
from studio.recipes.steps.step import Step
from studio.recipes.values import FileRef, FileRole, Seed


class SampleRecipe(Step):
    """A picture drawn from a generator.

    Attributes
    ----------
    truncation : psi; 1 leaves w as it is, 0 gives the average picture. Used by networks with w only.
    truncation_cutoff : number of coarse layers that are truncated; None is all.
    noise : per-layer noise inputs: fixed buffers ("const"), drawn from ``noise_seed`` ("random") or "none".
    label : class index of a conditional network.
    """

    kind: Literal["sample"] = "sample"
    model: Annotated[
        FileRef, FileRole.MODEL, About("Model", tip="The generator. Trained and added models appear here.")
    ]
    latent: Annotated[Latent, About("Latent", group="Latent")] = LatentSeed()
    truncation: Annotated[
        float,
        Field(ge=-2, le=2, allow_inf_nan=False),
        About(
            "Truncation",
            tip="Lower is closer to the average picture and safer, higher is bolder, negative the opposite.",
            group="Latent",
        ),
    ] = 0.8
    truncation_cutoff: (
        Annotated[
            int,
            Field(ge=0, le=64),
            About("On layers", tip="How many layers, from the coarsest, are truncated.", group="Latent"),
        ]
        | None
    ) = None
    directions: Annotated[tuple[DirectionMove, ...], About("Directions", group="Directions")] = ()
    style_mix: Annotated[tuple[StyleMix, ...], About("Style mixing", group="Style mixing")] = ()
    noise: Annotated[
        Literal["const", "random", "none"],
        About("Noise", tip="Noise inputs draw the finest, accidental details.", group="Noise"),
    ] = "const"
    noise_seed: Annotated[Seed, About("Seed", group="Noise", shown_when=("noise", ("random",)))] = 0
    noise_strength: Annotated[
        float,
        Field(ge=0, le=4, allow_inf_nan=False),
        About("Strength", group="Noise", shown_when=("noise", ("const", "random"))),
    ] = 1.0
    label: (
        Annotated[
            int,
            Field(ge=0),
            About("Class", tip="Which of the kinds of pictures it learnt apart the network draws.", group="Latent"),
        ]
        | None
    ) = None

    @property
    def title(self) -> str:
        """The seed."""
        return f"seed {self.latent.seed}" if isinstance(self.latent, LatentSeed) else "latent"

    def keywords(self) -> tuple[str, ...]:
        """The model's name and the first seed."""
        latent = self.latent
        while isinstance(latent, LatentMix):
            latent = latent.a
        return (self.model.name, *([f"seed {latent.seed}"] if isinstance(latent, LatentSeed) else []))
