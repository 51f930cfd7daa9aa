# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The package's files agree with each other, and its set-up scripts do as they say."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import fusion_ros

ROOT = Path(__file__).parents[1]
if not (ROOT / "scripts" / "setup.sh").is_file():
    pytest.skip("needs the source tree", allow_module_level=True)

PACKAGE = ElementTree.parse(ROOT / "package.xml").getroot()
LOCK = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
PROFILE = ROOT / "config" / "fastdds_large_images.xml"
LARGEST_IMAGE_BYTES = 4096 * 3072 * 3
ROS_INTERFACES = re.compile(
    r"(rclpy|cv_bridge|message_filters|launch|launch_ros|\w+_msgs|std_srvs)"
)


def bash(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a shell of its own; an empty variable is unset."""
    environment = {**os.environ, **variables}
    return subprocess.run(
        ["bash", "-c", script],
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_every_file_that_states_the_version_states_the_same() -> None:
    setup_version = re.search(r'version="([^"]+)"', (ROOT / "setup.py").read_text("utf-8"))
    changelog = re.search(r"^(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.rst").read_text("utf-8"), re.M)
    assert setup_version is not None
    assert changelog is not None
    versions = {PACKAGE.findtext("version"), setup_version[1], changelog[1]}
    assert versions == {fusion_ros.__version__}


def test_every_ros_package_that_is_imported_is_declared_for_rosdep() -> None:
    sources = [*(ROOT / "fusion_ros").rglob("*.py"), *(ROOT / "launch").glob("*.py")]
    imported = {name for path in sources for name in imports_of(path)}
    declared = {element.text for element in PACKAGE if element.tag.endswith("depend")}
    used = {name for name in imported if ROS_INTERFACES.fullmatch(name)}
    assert "rclpy" in used
    assert used <= declared


def test_every_locked_package_carries_hashes() -> None:
    pins = [block for block in re.split(r"^(?=[a-z0-9])", LOCK, flags=re.M) if block.strip()]
    assert len(pins) > 100
    assert [pin for pin in pins if not re.match(r"\S+==\S+ .*\\\n +--hash=sha256:", pin)] == []


def test_neither_requirements_nor_scripts_name_an_index_or_a_folder_of_one_machine() -> None:
    folders = [ROOT / "requirements", ROOT / "scripts", ROOT / ".ci"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files = [path for path in files if path.suffix != ".pyc"]
    named = re.compile(r"https?://|file:/|--(extra-)?index-url|--find-links|/home/|/root/")
    assert len(files) > 5
    assert [path.name for path in files if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_middleware_profile_has_room_for_the_largest_image() -> None:
    sizes = {
        element.tag.rpartition("}")[2]: int(element.text or 0)
        for element in ElementTree.parse(PROFILE).iter()
        if element.tag.endswith(("segment_size", "maxMessageSize"))
    }
    assert set(sizes) == {"segment_size", "maxMessageSize"}
    assert all(size > LARGEST_IMAGE_BYTES for size in sizes.values())


def test_the_overlay_holds_every_module_and_every_shared_file() -> None:
    overlay = ROOT / "install" / "fusion_ros"
    if not overlay.is_dir():
        pytest.skip("needs the built overlay (make setup)")
    installed = {path.name: path for path in overlay.rglob("fusion_ros") if path.is_dir()}
    assert installed
    packages = [path for path in overlay.rglob("fusion_ros") if (path / "errors.py").exists()]
    assert len(packages) == 1
    modules = {path.relative_to(ROOT / "fusion_ros") for path in ROOT.glob("fusion_ros/**/*.py")}
    missing = {str(module) for module in modules if not (packages[0] / module).exists()}
    assert missing == set()
    share = overlay / "share" / "fusion_ros"
    for name in ("launch/fuse.launch.py", "config/fusion.yaml", "models/manifest.yaml"):
        assert (share / name).is_file()
    assert os.access(overlay / "lib" / "fusion_ros" / "fusion_node", os.X_OK)


def test_env_works_from_any_folder_in_a_strict_shell_and_sourced_twice() -> None:
    if not (ROOT / "install" / ".built").is_file():
        pytest.skip("needs the built overlay (make setup)")
    env = f'source "{ROOT}/scripts/env.sh"'
    script = f"set -eu; {env}; first=$PATH$PYTHONPATH$AMENT_PREFIX_PATH; {env}; "
    script += '[ "$first" = "$PATH$PYTHONPATH$AMENT_PREFIX_PATH" ] && '
    script += "python -c 'import rclpy, fusion_ros.msg; print(fusion_ros.__file__)'"
    result = bash(script)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.strip() == str(ROOT / "fusion_ros" / "__init__.py")


@pytest.mark.parametrize(("chosen", "expected"), [("", str(PROFILE)), ("/mine.xml", "/mine.xml")])
def test_env_sets_the_middleware_profile_only_where_the_user_has_none(
    chosen: str, expected: str
) -> None:
    if not (ROOT / "install" / ".built").is_file():
        pytest.skip("needs the built overlay (make setup)")
    result = bash(
        f'source "{ROOT}/scripts/env.sh" && echo "$FASTRTPS_DEFAULT_PROFILES_FILE"',
        FASTRTPS_DEFAULT_PROFILES_FILE=chosen,
        FASTDDS_DEFAULT_PROFILES_FILE="",
    )
    assert result.stdout.strip() == expected


def test_an_unsupported_distribution_is_refused_with_those_that_are_supported() -> None:
    result = bash(
        f'"{ROOT}/scripts/setup.sh"', ROS_DISTRO="foxy", AMENT_PREFIX_PATH="/opt/ros/foxy"
    )
    assert result.returncode == 1
    assert "'foxy'" in result.stderr
    assert "humble, jazzy and kilted" in result.stderr


def test_a_missing_compiler_is_refused_with_the_one_command_that_installs_it(
    tmp_path: Path,
) -> None:
    for tool in ("make", "uname", "cmake"):
        found = shutil.which(tool)
        if found is None:
            pytest.skip(f"needs {tool}")
        (tmp_path / tool).symlink_to(found)
    checks = f'source "{ROOT}/scripts/setup_checks.sh"'
    result = bash(
        f'{checks}; PATH="{tmp_path}"; refuse_missing_tools "{sys._base_executable}" jazzy'
    )
    assert result.returncode == 1
    assert "sudo apt install g++" in result.stderr
