"""All settings of a training run, with their ranges; written to ``run.json``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Fraction = Annotated[float, Field(ge=0, le=1)]


class TrainSettings(BaseModel):
    """How a network is trained. "Images" always counts real pictures shown to the discriminator.

    Attributes
    ----------
    folder : the artist's pictures (read only).
    start_from : model file to continue from (same architecture and shape; a StyleGAN2 of fewer pixels is enlarged), or
        None for scratch.
    images : budget.
    channel_base, channel_max : width of the StyleGAN2 networks: min(channel_base / r, channel_max) at resolution r.
    loss : "logistic" is the non-saturating one, "minimax" its classic form, "relativistic" compares pairs (R3GAN);
        "auto" is hinge for a projected discriminator, else logistic.
    discriminator : "projected" looks through a pretrained network (Sauer et al. 2021); StyleGAN generators only.
    r1_gamma : weight of the R1 penalty (Mescheder et al. 2018), applied every ``r1_interval`` steps. The projected
        discriminator does without.
    r2_gamma : weight of the same penalty on generated pictures, with the relativistic loss.
    path_weight : weight of the path length regularisation (Karras et al. 2020), every ``path_interval`` steps; 0: none.
    freeze_layers : layers of the discriminator that stay as they are, counted from the picture (Mo et al. 2020); of an
        enlarged one, from the first that is not new.
    warm_up : images for which the discriminator learns alone while the generator stands still: a fresh one beside a
        trained generator would spoil it at first.
    noise : the generator's noise inputs. With few pictures it soon covers everything with their grain, which the
        discriminator takes for detail; "none" trains and draws without. StyleGAN2 only.
    style_mixing : probability of mixing two latents (regularisation of the StyleGAN papers).
    augmentation : DiffAugment, ADA (adaptive, Karras et al. 2020) or none.
    augment : parts of DiffAugment (Zhao et al. 2020) used on real and generated pictures alike.
    augment_share : share of the pictures that each part changes; above about 0.8 the changes show up in the samples.
    ada_parts : parts of ADA's pipeline.
    ada_target : the mean sign of the discriminator's judgement of real pictures that ADA aims at.
    ada_images : how many images ADA takes from never to always augmenting.
    ada_start : its probability at the beginning.
    ema_images : half-life of the averaged generator, in images.
    precision : numbers the networks compute with; "auto" is bf16 or fp16 on a graphics card, else fp32.
    micro_batch : most pictures in one pass, the gradients of which are added up; 0: as many as fit into memory.
    processes : training processes on this machine, one for each graphics card. Losses do not depend on it.
    anchor : weight of a reconstruction loss: every picture gets a latent of its own that must give it back (Bojanowski
        et al. 2018, "Optimizing the latent space of generative networks"). Small folders form much sooner with it and
        lose no picture; 0 is a plain GAN. StyleGAN2 only.
    anchor_first : images for which the generator learns from the reconstruction alone, before the discriminator joins.
    background : what lies under transparent pictures and beside those that do not fill the square: a colour, "mean"
        (the picture's own) or "blur" (its own colours, blurred).
    crop, crops : see :class:`studio.training.framing.Framing`.
    near : whether pictures that nearly repeat another one are used; see :func:`studio.training.folder.inspect_folder`.
    every : of films, every so many-th frame is a picture; 0 chooses by their length.
    evaluate_every : images between two measurements of the quality; None chooses, 0 never measures.
    evaluate_samples : pictures generated for one; None is 512. Runs compare when theirs are equal.
    features : network whose features are measured; "auto" takes Inception when its weights are on the disk.
    patience : measurements in a row without a better KID after which the run ends by itself; 0 never ends it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    folder: str
    architecture: Literal["stylegan2", "stylegan3", "dcgan"] = "stylegan2"
    resolution: Literal[32, 64, 128, 256, 512, 1024] = 64
    start_from: str | None = None
    images: Annotated[int, Field(ge=1)] = 100_000
    batch: Annotated[int, Field(ge=2, le=1024)] = 16
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    snapshot_every: Annotated[int, Field(ge=1)] = 10_000
    preview_every: Annotated[int, Field(ge=1)] = 2_000
    mirror: bool = False
    background: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6}|mean|blur)$")] = "#ffffff"
    crop: Literal["centre", "salient", "fit", "random"] = "centre"
    crops: Annotated[int, Field(ge=1, le=256)] = 4
    near: Literal["keep", "drop"] = "keep"
    every: Annotated[int, Field(ge=0, le=100_000)] = 0
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    learning_rate: Annotated[float, Field(gt=0, le=0.1)] | None = None
    channel_base: Annotated[int, Field(ge=64, le=65536)] = 2048
    channel_max: Annotated[int, Field(ge=8, le=1024)] = 128
    latent_size: Annotated[int, Field(ge=2, le=1024)] = 128
    loss: Literal["auto", "logistic", "minimax", "relativistic", "hinge"] = "auto"
    discriminator: Literal["stylegan2", "projected"] = "stylegan2"
    r1_gamma: Annotated[float, Field(ge=0)] = 0.3
    r1_interval: Annotated[int, Field(ge=1, le=64)] = 16
    r2_gamma: Annotated[float, Field(ge=0)] = 0.0
    path_weight: Annotated[float, Field(ge=0, le=1000)] = 0.0
    path_interval: Annotated[int, Field(ge=1, le=64)] = 4
    freeze_layers: Annotated[int, Field(ge=0, le=40)] = 0
    warm_up: Annotated[int, Field(ge=0)] = 0
    noise: Literal["random", "none"] = "random"
    style_mixing: Fraction = 0.3
    augmentation: Literal["diffaugment", "ada", "none"] = "diffaugment"
    augment: tuple[Literal["color", "translation", "cutout"], ...] = ("color", "translation", "cutout")
    augment_share: Fraction = 0.7
    ada_parts: tuple[Literal["blit", "geometry", "color", "filter", "noise", "cutout"], ...] = (
        "blit",
        "geometry",
        "color",
    )
    ada_target: Annotated[float, Field(ge=-1, le=1)] = 0.6
    ada_images: Annotated[int, Field(ge=1000)] = 500_000
    ada_start: Fraction = 0.0
    anchor: Annotated[float, Field(ge=0, le=1000)] = 0.0
    anchor_first: Annotated[int, Field(ge=0)] = 0
    ema_images: Annotated[int, Field(ge=1)] = 5_000
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    micro_batch: Annotated[int, Field(ge=0, le=1024)] = 0
    processes: Annotated[int, Field(ge=1, le=64)] = 1
    evaluate_every: Annotated[int, Field(ge=0)] | None = None
    evaluate_samples: Annotated[int, Field(ge=8, le=10_000)] | None = None
    features: Literal["auto", "efficientnet-lite0", "inception-fid"] = "auto"
    patience: Annotated[int, Field(ge=0, le=1000)] = 10
    licence: str = ""
    description: str = ""
    data: str = ""

    @model_validator(mode="after")
    def _fits(self) -> TrainSettings:
        if self.architecture == "dcgan" and self.resolution > 128:
            raise ValueError("a DCGAN can be trained at 32, 64 or 128 pixels")
        if self.anchor and (self.mirror or self.architecture == "dcgan"):
            raise ValueError("anchors need a StyleGAN architecture and pictures that are not mirrored")
        if self.discriminator == "projected" and self.architecture == "dcgan":
            raise ValueError("a projected discriminator needs a StyleGAN generator")
        return self

    @property
    def adversarial(self) -> Literal["logistic", "minimax", "relativistic", "hinge"]:
        """The loss in force."""
        if self.loss == "auto":
            return "hinge" if self.discriminator == "projected" else "logistic"
        return self.loss

    @property
    def rate(self) -> float:
        """The learning rate in force: each architecture's own unless set."""
        if self.learning_rate is not None:
            return self.learning_rate
        return 2e-4 if self.architecture == "dcgan" else 2.5e-3
