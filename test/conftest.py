# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from fusion_ros.backends.lutfuse.model import NODES, LutFuseModel, expected_shapes


@pytest.fixture(scope="session")
def lutfuse_model(tmp_path_factory):
    """A LUT-Fuse model of the right shape that blends both sources, with a live generator."""
    random = np.random.default_rng(0)
    nodes = np.arange(NODES) * 16 / 255
    table = 0.5 * nodes[:, None, None, None] + 0.5 * nodes[None, None, None, :]
    table = np.broadcast_to(table, (NODES,) * 4) + 0.02 * random.standard_normal((NODES,) * 4)
    generator = {
        name: 0.2 * random.standard_normal(shape) for name, shape in expected_shapes().items()
    }
    path = tmp_path_factory.mktemp("models") / "lutfuse.npz"
    LutFuseModel.from_arrays(table, generator).save(path)
    return path


@pytest.fixture(scope="session")
def dask_scheduler():
    """Address of a Dask scheduler with one worker, which runs in a process of its own."""
    distributed = pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address
