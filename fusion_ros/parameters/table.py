# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameters: one table, from which everything else about them is derived.

The node declares them from it and validates `ros2 param set` by it, `fusion_ros replay` reads the
node's parameters file by it; `config/fusion.yaml` and `docs/parameters.md` are checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.backends.registry import AUTO, BACKENDS, ENGINES
from fusion_ros.errors import ConfigError
from fusion_ros.pairing.stamp_matcher import DEFAULT_QUEUE_SIZE
from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter.

    Attributes:
        name: As in ``ros2 param``.
        default: Default value; its type is the parameter's type.
        text: What it does, for people.
        unit: Unit of the value, empty where there is none.
        low: Smallest value allowed.
        high: Largest value allowed.
        choices: The values allowed, empty for any.
        live: Whether a change takes effect at once; others only before the node is configured.
    """

    name: str
    default: Value
    text: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False

    def check(self, value: object) -> None:
        """Raise `ConfigError` unless `value` may be given to this parameter."""
        # bool is an int for Python, not for ROS.
        if type(value) is not type(self.default):
            raise ConfigError(
                f"parameter '{self.name}': expected a {type(self.default).__name__}, got "
                f"{value!r}{self._advice(value)}"
            )
        if self.choices and value not in self.choices:
            raise ConfigError(
                f"parameter '{self.name}': expected one of {', '.join(self.choices)}, got {value!r}"
            )
        if self.low is not None and self.high is not None and isinstance(value, int | float):
            # Written so that NaN is refused.
            if not self.low <= value <= self.high:
                raise ConfigError(
                    f"parameter '{self.name}': expected {self.low:g} to {self.high:g} "
                    f"{self.unit}, got {value}"
                )

    def _advice(self, value: object) -> str:
        wants_point = type(self.default) is float and type(value) is int
        return f"; ROS asks for a decimal point: {value}.0" if wants_point else ""


PARAMETERS: tuple[ParameterSpec, ...] = (
    ParameterSpec(
        "backend",
        DEFAULT_BACKEND,
        "How to fuse: " + "; ".join(f"{name}: {info.summary}" for name, info in BACKENDS.items()),
        choices=tuple(BACKENDS),
    ),
    ParameterSpec(
        "engine",
        AUTO,
        "What to run the backend on; auto picks the fastest that can run here and says which",
        choices=(AUTO, *ENGINES),
    ),
    ParameterSpec(
        "model",
        "",
        "Model file, or a name from models/manifest.yaml; empty for the backend's own",
    ),
    ParameterSpec(
        "autostart", True, "Configure and activate at start, without a lifecycle manager"
    ),
    ParameterSpec(
        "output.encoding",
        "bgr8",
        "Encoding of fused/image, as the detector wants it",
        choices=("bgr8", "rgb8"),
    ),
    ParameterSpec(
        "pairing.tolerance_ms",
        25.0,
        "Largest distance of a visible and a thermal stamp that are fused; 0 asks for equal stamps",
        unit="ms",
        low=0.0,
        high=10_000.0,
        live=True,
    ),
    ParameterSpec(
        "pairing.visible_offset_ms",
        0.0,
        "Added to visible stamps before they are compared",
        unit="ms",
        low=-10_000.0,
        high=10_000.0,
        live=True,
    ),
    ParameterSpec(
        "pairing.thermal_offset_ms",
        0.0,
        "Added to thermal stamps before they are compared; negative if they come too late",
        unit="ms",
        low=-10_000.0,
        high=10_000.0,
        live=True,
    ),
    ParameterSpec(
        "pairing.queue_size",
        DEFAULT_QUEUE_SIZE,
        "Frames of each stream that may wait for a partner; more for a stream that comes late",
        unit="frames",
        low=1,
        high=1000,
        live=True,
    ),
    ParameterSpec(
        "pairing.reuse_thermal",
        False,
        "Fuse every visible frame, using a thermal frame as often as needed; for thermal cameras "
        "slower than the visible one (set pairing.tolerance_ms to the thermal period)",
        live=True,
    ),
)
BY_NAME: Mapping[str, ParameterSpec] = {spec.name: spec for spec in PARAMETERS}
