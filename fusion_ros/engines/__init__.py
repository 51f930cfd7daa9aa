# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What several backends need to run on one engine: ONNX Runtime, TensorRT, the GPU beneath."""
