# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where public data sets keep their visible and thermal images.

Every layout turns the folder that a user names into the files of its pairs. ``SPLIT`` is the
last part of that folder, e.g. ``train``; it need not exist where a data set has its splits
further down.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_ros.core.image_folders import match_by_stem
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class PairFiles:
    """Files of one pair.

    Attributes:
        stem: Name of both files without suffix.
        visible: The visible image, or an image of four channels that holds both.
        thermal: The thermal image; None where it is the visible file's fourth channel.
    """

    stem: str
    visible: Path
    thermal: Path | None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a data set is stored.

    Attributes:
        shape: What is expected, for messages and documents.
        applies: Whether a folder looks like it.
        files: Files of every n-th pair of a folder.
    """

    shape: str
    applies: Callable[[Path], bool]
    files: Callable[[Path, int], list[PairFiles]]


def find_pairs(source: str, every: int = 1) -> list[PairFiles]:
    """Find the pairs of a folder.

    Args:
        source: ``FOLDER`` or ``LAYOUT:FOLDER``; without a layout the folder must look like
            one of them.
        every: Take only every n-th pair.

    Raises:
        ConfigError: The layout is unknown, or the folder does not hold what it should.
    """
    name, folder = split_source(source)
    if name is not None:
        return LAYOUTS[name].files(folder, every)
    for layout in LAYOUTS.values():
        if layout.applies(folder):
            return layout.files(folder, every)
    known = "; ".join(f"{name}: {layout.shape}" for name, layout in LAYOUTS.items())
    raise ConfigError(
        f"{folder}: expected a folder of images in one of these layouts, but it has none of "
        f"their folders: {known}"
    )


def split_source(source: str) -> tuple[str | None, Path]:
    """Layout and folder of ``LAYOUT:FOLDER``; raises `ConfigError` for an unknown layout."""
    name, colon, folder = source.partition(":")
    if not colon or "/" in name:
        return None, Path(source)
    if name not in LAYOUTS:
        raise ConfigError(f"{source}: unknown layout '{name}'; known are {', '.join(LAYOUTS)}")
    return name, Path(folder)


def _two_folders(shape: str, locate: Callable[[Path], tuple[Path, Path]]) -> Layout:
    def applies(folder: Path) -> bool:
        return all(part.is_dir() for part in locate(folder))

    def files(folder: Path, every: int) -> list[PairFiles]:
        try:
            matched = match_by_stem(locate(folder), every)
        except ConfigError as err:
            raise ConfigError(f"{err} (layout {shape})") from err
        return [PairFiles(stem, *paths) for stem, paths in matched.items()]

    return Layout(shape, applies, files)


def _beside(visible: str, thermal: str) -> Layout:
    return _two_folders(
        f"FOLDER/{visible}, FOLDER/{thermal}",
        lambda folder: (folder / visible, folder / thermal),
    )


def _split_below(visible: str, thermal: str) -> Layout:
    return _two_folders(
        f"ROOT/{visible}/SPLIT, ROOT/{thermal}/SPLIT for ROOT/SPLIT",
        lambda folder: (
            folder.parent / visible / folder.name,
            folder.parent / thermal / folder.name,
        ),
    )


def _listed_four_channels() -> Layout:
    def list_of(folder: Path) -> Path:
        return folder.parent / f"{folder.name}.txt"

    def applies(folder: Path) -> bool:
        return list_of(folder).is_file() and (folder.parent / "images").is_dir()

    def files(folder: Path, every: int) -> list[PairFiles]:
        if not list_of(folder).is_file():
            raise ConfigError(f"{list_of(folder)}: expected a list of images, but there is none")
        names = list_of(folder).read_text(encoding="utf-8").split()[::every]
        found = [PairFiles(name, folder.parent / "images" / f"{name}.png", None) for name in names]
        missing = [pair.stem for pair in found if not pair.visible.is_file()]
        if missing or not found:
            raise ConfigError(
                f"{list_of(folder)}: {len(found)} images named, of which {len(missing)} are not "
                f"in {folder.parent / 'images'}: {', '.join(missing[:3])}"
            )
        return found

    return Layout(
        "ROOT/images/NAME.png of four channels, names in ROOT/SPLIT.txt for ROOT/SPLIT",
        applies,
        files,
    )


LAYOUTS: Mapping[str, Layout] = {
    "plain": _beside("vi", "ir"),
    "msrs": _beside("vi", "ir"),
    "m3fd": _beside("Vis", "Ir"),
    "roadscene": _beside("crop_LR_visible", "cropinfrared"),
    "fmb": _beside("Visible", "Infrared"),
    "llvip": _split_below("visible", "infrared"),
    "mfnet": _listed_four_channels(),
}
