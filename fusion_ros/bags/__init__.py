# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Recordings: read, write and make ROS 2 bags without ROS."""
