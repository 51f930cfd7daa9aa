# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
#
# Source this file, in bash or zsh, from anywhere:  source scripts/env.sh
# The shell then knows rclpy, fusion_ros, fusion_ros.msg and the fusion_ros command. `make setup` comes first.

# Prepend folder $2 to the path-like variable $1, once.
fusion_ros_prepend() {
  eval "fusion_ros_old=\${$1:-}"
  case ":$fusion_ros_old:" in
    *":$2:"*) ;;
    *) export "$1=$2${fusion_ros_old:+:$fusion_ros_old}" ;;
  esac
  unset fusion_ros_old
}

fusion_ros_env() {
  local root=$1 made_for strict=
  if [ ! -f "$root/install/.built" ]; then
    echo "scripts/env.sh: nothing is built yet. Run: make -C $root setup" >&2
    return 1
  fi
  . "$root/scripts/ros_source.sh"
  made_for=$(cut -d' ' -f1 "$root/.venv/.made_for")
  if [ "$made_for" != "$(fusion_ros_source)" ]; then
    echo "scripts/env.sh: .venv was made for ROS 2 from '$made_for', this shell has '$(fusion_ros_source)'." >&2
    echo "Use a shell like the one it was made in, or run: make -C $root setup" >&2
    return 1
  fi
  if [ "$made_for" = wheels ]; then
    # the wheels set their library path when Python starts, unless another environment's mark says it is done
    unset _ROS_WHEELS_BOOTSTRAP_COMPLETE
    fusion_ros_prepend AMENT_PREFIX_PATH "$root/.venv"
  fi
  case $- in *u*) strict=yes ;; esac
  set +u # colcon's script reads variables that it has not set
  . "$root/install/local_setup.$2"
  [ -z "$strict" ] || set -u
  fusion_ros_prepend PYTHONPATH "$root" # a new module in the source tree counts at once, before the overlay links it
  fusion_ros_prepend PATH "$root/.venv/bin"
  export VIRTUAL_ENV="$root/.venv"
  # Fast DDS's default shared memory is smaller than an image; a profile that the user has chosen is left alone
  if [ -z "${FASTRTPS_DEFAULT_PROFILES_FILE:-}${FASTDDS_DEFAULT_PROFILES_FILE:-}" ]; then
    export FASTRTPS_DEFAULT_PROFILES_FILE="$root/config/fastdds_large_images.xml"
    export FASTDDS_DEFAULT_PROFILES_FILE="$FASTRTPS_DEFAULT_PROFILES_FILE"
  fi
}

# eval: each shell has its own way to name the file being sourced, which the others cannot read
if [ -n "${ZSH_VERSION:-}" ]; then
  eval 'fusion_ros_env "$(cd "$(dirname "${(%):-%x}")/.." && pwd)" zsh'
elif [ -n "${BASH_VERSION:-}" ]; then
  eval 'fusion_ros_env "$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)" bash'
else
  echo "scripts/env.sh: source this file in bash or zsh" >&2
  return 1
fi
