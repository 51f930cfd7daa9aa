# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import threading

from fusion_ros.pairing.latest_slot import LatestSlot


def test_the_newest_item_wins_and_the_others_are_counted():
    slot = LatestSlot()
    for item in range(5):
        slot.put(item)
    assert slot.take() == 4
    assert slot.superseded == 4


def test_take_waits_until_something_is_put():
    slot, taken = LatestSlot(), []
    reader = threading.Thread(target=lambda: taken.append(slot.take()))
    reader.start()
    slot.put("frame")
    reader.join(timeout=5)
    assert taken == ["frame"]


def test_closing_lets_a_waiting_reader_go_and_counts_what_was_left():
    slot, taken = LatestSlot(), []
    reader = threading.Thread(target=lambda: taken.append(slot.take()))
    reader.start()
    slot.close()
    reader.join(timeout=5)
    assert taken == [None]
    slot.put("too late")
    assert slot.take() is None
    assert slot.superseded == 1


def test_nothing_is_lost_uncounted_between_two_threads():
    slot, taken = LatestSlot(), []

    def read():
        while (item := slot.take()) is not None:
            taken.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    for item in range(1, 2001):
        slot.put(item)
    slot.close()
    reader.join(timeout=5)
    assert len(taken) + slot.superseded == 2000
    assert taken == sorted(taken)
