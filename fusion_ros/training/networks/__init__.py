# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is trained: modules that fuse a batch of luma and thermal crops."""
