"""Models that a run can start from, and the reasons against the others. Torch-free, for the window."""

from __future__ import annotations

from typing import Literal, Protocol

from studio.base import Message, StudioError

Incompatibility = Literal["kind", "labels", "channels", "size", "resolution", "larger", "residual"]
NAMES: dict[str, str] = {"stylegan2": "StyleGAN2", "stylegan3": "StyleGAN3", "dcgan": "DCGAN"}
RESOLUTIONS: dict[str, tuple[int, ...]] = {
    "stylegan2": (32, 64, 128, 256, 512, 1024),
    "stylegan3": (32, 64, 128, 256, 512, 1024),
    "dcgan": (32, 64, 128),
}
"""What can be trained, by architecture."""
CHANNELS = (1, 2, 3, 4)
"""Grey and transparent networks are made networks of colours first: see :mod:`studio.training.colored`."""


class Shape(Protocol):
    """The properties of a model that decide: a ``ModelInfo`` has them."""

    @property
    def architecture(self) -> str: ...
    @property
    def resolution(self) -> int: ...
    @property
    def labels(self) -> int: ...
    @property
    def img_channels(self) -> int: ...
    @property
    def residual(self) -> bool: ...


def incompatibility(model: Shape, architecture: str, resolution: int) -> Incompatibility | None:
    """Reason why a run of that architecture and resolution cannot start from ``model``; None when it can."""
    if model.architecture not in RESOLUTIONS or model.architecture != architecture:
        return "kind"
    if model.labels:
        return "labels"
    if model.img_channels not in CHANNELS:
        return "channels"
    if model.resolution not in RESOLUTIONS[architecture]:
        return "size"
    if model.resolution == resolution:
        return None
    if architecture != "stylegan2":
        return "resolution"
    if model.resolution > resolution:
        return "larger"
    # A StyleGAN2 can grow: see studio.training.grow.
    return "residual" if model.residual else None


def refuse(name: str, model: Shape, architecture: str, resolution: int) -> None:
    """Raise the reason when the model does not fit.

    Raises
    ------
    StudioError
        With what would fit.
    """
    match incompatibility(model, architecture, resolution):
        case None:
            return
        case "kind":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: it is a {kind}, the run is set to {wanted}.",
                    name=name,
                    kind=NAMES.get(model.architecture, "network"),
                    wanted=NAMES[architecture],
                ),
                "Choose a starting model of the same kind, or start from scratch.",
            )
        case "labels":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: it has learnt {classes} classes, and a folder "
                    "of pictures has none.",
                    name=name,
                    classes=model.labels,
                ),
                "Choose a starting model without classes.",
            )
        case "channels":
            raise StudioError(
                Message("The starting model “{name}” does not fit: it does not make colour pictures.", name=name),
                "Choose a starting model that makes colour pictures.",
            )
        case "size":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: {resolution} px cannot be trained.",
                    name=name,
                    resolution=model.resolution,
                ),
                Message(
                    "Choose a starting model of {resolutions} px.",
                    resolutions=", ".join(map(str, RESOLUTIONS[architecture])),
                ),
            )
        case "resolution":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: it makes {resolution} px, the run is set to "
                    "{wanted} px.",
                    name=name,
                    resolution=model.resolution,
                    wanted=resolution,
                ),
                Message(
                    "Only StyleGAN2 networks can be enlarged. Set the run to {resolution} px, or choose another model.",
                    resolution=model.resolution,
                ),
            )
        case "larger":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: it makes {resolution} px, the run is set to "
                    "{wanted} px, and networks can be enlarged, but not reduced.",
                    name=name,
                    resolution=model.resolution,
                    wanted=resolution,
                ),
                Message("Set the run to {resolution} px, or choose another model.", resolution=model.resolution),
            )
        case "residual":
            raise StudioError(
                Message(
                    "The starting model “{name}” does not fit: it makes {resolution} px with residual "
                    "blocks, and such a network cannot be enlarged.",
                    name=name,
                    resolution=model.resolution,
                ),
                Message("Set the run to {resolution} px, or choose another model.", resolution=model.resolution),
            )
