# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for `libcuda.so.1`: real memory, real ctypes conversions, and strict about order.

Work in a stream is done when the stream is synchronized and not before, as late as a GPU may.
"""

from __future__ import annotations

import ctypes
import threading

from fusion_ros.engines import cuda_driver

SUCCESS, NOT_INITIALIZED, NO_DEVICE, INVALID_CONTEXT = 0, 3, 100, 201
NAMES = {NOT_INITIALIZED: b"initialization error", NO_DEVICE: b"no CUDA-capable device"}
CONTEXT, STREAM = 0xC0, 0x57
CAPABILITY = {
    cuda_driver.COMPUTE_CAPABILITY_MAJOR: 8,
    cuda_driver.COMPUTE_CAPABILITY_MINOR: 7,
}


class FakeCuda:
    """The functions of the driver; a wrong use is an AssertionError, not an error code."""

    def __init__(self, name=b"Orin", devices=1):
        self.name = name
        self.devices = devices
        self.memory = {}
        self.streams = 0
        self.retained = 0
        self.work = []
        self.misuse = []
        self._thread = threading.local()
        for function, arguments in cuda_driver._SIGNATURES.items():
            prototype = ctypes.CFUNCTYPE(ctypes.c_int, *arguments)
            setattr(self, function, prototype(self._guarded(function)))

    def view(self, address, size):
        """Bytes of device memory, which must have been allocated."""
        for start, buffer in self.memory.items():
            if start <= address and address + size <= start + len(buffer):
                return (ctypes.c_char * size).from_address(address)
        raise AssertionError(f"{size} bytes at {address:#x} are not on the device")

    def enqueue(self, stream, task):
        """Add to the work of the stream."""
        assert stream == STREAM, f"unknown stream {stream}"
        assert self.streams, "no stream was created"
        self._require_context()
        self.work.append(task)

    def check(self):
        """Raise what went wrong inside calls; ctypes cannot pass it on."""
        assert not self.misuse, self.misuse

    @property
    def clean(self):
        """Whether everything was released."""
        return not self.memory and not self.streams and not self.retained and not self.work

    def _guarded(self, name):
        def call(*arguments):
            try:
                status = getattr(self, f"_{name}")(*arguments)
            except Exception as err:
                self.misuse.append(f"{name}: {err}")
                return 999
            return SUCCESS if status is None else status

        return call

    def _require_context(self):
        current = getattr(self._thread, "context", None)
        assert current == CONTEXT, f"no context is current in {threading.current_thread().name}"
        assert self.retained, "the context was released"

    def _cuInit(self, flags):
        assert flags == 0
        return SUCCESS if self.devices else NO_DEVICE

    def _cuDriverGetVersion(self, version):
        version[0] = 12060

    def _cuGetErrorString(self, status, text):
        text[0] = NAMES.get(status, b"something")

    def _cuDeviceGetCount(self, count):
        count[0] = self.devices

    def _cuDeviceGet(self, device, ordinal):
        assert ordinal < self.devices
        device[0] = ordinal

    def _cuDeviceGetName(self, address, size, device):
        assert len(self.name) < size
        ctypes.memmove(address, self.name + b"\0", len(self.name) + 1)

    def _cuDeviceGetAttribute(self, value, attribute, device):
        value[0] = CAPABILITY[attribute]

    def _cuDevicePrimaryCtxRetain(self, context, device):
        self.retained += 1
        context[0] = CONTEXT

    def _cuDevicePrimaryCtxRelease_v2(self, device):
        assert self.retained > 0
        self.retained -= 1

    def _cuCtxSetCurrent(self, context):
        assert context == CONTEXT, "this context was never retained"
        self._thread.context = context

    def _cuStreamCreate(self, stream, flags):
        self._require_context()
        self.streams += 1
        stream[0] = STREAM

    def _cuStreamSynchronize(self, stream):
        assert stream == STREAM
        self._require_context()
        work, self.work = self.work, []
        for task in work:
            task()

    def _cuStreamDestroy_v2(self, stream):
        assert stream == STREAM
        assert not self.work, "destroyed with work in it"
        self._require_context()
        self.streams -= 1

    def _cuMemAlloc_v2(self, address, size):
        self._require_context()
        assert size > 0
        buffer = ctypes.create_string_buffer(size)
        self.memory[ctypes.addressof(buffer)] = buffer
        address[0] = ctypes.addressof(buffer)

    def _cuMemFree_v2(self, address):
        self._require_context()
        assert not self.work, "freed while in use"
        del self.memory[address]

    def _cuMemcpyHtoDAsync_v2(self, target, source, size, stream):
        data = ctypes.string_at(source, size)
        self.enqueue(stream, lambda: ctypes.memmove(self.view(target, size), data, size))

    def _cuMemcpyDtoHAsync_v2(self, target, source, size, stream):
        self.enqueue(stream, lambda: ctypes.memmove(target, self.view(source, size), size))
