# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Registered pairs of images: where they lie, random crops of them, and how those are varied."""
