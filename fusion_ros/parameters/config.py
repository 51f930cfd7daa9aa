# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Values of the parameters, validated and in the units of the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.parameters.table import BY_NAME, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PairingConfig:
    """Settings of the pairing; arguments of `StampMatcher`."""

    tolerance_ns: int
    visible_offset_ns: int
    thermal_offset_ns: int
    queue_size: int
    reuse_thermal: bool


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """All parameters, validated and in the units of the code."""

    backend: str
    engine: str
    model: str
    autostart: bool
    output_encoding: str
    pairing: PairingConfig


def node_config(values: Mapping[str, object]) -> NodeConfig:
    """Validate values and gather them.

    Args:
        values: Value of every parameter of the table.

    Raises:
        ConfigError: A value is missing or not allowed.
    """
    for spec in PARAMETERS:
        spec.check(values.get(spec.name))
    given = {name: value for name, value in values.items() if name in BY_NAME}
    pairing = PairingConfig(
        tolerance_ns=_ns(given["pairing.tolerance_ms"]),
        visible_offset_ns=_ns(given["pairing.visible_offset_ms"]),
        thermal_offset_ns=_ns(given["pairing.thermal_offset_ms"]),
        queue_size=int(given["pairing.queue_size"]),  # type: ignore[call-overload]
        reuse_thermal=bool(given["pairing.reuse_thermal"]),
    )
    return NodeConfig(
        backend=str(given["backend"]),
        engine=str(given["engine"]),
        model=str(given["model"]),
        autostart=bool(given["autostart"]),
        output_encoding=str(given["output.encoding"]),
        pairing=pairing,
    )


def _ns(milliseconds: object) -> int:
    return round(float(milliseconds) * NS_PER_MS)  # type: ignore[arg-type]
