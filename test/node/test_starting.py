# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How the node starts and ends when things are not as they should be."""

from __future__ import annotations

import signal

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not installed (make setup)")
pytest.importorskip("fusion_ros.msg", reason="the messages are not built (make setup)")

from fusion_ros import load_backend
from node.running_node import Robot, RunningNode, free_domain, wait_until
from sample_images import smooth_pair

pytestmark = pytest.mark.ros


@pytest.fixture
def start(tmp_path):
    """Starts nodes in a domain apart, and ends what is left of them."""
    started = []

    def run(**parameters):
        domain = free_domain() + 100
        started.append(RunningNode(tmp_path / f"log{len(started)}.txt", domain, **parameters))
        return started[-1]

    yield run
    for node in started:
        node.process.kill()
        node.process.wait()


@pytest.fixture
def robot():
    connected = Robot(free_domain() + 100)
    yield connected
    connected.close()


def test_a_missing_model_is_an_error_in_log_and_diagnostics_and_the_node_stays(start, robot):
    node = start(model="/nowhere/model.npz")
    wait_until(lambda: robot.status("lifecycle"), "diagnostics")
    wait_until(lambda: "cannot configure" in robot.status("lifecycle").message, "the report")
    assert "/nowhere/model.npz" in robot.status("lifecycle").message
    assert "ModelArtifactError" in node.log
    assert node.process.poll() is None
    assert node.stop() == 0


def test_an_engine_that_cannot_run_names_those_that_can(start, robot):
    node = start(engine="tensorrt")
    wait_until(lambda: "EngineUnavailableError" in node.log, "the error")
    assert "Usable here: cpu, reference" in node.log
    assert node.stop() == 0


def test_without_autostart_the_node_waits_for_its_manager(start, robot):
    node = start(autostart="false")
    wait_until(lambda: robot.status("lifecycle"), "diagnostics")
    assert robot.status("lifecycle").message == "not active"
    assert robot.visible.get_subscription_count() == 0
    assert node.stop(signal.SIGTERM) == 0
    assert "Traceback" not in node.log


def test_another_backend_and_encoding_can_be_chosen(start, robot):
    node = start(backend="average", output__encoding="rgb8")
    robot.wait_for_node()
    pair = smooth_pair(32, 40)
    image, timing = robot.fuse(1, pair)
    fused = np.frombuffer(image.data, np.uint8).reshape(32, 40, 3)
    expected = load_backend("average").fuse(pair).image
    assert image.encoding == "rgb8"
    np.testing.assert_array_equal(fused[..., ::-1], expected)
    assert (timing.backend, timing.model_id) == ("average", "")
    assert node.stop() == 0
