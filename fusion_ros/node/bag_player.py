# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Plays a bag into ROS in real time: the bytes of the bag, on a steady schedule.

Unlike `ros2 bag play` it starts only once its subscribers are there, so that no message is
lost to discovery, and it writes down when it published each message.

    python -m fusion_ros.node.bag_player BAG --topic /camera/image_raw:=visible/image_raw
"""

from __future__ import annotations

import argparse
import math
import queue
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import rclpy
from rclpy.duration import Duration
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.signals import SignalHandlerOptions
from rosbags.interfaces import QosReliability

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.passages import (
    FINISHED,
    MATCHED,
    Passage,
    header_stamp_ns,
    tell,
    with_header_stamp,
    write_passage,
)
from fusion_ros.bags.topic_pairs import topic_pair
from fusion_ros.errors import BagError, FusionError
from fusion_ros.node.message_types import message_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rclpy.node import Node
    from rclpy.publisher import Publisher

    from fusion_ros.bags.bag_reader import BagMessage, BagTopic

# Messages read ahead, so that the disk does not delay the schedule.
READ_AHEAD = 48
# Between the match of the subscribers and the first message. [s]
LEAD_IN_S = 0.3
MATCH_CHECK_S = 0.02
# Of a delay longer than this the schedule is moved, not made up for.
HICCUP_NS = 5_000_000


class BagPlayer:
    """Publishes some topics of a bag."""

    def __init__(
        self, node: Node, reader: BagReader, names: dict[str, str], passes: int = 1
    ) -> None:
        """Create the publishers.

        Args:
            node: Their node.
            reader: An open bag.
            names: Topic of the bag to topic of ROS.
            passes: How often the bag is run through; stamps go on from one to the next.
        """
        self._reader = reader
        self._passes = passes
        self._read_error: Exception | None = None
        self._publishers: dict[str, Publisher] = {}
        for bag_name, name in names.items():
            if bag_name not in reader.topics:
                raise BagError(
                    f"{reader.path}: expected topic {bag_name}, found {[*reader.topics]}"
                )
            topic = reader.topics[bag_name]
            kind = message_class(topic.msgtype)
            self._publishers[bag_name] = node.create_publisher(kind, name, _offered(topic))

    def wait_for_subscribers(self, names: Sequence[str], seconds: float) -> None:
        """Wait until somebody subscribes to each of some topics of the bag.

        Raises:
            FusionError: Nobody does in time.
        """
        deadline = time.monotonic() + seconds
        waiting = [self._publishers[name] for name in names]
        while waiting := [p for p in waiting if p.get_subscription_count() == 0]:
            if time.monotonic() > deadline:
                topics = ", ".join(publisher.topic_name for publisher in waiting)
                raise FusionError(f"nobody subscribed to {topics} within {seconds:g} s")
            time.sleep(MATCH_CHECK_S)

    def play(self, log: TextIO | None, rate: float, seconds: float) -> int:
        """Publish at the pace of the bag.

        Args:
            log: Written for each message; None for no log.
            rate: How many times as fast; infinity for one message right after the other.
            seconds: How much of it.

        Returns:
            Number of messages.

        Raises:
            BagError: The bag could not be read to its end.
        """
        ahead: queue.Queue[BagMessage | None] = queue.Queue(READ_AHEAD)
        threading.Thread(target=self._read, args=(ahead,), daemon=True).start()
        published = 0
        start_ns, first_ns = time.monotonic_ns() + round(LEAD_IN_S * 1e9), None
        while (message := ahead.get()) is not None:
            first_ns = message.log_time_ns if first_ns is None else first_ns
            if message.log_time_ns - first_ns >= seconds * 1e9:
                break
            due_ns = start_ns + round((message.log_time_ns - first_ns) / rate)
            late_ns = time.monotonic_ns() - due_ns
            time.sleep(max(0, -late_ns) / 1e9)
            if late_ns > HICCUP_NS:
                # Like a camera: what follows keeps its distance and does not come in a burst.
                start_ns += late_ns
            steady_ns, wall_ns = time.monotonic_ns(), time.time_ns()
            self._publishers[message.topic].publish(message.data)
            published += 1
            if log is not None:
                stamp_ns = header_stamp_ns(message.data)
                write_passage(log, Passage(message.topic, stamp_ns, steady_ns, wall_ns))
        if self._read_error is not None:
            raise BagError(
                f"{self._reader.path}: expected to read it to its end, stopped after {published} "
                f"messages: {type(self._read_error).__name__}: {self._read_error}"
            ) from self._read_error
        return published

    def flush(self) -> None:
        """Wait until reliable subscribers have everything."""
        for publisher in self._publishers.values():
            publisher.wait_for_all_acked(Duration(seconds=5))

    def _read(self, ahead: queue.Queue[BagMessage | None]) -> None:
        try:
            for message in self._messages():
                ahead.put(message)
        # Whatever it is, the thread that publishes waits for the end mark, and raises it.
        except Exception as err:
            self._read_error = err
        finally:
            ahead.put(None)

    def _messages(self) -> Iterator[BagMessage]:
        """The messages of all passes; each pass begins one frame after the end of the last."""
        names = list(self._publishers)
        start_ns, end_ns, offset_ns = None, 0, 0
        # Frames of the fastest camera lie one period apart, from the first to the last.
        periods = max(max(self._reader.topics[name].count for name in names) - 1, 1)
        for _ in range(self._passes):
            for message in self._reader.messages(names):
                start_ns = message.log_time_ns if start_ns is None else start_ns
                end_ns = message.log_time_ns
                yield _moved_on(message, offset_ns) if offset_ns else message
            if start_ns is not None:
                offset_ns += round((end_ns - start_ns) * (1 + 1 / periods))


def _moved_on(message: BagMessage, offset_ns: int) -> BagMessage:
    """The same message, recorded and stamped later."""
    stamp_ns = header_stamp_ns(message.data) + offset_ns
    return replace(
        message,
        log_time_ns=message.log_time_ns + offset_ns,
        data=with_header_stamp(message.data, stamp_ns),
    )


def _offered(topic: BagTopic) -> QoSProfile:
    """What the recorded publisher offered, or what camera drivers offer."""
    recorded = topic.qos
    best_effort = recorded is not None and recorded.reliability == QosReliability.BEST_EFFORT
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=max(recorded.depth, 1) if recorded is not None else 10,
        reliability=ReliabilityPolicy.BEST_EFFORT if best_effort else ReliabilityPolicy.RELIABLE,
    )


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="bag_player")
    parser.add_argument("bag", type=Path)
    parser.add_argument(
        "--topic",
        action="append",
        required=True,
        type=topic_pair,
        metavar="IN_BAG:=IN_ROS",
        help="what to play",
    )
    parser.add_argument(
        "--wait-for", action="append", default=[], metavar="IN_BAG", help="needs a subscriber"
    )
    parser.add_argument("--wait-s", type=float, default=30.0, help="how long to wait for them")
    parser.add_argument("--rate", type=float, default=1.0, help="times as fast; inf: no pauses")
    parser.add_argument("--passes", type=int, default=1, help="how often, with stamps that go on")
    parser.add_argument("--seconds", type=float, default=math.inf, help="only the beginning")
    parser.add_argument("--log", type=Path, help="write down here when what was published")
    parser.add_argument("--hold", action="store_true", help="stay until standard input ends")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play; returns the exit code."""
    options = _arguments(arguments)
    names = dict(options.topic)
    rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
    node: Any = rclpy.create_node("bag_player")
    try:
        with ExitStack() as stack:
            reader = stack.enter_context(BagReader(options.bag))
            log = stack.enter_context(options.log.open("w")) if options.log else None
            player = BagPlayer(node, reader, names, options.passes)
            player.wait_for_subscribers(options.wait_for, options.wait_s)
            tell(MATCHED)
            published = player.play(log, options.rate, options.seconds)
            player.flush()
        tell(FINISHED, published=published, warnings=reader.warnings)
        if options.hold:
            sys.stdin.read()
    except FusionError as err:
        print(f"bag_player: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
