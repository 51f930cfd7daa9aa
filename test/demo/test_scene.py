# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from fusion_ros.demo.scene.camera import THERMAL_CAMERA, VISIBLE_CAMERA
from fusion_ros.demo.scene.drive import Drive
from fusion_ros.demo.scene.mesh import clipped

DAY_NS, NIGHT_NS = 500_000_000, 9_200_000_000


@pytest.fixture(scope="module")
def drive():
    return Drive(10)


def people(drive, time_ns):
    """The pixel of every head in view, as (x, y) for the visible and for the thermal camera."""
    from fusion_ros.demo.scene.pedestrian import Pedestrian

    heads = []
    for thing in drive._traffic.objects_at(time_ns / 1e9):
        if isinstance(thing, Pedestrian) and 4 < thing.z_m < 20:
            head = np.array([[thing.x_m, thing.height_m - 0.12, thing.z_m]])
            place = VISIBLE_CAMERA.project(head)[0]
            if 20 < place[0] < 620:
                heads.append((place, THERMAL_CAMERA.project(head)[0], thing.z_m))
    return heads


def test_images_have_the_sizes_and_types_of_their_cameras(drive):
    visible, thermal = drive.image(DAY_NS, False, 0), drive.image(DAY_NS, True, 0)
    assert (visible.shape, visible.dtype) == ((480, 640, 3), np.uint8)
    assert (thermal.shape, thermal.dtype) == ((256, 320), np.uint16)
    assert thermal.max() < 2**14


def test_the_same_moment_always_looks_the_same(drive):
    again = Drive(10)
    for is_thermal in (False, True):
        first = drive.image(NIGHT_NS, is_thermal, 9)
        assert np.array_equal(first, again.image(NIGHT_NS, is_thermal, 9))


def test_day_turns_into_night_for_the_visible_camera_only(drive):
    assert drive.image(DAY_NS, False, 0).mean() > 3 * drive.image(NIGHT_NS, False, 0).mean()
    day, night = (drive.image(time, True, 0).astype(float) for time in (DAY_NS, NIGHT_NS))
    assert abs(day.mean() - night.mean()) < 0.5 * night.std() + 400


def test_people_at_night_are_warm_but_hardly_visible(drive):
    visible = drive.image(NIGHT_NS, False, 0).mean(axis=2)
    thermal = drive.image(NIGHT_NS, True, 0).astype(float)
    heads = people(drive, NIGHT_NS)
    assert heads
    found = 0
    for (x, y), (column, row), _ in heads:
        warm = thermal[int(row) - 2 : int(row) + 3, int(column) - 2 : int(column) + 3].max()
        found += warm > np.percentile(thermal, 95)
        assert visible[int(y), int(x)] < 90
    # One may stand behind a car.
    assert found >= 0.6 * len(heads)


def test_text_is_seen_by_the_visible_camera_and_not_by_the_thermal_one(drive):
    time_ns = 3_600_000_000
    sign = next(
        thing
        for thing in drive._traffic.objects_at(time_ns / 1e9)
        if getattr(thing, "image", None) is not None
        and thing.image.height_m == 3.4
        and thing.z_m < 30
    )
    board = np.array([[sign.x_m, 2.55, sign.z_m]])
    scatter = []
    for camera, is_thermal in ((VISIBLE_CAMERA, False), (THERMAL_CAMERA, True)):
        x, y = camera.project(board)[0].astype(int)
        reach_x = int(0.9 * camera.focal_x / sign.z_m)
        reach_y = int(0.6 * camera.focal_y / sign.z_m)
        image = drive.image(time_ns, is_thermal, 0).astype(float)
        grey = image if is_thermal else image.mean(axis=2)
        part = grey[y - reach_y : y + reach_y, x - reach_x : x + reach_x]
        scatter.append(part.std() / (np.percentile(grey, 99) - np.percentile(grey, 1)))
    assert scatter[0] > 3 * scatter[1]


def test_the_cameras_run_at_different_rates_with_increasing_times():
    drive = Drive(1)
    times = [(time_ns, thermal) for time_ns, thermal in drive._times()]
    assert len(drive) == len(times) == 45
    assert sum(thermal for _, thermal in times) == 15
    assert times == sorted(times)


def test_an_outline_is_clipped_where_it_passes_the_camera():
    square = np.array([[0, 0, -1], [1, 0, -1], [1, 0, 3], [0, 0, 3.0]])
    part = clipped(square, 1.0)
    assert part[:, 2].min() == 1.0
    assert part[:, 2].max() == 3.0
    assert len(clipped(square, 5.0)) == 0
