# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
#
# Every target sets up what it needs; set-up that is already done costs a fraction of a second.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-train demo test check format bench lock clean

IN_ENV := source scripts/env.sh &&
PIN := uv pip compile --universal --python-version 3.10 --no-annotate --no-header --quiet

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup:  ## .venv with ROS 2 (your sourced distribution, or PyPI's wheels) and the built message
	@scripts/setup.sh

setup-train:  ## the same, and PyTorch and what else training needs (pip's own configuration chooses CPU or CUDA wheels)
	@scripts/setup.sh --train

demo: setup  ## run the node on a rendered drive and leave pictures, a video and figures
	@$(IN_ENV) fusion_ros demo

test: setup-train  ## every test that this machine can run
	@$(IN_ENV) python -m pytest

check: setup  ## format, lint, types, spelling, import boundaries
	@$(IN_ENV) ruff format --check .
	@$(IN_ENV) ruff check .
	@$(IN_ENV) mypy
	@$(IN_ENV) codespell
	@$(IN_ENV) python -m pytest -q test/test_import_boundaries.py

format: setup  ## rewrite the code in the house format
	@$(IN_ENV) ruff format . && ruff check --fix .

bench: setup-train  ## speed and memory of every backend on every engine of this machine, and of the node
	@$(IN_ENV) fusion_ros bench --json bench_output/bench.json --plot bench_output/bench.svg --markdown bench_output/bench.md

lock:  ## resolve requirements/lock.txt anew (needs uv)
	$(PIN) --generate-hashes --extra onnx --extra export --extra cluster --extra dev setup.py requirements/ros_wheels.in -o requirements/lock.txt

clean:  ## remove everything that set-up made
	rm -rf .venv build install log
