# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The launch file: what it hands to the node, and that the node then runs with it."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

pytest.importorskip("launch_ros", reason="PyPI has no launch_ros; it comes with a distribution")
rclpy = pytest.importorskip("rclpy", reason="needs ROS 2")
if importlib.util.find_spec("fusion_ros.msg") is None:
    pytest.skip("needs the built overlay (make setup)", allow_module_level=True)

LAUNCH_FILE = Path(__file__).parents[2] / "launch" / "fuse.launch.py"
DOMAIN_ID = 87
DEADLINE_S = 30.0
# The launch service wants a main thread of its own, so it runs in another process.
LAUNCH_PROGRAM = """
import sys
from launch import LaunchDescription, LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource

given = [tuple(argument.split(":=", 1)) for argument in sys.argv[2:]]
service = LaunchService()
source = PythonLaunchDescriptionSource(sys.argv[1])
service.include_launch_description(
    LaunchDescription([IncludeLaunchDescription(source, launch_arguments=given)])
)
sys.exit(service.run())
"""


@pytest.fixture(scope="module")
def launch_file() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuse_launch", LAUNCH_FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def launched(*arguments: str) -> Iterator[None]:
    """Launch the node with `arguments`; it must end cleanly when interrupted."""
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH_PROGRAM, str(LAUNCH_FILE), *arguments],
        env={**os.environ, "ROS_DOMAIN_ID": str(DOMAIN_ID)},
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        exit_code = process.wait(timeout=DEADLINE_S)
    assert exit_code == 0


@pytest.fixture
def observer() -> Iterator[Any]:
    context = rclpy.context.Context()
    context.init(domain_id=DOMAIN_ID)
    node = rclpy.create_node("observer", context=context)
    yield node
    node.destroy_node()
    context.shutdown()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {DEADLINE_S:g} s for {what}"
        time.sleep(0.05)


def topics_of(observer: Any, name: str, namespace: str) -> set[str]:
    if (name, namespace) not in observer.get_node_names_and_namespaces():
        return set()
    found = observer.get_subscriber_names_and_types_by_node(name, namespace)
    return {topic for topic, _types in found}


def test_camera_info_is_found_beside_the_images(launch_file: ModuleType) -> None:
    expected = [
        ("visible/image_raw", "/rgb/image_raw"),
        ("visible/camera_info", "/rgb/camera_info"),
    ]
    assert launch_file.remaps_of("visible", "/rgb/image_raw") == expected


def test_a_compressed_topic_is_refused_with_the_way_out(launch_file: ModuleType) -> None:
    with pytest.raises(ValueError, match="image_transport republish"):
        launch_file.remaps_of("visible", "/rgb/image_raw/compressed")


def test_an_empty_topic_is_not_remapped(launch_file: ModuleType) -> None:
    assert launch_file.remaps_of("thermal", "") == []


def test_a_middleware_profile_of_the_user_is_left_alone(launch_file: ModuleType) -> None:
    assert launch_file.large_image_profile({"FASTDDS_DEFAULT_PROFILES_FILE": "mine.xml"}) == {}


def test_without_a_middleware_profile_ours_is_set_for_old_and_new_fast_dds(
    launch_file: ModuleType,
) -> None:
    variables = launch_file.large_image_profile({})
    assert set(variables) == set(launch_file.PROFILE_VARIABLES)
    assert all(Path(path).is_file() for path in variables.values())


@pytest.mark.ros
def test_the_node_runs_in_the_namespace_on_the_topics_with_the_backend_that_were_given(
    observer: Any,
) -> None:
    from rclpy.executors import SingleThreadedExecutor
    from rclpy.parameter_client import AsyncParameterClient

    arguments = ("namespace:=robot", "visible:=/rgb/image_raw", "thermal:=/lwir/image_raw")
    with launched(*arguments, "backend:=average", "engine:=reference"):
        wanted = {"/rgb/image_raw", "/lwir/image_raw"}
        wait_for(lambda: wanted <= topics_of(observer, "fusion_node", "/robot"), "the topics")

        client = AsyncParameterClient(observer, "/robot/fusion_node")
        assert client.wait_for_services(timeout_sec=DEADLINE_S)
        executor = SingleThreadedExecutor(context=observer.context)
        executor.add_node(observer)
        answer = client.get_parameters(["backend", "engine", "pairing.tolerance_ms"])
        executor.spin_until_future_complete(answer, timeout_sec=DEADLINE_S)
        backend, engine, tolerance = answer.result().values
        assert (backend.string_value, engine.string_value) == ("average", "reference")
        assert tolerance.double_value > 0, "not given, so it comes from the parameters file"
