# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fusion_ros.errors import ConfigError
from fusion_ros.node.parameter_docs import page
from fusion_ros.parameters.config import node_config
from fusion_ros.parameters.table import PARAMETERS

ROOT = Path(__file__).parents[2]
DEFAULTS = {spec.name: spec.default for spec in PARAMETERS}


def flatten(tree, prefix=""):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def test_the_yaml_file_holds_every_parameter_at_its_default():
    document = yaml.safe_load((ROOT / "config" / "fusion.yaml").read_text())
    written = dict(flatten(document["/**"]["ros__parameters"]))
    assert written == DEFAULTS
    assert {name: type(value) for name, value in written.items()} == {
        name: type(value) for name, value in DEFAULTS.items()
    }


def test_the_documentation_is_the_table():
    assert (ROOT / "docs" / "parameters.md").read_text() == page()


def test_every_parameter_is_explained():
    for spec in PARAMETERS:
        assert len(spec.text) > 20


def test_the_defaults_are_valid_and_converted_to_nanoseconds():
    config = node_config(DEFAULTS)
    assert config.pairing.tolerance_ns == 25_000_000


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("backend", "magic", "one of mm_lut"),
        ("engine", "quantum", "one of auto"),
        ("output.encoding", "mono8", "one of bgr8, rgb8"),
        ("pairing.tolerance_ms", -1.0, "0 to 10000 ms"),
        ("pairing.tolerance_ms", float("nan"), "0 to 10000 ms"),
        ("pairing.tolerance_ms", 5, "expected a float"),
        ("pairing.queue_size", 0, "1 to 1000 frames"),
        ("autostart", 1, "expected a bool"),
        ("model", None, "expected a str"),
    ],
)
def test_a_bad_value_is_refused_with_the_rule(name, value, complaint):
    with pytest.raises(ConfigError, match=f"{name}.*{complaint}"):
        node_config(DEFAULTS | {name: value})
