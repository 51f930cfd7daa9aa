# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

import tolerances
from fusion_ros import FramePair, load_backend
from fusion_ros.backends.lutfuse.checkpoints import read_checkpoints
from fusion_ros.backends.lutfuse.model import HIDDEN_LAYERS, LutFuseModel
from fusion_ros.backends.lutfuse.reference import gradient_map
from fusion_ros.backends.registry import usable_engines
from fusion_ros.cli.main import app
from fusion_ros.errors import ModelArtifactError
from sample_images import DATA, needs_data, smooth_pair

OFFICIAL = DATA / "official_lutfuse"
CHECKPOINTS = (
    OFFICIAL / "ckpts" / "fine_tuned_lut.npy",
    OFFICIAL / "ckpts" / "generator_context.npz",
)
PUBLISHED = sorted((OFFICIAL / "fused").rglob("*.png"))


def sources_of(published):
    folder = DATA / published.parent.relative_to(OFFICIAL / "fused")
    visible = cv2.imread(str(folder / "vi" / f"{published.stem}.jpg"))
    thermal = cv2.imread(str(folder / "ir" / f"{published.stem}.png"), cv2.IMREAD_UNCHANGED)
    return FramePair(visible, thermal)


@needs_data("official_lutfuse")
@pytest.mark.parametrize("engine", usable_engines("lutfuse"))
def test_every_published_image_is_reproduced_to_one_level(engine, tmp_path):
    model = tmp_path / "official.npz"
    arguments = ["import-lutfuse", *map(str, CHECKPOINTS), "-o", str(model)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    pipeline = load_backend("lutfuse", engine, model)
    assert len(PUBLISHED) == 30
    for path in PUBLISHED:
        fused = pipeline.fuse(sources_of(path), guidance=False).image
        apart = np.abs(fused.astype(int) - cv2.imread(str(path)))
        assert apart.max() <= tolerances.PUBLISHED_IMAGE_LEVELS, path.name


def test_the_defects_are_kept_brighter_than_240_is_cut(lutfuse_model):
    pipeline = load_backend("lutfuse", "reference", lutfuse_model)
    levels = []
    for grey in (240, 247, 255):
        visible = np.full((16, 16, 3), grey, np.uint8)
        fused = pipeline.fuse(FramePair(visible, np.full((16, 16), grey, np.uint8))).image
        levels.append(int(fused[8, 8, 0]))
    assert max(levels) - min(levels) <= 1


def test_the_defects_are_kept_a_flat_image_has_edges_along_its_border():
    gradient = gradient_map(np.full((9, 9), 0.7))
    assert gradient[4, 4] == 0
    assert gradient[0, 0] == pytest.approx(1.0)


def test_a_torch_checkpoint_is_read_without_running_code(tmp_path, lutfuse_model):
    torch = pytest.importorskip("torch", reason="torch is not installed (make setup-train)")
    model = LutFuseModel.load(lutfuse_model)
    np.save(tmp_path / "table.npy", model.table)
    state = {f"module.{name}": torch.from_numpy(value) for name, value in model.generator.items()}
    torch.save(state, tmp_path / "generator.pth")
    again = read_checkpoints(tmp_path / "table.npy", tmp_path / "generator.pth")
    for name, value in model.generator.items():
        np.testing.assert_array_equal(again.generator[name], value)
    torch.save({"code": pytest.raises}, tmp_path / "hostile.pth")
    with pytest.raises(ModelArtifactError, match="state dictionary"):
        read_checkpoints(tmp_path / "table.npy", tmp_path / "hostile.pth")


def test_checkpoints_of_another_network_are_refused_by_name(tmp_path, lutfuse_model):
    model = LutFuseModel.load(lutfuse_model)
    wrong = dict(model.generator)
    first = f"{HIDDEN_LAYERS[0][0]}.weight"
    wrong[first] = np.zeros((8, 4, 3, 3), np.float32)
    with pytest.raises(ModelArtifactError, match=first):
        LutFuseModel.from_arrays(model.table, wrong)
    with pytest.raises(ModelArtifactError, match="table: expected shape"):
        LutFuseModel.from_arrays(model.table[:8], model.generator)


def test_the_torch_engine_agrees_with_the_reference_on_pictures(lutfuse_model):
    pytest.importorskip("torch", reason="torch is not installed (make setup-train)")
    pair = smooth_pair(120, 160)
    images = [
        load_backend("lutfuse", engine, lutfuse_model).fuse(pair).image
        for engine in ("reference", "torch")
    ]
    assert np.abs(images[0].astype(int) - images[1]).max() <= tolerances.IMAGE_LEVELS
