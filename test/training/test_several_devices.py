# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Processes that train together, each with a clock of its own."""

import subprocess
import sys

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")
pytest.importorskip("lightning", reason="training needs Lightning (pip install lightning)")

# Lightning starts it once more for the second process. There, time runs 20 times as fast.
PROGRAM = """
import os, sys
from pathlib import Path

import torch

from fusion_ros.training.data.image_pairs import read_pairs
from fusion_ros.training.network_shapes import TinyCnnShape
from fusion_ros.training.networks.registry import build_network
from fusion_ros.training.run_clock import RunClock
from fusion_ros.training.training_config import read_config
from fusion_ros.training.training_run import RunOptions, train

data, config_file, output = map(Path, sys.argv[1:])
rank = int(os.environ.get("LOCAL_RANK", "0"))
if rank:
    measured = RunClock.time_elapsed
    RunClock.time_elapsed = lambda *arguments: 20 * measured(*arguments)
torch.set_num_threads(1)
config = read_config(config_file, TinyCnnShape)
network = build_network("rival", config)
train(network, config, read_pairs(data), options=RunOptions(minutes=0.03, devices=2))
torch.save(network.state_dict(), output / f"{rank}.pt")
"""


@pytest.mark.slow
def test_with_a_time_limit_all_processes_keep_the_same_parameters(
    data_folder, rival, config_file, tmp_path
):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    arguments = [sys.executable, str(program), str(data_folder), str(config_file(rival))]
    done = subprocess.run(
        [*arguments, str(tmp_path)], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    for name, value in first.items():
        assert torch.equal(value, second[name]), name
