# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Made-up registered pairs, and a configuration small enough for tests."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from fusion_ros.training.data.image_pairs import read_pairs, read_video_steps
from fusion_ros.training.network_shapes import MmLutShape, TinyCnnShape
from fusion_ros.training.training_config import DataConfig, read_config

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


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny crops are done before a second thread has woken up."""
    torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def config():
    """The published MM-LUT's configuration, but small and without what tests ask for by name."""
    published = read_config(REPOSITORY / "config" / "training" / "mm_lut.yaml", MmLutShape)
    return dataclasses.replace(
        published,
        network=MmLutShape((5, 3, 4, 6), 8.0, 3, (1, 2, 1)),
        data=DataConfig(crop_px=48, long_side_px=700, video_stride=4),
        optimization=dataclasses.replace(published.optimization, batch=2, steps=30, averaging=0.0),
        augmentation={},
        steadiness=0.0,
    )


@pytest.fixture
def rival(config):
    """The same for the network of 113 parameters."""
    return dataclasses.replace(
        config,
        network=TinyCnnShape(4, "value", 8.0),
        penalties={},
        optimization=dataclasses.replace(config.optimization, rates={"network": 0.003}),
    )


@pytest.fixture
def pairs(data_folder):
    return read_pairs(data_folder)


@pytest.fixture
def video(data_folder):
    return read_video_steps(data_folder)


@pytest.fixture
def config_file(tmp_path):
    """Writes a configuration as a YAML file."""

    def write(config):
        path = tmp_path / "small.yaml"
        path.write_text(config.fingerprint(), encoding="utf-8")  # JSON is YAML
        return path

    return write
