# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros node`: the node without `ros2 run`."""

from __future__ import annotations

import typer

from fusion_ros.errors import ConfigError


def node(context: typer.Context) -> int:
    """Run the fusion node; takes the usual arguments after --ros-args."""
    try:
        from fusion_ros.node.main import main
    except ImportError as err:
        raise ConfigError(
            f"the node needs ROS 2 and this package's messages ({err}): run 'make setup' and "
            f"'source scripts/env.sh', or source your workspace's install/setup.bash"
        ) from err
    return main(context.args)
