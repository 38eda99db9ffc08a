"""Models for other places: copies of our own format, and ONNX for other programs."""

from __future__ import annotations

import contextlib
import logging
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import artists_path
from studio.checkpoints.info import ModelInfo, read_card
from studio.checkpoints.store import GeneratorNet, load_model, save_model
from studio.networks import dcgan, stylegan2

# fp32 in another order of operations; more means that the graph is another network.
MAX_DIFFERENCE = 1e-3


def export_safetensors(info: ModelInfo, path: Path, *, half: bool = False, overwrite: bool = False) -> None:
    """Write a copy of a model with its card, in full or half precision.

    Raises
    ------
    StudioError
        When the model is damaged, the name is taken (unless ``overwrite``) or the file cannot be written.
    """
    with artists_path(path, overwrite=overwrite) as temporary:
        save_model(temporary, load_model(info.path), read_card(info.path), half=half)


class OnnxGenerator(nn.Module):
    """A generator as one graph: z, truncation (and class) to picture, with the noise that belongs to the network."""

    def __init__(self, generator: GeneratorNet) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, truncation: Tensor | None = None, label: Tensor | None = None) -> Tensor:
        """z (1, z_dim), truncation () or (1,), one-hot label (1, labels) -> (1, channels, r, r) in about -1..1."""
        net = self.generator
        if isinstance(net, dcgan.Generator):
            picture: Tensor = net(z)
            return picture
        assert truncation is not None
        mean = net.mapping.w_avg
        w = mean + (net.mapping(z, label) - mean) * truncation
        ws = w[:, None].expand(-1, net.config.num_ws, -1)
        if isinstance(net, stylegan2.Generator):
            return net.synthesis(ws, noise_mode="const")  # type: ignore[no-any-return]
        return net.synthesis(ws)  # type: ignore[no-any-return]


def export_onnx(info: ModelInfo, path: Path, *, overwrite: bool = False) -> Work[float]:
    """Write a model as one ONNX file and check it with onnxruntime before it appears under its name.

    Inputs are ``z`` (1, z_dim), for networks with w ``truncation`` (1,), for conditional ones a one-hot ``label``
    (1, labels); the output is ``picture`` (1, channels, r, r) in about -1..1.

    Returns
    -------
    The largest difference between onnxruntime's picture and ours.

    Raises
    ------
    StudioError
        When the network cannot be expressed, the check fails, the name is taken (unless ``overwrite``) or the file
        cannot be written. Nothing is left then.
    """
    yield Progress(0, 3, Message("Reading the model"))
    net = load_model(info.path)
    net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    inputs: dict[str, Tensor] = {"z": torch.randn(1, info.z_dim, generator=torch.Generator().manual_seed(0))}
    if not isinstance(net, dcgan.Generator):
        inputs["truncation"] = torch.full((1,), 0.7)
        if net.config.labels:
            inputs["label"] = torch.eye(net.config.labels)[:1]
    wrapped = OnnxGenerator(net).eval()
    with torch.no_grad():
        expected = wrapped(*inputs.values()).numpy()
    yield Progress(1, 3, Message("Writing the graph"))
    with artists_path(path, overwrite=overwrite) as temporary:
        _write(wrapped, inputs, temporary)
        yield Progress(2, 3, Message("Checking with onnxruntime"))
        difference = float(np.abs(_run(temporary, inputs) - expected).max())
        if not difference <= MAX_DIFFERENCE:
            raise StudioError(
                Message(
                    "The ONNX form of “{name}” draws another picture (difference {difference:.3g}).",
                    name=info.name,
                    difference=difference,
                ),
                "Nothing was written. Export it as .safetensors instead, and report this.",
            )
    yield Progress(3, 3, Message("Checked with onnxruntime"))
    return difference


def _write(network: nn.Module, inputs: dict[str, Tensor], path: Path) -> None:
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    try:
        logger.setLevel(logging.ERROR)
        with warnings.catch_warnings(), contextlib.redirect_stdout(None):
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network,
                tuple(inputs.values()),
                str(path),
                input_names=list(inputs),
                output_names=["picture"],
                dynamo=True,
                external_data=False,
                # It would take the 1e-8 that keep channels of nothing from becoming infinite for a zero, and drop them.
                optimize=False,
                verbose=False,
            )
    except OSError:
        raise
    except Exception as error:  # the exporter's own errors are of many kinds
        said = str(error).strip().split("\n", 1)[0][:200]
        raise StudioError(
            Message("The network cannot be written as ONNX: {reason}.", reason=said),
            "Export it as .safetensors instead.",
        ) from error
    finally:
        logger.setLevel(level)


def _run(path: Path, inputs: dict[str, Tensor]) -> np.ndarray:
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        (picture,) = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    except Exception as error:  # onnxruntime's errors have no common class
        said = str(error).strip().split("\n", 1)[0][:200]
        raise StudioError(
            Message("onnxruntime does not open the exported network: {reason}.", reason=said),
            "Export it as .safetensors instead.",
        ) from error
    return np.asarray(picture)
