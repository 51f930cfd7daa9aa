# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which part of the package may import what; kept by reading the code, and by importing it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "fusion_ros"
FILES = sorted(PACKAGE.rglob("*.py"))
ROS = {
    "rclpy",
    "message_filters",
    "cv_bridge",
    "rcl_interfaces",
    "sensor_msgs",
    "std_msgs",
    "builtin_interfaces",
    "diagnostic_msgs",
    "lifecycle_msgs",
}
TORCH_ROOMS = ("training", "backends/lutfuse/torch_engine.py", "backends/lutfuse/checkpoints.py")
# Part of the package -> parts that it may not import, for data flows one way.
FORBIDDEN = {
    "core": ("pairing", "preparation", "kernels", "backends", "pipeline", "node", "bags", "replay"),
    "pairing": ("core", "preparation", "kernels", "backends", "pipeline", "node", "bags"),
    "kernels": ("backends", "pipeline", "node", "bags", "replay"),
    "preparation": ("backends", "pipeline", "node", "bags", "replay"),
    "backends": ("pipeline", "node", "bags", "replay", "metrics"),
    "messages": ("backends", "pipeline", "node", "bags", "replay"),
    "engines": ("pipeline", "node", "bags", "replay", "training"),
    "node": ("training", "metrics", "evaluation", "benchmark", "replay", "report"),
    "parameters": ("node", "bags", "replay", "training"),
    "metrics": ("node", "training", "backends", "evaluation"),
    "evaluation": ("node", "training", "bags", "replay"),
    "replay": ("node", "training", "demo"),
    "report": ("node", "training", "replay", "backends"),
}


def imported_modules(path):
    """All modules imported anywhere in a file, except for type checking only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_place_allows(path):
    place = path.relative_to(PACKAGE)
    part = place.parts[0]
    for module in imported_modules(path):
        top = module.split(".")[0]
        if part != "node":
            assert top not in ROS, f"only fusion_ros/node may import {top}"
            assert module != "fusion_ros.msg", "only fusion_ros/node may import the messages"
        if top in ("torch", "lightning"):
            assert str(place).startswith(TORCH_ROOMS) or "torch" in place.name, (
                f"{top} belongs in training, and in what has torch in its name"
            )
        for other in FORBIDDEN.get(part, ()):
            assert not module.startswith(f"fusion_ros.{other}"), f"{part} may not import {other}"
        if part not in ("training", "cli") and "torch" not in place.name:
            assert not module.startswith("fusion_ros.training")


def loaded_after(statement):
    """Top-level modules in a fresh interpreter after a statement."""
    program = f"import sys; {statement}; print(' '.join({{m.split('.')[0] for m in sys.modules}}))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"numpy", "cv2", "numba", "torch", "rclpy", "onnxruntime", "yaml"}
    assert not heavy & loaded_after("import fusion_ros")


def test_the_pipeline_loads_neither_engines_nor_ros_until_they_are_chosen():
    engines = {"torch", "numba", "tensorrt", "onnxruntime", "rclpy", "rosbags", "typer"}
    assert not engines & loaded_after("import fusion_ros.pipeline")


def test_the_default_backend_never_loads_torch():
    assert "torch" not in loaded_after("from fusion_ros import load_backend; load_backend()")


def test_the_public_names_are_there():
    import fusion_ros

    for name in fusion_ros.__all__:
        assert getattr(fusion_ros, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = fusion_ros.nonsense
