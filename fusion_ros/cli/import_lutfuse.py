# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros import-lutfuse`: the authors' checkpoints to a model of this package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_lutfuse(
    table: Annotated[Path, typer.Argument(help="The table, e.g. fine_tuned_lut.npy.")],
    generator: Annotated[
        Path, typer.Argument(help="The context generator, .npz, or .pth where torch is installed.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The model to write.")] = Path(
        "lutfuse.npz"
    ),
) -> None:
    """Import LUT-Fuse checkpoints, for use with --backend lutfuse --model FILE."""
    from fusion_ros.backends.lutfuse.checkpoints import read_checkpoints

    model = read_checkpoints(table, generator)
    model.save(output)
    typer.echo(f"wrote {output}; try: fusion_ros fuse … --backend lutfuse --model {output}")
