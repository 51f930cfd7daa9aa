# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Records topics into a bag without losing any message: bytes in, bytes to disk.

    python -m fusion_ros.node.bag_recorder out.mcap --topic fused/image:=sensor_msgs/msg/Image

It ends on SIGINT or SIGTERM, or when nobody reads its standard output any more, after writing
what it has received.
"""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.signals import SignalHandlerOptions

from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.passages import (
    COUNTED,
    FINISHED,
    MATCHED,
    READY,
    Passage,
    header_stamp_ns,
    tell,
    write_passage,
)
from fusion_ros.bags.topic_pairs import topic_pair
from fusion_ros.errors import BagError, FusionError
from fusion_ros.node.message_types import message_class

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rclpy.node import Node
    from rosbags.interfaces import Connection

# Deep, so that a slow moment of the disk or of this process costs nothing.
RECORDER_QOS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=500, reliability=ReliabilityPolicy.RELIABLE
)
TELL_PERIOD_S = 0.2
SPIN_S = 0.05
# At the end, what has arrived is still taken; not longer, for publishers may never pause.
DRAIN_S = 3.0


class BagRecorder:
    """Subscribes, and writes in a thread of its own."""

    def __init__(
        self,
        node: Node,
        writer: BagWriter,
        topics: dict[str, str],
        watched: Collection[str] = (),
    ) -> None:
        """Subscribe.

        Args:
            node: Of the subscriptions.
            writer: An open bag.
            topics: Topic of ROS to its type.
            watched: Those of them that are counted and logged, but not written.
        """
        self._node = node
        self._writer = writer
        self._received: queue.SimpleQueue[tuple[Passage, bytes] | None] = queue.SimpleQueue()
        self.counts: Counter[str] = Counter()
        self._connections: dict[str, Connection] = {}
        self._names: list[str] = []
        self.failure: FusionError | None = None
        for topic, msgtype in topics.items():
            name = node.resolve_topic_name(topic)
            self._names.append(name)
            if topic not in watched:
                self._connections[name] = writer.add_topic(name, msgtype)
            self._subscribe(name, message_class(msgtype))

    def is_matched(self) -> bool:
        """Whether every topic has a publisher."""
        return all(self._node.count_publishers(name) > 0 for name in self._names)

    def start(self, log: TextIO | None) -> threading.Thread:
        """Write from now on; the thread ends after `finish`."""
        thread = threading.Thread(target=self._write, args=(log,), daemon=True)
        thread.start()
        return thread

    def finish(self) -> None:
        """Let the writing end with what has been received."""
        self._received.put(None)

    def _subscribe(self, name: str, kind: type) -> None:
        def take(data: bytes) -> None:
            steady_ns, wall_ns = time.monotonic_ns(), time.time_ns()
            self.counts[name] += 1
            passage = Passage(name, header_stamp_ns(data), steady_ns, wall_ns)
            self._received.put((passage, data))

        self._node.create_subscription(kind, name, take, RECORDER_QOS, raw=True)

    def _write(self, log: TextIO | None) -> None:
        try:
            while (item := self._received.get()) is not None:
                passage, data = item
                if passage.topic in self._connections:
                    connection = self._connections[passage.topic]
                    self._writer.write(connection, passage.wall_ns, data)
                if log is not None:
                    write_passage(log, passage)
        except FusionError as err:
            self.failure = err
        # Without this thread, what is received would only fill the memory.
        except Exception as err:
            self.failure = BagError(
                f"{self._writer.path}: cannot write: {type(err).__name__}: {err}; the recording "
                f"has ended"
            )


def _record(recorder: BagRecorder, executor: SingleThreadedExecutor) -> None:
    """Receive until a signal comes, telling how many messages have come."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if not tell(READY):
        stopping = True
    matched, told_s = False, time.monotonic()
    while not stopping and recorder.failure is None:
        executor.spin_once(timeout_sec=SPIN_S)
        if time.monotonic() - told_s > TELL_PERIOD_S:
            told_s = time.monotonic()
            if not tell(COUNTED, counts=dict(recorder.counts)):
                stopping = True
            if not matched and recorder.is_matched():
                matched = True
                tell(MATCHED)
    # What has arrived but was not yet taken.
    before, deadline = -1, time.monotonic() + DRAIN_S
    while before != sum(recorder.counts.values()) and time.monotonic() < deadline:
        if recorder.failure is not None:
            return
        before = sum(recorder.counts.values())
        executor.spin_once(timeout_sec=SPIN_S)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="bag_recorder")
    parser.add_argument("bag", type=Path)
    for option, purpose in (
        ("--topic", "what to record"),
        ("--watch", "what to write down in the log only"),
    ):
        parser.add_argument(
            option, action="append", default=[], type=topic_pair, metavar="NAME:=TYPE", help=purpose
        )
    parser.add_argument("--log", type=Path, help="write down here when what was received")
    options = parser.parse_args(arguments)
    if not options.topic and not options.watch:
        parser.error("expected at least one --topic or --watch")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Record; returns the exit code."""
    options = _arguments(arguments)
    topics, watched = dict(options.topic), dict(options.watch)
    rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
    node: Any = rclpy.create_node("bag_recorder")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        with ExitStack() as stack:
            writer = stack.enter_context(BagWriter(options.bag))
            log = stack.enter_context(options.log.open("w")) if options.log else None
            recorder = BagRecorder(node, writer, topics | watched, watched)
            thread = recorder.start(log)
            _record(recorder, executor)
            recorder.finish()
            thread.join()
            if recorder.failure is not None:
                raise recorder.failure
        tell(FINISHED, counts=dict(recorder.counts))
    except FusionError as err:
        print(f"bag_recorder: {err}", file=sys.stderr)
        return 1
    finally:
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
