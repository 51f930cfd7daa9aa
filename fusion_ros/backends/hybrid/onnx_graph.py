# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hybrid as ONNX graphs: the whole fusion, or the guidance network alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.graphs.onnx_images import (
    IMAGE_AXES,
    block_features,
    cut_to,
    enlarge,
    fused_images,
    pad,
    planes,
    source_images,
)
from fusion_ros.backends.hybrid.graphs import NETWORK
from fusion_ros.backends.hybrid.model import FEATURES, OUTPUTS
from fusion_ros.backends.hybrid.onnx_pyramid import blend_difference, hold_inside
from fusion_ros.engines.onnx_writer import OnnxWriter

if TYPE_CHECKING:
    from fusion_ros.backends.hybrid.model import Convolution, HybridModel


def export_onnx(model: HybridModel, name: str, model_sha256: str) -> bytes:
    """Write a model as an ONNX file.

    Args:
        model: The trained network.
        name: ``fp32`` or ``fp16`` for the whole fusion, as `GraphFamily` describes it; or
            ``network`` for what maps ``features`` (1, 4, rows, columns) to ``outputs``
            (1, 2, rows, columns), both float32, see `backends.hybrid.guidance`.
        model_sha256: Checksum of the model's own file, noted in the metadata.
    """
    onnx = OnnxWriter()
    if name == NETWORK:
        grid = ("rows", "columns")
        features = onnx.input("features", "float32", (1, FEATURES, *grid))
        outputs = _network(onnx, model, features, "float32")
        onnx.output("outputs", outputs, "float32", (1, OUTPUTS, *grid))
        kind = "part"
    else:
        _whole_fusion(onnx, model, PRECISIONS[name])
        kind = "precision"
    return onnx.to_bytes("hybrid", {kind: name, "model_sha256": model_sha256})


def _whole_fusion(onnx: OnnxWriter, model: HybridModel, dtype: str) -> None:
    colours, grey, thermal = source_images(onnx)
    wide = tuple(_widen(onnx, image, model.multiple_px) for image in (grey, thermal))
    features = block_features(onnx, wide, model.stride_px)
    outputs = enlarge(onnx, _network(onnx, model, features, dtype), model.stride_px)
    logit, gain = (
        cut_to(
            onnx,
            onnx.apply("Gather", onnx.apply("Squeeze", outputs, onnx.integers(0)), index),
            grey,
        )
        for index in map(onnx.index, range(OUTPUTS))
    )
    difference = onnx.apply("Sub", thermal, grey)
    raised = onnx.apply("Mul", gain, difference)
    weight = onnx.apply("Sigmoid", onnx.apply("Add", logit, raised))
    change = blend_difference(onnx, planes(onnx, difference), planes(onnx, weight))
    sources = planes(onnx, grey), planes(onnx, thermal)
    held = hold_inside(onnx, onnx.apply("Add", sources[0], change), *sources)
    moved = onnx.apply("Squeeze", onnx.apply("Sub", held, sources[0]), onnx.integers(*IMAGE_AXES))
    fused_images(onnx, colours, moved, weight)


def _widen(onnx: OnnxWriter, image: str, multiple: int) -> str:
    """Replicate the last row and column of (height, width) up to multiples of a number."""
    padded = pad(onnx, planes(onnx, image), 0, multiple - 1)
    wide = onnx.apply("Squeeze", padded, onnx.integers(*IMAGE_AXES))
    side = onnx.integers(multiple)
    cells = onnx.apply("Div", onnx.apply("Shape", wide), side)
    size = onnx.apply("Mul", cells, side)
    return onnx.apply("Slice", wide, onnx.integers(0, 0), size, onnx.integers(0, 1))


def _network(onnx: OnnxWriter, model: HybridModel, features: str, dtype: str) -> str:
    hidden = entry = onnx.cast(features, dtype)
    kept = []
    for level, convolutions in enumerate(model.down):
        if level:
            hidden = onnx.apply("MaxPool", hidden, kernel_shape=[2, 2], strides=[2, 2])
        hidden = _twice(onnx, hidden, convolutions, dtype)
        kept.append(hidden)
    for convolutions, beside in zip(model.up[::-1], kept[-2::-1], strict=True):
        above = enlarge(onnx, hidden, 2)
        hidden = _twice(onnx, onnx.apply("Concat", above, beside, axis=1), convolutions, dtype)
    seen = onnx.apply("Concat", hidden, entry, axis=1)
    return onnx.cast(_convolve(onnx, seen, model.head, dtype), "float32")


def _twice(
    onnx: OnnxWriter, hidden: str, convolutions: tuple[Convolution, Convolution], dtype: str
) -> str:
    for convolution in convolutions:
        padded = pad(onnx, hidden, 1, 1)
        hidden = onnx.apply("Relu", _convolve(onnx, padded, convolution, dtype))
    return hidden


def _convolve(onnx: OnnxWriter, hidden: str, convolution: Convolution, dtype: str) -> str:
    weight = onnx.constant(convolution.weight.astype(dtype))
    return onnx.apply("Conv", hidden, weight, onnx.constant(convolution.bias.astype(dtype)))
