# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_an_installation_holds_everything_that_the_page_is_made_of(tmp_path):
    if not (ROOT / "setup.py").is_file():
        pytest.skip("needs the source tree")
    build = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    source = ROOT / "fusion_ros" / "report"
    parts = {path.name for path in source.iterdir() if path.suffix in (".css", ".jinja", ".js")}
    assert {"page.css", "page.html.jinja", "page.js"} <= parts
    assert {part for part in parts if not (tmp_path / "fusion_ros/report" / part).exists()} == set()
