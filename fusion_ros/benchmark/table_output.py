# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables for the terminal and for Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.benchmark.tables import node_table, speed_table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from fusion_ros.benchmark.report import BenchmarkReport
    from fusion_ros.benchmark.tables import TextTable


def report_tables(report: BenchmarkReport) -> list[TextTable]:
    """The tables of a report."""
    node = [node_table(report.node)] if report.node is not None else []
    return [speed_table(report.speeds), *node]


def provenance_line(report: BenchmarkReport) -> str:
    """Where and when, in one line."""
    return ", ".join(f"{name} {value}" for name, value in report.provenance.items())


def print_report(report: BenchmarkReport, console: Console) -> None:
    """Show everything in the terminal; fits into 100 columns."""
    from rich import box
    from rich.table import Table

    for text in report_tables(report):
        table = Table(title=text.title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
        names_only = len(text.columns) == 1
        for number, column in enumerate(text.columns):
            is_name = number == 0
            table.add_column(
                column,
                justify="left" if is_name else "right",
                no_wrap=is_name and not names_only,
            )
        _add_rows(table, text)
        console.print(table)
        for note in text.notes:
            console.print(note, markup=False)
    console.print(f"\n{provenance_line(report)}", markup=False)
    for warning in report.warnings:
        console.print(f"warning: {warning}", style="yellow", markup=False)


def _add_rows(table: Table, text: TextTable) -> None:
    from rich.markup import escape

    for heading, rows in text.sections.items():
        if heading:
            table.add_row(heading, style="bold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        table.add_section()


def write_markdown(report: BenchmarkReport, path: Path) -> None:
    """Write the tables, with date and hardware, to be pasted into a document."""
    blocks = [_markdown_table(table) for table in report_tables(report)]
    closing = [f"{provenance_line(report)}.", *(f"Warning: {text}." for text in report.warnings)]
    path.write_text("\n\n".join([*blocks, *closing]) + "\n", encoding="utf-8")


def _markdown_table(table: TextTable) -> str:
    lines = [
        f"**{table.title}**",
        "",
        _markdown_row(table.columns),
        "|---|" + "---:|" * (len(table.columns) - 1),
    ]
    for heading, rows in table.sections.items():
        if heading:
            lines.append(_markdown_row((f"*{heading}*", *("" for _ in table.columns[1:]))))
        lines += [_markdown_row(row) for row in rows]
    if table.notes:
        lines += ["", "; ".join(table.notes) + "."]
    return "\n".join(lines)


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
