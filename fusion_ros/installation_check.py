# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What of this package works here, what does not, and the one command that mends each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.model_store import file_sha256, manifest_entries
from fusion_ros.backends.registry import Availability, availability, backend_info
from fusion_ros.core.frames import FramePair
from fusion_ros.environment import EnvironmentFacts, gather_environment
from fusion_ros.errors import FusionError, ModelArtifactError
from fusion_ros.pipeline import DEFAULT_BACKEND, load_backend

if TYPE_CHECKING:
    from fusion_ros.artifacts.model_store import ManifestEntry

# Each process holds one shared-memory segment of this size under our Fast DDS profile.
SEGMENT_MB = 42
PROBE_HEIGHT_PX, PROBE_WIDTH_PX = 48, 64


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model of the manifest.

    Attributes:
        problem: Empty where its checksum is right.
    """

    name: str
    backend: str
    problem: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is missing or wrong.

    Attributes:
        what: What does not work because of it.
        remedy: The command that mends it.
    """

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class InstallationCheck:
    """All that `fusion_ros doctor` tells.

    Attributes:
        unavailable: Why an engine that the package supports cannot run here, a line for each.
        engine: Engine on which the default backend fused a small pair; empty if it could not.
        failure: Why it could not.
    """

    environment: EnvironmentFacts
    engines: list[Availability]
    unavailable: list[str]
    models: list[ModelState]
    engine: str
    failure: str
    problems: list[Problem]


def check_installation() -> InstallationCheck:
    """Look at everything, and fuse one small pair with the default backend."""
    environment = gather_environment()
    engines, models = availability(), _model_states()
    engine, failure = _try_default_pipeline()
    return InstallationCheck(
        environment=environment,
        engines=engines,
        unavailable=_reasons(engines),
        models=models,
        engine=engine,
        failure=failure,
        problems=find_problems(environment, models, failure),
    )


def find_problems(
    environment: EnvironmentFacts, models: list[ModelState], failure: str
) -> list[Problem]:
    """Name what is missing, the most serious first; pure, so that it can be tested."""
    found = [
        Problem(f"model '{model.name}': {model.problem}", "git checkout -- models")
        for model in models
        if model.problem
    ]
    if failure and not found:
        found.append(Problem(f"the default pipeline cannot run: {failure}", "make setup"))
    return found + _ros_problems(environment) + _package_problems(environment)


def _ros_problems(environment: EnvironmentFacts) -> list[Problem]:
    ros = environment.ros
    if not environment.versions["rclpy"]:
        return [Problem("no ROS 2 (rclpy): the node cannot run", "make setup")]
    found = []
    if not ros.message_built:
        remedy = "make setup && source scripts/env.sh"
        found.append(Problem("fusion_ros.msg is not built: the node publishes no timing", remedy))
    if ros.middleware.startswith("rmw_fastrtps") and not ros.profile:
        what = "no Fast DDS profile: about a quarter of the images gets lost between processes"
        found.append(Problem(what, "source scripts/env.sh"))
    if ros.profile and ros.shared_memory_mb is not None and ros.shared_memory_mb < SEGMENT_MB:
        what = f"/dev/shm has {ros.shared_memory_mb} MB left, each node takes {SEGMENT_MB} MB"
        found.append(Problem(what, "docker run --shm-size=1g … (or mount -o remount,size=1g)"))
    return found


def _package_problems(environment: EnvironmentFacts) -> list[Problem]:
    if environment.versions["torch"]:
        return []
    return [Problem("no PyTorch: no training", "make setup-train")]


def _reasons(engines: list[Availability]) -> list[str]:
    implemented = (row for row in engines if row.engine in backend_info(row.backend).engines)
    lines = (f"{row.engine}: {row.reason}" for row in implemented if not row.usable)
    return list(dict.fromkeys(lines))


def _model_states() -> list[ModelState]:
    try:
        entries = manifest_entries()
    except FusionError as err:
        return [ModelState("manifest", "", str(err))]
    return [ModelState(entry.name, entry.backend, _model_problem(entry)) for entry in entries]


def _model_problem(entry: ManifestEntry) -> str:
    try:
        found = file_sha256(entry.path)
    except ModelArtifactError:
        return "the file is missing"
    return "" if found == entry.sha256 else "the checksum is wrong"


def _try_default_pipeline() -> tuple[str, str]:
    visible = np.zeros((PROBE_HEIGHT_PX, PROBE_WIDTH_PX, 3), np.uint8)
    pair = FramePair(visible=visible, thermal=visible[:, :, 0].copy())
    try:
        with load_backend(DEFAULT_BACKEND) as pipeline:
            pipeline.fuse(pair)
            return pipeline.engine, ""
    except (FusionError, ImportError) as err:
        return "", str(err)
