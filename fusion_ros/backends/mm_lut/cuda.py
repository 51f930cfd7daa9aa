# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT on an NVIDIA GPU: a frame is one replayed CUDA graph between pinned buffers."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numba import cuda
from numba.core.errors import NumbaPerformanceWarning

from fusion_ros.backends.graphs.parity import require_parity
from fusion_ros.backends.mm_lut.cuda_buffers import CudaBuffers
from fusion_ros.backends.mm_lut.kernel_model import kernel_model
from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.backends.mm_lut.reference import MmLutReference
from fusion_ros.errors import DeviceError, FusionError
from fusion_ros.kernels.convolution import GROUP
from fusion_ros.kernels.cuda_graph import CudaGraph
from fusion_ros.kernels.cuda_kernels import (
    BLOCK,
    block_features,
    grid_of,
    network_layer,
    table_fusion,
)
from fusion_ros.kernels.pixel_arithmetic import FRACTION_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Numba's errors around CUDA have no base class of their own, and differ by version."""
    try:
        yield
    except FusionError:
        raise
    except Exception as err:
        raise DeviceError(f"CUDA through Numba failed ({type(err).__name__}: {err})") from err


class MmLutCuda:
    """Fuses on the current GPU, in device memory that is kept from frame to frame."""

    def __init__(self, model_path: Path, use_graph: bool = True) -> None:
        """Load the model, compile the kernels and try them.

        Args:
            model_path: An MM-LUT model.
            use_graph: Replay a CUDA graph; otherwise launch kernel by kernel.

        Raises:
            ModelArtifactError: The model cannot be used.
            DeviceError: Nothing can be compiled for the GPU, or its results are wrong.
        """
        self.model = MmLutModel.load(model_path)
        self._arrays = kernel_model(self.model)
        self._use_graph = use_graph
        self._buffers: CudaBuffers | None = None
        self._graphs: dict[bool, CudaGraph] = {}
        with _translated_errors():
            self._stream = cuda.stream()
            arrays = self._arrays
            self._network = [
                (cuda.to_device(weights), cuda.to_device(biases))
                for weights, biases in zip(arrays.weights, arrays.biases, strict=True)
            ]
            self._lookup = [
                cuda.to_device(array) for array in (arrays.table, arrays.axes, arrays.ramp)
            ]
        require_parity(self, MmLutReference(model_path))

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        with _translated_errors():
            cuda.current_context()  # binds the device to the calling thread
            buffers = self._buffers_for(*pair.thermal.shape)
            np.copyto(buffers.host.bgr, pair.visible.reshape(buffers.host.bgr.shape))
            np.copyto(buffers.host.thermal, pair.thermal)
            self._run(buffers, want_guidance)
            self._stream.synchronize()
        fused = buffers.host.fused.reshape(pair.visible.shape).copy()
        return fused, buffers.host.guidance.copy() if want_guidance else None

    def close(self) -> None:
        """Release graphs and device memory."""
        for graph in self._graphs.values():
            graph.close()
        self._graphs = {}
        self._buffers = None

    def _buffers_for(self, height: int, width: int) -> CudaBuffers:
        if self._buffers is None or self._buffers.host.thermal.shape != (height, width):
            self.close()
            self._buffers = CudaBuffers.allocate(height, width, self._arrays.weights.shape[1])
        return self._buffers

    def _run(self, buffers: CudaBuffers, want_guidance: bool) -> None:
        if not self._use_graph:
            self._enqueue(buffers, want_guidance)
            return
        if want_guidance not in self._graphs:
            # Once without capture: this compiles the kernels and loads them.
            self._enqueue(buffers, want_guidance)
            self._stream.synchronize()
            self._graphs[want_guidance] = CudaGraph(
                int(self._stream), lambda: self._enqueue(buffers, want_guidance)
            )
        self._graphs[want_guidance].replay()

    def _enqueue(self, buffers: CudaBuffers, want_guidance: bool) -> None:
        host, device, stream = buffers.host, buffers.device, self._stream
        device.bgr.copy_to_device(host.bgr, stream=stream)
        device.thermal.copy_to_device(host.thermal, stream=stream)
        with warnings.catch_warnings():
            # Small images cannot fill a large GPU.
            warnings.simplefilter("ignore", NumbaPerformanceWarning)
            self._launch(buffers, want_guidance)
        device.fused.copy_to_host(host.fused, stream=stream)
        if want_guidance:
            device.guidance.copy_to_host(host.guidance, stream=stream)

    def _launch(self, buffers: CudaBuffers, want_guidance: bool) -> None:
        device, stream = buffers.device, self._stream
        rows, columns = buffers.context.shape
        source, target = buffers.planes
        block_features[grid_of(columns, rows), BLOCK, stream](
            device.bgr, device.thermal, buffers.grey, source
        )
        top = (self.model.table.shape[2] - 1) << FRACTION_BITS
        layouts, slopes = self._arrays.layouts.tolist(), self._arrays.slopes
        for index, (inputs, outputs, dilation) in enumerate(layouts):
            grid = grid_of(columns, rows, -(-outputs // GROUP))
            network_layer[grid, BLOCK, stream](
                source,
                target,
                *self._network[index],
                inputs,
                outputs,
                dilation,
                slopes[index],
                top if index + 1 == len(layouts) else 0,
                buffers.context,
            )
            source, target = target, source
        height, width = device.thermal.shape
        table_fusion[grid_of(width, height), BLOCK, stream](
            device.bgr,
            buffers.grey,
            device.thermal,
            buffers.context,
            *self._lookup,
            device.fused,
            device.guidance if want_guidance else buffers.no_guidance,
        )
