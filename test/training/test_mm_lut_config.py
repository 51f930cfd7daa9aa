# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hyper-parameter file."""

import dataclasses
from pathlib import Path

import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.training.mm_lut_config import MmLutConfig, read_config

PUBLISHED = Path(__file__).resolve().parents[2] / "config" / "training" / "mm_lut.yaml"


def test_the_file_of_the_published_model_is_valid():
    assert isinstance(read_config(PUBLISHED), MmLutConfig)


def test_missing_and_unknown_keys_are_named(tmp_path):
    text = PUBLISHED.read_text(encoding="utf-8").replace("batch:", "bach:")
    (tmp_path / "typo.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"missing keys: \['batch'\]; unknown keys: \['bach'\]"):
        read_config(tmp_path / "typo.yaml")


def test_a_missing_file_is_a_config_error(tmp_path):
    with pytest.raises(ConfigError, match="expected a YAML file"):
        read_config(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("name", "value"),
    [("nodes", (17, 9, 9)), ("nodes", (18, 9, 9, 9)), ("crop_px", 50), ("dilations", ()),
     ("batch", 0)],
)  # fmt: skip
def test_values_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=name):
        dataclasses.replace(read_config(PUBLISHED), **{name: value})
