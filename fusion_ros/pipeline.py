# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The one place that chains the stages: check, prepare, fuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.registry import AUTO, choose_engine, create_backend
from fusion_ros.core.frames import FramePair, FusedFrame
from fusion_ros.core.image_checks import check_pair
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.preparation.prepare import Preparation

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from fusion_ros.backends.contract import Backend

DEFAULT_BACKEND = "mm_lut"
# Small, but more than one band of rows: compiles and loads all that a frame needs.
WARM_UP_SHAPE = (64, 64)


class FusionPipeline:
    """A backend on an engine, with all that must happen to a pair before it.

    One thread at a time may use it. The thermal levels follow the stream, so use one pipeline
    for one stream.

    Attributes:
        name: Registered name of the backend.
        engine: Engine that runs it, never ``auto``.
        model_id: ``<name>@<12 hex digits of sha256>``, empty without a model.
    """

    def __init__(self, name: str, engine: str, model_id: str, backend: Backend) -> None:
        """Chain the stages around `backend`; use `load_backend` to get one."""
        self.name = name
        self.engine = engine
        self.model_id = model_id
        self._backend = backend
        self._preparation = Preparation()

    def fuse(self, pair: FramePair, guidance: bool = True) -> FusedFrame:
        """Fuse one pair.

        Args:
            pair: The images; they are not modified.
            guidance: Whether `FusedFrame.guidance` is wanted; leaving it out saves time.

        Raises:
            ImageFormatError: An image has the wrong type or shape.
        """
        timer = StageTimer()
        check_pair(pair)
        prepared = self._preparation.prepare(pair)
        timer.finish("prepare")
        image, weight = self._backend.fuse(prepared, guidance)
        timer.finish("fuse")
        return FusedFrame(image, weight, timer.stages_ms, prepared.thermal_range)

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
        name: ``mm_lut``, ``lutfuse``, ``average`` or ``laplacian``.
        engine: ``auto`` for the fastest that can run here, or ``tensorrt``, ``cuda``, ``cpu``,
            ``onnxruntime``, ``torch``, ``reference``.
        model: A model file, a name from the manifest, or None for the backend's own.

    Raises:
        ConfigError: Unknown backend or engine, or a model is needed and none was given.
        EngineUnavailableError: The engine asked for cannot run here.
        ModelArtifactError: The model is missing, damaged, or of another kind.
    """
    chosen = choose_engine(name, engine)
    artifact = resolve_model(name, model)
    if artifact is None:
        return FusionPipeline(name, chosen, "", create_backend(name, chosen, None))
    return FusionPipeline(
        name, chosen, artifact.model_id, create_backend(name, chosen, artifact.path)
    )
