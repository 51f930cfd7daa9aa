# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import json
import threading

import pytest

from fusion_ros.engines.plan_cache import PlanCache, PlanKey, cache_folder

KEY = PlanKey(
    graph_sha256="0" * 64,
    tensorrt="10.3.0",
    cuda="12.6",
    gpu="Orin",
    compute_capability="8.7",
    precision="fp16",
    shapes=((1, 1), (480, 640), (2160, 3840)),
)
OTHERS = {
    "graph_sha256": "1" * 64,
    "tensorrt": "10.3.1",
    "cuda": "12.8",
    "gpu": "Orin Nano",
    "compute_capability": "9.0",
    "precision": "fp32",
    "shapes": ((1, 1), (480, 640), (1080, 1920)),
}
PLAN = bytes(range(256)) * 40


@pytest.fixture
def cache(tmp_path):
    return PlanCache(tmp_path / "plans")


def keep(cache, key=KEY, plan=PLAN):
    with cache.lock(key):
        cache.write(key, plan)


def test_what_was_written_is_read(cache):
    assert cache.read(KEY) is None
    keep(cache)
    assert cache.read(KEY) == PLAN


def test_a_plan_may_hold_any_bytes(cache):
    keep(cache, plan=b"\n\n{}\n\x00")
    assert cache.read(KEY) == b"\n\n{}\n\x00"


def test_every_part_of_the_key_makes_another_plan(cache):
    assert set(OTHERS) == {field.name for field in dataclasses.fields(PlanKey)}
    keep(cache)
    for name, value in OTHERS.items():
        other = dataclasses.replace(KEY, **{name: value})
        assert cache.read(other) is None
        assert cache.path(other) != cache.path(KEY)


def test_the_head_of_a_file_says_what_it_is_for(cache):
    keep(cache)
    head = json.loads(cache.path(KEY).read_bytes().partition(b"\n")[0])
    assert json.loads(head["key"])["gpu"] == "Orin"
    assert head["bytes"] == len(PLAN)


def test_a_plan_under_the_name_of_another_is_set_aside(cache):
    keep(cache)
    other = dataclasses.replace(KEY, gpu="Thor")
    cache.path(KEY).rename(cache.path(other))
    assert cache.read(other) is None
    assert not cache.path(other).exists()
    assert cache.path(other).with_name(cache.path(other).name + ".rejected").exists()


def test_a_write_that_is_interrupted_leaves_the_plan_before(cache, monkeypatch):
    keep(cache)

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        keep(cache, plan=b"half a plan")
    assert cache.read(KEY) == PLAN


def test_the_lock_keeps_a_second_one_out_until_it_is_free(cache):
    entered, order = threading.Event(), []

    def second():
        with PlanCache(cache._folder).lock(KEY):
            order.append("second")
            entered.set()

    thread = threading.Thread(target=second)
    with cache.lock(KEY):
        thread.start()
        assert not entered.wait(0.2)
        order.append("first")
    assert entered.wait(10)
    thread.join(10)
    assert order == ["first", "second"]


def test_the_folder_is_the_users_unless_another_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("FUSION_ROS_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    assert str(cache_folder()) == "/home/ada/.cache/fusion_ros/tensorrt"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "fusion_ros" / "tensorrt"
    monkeypatch.setenv("FUSION_ROS_CACHE", "/data/cache")
    assert str(cache_folder()) == "/data/cache/tensorrt"
