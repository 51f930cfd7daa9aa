# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The search for weights of the loss, with trials of a few steps."""

import csv
import dataclasses

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")
optuna = pytest.importorskip("optuna", reason="tuning needs Optuna (pip install optuna)")

from optuna.trial import TrialState  # noqa: E402

from fusion_ros.cli.main import app  # noqa: E402
from fusion_ros.errors import ConfigError, DivergenceError, FusionError, ModelArtifactError  # noqa: E402
from fusion_ros.training.data.image_pairs import TrainingImages  # noqa: E402
from fusion_ros.training.network_shapes import TinyCnnShape  # noqa: E402
from fusion_ros.training.training_config import read_config  # noqa: E402
from fusion_ros.training.training_run import RunOptions  # noqa: E402
from fusion_ros.training.tuning import weight_study  # noqa: E402
from fusion_ros.training.tuning.search_space import search_space, with_weights  # noqa: E402
from fusion_ros.training.tuning.study_pictures import (  # noqa: E402
    draw_study,
    reward_map,
    terms_by_importance,
)
from fusion_ros.training.tuning.weight_study import (  # noqa: E402
    TuningTask,
    open_study,
    reasons_of_failures,
    search,
)


@dataclasses.dataclass(frozen=True)
class Hill:
    """Stands in for a training: the reward is highest where edges weigh 3 and structure 1."""

    config: object
    options: object

    def fingerprint(self, space):
        return repr(space)

    kind = "rival"

    def reward(self, weights):
        if weights["edges"] < 0.6:
            raise DivergenceError("no number")
        return 2 - np.log(weights["edges"] / 3) ** 2 - 0.01 * np.log(weights["structure"]) ** 2


@pytest.fixture
def hill(rival):
    return Hill(rival, RunOptions())


def tuned(data_folder, output, path, *options):
    arguments = [
        "tune", "rival", "--data", str(data_folder), "--val", str(data_folder), "--config",
        str(path), "--device", "cpu", "--steps", "2", "-o", str(output), *options,
    ]  # fmt: skip
    return CliRunner().invoke(app, arguments)


def rows(output):
    with (output / "tuning.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_study_is_written_resumed_and_gives_a_configuration(
    data_folder, rival, config_file, tmp_path
):
    path, output = config_file(rival), tmp_path / "run"
    few = ("--term", "edges", "--term", "structure", "--factor", "2")
    result = tuned(data_folder, output, path, *few, "--trials", "2")
    assert result.exit_code == 0, (result.output, result.exception)
    first = rows(output)
    # The weights of the file are the first that are tried.
    assert float(first[0]["edges"]) == rival.loss["edges"]
    assert float(first[1]["edges"]) != rival.loss["edges"]
    result = tuned(data_folder, output, path, *few, "--trials", "4", "--resume")
    assert result.exit_code == 0, (result.output, result.exception)
    assert rows(output)[:2] == first
    assert len({row["edges"] for row in rows(output)}) == 4
    found = read_config(output / "rival_tuned.yaml", TinyCnnShape)
    best = max(rows(output), key=lambda row: float(row["reward"]))
    assert found.loss["edges"] == float(best["edges"])
    assert found.loss["intensity"] == rival.loss["intensity"]
    assert found.optimization == rival.optimization
    assert cv2.imread(str(output / "tuning.png")) is not None
    for wrong in (("--trials", "4"), ("--trials", "5", "--resume", "--seed", "99")):
        refused = tuned(data_folder, output, path, *few, *wrong)
        assert isinstance(refused.exception, ConfigError)


def test_mistakes_are_refused_before_anything_is_trained(rival, data_folder, config_file, tmp_path):
    with pytest.raises(ConfigError, match="no positive weight of"):
        search_space(rival, ["nonsense"], 4)
    with pytest.raises(ConfigError, match="more than 1"):
        search_space(rival, [], 1)
    result = tuned(data_folder, tmp_path / "run", config_file(rival), "--resume")
    assert "expected a study to resume" in str(result.exception)
    result = CliRunner().invoke(
        app, ["tune", "nothing", "--data", "x", "--val", "x", "-o", str(tmp_path)]
    )
    assert "expected one of hybrid" in str(result.exception)


def test_the_search_climbs_and_counts_trials_without_a_number(hill, rival, tmp_path):
    space = search_space(rival, ["edges", "structure"], 4)
    told = []
    study = open_study(tmp_path / "s.sqlite", hill, space, resume=False)
    search(study, hill, space, 25, told.append)
    assert told == [25]
    assert study.best_value > study.trials[0].value
    assert 2 < study.best_params["edges"] < 4.5
    assert terms_by_importance(study)[0] == "edges"
    for weight in study.trials[5].params.values():
        assert weight > 0
    bounds = rival.loss["edges"] / 4, rival.loss["edges"] * 4
    assert all(bounds[0] <= trial.params["edges"] <= bounds[1] for trial in study.trials)
    draw_study(study, tmp_path / "s.png")
    assert cv2.imread(str(tmp_path / "s.png")).shape[1] > 1000


def test_a_study_of_another_kind_or_of_nobody_is_not_gone_on_with(rival, pairs, tmp_path):
    images = TrainingImages(pairs, [])
    task = TuningTask("rival", rival, images, {"scenes": pairs}, RunOptions())
    space, path = search_space(rival, ["edges"], 2), tmp_path / "s.sqlite"
    open_study(path, task, space, resume=False)
    open_study(path, task, space, resume=True)
    for changes in ({"kind": "mm-lut"}, {"options": RunOptions(precision="bf16")}):
        with pytest.raises(ConfigError, match="another kind of network"):
            open_study(path, dataclasses.replace(task, **changes), space, resume=True)
    for name, study in {"other": "rival", "nobody": weight_study.STUDY}.items():
        path = tmp_path / f"{name}.sqlite"
        optuna.create_study(storage=f"sqlite:///{path}", study_name=study)
        with pytest.raises(ConfigError, match="start anew in another folder"):
            open_study(path, task, space, resume=True)


def test_the_known_weights_are_tried_again_if_their_trial_was_interrupted(hill, rival, tmp_path):
    class Interrupted(Hill):
        def reward(self, weights):
            raise KeyboardInterrupt

    space, path = search_space(rival, ["edges", "structure"], 2), tmp_path / "s.sqlite"
    stopped = Interrupted(hill.config, hill.options)
    with pytest.raises(KeyboardInterrupt):
        search(open_study(path, stopped, space, resume=False), stopped, space, 1, print)
    for trials in (1, 2):
        study = open_study(path, hill, space, resume=True)
        search(study, hill, space, trials, lambda _done: None)
    complete = [trial.params for trial in study.trials if trial.state == TrialState.COMPLETE]
    assert [params == space.centre for params in complete] == [True, False]


def test_known_weights_that_diverge_are_not_tried_for_ever(rival, pairs, tmp_path):
    class Diverging(Hill):
        def reward(self, weights):
            if weights == space.centre:
                raise DivergenceError("no number")
            return 1.0

    space, path = search_space(rival, ["edges", "structure"], 2), tmp_path / "s.sqlite"
    task = Diverging(rival, RunOptions())
    for trials, resume in ((2, False), (3, True)):
        study = open_study(path, task, space, resume)
        search(study, task, space, trials, lambda _done: None)
    assert [trial.state == TrialState.COMPLETE for trial in study.trials] == [False, True, True]


def test_a_file_that_is_no_study_is_refused(hill, rival, tmp_path):
    path = tmp_path / "s.sqlite"
    path.write_text("something else")
    with pytest.raises(ConfigError, match="the file holds none"):
        open_study(path, hill, search_space(rival, [], 2), resume=True)


def test_what_went_wrong_is_told(hill, rival, pairs, tmp_path, monkeypatch):
    class Damaged(Hill):
        def reward(self, weights):
            raise ModelArtifactError("the file is damaged")

    space = search_space(dataclasses.replace(rival, loss={"edges": 0.1, "structure": 1}), [], 2)
    low = open_study(tmp_path / "low.sqlite", hill, space, resume=False)
    with pytest.raises(FusionError, match=r"none of the 3 has one.*no number"):
        search(low, hill, space, 3, lambda _done: None)
    assert reasons_of_failures(low) == ["no number"] * 3
    damaged = Damaged(rival, RunOptions())
    study = open_study(tmp_path / "damaged.sqlite", damaged, space, resume=False)
    with pytest.raises(ModelArtifactError, match="damaged"):
        search(study, damaged, space, 3, lambda _done: None)
    monkeypatch.setattr(weight_study, "validate", lambda *_: {"scores": {"reward": float("nan")}})
    plan = dataclasses.replace(rival.optimization, steps=1)
    one_step = dataclasses.replace(rival, optimization=plan)
    task = TuningTask("rival", one_step, TrainingImages(pairs, []), {"night": pairs}, RunOptions())
    study = open_study(tmp_path / "blank.sqlite", task, space, resume=False)
    with pytest.raises(FusionError, match=r"expected rewards that are numbers, got .*night"):
        search(study, task, space, 1, lambda _done: None)


def test_the_same_seed_tries_the_same_weights(hill, rival, tmp_path):
    space = search_space(rival, ["edges", "structure"], 4)
    tried = []
    for name in ("a", "b"):
        study = open_study(tmp_path / name, hill, space, resume=False)
        search(study, hill, space, 4, lambda _done: None)
        tried.append([trial.params for trial in study.trials])
    assert tried[0] == tried[1]


def test_one_weight_is_drawn_without_a_map(hill, rival, tmp_path):
    space = search_space(dataclasses.replace(rival, loss={"edges": 2.0}), [], 2)
    study = open_study(tmp_path / "s.sqlite", hill, space, resume=False)
    study.optimize(lambda trial: space.suggest(trial)["edges"], n_trials=3)
    draw_study(study, tmp_path / "s.png")
    assert cv2.imread(str(tmp_path / "s.png")) is not None


def test_weights_are_tried_as_they_are_written(rival):
    assert with_weights(rival, {"edges": 1.23456789}).loss["edges"] == 1.235


def test_the_map_passes_through_trials_and_is_finite_far_from_them():
    places = [np.array([0.0, 10.0]), np.array([0.0, 10.0])]
    sides = [np.linspace(0, 10, 11)] * 2
    found = reward_map(places, np.array([1.0, 2.0]), sides)
    assert found[0, 0] == pytest.approx(1.0)
    assert found[10, 10] == pytest.approx(2.0)
    assert found[0, 10] == pytest.approx(1.5)
    assert np.isfinite(found).all()
