# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the files lie that come with the package: models, configuration, message definitions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fusion_ros.errors import ConfigError

PACKAGE = "fusion_ros"


def resource(relative: str) -> Path:
    """Find a file that comes with the package.

    Looks in the source tree, in the sourced ROS prefixes, and where pip puts data files.

    Args:
        relative: Path below the package's share folder, e.g. ``models/manifest.yaml``.

    Raises:
        ConfigError: It is in none of them.
    """
    roots = [Path(__file__).resolve().parents[2]]
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    roots += [Path(prefix) / "share" / PACKAGE for prefix in (*prefixes, sys.prefix) if prefix]
    for root in roots:
        if (root / relative).is_file():
            return root / relative
    searched = ", ".join(str(root) for root in roots)
    raise ConfigError(
        f"{relative}: expected in one of: {searched}; reinstall fusion_ros, or source its overlay"
    )
