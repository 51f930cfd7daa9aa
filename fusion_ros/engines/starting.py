# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts a backend on the engine asked for; `auto` never waits for a build."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fusion_ros.backends.registry import (
    AUTO,
    BUILT_ENGINES,
    choose_engine,
    create_backend,
    load_built_backend,
    usable_engines,
)
from fusion_ros.engines.upgrade import EngineUpgrade
from fusion_ros.errors import DeviceError, EngineUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from fusion_ros.backends.contract import Backend

# What an engine raises that is installed, but does not work.
LOAD_ERRORS = (DeviceError, ImportError, OSError)

# The definition; nobody wants it in a robot.
SLOWEST = "reference"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StartedBackend:
    """A backend that can fuse.

    Attributes:
        engine: What it runs on.
        upgrade: A faster engine that is being built meanwhile.
    """

    engine: str
    backend: Backend
    upgrade: EngineUpgrade | None = None


def start_backend(name: str, engine: str, model_path: Path | None) -> StartedBackend:
    """Start a backend.

    An engine asked for by name is waited for, even if it must be built first. `auto` takes the
    fastest that is ready, and has a faster one built in the background.

    Raises:
        ConfigError: Unknown backend or engine.
        EngineUnavailableError: The engine cannot run the backend here.
        ModelArtifactError: The model is missing, damaged, or of another kind.
    """
    if engine == AUTO:
        return _start_fastest(name, model_path)
    chosen = choose_engine(name, engine)
    try:
        return StartedBackend(chosen, create_backend(name, chosen, model_path))
    except LOAD_ERRORS as err:
        others = tuple(other for other in usable_engines(name) if other != chosen)
        raise EngineUnavailableError(name, chosen, str(err), others) from err


def _start_fastest(
    name: str, model_path: Path | None, without: tuple[str, ...] = ()
) -> StartedBackend:
    chosen = choose_engine(name, AUTO, without)
    if chosen == SLOWEST:
        logger.warning(
            "backend '%s' runs on engine '%s', the slow definition, for want of a faster one; "
            "'fusion_ros doctor' says what the others need",
            name,
            chosen,
        )
    try:
        if chosen not in BUILT_ENGINES or model_path is None:
            return StartedBackend(chosen, create_backend(name, chosen, model_path))
        built = load_built_backend(name, chosen, model_path)
    except LOAD_ERRORS as err:
        logger.warning("engine '%s' cannot run here: %s", chosen, err)
        return _start_fastest(name, model_path, (*without, chosen))
    if built is not None:
        return StartedBackend(chosen, built)
    slower = _start_fastest(name, model_path, (*without, chosen))
    logger.warning(
        "engine '%s' is being built in the background; until then '%s' fuses",
        chosen,
        slower.engine,
    )
    load = partial(load_built_backend, name, chosen, model_path)
    upgrade = EngineUpgrade(chosen, build_command(name, model_path), load)
    return StartedBackend(slower.engine, slower.backend, upgrade)


def build_command(name: str, model_path: Path) -> list[str]:
    """Command line that builds ahead what a backend's model needs."""
    program = [sys.executable, "-m", "fusion_ros.cli.main", "build-engine"]
    return [*program, str(model_path), "--backend", name]
