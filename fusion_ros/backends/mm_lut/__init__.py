# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT: a learned 4-D table of blend weights.

- [0]: LUT-Fuse: Towards Extremely Fast Infrared and Visible Image Fusion via Distillation to
  Learnable Look-Up Tables, ICCV 2025.

Where we deviate: the table holds blend weights in [0, 1] instead of grey values, so every
fused pixel lies between its two sources; the context network runs at a quarter of the
resolution without statistics of the frame; the gradient has a fixed scale; interpolation is
simplicial (5 reads a pixel instead of 16). So the result for a crop is the crop of the result.
"""
