# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hybrid as a graph."""

from __future__ import annotations

from fusion_ros.backends.graphs.graph_family import GraphFamily
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.backends.hybrid.reference import HybridReference

# The graph of the network alone, from features of blocks to what each block says.
NETWORK = "network"

HYBRID_GRAPHS = GraphFamily(
    load=HybridModel.load,
    exporter="fusion_ros.backends.hybrid.onnx_graph:export_onnx",
    reference=HybridReference,
    parts=(NETWORK,),
)
