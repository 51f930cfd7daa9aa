# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Scores of all methods over all sets, wherever the work is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_ros.core.image_folders import read_colour, read_grey
from fusion_ros.errors import ImageFormatError
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.metrics.temporal.temporal_scores import TemporalScores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fusion_ros.evaluation.image_set import ImageFiles, ImageSet
    from fusion_ros.evaluation.methods import Method


@dataclass(frozen=True, slots=True)
class ScoringTask:
    """What one worker does in one go.

    Attributes:
        set_name: The set that the images are of.
        images: In the order of names.
        methods: What to score on them.
        profile: Whose conventions to follow.
        video: Whether the images are the frames of one video.
    """

    set_name: str
    images: tuple[ImageFiles, ...]
    methods: tuple[Method, ...]
    profile: str
    video: bool


@dataclass(frozen=True, slots=True)
class MethodScores:
    """Figures of one method on images of one set.

    Attributes:
        images: Stem to metric to value.
        video: Temporal metric to value; empty where the images are no video.
    """

    images: dict[str, dict[str, float]] = field(default_factory=dict)
    video: dict[str, float] = field(default_factory=dict)


def plan_tasks(
    sets: Iterable[ImageSet], methods: Sequence[Method], profile: str, video: bool
) -> list[ScoringTask]:
    """Cut the work: a task for each image, or for each method on each video, in its order."""
    tasks: list[ScoringTask] = []
    for found in sets:
        name, images = found.folders.name, found.images
        if video:
            tasks += [ScoringTask(name, images, (method,), profile, video) for method in methods]
        else:
            tasks += [
                ScoringTask(name, (files,), tuple(methods), profile, video) for files in images
            ]
    return tasks


def score_task(task: ScoringTask) -> dict[str, MethodScores]:
    """Fuse and score the images of a task.

    Returns:
        Label of each method to its figures.

    Raises:
        ImageFormatError: An image cannot be read, or its size does not fit.
    """
    scores = {method.label: MethodScores() for method in task.methods}
    motion = {method.label: TemporalScores() for method in task.methods if task.video}
    for method in task.methods:
        method.start_stream()
    for files in task.images:
        for label, values in _score_image(task, files, motion):
            scores[label].images[files.stem] = values
    for label, temporal in motion.items():
        scores[label].video.update(temporal.result())
    return scores


def _score_image(
    task: ScoringTask, files: ImageFiles, motion: dict[str, TemporalScores]
) -> Iterator[tuple[str, dict[str, float]]]:
    visible, thermal = read_colour(files.visible), read_grey(files.thermal)
    for method in task.methods:
        try:
            fused = method.fuse(files, visible, thermal)
            sample = fusion_sample(fused, visible, thermal)
        except ImageFormatError as err:
            raise ImageFormatError(f"{files.stem}, {method.label}: {err}") from err
        if method.label in motion:
            motion[method.label].add(fused, visible, thermal)
        yield method.label, score(sample, task.profile)


def merge(
    tasks: Sequence[ScoringTask], results: Sequence[dict[str, MethodScores]]
) -> dict[str, dict[str, MethodScores]]:
    """Put the results of tasks together: set to method to figures, in the order of tasks."""
    merged: dict[str, dict[str, MethodScores]] = {}
    for task, result in zip(tasks, results, strict=True):
        methods = merged.setdefault(task.set_name, {})
        for label, scores in result.items():
            whole = methods.setdefault(label, MethodScores())
            whole.images.update(scores.images)
            whole.video.update(scores.video)
    return merged
