# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Trainings that were stopped, and go on from their checkpoint."""

import dataclasses
import itertools
import pathlib

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")
pytest.importorskip("lightning", reason="training needs Lightning (pip install lightning)")

from lightning.pytorch import Trainer  # noqa: E402

from fusion_ros.errors import ConfigError, ModelArtifactError  # noqa: E402
from fusion_ros.training.network_shapes import TinyCnnShape  # noqa: E402
from fusion_ros.training.networks.registry import NETWORKS  # noqa: E402
from fusion_ros.training.training_run import RunOptions, train  # noqa: E402
from training.short_runs import fresh, steps, trained  # noqa: E402


def stop_after_a_checkpoint():
    """Progress is told at a checkpoint's step before it is written, and again after it."""
    calls = itertools.count()

    def stop(_share, _parts):
        if next(calls) == 1:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("averaging", [0.0, 0.9])
def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_been(pairs, config, tmp_path, averaging):
    config = dataclasses.replace(
        steps(config, 14, averaging=averaging),
        augmentation={"thermal_noise": {"share": 0.5, "strength": 5.0}},
    )
    whole, fit = trained(config, pairs)
    kept = tmp_path / "checkpoint.ckpt"
    with pytest.raises(KeyboardInterrupt):
        trained(
            config,
            pairs,
            checkpoint=kept,
            checkpoint_steps=7,
            on_progress=stop_after_a_checkpoint(),
        )
    network = fresh(dataclasses.replace(config, seed=99))
    options = RunOptions(checkpoint=kept, checkpoint_steps=7, resume=True)
    resumed = train(network, config, pairs, (), options)
    assert torch.equal(resumed.history, fit.history)
    for name, value in whole.state_dict().items():
        assert torch.equal(network.state_dict()[name], value), name


@pytest.mark.parametrize("averaging", [0.0, 0.9])
def test_a_run_that_is_resumed_after_its_last_step_ends_as_it_had(
    pairs, config, tmp_path, averaging
):
    config = steps(config, 6, averaging=averaging)
    kept = tmp_path / "checkpoint.ckpt"
    whole, fit = trained(config, pairs, checkpoint=kept, checkpoint_steps=3)
    again, resumed = trained(config, pairs, checkpoint=kept, resume=True)
    assert torch.equal(resumed.history, fit.history)
    assert resumed.names == fit.names
    for name, value in whole.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_a_run_that_is_resumed_when_its_time_is_over_ends_with_the_mean(pairs, config, tmp_path):
    config = steps(config, 6, averaging=0.9)
    kept = tmp_path / "checkpoint.ckpt"
    whole, _fit = trained(config, pairs, checkpoint=kept, checkpoint_steps=6)
    again, resumed = trained(config, pairs, checkpoint=kept, resume=True, minutes=1e-6)
    assert len(resumed.history) == 6
    assert torch.equal(again.change, whole.change)


def test_a_run_with_video_differs_is_repeatable_and_resumes(pairs, video, config, tmp_path):
    steady = dataclasses.replace(steps(config, 6), steadiness=50.0)

    def run(seed=None, **options):
        network = fresh(steady if seed is None else dataclasses.replace(steady, seed=seed))
        return train(network, steady, pairs, (), RunOptions(**options), video).history

    whole = run()
    assert torch.equal(whole, run())
    assert not torch.equal(whole, trained(steady, pairs)[1].history)
    kept = tmp_path / "checkpoint.ckpt"
    with pytest.raises(KeyboardInterrupt):
        run(checkpoint=kept, checkpoint_steps=3, on_progress=stop_after_a_checkpoint())
    assert torch.equal(run(seed=99, checkpoint=kept, resume=True), whole)
    with pytest.raises(ConfigError, match="other images"):
        options = RunOptions(checkpoint=kept, resume=True)
        train(fresh(steady), steady, pairs, (), options, video[:1])


def test_a_checkpoint_of_another_run_and_a_damaged_one_are_errors(pairs, config, tmp_path):
    kept = tmp_path / "checkpoint.ckpt"
    trained(steps(config, 3), pairs, checkpoint=kept, checkpoint_steps=3)
    with pytest.raises(ConfigError, match="another configuration"):
        trained(steps(config, 4), pairs, checkpoint=kept, resume=True)
    with pytest.raises(ConfigError, match="other images"):
        trained(steps(config, 3), pairs[:2], checkpoint=kept, resume=True)
    with pytest.raises(ConfigError, match="another number of devices"):
        trained(steps(config, 3), pairs, checkpoint=kept, resume=True, devices=2)
    with pytest.raises(ConfigError, match="another precision"):
        trained(steps(config, 3), pairs, checkpoint=kept, resume=True, precision="bf16")
    kept.write_bytes(kept.read_bytes()[:500])
    with pytest.raises(ModelArtifactError, match="start anew without --resume"):
        trained(steps(config, 3), pairs, checkpoint=kept, resume=True)


def test_a_run_does_not_go_on_under_another_teacher(pairs, config, tmp_path):
    taught = dataclasses.replace(steps(config, 3), distillation={"weight": 1.0})
    options = RunOptions(checkpoint=tmp_path / "checkpoint.ckpt", checkpoint_steps=3)
    teachers = [NETWORKS["rival"].build(TinyCnnShape(4, "weight", slope)) for slope in (4.0, 8.0)]
    teachers[1].second.bias.data.add_(1.0)
    train(fresh(taught), taught, pairs, teachers[:1], options)
    again = dataclasses.replace(options, resume=True)
    with pytest.raises(ConfigError, match="is of a run with"):
        train(fresh(taught), taught, pairs, teachers[1:], again)
    train(fresh(taught), taught, pairs, teachers[:1], again)


def test_a_checkpoint_that_is_cut_short_leaves_the_one_before_it(
    pairs, config, tmp_path, monkeypatch
):
    kept, partial = tmp_path / "checkpoint.ckpt", tmp_path / "checkpoint.partial"
    whole, _fit = trained(steps(config, 6), pairs)
    save, written = Trainer.save_checkpoint, []

    def crash_in_the_second(trainer, path, *arguments):
        save(trainer, path, *arguments)
        written.append(pathlib.Path(path))
        if len(written) == 2:
            written[-1].write_bytes(written[-1].read_bytes()[:500])
            raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "save_checkpoint", crash_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        trained(steps(config, 6), pairs, checkpoint=kept, checkpoint_steps=2)
    assert written == [partial, partial]
    assert partial.stat().st_size == 500
    again, _fit = trained(steps(config, 6), pairs, checkpoint=kept, checkpoint_steps=2, resume=True)
    assert torch.equal(again.change, whole.change)
    assert not partial.exists()


def test_a_checkpoint_holds_nothing_but_plain_values(pairs, config, tmp_path):
    class Trap:
        def __reduce__(self):
            return (pathlib.Path.touch, (tmp_path / "touched",))

    kept = tmp_path / "checkpoint.ckpt"
    torch.save({"fingerprint": Trap(), "global_step": 1}, kept)
    with pytest.raises(ModelArtifactError, match="cannot be read"):
        trained(config, pairs, checkpoint=kept, resume=True)
    assert not (tmp_path / "touched").exists()
