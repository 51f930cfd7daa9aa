# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The few calls of NVIDIA's driver that an engine needs to own memory and a stream.

`libcuda.so.1` comes with every NVIDIA driver, on a Jetson too, and its interface is stable; so
no Python package has to match the installed CUDA. The device's primary context is used, the
one that TensorRT and the CUDA runtime use.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIBRARY = "libcuda.so.1"
SUCCESS = 0
FIRST_DEVICE = 0
NAME_BYTES = 256
COMPUTE_CAPABILITY_MAJOR, COMPUTE_CAPABILITY_MINOR = 75, 76
STREAM_NON_BLOCKING = 1
VERSION_MAJOR, VERSION_MINOR = 1000, 10

_Int, _Handle, _Address, _Size = ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_size_t
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "cuInit": (ctypes.c_uint,),
    "cuDriverGetVersion": (ctypes.POINTER(_Int),),
    "cuGetErrorString": (_Int, ctypes.POINTER(ctypes.c_char_p)),
    "cuDeviceGetCount": (ctypes.POINTER(_Int),),
    "cuDeviceGet": (ctypes.POINTER(_Int), _Int),
    "cuDeviceGetName": (_Handle, _Int, _Int),
    "cuDeviceGetAttribute": (ctypes.POINTER(_Int), _Int, _Int),
    "cuDevicePrimaryCtxRetain": (ctypes.POINTER(_Handle), _Int),
    "cuDevicePrimaryCtxRelease_v2": (_Int,),
    "cuCtxSetCurrent": (_Handle,),
    "cuStreamCreate": (ctypes.POINTER(_Handle), ctypes.c_uint),
    "cuStreamSynchronize": (_Handle,),
    "cuStreamDestroy_v2": (_Handle,),
    "cuMemAlloc_v2": (ctypes.POINTER(_Address), _Size),
    "cuMemFree_v2": (_Address,),
    "cuMemcpyHtoDAsync_v2": (_Address, _Handle, _Size, _Handle),
    "cuMemcpyDtoHAsync_v2": (_Handle, _Address, _Size, _Handle),
    "cuStreamBeginCapture_v2": (_Handle, _Int),
    "cuStreamEndCapture": (_Handle, ctypes.POINTER(_Handle)),
    "cuGraphInstantiateWithFlags": (ctypes.POINTER(_Handle), _Handle, ctypes.c_ulonglong),
    "cuGraphLaunch": (_Handle, _Handle),
    "cuGraphDestroy": (_Handle,),
    "cuGraphExecDestroy": (_Handle,),
}


def missing_device() -> str:
    """Why no GPU can be used here; empty if one can."""
    try:
        count = ctypes.c_int()
        call_driver("cuInit", 0)
        call_driver("cuDeviceGetCount", ctypes.byref(count))
    except DeviceError as err:
        return str(err)
    return "" if count.value else "the NVIDIA driver sees no GPU"


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What the first visible GPU is.

    Attributes:
        name: E.g. ``Orin``.
        compute_capability: E.g. ``8.7``.
        cuda_version: Newest CUDA that the driver supports, e.g. ``12.6``.
    """

    name: str
    compute_capability: str
    cuda_version: str


def device_facts() -> DeviceFacts:
    """Look at the GPU without using it; raises `DeviceError`."""
    device, version = _first_device(), ctypes.c_int()
    name = ctypes.create_string_buffer(NAME_BYTES)
    call_driver("cuDeviceGetName", name, NAME_BYTES, device)
    call_driver("cuDriverGetVersion", ctypes.byref(version))
    major, rest = divmod(version.value, VERSION_MAJOR)
    capability = (
        _attribute(device, which) for which in (COMPUTE_CAPABILITY_MAJOR, COMPUTE_CAPABILITY_MINOR)
    )
    return DeviceFacts(
        name=name.value.decode(errors="replace"),
        compute_capability=".".join(map(str, capability)),
        cuda_version=f"{major}.{rest // VERSION_MINOR}",
    )


class CudaDevice:
    """The first visible GPU, with a stream.

    Attributes:
        stream: Handle of the stream in which all work is queued.
    """

    def __init__(self) -> None:
        """Retain the device's primary context; raises `DeviceError`."""
        context, stream = ctypes.c_void_p(), ctypes.c_void_p()
        self._device = _first_device()
        call_driver("cuDevicePrimaryCtxRetain", ctypes.byref(context), self._device)
        self._context: int | None = context.value
        self.make_current()
        call_driver("cuStreamCreate", ctypes.byref(stream), STREAM_NON_BLOCKING)
        self.stream = stream.value or 0

    def make_current(self) -> None:
        """Let the calling thread use the device; every thread must, before anything else."""
        call_driver("cuCtxSetCurrent", self._context)

    def allocate(self, size: int) -> int:
        """Address of `size` new bytes on the device."""
        address = ctypes.c_uint64()
        call_driver("cuMemAlloc_v2", ctypes.byref(address), size)
        return address.value

    def free(self, address: int) -> None:
        """Release what `allocate` gave."""
        call_driver("cuMemFree_v2", address)

    def upload(self, array: NDArray[Any], address: int) -> None:
        """Queue a copy of a C-contiguous array to the device."""
        call_driver("cuMemcpyHtoDAsync_v2", address, array.ctypes.data, array.nbytes, self.stream)

    def download(self, address: int, array: NDArray[Any]) -> None:
        """Queue a copy from the device into a C-contiguous array."""
        call_driver("cuMemcpyDtoHAsync_v2", array.ctypes.data, address, array.nbytes, self.stream)

    def synchronize(self) -> None:
        """Wait until everything in the stream is done; raises `DeviceError` if it failed."""
        call_driver("cuStreamSynchronize", self.stream)

    def close(self) -> None:
        """Release the stream and the context. Calling it again does nothing."""
        if self._context is not None:
            self.make_current()
            call_driver("cuStreamDestroy_v2", self.stream)
            call_driver("cuDevicePrimaryCtxRelease_v2", self._device)
            self._context = None


def _first_device() -> int:
    device = ctypes.c_int()
    call_driver("cuInit", 0)
    call_driver("cuDeviceGet", ctypes.byref(device), FIRST_DEVICE)
    return device.value


def _attribute(device: int, which: int) -> int:
    value = ctypes.c_int()
    call_driver("cuDeviceGetAttribute", ctypes.byref(value), which, device)
    return value.value


@cache
def _driver() -> Any:
    try:
        library = ctypes.CDLL(LIBRARY)
        for name, arguments in _SIGNATURES.items():
            getattr(library, name).argtypes = arguments
    except (OSError, AttributeError) as err:
        raise DeviceError(f"no usable NVIDIA driver ({err})") from err
    return library


def call_driver(name: str, *arguments: object) -> None:
    """Call a function of the driver by name; raises `DeviceError` unless it succeeds."""
    status = getattr(_driver(), name)(*arguments)
    if status != SUCCESS:
        text = ctypes.c_char_p()
        _driver().cuGetErrorString(status, ctypes.byref(text))
        meaning = (text.value or b"unknown error").decode()
        raise DeviceError(f"{name} failed on the GPU: {meaning} (error {status})")
