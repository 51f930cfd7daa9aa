# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The node as users run it: another process, real DDS, real model."""

from __future__ import annotations

import itertools
import signal
import time

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not installed (make setup)")
pytest.importorskip("fusion_ros.msg", reason="the messages are not built (make setup)")

from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from sensor_msgs.msg import CameraInfo, Image

from fusion_ros import FramePair, load_backend
from node.running_node import Robot, RunningNode, free_domain, image_message, wait_until
from sample_images import noise_pair, smooth_pair

pytestmark = pytest.mark.ros
PAIR = smooth_pair(48, 64)
MEMORY_LIMIT_MB = 400


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    running = RunningNode(tmp_path_factory.mktemp("node") / "log.txt", free_domain())
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture(scope="module")
def robot(node):
    connected = Robot(free_domain())
    connected.wait_for_node()
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def frame():
    """Numbers of frames; stamps only go forward."""
    return itertools.count(100, 10)


def pixels(message):
    return np.frombuffer(message.data, np.uint8).reshape(message.height, message.width, -1)


def call(robot, kind, service, request):
    client = robot.node.create_client(kind, service)
    wait_until(client.service_is_ready, service)
    future = client.call_async(request)
    wait_until(future.done, f"the answer of {service}")
    robot.node.destroy_client(client)
    return future.result()


def set_parameter(robot, name, value):
    request = SetParameters.Request(parameters=[Parameter(name, value=value).to_parameter_msg()])
    return call(robot, SetParameters, "/fusion_node/set_parameters", request).results[0]


def test_the_fused_image_is_what_the_pipeline_makes_of_the_pair(robot, frame):
    image, timing = robot.fuse(next(frame), PAIR)
    np.testing.assert_array_equal(pixels(image), load_backend("mm_lut").fuse(PAIR).image)
    assert image.encoding == "bgr8"
    assert (timing.backend, timing.engine) == ("mm_lut", "cpu")
    assert timing.model_id.startswith("mm_lut@")


def test_all_outputs_carry_the_visible_header_bit_for_bit(robot, frame):
    index = next(frame)
    image, timing = robot.fuse(index, PAIR)
    sent = image_message(PAIR.visible, "bgr8", index, "visible_optical").header
    infos = robot.received["fused/camera_info"]
    wait_until(lambda: infos and infos[-1].header == sent, "camera info")
    assert image.header == timing.header == infos[-1].header == sent
    assert timing.thermal_stamp == sent.stamp
    assert timing.pair_offset_ns == 0


def test_the_camera_info_is_the_visible_cameras(robot, frame):
    info = CameraInfo(height=48, width=64, distortion_model="plumb_bob")
    info.k[0], info.d = 321.0, [0.1, 0.0, 0.0, 0.0, 0.0]
    infos = robot.received["fused/camera_info"]

    def arrived():
        robot.info.publish(info)
        robot.fuse(next(frame), PAIR)
        return infos[-1].k[0] == 321.0

    wait_until(arrived, "the calibration to be used")
    assert (infos[-1].height, infos[-1].width, infos[-1].d[0]) == (48, 64, 0.1)
    robot.fuse(next(frame), smooth_pair(24, 32))
    wait_until(lambda: infos[-1].height == 24, "camera info of the smaller image")
    assert infos[-1].k[0] == 0.0  # a calibration for another size says nothing about this one


def test_guidance_is_published_only_while_somebody_listens(robot, frame):
    subscription = robot.listen("guidance/image", Image)
    received = robot.received["guidance/image"]

    def arrived():
        robot.fuse(next(frame), PAIR)
        return received

    wait_until(arrived, "guidance")
    expected = load_backend("mm_lut").fuse(PAIR).guidance
    assert received[-1].encoding == "mono8"
    assert np.abs(pixels(received[-1])[..., 0] / 255 - expected).max() < 0.003
    robot.node.destroy_subscription(subscription)


def test_stage_times_add_up_to_the_latency(robot, frame):
    robot.fuse(next(frame), PAIR)
    _, timing = robot.fuse(next(frame), PAIR)
    stages = timing.wait_ms + timing.prepare_ms + timing.fuse_ms + timing.publish_ms
    assert 0 < stages <= timing.latency_ms * 1.01
    assert timing.period_ms > 0


def truncated(message):
    del message.data[-100:]


def unknown_encoding(message):
    message.encoding = "64FC7"


def zero_stamp(message):
    message.header.stamp.sec = message.header.stamp.nanosec = 0


def wrong_size(message):
    message.height, message.width = 4000, 3000


def empty(message):
    message.height = message.width = 0
    del message.data[:]


@pytest.mark.parametrize("stream", ["visible", "thermal"])
@pytest.mark.parametrize("damage", [truncated, unknown_encoding, zero_stamp, wrong_size, empty])
def test_a_malformed_image_is_counted_reported_and_survived(robot, node, frame, damage, stream):
    _, before = robot.fuse(next(frame), PAIR)
    logged, reported = node.log.count(f"{stream} image refused"), malformed_reported(robot, stream)
    image, encoding = (PAIR.visible, "bgr8") if stream == "visible" else (PAIR.thermal, "mono8")
    message = image_message(image, encoding, next(frame), "cam")
    damage(message)
    getattr(robot, stream).publish(message)
    _, after = robot.fuse(next(frame), PAIR)
    name = f"{stream}_malformed"
    wait_until(
        lambda: getattr(robot.fuse(next(frame), PAIR)[1], name) == getattr(before, name) + 1,
        f"{name} to count it",
    )
    wait_until(lambda: malformed_reported(robot, stream) > reported, "the diagnostics")
    assert after.pairs_failed == 0
    # The log is throttled: the first refusal is in it, and those after five quiet seconds.
    assert node.log.count(f"{stream} image refused") >= max(logged, 1)


def malformed_reported(robot, stream):
    status = robot.status(f"{stream} input")
    values = {pair.key: pair.value for pair in status.values} if status else {}
    return int(values.get("malformed", 0))


def test_a_thermal_image_of_another_size_and_depth_is_fused(robot, frame):
    counts = np.ascontiguousarray(PAIR.thermal[::2, ::2].astype(np.uint16) * 10 + 29_000)
    image, timing = robot.fuse(
        next(frame), FramePair(PAIR.visible, counts), thermal_encoding="mono16"
    )
    assert (image.height, image.width) == (48, 64)
    assert 28_000 < timing.thermal_low < timing.thermal_high < 32_600


def test_frames_without_partner_are_accounted_for(robot, frame):
    _, before = robot.fuse(next(frame), PAIR)
    for _ in range(3):
        robot.visible.publish(image_message(PAIR.visible, "bgr8", next(frame), "visible_optical"))
    wait_until(
        lambda: robot.fuse(next(frame), PAIR)[1].visible_unpaired == before.visible_unpaired + 3,
        "the three frames to be counted",
    )
    _, timing = robot.fuse(next(frame), PAIR)
    pairs = timing.pairs_fused + timing.pairs_failed + timing.pairs_superseded
    for stream in ("visible", "thermal"):
        settled = sum(
            getattr(timing, f"{stream}_{fate}") for fate in ("malformed", "unpaired", "stale")
        )
        assert getattr(timing, f"{stream}_received") == settled + pairs


def test_a_bag_that_starts_over_is_fused_again(robot, frame):
    index = next(frame)
    robot.fuse(index, PAIR)
    image, _ = robot.fuse(index - 90, PAIR)
    assert image.header.stamp == image_message(PAIR.visible, "bgr8", index - 90, "").header.stamp
    robot.fuse(next(frame), PAIR)


def test_parameters_are_validated_and_the_reason_is_given(robot):
    refused = set_parameter(robot, "pairing.tolerance_ms", -5.0)
    assert not refused.successful
    refused = set_parameter(robot, "backend", "average")
    assert not refused.successful
    assert "cleanup" in refused.reason


def test_the_pairing_can_be_changed_while_frames_come(robot, frame):
    assert set_parameter(robot, "pairing.thermal_offset_ms", 100.0).successful
    fused = len(robot.received["fused/image"])
    for index in (next(frame), next(frame)):  # the first one also starts the new count of rates
        robot.thermal.publish(image_message(PAIR.thermal, "mono8", index - 3, "thermal_optical"))
        robot.visible.publish(image_message(PAIR.visible, "bgr8", index, "visible_optical"))
    wait_until(lambda: len(robot.received["timing"]) > fused, "the shifted pair")
    assert abs(robot.received["timing"][-1].pair_offset_ns) < 1000
    assert set_parameter(robot, "pairing.thermal_offset_ms", 0.0).successful


def test_a_stalled_stream_is_reported_with_what_to_do(robot, frame):
    robot.fuse(next(frame), PAIR)

    def reported():
        robot.visible.publish(image_message(PAIR.visible, "bgr8", next(frame), "visible_optical"))
        status = robot.status("thermal input")
        return status is not None and "no image on /thermal/image_raw" in status.message

    wait_until(reported, "the report of the stall")
    assert robot.status("thermal input").level == b"\x02"
    robot.fuse(next(frame), PAIR)
    wait_until(lambda: robot.status("thermal input").level == b"\x00", "recovery")


def test_the_node_can_be_taken_down_and_up_again_in_steps(robot, frame):
    robot.fuse(next(frame), PAIR)
    for transition, state in ((4, 2), (2, 1), (1, 2), (3, 3)):
        request = ChangeState.Request()
        request.transition.id = transition
        assert call(robot, ChangeState, "/fusion_node/change_state", request).success
        found = call(robot, GetState, "/fusion_node/get_state", GetState.Request())
        assert found.current_state.id == state
    robot.wait_for_node()
    first = robot.received["timing"][-1].pairs_fused
    _, timing = robot.fuse(next(frame), PAIR)
    assert timing.pairs_fused == first + 1
    assert timing.visible_received < 50  # counts begin anew with the activation


def test_the_process_is_small_and_free_of_torch_with_vga_images(node, robot, frame):
    pair = noise_pair(480, 640)
    for _ in range(20):
        robot.fuse(next(frame), pair)
    assert "torch" not in node.loaded_files()
    assert node.peak_memory_mb() < MEMORY_LIMIT_MB


def test_the_newest_pair_wins_when_pairs_come_too_fast(robot, frame):
    large = noise_pair(960, 1280)
    _, before = robot.fuse(next(frame), large)

    def superseded():
        for _ in range(10):
            robot.send_pair(next(frame), large)
        return robot.received["timing"][-1].pairs_superseded > before.pairs_superseded

    wait_until(superseded, "a pair of the burst to be superseded")

    def next_pair_is_fused():
        # Best effort: behind such a flood a message may be lost; then another one is sent.
        index, end = next(frame), time.monotonic() + 1.0
        robot.send_pair(index, PAIR)
        while time.monotonic() < end and not robot.answer("timing", index):
            time.sleep(0.01)
        return robot.answer("timing", index)

    wait_until(next_pair_is_fused, "a pair after the burst")
    assert robot.received["timing"][-1].pairs_failed == before.pairs_failed


def test_an_interrupt_ends_it_with_exit_code_0_and_no_traceback(node, robot):
    assert node.stop(signal.SIGINT) == 0
    assert "Traceback" not in node.log
    assert "fusing with 'mm_lut' on engine 'cpu'" in node.log
