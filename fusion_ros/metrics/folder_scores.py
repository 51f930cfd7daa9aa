# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Scores of several fusion methods over folders of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from fusion_ros.core.image_folders import read_colour, read_grey
from fusion_ros.errors import ImageFormatError
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    # Stem, (H, W, 3) BGR, (H, W) thermal -> fused image, grey or BGR.
    FusionMethod: TypeAlias = Callable[
        [str, NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.uint8]
    ]
    # Method -> stem -> metric -> value.
    ScoreTable: TypeAlias = dict[str, dict[str, dict[str, float]]]


def score_methods(
    pairs: Mapping[str, tuple[Path, Path]],
    methods: Mapping[str, FusionMethod],
    on_image: Callable[[], None] = lambda: None,
) -> ScoreTable:
    """Fuse every pair with every method and score the results.

    Args:
        pairs: Stem to the visible and the thermal image's path.
        methods: Name to method.
        on_image: Called after each pair.

    Returns:
        Method to stem to metric to value.

    Raises:
        ImageFormatError: An image cannot be read, or its size does not fit.
    """
    table: ScoreTable = {name: {} for name in methods}
    for stem, (visible_path, thermal_path) in pairs.items():
        visible, thermal = read_colour(visible_path), read_grey(thermal_path)
        for name, method in methods.items():
            try:
                sample = fusion_sample(method(stem, visible, thermal), visible, thermal)
            except ImageFormatError as err:
                raise ImageFormatError(f"{stem}, {name}: {err}") from err
            table[name][stem] = score(sample)
        on_image()
    return table


def mean_scores(images: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over all images of one method."""
    rows = list(images.values())
    return {metric: float(np.mean([row[metric] for row in rows])) for metric in rows[0]}


def on_grey(
    method: Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.uint8]],
) -> FusionMethod:
    """Let a method for grey images take a colour image."""

    def fuse(
        _stem: str, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        grey = np.asarray(cv2.cvtColor(visible, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        return method(grey, thermal)

    return fuse
