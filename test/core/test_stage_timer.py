# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from fusion_ros.core.stage_timer import StageTimer


def test_stages_split_the_time_and_the_same_name_adds_up():
    clock = iter((0, 2_000_000, 5_000_000, 6_000_000))
    timer = StageTimer(clock_ns=lambda: next(clock))
    timer.finish("prepare")
    timer.finish("fuse")
    timer.finish("prepare")
    assert timer.stages_ms == {"prepare": 3.0, "fuse": 3.0}
