# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What `fusion_ros doctor` concludes, prints and writes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from fusion_ros import installation_check
from fusion_ros.cli.doctor import doctor, show
from fusion_ros.environment import (
    PACKAGES,
    EnvironmentFacts,
    HardwareFacts,
    RosFacts,
    gather_environment,
)
from fusion_ros.errors import ModelArtifactError
from fusion_ros.installation_check import ModelState, check_installation, find_problems

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = EnvironmentFacts(
    python="3.12.3",
    system="Ubuntu 24.04, x86_64",
    versions=dict.fromkeys(PACKAGES, "1.0"),
    ros=RosFacts(
        distribution="jazzy",
        source="sourced distribution",
        middleware="rmw_fastrtps_cpp",
        message_built=True,
        profile="/profile.xml",
        shared_memory_mb=8000,
    ),
    hardware=HardwareFacts("a processor", cores=8, usable_cores=8, gpus=(), jetson=""),
)


def remedies(environment: EnvironmentFacts) -> list[str]:
    return [problem.remedy for problem in find_problems(environment, [], failure="")]


def without(package: str, environment: EnvironmentFacts = COMPLETE) -> EnvironmentFacts:
    return replace(environment, versions={**environment.versions, package: ""})


def test_a_complete_machine_has_nothing_to_do() -> None:
    assert find_problems(COMPLETE, [ModelState("mm_lut", "mm_lut", "")], failure="") == []


def test_without_ros_the_one_remedy_is_setup() -> None:
    bare = replace(COMPLETE, ros=replace(COMPLETE.ros, message_built=False, profile=""))
    assert remedies(without("rclpy", bare)) == ["make setup"]


def test_a_missing_message_is_built_by_setup() -> None:
    ros = replace(COMPLETE.ros, message_built=False)
    assert remedies(replace(COMPLETE, ros=ros)) == ["make setup && source scripts/env.sh"]


def test_a_missing_profile_is_named_for_fast_dds_and_for_no_other_middleware() -> None:
    ros = replace(COMPLETE.ros, profile="")
    assert remedies(replace(COMPLETE, ros=ros)) == ["source scripts/env.sh"]
    ros = replace(ros, middleware="rmw_cyclonedds_cpp")
    assert remedies(replace(COMPLETE, ros=ros)) == []


def test_shared_memory_that_is_too_small_for_the_profile_is_named() -> None:
    ros = replace(COMPLETE.ros, shared_memory_mb=30)
    (problem,) = find_problems(replace(COMPLETE, ros=ros), [], failure="")
    assert "30 MB" in problem.what
    assert "--shm-size" in problem.remedy


@pytest.mark.parametrize("package", ["tensorrt", "onnxruntime", "message_filters", "cv_bridge"])
def test_nothing_is_asked_for_that_no_backend_needs(package: str) -> None:
    gpus = ("NVIDIA RTX A2000, 550.54, 6138 MiB",)
    machine = replace(COMPLETE, hardware=replace(COMPLETE.hardware, gpus=gpus))
    assert remedies(without(package, machine)) == []


def test_a_pipeline_that_fails_comes_first() -> None:
    problems = find_problems(without("torch"), [], failure="no such table")
    assert "no such table" in problems[0].what
    assert len(problems) == 2


def test_a_damaged_model_explains_why_the_pipeline_fails() -> None:
    models = [ModelState("mm_lut", "mm_lut", "the checksum is wrong")]
    (problem,) = find_problems(COMPLETE, models, failure="expected sha256 …")
    assert problem.remedy == "git checkout -- models"


def test_a_sourced_distribution_is_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROS_DISTRO", "humble")
    ros = gather_environment().ros
    assert (ros.distribution, ros.source) == ("humble", "sourced distribution")


def test_looking_around_imports_neither_torch_nor_tensorrt() -> None:
    program = (
        "import sys, fusion_ros.environment as environment;"
        "environment.gather_environment();"
        "print({'torch', 'tensorrt', 'onnxruntime', 'numba', 'rclpy'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_the_default_pipeline_runs_here_and_the_figures_are_written(tmp_path: Path) -> None:
    report = tmp_path / "doctor.json"
    assert doctor(report) == 0
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["engine"] != ""
    assert written["environment"]["python"].count(".") == 2
    assert {"backend": "mm_lut", "engine": "reference", "usable": True, "reason": ""} in written[
        "engines"
    ]


def test_a_pipeline_that_cannot_load_ends_with_one_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_name: str) -> None:
        raise ModelArtifactError("mm_lut.npz: damaged")

    monkeypatch.setattr(installation_check, "load_backend", fail)
    report = tmp_path / "doctor.json"
    assert doctor(report) == 1
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["failure"] == "mm_lut.npz: damaged"


def test_every_problem_is_printed_with_its_remedy() -> None:
    check = check_installation()
    problems = find_problems(without("torch"), [], failure="")
    printed = io.StringIO()
    show(replace(check, problems=problems), Console(width=200, file=printed))
    assert "make setup-train" in printed.getvalue()
