# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by setup.sh and env.sh, in bash and zsh.

# Print where ROS 2 comes from in this shell: the sourced distribution's name, or "wheels" (PyPI's).
# env.sh sets no ROS_DISTRO for the wheels, so a shell that sourced it is not mistaken for a distribution's.
fusion_ros_source() {
  if [ -n "${ROS_DISTRO:-}" ] && [ -n "${AMENT_PREFIX_PATH:-}" ]; then
    printf '%s\n' "$ROS_DISTRO"
  else
    printf 'wheels\n'
  fi
}
