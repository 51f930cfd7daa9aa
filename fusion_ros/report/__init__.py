# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The page that shows what a replay found: one HTML file that needs nothing else."""
