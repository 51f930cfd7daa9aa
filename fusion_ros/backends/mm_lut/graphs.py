# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT as a graph."""

from __future__ import annotations

from fusion_ros.backends.graphs.graph_family import GraphFamily
from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.backends.mm_lut.reference import MmLutReference

MM_LUT_GRAPHS = GraphFamily(
    load=MmLutModel.load,
    exporter="fusion_ros.backends.mm_lut.onnx_graph:export_onnx",
    reference=MmLutReference,
)
