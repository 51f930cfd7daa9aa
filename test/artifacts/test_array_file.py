# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from fusion_ros.artifacts.array_file import read_arrays, write_arrays
from fusion_ros.errors import ModelArtifactError


def test_the_same_arrays_give_the_same_bytes(tmp_path):
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.array(3, np.int32)}
    for name in ("first.npz", "second.npz"):
        write_arrays(tmp_path / name, arrays)
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()
    back = read_arrays(tmp_path / "first.npz")
    np.testing.assert_array_equal(back["a"], arrays["a"])
    assert back["b"] == 3


def test_pickled_objects_are_neither_read_nor_written(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, a=np.array([{"code": "x"}], dtype=object))
    with pytest.raises(ModelArtifactError, match="plain arrays"):
        read_arrays(path)
    with pytest.raises(ValueError, match="Object arrays"):
        write_arrays(tmp_path / "out.npz", {"a": np.array([{}], dtype=object)})


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_damaged_file_gives_a_clear_error(tmp_path, content):
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(ModelArtifactError, match=r"model\.npz"):
        read_arrays(path)


def test_a_missing_file_gives_a_clear_error(tmp_path):
    with pytest.raises(ModelArtifactError, match="no such model file"):
        read_arrays(tmp_path / "absent.npz")
