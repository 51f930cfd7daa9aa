# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is scored: backends, fused images of others, and trivial fusions. They travel to workers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import cv2
import numpy as np

from fusion_ros.core.frames import FramePair
from fusion_ros.core.image_folders import read_colour
from fusion_ros.errors import ConfigError
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.pipeline import load_backend

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.evaluation.image_set import ImageFiles
    from fusion_ros.pipeline import FusionPipeline

Kind = Literal["backend", "images", "baseline"]


class Method(Protocol):
    """A way to get a fused image for a pair."""

    @property
    def label(self) -> str:
        """Name in tables."""

    @property
    def kind(self) -> Kind:
        """Where its images come from."""

    def start_stream(self) -> None:
        """What comes next does not follow what came before."""

    def fuse(
        self, files: ImageFiles, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """The fused image.

        Args:
            files: Where the pair is from.
            visible: (H, W, 3) BGR.
            thermal: (H, W).

        Returns:
            (H, W, 3) BGR or (H, W).

        Raises:
            FusionError: It cannot be read or made.
        """


@dataclass(frozen=True, slots=True)
class FusedImages:
    """Images that somebody else has fused."""

    label: str
    kind: Kind = "images"

    def start_stream(self) -> None:
        """Files have no memory."""

    def fuse(
        self, files: ImageFiles, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """Read the image; see `Method`."""
        return read_colour(files.fused[self.label])


@dataclass(frozen=True, slots=True)
class Baseline:
    """A trivial fusion of grey images, one of `fusion_ros.metrics.baselines`."""

    label: str
    kind: Kind = "baseline"

    def start_stream(self) -> None:
        """Trivial fusions have no memory."""

    def fuse(
        self, files: ImageFiles, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """Fuse in grey; see `Method`."""
        grey = np.asarray(cv2.cvtColor(visible, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        return BASELINES[self.label](grey, thermal)


@dataclass(frozen=True, slots=True)
class BackendRun:
    """A backend of this package.

    Attributes:
        label: Name in tables.
        backend: Registered name.
        engine: What runs it, never ``auto``: every worker shall use the same.
        model: Model file or name; None for the backend's own.
        model_id: What that was where the work was planned: ``<name>@<12 hex digits>``, empty
            without a model.
    """

    label: str
    backend: str
    engine: str
    model: str | None
    model_id: str
    kind: Kind = "backend"

    def start_stream(self) -> None:
        """Forget the frames so far."""
        self._pipeline().reset()

    def fuse(
        self, files: ImageFiles, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """Run the pipeline; see `Method`."""
        return self._pipeline().fuse(FramePair(visible, thermal), guidance=False).image

    def _pipeline(self) -> FusionPipeline:
        loaded = _LOADED.pipelines
        if self not in loaded:
            loaded[self] = self._load()
        return loaded[self]

    def _load(self) -> FusionPipeline:
        pipeline = load_backend(self.backend, self.engine, self.model)
        if pipeline.model_id != self.model_id:
            raise ConfigError(
                f"{self.label}: expected model {self.model_id} on every worker, this one has "
                f"{pipeline.model_id}; install the same version of fusion_ros everywhere"
            )
        return pipeline


class _LoadedPipelines(threading.local):
    """Pipelines of one thread, kept as long as it lives: loading takes longer than fusing.

    One thread at a time may use a pipeline, and a cluster's worker may have several threads.
    """

    def __init__(self) -> None:
        self.pipelines: dict[BackendRun, FusionPipeline] = {}


_LOADED = _LoadedPipelines()
