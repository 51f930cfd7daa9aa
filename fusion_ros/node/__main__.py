# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`python -m fusion_ros.node` is `ros2 run fusion_ros fusion_node`."""

import sys

from fusion_ros.node.main import main

sys.exit(main())
