# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Variants of the MM-LUT, and the study that compares them."""

import dataclasses
import json

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.backends.mm_lut.model import MAX_NODES  # noqa: E402
from fusion_ros.cli.train import app  # noqa: E402
from fusion_ros.errors import ConfigError  # noqa: E402
from fusion_ros.training.ablation.document import markdown, summarize  # noqa: E402
from fusion_ros.training.ablation.lut_variant import (  # noqa: E402
    LutVariant,
    LutVariantNetwork,
    interpolate_corners,
)
from fusion_ros.training.ablation.rows import ROWS  # noqa: E402
from fusion_ros.training.ablation.study import choose_rows  # noqa: E402
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork  # noqa: E402
from fusion_ros.training.training_run import train  # noqa: E402

COMMAND = "ablation"


def images(side=32):
    torch.manual_seed(1)
    return torch.randint(256, (2, 1, side, side)).float()


def variant_of(config, **changes):
    torch.manual_seed(0)
    network = LutVariantNetwork(config.network, LutVariant(**changes))
    with torch.no_grad():
        network.change.normal_(0, 2)
    return network


def test_without_changes_a_variant_is_the_mm_lut(config):
    network = variant_of(config)
    plain = MmLutNetwork(config.network)
    plain.load_state_dict(network.state_dict())
    with torch.no_grad():
        assert torch.equal(network(*images()), plain(*images()))


def test_in_evaluation_a_variant_has_a_table_of_8_bit(config):
    table = variant_of(config).eval().table() * 255
    assert torch.allclose(table, table.round(), atol=1e-4)


@pytest.mark.parametrize("axis", ["context", "gradient"])
def test_a_held_signal_has_no_influence(config, axis):
    network = variant_of(config, **{axis: False})
    position = {"gradient": 1, "context": 2}[axis]
    with torch.no_grad():
        signals = network.signals(*images())
    assert float(signals[position].std()) == 0
    assert all(float(signal.std()) > 0 for i, signal in enumerate(signals) if i != position)


def test_corners_and_simplices_agree_at_nodes_and_on_planes_but_not_between():
    torch.manual_seed(0)
    table = torch.rand(3, 4, 2, 5)
    nodes = tuple(torch.tensor([0.0, 0.5, 1.0])[:, None] * torch.tensor([1.0]) for _ in range(1))
    at = interpolate_corners(table, (nodes[0][:, 0], *(torch.zeros(3) for _ in range(3))))
    assert torch.allclose(at, table[:, 0, 0, 0])
    plane = torch.linspace(0, 1, 3)[:, None, None, None] + torch.linspace(0, 1, 5)
    plane = plane.expand(3, 4, 2, 5)
    signals = tuple(torch.rand(4, 50))
    assert torch.allclose(interpolate_corners(plane, signals), signals[0] + signals[3], atol=1e-5)


def test_a_table_of_values_starts_as_the_table_of_weights_fuses(config):
    values = LutVariantNetwork(config.network, LutVariant(values=True))
    weights = LutVariantNetwork(config.network, LutVariant())
    assert torch.allclose(values.grey_at_nodes(), weights.grey_at_nodes(), atol=1e-6)


@pytest.mark.parametrize("side", [2, 8])
def test_the_context_may_have_other_cells(config, side):
    network = variant_of(config, context_stride_px=side)
    assert network.context(*images()).shape[-2:] == (32 // side, 32 // side)
    assert network(*images()).shape == (1, 32, 32)


@pytest.mark.parametrize("name", ROWS)
def test_every_row_can_be_trained(name, pairs, config):
    row = ROWS[name]
    short = dataclasses.replace(config.optimization, steps=2)
    config = dataclasses.replace(config, optimization=short, distillation={"weight": 1.0})
    changed = row.change(config)
    if not row.taught:
        changed = dataclasses.replace(changed, distillation={})
    network = row.build(changed)
    fit = train(network, changed, pairs, [torch.maximum] if row.taught else [])
    assert len(fit.history) == 2


def test_only_rows_with_what_they_need_are_done():
    assert "taught" not in choose_rows((), has_teacher=False)
    assert set(choose_rows((), has_teacher=True)) == set(ROWS)
    assert choose_rows(("coarse",), has_teacher=False) == ["coarse"]
    with pytest.raises(ConfigError, match="known are full"):
        choose_rows(("coarser",), has_teacher=False)
    with pytest.raises(ConfigError, match="needs a --teacher"):
        choose_rows(("taught",), has_teacher=False)
    assert max(max(row.change.__closure__ is not None for row in ROWS.values()), 1) <= MAX_NODES


def run(data_folder, config_path, output, *options, val="--val"):
    arguments = [
        COMMAND, "--data", str(data_folder), val, str(data_folder), "--config",
        str(config_path), "--steps", "2", "--jobs", "1", "--device", "cpu", "-o", str(output),
        *options,
    ]  # fmt: skip
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_study_writes_tables_and_crops_and_does_nothing_twice(
    data_folder, config, config_file, tmp_path
):
    output, path = tmp_path / "study", config_file(config)
    rows = ("--row", "full", "--row", "rival-value", "--seeds", "2")
    assert run(data_folder, path, output, *rows).exit_code == 0
    summary = json.loads((output / "ablation.json").read_text(encoding="utf-8"))
    reward = summary["rival-value"]["scores"][str(data_folder)]["reward"]
    assert summary["rival-value"]["parameters"] == 113
    assert summary["full"]["seeds"] == [0, 1]
    assert reward["std"] > 0
    assert "flicker / max" not in summary["full"]["scores"][str(data_folder)]
    table = (output / "ablation.md").read_text(encoding="utf-8")
    assert f"{reward['mean']:.3f} ± {reward['std']:.3f}" in table
    assert cv2.imread(str(output / "crops.png")) is not None
    results = {path: path.stat().st_mtime_ns for path in output.rglob("result.json")}
    assert len(results) == 4
    run(data_folder, path, output, *rows)
    assert {path: path.stat().st_mtime_ns for path in output.rglob("result.json")} == results


def test_a_video_is_also_scored_for_flicker(data_folder, config, config_file, tmp_path):
    arguments = (data_folder, config_file(config), tmp_path / "study", "--row", "full")
    run(*arguments, "--seeds", "1", val="--val-video")
    summary = json.loads((tmp_path / "study" / "ablation.json").read_text(encoding="utf-8"))
    flicker = summary["full"]["scores"][str(data_folder)]["flicker / max"]
    assert flicker["mean"] > 0
    assert "flicker / max" in (tmp_path / "study" / "ablation.md").read_text(encoding="utf-8")


def test_an_ablation_without_anything_to_score_on_is_refused(data_folder, tmp_path):
    arguments = [COMMAND, "--data", str(data_folder), "-o", str(tmp_path)]
    with pytest.raises(ConfigError, match="--val or --val-video"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_results_of_other_settings_are_not_mixed_in(data_folder, config, config_file, tmp_path):
    path = config_file(config)
    run(data_folder, path, tmp_path / "study", "--row", "full", "--seeds", "1")
    config_file(dataclasses.replace(config, loss={"intensity": 1.0}))
    with pytest.raises(ConfigError, match="other settings"):
        run(data_folder, path, tmp_path / "study", "--row", "full", "--seeds", "1")


def test_the_spread_over_seeds_is_the_standard_deviation():
    def result(seed, value):
        return {
            "row": "full", "seed": seed, "seconds": 1.0, "parameters": 5,
            "scores": {"set": dict.fromkeys(
                ("reward", "VIF", "minVIF", "Qabf", "SSIM", "SCD", "EN", "MI"), value
            )},
        }  # fmt: skip

    summary = summarize([result(0, 1.0), result(1, 2.0), result(2, 3.0)])
    assert summary["full"]["scores"]["set"]["VIF"] == {"mean": 2.0, "std": pytest.approx(1.0)}
    assert "| the MM-LUT | 2.000 ± 1.000 |" in markdown(summary)
    assert np.isclose(summary["full"]["seconds"], 1.0)
