# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The one place that chains the stages: check, prepare, fuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.registry import AUTO
from fusion_ros.core.frames import FramePair, FusedFrame
from fusion_ros.core.image_checks import check_pair
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.engines.starting import start_backend
from fusion_ros.preparation.prepare import Preparation

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from fusion_ros.core.frames import PreparedPair
    from fusion_ros.engines.starting import StartedBackend

DEFAULT_BACKEND = "mm_lut"
# Small, but more than one band of rows: compiles and loads all that a frame needs.
WARM_UP_SHAPE = (64, 64)


class FusionPipeline:
    """A backend on an engine, with all that must happen to a pair before it.

    One thread at a time may use it. The thermal levels follow the stream, so use one pipeline
    for one stream.

    Attributes:
        name: Registered name of the backend.
        engine: Engine that runs it, never ``auto``; with ``auto`` it changes between two
            frames when a faster one has been built in the background.
        model_id: ``<name>@<12 hex digits of sha256>``, empty without a model.
    """

    def __init__(self, name: str, model_id: str, started: StartedBackend) -> None:
        """Chain the stages around a backend; use `load_backend` to get one."""
        self.name = name
        self.engine = started.engine
        self.model_id = model_id
        self._backend = started.backend
        self._upgrade = started.upgrade
        self._preparation = Preparation()

    def fuse(self, pair: FramePair, guidance: bool = True) -> FusedFrame:
        """Fuse one pair.

        Args:
            pair: The images; they are not modified.
            guidance: Whether `FusedFrame.guidance` is wanted; leaving it out saves time.

        Raises:
            ImageFormatError: An image has the wrong type or shape.
        """
        return self.fuse_with_sources(pair, guidance)[0]

    def fuse_with_sources(
        self, pair: FramePair, guidance: bool = True
    ) -> tuple[FusedFrame, PreparedPair]:
        """As `fuse`; also gives what was fused, which is valid until the next call."""
        timer = StageTimer()
        self._take_upgrade()
        check_pair(pair)
        prepared = self._preparation.prepare(pair)
        timer.finish("prepare")
        image, weight = self._backend.fuse(prepared, guidance)
        timer.finish("fuse")
        fused = FusedFrame(image, weight, timer.stages_ms, prepared.thermal_range)
        return fused, prepared

    def warm_up(self) -> None:
        """Fuse an empty pair, so that the first real one does not wait for compilation."""
        visible = np.zeros((*WARM_UP_SHAPE, 3), dtype=np.uint8)
        self.fuse(FramePair(visible, visible[..., 0].copy()))

    def reset(self) -> None:
        """Forget the stream so far, e.g. after a jump in time."""
        self._preparation = Preparation()

    def close(self) -> None:
        """Release what the engine holds. Calling it again does nothing."""
        self._backend.close()
        if self._upgrade is not None:
            self._upgrade.close()

    def _take_upgrade(self) -> None:
        faster = None if self._upgrade is None else self._upgrade.take()
        if self._upgrade is not None and faster is not None:
            self._backend.close()
            self._backend, self.engine, self._upgrade = faster, self._upgrade.engine, None

    def __enter__(self) -> FusionPipeline:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def load_backend(
    name: str = DEFAULT_BACKEND, engine: str = AUTO, model: str | Path | None = None
) -> FusionPipeline:
    """Load a backend, ready to fuse.

    Args:
        name: ``mm_lut``, ``hybrid``, ``lutfuse``, ``average`` or ``laplacian``.
        engine: ``auto`` for the fastest that can run here, or ``tensorrt``, ``cuda``, ``cpu``,
            ``onnxruntime``, ``torch``, ``reference``.
        model: A model file, a name from the manifest, or None for the backend's own.

    Raises:
        ConfigError: Unknown backend or engine, or a model is needed and none was given.
        EngineUnavailableError: The engine asked for cannot run here.
        ModelArtifactError: The model is missing, damaged, or of another kind.
    """
    artifact = resolve_model(name, model)
    path, model_id = (None, "") if artifact is None else (artifact.path, artifact.model_id)
    return FusionPipeline(name, model_id, start_backend(name, engine, path))
