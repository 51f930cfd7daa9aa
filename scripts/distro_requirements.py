# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Print what pip shall install beside a ROS distribution, as a requirements file.

The distribution's NumPy keeps its version: cv_bridge is compiled against it, and NumPy 2 breaks it.
Only Humble's (1.21) is too old for ONNX Runtime; there a later 1.x, which cv_bridge and the
distribution's SciPy still load, goes into .venv. The distribution's OpenCV, which carries no pip
metadata, is left alone wherever it is.

Usage: .venv/bin/python scripts/distro_requirements.py [EXTRA …]
"""

import importlib.util
import sys
from importlib import metadata

from packaging.requirements import Requirement

NEWEST_NUMPY_FOR_HUMBLE = "numpy>=1.23,<1.25"


def requirements(extras: list[str]) -> list[str]:
    """The requirements of fusion_ros and `extras` that the distribution does not already meet."""
    lines = []
    wanted = [{"extra": extra} for extra in ("", *extras)]
    for text in metadata.requires("fusion_ros") or []:
        requirement = Requirement(text)
        if requirement.marker and not any(map(requirement.marker.evaluate, wanted)):
            continue
        if requirement.name == "numpy" and importlib.util.find_spec("numpy"):
            present = metadata.version("numpy")
            fits = requirement.specifier.contains(present)
            lines.append(f"numpy=={present}" if fits else NEWEST_NUMPY_FOR_HUMBLE)
        elif requirement.name != "opencv-python" or not importlib.util.find_spec("cv2"):
            requirement.marker = None
            lines.append(str(requirement))
    return lines


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1:])))
