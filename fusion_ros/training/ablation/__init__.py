# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What each part of the MM-LUT is worth: variants without it, trained and scored alike."""
