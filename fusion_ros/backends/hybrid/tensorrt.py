# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid on TensorRT."""

from __future__ import annotations

from fusion_ros.backends.graphs.plan_runner import PlanRunner
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS


class HybridTensorRt(PlanRunner):
    """Runs the exported graph of a model as a TensorRT plan."""

    family = HYBRID_GRAPHS
