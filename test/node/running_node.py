# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The real node in its own process, and cameras and listeners that talk to it over DDS."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from fusion_ros.msg import FusionTiming
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, Image

from fusion_ros import FramePair

DEADLINE_S = 30.0
START_NS = 1_700_000_000_000_000_000
PERIOD_NS = 33_333_333
DRIVER_QOS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=5, reliability=ReliabilityPolicy.BEST_EFFORT
)
RELIABLE_QOS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=100, reliability=ReliabilityPolicy.RELIABLE
)


def free_domain() -> int:
    """A ROS domain that another test run on this machine will hardly use."""
    return 1 + os.getpid() % 100


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """Wait for a condition; fail with `what` when it does not come true in time."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"waited {deadline_s} s in vain for {what}"
        time.sleep(0.01)


class RunningNode:
    """`python -m fusion_ros.node` as a process, from start to its end."""

    def __init__(self, log_path, domain, **parameters):
        """Start it with parameters given as keywords, dots written as double underscores."""
        arguments = ["--ros-args"]
        for name, value in parameters.items():
            arguments += ["-p", f"{name.replace('__', '.')}:={value}"]
        self.log_path = Path(log_path)
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fusion_ros.node", *arguments],
                env=os.environ | {"ROS_DOMAIN_ID": str(domain)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self):
        return self.log_path.read_text()

    def stop(self, number=signal.SIGINT):
        """Signal it, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=DEADLINE_S)

    def threads(self):
        """Files that hold the names of its threads."""
        return Path(f"/proc/{self.process.pid}/task").glob("*/comm")

    def loaded_files(self):
        """Paths of all files mapped into its memory."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()

    def peak_memory_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024


class Robot:
    """Two cameras, and a listener on every output of the node."""

    def __init__(self, domain):
        self.context = Context()
        rclpy.init(context=self.context, domain_id=domain)
        self.node = rclpy.create_node("robot", context=self.context)
        self.visible = self.node.create_publisher(Image, "visible/image_raw", DRIVER_QOS)
        self.thermal = self.node.create_publisher(Image, "thermal/image_raw", DRIVER_QOS)
        self.info = self.node.create_publisher(CameraInfo, "visible/camera_info", DRIVER_QOS)
        self.received = defaultdict(list)
        for topic, kind in (
            ("fused/image", Image),
            ("fused/camera_info", CameraInfo),
            ("timing", FusionTiming),
            ("/diagnostics", DiagnosticArray),
        ):
            self.listen(topic, kind)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._spin)
        self.thread.start()

    def listen(self, topic, kind):
        return self.node.create_subscription(kind, topic, self.received[topic].append, RELIABLE_QOS)

    def wait_for_node(self):
        """Wait until the node has subscribed to both cameras and we to all its outputs."""
        wait_until(
            lambda: (
                all(
                    publisher.get_subscription_count() == 1
                    for publisher in (self.visible, self.thermal, self.info)
                )
                and all(
                    self.node.count_publishers(topic) == 1
                    for topic in ("fused/image", "fused/camera_info", "timing")
                )
            ),
            "the node's topics",
        )
        self._wait_for_first_pair()

    def _wait_for_first_pair(self):
        """Send pairs until one comes back.

        That we see the node's subscription does not mean that it sees our publisher yet, and a
        best-effort message sent in between is lost.
        """
        frames = itertools.count(-100_000)
        pair = FramePair(np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.uint8))
        timings = self.received["timing"]
        known = len(timings)

        def answered():
            self.send_pair(next(frames), pair)
            time.sleep(0.05)
            return len(timings) > known

        wait_until(answered, "a first fused pair")

    def send_pair(self, index, pair, thermal_encoding="mono8"):
        """Publish a pair with the stamp of frame `index`."""
        self.thermal.publish(
            image_message(pair.thermal, thermal_encoding, index, "thermal_optical")
        )
        self.visible.publish(image_message(pair.visible, "bgr8", index, "visible_optical"))

    def fuse(self, index, pair, **options):
        """Publish a pair and wait for what comes out of it; returns (image, timing)."""
        self.send_pair(index, pair, **options)
        wait_until(
            lambda: self.answer("fused/image", index) and self.answer("timing", index),
            f"fused frame {index}",
        )
        return self.answer("fused/image", index), self.answer("timing", index)

    def answer(self, topic, index):
        """Latest message on a topic that carries the stamp of frame `index`, or None."""
        stamp_ns = START_NS + index * PERIOD_NS
        for message in reversed(self.received[topic]):
            if message.header.stamp.sec * 10**9 + message.header.stamp.nanosec == stamp_ns:
                return message
        return None

    def status(self, task):
        """Latest diagnostic status of a task, or None."""
        for array in reversed(self.received["/diagnostics"]):
            for status in array.status:
                if status.name.endswith(f": {task}"):
                    return status
        return None

    def close(self):
        self.stopping.set()
        self.thread.join()
        self.executor.shutdown()
        self.node.destroy_node()
        rclpy.shutdown(context=self.context)

    def _spin(self):
        while not self.stopping.is_set():
            self.executor.spin_once(timeout_sec=0.05)


def image_message(image, encoding, index, frame_id):
    stamp_ns = START_NS + index * PERIOD_NS
    message = Image(height=image.shape[0], width=image.shape[1], encoding=encoding)
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(stamp_ns, 1_000_000_000)
    message.header.frame_id = frame_id
    message.step = image.strides[0]
    message.data.frombytes(image.tobytes())
    return message
