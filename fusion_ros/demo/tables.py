# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a demo as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from fusion_ros.demo.results import DemoResults

_FATES = ("paired", "unpaired", "stale", "malformed", "lost", "undecided")


def frames_table(results: DemoResults) -> Table:
    """Where every published frame ended."""
    table = Table(title="What became of every frame")
    table.add_column("camera", no_wrap=True)
    for column in ("sent", *_FATES):
        table.add_column(column, justify="right", no_wrap=True)
    for name, stream in (
        ("visible", results.account.visible),
        ("thermal", results.account.thermal),
    ):
        figures = (stream.published, *(getattr(stream, fate) for fate in _FATES))
        table.add_row(name, *(str(figure) for figure in figures))
    return table


def latency_table(results: DemoResults) -> Table:
    """Times of the node's stages and from end to end."""
    summary = results.summary
    table = Table(title=f"{summary['backend']} on {summary['engine']}: time for one pair")
    for column in ("", "p50 ms", "p99 ms"):
        table.add_column(column, justify="right" if column else "left")
    rows = {
        **{f"node: {name}": figures for name, figures in summary["stages_ms"].items()},
        "published to arrived": summary["end_to_end_ms"],
    }
    for name, figures in rows.items():
        if figures:
            table.add_row(name, f"{figures['p50']:.2f}", f"{figures['p99']:.2f}")
    return table


def pairs_line(results: DemoResults) -> str:
    """What became of the pairs, in one line."""
    account = results.account
    made = account.fused + account.superseded + account.failed
    line = f"{account.fused} of {made} pairs fused, {account.received} fused frames arrived"
    if account.superseded:
        line += f"; {account.superseded} superseded by newer ones while the node was busy"
    if account.failed:
        line += f"; {account.failed} failed, see node.log"
    return line
