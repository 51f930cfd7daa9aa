# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Facts about the machine and the installation; `fusion_ros doctor` prints them.

Nothing heavy is imported to learn that it is there, above all not PyTorch or TensorRT.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")
DISTRIBUTIONS = ("humble", "jazzy", "kilted")

# Import name to the names under which pip may know it.
PACKAGES = {
    "fusion_ros": ("fusion_ros",),
    "numpy": ("numpy",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python"),
    "numba": ("numba",),
    "rosbags": ("rosbags",),
    "onnxruntime": ("onnxruntime", "onnxruntime-gpu"),
    "tensorrt": ("tensorrt", "tensorrt-cu12", "tensorrt-lean-cu12"),
    "torch": ("torch",),
    "rclpy": ("rclpy",),
    "cv_bridge": ("cv_bridge",),
    "message_filters": ("message_filters",),
}
PRESENT = "present"


@dataclass(frozen=True, slots=True)
class RosFacts:
    """ROS 2 as this process sees it.

    Attributes:
        distribution: Name such as ``jazzy``; empty without ROS.
        source: ``sourced distribution``, ``wheels from PyPI`` or empty.
        middleware: The RMW implementation that nodes will use.
        message_built: Whether ``fusion_ros.msg`` can be imported.
        profile: Fast DDS profile file; empty where none is set.
        shared_memory_mb: Free space for shared memory [MB]; None where there is no /dev/shm.
    """

    distribution: str
    source: str
    middleware: str
    message_built: bool
    profile: str
    shared_memory_mb: int | None


@dataclass(frozen=True, slots=True)
class HardwareFacts:
    """What computes.

    Attributes:
        processor: Model name.
        cores: Logical processors of the machine.
        usable_cores: Those that this process may use.
        gpus: Name, driver and memory of each NVIDIA GPU, as nvidia-smi says them.
        jetson: Model and release of a Jetson; empty elsewhere.
    """

    processor: str
    cores: int
    usable_cores: int
    gpus: tuple[str, ...]
    jetson: str


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """Everything about the machine and the installation.

    Attributes:
        python: Version of the interpreter.
        system: Operating system and processor architecture.
        versions: Import name to version; ``present`` where pip does not know it, empty if missing.
    """

    python: str
    system: str
    versions: dict[str, str]
    ros: RosFacts
    hardware: HardwareFacts


def gather_environment() -> EnvironmentFacts:
    """Look at this machine, interpreter and environment."""
    return EnvironmentFacts(
        python=platform.python_version(),
        system=f"{_system_name()}, {platform.machine()}",
        versions={module: _version(module, names) for module, names in PACKAGES.items()},
        ros=_ros_facts(),
        hardware=_hardware_facts(),
    )


def _system_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform(terse=True)


def _version(module: str, names: tuple[str, ...]) -> str:
    if importlib.util.find_spec(module) is None:
        return ""
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return PRESENT


def _ros_facts() -> RosFacts:
    distribution, source = _distribution()
    profiles = [os.environ[name] for name in PROFILE_VARIABLES if os.environ.get(name)]
    shared_memory = Path("/dev/shm")
    return RosFacts(
        distribution=distribution,
        source=source,
        middleware=os.environ.get("RMW_IMPLEMENTATION") or "rmw_fastrtps_cpp",
        message_built=importlib.util.find_spec("fusion_ros.msg") is not None,
        profile=profiles[0] if profiles else "",
        shared_memory_mb=(
            shutil.disk_usage(shared_memory).free // 10**6 if shared_memory.is_dir() else None
        ),
    )


def _distribution() -> tuple[str, str]:
    if sourced := os.environ.get("ROS_DISTRO"):
        return sourced, "sourced distribution"
    for name in DISTRIBUTIONS:
        if _version("rclpy", (f"ros-{name}-rclpy",)) not in ("", PRESENT):
            return name, "wheels from PyPI"
    return "", ""


def _hardware_facts() -> HardwareFacts:
    return HardwareFacts(
        processor=_processor_name(),
        cores=os.cpu_count() or 1,
        usable_cores=len(os.sched_getaffinity(0)),
        gpus=_nvidia_gpus(),
        jetson=_jetson(),
    )


def _processor_name() -> str:
    for line in _first_lines(Path("/proc/cpuinfo"), 32):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _nvidia_gpus() -> tuple[str, ...]:
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in answer.stdout.splitlines() if line.strip())


def _jetson() -> str:
    release = _first_lines(Path("/etc/nv_tegra_release"), 1)
    if not release:
        return ""
    model = _first_lines(Path("/proc/device-tree/model"), 1)
    return ", ".join(line.strip("\0# ") for line in (*model, *release))


def _first_lines(path: Path, count: int) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[:count]
    except OSError:
        return []
