# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Point the CMake files of the ROS wheels at the headers of this interpreter.

The wheels' exported targets name folders of the image they were built in, for example
`/opt/python/cp311-cp311/include/python3.11`, and CMake refuses a target whose include folder does
not exist. Run it with the virtual environment's interpreter; running it again changes nothing.
"""

import re
import sys
import sysconfig
from pathlib import Path

import numpy as np

_BUILD_IMAGE = r"/opt/python/cp3\d+-cp3\d+"
_NUMPY = _BUILD_IMAGE + r"/lib/python3\.\d+/site-packages/numpy/_?core/include"
_REPLACEMENTS = {
    re.compile(_BUILD_IMAGE + r"/include/python3\.\d+"): sysconfig.get_path("include"),
    re.compile(_NUMPY): np.get_include(),
}


def relocate(prefix: Path) -> int:
    """Rewrite `share/*/cmake/*.cmake` under `prefix`; returns how many files changed."""
    changed = 0
    for path in prefix.glob("share/*/cmake/*.cmake"):
        before = path.read_text(encoding="utf-8")
        after = before
        for pattern, folder in _REPLACEMENTS.items():
            after = pattern.sub(folder, after)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed += 1
    return changed


if __name__ == "__main__":
    relocate(Path(sys.prefix))
