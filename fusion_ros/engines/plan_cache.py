# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Built TensorRT plans on disk, each under the key of all that it was built for.

Convention:
    A file is one line of JSON with the key, the plan's size and its checksum, and then the
    plan. What does not fit its key or its checksum never reaches TensorRT, which may crash on
    damaged plans instead of refusing them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER_VARIABLE = "FUSION_ROS_CACHE"
DIGEST_DIGITS = 24
REJECTED = ".rejected"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlanKey:
    """All that a plan depends on.

    Attributes:
        graph_sha256: Checksum of the ONNX file.
        tensorrt: Version of TensorRT.
        cuda: Newest CUDA version that the driver supports.
        gpu: Name of the GPU.
        compute_capability: E.g. ``8.7``.
        precision: ``fp32`` or ``fp16``, of the ONNX file.
        shapes: Smallest, typical and largest size of images, as (height, width).
    """

    graph_sha256: str
    tensorrt: str
    cuda: str
    gpu: str
    compute_capability: str
    precision: str
    shapes: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]

    def text(self) -> str:
        """The key as one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    def __str__(self) -> str:
        """For people."""
        return (
            f"TensorRT {self.tensorrt} for {self.gpu} ({self.compute_capability}), {self.precision}"
        )


def cache_folder() -> Path:
    """``$FUSION_ROS_CACHE/tensorrt``, or ``fusion_ros/tensorrt`` in the user's cache folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen) / "tensorrt"
    user = os.environ.get("XDG_CACHE_HOME")
    return (Path(user) if user else Path.home() / ".cache") / "fusion_ros" / "tensorrt"


class PlanCache:
    """Plans in one folder; several processes may use it at once.

    A folder that cannot be written costs a new build at every start, no more.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which need not exist yet."""
        self._folder = folder

    def path(self, key: PlanKey) -> Path:
        """Where the plan of `key` belongs."""
        digest = hashlib.sha256(key.text().encode()).hexdigest()
        return self._folder / f"{digest[:DIGEST_DIGITS]}.plan"

    def read(self, key: PlanKey) -> bytes | None:
        """The plan of `key`, or None; a file that is not what it should be is set aside."""
        path = self.path(key)
        try:
            head, _, plan = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if head.decode(errors="replace") != _head(key, plan):
            self.set_aside(key, "it is damaged or was built for something else")
            return None
        return plan

    def write(self, key: PlanKey, plan: bytes) -> None:
        """Store a plan, under its lock; a reader sees the whole of it or nothing."""
        path = self.path(key)
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as stream:
                stream.write(_head(key, plan).encode() + b"\n" + plan)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except OSError as err:
            logger.warning("%s: cannot keep the TensorRT plan (%s)", path, err)

    def set_aside(self, key: PlanKey, why: str) -> None:
        """Rename a plan that cannot be used, so that it is built anew but can be examined."""
        path = self.path(key)
        logger.warning("%s: this TensorRT plan is not used: %s", path, why)
        try:
            path.replace(path.with_name(path.name + REJECTED))
        except OSError as err:
            logger.warning("%s: cannot be renamed (%s)", path, err)

    @contextmanager
    def lock(self, key: PlanKey) -> Iterator[None]:
        """Wait until no other process builds the plan of `key`, and keep others out."""
        path = self.path(key).with_suffix(".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            stream = path.open("w", encoding="utf-8")
        except OSError as err:
            logger.warning("%s: no cache for TensorRT plans (%s)", self._folder, err)
            yield
            return
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def _head(key: PlanKey, plan: bytes) -> str:
    facts = {
        "key": key.text(),
        "bytes": len(plan),
        "sha256": hashlib.sha256(plan).hexdigest(),
    }
    return json.dumps(facts, sort_keys=True)
