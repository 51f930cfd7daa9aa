# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a TensorRT plan; for TensorRT 8.6, 10 and 11."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorrt

from fusion_ros.engines.tensorrt_build import TensorRtLog
from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fusion_ros.engines.cuda_driver import CudaDevice


class TensorRtSession:
    """A plan that is ready to run. Used by one thread at a time."""

    def __init__(self, plan: bytes, device: CudaDevice) -> None:
        """Load a plan.

        Args:
            plan: What `build_plan` made on a machine like this.
            device: The GPU; closed with the session.

        Raises:
            DeviceError: It was built for another GPU or TensorRT, or memory is short.
        """
        self._device = device
        self._log = TensorRtLog()
        self._closed = False
        self._buffers: dict[str, tuple[int, int]] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._runtime: Any = None
        self._engine: Any = None
        self._context: Any = None
        try:
            self._load(plan)
        except DeviceError:
            self.close()
            raise

    def run(
        self,
        inputs: Mapping[str, NDArray[Any]],
        outputs: Mapping[str, NDArray[Any]],
        unread: Mapping[str, int],
    ) -> None:
        """Compute.

        Args:
            inputs: C-contiguous arrays for all inputs.
            outputs: C-contiguous arrays that receive outputs.
            unread: Sizes [bytes] of the outputs that are not wanted; they need memory, too.

        Raises:
            DeviceError: A shape is outside the plan's range, or the GPU failed.
        """
        self._device.make_current()
        sizes = {name: array.nbytes for name, array in (*inputs.items(), *outputs.items())}
        for name, size in (*sizes.items(), *unread.items()):
            self._reserve(name, size)
        for name, array in inputs.items():
            self._set_shape(name, array.shape)
        try:
            for name, array in inputs.items():
                self._device.upload(array, self._buffers[name][0])
            started = self._context.execute_async_v3(self._device.stream)
            self._log.require(started, "run the plan")
            for name, array in outputs.items():
                self._device.download(self._buffers[name][0], array)
        finally:
            # Also after a failure: nothing may be queued that uses the caller's arrays.
            self._device.synchronize()

    def close(self) -> None:
        """Release everything on the GPU. Calling it again does nothing."""
        if self._closed:
            return
        self._closed = True
        self._device.make_current()
        # In this order: each of TensorRT's objects needs the one that made it.
        self._context = None
        self._engine = None
        self._runtime = None
        for address, _ in self._buffers.values():
            self._device.free(address)
        self._buffers.clear()
        self._device.close()

    def _load(self, plan: bytes) -> None:
        self._device.make_current()
        self._runtime = self._log.create(tensorrt.Runtime)
        self._engine = self._log.require(
            self._runtime.deserialize_cuda_engine(plan), "load the plan"
        )
        self._context = self._log.require(
            self._engine.create_execution_context(), "make a context for the plan"
        )

    def _set_shape(self, name: str, shape: tuple[int, ...]) -> None:
        if self._shapes.get(name) != shape:
            accepted = self._context.set_input_shape(name, shape)
            self._log.require(accepted, f"take an image '{name}' of shape {shape}")
            self._shapes[name] = shape

    def _reserve(self, name: str, size: int) -> None:
        """Give a tensor device memory of at least `size` bytes."""
        address, capacity = self._buffers.get(name, (0, 0))
        if size <= capacity:
            return
        if capacity:
            del self._buffers[name]
            self._device.free(address)
        address = self._device.allocate(size)
        self._buffers[name] = address, size
        accepted = self._context.set_tensor_address(name, address)
        self._log.require(accepted, f"use memory for '{name}'")
