# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from fusion_ros.errors import BagError, ConfigError, ThresholdError
from fusion_ros.replay.tables import bags_table
from small_bags import make_bag, run_command


def bags_named(folder, *names):
    return [
        make_bag(folder / name, count=3 + number).rename(folder / name / name)
        for number, name in enumerate(names)
    ]


def replay_all(bags, output, *options):
    options = ("--backend", "average", *options)
    return run_command("replay", *bags, "-o", output, *options)


def hashes(output):
    return {
        path.parent.name: json.loads(path.read_text())["fused_sha256"]
        for path in sorted(output.glob("*/metrics.json"))
    }


def test_several_bags_get_a_folder_each_and_one_table(tmp_path):
    bags = bags_named(tmp_path, "drive.day", "drive.night")
    output = replay_all(bags, tmp_path / "out", "--json", tmp_path / "all.json")
    for name in ("drive.day", "drive.night"):
        files = {path.name for path in (tmp_path / "out" / name).iterdir()}
        assert files == {"fused.mcap", "metrics.json", "report.html", "foxglove_layout.json"}
    assert "All bags" in output
    figures = json.loads((tmp_path / "all.json").read_text())
    assert [metrics["bag"]["name"] for metrics in figures] == ["drive.day", "drive.night"]
    assert [metrics["pairs"]["fused"] for metrics in figures] == [3, 4]


def test_the_table_of_all_bags_says_what_it_counts():
    headings = [column.header for column in bags_table([]).columns]
    expected = ["bag", "input frames", "pairs fused", "frames malformed", "frames without partner"]
    assert headings[:5] == expected


def test_bags_of_one_name_are_refused_before_anything_is_written(tmp_path):
    bags = [make_bag(tmp_path / name) for name in ("a", "b")]
    with pytest.raises(ConfigError, match="different names"):
        replay_all(bags, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_processes_give_the_same_images_as_this_one(tmp_path):
    bags = bags_named(tmp_path, "a", "b")
    replay_all(bags, tmp_path / "alone")
    replay_all(bags, tmp_path / "together", "--jobs", "2")
    assert len(hashes(tmp_path / "alone")) == 2
    assert hashes(tmp_path / "together") == hashes(tmp_path / "alone")


def test_a_dask_cluster_gives_the_same_images_as_this_process(tmp_path, dask_scheduler):
    bags = bags_named(tmp_path, "a", "b")
    replay_all(bags, tmp_path / "alone")
    replay_all(bags, tmp_path / "cluster", "--scheduler", dask_scheduler)
    assert hashes(tmp_path / "cluster") == hashes(tmp_path / "alone")


def test_one_bag_that_cannot_be_replayed_does_not_stop_the_others(tmp_path):
    bags = bags_named(tmp_path, "a", "b", "c")
    next(bags[1].glob("*.mcap")).write_bytes(b"")
    with pytest.raises(BagError, match="1 of 3 bags could not be replayed: b"):
        replay_all(bags, tmp_path / "out", "--json", tmp_path / "all.json")
    assert list(hashes(tmp_path / "out")) == ["a", "c"]
    assert len(json.loads((tmp_path / "all.json").read_text())) == 2


def test_missed_limits_are_told_with_their_bag(tmp_path):
    limits = tmp_path / "limits.yaml"
    limits.write_text('pairs.fused: "== 3"')
    bags = bags_named(tmp_path, "a", "b")
    with pytest.raises(ThresholdError, match=r"missed: b: pairs\.fused is 4, expected == 3$"):
        replay_all(bags, tmp_path / "out", "--thresholds", limits)


def test_results_of_before_are_replaced_only_if_that_is_wanted(tmp_path):
    bag = make_bag(tmp_path)
    replay_all([bag], tmp_path / "out")
    with pytest.raises(BagError, match="--force"):
        replay_all([bag], tmp_path / "out")
    replay_all([bag], tmp_path / "out", "--force")


@pytest.mark.parametrize("name", ["metrics.json", "report.html", "foxglove_layout.json"])
def test_a_file_of_any_result_is_replaced_only_if_that_is_wanted(tmp_path, name):
    bag = make_bag(tmp_path)
    (tmp_path / name).write_text("something else")
    with pytest.raises(BagError, match=f"holds {name}; .*--force"):
        replay_all([bag], tmp_path)
    assert (tmp_path / name).read_text() == "something else"


def test_results_never_go_into_the_recording_itself(tmp_path):
    bag = make_bag(tmp_path)
    before = sorted(bag.iterdir())
    with pytest.raises(BagError, match="into the recording itself"):
        replay_all([bag], bag, "--force")
    assert sorted(bag.iterdir()) == before


def test_a_fused_bag_is_not_replaced_while_it_is_replayed(tmp_path):
    replay_all([make_bag(tmp_path)], tmp_path / "out")
    fused = tmp_path / "out" / "fused.mcap"
    before = fused.read_bytes()
    with pytest.raises(BagError, match="into the recording itself"):
        replay_all([fused], tmp_path / "out", "--force")
    assert fused.read_bytes() == before


def test_the_folder_of_the_figures_is_made(tmp_path):
    replay_all([make_bag(tmp_path)], tmp_path / "out", "--json", tmp_path / "new" / "all.json")
    assert (tmp_path / "new" / "all.json").exists()
