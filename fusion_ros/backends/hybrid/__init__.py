# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid: a learned guidance map decides, a fixed Laplacian pyramid fuses.

- [0]: HybridFusion, a guidance network in front of a fixed fusion kernel.
- [1]: Burt, Adelson: The Laplacian Pyramid as a Compact Image Code, 1983.

Where we deviate: the network is a thousand times smaller and looks at blocks of pixels instead
of the full resolution. Of each block it says a logit and a gain, which are interpolated to pixels;
a pixel's guidance is the sigmoid of the logit plus the gain times its contrast, so that it follows
edges finer than blocks. Guidance is carried down by the pyramid's own smoothing instead of being
resampled. Borders are reflected instead of black, there are three levels of details instead of
four, and the result is held inside the range of its sources nearby.
"""
