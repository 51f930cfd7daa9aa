# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a healthy node does in the demo, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_ros.demo.live_account import LiveAccount
    from fusion_ros.demo.live_run import LiveRun

MEMORY_LIMIT_MB = 400.0


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that was expected.

    Attributes:
        what: In words.
        found: What was found instead, or as expected.
        held: Whether it was as expected.
    """

    what: str
    found: str
    held: bool


def expectations(run: LiveRun, account: LiveAccount) -> tuple[Expectation, ...]:
    """Check a run."""
    log = run.node_log.read_text(encoding="utf-8", errors="replace")
    traces = log.count("Traceback")
    lost = account.visible.lost + account.thermal.lost
    malformed = account.visible.malformed + account.thermal.malformed
    return (
        Expectation(
            "the node ends on SIGINT with exit code 0",
            f"exit code {run.node_exit_code}",
            run.node_exit_code == 0,
        ),
        Expectation(
            f"it stays below {MEMORY_LIMIT_MB:g} MB",
            f"{run.node_memory_mb:.0f} MB at most",
            run.node_memory_mb < MEMORY_LIMIT_MB,
        ),
        Expectation("it logs no traceback", f"{traces} found", traces == 0),
        Expectation(
            "every fused frame arrives",
            f"{account.received} of {account.fused} arrived",
            account.received == account.fused,
        ),
        # Superseded pairs are no defect: newest wins on a machine that is too slow for the rest.
        Expectation("no frame is lost between the processes", f"{lost} lost", lost == 0),
        Expectation("no frame is refused", f"{malformed} malformed", malformed == 0),
        Expectation("no pair fails", f"{account.failed} failed", account.failed == 0),
    )
