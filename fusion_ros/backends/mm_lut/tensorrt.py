# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT on TensorRT."""

from __future__ import annotations

from fusion_ros.backends.graphs.plan_runner import PlanRunner
from fusion_ros.backends.mm_lut.graphs import MM_LUT_GRAPHS


class MmLutTensorRt(PlanRunner):
    """Runs the exported graph of a model as a TensorRT plan."""

    family = MM_LUT_GRAPHS
