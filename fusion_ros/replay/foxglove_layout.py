# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A Foxglove layout for the topics of one recording."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fusion_ros.artifacts.resources import resource
from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_TOPIC

if TYPE_CHECKING:
    from fusion_ros.bags.topic_choice import CameraTopics

LAYOUT = "config/foxglove_layout.json"


def layout_for(topics: CameraTopics) -> str:
    """The layout that comes with the package, with the names of a recording's cameras."""
    layout = json.loads(resource(LAYOUT).read_text(encoding="utf-8"))
    names = {VISIBLE_TOPIC: topics.visible, THERMAL_TOPIC: topics.thermal}
    for panel in layout["configById"].values():
        if "imageMode" in panel:
            topic = panel["imageMode"]["imageTopic"]
            panel["imageMode"]["imageTopic"] = names.get(topic, topic)
    return json.dumps(layout, indent=2) + "\n"
