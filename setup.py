# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What pip needs to know; colcon builds the same package from CMakeLists.txt, with the message."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "fusion_ros"
HERE = Path(__file__).parent

# These are bounds; the versions that are tested together are pinned in requirements/lock.txt.
RUNTIME = [
    "numpy>=1.23,<3",  # every image
    "opencv-python>=4.5.4,<5",  # resizing, warping, file and video input and output
    "numba>=0.57,<1",  # the hot loops on the CPU
    "safetensors>=0.4,<1",  # the model file of the backend `hybrid`
    "pyyaml>=5.4,<7",  # the manifest of models, training settings
    "rosbags>=0.10,<0.12",  # `replay`: reads and writes bags without a ROS distribution
    "typer>=0.12,<1",  # the command line
    "rich>=13,<16",  # tables and progress of the command line
    "jinja2>=3,<4",  # the report page of `replay`
    "matplotlib>=3.5,<4",  # plots of reports, of `bench` and of training
    "scipy>=1.8,<2",  # confidence intervals of `evaluate`
]

EXTRAS = {
    # the engine `onnxruntime`, for backends that are networks
    "onnx": ["onnxruntime>=1.17,<2"],
    # the engine `cuda`: compiles kernels for the GPU at hand
    "cuda": ["numba-cuda[cu12]>=0.20,<1"],
    # `export`: models as ONNX graphs
    "export": ["onnx>=1.15,<2"],
    # `--scheduler`: evaluation and replay over several machines
    "cluster": ["distributed>=2023.5"],
    # never imported by the node
    "train": [
        "torch>=2.4,<3",  # `train`: networks
        "lightning>=2.6,<3",  # `train`: the loop, several GPUs, resuming
        "optuna>=4,<5",  # `tune`: the search for weights of the loss
    ],
    # `make test` and `make check`; ruff's and mypy's verdicts change between versions
    "dev": [
        "pytest>=6.2",
        "playwright>=1.40,<2",  # drives the Chromium in which reports are tested
        "codespell>=2.2",
        "ruff==0.17.5",
        "mypy==2.4.1",
        "types-PyYAML",
    ],
}


def share_files() -> list[tuple[str, list[str]]]:
    """The folders that belong under share/fusion_ros, as setuptools' data_files."""
    entries: dict[str, list[str]] = {}
    for folder in ("config", "launch", "models", "msg"):
        for path in sorted((HERE / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                relative = path.relative_to(HERE)
                entries.setdefault(f"share/{NAME}/{relative.parent}", []).append(str(relative))
    return [(f"share/{NAME}", ["package.xml"]), *entries.items()]


setup(
    name=NAME,
    version="0.1.0",
    description="Fuses synchronized thermal and visible camera streams in ROS 2",
    license="Apache-2.0",
    python_requires=">=3.10",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={f"{NAME}.report": ["*.css", "*.jinja", "*.js"]},
    data_files=share_files(),
    install_requires=RUNTIME,
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["fusion_ros = fusion_ros.cli.main:main"]},
    zip_safe=False,
)
