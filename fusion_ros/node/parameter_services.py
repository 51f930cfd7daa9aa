# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameter table as parameters of a ROS node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor

from fusion_ros.parameters.table import PARAMETERS, ParameterSpec

if TYPE_CHECKING:
    from rclpy.node import Node


def declare_parameters(node: Node) -> None:
    """Declare the whole table on `node`."""
    for spec in PARAMETERS:
        node.declare_parameter(spec.name, spec.default, descriptor(spec))


def parameter_values(node: Node) -> dict[str, object]:
    """Current value of every parameter of the table."""
    return {spec.name: node.get_parameter(spec.name).value for spec in PARAMETERS}


def descriptor(spec: ParameterSpec) -> ParameterDescriptor:
    """What `ros2 param describe` tells of a parameter."""
    unit = f" [{spec.unit}]" if spec.unit else ""
    message = ParameterDescriptor(name=spec.name, description=f"{spec.text}{unit}")
    if spec.choices:
        message.additional_constraints = f"one of: {', '.join(spec.choices)}"
    if spec.low is not None and spec.high is not None:
        if isinstance(spec.default, float):
            message.floating_point_range = [
                FloatingPointRange(from_value=spec.low, to_value=spec.high)
            ]
        else:
            message.integer_range = [
                IntegerRange(from_value=int(spec.low), to_value=int(spec.high), step=1)
            ]
    return message
