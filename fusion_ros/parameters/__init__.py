# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What can be configured, the same for the node and for replays; nothing here imports ROS."""
