# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Folders of small images, and what is needed to look into bags made of them."""

from __future__ import annotations

import json

import cv2
import numpy as np
from typer.testing import CliRunner

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.cli.main import app

SIZE = (24, 32)
THERMAL_SIZE = (12, 16)


def write_image_folders(folder, count=4, depth=np.uint8):
    """Write `count` pairs of images; the level of an image tells its number."""
    visible, thermal = folder / "visible", folder / "thermal"
    visible.mkdir(parents=True)
    thermal.mkdir()
    scale = 1 if depth == np.uint8 else 100
    columns = np.arange(THERMAL_SIZE[1], dtype=depth)
    for number in range(count):
        image = np.full((*SIZE, 3), (10 * number, 128, 200), np.uint8)
        cv2.imwrite(str(visible / f"{number:03}.png"), image)
        counts = (columns + 10 * number) * scale
        cv2.imwrite(str(thermal / f"{number:03}.png"), np.tile(counts, (THERMAL_SIZE[0], 1)))
    return visible, thermal


def run_command(*arguments):
    """Run the command line as a user would; its error, if it ends with one, is raised."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def make_bag(folder, *options, count=4, depth=np.uint8):
    """Make a bag of small images with `fusion_ros make-bag`; returns its path."""
    visible, thermal = write_image_folders(folder / "images", count, depth)
    bag = folder / "bag"
    run_command(
        "make-bag", "--visible", visible, "--thermal", thermal, "-o", bag, "--rate", "30", *options
    )
    return bag


def replay(bag, folder, *options):
    """Replay a bag with the simplest backend; returns its metrics."""
    run_command("replay", bag, "-o", folder, "--backend", "average", *options)
    return json.loads((folder / "metrics.json").read_text())


def rewrite(bag, target, change):
    """Copy a bag; `change(message, number)` returns the bytes to write, None to drop."""
    with BagReader(bag) as reader, BagWriter(target) as writer:
        connections = {t.name: writer.add_topic(t.name, t.msgtype) for t in reader.topics.values()}
        numbers = dict.fromkeys(connections, -1)
        for message in reader.messages(list(connections)):
            numbers[message.topic] += 1
            data = change(message, numbers[message.topic])
            if data is not None:
                writer.write(connections[message.topic], message.log_time_ns, data)
    return target
