# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How far two implementations of the same thing may be apart."""

# Grey levels by which a pixel of an engine may differ from the reference.
IMAGE_LEVELS = 1
# The same, on average over an image.
IMAGE_MEAN_LEVELS = 0.02
# The same, of a graph in float32, and of one whose context network is in float16.
FLOAT32_MEAN_LEVELS = 1e-3
FLOAT16_MEAN_LEVELS = 0.02
# Weight by which a pixel's guidance may differ; table coordinates have 8 bits of fraction.
GUIDANCE = 4e-3
# Grey levels by which an image may differ from the authors' own.
PUBLISHED_IMAGE_LEVELS = 1
# The same, of float32 arithmetic without tables.
FLOAT32_GUIDANCE = 1e-5
