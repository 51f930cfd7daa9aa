# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by setup.sh: what must be on the machine before anything is made. Each refusal names its cure.

# The interpreter itself, also when run inside a virtual environment.
PRINT_BASE_PYTHON='import os, sys; print(os.path.realpath(sys._base_executable))'

refuse() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

refuse_unknown_distribution() {
  case $1 in
    wheels | humble | jazzy | kilted) ;;
    *) refuse "ROS 2 '$1' is sourced; supported are humble, jazzy and kilted." \
      "Source one of those, or start a shell without ROS to use the wheels from PyPI." ;;
  esac
}

refuse_folder_with_spaces() {
  [[ $1 != *[[:space:]]* ]] || refuse "colcon cannot work in a folder whose path has spaces: $1" "Move the checkout."
}

# Print the interpreter to make .venv from. Only one that loads a sourced distribution's compiled modules will do.
find_python() {
  local candidate needed='import sys; assert (3, 10) <= sys.version_info[:2] <= (3, 14)'
  [[ $1 == wheels ]] || needed+='; import rclpy'
  for candidate in ${PYTHON:-python3 python3.12 python3.13 python3.11 python3.14 python3.10 /usr/bin/python3}; do
    if "$candidate" -c "$needed" 2>/dev/null; then
      "$candidate" -ISc "$PRINT_BASE_PYTHON"
      return
    fi
  done
  [[ $1 == wheels ]] || refuse "no Python here loads rclpy of ROS 2 '$1'." "Run: sudo apt install ros-$1-ros-base"
  refuse "no Python 3.10 to 3.14 found." "Run: sudo apt install python3 python3-venv python3-dev"
}

refuse_missing_tools() {
  local missing=()
  if [[ $2 == wheels && $(uname -sm) != 'Linux x86_64' ]]; then
    refuse "PyPI has ROS 2 for Linux on x86-64 only; this is $(uname -sm)." \
      "Source a ROS 2 distribution (source /opt/ros/jazzy/setup.bash) and run this again."
  fi
  command -v c++ g++ >/dev/null || missing+=(g++)
  command -v make >/dev/null || missing+=(make)
  "$1" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  "$1" -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null || missing+=(python3-dev)
  [[ $2 == wheels ]] || command -v cmake >/dev/null || missing+=(cmake)
  [[ ${#missing[@]} -eq 0 ]] || refuse "missing on this machine: ${missing[*]}" "Run: sudo apt install ${missing[*]}"
}
