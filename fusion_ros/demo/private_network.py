# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A ROS network of our own, so that it neither disturbs a robot nor is disturbed."""

from __future__ import annotations

import importlib.util
import os
import socket
from typing import TYPE_CHECKING

from fusion_ros.artifacts.resources import resource
from fusion_ros.environment import PROFILE_VARIABLES
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Domains whose ports no system uses for its outgoing connections.
DOMAINS = range(1, 102)
# UDP port of a domain's first participant: DDS' rule, with its default gains.
FIRST_PORT, PORTS_PER_DOMAIN = 7410, 250
PROFILE = "config/fastdds_large_images.xml"


def require_ros() -> None:
    """Raise `ConfigError` unless the node can run in this shell."""
    for module in ("rclpy", "fusion_ros.msg"):
        if importlib.util.find_spec(module) is None:
            raise ConfigError(
                f"the real ROS 2 node is needed, but '{module}' cannot be imported: run "
                f"'make setup' and 'source scripts/env.sh', or source your workspace's "
                f"install/setup.bash; 'fusion_ros replay' needs no ROS"
            )


def free_domain() -> int:
    """A ROS domain that no process of this machine seems to be in."""
    first = os.getpid() % len(DOMAINS)
    order = [*DOMAINS[first:], *DOMAINS[:first]]
    return next((domain for domain in order if _is_free(domain)), order[0])


def _is_free(domain: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", FIRST_PORT + PORTS_PER_DOMAIN * domain))
        except OSError:
            return False
    return True


def private_environment(domain: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables of a process on the private network.

    Args:
        domain: ROS domain.
        environment: Variables of this process.

    Raises:
        ConfigError: The domain is out of range.
    """
    if domain not in range(233):
        raise ConfigError(f"--domain: expected 0 to 232, got {domain}")
    private = dict(environment)
    private["ROS_DOMAIN_ID"] = str(domain)
    if environment.get("ROS_DISTRO") == "humble":
        private["ROS_LOCALHOST_ONLY"] = "1"
    else:
        # The older variable would win over the newer one, with a warning.
        private.pop("ROS_LOCALHOST_ONLY", None)
        private["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
        private.pop("ROS_STATIC_PEERS", None)
    if not any(environment.get(name) for name in PROFILE_VARIABLES):
        profile = str(resource(PROFILE))
        private.update(dict.fromkeys(PROFILE_VARIABLES, profile))
    private["PYTHONUNBUFFERED"] = "1"
    return private
