# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes this process believe that it has a GPU and TensorRT; as a program, builds a plan there.

Usage: python fake_machine.py VERSION FAULT,… ARGUMENT…
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from engines.fake_cuda import FakeCuda
from engines.fake_tensorrt import FakeTensorRt
from fusion_ros.engines import cuda_driver

BOUND_TO_TENSORRT = (
    "fusion_ros.engines.tensorrt_build",
    "fusion_ros.engines.tensorrt_session",
    "fusion_ros.engines.tensorrt_plans",
    "fusion_ros.backends.graphs.plan_runner",
    "fusion_ros.backends.hybrid.tensorrt",
    "fusion_ros.backends.mm_lut.tensorrt",
)


def install(version: str, cuda: FakeCuda) -> FakeTensorRt:
    """Make `import tensorrt` give a fake, and the driver another."""
    forget_tensorrt_modules()
    fake = FakeTensorRt(version, cuda)
    sys.modules["tensorrt"] = fake.module()
    cuda_driver._driver = lambda: cuda
    return fake


def forget_tensorrt_modules() -> None:
    """Modules that have imported `tensorrt` are imported anew when they are next needed."""
    for name in BOUND_TO_TENSORRT:
        sys.modules.pop(name, None)


if __name__ == "__main__":
    version, faults, *arguments = sys.argv[1:]
    install(version, FakeCuda()).faults.update(filter(None, faults.split(",")))
    sys.argv[1:] = arguments
    from fusion_ros.cli.main import main

    main()
