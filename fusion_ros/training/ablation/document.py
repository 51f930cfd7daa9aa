# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Result of an ablation as JSON, as a Markdown table, and as a picture of crops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fusion_ros.core.image_folders import read_colour
from fusion_ros.training.ablation.rows import ROWS
from fusion_ros.training.ablation.trial import FLICKER
from fusion_ros.training.pictures import write_panels

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.training.data.image_pairs import ImagePair

SHOWN = ("reward", "VIF", "minVIF", "Qabf", "SSIM", "SCD", "EN", "MI", FLICKER)
CROP_PX = 160
LABEL_HEIGHT_PX = 16


def summarize(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over the seeds.

    Returns:
        Row to ``text``, ``seeds``, ``parameters``, ``seconds`` (mean) and ``scores``: folder to
        metric to ``mean`` and ``std`` (0 for a single seed).
    """
    summary: dict[str, Any] = {}
    for name in dict.fromkeys(result["row"] for result in results):
        runs = [result for result in results if result["row"] == name]
        summary[name] = {
            "text": ROWS[name].text,
            "seeds": [run["seed"] for run in runs],
            "parameters": runs[0]["parameters"],
            "seconds": float(np.mean([run["seconds"] for run in runs])),
            "scores": {
                source: {
                    metric: _spread([run["scores"][source][metric] for run in runs])
                    for metric in metrics
                }
                for source, metrics in runs[0]["scores"].items()
            },
        }
    return summary


def _spread(values: Sequence[float]) -> dict[str, float]:
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return {"mean": float(np.mean(values)), "std": deviation}


def markdown(summary: dict[str, Any]) -> str:
    """One table for each folder; mean ± standard deviation over the seeds."""
    lines: list[str] = []
    first = next(iter(summary.values()))
    for source in first["scores"]:
        shown = [name for name in SHOWN if name in first["scores"][source]]
        lines += [f"**{source}**", "", f"| row | {' | '.join(shown)} | parameters | s |"]
        lines.append("|---" * (len(shown) + 3) + "|")
        for row in summary.values():
            cells = [
                f"{row['scores'][source][metric]['mean']:.3f} ± "
                f"{row['scores'][source][metric]['std']:.3f}"
                for metric in shown
            ]
            cells += [str(row["parameters"]), f"{row['seconds']:.0f}"]
            lines.append(f"| {row['text']} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def write_crops(folder: Path, pairs: Sequence[ImagePair], rows: Sequence[str], seed: int) -> None:
    """Write ``crops.png``: for each pair a row of visible, thermal and every row's result."""
    panels: list[NDArray[np.uint8]] = []
    for pair in pairs:
        window = _telling_window(pair)
        name = pair.name.replace("/", "_")
        panels.append(_labelled(pair.visible[window], "visible"))
        panels.append(_labelled(np.repeat(pair.thermal[window][..., None], 3, 2), "thermal"))
        for row in rows:
            fused = read_colour(folder / row / f"seed{seed}" / f"{name}.png")
            panels.append(_labelled(fused[window], row))
    write_panels(panels, folder / "crops.png", per_row=len(rows) + 2)


def _telling_window(pair: ImagePair) -> tuple[slice, slice]:
    """The window where both sources vary most: where a fusion has to decide."""
    sides = [min(CROP_PX, side) for side in pair.luma.shape]
    best, chosen = -1.0, (slice(0, sides[0]), slice(0, sides[1]))
    for top in range(0, pair.luma.shape[0] - sides[0] + 1, CROP_PX // 4):
        for left in range(0, pair.luma.shape[1] - sides[1] + 1, CROP_PX // 4):
            window = (slice(top, top + sides[0]), slice(left, left + sides[1]))
            telling = min(float(pair.luma[window].std()), float(pair.thermal[window].std()))
            if telling > best:
                best, chosen = telling, window
    return chosen


def _labelled(image: NDArray[np.uint8], label: str) -> NDArray[np.uint8]:
    """Paste onto a canvas of one size, with a label above."""
    canvas = np.zeros((CROP_PX + LABEL_HEIGHT_PX, CROP_PX, 3), np.uint8)
    canvas[LABEL_HEIGHT_PX : LABEL_HEIGHT_PX + image.shape[0], : image.shape[1]] = image
    cv2.putText(
        canvas, label, (3, LABEL_HEIGHT_PX - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255)
    )
    return canvas
