"""All settings of a training run, with their ranges; written to ``run.json``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from studio.base.documents import DocumentFormat
from studio.base.fields import About

Fraction = Annotated[float, Field(ge=0, le=1)]

# What of a run makes a setting matter.
_STYLEGAN = ("architecture", ("stylegan2", "stylegan3"))
_PENALIZED = (_STYLEGAN, ("discriminator", ("stylegan2",)))
_DIFFAUGMENT = ("augmentation", ("diffaugment",))
_ADA = ("augmentation", ("ada",))
# Discriminators: without one (drifting) most of the losses' settings mean nothing.
_JUDGED = ("discriminator", ("stylegan2", "projected"))
_JUDGED_STYLEGAN = (_STYLEGAN, _JUDGED)
_INTERVAL = "Only one of so many steps has it, with as many times the weight: as good in less time."


RUN = DocumentFormat("latent-studio-run", "settings", version=2, bare=1)
"""The document ``run.json``. Version 1 was the bare settings; a setting that is renamed gets an upgrade here."""

DRIFTING_SIDES = (64, 128)
"""Drifting looks at pictures in their own size, within these. Enlarged to 128 px, those of 64 px took twice the time a
step: ten minutes with emoji came to garish blobs where they come to heads and hair now."""


class TrainSettings(BaseModel):
    """All settings of a training run. "Images" always counts real pictures shown to the discriminator.

    Attributes
    ----------
    folder : the artist's pictures (read only).
    start_from : model file to continue from (same architecture and shape; a StyleGAN2 of fewer pixels is enlarged), or
        None for scratch.
    images : budget.
    channel_base, channel_max : width of the StyleGAN2 networks: min(channel_base / r, channel_max) at resolution r.
    loss : "logistic" is the non-saturating one, "minimax" its classic form, "relativistic" compares pairs (R3GAN);
        "auto" is hinge for a projected discriminator, else logistic.
    discriminator : "projected" looks through a pretrained network (Sauer et al. 2021); StyleGAN generators only. "none"
        trains without one, by drifting (:mod:`studio.training.drifting`); StyleGAN2 only.
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
    precision : numbers the networks compute with; "auto" is bf16 or fp16 on a graphics card, bf16 on processors with
        AMX, else fp32.
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

    name: Annotated[str, Field(min_length=1, max_length=100), About("Name", tip="Name of run and model")]
    folder: Annotated[str, About("Folder", tip="The folder with your pictures.")]
    architecture: Annotated[
        Literal["stylegan2", "stylegan3", "dcgan"],
        About(
            "Kind",
            tip="The kind of network.",
            group="Network",
            value_labels={
                "stylegan2": "StyleGAN2 – recommended",
                "stylegan3": "StyleGAN3 – for moving pictures",
                "dcgan": "DCGAN – the classic",
            },
            topic="stylegan",
        ),
    ] = "stylegan2"
    resolution: Annotated[
        Literal[32, 64, 128, 256, 512, 1024], About("Pixels", tip="Side of the pictures.", unit="px", group="Network")
    ] = 64
    start_from: Annotated[
        str | None,
        About(
            "Start from",
            tip="Continue from this model; a StyleGAN2 of fewer pixels is enlarged.",
            group="Network",
            topic="start-from",
        ),
    ] = None
    images: Annotated[
        int,
        Field(ge=1),
        About(
            "Images to train on",
            tip="How many times a picture of yours is shown to the network, every picture many times over.",
            unit="images",
            group="Budget",
            step=10_000,
            topic="images-shown",
        ),
    ] = 100_000
    batch: Annotated[
        int,
        Field(ge=2, le=1024),
        About(
            "Batch",
            tip="Pictures in one step. Larger is steadier and needs more memory.",
            group="Machine",
            step=2,
            topic="batch",
        ),
    ] = 16
    seed: Annotated[
        int,
        Field(ge=0, lt=2**32),
        About("Seed", tip="The same seed and settings give the same run.", group="Machine"),
    ] = 0
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        About(
            "Device",
            tip="What the training runs on.",
            group="Machine",
            value_labels={"auto": "Best there is", "cpu": "CPU", "cuda": "CUDA", "mps": "Apple MPS"},
        ),
    ] = "auto"
    snapshot_every: Annotated[
        int,
        Field(ge=0),
        About(
            "Checkpoint every",
            tip="Images between two checkpoints. When the computer stops, the work since the last one is lost. By the "
            "clock, the first is written after a minute, later ones every ten minutes.",
            unit="images",
            group="Machine",
            lowest="By the clock",
            step=1000,
            topic="checkpoint",
        ),
    ] = 0
    preview_every: Annotated[
        int,
        Field(ge=0),
        About(
            "Preview every",
            tip="Images between two sample grids. By the clock, the first comes within half a minute, later ones every "
            "few minutes.",
            unit="images",
            group="Machine",
            lowest="By the clock",
            step=500,
        ),
    ] = 0
    mirror: Annotated[
        bool,
        About(
            "Mirror every other picture",
            tip="Twice the variety, for subjects that look right both ways round. Not for writing or faces' sides.",
            group="Pictures",
        ),
    ] = False
    background: Annotated[
        str,
        Field(pattern=r"^(#[0-9a-fA-F]{6}|mean|blur)$"),
        About(
            "Background",
            tip="What is put under transparent pictures and beside fitted ones.",
            group="Pictures",
            value_labels={
                "#ffffff": "White",
                "#000000": "Black",
                "#808080": "Grey",
                "mean": "Its mean colour",
                "blur": "Itself, blurred",
            },
        ),
    ] = "#ffffff"
    crop: Annotated[
        Literal["centre", "salient", "fit", "random"],
        About(
            "Crop",
            tip="What the network sees of pictures that are not square.",
            group="Pictures",
            value_labels={
                "centre": "The centre",
                "salient": "Where most is to be seen",
                "fit": "All of it, on the background",
                "random": "Several squares each",
            },
        ),
    ] = "centre"
    crops: Annotated[
        int,
        Field(ge=1, le=256),
        About("Squares", tip="Squares out of each picture.", group="Pictures", shown_when=("crop", ("random",))),
    ] = 4
    near: Annotated[
        Literal["keep", "drop"],
        About(
            "Near-duplicates",
            tip="Pictures that nearly repeat an earlier one.",
            group="Pictures",
            value_labels={"keep": "Keep", "drop": "Leave out"},
        ),
    ] = "keep"
    every: Annotated[
        int,
        Field(ge=0, le=100_000),
        About(
            "Every so many frames", tip="Of films, every so many-th frame.", group="Pictures", lowest="By their length"
        ),
    ] = 0
    threads: Annotated[
        int,
        Field(ge=0, le=256),
        About("CPU threads", tip="Fewer leave more of the computer to you.", group="Machine", lowest="Automatic"),
    ] = 0
    learning_rate: Annotated[
        Annotated[float, Field(gt=0, le=0.1)] | None,
        About(
            "Learning rate",
            tip="Lower it when the losses jump wildly. Automatic: 0.0025 for StyleGAN, 0.0002 for DCGAN.",
            group="Learning",
            lowest="Automatic",
            step=0.0005,
            topic="learning-rate",
        ),
    ] = None
    channel_base: Annotated[
        int,
        Field(ge=64, le=65536),
        About(
            "Width of fine layers",
            tip="Channels times resolution. Twice as much is slower, and finer in detail.",
            group="Network",
            shown_when=_STYLEGAN,
            step=512,
        ),
    ] = 2048
    channel_max: Annotated[
        int,
        Field(ge=8, le=1024),
        About(
            "Width of coarse layers",
            tip="Most channels that a layer may have.",
            group="Network",
            shown_when=_STYLEGAN,
            step=16,
        ),
    ] = 128
    latent_size: Annotated[
        int,
        Field(ge=2, le=1024),
        About("Latent size", tip="Numbers in z and in w.", group="Network", shown_when=_STYLEGAN, step=16),
    ] = 128
    loss: Annotated[
        Literal["auto", "logistic", "minimax", "relativistic", "hinge"],
        About(
            "Loss",
            tip="Automatic is the non-saturating loss, hinge with a projected discriminator. Minimax is the form of "
            "the first paper, relativistic compares pictures in pairs.",
            group="Learning",
            value_labels={
                "auto": "Automatic",
                "logistic": "Non-saturating",
                "minimax": "Minimax",
                "relativistic": "Relativistic",
                "hinge": "Hinge",
            },
            topic="generator",
        ),
    ] = "auto"
    discriminator: Annotated[
        Literal["stylegan2", "projected", "none"],
        About(
            "Kind",
            tip="None (drifting) pulls samples towards near pictures in the eyes of a network that knows photos "
            "(17 MB, fetched once): shapes and colours form after some thousand images, details stay coarse. Projected "
            "looks through the same network. On flat artwork its colours flare and it collapses: not advised there; "
            "the run says so.",
            group="Discriminator",
            shown_when=_STYLEGAN,
            value_labels={"stylegan2": "StyleGAN2’s", "projected": "Projected", "none": "None (drifting)"},
            topic="generator",
        ),
    ] = "stylegan2"
    r1_gamma: Annotated[
        float,
        Field(ge=0),
        About(
            "Steadiness (R1 weight)",
            tip="Higher trains more steadily and makes softer samples, lower lets details form sooner. R1 keeps the "
            "discriminator smooth.",
            group="Learning",
            shown_when=_PENALIZED,
            step=0.1,
            topic="r1",
        ),
    ] = 0.3
    r1_interval: Annotated[
        int,
        Field(ge=1, le=64),
        About(
            "Steadiness every (R1)", tip=_INTERVAL, unit="steps", group="Learning", shown_when=_PENALIZED, topic="r1"
        ),
    ] = 16
    r2_gamma: Annotated[
        float,
        Field(ge=0),
        About(
            "Steadiness (R2 weight)",
            tip="The same on generated pictures, for the relativistic loss: as large as R1's.",
            group="Learning",
            shown_when=(*_PENALIZED, ("loss", ("relativistic",))),
            lowest="Off",
            step=0.1,
            topic="r1",
        ),
    ] = 0.0
    path_weight: Annotated[
        float,
        Field(ge=0, le=1000),
        About(
            "Even films (path length)",
            tip="Equal steps in the latent space become equal changes of the picture: films run evenly. 2 is usual; "
            "costs time.",
            group="Learning",
            shown_when=_JUDGED_STYLEGAN,
            lowest="Off",
            step=0.5,
            topic="path-length",
        ),
    ] = 0.0
    path_interval: Annotated[
        int,
        Field(ge=1, le=64),
        About(
            "Path length every",
            tip=_INTERVAL,
            unit="steps",
            group="Learning",
            shown_when=(_STYLEGAN, ("path_weight", bool)),
            topic="path-length",
        ),
    ] = 4
    freeze_layers: Annotated[
        int,
        Field(ge=0, le=40),
        About(
            "Frozen layers",
            tip="So many layers keep what the starting model’s discriminator knows; 10 to 13 help small folders.",
            group="Discriminator",
            shown_when=_PENALIZED,
            topic="frozen-layers",
        ),
    ] = 0
    warm_up: Annotated[
        int,
        Field(ge=0),
        About(
            "Alone for",
            tip="Images for which a new discriminator learns while the generator stands still.",
            unit="images",
            group="Discriminator",
            shown_when=_JUDGED_STYLEGAN,
            lowest="Off",
            step=500,
        ),
    ] = 0
    noise: Annotated[
        Literal["random", "none"],
        About(
            "Fine grain (noise inputs)",
            tip="Random details such as hair. With few pictures their grain covers everything: off is better.",
            group="Learning",
            shown_when=_JUDGED_STYLEGAN,
            value_labels={"random": "On", "none": "Off"},
            topic="noise",
        ),
    ] = "random"
    style_mixing: Annotated[
        Fraction,
        About(
            "Style mixing",
            tip="Shapes of one sample go with colours of another: how often two latents are mixed, which keeps coarse "
            "and fine layers apart.",
            group="Learning",
            shown_when=_JUDGED_STYLEGAN,
            step=0.05,
            topic="style-mixing",
        ),
    ] = 0.3
    augmentation: Annotated[
        Literal["diffaugment", "ada", "none"],
        About(
            "Kind",
            tip="Changes real and generated pictures alike while judging them, so that few pictures last longer. "
            "Always is DiffAugment; adaptive is ADA, as much as is needed against learning by heart.",
            group="Augmentation",
            value_labels={"diffaugment": "Always", "ada": "Adaptive", "none": "None"},
            topic="augmentation",
        ),
    ] = "diffaugment"
    augment: Annotated[
        tuple[Literal["color", "translation", "cutout"], ...],
        About(
            "Parts",
            tip="What is changed.",
            group="Augmentation",
            shown_when=_DIFFAUGMENT,
            value_labels={"color": "Colour", "translation": "Shift", "cutout": "Cut-out"},
            topic="augmentation",
        ),
    ] = ("color", "translation", "cutout")
    augment_share: Annotated[
        Fraction,
        About(
            "Augmented share",
            tip="Of the pictures, for each kind. Above 0.8 the changes begin to show in the samples.",
            group="Augmentation",
            shown_when=_DIFFAUGMENT,
            step=0.05,
            topic="augmentation",
        ),
    ] = 0.7
    ada_parts: Annotated[
        tuple[Literal["blit", "geometry", "color", "filter", "noise", "cutout"], ...],
        About(
            "Parts",
            tip="What is changed. The first three help most.",
            group="Augmentation",
            shown_when=_ADA,
            value_labels={
                "blit": "Flips and shifts",
                "geometry": "Turns, sizes",
                "color": "Colour",
                "filter": "Sharpness",
                "noise": "Noise",
                "cutout": "Cut-out",
            },
            topic="augmentation",
        ),
    ] = ("blit", "geometry", "color")
    ada_target: Annotated[
        float,
        Field(ge=-1, le=1),
        About(
            "Target",
            tip="How sure of real pictures the discriminator may be before it is augmented more; 0.6 is usual.",
            group="Augmentation",
            shown_when=_ADA,
            step=0.05,
            topic="augmentation",
        ),
    ] = 0.6
    ada_images: Annotated[
        int,
        Field(ge=1000),
        About(
            "Adapts within",
            tip="Images from never to always. 500,000 is usual, 100,000 for short fine-tunes.",
            unit="images",
            group="Augmentation",
            shown_when=_ADA,
            step=50_000,
            topic="augmentation",
        ),
    ] = 500_000
    ada_start: Annotated[
        Fraction,
        About(
            "Begins at",
            tip="Share of the pictures that are changed at first.",
            group="Augmentation",
            shown_when=_ADA,
            step=0.05,
            topic="augmentation",
        ),
    ] = 0.0
    anchor: Annotated[
        float,
        Field(ge=0, le=1000),
        About(
            "Anchors",
            tip="Every picture gets a latent that must give it back: small folders form sooner. Not with mirroring.",
            group="Learning",
            shown_when=_JUDGED_STYLEGAN,
            lowest="Off",
            step=0.5,
            topic="anchors",
        ),
    ] = 0.0
    anchor_first: Annotated[
        int,
        Field(ge=0),
        About(
            "Anchors alone for",
            tip="Images for which only the anchors teach the generator.",
            unit="images",
            group="Learning",
            shown_when=_JUDGED_STYLEGAN,
            lowest="Off",
            step=1000,
            topic="anchors",
        ),
    ] = 0
    ema_images: Annotated[
        int,
        Field(ge=1),
        About(
            "Averaging over",
            tip="Longer makes calmer samples that follow later: the half-life of the averaged network that becomes the "
            "model.",
            unit="images",
            group="Learning",
            shown_when=_STYLEGAN,
            step=500,
            topic="ema",
        ),
    ] = 5_000
    precision: Annotated[
        Literal["auto", "fp32", "bf16", "fp16"],
        About(
            "Number precision",
            tip="Half precision is about twice as fast on a graphics card, and somewhat on processors with AMX. "
            "Automatic uses it there.",
            group="Machine",
            value_labels={"auto": "Automatic", "fp32": "32 bit", "bf16": "bfloat16", "fp16": "float16"},
            topic="precision-numbers",
        ),
    ] = "auto"
    micro_batch: Annotated[
        int,
        Field(ge=0, le=1024),
        About(
            "At a time",
            tip="Pictures of a batch that go through at once. Fewer need less memory and give the same result.",
            group="Machine",
            shown_when=_STYLEGAN,
            lowest="Automatic",
            step=4,
            topic="batch",
        ),
    ] = 0
    processes: Annotated[
        int,
        Field(ge=1, le=64),
        About(
            "Processes",
            tip="One for each graphics card; the batch is divided among them. The result does not depend on it.",
            group="Machine",
        ),
    ] = 1
    evaluate_every: Annotated[
        Annotated[int, Field(ge=0)] | None,
        About(
            "Measure the quality",
            tip="How near the samples as a whole are to your pictures (KID, precision, recall), and whether they copy "
            "them. Each time costs some seconds to a minute.",
            unit="images",
            group="Measuring",
            lowest="Never",
            step=1000,
            topic="kid",
        ),
    ] = None
    evaluate_samples: Annotated[
        Annotated[int, Field(ge=8, le=10_000)] | None,
        About(
            "Samples measured",
            tip="Only runs with as many compare. Automatic is 512.",
            group="Measuring",
            lowest="Automatic",
            step=128,
            topic="kid",
        ),
    ] = None
    features: Annotated[
        Literal["auto", "efficientnet-lite0", "inception-fid"],
        About(
            "Measured with",
            tip="Inception gives the values of papers; automatic takes it when its weights are on this machine.",
            group="Measuring",
            value_labels={"auto": "Automatic", "efficientnet-lite0": "EfficientNet", "inception-fid": "Inception"},
        ),
    ] = "auto"
    patience: Annotated[
        int,
        Field(ge=0, le=1000),
        About(
            "End without gain after",
            tip="So many measurements in which the samples come no nearer to your pictures (KID) end the run; the "
            "best snapshot is kept.",
            group="Measuring",
            lowest="Never",
            topic="kid",
        ),
    ] = 10
    licence: Annotated[
        str, About("Licence", tip="Of the model, e.g. CC BY 4.0", group="Model file", topic="licence")
    ] = ""
    description: Annotated[str, About("Description", tip="Goes into the model file", group="Model file")] = ""
    data: Annotated[str, About("Data", tip="Where the pictures are from", group="Model file")] = ""

    @model_validator(mode="after")
    def _check_combination(self) -> TrainSettings:
        if self.architecture == "dcgan" and self.resolution > 128:
            raise ValueError("a DCGAN can be trained at 32, 64 or 128 pixels")
        if self.anchor and (self.mirror or self.architecture == "dcgan"):
            raise ValueError("anchors need a StyleGAN architecture and pictures that are not mirrored")
        if self.discriminator == "projected" and self.architecture == "dcgan":
            raise ValueError("a projected discriminator needs a StyleGAN generator")
        if self.discriminator == "none" and (self.architecture != "stylegan2" or self.anchor):
            raise ValueError("drifting needs a StyleGAN2 generator, without anchors")
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
        if self.discriminator == "none":
            return 2e-3
        return 2e-4 if self.architecture == "dcgan" else 2.5e-3

    @property
    def discriminator_rate(self) -> float:
        """The discriminator's: a projected one wins at once at the generator's and needs a tenth of it."""
        return min(self.rate, 2e-4) if self.discriminator == "projected" else self.rate


def drifting_side(resolution: int) -> int:
    """The side, in pixels, in which drifting looks at pictures of ``resolution`` pixels."""
    return min(max(resolution, DRIFTING_SIDES[0]), DRIFTING_SIDES[1])


def dumps_settings(settings: TrainSettings) -> str:
    """The document of a run's settings."""
    return RUN.dumps(settings.model_dump(mode="json"), indent=2)


def loads_settings(text: str | bytes) -> TrainSettings:
    """The settings in a document of this or any older version.

    Raises
    ------
    ValueError
        When it is none, or damaged; a :class:`studio.base.documents.DocumentError` says whether it is newer.
    """
    return TrainSettings.model_validate(RUN.loads(text))
