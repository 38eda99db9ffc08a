"""The transformer of instant stylizing as an ONNX graph, which onnxruntime computes where there is no PyTorch.

The layers are those of :class:`studio.networks.instant.StyleTransformer`, which says what they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

OPSET = 13
EPSILON = 1e-5
CONTRACT = {"contract_0": 1, "contract_1": 2, "contract_2": 2}
"""Stride of each convolution before the residual blocks."""
BLOCKS = 5


def session_of(arrays: Mapping[str, NDArray[np.float32]]) -> onnxruntime.InferenceSession:
    """A session with the inputs ``image`` (1, 3, height, width) and ``vector`` (1, 100), and the image as its output.

    ``arrays`` are the network's numbers by their names in its state.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    model = transformer_graph(arrays).SerializeToString()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def transformer_graph(arrays: Mapping[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The graph; sides of the image are multiples of 4 and at least 8."""
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []

    def constant(value: NDArray[np.generic]) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), f"constant_{len(constants)}"))
        return constants[-1].name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [f"node_{len(nodes)}"], **attributes))
        return str(nodes[-1].output[0])

    def convolved(x: str, name: str, stride: int = 1) -> str:
        weight = arrays[f"convs.{name}.weight"]
        margin = weight.shape[-1] // 2
        pads = constant(np.array([0, 0, margin, margin] * 2, np.int64))
        inputs = [node("Pad", x, pads, mode="reflect"), constant(weight)]
        if (bias := arrays.get(f"convs.{name}.bias")) is not None:
            inputs.append(constant(bias))
        return node("Conv", *inputs, kernel_shape=list(weight.shape[-2:]), strides=[stride, stride])

    styled_names = [f"residual_{block}_{half}" for block in range(BLOCKS) for half in range(2)]
    styled_names += [f"expand_{index}" for index in range(3)]
    widths = [len(arrays[f"convs.{name}.weight"]) for name in styled_names]
    # Shifts of all layers come first, then the factors of all.
    numbers = node("Gemm", "vector", constant(arrays["style.weight"]), constant(arrays["style.bias"]), transB=1)
    flat = node("Reshape", numbers, constant(np.array([-1], np.int64)))
    ends = np.cumsum([0, *widths, *widths])

    def part(number: int) -> str:
        start, end = (constant(np.array([value], np.int64)) for value in (ends[number], ends[number + 1]))
        return node("Slice", flat, start, end)

    def styled(x: str, name: str) -> str:
        number = styled_names.index(name)
        return node(
            "InstanceNormalization", convolved(x, name), part(number + len(widths)), part(number), epsilon=EPSILON
        )

    def doubled(x: str) -> str:
        scales = constant(np.array([1, 1, 2, 2], np.float32))
        return node(
            "Resize", x, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"
        )

    x = "image"
    for name, stride in CONTRACT.items():
        x = node("Relu", convolved(x, name, stride))
    for block in range(BLOCKS):
        inner = styled(node("Relu", styled(x, f"residual_{block}_0")), f"residual_{block}_1")
        x = node("Add", x, inner)
    for name in ("expand_0", "expand_1"):
        x = node("Relu", styled(doubled(x), name))
    x = node("Sigmoid", styled(x, "expand_2"))

    def picture(name: str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, "height", "width"])

    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, arrays["style.weight"].shape[1]])
    graph = helper.make_graph(nodes, "transformer", [picture("image"), vector], [picture(x)], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
