# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All errors raised by this package.

::

    FusionError
    ├── ConfigError              a parameter, option or file given by the user is wrong
    ├── ImageFormatError         an image's size, type or encoding is not usable
    ├── ModelArtifactError       a model file is missing, damaged or of another kind
    ├── EngineUnavailableError   the engine asked for cannot run here
    ├── DeviceError              a GPU, or the software that drives it, failed
    ├── DivergenceError          the loss of a training is no longer a number
    ├── BagError                 a bag cannot be read or written
    └── ThresholdError           figures miss a limit that the user has set

Each message says what was expected, what was found, and what to do about it.
"""

from __future__ import annotations


class FusionError(Exception):
    """Root of all errors that this package raises on purpose."""


class ConfigError(FusionError):
    """A parameter, option or file given by the user is wrong."""


class ImageFormatError(FusionError):
    """An image's size, element type or encoding cannot be used."""


class ModelArtifactError(FusionError):
    """A model file is missing, damaged, or not of the kind that the backend needs."""


class EngineUnavailableError(FusionError):
    """The engine asked for cannot run the backend on this machine.

    Attributes:
        engine: The name that was asked for.
        usable: Names of the engines that can run the backend here.
    """

    def __init__(self, backend: str, engine: str, reason: str, usable: tuple[str, ...]) -> None:
        self._parts = (backend, engine, reason, usable)
        self.engine = engine
        self.usable = usable
        offered = ", ".join(usable) if usable else "none"
        super().__init__(
            f"backend '{backend}' cannot run on engine '{engine}': {reason}. "
            f"Usable here: {offered}; engine 'auto' picks the fastest of them."
        )

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Let it travel between processes: its arguments are not its message."""
        return type(self), self._parts


class DeviceError(FusionError):
    """A GPU, its driver, or a library that runs on it, failed."""


class DivergenceError(FusionError):
    """The loss of a training is no longer a number."""


class BagError(FusionError):
    """A bag cannot be read or written."""


class ThresholdError(FusionError):
    """Figures miss a limit that the user has set; everything else went well."""
