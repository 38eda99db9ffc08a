"""The step that draws a picture from a generator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.latents import DirectionMove, Latent, LatentMix, LatentSeed, NetworkBlend, StyleMix
from studio.recipes.steps.step import Step
from studio.recipes.values import FileRef, FileRole, Seed

_LETTERS = {"principal": "d", "style": "s", "own": "own"}
"""What directions of each basis are called in names of files."""


class SampleRecipe(Step):
    """A picture drawn from a generator.

    Attributes
    ----------
    truncation : psi; 1 leaves w as it is, 0 gives the average picture. Used by networks with w only.
    truncation_cutoff : number of coarse layers that are truncated; None is all.
    noise : per-layer noise inputs: fixed buffers ("const"), drawn from ``noise_seed`` ("random") or "none".
    label : class index of a conditional network.
    blend : a second network whose weights are mixed into the model's.
    """

    kind: Literal["sample"] = "sample"
    model: Annotated[
        FileRef, FileRole.MODEL, About("Model", tip="The generator. Trained and added models appear here.")
    ]
    latent: Annotated[Latent, About("Latent", group="Latent", topic="latent")] = LatentSeed()
    truncation: Annotated[
        float,
        Field(ge=-2, le=2, allow_inf_nan=False),
        About(
            "Variety (truncation)",
            tip="Lower is closer to the average picture and safer, higher is bolder, negative the opposite.",
            group="Latent",
            topic="truncation",
        ),
    ] = 0.8
    truncation_cutoff: (
        Annotated[
            int,
            Field(ge=0, le=64),
            About(
                "Reaches to (layers)",
                tip="Variety is held on so many layers from the coarsest: the shape first, then features and colour.",
                group="Latent",
                topic="layers",
            ),
        ]
        | None
    ) = None
    directions: Annotated[tuple[DirectionMove, ...], About("Directions", group="Directions", topic="directions")] = ()
    style_mix: Annotated[tuple[StyleMix, ...], About("Style mixing", group="Style mixing", topic="style-mixing")] = ()
    noise: Annotated[
        Literal["const", "random", "none"],
        About("Noise", tip="Noise inputs draw the finest, accidental details.", group="Noise", topic="noise"),
    ] = "const"
    noise_seed: Annotated[Seed, About("Seed", group="Noise", shown_when=("noise", ("random",)), topic="noise")] = 0
    noise_strength: Annotated[
        float,
        Field(ge=0, le=4, allow_inf_nan=False),
        About("Strength", group="Noise", shown_when=("noise", ("const", "random")), topic="noise"),
    ] = 1.0
    label: (
        Annotated[
            int,
            Field(ge=0),
            About(
                "Class",
                tip="Which of the kinds of pictures it learnt apart the network draws.",
                group="Latent",
                topic="class",
            ),
        ]
        | None
    ) = None
    blend: Annotated[NetworkBlend, About("Second model", group="Second model", since=5)] | None = None

    @property
    def title(self) -> str:
        """The seed, and the first two of what was changed beside it: pictures that differ are named differently."""
        latent: Latent = self.latent
        while isinstance(latent, LatentMix):
            latent = latent.a
        parts = [f"seed {latent.seed}" if isinstance(latent, LatentSeed) else "latent"]
        if latent is not self.latent:
            parts.append("varied")
        if self.blend is not None:
            parts.append(f"with {self.blend.model.name or self.blend.model.hash[:8]}")
        if self.truncation != 0.8:
            parts.append(f"v{self.truncation:.2f}")
        parts += [
            f"{_LETTERS[move.basis]}{move.index + 1}{move.amount:+.1f}" for move in self.directions if move.amount
        ]
        for mix in self.style_mix:
            parts.append(f"mix {mix.latent.seed}" if isinstance(mix.latent, LatentSeed) else "mix")
        if self.noise != "const":
            parts.append(f"noise {self.noise_seed}" if self.noise == "random" else "no noise")
        return " ".join(parts[:4])

    def keywords(self) -> tuple[str, ...]:
        """The models' names and the first seed."""
        latent = self.latent
        while isinstance(latent, LatentMix):
            latent = latent.a
        second = [] if self.blend is None else [self.blend.model.name]
        return (self.model.name, *second, *([f"seed {latent.seed}"] if isinstance(latent, LatentSeed) else []))
