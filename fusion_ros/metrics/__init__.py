# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Measures of fused images: one file per metric, and their table in `registry`."""
