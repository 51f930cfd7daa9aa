# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How work is cut, and that no image depends on what was scored before it."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.evaluation.image_set import SetFolders, find_images
from fusion_ros.evaluation.methods import BackendRun, Baseline
from fusion_ros.evaluation.scoring import merge, plan_tasks, score_task

STEMS = ("a", "b", "c")


@dataclass(frozen=True)
class Stream:
    """A method with a memory, which writes down what it is told."""

    label: str = "stream"
    kind: str = "backend"
    told: list = field(default_factory=list)

    def start_stream(self):
        self.told.append("start")

    def fuse(self, files, visible, thermal):
        self.told.append(files.stem)
        return visible


@pytest.fixture
def images(tmp_path):
    random = np.random.default_rng(0)
    for folder in ("vi", "ir"):
        (tmp_path / folder).mkdir()
        for stem in STEMS:
            image = random.integers(256, size=(48, 56), dtype=np.uint8)
            cv2.imwrite(str(tmp_path / folder / f"{stem}.png"), image)
    return find_images(SetFolders("s", tmp_path / "vi", tmp_path / "ir", {}), 1, common=False)


def run(tasks):
    return merge(tasks, [score_task(task) for task in tasks])


def test_images_of_a_folder_start_a_stream_each(images):
    stream = Stream()
    run(plan_tasks([images], [stream], "std", video=False))
    assert stream.told == ["start", "a", "start", "b", "start", "c"]


def test_the_frames_of_a_video_are_one_stream_in_the_order_of_names(images):
    stream = Stream()
    run(plan_tasks([images], [stream], "std", video=True))
    assert stream.told == ["start", "a", "b", "c"]


def test_methods_and_images_keep_their_order_however_the_work_was_cut(images):
    methods = [Baseline("max"), Baseline("avg")]
    for video in (False, True):
        merged = run(plan_tasks([images], methods, "std", video))
        assert list(merged) == ["s"]
        assert list(merged["s"]) == ["max", "avg"]
        assert [list(scores.images) for scores in merged["s"].values()] == [list(STEMS)] * 2


def test_a_worker_with_another_model_is_refused(images):
    method = BackendRun("mm_lut (reference)", "mm_lut", "reference", None, "mm_lut@000000000000")
    with pytest.raises(ConfigError, match="install the same version"):
        run(plan_tasks([images], [method], "std", video=False))
