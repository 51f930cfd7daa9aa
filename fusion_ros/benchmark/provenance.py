# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where and when figures were taken."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

from fusion_ros import __version__
from fusion_ros.environment import gather_environment

BYTES_PER_GB = 1e9


def provenance() -> dict[str, object]:
    """Date, hardware, commit and versions that belong beside every figure.

    Every value is a str or an int. ``gpu`` is "none" without one; a package that is not installed
    is "absent"; ``commit`` is "release <version>" where this is no checkout of the source.
    """
    facts = gather_environment()
    hardware = facts.hardware
    libraries = {
        ("opencv" if module == "cv2" else module): facts.versions[module] or "absent"
        for module in ("numpy", "cv2", "numba", "onnxruntime", "torch")
    }
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": hardware.processor,
        "cores": hardware.usable_cores,
        "memory_gb": _memory_gb(),
        "gpu": hardware.jetson or "; ".join(hardware.gpus) or "none",
        "system": facts.system,
        "commit": _commit(Path(__file__).resolve()),
        "fusion_ros": __version__,
        "python": facts.python,
        **libraries,
        "ros": facts.ros.distribution or "absent",
    }


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / BYTES_PER_GB)


def _commit(file: Path) -> str:
    """What git says of the checkout that holds `file`, marked where it was changed since."""
    release = f"release {__version__}"
    # An installed copy may lie in somebody else's repository, as in a virtual environment there.
    if not _git(file, "ls-files", file.name):
        return release
    return _git(file, "describe", "--always", "--dirty") or release


def _git(file: Path, *arguments: str) -> str:
    """Answer of git in the folder of `file`; empty without git or outside of a repository."""
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=file.parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return result.stdout.strip()
