# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The command `fusion_ros`: its sub-commands, and how their errors end."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from fusion_ros import __version__
from fusion_ros.cli.bench import bench
from fusion_ros.cli.build_engine import build_engine
from fusion_ros.cli.demo import demo
from fusion_ros.cli.doctor import doctor
from fusion_ros.cli.evaluate import evaluate
from fusion_ros.cli.export import export
from fusion_ros.cli.fuse import fuse
from fusion_ros.cli.import_lutfuse import import_lutfuse
from fusion_ros.cli.make_bag import make_bag
from fusion_ros.cli.node import node
from fusion_ros.cli.replay import replay
from fusion_ros.cli.train import app as train
from fusion_ros.cli.tune import tune
from fusion_ros.errors import FusionError

app = typer.Typer(
    name="fusion_ros",
    help="Fuse thermal and visible images: on a robot, from a bag, from files.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # units in [brackets] are no markup
    pretty_exceptions_enable=False,
)
app.command("demo")(demo)
app.command("fuse")(fuse)
app.command("make-bag")(make_bag)
app.command("replay")(replay)
app.command("evaluate")(evaluate)
app.command("bench")(bench)
app.add_typer(train, name="train")
app.command("tune")(tune)
app.command("export")(export)
app.command("build-engine")(build_engine)
app.command("import-lutfuse")(import_lutfuse)
app.command("node", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    node
)
app.command("doctor")(doctor)


@app.callback(invoke_without_command=True)
def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        typer.echo(f"fusion_ros {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line: exit code 0, or 1 with one clear line."""
    try:
        code = app(standalone_mode=False)
    except (FusionError, OSError) as err:
        console = Console(stderr=True, highlight=False)
        console.print(f"[bold red]error:[/] {escape(str(err))}", soft_wrap=True)
        sys.exit(1)
    except typer.Abort:
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as err:
        _end_on_usage_error(err)
        raise
    sys.exit(code if isinstance(code, int) else 0)


def _end_on_usage_error(err: Exception) -> None:
    """Show what click says of a wrong command line; typer bundles its own click."""
    show, code = getattr(err, "show", None), getattr(err, "exit_code", None)
    if show is not None and code is not None:
        show()
        sys.exit(code)


if __name__ == "__main__":
    main()
