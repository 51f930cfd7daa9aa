# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Nested mappings as flat ones with dotted names, and names that are nearly right."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


# More would hide the message that they are part of.
NAMES_SHOWN = 12


def flatten(tree: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """All values that are no mapping: ``{"a": {"b": 1}}`` and ``{"a.b": 1}`` give ``("a.b", 1)``.

    Args:
        tree: Mappings within mappings.
        prefix: Put before every name.
    """
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def near_names(name: str, known: Collection[str]) -> str:
    """Advice for a name that does not exist: the most similar ones, or the first that do exist."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    more = ", …" if len(known) > NAMES_SHOWN else ""
    return f"known are {', '.join(list(known)[:NAMES_SHOWN])}{more}"
