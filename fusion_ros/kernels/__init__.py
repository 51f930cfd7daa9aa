# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hot loops, compiled by Numba. Each works on a band of rows, so bands run in parallel."""
