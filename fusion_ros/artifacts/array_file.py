# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Named arrays in .npz files; object arrays (pickle) are never written nor read."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read all arrays of an .npz file.

    Raises:
        ModelArtifactError: The file is missing, damaged, or holds objects instead of numbers.
    """
    try:
        # Opened here, for np.load leaves a damaged file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError as err:
        raise ModelArtifactError(f"{path}: no such model file") from err
    except (OSError, ValueError, AttributeError, EOFError, zipfile.BadZipFile) as err:
        raise ModelArtifactError(
            f"{path}: expected an .npz archive of plain arrays, but it cannot be read ({err})"
        ) from err


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as a compressed .npz whose bytes depend on nothing but the arrays."""
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            # A fixed date: the same arrays give the same file and the same checksum.
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as stream:
                np.lib.format.write_array(stream, np.asanyarray(array), allow_pickle=False)
