# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads the node's parameters file, as `ros2 run --ros-args --params-file` does, without ROS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from fusion_ros.core.nested_names import flatten, near_names
from fusion_ros.errors import ConfigError
from fusion_ros.parameters.table import BY_NAME, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NODE_NAME = "fusion_node"
_SECTION = "ros__parameters"
# Parameters that every ROS node has; they mean nothing where there is no node.
_OF_ANY_NODE = ("use_sim_time", "start_type_description_service", "qos_overrides")


def read_parameters(path: Path) -> dict[str, Value]:
    """Values that a file gives to the fusion node; a name beats a wildcard.

    Args:
        path: YAML with sections such as ``/**``, ``fusion_node``, ``/robot/fusion_node``, or
            ``robot: fusion_node:``, each with ``ros__parameters``. Other nodes' are passed over.

    Raises:
        ConfigError: The file cannot be read, has no section for the node or contradicting ones,
            names an unknown parameter, or gives one a value that the node would refuse.
    """
    sections = dict(_sections(_load(path), ""))
    named = [name for name in sections if name.split("/")[-1] == NODE_NAME]
    wildcards = [name for name in sections if name.strip("/") in ("**", "*")]
    if not named and not wildcards:
        raise ConfigError(
            f"{path}: expected a section '/**' or '{NODE_NAME}' with '{_SECTION}', found "
            f"{', '.join(sections) or 'none at all'}; config/fusion.yaml is an example"
        )
    if len(named) > 1:
        raise ConfigError(
            f"{path}: expected one fusion node, found {', '.join(named)}; keep the section of the "
            f"cameras that are replayed"
        )
    values: dict[str, Value] = {}
    for name in (*wildcards, *named):
        values |= _checked(path, sections[name])
    return values


def _load(path: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise ConfigError(f"{path}: expected a readable YAML file: {err}") from err
    return document if isinstance(document, dict) else {}


def _sections(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name of each node with its parameters; namespaces may be nested or part of the name."""
    for name, value in tree.items():
        if name == _SECTION:
            yield path, value if isinstance(value, dict) else {}
        elif isinstance(value, dict):
            yield from _sections(value, f"{path}/{str(name).strip('/')}")


def _checked(path: Path, section: Mapping[str, Any]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in flatten(section):
        if name.split(".")[0] in _OF_ANY_NODE:
            continue
        if name not in BY_NAME:
            raise ConfigError(f"{path}: unknown parameter '{name}'; {near_names(name, BY_NAME)}")
        try:
            BY_NAME[name].check(value)
        except ConfigError as err:
            raise ConfigError(f"{path}: {err}") from err
        values[name] = value
    return values
