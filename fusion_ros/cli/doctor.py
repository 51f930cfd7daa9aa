# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros doctor``: what works here, what is missing, and the command that mends it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from fusion_ros.environment import EnvironmentFacts
    from fusion_ros.installation_check import InstallationCheck

MISSING = "[dim]–[/]"


def doctor(
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Write all that was found.")
    ] = None,
) -> int:
    """Show versions, engines, models and what is missing; 0 if the default pipeline runs."""
    from fusion_ros.installation_check import check_installation

    check = check_installation()
    show(check, Console())
    if json_path is not None:
        text = json.dumps(asdict(check), indent=1, ensure_ascii=False)
        json_path.write_text(text + "\n", encoding="utf-8")
    return 0 if check.engine else 1


def show(check: InstallationCheck, console: Console) -> None:
    """Print the findings for people."""
    console.print(_environment_table(check.environment))
    console.print(_engine_table(check))
    for reason in check.unavailable:
        console.print(f"  {escape(reason)}")
    console.print(_model_table(check))
    if check.problems:
        console.print(_problem_table(check))
    if check.engine:
        console.print(f"[green]The default pipeline runs on engine '{check.engine}'.[/]")
    else:
        console.print(f"[red]The default pipeline does not run:[/] {escape(check.failure)}")


def _environment_table(facts: EnvironmentFacts) -> Table:
    ros, hardware = facts.ros, facts.hardware
    table = Table("", "", title="This machine", show_header=False)
    table.add_row("Python", f"{facts.python} on {facts.system}")
    table.add_row("processor", f"{hardware.processor}, {hardware.usable_cores} of {hardware.cores}")
    table.add_row("NVIDIA GPU", "\n".join(hardware.gpus) or MISSING)
    table.add_row("Jetson", hardware.jetson or MISSING)
    table.add_row("ROS 2", f"{ros.distribution} ({ros.source})" if ros.distribution else MISSING)
    table.add_row("middleware", ros.middleware)
    table.add_row("Fast DDS profile", ros.profile or MISSING)
    if ros.shared_memory_mb is not None:
        table.add_row("shared memory", f"{ros.shared_memory_mb} MB free")
    table.add_row("fusion_ros.msg", "built" if ros.message_built else MISSING)
    for module, version in facts.versions.items():
        table.add_row(module, version or MISSING)
    return table


def _engine_table(check: InstallationCheck) -> Table:
    engines = list(dict.fromkeys(row.engine for row in check.engines))
    table = Table("backend", *engines, title="Backends and the engines that can run them here")
    for backend in dict.fromkeys(row.backend for row in check.engines):
        usable = {row.engine for row in check.engines if row.backend == backend and row.usable}
        table.add_row(backend, *("yes" if engine in usable else MISSING for engine in engines))
    return table


def _model_table(check: InstallationCheck) -> Table:
    table = Table("model", "backend", "checksum", title="Models")
    for model in check.models:
        table.add_row(model.name, model.backend, model.problem or "right")
    return table


def _problem_table(check: InstallationCheck) -> Table:
    table = Table("what is missing", "what mends it", title="To do")
    for problem in check.problems:
        table.add_row(escape(problem.what), escape(problem.remedy))
    return table
