# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which image files belong together, and where their results go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.core.image_folders import IMAGE_SUFFIXES, match_by_stem
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FilePair:
    """Two image files and the places of what is made of them.

    Attributes:
        visible: The visible image.
        thermal: The thermal image.
        fused: Where the fused image goes.
        guidance: Where the guidance goes; None where it is not wanted.
    """

    visible: Path
    thermal: Path
    fused: Path
    guidance: Path | None


def pair_files(visible: Path, thermal: Path, output: Path, guidance: Path | None) -> list[FilePair]:
    """Pair two files, or the files of two folders by name.

    Args:
        visible: A file or a folder.
        thermal: The same kind.
        output: A file for two files, a folder for folders.
        guidance: Folder for the guidance images; None if they are not wanted.

    Raises:
        ConfigError: A path is missing, one is a file and the other a folder, or an image has no
            partner, or the results of folders shall go to what is named like an image.
    """
    for path in (visible, thermal):
        if not path.exists():
            raise ConfigError(f"{path}: expected an image or a folder of images, found nothing")
    if visible.is_dir() != thermal.is_dir():
        folder, file = (visible, thermal) if visible.is_dir() else (thermal, visible)
        raise ConfigError(f"expected two files or two folders, got folder {folder}, file {file}")
    if visible.is_dir():
        if output.exists() and not output.is_dir():
            raise ConfigError(f"{output}: expected a folder for the results, found a file")
        if output.suffix.lower() in IMAGE_SUFFIXES and not output.is_dir():
            raise ConfigError(
                f"{output}: expected a folder for the results of folders, got the name of an "
                f"image; give a folder, or two image files to fuse"
            )
        named = match_by_stem([visible, thermal])
        return [
            FilePair(v, t, output / f"{stem}.png", guidance / f"{stem}.png" if guidance else None)
            for stem, (v, t) in named.items()
        ]
    # For two files, a folder will do as well as the name of the result.
    fused = output if output.suffix and not output.is_dir() else output / f"{visible.stem}.png"
    weight = guidance / f"{visible.stem}.png" if guidance else None
    return [FilePair(visible, thermal, fused, weight)]
