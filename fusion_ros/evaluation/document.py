# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All figures of an evaluation, for files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fusion_ros.evaluation.methods import BackendRun
from fusion_ros.metrics.means import interval_half_widths, mean_scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.evaluation.image_set import ImageSet
    from fusion_ros.evaluation.methods import Method
    from fusion_ros.evaluation.scoring import MethodScores


def document(
    sets: Sequence[ImageSet],
    methods: Sequence[Method],
    profile: str,
    scores: Mapping[str, Mapping[str, MethodScores]],
    provenance: Mapping[str, object],
) -> dict[str, Any]:
    """Everything as JSON can hold it.

    Returns:
        ``profile``, ``provenance``, ``methods`` (label to what it is) and ``sets``: name to the
        number of images, ``frame_steps`` (pairs of the folder from one image to the next, and how
        often), and for each method ``means``, ``ci95`` (half widths), ``video`` and
        ``each`` image.
    """
    return {
        "profile": profile,
        "provenance": dict(provenance),
        "methods": {method.label: _facts(method) for method in methods},
        "sets": {
            images.folders.name: {
                "visible": str(images.folders.visible),
                "thermal": str(images.folders.thermal),
                "images": len(images.images),
                "pairs_in_folder": images.pairs,
                "frame_steps": {str(step): n for step, n in sorted(Counter(images.steps).items())},
                "methods": {
                    label: _figures(figures)
                    for label, figures in scores[images.folders.name].items()
                },
            }
            for images in sets
        },
    }


def _facts(method: Method) -> dict[str, str]:
    facts: dict[str, str] = {"kind": method.kind}
    if isinstance(method, BackendRun):
        facts |= {"backend": method.backend, "engine": method.engine, "model": method.model_id}
    return facts


def _figures(figures: MethodScores) -> dict[str, Any]:
    return {
        "means": mean_scores(figures.images),
        "ci95": interval_half_widths(figures.images),
        "video": figures.video,
        "each": figures.images,
    }
