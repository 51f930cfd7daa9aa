# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""LUT-Fuse as its authors' code computes it, defects included: a baseline to measure against.

- [0]: LUT-Fuse: Towards Extremely Fast Infrared and Visible Image Fusion via Distillation to
  Learnable Look-Up Tables, ICCV 2025.

What a user of these checkpoints should know, and `mm_lut` does otherwise: table values are not
bounded by the sources; the last of 16 nodes sits at 240, so what is brighter is cut; borders
are padded with zeros, which draws lines along them; gradient and context depend on statistics
of the whole frame, so a change in one corner changes the picture everywhere.
"""
