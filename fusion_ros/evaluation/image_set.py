# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The images of a set: pairs, and what others made of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion_ros.core.image_folders import match_by_stem
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """The files of one scene.

    Attributes:
        stem: Their name without suffix.
        visible: Visible image.
        thermal: Thermal image of 8 bit.
        fused: Label to fused image.
    """

    stem: str
    visible: Path
    thermal: Path
    fused: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class SetFolders:
    """Where a set is.

    Attributes:
        name: What tables call it.
        visible: Folder of visible images.
        thermal: Folder of thermal images.
        fused: Label to folder of fused images.
    """

    name: str
    visible: Path
    thermal: Path
    fused: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class ImageSet:
    """What is scored of a set.

    Attributes:
        folders: Where it is.
        images: In the order of names.
        pairs: How many pairs of sources the folders hold.
        steps: How many pairs of the folders it is from each image to the next: 1 where none was
            left out between them.
    """

    folders: SetFolders
    images: tuple[ImageFiles, ...]
    pairs: int
    steps: tuple[int, ...]


def find_images(folders: SetFolders, every: int, common: bool) -> ImageSet:
    """Match the files of a set by name.

    Args:
        folders: Where to look.
        every: Take only every n-th image in the order of names.
        common: Take only the images that every folder of fused images has, too; without it, one
            that is missing is an error.

    Raises:
        ConfigError: A folder is missing or empty, an image has no partner, or nothing is common.
    """
    sources = {
        stem: (visible, thermal)
        for stem, (visible, thermal) in match_by_stem([folders.visible, folders.thermal]).items()
    }
    fused = {
        label: {stem: path for stem, (path,) in match_by_stem([folder]).items()}
        for label, folder in folders.fused.items()
    }
    stems = list(sources)
    if common:
        stems = [stem for stem in stems if all(stem in images for images in fused.values())]
        if not stems:
            raise ConfigError(
                f"set '{folders.name}': no image name is common to {folders.visible} and the "
                f"folders of fused images; files belong together by name without suffix"
            )
    else:
        _require_all_fused(folders, every)
    images = tuple(
        ImageFiles(stem, visible, thermal, {label: paths[stem] for label, paths in fused.items()})
        for stem in stems[::every]
        for visible, thermal in (sources[stem],)
    )
    place = {stem: number for number, stem in enumerate(sources)}
    steps = tuple(place[after.stem] - place[before.stem] for before, after in pairwise(images))
    return ImageSet(folders, images, len(sources), steps)


def _require_all_fused(folders: SetFolders, every: int) -> None:
    try:
        match_by_stem([folders.visible, folders.thermal, *folders.fused.values()], every)
    except ConfigError as err:
        raise ConfigError(f"{err}; --common scores only those that are there") from err
