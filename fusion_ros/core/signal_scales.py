# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Scales of the MM-LUT's signals, which its definition and its kernels must share."""

# Side of the blocks of pixels that share one value of the scene context. [px]
CONTEXT_STRIDE_PX = 4
# |Sobel x| + |Sobel y| of an 8-bit image that counts as the strongest edge; half the maximum.
GRADIENT_FULL_SCALE = 1020
