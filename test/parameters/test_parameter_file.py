# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.parameters.file import read_parameters
from fusion_ros.parameters.table import PARAMETERS

ROOT = Path(__file__).parents[2]


def read(tmp_path, text):
    path = tmp_path / "fusion.yaml"
    path.write_text(text)
    return read_parameters(path)


SECTION = "{ros__parameters: {pairing: {tolerance_ms: 8.0}, backend: average}}"
EXPECTED = {"pairing.tolerance_ms": 8.0, "backend": "average"}


def test_the_nodes_own_file_gives_every_parameter_its_default():
    values = read_parameters(ROOT / "config" / "fusion.yaml")
    assert values == {spec.name: spec.default for spec in PARAMETERS}


@pytest.mark.parametrize(
    "text",
    [
        f"/**: {SECTION}",
        f"fusion_node: {SECTION}",
        f"/fusion_node: {SECTION}",
        f"/robot/front/fusion_node: {SECTION}",
        f"robot: {{front: {{fusion_node: {SECTION}}}}}",
        f"'/**/fusion_node': {SECTION}",
        f"/**: {SECTION}\ncamera: {{ros__parameters: {{gain: 3}}}}",
    ],
)
def test_the_section_of_the_node_is_found_as_ros_finds_it(tmp_path, text):
    assert read(tmp_path, text) == EXPECTED


def test_names_may_be_dotted(tmp_path):
    text = "/**: {ros__parameters: {pairing.tolerance_ms: 8.0, backend: average}}"
    assert read(tmp_path, text) == EXPECTED


def test_a_name_beats_a_wildcard_wherever_it_stands(tmp_path):
    named = "fusion_node: {ros__parameters: {backend: laplacian}}"
    assert read(tmp_path, f"{named}\n/**: {SECTION}")["backend"] == "laplacian"


def test_what_every_node_has_is_passed_over(tmp_path):
    qos = "qos_overrides: {/fused/image: {publisher: {depth: 3}}}"
    text = f"/**: {{ros__parameters: {{use_sim_time: true, {qos}, backend: average}}}}"
    assert read(tmp_path, text) == {"backend": "average"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "/**: {ros__parameters: {pairing: {tolerence_ms: 8.0}}}",
            "did you mean pairing.tolerance_ms",
        ),
        ("/**: {ros__parameters: {zzz: 1}}", "unknown parameter 'zzz'.*known are"),
        ("/**: {ros__parameters: {pairing: {tolerance_ms: 8}}}", r"expected a float.*8\.0"),
        ("/**: {ros__parameters: {backend: magic}}", "one of mm_lut"),
        ("camera: {ros__parameters: {gain: 3}}", "section.*found /camera"),
        ("", "found none at all"),
        ("- 1", "found none at all"),
        ("a: [", "readable YAML"),
        (
            f"/a/fusion_node: {SECTION}\n/b/fusion_node: {SECTION}",
            "one fusion node.*/a/fusion_node",
        ),
    ],
)
def test_a_file_that_the_node_would_refuse_is_refused_with_its_name(tmp_path, text, complaint):
    with pytest.raises(ConfigError, match=rf"fusion\.yaml.*{complaint}"):
        read(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="absent"):
        read_parameters(tmp_path / "absent.yaml")
