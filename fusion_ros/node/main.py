# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs the node until SIGINT or SIGTERM; ends with exit code 0."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions

from fusion_ros.node.fusion_node import FusionNode

if TYPE_CHECKING:
    from collections.abc import Sequence

# How often a waiting node looks whether it shall end. [s]
STOP_CHECK_S = 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the node.

    Args:
        arguments: Command line without the program's name; ROS takes what follows --ros-args.

    Returns:
        Exit code.
    """
    stop = _StopOnSignal()
    try:
        # rclpy's own handlers invalidate the context at once, while the worker still publishes.
        rclpy.init(
            args=[sys.argv[0], *(sys.argv[1:] if arguments is None else arguments)],
            signal_handler_options=SignalHandlerOptions.NO,
        )
        node = FusionNode()
    # rclpy raises many types for what is wrong on the command line or in a parameters file.
    except Exception as err:
        print(f"fusion_node: cannot start: {err}", file=sys.stderr)
        rclpy.try_shutdown()
        return 1
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        node.start()
        while not stop.requested and rclpy.ok():
            executor.spin_once(timeout_sec=STOP_CHECK_S)
    finally:
        executor.remove_node(node)
        node.destroy_node()
        executor.shutdown()
        rclpy.try_shutdown()
    return 0


class _StopOnSignal:
    """Notes SIGINT and SIGTERM; the loop ends at its next turn."""

    def __init__(self) -> None:
        """Take the signals over."""
        self.requested = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, _signal: int, _frame: object) -> None:
        self.requested = True
