"""The predictor of instant stylizing: a style picture as 100 numbers (Ghiasi et al. 2017, arXiv:1705.06830)."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from functools import cache

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from studio.base import Message
from studio.stylization.blend import check_picture
from studio.stylization.color import resized
from studio.stylization.transformer import model_file

PREDICTOR_SIDE = 256
"""Styles are seen at so many pixels."""
_VECTORS_KEPT = 256


def style_vector(image: NDArray[np.uint8], scale: float = 1.0, *, exact: bool = True) -> NDArray[np.float32]:
    """The style of ``image`` as 100 numbers, float32 (1, 1, 1, 100). Remembered by content.

    ``scale`` above 1 looks at the middle of the picture only, which makes its brush strokes larger; below 1 at the
    picture repeated as in a mirror, which makes them smaller. Not ``exact`` are the numbers that stylizations until the
    third process were made with: the network computes them in 8 bits, and processors differ in what they do where a
    sum does not fit.
    """
    key = (hashlib.blake2b(image.tobytes()).digest(), image.shape, round(scale, 3), exact)
    with _vectors_lock:
        known = _vectors.get(key)
        if known is not None:
            _vectors.move_to_end(key)
            return known
    check_picture(image, Message("The style"))
    side = min(image.shape[:2])
    if scale > 1:
        side = max(8, round(side / scale))
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = resized(image[top : top + side, left : left + side], PREDICTOR_SIDE, PREDICTOR_SIDE)
    if scale < 1:
        smaller = resized(square, *(max(32, round(PREDICTOR_SIDE * scale)),) * 2)
        square = np.pad(smaller, ((0, PREDICTOR_SIDE - len(smaller)),) * 2 + ((0, 0),), mode="symmetric")
    session = _predictor(exact)
    name = session.get_inputs()[0].name
    vector: NDArray[np.float32] = session.run(None, {name: square.astype(np.float32)[None] / 255.0})[0]
    with _vectors_lock:
        _vectors[key] = vector
        while len(_vectors) > _VECTORS_KEPT:
            _vectors.popitem(last=False)
    return vector


_vectors: OrderedDict[tuple[bytes, tuple[int, ...], float, bool], NDArray[np.float32]] = OrderedDict()
_vectors_lock = threading.Lock()


@cache
def _predictor(exact: bool) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = max(1, min(8, os.cpu_count() or 1))
    # Threads that wait by spinning would slow torch down, which shares the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    packaged = model_file("arbitrary_predict")
    network = without_rounding(packaged) if exact else packaged
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def without_rounding(network: bytes) -> bytes:
    """Return an ONNX network that computes what ``network`` does, without rounding its features to 8 bits.

    onnxruntime would join rounded features and weights to products of whole numbers, whose sums do not fit into 16 bits
    on processors without VNNI: there the numbers of a style are others, noisier and greener.
    """
    import onnx  # half a second, and only the first preview needs it

    model = onnx.load_model_from_string(network)
    graph = model.graph
    stored = {each.name for each in graph.initializer}
    source: dict[str, str] = {}  # of a rounded value, what it was before
    kept = []
    for node in graph.node:
        rounds = node.op_type == "QuantizeLinear"
        if rounds or (node.op_type == "DequantizeLinear" and node.input[0] not in stored):
            source[node.output[0]] = source.get(node.input[0], node.input[0])
        else:
            node.input[:] = [source.get(name, name) for name in node.input]
            kept.append(node)
    for output in graph.output:
        if output.name in source:
            kept.append(onnx.helper.make_node("Identity", [source[output.name]], [output.name]))
    del graph.node[:]
    graph.node.extend(kept)
    return bytes(model.SerializeToString())
