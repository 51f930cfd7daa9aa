# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What Linux tells about a running process: its memory and its time on the processor."""

from __future__ import annotations

import os
from pathlib import Path

BYTES_PER_MB = 1e6


def peak_memory_mb(pid: int) -> float | None:
    """Largest resident memory of a process since it started its program [MB of 10^6 bytes].

    Of the program alone: unlike `resource.getrusage` it does not begin at what the process had
    held before, as a copy of its parent.

    Returns:
        None where the system does not tell, or the process is gone.
    """
    return _memory_mb(pid, "VmHWM")


def resident_memory_mb(pid: int) -> float | None:
    """Resident memory of a process now [MB of 10^6 bytes]; None as in `peak_memory_mb`."""
    return _memory_mb(pid, "VmRSS")


def processor_seconds(pid: int) -> float | None:
    """Time that all threads of a process have computed so far [s]; None as above."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    # What comes before the last bracket is the program's name, which may hold anything.
    fields = stat.rpartition(")")[2].split()
    user, system = (int(field) for field in fields[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int, name: str) -> float | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / BYTES_PER_MB
    return None
