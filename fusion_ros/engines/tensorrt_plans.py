# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""From an ONNX file to a running TensorRT session: by the cache, or by a build."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tensorrt

from fusion_ros.engines.cuda_driver import CudaDevice, device_facts
from fusion_ros.engines.plan_cache import PlanCache, PlanKey, cache_folder
from fusion_ros.engines.tensorrt_build import build_plan
from fusion_ros.engines.tensorrt_session import TensorRtSession
from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Size = tuple[int, int]
    Approve = Callable[[TensorRtSession], None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlanRecipe:
    """What to build.

    Attributes:
        graph: An ONNX file whose inputs have free heights and widths.
        precision: The one of `graph`.
        sizes: Smallest, typical and largest size of images, as (height, width).
        inputs: Further axes of each input, by its name: () for (height, width).
    """

    graph: bytes
    precision: str
    sizes: tuple[Size, Size, Size]
    inputs: Mapping[str, tuple[int, ...]]


def cached_session(recipe: PlanRecipe, approve: Approve) -> TensorRtSession | None:
    """Load the plan of a recipe from the cache.

    Args:
        recipe: What was built.
        approve: Tries a session, and raises `DeviceError` if its results are wrong.

    Returns:
        The session, or None where a build is needed; a plan that failed is set aside.

    Raises:
        DeviceError: There is no GPU to run on.
    """
    cache, key = PlanCache(cache_folder()), plan_key(recipe)
    plan = cache.read(key)
    if plan is None:
        return None
    device = CudaDevice()
    try:
        return _approved(plan, device, approve)
    except DeviceError as err:
        cache.set_aside(key, str(err))
        return None


def built_session(recipe: PlanRecipe, approve: Approve) -> TensorRtSession:
    """Load the plan of a recipe, and build it first where that is needed.

    Waits for a build of the same plan in another process rather than doing it twice.

    Raises:
        DeviceError: TensorRT cannot build it, or its results are wrong.
    """
    cache, key = PlanCache(cache_folder()), plan_key(recipe)
    with cache.lock(key):
        session = cached_session(recipe, approve)
        if session is None:
            logger.warning("building a plan that takes from seconds to some minutes: %s", key)
            plan = build_plan(recipe.graph, _profile(recipe))
            session = _approved(plan, CudaDevice(), approve)
            cache.write(key, plan)
    return session


def _approved(plan: bytes, device: CudaDevice, approve: Approve) -> TensorRtSession:
    session = TensorRtSession(plan, device)
    try:
        approve(session)
    except DeviceError:
        session.close()
        raise
    return session


def _profile(
    recipe: PlanRecipe,
) -> dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    smallest, typical, largest = recipe.sizes
    return {
        name: (smallest + further, typical + further, largest + further)
        for name, further in recipe.inputs.items()
    }


def plan_key(recipe: PlanRecipe) -> PlanKey:
    """What the plan of a recipe depends on here; raises `DeviceError` where there is no GPU."""
    facts = device_facts()
    return PlanKey(
        graph_sha256=hashlib.sha256(recipe.graph).hexdigest(),
        tensorrt=tensorrt.__version__,
        cuda=facts.cuda_version,
        gpu=facts.name,
        compute_capability=facts.compute_capability,
        precision=recipe.precision,
        shapes=recipe.sizes,
    )
