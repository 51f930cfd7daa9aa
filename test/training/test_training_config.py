# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The files with hyper-parameters."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from fusion_ros.errors import ConfigError
from fusion_ros.training.network_shapes import MmLutShape, MmNetShape, TinyCnnShape
from fusion_ros.training.training_config import DataConfig, Optimization, read_config

FOLDER = Path(__file__).resolve().parents[2] / "config" / "training"
PUBLISHED = FOLDER / "mm_lut.yaml"
SHAPES = {"mm_lut.yaml": MmLutShape, "mm_net.yaml": MmNetShape, "rival.yaml": TinyCnnShape}


@pytest.mark.parametrize("name", SHAPES)
def test_every_published_file_is_valid(name):
    assert isinstance(read_config(FOLDER / name, SHAPES[name]).network, SHAPES[name])


def test_equal_configurations_have_equal_fingerprints():
    first, again = (read_config(PUBLISHED, MmLutShape) for _ in range(2))
    assert first.fingerprint() == again.fingerprint()
    assert dataclasses.replace(first, seed=8).fingerprint() != first.fingerprint()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("batch:", "bach:", r"optimization: missing keys: \['batch'\]; unknown keys: \['bach'\]"),
        ("seed:", "sede:", r"missing keys: \['seed'\]"),
        ("nodes: [17, 9, 9, 17]", "nodes: [18, 9, 9, 9]", "network: nodes: expected 2 to 17"),
        ("crop_px: 160", "crop_px: yes please", "data: a value is of the wrong kind"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, before, after, words):
    text = PUBLISHED.read_text(encoding="utf-8").replace(before, after)
    (tmp_path / "typo.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_config(tmp_path / "typo.yaml", MmLutShape)


def test_a_section_without_keys_is_named(tmp_path):
    values = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")) | {"data": 3}
    (tmp_path / "odd.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    with pytest.raises(ConfigError, match="data: expected keys and values, got 3"):
        read_config(tmp_path / "odd.yaml", MmLutShape)


def test_a_missing_file_is_a_config_error(tmp_path):
    with pytest.raises(ConfigError, match="expected a YAML file"):
        read_config(tmp_path / "none.yaml", MmLutShape)


LUT, NET = MmLutShape((9, 9, 9, 9), 8.0, 8, (1,)), MmNetShape((8, 8), 8, 8.0)


@pytest.mark.parametrize(
    ("record", "name", "value"),
    [
        (LUT, "nodes", (17, 9, 9)), (LUT, "nodes", (18, 9, 9, 9)), (LUT, "dilations", ()),
        (LUT, "channels", 0), (NET, "widths", (8,)), (NET, "detail_channels", 0),
        (TinyCnnShape(4, "weight", 8.0), "output", "colour"),
        (DataConfig(128, 700, 4), "crop_px", 50), (DataConfig(128, 700, 4), "night_share", 2.0),
        (Optimization(1, 1, {}), "batch", 0), (Optimization(1, 1, {}), "averaging", 1.0),
    ],
)  # fmt: skip
def test_values_out_of_range_are_refused_by_name(record, name, value):
    with pytest.raises(ConfigError, match=name):
        dataclasses.replace(record, **{name: value})
