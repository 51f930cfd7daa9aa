# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Made-up registered pairs, and a configuration small enough for tests."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from fusion_ros.training.mm_lut_config import read_config

REPOSITORY = Path(__file__).resolve().parents[2]
HEIGHT, WIDTH = 64, 80


def scene(seed):
    """A bright grating on one half of the visible image, warm discs in the thermal one."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    visible = 60 + 50 * np.sin(columns / random.uniform(1, 3)) * (columns < WIDTH // 2)
    thermal = np.full((HEIGHT, WIDTH), 30.0)
    for _ in range(3):
        row, column = random.uniform(0, HEIGHT), random.uniform(0, WIDTH)
        thermal[np.hypot(rows - row, columns - column) < 8] = 220
    visible = visible[..., None] * np.array([0.8, 1.0, 1.1])
    noise = random.normal(0, 3, size=(HEIGHT, WIDTH))
    return (
        np.clip(visible + noise[..., None], 0, 255).astype(np.uint8),
        np.clip(thermal + noise, 0, 255).astype(np.uint8),
    )


@pytest.fixture
def data_folder(tmp_path):
    folder = tmp_path / "scenes"
    for name in ("vi", "ir"):
        (folder / name).mkdir(parents=True)
    for index in range(4):
        visible, thermal = scene(index)
        cv2.imwrite(str(folder / "vi" / f"{index}.png"), visible)
        cv2.imwrite(str(folder / "ir" / f"{index}.png"), thermal)
    return folder


@pytest.fixture
def config():
    published = read_config(REPOSITORY / "config" / "training" / "mm_lut.yaml")
    return dataclasses.replace(
        published, nodes=(5, 3, 4, 6), channels=3, dilations=(1, 2, 1), crop_px=48, batch=2,
        steps=30,
    )  # fmt: skip
