# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameter table as a page of the documentation.

`python -m fusion_ros.node.parameter_docs > docs/parameters.md` writes it anew.
"""

from __future__ import annotations

from fusion_ros.parameters.table import PARAMETERS, ParameterSpec

_HEAD = """# Parameters of the fusion node

All of them, with their defaults; `config/fusion.yaml` holds the same. Those marked "at once"
take effect with `ros2 param set`; the others are read when the node is configured, and a change
is refused until it is deactivated and cleaned up.

| name | default | allowed | changes | what it does |
|---|---|---|---|---|
"""
_TAIL = """
Quality of service of every topic can be overridden with
`qos_overrides.<topic>.<publisher|subscription>.<reliability|depth|history>`.
"""


def page() -> str:
    """The page in Markdown."""
    return _HEAD + "".join(_row(spec) for spec in PARAMETERS) + _TAIL


def _row(spec: ParameterSpec) -> str:
    changes = "at once" if spec.live else "when configured"
    default = f"`{spec.default}`" if spec.default != "" else "empty"
    return f"| `{spec.name}` | {default} | {_allowed(spec)} | {changes} | {spec.text} |\n"


def _allowed(spec: ParameterSpec) -> str:
    if spec.choices:
        return ", ".join(f"`{choice}`" for choice in spec.choices)
    if spec.low is not None and spec.high is not None:
        return f"{spec.low:g} to {spec.high:g} {spec.unit}".strip()
    return type(spec.default).__name__


if __name__ == "__main__":
    print(page(), end="")
