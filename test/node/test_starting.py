# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How the node starts and ends when things are not as they should be."""

from __future__ import annotations

import itertools
import re
import signal

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not installed (make setup)")
pytest.importorskip("fusion_ros.msg", reason="the messages are not built (make setup)")

from rclpy.qos import ReliabilityPolicy
from sensor_msgs.msg import Image

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
    assert "/nowhere/model.npz: expected a model file" in node.log
    assert "Traceback" not in node.log
    assert node.process.poll() is None
    assert node.stop() == 0


def test_an_engine_that_cannot_run_names_those_that_can(start, robot):
    node = start(engine="tensorrt")
    wait_until(lambda: "cannot run on engine 'tensorrt'" in node.log, "the error")
    assert re.search("Usable here: cpu, (onnxruntime, )?reference", node.log)
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


def test_the_hybrid_publishes_its_picture_and_the_guidance_that_made_it(start, robot):
    node = start(backend="hybrid")
    robot.wait_for_node()
    robot.listen("guidance/image", Image)
    maps, number = robot.received["guidance/image"], itertools.count(1)
    pair = smooth_pair(48, 64)

    def arrived():
        arrived.image, arrived.timing = robot.fuse(next(number), pair)
        return maps

    wait_until(arrived, "guidance")
    expected = load_backend("hybrid").fuse(pair)
    fused = np.frombuffer(arrived.image.data, np.uint8).reshape(48, 64, 3)
    np.testing.assert_array_equal(fused, expected.image)
    guidance = np.frombuffer(maps[-1].data, np.uint8).reshape(48, 64)
    assert np.abs(guidance / 255 - expected.guidance).max() < 0.003
    assert (arrived.timing.backend, arrived.timing.engine) == ("hybrid", "cpu")
    assert arrived.timing.model_id.startswith("hybrid@")
    assert node.stop() == 0


def test_a_failed_activation_is_reported_and_leaves_nothing_behind(start, robot):
    topic = "qos_overrides./visible/image_raw.subscription.reliability"
    node = start(**{topic.replace(".", "__"): "bogus"})
    wait_until(lambda: "cannot activate" in node.log, "the error")
    wait_until(lambda: robot.status("lifecycle"), "diagnostics")
    wait_until(lambda: "cannot activate" in robot.status("lifecycle").message, "the report")
    assert robot.visible.get_subscription_count() == 0
    names = [path.read_text() for path in node.threads()]
    assert not [name for name in names if "fusion_worker" in name]
    assert node.stop() == 0


def test_a_quality_of_service_override_is_for_its_topic_only(start, robot):
    topic = "qos_overrides./visible/image_raw.subscription.reliability"
    node = start(**{topic.replace(".", "__"): "reliable"})
    wait_until(lambda: robot.node.count_subscribers("/thermal/image_raw"), "the subscriptions")
    wait_until(lambda: robot.node.count_subscribers("/visible/image_raw"), "the subscriptions")
    offers = {
        stream: robot.node.get_subscriptions_info_by_topic(f"/{stream}/image_raw")[0].qos_profile
        for stream in ("visible", "thermal")
    }
    assert offers["visible"].reliability == ReliabilityPolicy.RELIABLE
    assert offers["thermal"].reliability == ReliabilityPolicy.BEST_EFFORT
    assert node.stop() == 0


def test_diagnostics_come_even_while_simulated_time_stands_still(start, robot):
    node = start(use_sim_time="true")
    wait_until(lambda: robot.status("visible input"), "diagnostics")
    robot.wait_for_node()
    assert node.stop() == 0


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"pairing__tolerance_ms": "-5.0"}, "out of range"),
        ({"pairing__tolerance_ms": "5"}, "expecting type 'DOUBLE'"),
    ],
)
def test_a_wrong_parameter_ends_the_start_with_one_line(start, parameters, complaint):
    node = start(**parameters)
    assert node.process.wait(timeout=30) == 1
    assert f"cannot start: {'Trying' if 'DOUBLE' in complaint else 'Invalid'}" in node.log
    assert complaint in node.log
    assert "Traceback" not in node.log
