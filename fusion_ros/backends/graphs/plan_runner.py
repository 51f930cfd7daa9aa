# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs the graph of a whole fusion as a TensorRT plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from fusion_ros.backends.graphs.parity import require_parity
from fusion_ros.engines.plan_cache import PlanCache, cache_folder
from fusion_ros.engines.tensorrt_build import precision_here
from fusion_ros.engines.tensorrt_plans import PlanRecipe, built_session, cached_session, plan_key
from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from typing_extensions import Self

    from fusion_ros.backends.graphs.graph_family import GraphFamily
    from fusion_ros.core.frames import PreparedPair
    from fusion_ros.engines.tensorrt_session import TensorRtSession

# (height, width); one plan serves all sizes, and is tuned for the typical one.
SMALLEST_PX, TYPICAL_PX, LARGEST_PX = (1, 1), (480, 640), (2160, 3840)
INPUTS = {"visible": (3,), "thermal": ()}
WEIGHT_BYTES = 4


class SessionRunner:
    """Runs a session of a plan."""

    def __init__(self, session: TensorRtSession) -> None:
        """Take over a session."""
        self._session = session

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        _check_size(pair.thermal.shape)
        inputs = {"visible": pair.visible, "thermal": pair.thermal}
        outputs: dict[str, NDArray[Any]] = {"fused": np.empty_like(pair.visible)}
        unread = {"weight": pair.thermal.size * WEIGHT_BYTES}
        if want_guidance:
            outputs["weight"] = np.empty(pair.thermal.shape, np.float32)
            unread.clear()
        self._session.run(inputs, outputs, unread)
        return outputs["fused"], outputs.get("weight")

    def close(self) -> None:
        """Release everything on the GPU."""
        self._session.close()


class PlanRunner(SessionRunner):
    """A backend that is the plan of a graph, as `GraphFamily` describes it.

    Attributes:
        family: Of the model's graphs; set by each backend.
    """

    family: ClassVar[GraphFamily]

    def __init__(self, model_path: Path, session: TensorRtSession | None = None) -> None:
        """Load the model's plan, built first where none is cached.

        Args:
            model_path: A model of the family.
            session: A session of its plan, if there is one already.

        Raises:
            ModelArtifactError: The model cannot be used.
            DeviceError: TensorRT cannot run it here.
        """
        if session is None:
            session = built_session(self._recipe(model_path), partial(self._approve, model_path))
        super().__init__(session)

    @classmethod
    def from_cache(cls, model_path: Path) -> Self | None:
        """Load the model's plan; None where it must be built first. Raises like creating it."""
        session = cached_session(cls._recipe(model_path), partial(cls._approve, model_path))
        return None if session is None else cls(model_path, session)

    @classmethod
    def describe_plan(cls, model_path: Path) -> str:
        """What the plan of a model is built for, and in which file it is kept.

        Raises:
            ModelArtifactError: The model cannot be used.
            DeviceError: There is no GPU.
        """
        key = plan_key(cls._recipe(model_path))
        return f"{key}: {PlanCache(cache_folder()).path(key)}"

    @classmethod
    def _recipe(cls, model_path: Path) -> PlanRecipe:
        precision = precision_here()
        return PlanRecipe(
            graph=cls.family.graph(model_path, precision),
            precision=precision,
            sizes=(SMALLEST_PX, TYPICAL_PX, LARGEST_PX),
            inputs=INPUTS,
        )

    @classmethod
    def _approve(cls, model_path: Path, session: TensorRtSession) -> None:
        """Raise `DeviceError` unless a session computes what the reference does."""
        require_parity(SessionRunner(session), cls.family.reference(model_path))


def _check_size(shape: tuple[int, ...]) -> None:
    if shape[0] > LARGEST_PX[0] or shape[1] > LARGEST_PX[1]:
        raise ImageFormatError(
            f"engine 'tensorrt' takes images of up to {LARGEST_PX[1]}x{LARGEST_PX[0]} pixels, "
            f"got {shape[1]}x{shape[0]}; use engine 'cpu', or smaller images"
        )
