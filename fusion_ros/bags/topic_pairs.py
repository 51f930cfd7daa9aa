# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Values of the option `--topic` of player and recorder."""

from __future__ import annotations

from argparse import ArgumentTypeError


def topic_pair(text: str) -> tuple[str, str]:
    """Split ``NAME:=VALUE``, as a type of `argparse`.

    Raises:
        ArgumentTypeError: There are no two parts.
    """
    name, mark, value = text.partition(":=")
    if not (name and mark and value):
        raise ArgumentTypeError(f"expected two parts with := between them, got '{text}'")
    return name, value
