# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Backends as ONNX graphs: where those come from, what runs them, and whether they are right."""
