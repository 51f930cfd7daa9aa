# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of backends, and of the engines that can run each of them."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fusion_ros.engines.cuda_driver import missing_device
from fusion_ros.errors import ConfigError, EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fusion_ros.backends.contract import Backend
    from fusion_ros.backends.graphs.graph_family import GraphFamily

AUTO = "auto"
# What `auto` may choose, best first. Torch is run only when it is asked for by name: it takes
# seconds to import and hundreds of megabytes.
AUTO_ORDER = ("tensorrt", "cuda", "cpu", "onnxruntime", "reference")
# Python modules that an engine cannot do without.
ENGINE_MODULES: Mapping[str, str] = {
    "tensorrt": "tensorrt",
    "cuda": "numba_cuda",
    "cpu": "numba",
    "onnxruntime": "onnxruntime",
    "torch": "torch",
    "reference": "numpy",
}
ENGINES = tuple(ENGINE_MODULES)
# Engines that need an NVIDIA GPU.
DEVICE_ENGINES = ("tensorrt", "cuda")
# Engines that must be built for the machine before they can run, which takes minutes.
BUILT_ENGINES = ("tensorrt",)


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """One backend of the table.

    Attributes:
        summary: One line for people.
        engines: Engine name to ``module:Class``; imported only when chosen.
        model: Name of the model in the manifest that is used by default; None where the
            backend has nothing learned.
        needs_model: Whether a model file must be given.
        modules: Python modules that engines need for it instead of those in `ENGINE_MODULES`.
        probes: Engine to ``module:function`` that says what else is missing for it, if anything.
        graphs: ``module:name`` of the `GraphFamily` of its models; empty where they have none.
    """

    summary: str
    engines: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    needs_model: bool = False
    graphs: str = ""
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    probes: Mapping[str, str] = field(default_factory=dict)


BACKENDS: Mapping[str, BackendInfo] = {
    "mm_lut": BackendInfo(
        summary="learned 4-D table of blend weights (default)",
        engines={
            "tensorrt": "fusion_ros.backends.mm_lut.tensorrt:MmLutTensorRt",
            "cuda": "fusion_ros.backends.mm_lut.cuda:MmLutCuda",
            "cpu": "fusion_ros.backends.mm_lut.cpu:MmLutCpu",
            "onnxruntime": "fusion_ros.backends.mm_lut.onnxruntime:MmLutOnnxRuntime",
            "reference": "fusion_ros.backends.mm_lut.reference:MmLutReference",
        },
        model="mm_lut",
        needs_model=True,
        graphs="fusion_ros.backends.mm_lut.graphs:MM_LUT_GRAPHS",
    ),
    "hybrid": BackendInfo(
        summary="a network guides a Laplacian pyramid; more of both, three times as long",
        engines={
            "tensorrt": "fusion_ros.backends.hybrid.tensorrt:HybridTensorRt",
            "cuda": "fusion_ros.backends.hybrid.cuda:HybridCuda",
            "cpu": "fusion_ros.backends.hybrid.cpu:HybridCpu",
            "onnxruntime": "fusion_ros.backends.hybrid.onnxruntime:HybridOnnxRuntime",
            "reference": "fusion_ros.backends.hybrid.reference:HybridReference",
        },
        model="hybrid",
        needs_model=True,
        graphs="fusion_ros.backends.hybrid.graphs:HYBRID_GRAPHS",
        modules={
            "tensorrt": ("tensorrt", "safetensors"),
            "cuda": ("onnxruntime", "safetensors"),
            "cpu": ("numba", "onnxruntime", "safetensors"),
            "onnxruntime": ("onnxruntime", "safetensors"),
            "reference": ("safetensors",),
        },
        probes={"cuda": "fusion_ros.engines.onnx_session:missing_cuda"},
    ),
    "lutfuse": BackendInfo(
        summary="LUT-Fuse exactly as its authors' code computes it; bring their checkpoints",
        engines={
            "torch": "fusion_ros.backends.lutfuse.torch_engine:LutFuseTorch",
            "reference": "fusion_ros.backends.lutfuse.reference:LutFuseReference",
        },
        needs_model=True,
    ),
    "average": BackendInfo(
        summary="mean of both sources",
        engines={
            "cpu": "fusion_ros.backends.average:AverageCpu",
            "reference": "fusion_ros.backends.average:AverageReference",
        },
    ),
    "laplacian": BackendInfo(
        summary="Laplacian pyramid, the stronger detail wins",
        engines={
            "cpu": "fusion_ros.backends.laplacian:LaplacianCpu",
            "reference": "fusion_ros.backends.laplacian:LaplacianReference",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a backend can run on an engine here, and if not, why."""

    backend: str
    engine: str
    usable: bool
    reason: str = ""


def backend_info(name: str) -> BackendInfo:
    """Look a backend up.

    Raises:
        ConfigError: There is none of that name.
    """
    try:
        return BACKENDS[name]
    except KeyError:
        raise ConfigError(
            f"unknown backend '{name}'; expected one of: {', '.join(BACKENDS)}"
        ) from None


def availability() -> list[Availability]:
    """Every backend on every engine."""
    return [
        Availability(backend, engine, usable=not reason, reason=reason)
        for backend in BACKENDS
        for engine in ENGINES
        for reason in (_why_not(backend, engine),)
    ]


def usable_engines(backend: str) -> tuple[str, ...]:
    """Names of the engines that can run `backend` here."""
    return tuple(engine for engine in ENGINES if not _why_not(backend, engine))


def choose_engine(backend: str, engine: str, without: tuple[str, ...] = ()) -> str:
    """Resolve `auto`, and check that the engine can run.

    Args:
        backend: Registered name.
        engine: `auto`, or the name of an engine.
        without: Engines that `auto` shall not choose.

    Raises:
        ConfigError: Unknown backend or engine.
        EngineUnavailableError: The engine cannot run the backend here.
    """
    backend_info(backend)
    if engine != AUTO and engine not in ENGINES:
        raise ConfigError(
            f"unknown engine '{engine}'; expected one of: {', '.join((AUTO, *ENGINES))}"
        )
    usable = usable_engines(backend)
    if engine == AUTO:
        for candidate in AUTO_ORDER:
            if candidate in usable and candidate not in without:
                return candidate
        raise EngineUnavailableError(backend, AUTO, "none of its engines can run here", usable)
    reason = _why_not(backend, engine)
    if reason:
        raise EngineUnavailableError(backend, engine, reason, usable)
    return engine


def create_backend(backend: str, engine: str, model_path: Path | None) -> Backend:
    """Build a backend on an engine that `choose_engine` returned."""
    factory = _factory(backend, engine)
    instance: Backend = factory() if model_path is None else factory(model_path)
    return instance


def load_built_backend(backend: str, engine: str, model_path: Path) -> Backend | None:
    """Load a backend on one of the `BUILT_ENGINES`; None where it must be built first."""
    built: Backend | None = _factory(backend, engine).from_cache(model_path)
    return built


def describe_plan(backend: str, model_path: Path) -> str:
    """What the TensorRT plan of a model is built for, and in which file it is kept."""
    described: str = _factory(backend, "tensorrt").describe_plan(model_path)
    return described


def graph_family(backend: str) -> GraphFamily:
    """How models of a backend become ONNX graphs.

    Raises:
        ConfigError: There is no backend of that name, or its models have no graphs.
    """
    named = backend_info(backend).graphs
    if not named:
        with_graphs = ", ".join(name for name, info in BACKENDS.items() if info.graphs)
        raise ConfigError(
            f"backend '{backend}' cannot be exported as a graph; those that can: {with_graphs}"
        )
    family: GraphFamily = _imported(named)
    return family


def _factory(backend: str, engine: str) -> Any:
    return _imported(backend_info(backend).engines[engine])


def _imported(named: str) -> Any:
    module, name = named.split(":")
    return getattr(importlib.import_module(module), name)


def _why_not(backend: str, engine: str) -> str:
    if engine not in BACKENDS[backend].engines:
        return "this backend has no implementation for it"
    for module in BACKENDS[backend].modules.get(engine, (ENGINE_MODULES[engine],)):
        if importlib.util.find_spec(module) is None:
            return f"the Python package '{module}' is not installed (pip install {module})"
    missing = missing_device() if engine in DEVICE_ENGINES else ""
    probe = BACKENDS[backend].probes.get(engine)
    if missing or probe is None:
        return missing
    try:
        found: str = _imported(probe)()
    except (ImportError, OSError) as err:
        return f"a package that it needs is installed, but broken ({err})"
    return found
