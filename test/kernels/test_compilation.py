# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiled kernels are kept where they can be, and never outlive their sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "fusion_ros"
# What a start to the first fused frame may take when the kernels are kept. [s]
START_S = 5.0
FUSE_ONE = (
    "import numpy as np; from fusion_ros.kernels.pixel_arithmetic import luma_level; "
    "print(luma_level(10, 20, 30))"
)
FUSE_FRAME = (
    "import numpy as np; from fusion_ros import FramePair, load_backend; "
    "pair = FramePair(np.full((480, 640, 3), 90, np.uint8), np.full((480, 640), 120, np.uint8)); "
    "print(load_backend('mm_lut', 'cpu').fuse(pair).image.shape)"
)


def run(program, folder=None, **variables):
    environment = {**os.environ, **variables}
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def copy_of_the_package(folder):
    shutil.copytree(PACKAGE, folder / "fusion_ros", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def unwritable(folder):
    """A path below a file: no folder can be made there, whoever asks."""
    (folder / "file").touch()
    return str(folder / "file" / "cache")


def test_kernels_run_where_no_folder_for_compiled_code_can_be_made(tmp_path):
    package = copy_of_the_package(tmp_path / "copy")
    kernels = package / "fusion_ros" / "kernels"
    (kernels / "__pycache__").touch()
    nowhere = unwritable(tmp_path)
    places = {"NUMBA_CACHE_DIR": nowhere, "HOME": nowhere, "XDG_CACHE_HOME": nowhere}
    variables = {**places, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    program = f"import fusion_ros; assert fusion_ros.__file__.startswith({str(package)!r}); "
    assert run(program + FUSE_ONE, package, **variables) == "22"
    assert not list(tmp_path.rglob("*.nbi"))


def test_kernels_are_kept_in_the_folder_that_was_chosen(tmp_path):
    run(FUSE_ONE, NUMBA_CACHE_DIR=str(tmp_path))
    assert list(tmp_path.rglob("*luma_level*.nbc"))


def test_a_changed_constant_in_another_file_is_not_answered_by_kept_code(tmp_path):
    package = copy_of_the_package(tmp_path / "copy")
    variables = {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(package)}
    assert run(FUSE_ONE, package, **variables) == "22"
    luma = package / "fusion_ros" / "core" / "luma.py"
    text = luma.read_text(encoding="utf-8")
    luma.write_text(text.replace("7471, 38470, 19595", "65536, 0, 0"), encoding="utf-8")
    assert run(FUSE_ONE, package, **variables) == "10"


def test_the_first_frame_comes_soon_when_the_kernels_are_kept():
    run(FUSE_FRAME)
    start_s = time.monotonic()
    assert run(FUSE_FRAME) == "(480, 640, 3)"
    assert time.monotonic() - start_s < START_S
