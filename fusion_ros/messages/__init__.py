# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""ROS messages to frames and back, without importing ROS.

The functions ask only for the fields of a message, so they serve rclpy's messages and those
that `rosbags` reads from a bag alike.
"""
