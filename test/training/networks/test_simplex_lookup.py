# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Both implementations of the look-up against the reference that defines it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.backends.mm_lut import reference  # noqa: E402
from fusion_ros.training.networks.simplex_lookup import interpolate_simplex  # noqa: E402

# float32 on a CPU is compiled; other types are looked up by tensor operations.
TYPES = {torch.float32: 3e-4, torch.float64: 1e-9}


def signals_at_and_between_nodes():
    signals = np.random.default_rng(1).uniform(size=(4, 200))
    signals[:, :20] = np.random.default_rng(2).integers(2, size=(4, 20))
    return signals


@pytest.mark.parametrize("dtype", TYPES)
def test_interpolation_equals_the_reference_at_nodes_and_between_them(dtype):
    table = np.random.default_rng(1).integers(256, size=(3, 4, 2, 5), dtype=np.uint8)
    signals = signals_at_and_between_nodes()
    expected = reference.interpolate_simplex(table, tuple(signals))
    found = interpolate_simplex(
        torch.from_numpy(table).to(dtype), tuple(torch.from_numpy(signals).to(dtype))
    )
    assert np.abs(found.numpy() - expected).max() < TYPES[dtype]


def test_gradients_of_the_interpolation_are_those_of_finite_differences():
    torch.manual_seed(2)
    table = torch.rand(3, 4, 2, 5, dtype=torch.float64, requires_grad=True)
    signals = [torch.rand(10, dtype=torch.float64, requires_grad=True) for _ in range(4)]
    assert torch.autograd.gradcheck(
        lambda table, *signals: interpolate_simplex(table, signals), (table, *signals)
    )


def test_compiled_gradients_equal_those_of_tensor_operations():
    torch.manual_seed(3)
    values, places = torch.rand(3, 4, 2, 5), torch.rand(4, 6, 7)
    upstream = torch.rand(6, 7)
    gradients = []
    for dtype in TYPES:
        table = values.to(dtype, copy=True).requires_grad_()
        signals = [place.to(dtype, copy=True).requires_grad_() for place in places]
        interpolate_simplex(table, tuple(signals)).backward(upstream.to(dtype))
        gradients.append([table.grad, *(signal.grad for signal in signals)])
    for compiled, plain in zip(*gradients, strict=True):
        assert float(plain.abs().max()) > 0.1
        assert float((compiled - plain).abs().max()) < 1e-4


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_changes_nothing(threads):
    torch.manual_seed(3)
    table, signals = torch.rand(3, 4, 2, 5, requires_grad=True), tuple(torch.rand(4, 50))
    before = torch.get_num_threads()
    results = []
    for count in (1, threads):
        torch.set_num_threads(count)
        table.grad = None
        interpolate_simplex(table, signals).sum().backward()
        results.append(table.grad.clone())
    torch.set_num_threads(before)
    assert torch.equal(*results)
