"""Settings chosen from the pictures, the resolution and the machine, each with its reason. Torch-free and pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from studio.base import Message

Preset = Literal["auto", "quick", "small", "large", "fine-tune"]
PRESETS: tuple[Preset, ...] = ("auto", "quick", "small", "large", "fine-tune")

FEW = 2_000
"""Below so many pictures a folder counts as small: the discriminator would soon know them all."""
MANY = 50_000
QUICK_SECONDS = 15 * 60
NIGHT_SECONDS = 8 * 3600
ENOUGH, ENOUGH_FROM_A_MODEL = 100_000, 10_000
"""Images that a night should show to be worth it, from scratch and from a trained model; see ``resources/training``."""
GIB = 2**30


@dataclass(frozen=True)
class Machine:
    """The machine of the run: ``memory`` of the device in bytes, ``devices`` alike, ``cores`` of the processor."""

    kind: Literal["cpu", "cuda", "mps"] = "cpu"
    memory: int = 8 * GIB
    devices: int = 1
    cores: int = 4
    name: str = ""


@dataclass(frozen=True)
class Reason:
    """The reason for a setting, in words."""

    message: Message


@dataclass(frozen=True)
class Advice:
    """Values by the names of ``TrainSettings``, and why these."""

    preset: Preset
    values: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()


def r1_gamma_for(resolution: int, batch: int) -> float:
    """The usual weight of R1: 0.0002 r^2 / batch (Karras et al. 2020, "Training GANs with limited data", app. C)."""
    return 0.0002 * resolution**2 / batch


def advise(
    preset: Preset,
    pictures: int,
    resolution: int,
    machine: Machine,
    *,
    architecture: str = "stylegan2",
    starts: bool = False,
    has_discriminator: bool = False,
    grown_from: int = 0,
    shows: int | None = None,
    discriminator: str | None = None,
) -> Advice:
    """The settings for a folder of ``pictures``.

    Parameters
    ----------
    preset : "auto" takes "fine-tune" when the run ``starts`` from a model, "quick" when a processor has too little time
        for a discriminator, else "small" or "large" by the count.
    has_discriminator : the starting model brings its discriminator.
    grown_from : pixels of the starting model when the run enlarges it, else 0.
    shows : images that a run with a discriminator would show in the time there is; None: not known.
    discriminator : chosen by hand; None leaves it to the advice.
    """
    drifts = discriminator == "none" and architecture == "stylegan2"
    may_drift = machine.kind == "cpu" and architecture == "stylegan2" and not starts and discriminator is None
    short = preset == "auto" and shows is not None and shows < ENOUGH and may_drift
    if preset == "auto":
        preset = "fine-tune" if starts else ("small" if pictures < FEW else "large")
        preset = "quick" if short else preset
    drifts = drifts or (may_drift and preset == "quick")
    values, reasons = _common(resolution, machine, preset, drifts=drifts, starts=starts)
    if short:
        assert shows is not None
        reasons = (_too_short(shows), *reasons[1:])
    chosen = reasons
    few = pictures < FEW
    if architecture == "dcgan":
        values |= {"augmentation": "diffaugment" if few else "none", "loss": "auto"}
        return Advice(preset, values, (*reasons, _few(pictures) if few else _enough(pictures)))
    gamma = r1_gamma_for(resolution, values["batch"])
    if preset == "fine-tune" or starts:
        values |= {
            "augmentation": "ada",
            "ada_images": 100_000,
            "learning_rate": 0.002,
            "r1_gamma": gamma,
            "style_mixing": 0.0,
            "ema_images": 5_000,
        }
        reasons += (
            Reason(
                message=Message(
                    "Fine-tunes are short: the augmentation adapts within 100,000 images instead of 500,000."
                )
            ),
        )
        if grown_from:
            reasons += (
                Reason(
                    message=Message(
                        "It starts as your {grown_from} px network, enlarged: its pictures are the same at "
                        "first, and new layers learn the details.",
                        grown_from=grown_from,
                    )
                ),
            )
        if has_discriminator and grown_from:
            reasons += (Reason(message=Message("The discriminator that the model brings grows with it.")),)
        elif has_discriminator:
            values |= {"freeze_layers": 10}
            reasons += (
                Reason(
                    message=Message(
                        "The model brings its discriminator: its first 10 layers stay as they are, which keeps "
                        "small folders from being learnt by heart."
                    )
                ),
            )
        else:
            values |= {"warm_up": 500}
            reasons += (
                Reason(
                    message=Message(
                        "The model comes without its discriminator: a new one learns alone for 500 images, so "
                        "that it does not spoil what the generator knows."
                    )
                ),
            )
    elif few:
        values |= {
            "augmentation": "diffaugment",
            "noise": "none",
            "r1_gamma": 4 * gamma,
            "style_mixing": 0.3,
            "ema_images": 5_000,
        }
        reasons += (
            _few(pictures),
            Reason(message=Message("Noise inputs are off: with few pictures their grain would soon cover everything.")),
        )
    else:
        values |= {
            "augmentation": "ada" if pictures < MANY else "none",
            "r1_gamma": gamma,
            "style_mixing": 0.9,
            "ema_images": 10_000,
        }
        reasons += (_enough(pictures),)
        if machine.kind != "cpu" and architecture == "stylegan2" and preset != "quick":
            values |= {"path_weight": 2.0}
            reasons += (Reason(message=Message("Path length regularisation keeps the latent space even for walks.")),)
    values["r1_gamma"] = round(values["r1_gamma"], 4)
    if drifts:
        # Without a discriminator there is none that could learn the pictures by heart, and nothing is augmented.
        return Advice(preset, values | {"augmentation": "none"}, chosen)
    return Advice(preset, values, reasons)


def _too_short(shows: int) -> Reason:
    return Reason(
        message=Message(
            "In this time StyleGAN2 would see about {images:,} images on this computer; shapes take about {enough:,}.",
            images=shows,
            enough=ENOUGH,
        )
    )


def _few(pictures: int) -> Reason:
    return Reason(
        message=Message(
            "With {pictures:,} pictures the discriminator would soon know them by heart: it sees "
            "them shifted, recoloured and cut out.",
            pictures=pictures,
        )
    )


def _enough(pictures: int) -> Reason:
    if pictures < MANY:
        return Reason(
            message=Message(
                "With {pictures:,} pictures augmentation comes by itself when it is needed.", pictures=pictures
            )
        )
    return Reason(message=Message("With {pictures:,} pictures no augmentation is needed.", pictures=pictures))


def _common(
    resolution: int, machine: Machine, preset: Preset, *, drifts: bool, starts: bool
) -> tuple[dict[str, Any], tuple[Reason, ...]]:
    """Width, batch and processes; every value that a later choice may change is set back here.

    Whoever ``starts`` from a model has its width, and needs no reason for another.
    """
    values: dict[str, Any] = {
        "loss": "auto",
        "noise": "random",
        "discriminator": "stylegan2",
        "learning_rate": None,
        "r1_interval": 16,
        "path_weight": 0.0,
        "freeze_layers": 0,
        "warm_up": 0,
        "ada_images": 500_000,
        "precision": "auto",
        "processes": 1,
        "batch": 16,
        # As many channels at the finest layer for every resolution.
        "channel_base": max(2048, 32 * resolution),
        "channel_max": 128,
        "latent_size": 128,
    }
    reasons: list[Reason] = []
    roomy = machine.memory >= 10 * GIB
    if preset == "quick":
        values |= {"channel_base": max(1024, 16 * resolution), "channel_max": 64}
        reasons.append(
            Reason(message=Message("A quick look: a narrow network that shows early whether it will work out."))
        )
    elif machine.kind == "cpu":
        reasons.append(Reason(message=Message("On a processor: narrow networks, so that days become hours.")))
    else:
        values |= {
            "batch": 32 if resolution <= 256 else 16,
            "channel_base": 32768 if resolution > 256 and roomy else max(16384, 32 * resolution),
            "channel_max": 512 if roomy else 256,
            "latent_size": 512 if roomy else 256,
        }
        reasons.append(
            Reason(message=Message("On a graphics card: networks of the published width, in half precision."))
            if roomy
            else Reason(
                message=Message(
                    "With {memory} GB on the graphics card: networks of half the usual width.",
                    memory=machine.memory // GIB,
                )
            )
        )
    if starts:
        reasons.clear()
    if drifts:
        values |= {"discriminator": "none", "batch": 48}
        reasons.append(
            Reason(
                message=Message(
                    "It learns by drifting, without a discriminator: colours and large shapes form within minutes. "
                    "For fine details start a longer run from its model."
                )
            )
        )
    if machine.kind == "cuda" and machine.devices > 1 and preset != "quick":
        values |= {"processes": machine.devices, "batch": max(values["batch"], 4 * machine.devices)}
        reasons.append(
            Reason(message=Message("The batch is divided among {count} graphics cards.", count=machine.devices))
        )
    return values, tuple(reasons)
