# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Start the fusion node.

    ros2 launch fusion_ros fuse.launch.py visible:=/rgb/image_raw thermal:=/lwir/image_raw

Every default is in the parameters file: an argument left empty changes nothing there, and one that
is given wins over it.
"""

from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

CONFIG = Path(get_package_share_directory("fusion_ros")) / "config"

ARGUMENTS = {
    "namespace": "Namespace of the node and of its relative topics.",
    "visible": "Topic of the visible camera's images; its camera_info lies beside it.",
    "thermal": "Topic of the thermal camera's images, likewise.",
    "backend": "What fuses, for example mm_lut.",
    "engine": "What it runs on, for example auto, cuda or cpu.",
    "model": "Name or path of the model.",
    "use_sim_time": "true: take time from /clock, as when a bag is played.",
    "log_level": "debug, info, warn or error.",
}
PARAMETERS = {"backend": str, "engine": str, "model": str, "use_sim_time": bool}
PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")


def remaps_of(source: str, topic: str) -> list[tuple[str, str]]:
    """Rules from the node's names for one camera to its driver's; none for an empty topic."""
    if not topic:
        return []
    if topic.endswith("/compressed"):
        raise ValueError(
            f"{source}:={topic}: expected a topic of sensor_msgs/Image; decompress it first, with "
            f"'ros2 run image_transport republish compressed raw'"
        )
    folder, _, _ = topic.rpartition("/")
    return [
        (f"{source}/image_raw", topic),
        (f"{source}/camera_info", f"{folder}/camera_info" if "/" in topic else "camera_info"),
    ]


def large_image_profile(environment: dict[str, str]) -> dict[str, str]:
    """Fast DDS's profile for images, unless the user has chosen one."""
    if any(environment.get(name) for name in PROFILE_VARIABLES):
        return {}
    return dict.fromkeys(PROFILE_VARIABLES, str(CONFIG / "fastdds_large_images.xml"))


def start_node(context: LaunchContext) -> list[Node]:
    """The node with what was given; an empty argument is left to the parameters file."""
    given = {name: LaunchConfiguration(name).perform(context) for name in ARGUMENTS}
    parameters = {
        name: ParameterValue(given[name], value_type=kind)
        for name, kind in PARAMETERS.items()
        if given[name]
    }
    node = Node(
        package="fusion_ros",
        executable="fusion_node",
        namespace=given["namespace"],
        parameters=[LaunchConfiguration("params_file"), *([parameters] if parameters else [])],
        remappings=remaps_of("visible", given["visible"]) + remaps_of("thermal", given["thermal"]),
        ros_arguments=["--log-level", given["log_level"]] if given["log_level"] else [],
        additional_env=large_image_profile(context.environment),
        output="screen",
        emulate_tty=True,
    )
    return [node]


def generate_launch_description() -> LaunchDescription:
    """What `ros2 launch` calls."""
    params_file = DeclareLaunchArgument(
        "params_file",
        default_value=str(CONFIG / "fusion.yaml"),
        description="Parameters of the node.",
    )
    arguments = [
        DeclareLaunchArgument(name, default_value="", description=text)
        for name, text in ARGUMENTS.items()
    ]
    return LaunchDescription([params_file, *arguments, OpaqueFunction(function=start_node)])
