# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime
import subprocess

import cv2
import numpy as np

import fusion_ros
from fusion_ros.benchmark import provenance as module
from fusion_ros.benchmark.provenance import provenance


def test_figures_carry_date_hardware_commit_and_versions():
    facts = provenance()
    assert datetime.date.fromisoformat(facts["date"])
    assert facts["fusion_ros"] == fusion_ros.__version__
    assert facts["numpy"] == np.__version__
    assert facts["opencv"].startswith(cv2.__version__)
    assert facts["cores"] >= 1
    assert facts["memory_gb"] >= 1
    for name in (
        "cpu",
        "gpu",
        "system",
        "commit",
        "python",
        "numba",
        "onnxruntime",
        "torch",
        "ros",
    ):
        assert facts[name], name
    assert {type(value) for value in facts.values()} == {str, int}


def git(folder, *arguments):
    name = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_commit_is_that_of_the_checkout_and_says_when_files_were_changed(tmp_path):
    file = tmp_path / "provenance.py"
    file.write_text("a")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    head = (tmp_path / ".git" / "HEAD").read_text().split()[-1]
    commit = (tmp_path / ".git" / head).read_text().strip()
    found = module._commit(file)
    assert len(found) >= 7
    assert commit.startswith(found)
    file.write_text("b")
    assert module._commit(file) == f"{found}-dirty"


def test_a_copy_installed_inside_a_repository_of_others_gives_the_release(tmp_path):
    (tmp_path / "theirs.py").write_text("a")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "theirs")
    installed = tmp_path / "provenance.py"
    installed.write_text("a")
    assert module._commit(installed) == f"release {fusion_ros.__version__}"


def test_without_git_the_release_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance()["commit"] == f"release {fusion_ros.__version__}"
