# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes an ONNX graph node by node; needs the package `onnx`, so only exports import it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

# The newest that TensorRT 8.6 reads, and the version of the file format that belongs to it.
OPSET = 17
IR_VERSION = 8
PRODUCER = "fusion_ros"
ELEMENT_TYPES: Mapping[str, int] = {
    "uint8": TensorProto.UINT8,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "float16": TensorProto.FLOAT16,
    "float32": TensorProto.FLOAT,
}


class OnnxWriter:
    """Collects the nodes of a graph; values are known by their names."""

    def __init__(self) -> None:
        """Start with an empty graph."""
        self._nodes: list[Any] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._initializers: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []

    def input(self, name: str, dtype: str, shape: Sequence[int | str]) -> str:
        """Declare an input of the graph; a name in `shape` is a free dimension."""
        self._inputs.append(helper.make_tensor_value_info(name, ELEMENT_TYPES[dtype], shape))
        return name

    def output(self, name: str, value: str, dtype: str, shape: Sequence[int | str]) -> None:
        """Declare `value` to be an output of the graph."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(helper.make_tensor_value_info(name, ELEMENT_TYPES[dtype], shape))

    def constant(self, values: NDArray[np.generic]) -> str:
        """Store an array in the graph; equal arrays are stored once."""
        key = (str(values.dtype), values.shape, values.tobytes())
        if key not in self._constants:
            name = f"constant_{len(self._constants)}"
            self._constants[key] = name
            self._initializers.append(numpy_helper.from_array(values, name))
        return self._constants[key]

    def number(self, value: float) -> str:
        """Store a float32, for arithmetic that repeats it as often as needed."""
        return self.constant(np.array([value], dtype=np.float32))

    def integers(self, *values: int) -> str:
        """Store a list of int64, which is how ONNX takes shapes, axes and paddings."""
        return self.constant(np.array(values, dtype=np.int64))

    def index(self, value: int) -> str:
        """Store an int64 without dimensions, by which one of several is taken."""
        return self.constant(np.array(value, dtype=np.int64))

    def bound(self, value: float) -> str:
        """Store a float32 without dimensions, as `Range` takes them."""
        return self.constant(np.array(value, dtype=np.float32))

    def apply(self, operator: str, *inputs: str, **attributes: object) -> str:
        """Add a node with one output, and return the output's name."""
        name = f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], name, **attributes))
        return name

    def cast(self, value: str, dtype: str) -> str:
        """Convert to another type of element."""
        return self.apply("Cast", value, to=ELEMENT_TYPES[dtype])

    def to_bytes(self, graph_name: str, properties: Mapping[str, str]) -> bytes:
        """Check and serialize the graph.

        Args:
            graph_name: Name that tools show.
            properties: Written into the file's metadata.

        Returns:
            The ONNX file. The same nodes and arrays give the same bytes.
        """
        graph = helper.make_graph(
            self._nodes, graph_name, self._inputs, self._outputs, self._initializers
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name=PRODUCER,
        )
        helper.set_model_props(model, dict(properties))
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
