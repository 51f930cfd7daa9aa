# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Trainings of an MM-LUT that are short enough for tests."""

import dataclasses

import torch

from fusion_ros.training.networks.mm_lut_network import MmLutNetwork
from fusion_ros.training.training_run import RunOptions, train


def steps(config, count, **changes):
    plan = dataclasses.replace(config.optimization, steps=count, **changes)
    return dataclasses.replace(config, optimization=plan)


def fresh(config):
    torch.manual_seed(config.seed)
    return MmLutNetwork(config.network)


def trained(config, pairs, **options):
    network = fresh(config)
    return network, train(network, config, pairs, (), RunOptions(**options))
