# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Times are integer nanoseconds; these convert them."""

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
