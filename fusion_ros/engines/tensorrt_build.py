# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds a TensorRT plan from an ONNX file; for TensorRT 8.6, 10 and 11.

Convention:
    TensorRT reports most failures by returning None or False, and the reason in its log.
    Without a working CUDA some objects exist but crash at their first use, so an error in the
    log counts as a failure of the call before it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import tensorrt

from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shape = tuple[int, ...]

# Names of flags that a version may lack: before 10 the network must be told that shapes
# include all axes, and since 10 that types are those of the ONNX file (11 knows nothing else).
NETWORK_FLAGS = ("EXPLICIT_BATCH", "STRONGLY_TYPED")

logger = logging.getLogger(__name__)


class TensorRtLog(tensorrt.ILogger):  # type: ignore[misc]
    """Keeps the errors of TensorRT for our own messages, and hands on its warnings."""

    def __init__(self) -> None:
        """Nothing logged yet."""
        tensorrt.ILogger.__init__(self)
        self._errors: list[str] = []

    def log(self, severity: Any, msg: str) -> None:
        """Called by TensorRT, from any thread."""
        levels = tensorrt.ILogger.Severity
        if severity in (levels.INTERNAL_ERROR, levels.ERROR):
            self._errors.append(msg)
        elif severity == levels.WARNING:
            logger.info("TensorRT: %s", msg)

    def create(self, kind: Any, *arguments: object) -> Any:
        """Construct one of TensorRT's objects; raises `DeviceError`."""
        self._errors.clear()
        try:
            created = kind(*arguments, self)
        except (TypeError, RuntimeError) as err:
            self._errors.append(str(err))
        if self._errors:
            self.require(None, f"start its {kind.__name__}")
        return created

    def require(self, result: Any, what: str) -> Any:
        """Return `result`, or raise `DeviceError` if it is None or False."""
        if result is None or result is False:
            reasons = "; ".join(self._errors) or "it gives no reason"
            raise DeviceError(f"TensorRT {tensorrt.__version__} could not {what}: {reasons}")
        self._errors.clear()
        return result


def precision_here() -> str:
    """The precision to build in: ``fp16`` where types are taken from the ONNX file.

    An older TensorRT would choose types itself, also for what must stay exact.
    """
    typed = hasattr(tensorrt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED")
    return "fp16" if typed else "fp32"


def build_plan(graph: bytes, profile: Mapping[str, tuple[Shape, Shape, Shape]]) -> bytes:
    """Build a plan for the GPU of this process; takes minutes on a Jetson.

    Args:
        graph: An ONNX file.
        profile: Smallest, typical and largest shape of each input, by name.

    Returns:
        The serialized plan.

    Raises:
        DeviceError: TensorRT cannot build it; the message has TensorRT's reasons.
    """
    log = TensorRtLog()
    builder = log.create(tensorrt.Builder)
    network = log.require(builder.create_network(_network_flags()), "make a network")
    parser = log.create(tensorrt.OnnxParser, network)
    if not parser.parse(graph):
        reasons = [str(parser.get_error(index)) for index in range(parser.num_errors)]
        raise DeviceError(
            f"TensorRT {tensorrt.__version__} cannot read the model's graph: {'; '.join(reasons)}"
        )
    config = log.require(builder.create_builder_config(), "make a configuration")
    # TensorFloat-32 keeps 10 bits of a float32; the file's type is what was asked for.
    config.clear_flag(tensorrt.BuilderFlag.TF32)
    shapes = log.require(builder.create_optimization_profile(), "make a profile of shapes")
    for name, (smallest, typical, largest) in profile.items():
        shapes.set_shape(name, smallest, typical, largest)
    accepted = config.add_optimization_profile(shapes) >= 0
    log.require(accepted, "use the profile of shapes")
    plan = log.require(builder.build_serialized_network(network, config), "build the plan")
    return bytes(plan)


def _network_flags() -> int:
    kinds = tensorrt.NetworkDefinitionCreationFlag
    flags = [getattr(kinds, name) for name in NETWORK_FLAGS if hasattr(kinds, name)]
    return sum(1 << int(flag) for flag in flags)
