# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the Python package `tensorrt`, in versions 8.6, 10 and 11.

It offers the names of NVIDIA's bindings that we use and no others, gives None or False where
they do, insists on their order, and "crashes" where they crash: an object made without a
working CUDA may exist, but must not be touched. What it builds is run by ONNX Runtime, on the
memory that it was given, so results are real.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import json
import types
from enum import IntEnum

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto

TYPES = {TensorProto.UINT8: np.uint8, TensorProto.FLOAT: np.float32}
FAULTS = ("parse", "profile", "build", "deserialize", "context", "execute", "results")


class Severity(IntEnum):
    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    VERBOSE = 4


class ILogger:
    Severity = Severity

    def __init__(self):
        self.initialized = True

    def log(self, severity, msg):
        raise NotImplementedError


class FakeTensorRt:
    """State behind one fake module.

    Attributes:
        faults: Members of `FAULTS` that shall happen.
        builds: How many plans were built.
        precisions: Precision of each ONNX file that was built.
    """

    def __init__(self, version, cuda):
        self.version = version
        self.major = int(version.split(".")[0])
        self.cuda = cuda
        self.faults = set()
        self.builds = 0
        self.precisions = []
        self.on_build = lambda: None

    def module(self):
        """The module, to be put into `sys.modules`."""
        module = types.ModuleType("tensorrt")
        module.__spec__ = importlib.machinery.ModuleSpec("tensorrt", None)
        module.__version__ = self.version
        module.ILogger = ILogger
        network = ["EXPLICIT_BATCH"] if self.major < 11 else []
        network += ["STRONGLY_TYPED"] if self.major >= 10 else []
        module.NetworkDefinitionCreationFlag = IntEnum("NetworkFlag", network, start=0)
        builder = ["TF32"] + (["FP16"] if self.major < 11 else [])
        module.BuilderFlag = IntEnum("BuilderFlag", builder, start=0)
        module.Builder = lambda logger: Builder(self, logger, module)
        module.Builder.__name__ = "Builder"
        module.OnnxParser = lambda network, logger: OnnxParser(self, network, logger)
        module.OnnxParser.__name__ = "OnnxParser"
        module.Runtime = lambda logger: Runtime(self, logger)
        module.Runtime.__name__ = "Runtime"
        return module

    def start(self, logger):
        """Whether CUDA works; if not, the logger hears of it."""
        assert isinstance(logger, ILogger)
        assert logger.initialized, "ILogger.__init__ was not called"
        if not self.cuda.devices:
            logger.log(Severity.ERROR, "CUDA initialization failure with error: 35")
        return bool(self.cuda.devices)


class Native:
    """An object that TensorRT made; one without a core crashes when it is touched."""

    def __init__(self, alive=True):
        self._alive = alive

    def __getattribute__(self, name):
        if not name.startswith("_"):
            assert object.__getattribute__(self, "_alive"), "segmentation fault"
        return object.__getattribute__(self, name)


class Builder(Native):
    def __init__(self, trt, logger, module):
        super().__init__(trt.start(logger))
        self._trt, self._logger, self._module = trt, logger, module

    def create_network(self, flags=0):
        kinds = self._module.NetworkDefinitionCreationFlag
        for name in ("EXPLICIT_BATCH",) if self._trt.major < 10 else ("STRONGLY_TYPED",):
            assert flags & (1 << int(kinds[name])), f"{name} was not asked for"
        return Network()

    def create_builder_config(self):
        return Config(self._trt, self._module)

    def create_optimization_profile(self):
        return Profile()

    def build_serialized_network(self, network, config):
        trt = self._trt
        assert network.graph is not None, "nothing was parsed"
        assert "TF32" in config.cleared, "float32 would be computed in TensorFloat-32"
        assert config.profiles, "inputs have free axes, but no profile was added"
        precision = {prop.key: prop.value for prop in network.graph.metadata_props}["precision"]
        if trt.major < 10 and precision == "fp16":
            self._logger.log(Severity.ERROR, "fp16 is not configured in the builder")
            return None
        if "build" in trt.faults:
            self._logger.log(Severity.ERROR, "Error Code 10: could not find any implementation")
            return None
        # Tactics that do not fit are logged as errors, too, and harm nothing.
        self._logger.log(Severity.ERROR, "Tactic Device request: 900MB Available: 600MB")
        trt.on_build()
        trt.builds += 1
        trt.precisions.append(precision)
        facts = {"version": trt.version, "profile": config.profiles[0].shapes}
        return HostMemory(json.dumps(facts).encode() + b"\n" + network.graph.SerializeToString())


class Network(Native):
    def __init__(self):
        super().__init__()
        self.graph = None


class HostMemory(Native):
    def __init__(self, content):
        super().__init__()
        self._content = content

    def __bytes__(self):
        return self._content


class Config(Native):
    def __init__(self, trt, module):
        super().__init__()
        self._trt, self._module = trt, module
        self.cleared, self.profiles = set(), []

    def clear_flag(self, flag):
        self.cleared.add(self._module.BuilderFlag(flag).name)

    def add_optimization_profile(self, profile):
        if "profile" in self._trt.faults:
            return -1
        self.profiles.append(profile)
        return len(self.profiles) - 1


class Profile(Native):
    def __init__(self):
        super().__init__()
        self.shapes = {}

    def set_shape(self, input, min, opt, max):
        assert len(min) == len(opt) == len(max)
        assert all(a <= b <= c for a, b, c in zip(min, opt, max, strict=True))
        self.shapes[input] = (min, opt, max)


class OnnxParser(Native):
    def __init__(self, trt, network, logger):
        super().__init__(trt.start(logger))
        self._trt, self._network = trt, network
        self._errors = []

    def parse(self, model):
        if "parse" in self._trt.faults:
            self._errors = ["In node 3: unsupported", "In node 4: unsupported"]
            return False
        graph = onnx.load_model_from_string(model)
        assert graph.opset_import[0].version <= 17, "too new for TensorRT 8.6"
        self._network.graph = graph
        return True

    @property
    def num_errors(self):
        return len(self._errors)

    def get_error(self, index):
        return self._errors[index]


class Runtime(Native):
    def __init__(self, trt, logger):
        super().__init__(trt.start(logger))
        self._trt, self._logger = trt, logger

    def deserialize_cuda_engine(self, serialized_engine):
        head, _, graph = bytes(serialized_engine).partition(b"\n")
        facts = json.loads(head)
        if facts["version"] != self._trt.version or "deserialize" in self._trt.faults:
            self._logger.log(Severity.ERROR, "the engine plan file is not compatible")
            return None
        return Engine(self._trt, self._logger, facts["profile"], graph)


class Engine(Native):
    def __init__(self, trt, logger, profile, graph):
        super().__init__()
        self._arguments = trt, logger, profile, graph

    def create_execution_context(self):
        trt, logger, *_ = self._arguments
        if "context" in trt.faults:
            logger.log(Severity.ERROR, "out of memory")
            return None
        return Context(*self._arguments)


class Context(Native):
    def __init__(self, trt, logger, profile, graph):
        super().__init__()
        self._trt, self._logger, self._profile = trt, logger, profile
        declared = onnx.load_model_from_string(graph).graph
        self._inputs, self._outputs = (
            {value.name: TYPES[value.type.tensor_type.elem_type] for value in values}
            for values in (declared.input, declared.output)
        )
        self._session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
        self._shapes, self._addresses = {}, {}

    def set_input_shape(self, name, shape):
        smallest, _, largest = self._profile[name]
        fits = len(shape) == len(smallest) and all(
            a <= b <= c for a, b, c in zip(smallest, shape, largest, strict=True)
        )
        if not fits:
            self._logger.log(Severity.ERROR, f"{shape} is outside the profile")
            return False
        self._shapes[name] = tuple(shape)
        return True

    def set_tensor_address(self, name, memory):
        if name not in self._inputs and name not in self._outputs:
            return False
        self._addresses[name] = int(memory)
        return True

    def execute_async_v3(self, stream_handle):
        missing = {*self._inputs, *self._outputs} - set(self._addresses)
        if missing or set(self._shapes) != set(self._inputs) or "execute" in self._trt.faults:
            self._logger.log(Severity.ERROR, f"not all is set: {missing}")
            return False
        shapes, addresses = dict(self._shapes), dict(self._addresses)
        self._trt.cuda.enqueue(stream_handle, lambda: self._compute(shapes, addresses))
        return True

    def _compute(self, shapes, addresses):
        view = self._trt.cuda.view
        feeds = {}
        for name, dtype in self._inputs.items():
            size = int(np.prod(shapes[name])) * np.dtype(dtype).itemsize
            feeds[name] = np.frombuffer(view(addresses[name], size), dtype).reshape(shapes[name])
        for name, result in zip(
            self._outputs, self._session.run(list(self._outputs), feeds), strict=True
        ):
            content = (255 - result if "results" in self._trt.faults else result).tobytes()
            ctypes.memmove(view(addresses[name], len(content)), content, len(content))
