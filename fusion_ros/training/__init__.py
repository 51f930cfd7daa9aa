# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Training of models; the only package that needs PyTorch, and never imported by the node."""
