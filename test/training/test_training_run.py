# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Training on made-up scenes."""

import dataclasses
import signal

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")
pytest.importorskip("lightning", reason="training needs Lightning (pip install lightning)")


from fusion_ros.backends.mm_lut.model import MmLutModel  # noqa: E402
from fusion_ros.backends.mm_lut.reference import fusion_weight  # noqa: E402
from fusion_ros.backends.mm_lut.signals import block_features, context_signal  # noqa: E402
from fusion_ros.errors import ConfigError, DivergenceError  # noqa: E402
from fusion_ros.training import preview  # noqa: E402
from fusion_ros.training.data.batches import Batch  # noqa: E402
from fusion_ros.training.data.crop_sampler import CropSampler  # noqa: E402
from fusion_ros.training.data.image_pairs import ImagePair  # noqa: E402
from fusion_ros.training.mm_lut_validation import fuse, validate  # noqa: E402
from fusion_ros.training.network_shapes import MmNetShape, TinyCnnShape  # noqa: E402
from fusion_ros.training.network_validation import fuse_pair, validate_network  # noqa: E402
from fusion_ros.training.networks.registry import NETWORKS  # noqa: E402
from fusion_ros.training.objective import Objective, total  # noqa: E402
from fusion_ros.training.quiet_trainer import quiet_trainer  # noqa: E402
from fusion_ros.training.training_run import RunOptions, choose_device, train  # noqa: E402
from training.short_runs import fresh, steps, trained  # noqa: E402


def test_the_loss_falls_and_the_result_can_be_saved_and_used(pairs, config, tmp_path):
    shares = []
    network, fit = trained(config, pairs, on_progress=lambda share, _parts: shares.append(share))
    losses = fit.losses()
    assert np.mean(losses[-5:]) < 0.95 * np.mean(losses[:5])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    network.to_model().save(tmp_path / "model.npz")
    model = MmLutModel.load(tmp_path / "model.npz")
    weight = fusion_weight(model, pairs[0].luma, pairs[0].thermal)
    # Warm discs come from the thermal image, the grating from the visible one.
    assert weight[pairs[0].thermal > 180].mean() > 0.7
    assert weight[pairs[0].thermal < 60].mean() < 0.3


def test_what_is_deployed_fuses_like_the_network_that_was_trained(pairs, config):
    network, _fit = trained(steps(config, 10), pairs)
    model = network.to_model()
    for pair in pairs:
        context = context_signal(block_features(pair.luma, pair.thermal), model.layers)
        deployed = fuse(model, pair, context).astype(int)
        # Weights are rounded to 8 bit, which moves a grey by less than a level.
        assert np.abs(deployed - fuse_pair(network, pair)).max() <= 1


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("mm-net", MmNetShape((4, 6), 3, 8.0)), ("rival", TinyCnnShape(4, "value", 8.0))],
)
def test_other_networks_learn_in_the_same_way(pairs, config, kind, shape):
    torch.manual_seed(0)
    network = NETWORKS[kind].build(shape)
    plan = dataclasses.replace(config.optimization, rates={"network": 0.003})
    config = dataclasses.replace(config, network=shape, penalties={}, optimization=plan)
    crops = torch.from_numpy(CropSampler(pairs, 48, 1).draw(0, 4)).float()
    losses = []
    for _ in range(2):
        with torch.no_grad():
            losses.append(float(total(Objective(config, network).parts(Batch(crops, crops)))))
        if len(losses) == 1:
            train(network, config, pairs)
    assert losses[1] < losses[0]
    assert validate_network(network, pairs[:1])["VIF"] > 0


def test_the_same_seed_gives_the_same_model_and_another_seed_another_one(pairs, config):
    short = steps(config, 5)
    (first, fit), (again, same) = trained(short, pairs), trained(short, pairs)
    other, _fit = trained(dataclasses.replace(short, seed=short.seed + 1), pairs)
    assert torch.equal(fit.history, same.history)
    assert torch.equal(first.change, again.change)
    assert not torch.equal(first.layers[0].weight, other.layers[0].weight)


def test_gradients_do_not_pile_up_from_step_to_step(pairs, config):
    still = dataclasses.replace(steps(config, 2), seed=1)
    plan = dataclasses.replace(still.optimization, rates={"table": 0.0, "network": 0.0})
    network = fresh(still)
    seen = []
    network.change.register_hook(lambda grad: seen.append(grad.clone()))
    train(network, dataclasses.replace(still, optimization=plan), pairs)
    assert float(seen[0].abs().max()) > 0
    assert float((network.change.grad - seen[-1]).abs().max()) == 0


def test_a_mean_of_all_steps_lies_between_start_and_end(pairs, config):
    last, _fit = trained(steps(config, 20), pairs)
    mean, _fit = trained(steps(config, 20, averaging=0.95), pairs)
    assert 0 < float(mean.change.detach().norm()) < float(last.change.detach().norm())


def test_a_time_limit_replaces_the_number_of_steps(pairs, config):
    _network, fit = trained(steps(config, 10**6), pairs, minutes=0.01)
    assert 1 <= len(fit.losses()) < 10**4


def test_parts_that_do_not_fit_together_are_refused(pairs, config):
    def run(**changes):
        train(fresh(config), dataclasses.replace(config, **changes), pairs)

    with pytest.raises(ConfigError, match="need each other"):
        run(distillation={"weight": 1.0})
    with pytest.raises(ConfigError, match="penalties: unknown terms"):
        run(penalties={"calm": 1.0})
    with pytest.raises(ConfigError, match="at least one term"):
        run(loss={})
    with pytest.raises(ConfigError, match="no table"):
        shape = TinyCnnShape(4, "weight", 8.0)
        train(NETWORKS["rival"].build(shape), config, pairs)


def test_a_loss_that_is_no_number_ends_the_run(pairs, config):
    network = fresh(config)
    with torch.no_grad():
        network.layers[0].bias.fill_(float("nan"))
    with pytest.raises(DivergenceError, match="no longer a number"):
        train(network, steps(config, 3), pairs)


def test_validation_reports_scores_and_the_spread_of_the_context(pairs, config):
    network, _fit = trained(steps(config, 3), pairs)
    result = validate(network.to_model(), pairs)
    assert result.images == 4
    assert result.scores["out_of_band"] == 0
    low, median, high = result.context_percentiles
    assert 0 <= low <= median <= high <= 1
    assert set(result.scores_frozen) == set(result.scores)


def test_whole_images_of_mixed_sizes_are_trained_on_with_video(pairs, video, config):
    def run(images):
        whole = dataclasses.replace(config.data, crop_px="whole")
        small = dataclasses.replace(steps(config, 4), data=whole, steadiness=9.0)
        return train(fresh(small), small, images, (), RunOptions(), video)

    halved = [
        ImagePair(p.name, p.visible[:48, :64], p.luma[:48, :64], p.thermal[:48, :64]) for p in pairs
    ]
    fit = run([*pairs, *halved])
    assert torch.equal(fit.history, run([*pairs, *halved]).history)
    assert "steadiness" in fit.names


def test_bfloat16_learns_nearly_the_same(pairs, config):
    short = steps(config, 5)
    exact, fit = trained(short, pairs, precision="32")
    near, other = trained(short, pairs, precision="bf16")
    assert torch.equal(fit.history, trained(short, pairs)[1].history)
    assert not torch.equal(exact.layers[0].weight, near.layers[0].weight)
    assert near.layers[0].weight.dtype == torch.float32
    assert other.losses() == pytest.approx(fit.losses(), rel=0.02)
    with pytest.raises(ConfigError, match="one of auto, bf16, 32"):
        trained(short, pairs, precision="64")


def test_pictures_are_written_while_it_trains(pairs, config, tmp_path):
    seen = []
    path = tmp_path / "preview.png"
    options = {"preview": path, "preview_pairs": pairs, "preview_seconds": 0.0}
    _network, fit = trained(
        steps(config, 11), pairs, on_progress=lambda *_: seen.append(path.exists()), **options
    )
    assert seen == [True, True]
    # Four pairs, each with visible, thermal and fused image and weight, at one height.
    assert cv2.imread(str(path)).shape == (4 * 256, 4 * 320, 3)
    assert torch.equal(fit.history, trained(steps(config, 11), pairs)[1].history)


def test_a_picture_that_cannot_be_written_is_warned_of_once(pairs, config, tmp_path, monkeypatch):
    def exhausted(*_):
        raise torch.OutOfMemoryError("no memory left")

    options = {"preview_pairs": pairs, "preview_seconds": 0.0}
    with pytest.warns(UserWarning, match="cannot be written there") as warned:
        fit = trained(steps(config, 3), pairs, preview=tmp_path / "gone" / "p.png", **options)[1]
    assert len([each for each in warned if "preview" in str(each.message)]) == 1
    assert torch.equal(fit.history, trained(steps(config, 3), pairs)[1].history)
    monkeypatch.setattr(preview, "fuse_pair", exhausted)
    with pytest.warns(UserWarning, match="no memory left"):
        network = trained(steps(config, 2), pairs, preview=tmp_path / "p.png", **options)[0]
    assert network.training


def test_ctrl_c_stays_what_it_was(pairs, config):
    def stop(_share, _parts):
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        trained(config, pairs, on_progress=stop)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_leaves_no_folders_and_says_nothing(pairs, config, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    trained(steps(config, 2), pairs)
    assert set(tmp_path.iterdir()) == before
    assert capfd.readouterr() == ("", "")


def test_a_device_that_is_not_there_is_an_error():
    assert choose_device("cpu").type == "cpu"
    assert choose_device("auto").type in ("cpu", "cuda")
    with pytest.raises(ConfigError, match="'auto' takes what there is"):
        choose_device("abacus")


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
def test_a_gpu_that_is_not_there_is_an_error_of_the_trainer_too():
    for device, devices in (("cuda", 1), ("cuda", 2), ("cuda:1", 1)):
        with pytest.raises(ConfigError, match="cannot be used here"):
            quiet_trainer(torch.device(device), devices, 1, [])


def test_one_device_is_not_named_where_several_are_asked_for():
    with pytest.raises(ConfigError, match="expected no number where 2 devices"):
        quiet_trainer(torch.device("cuda:1"), 2, 1, [])
