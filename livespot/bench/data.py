"""Labelled pictures from a folder: `manifest.json` and the pictures it names.

The form (one list; coordinates in px of the upright picture):
    id, style, part ("tune": free to use, "check": only to confirm), notes
    kind        "pair": files [a, b]; "page": files [page], both panels on it; "photo": a photograph of a printed page
    panel_a, panel_b   pages and photographs: corner quads TL, TR, BR, BL in page px
    size_panel_a       [width, height] of panel A rectified, in which its boxes are given (else its mean sides)
    boxes, ignore_boxes  [x, y, w, h] in panel A's px; boxes_page: the same differences as quads in page px
Out: pictures and labels, in the same px as spotting reports: panel A's own for a pair, the page's otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livespot import geometry
from livespot.errors import LivespotError, UsageError
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.reference.scoring import Labels

KINDS = ("pair", "page", "photo")
MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class Puzzle:
    """One labelled puzzle; pictures are read when asked for.

    panels: the true quads of A and B in page px; for a pair None (each picture is its own panel).
    """

    id: str
    kind: str
    part: str
    files: tuple[Path, ...]
    panels: tuple[Quad, Quad] | None
    labels: Labels

    def pictures(self) -> tuple[Image, ...]:
        """(a, b) of a pair, (page,) otherwise; BGR uint8, upright. Raises LivespotError."""
        return tuple(_read(path) for path in self.files)

    def true_panels(self) -> tuple[Image, Image]:
        """Panel A and panel B cut out at their true corners and brought to A's size, as a perfect split would give."""
        pictures = self.pictures()
        if self.panels is None:
            a, b = pictures
            if b.shape != a.shape:
                b = np.asarray(cv2.resize(b, a.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
            return a, b
        width, height = (max(8, round(side)) for side in geometry.side_lengths(self.panels[0]))
        cut = [
            cv2.warpPerspective(
                pictures[0], geometry.between(quad, geometry.rectangle(width, height)), (width, height),
                flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
            )
            for quad in self.panels
        ]  # fmt: skip
        return np.asarray(cut[0], np.uint8), np.asarray(cut[1], np.uint8)


def load(folder: Path, part: str = "") -> list[Puzzle]:
    """The puzzles of `folder` in the manifest's order, only those of `part` when it is given.

    Raises UsageError when the folder is not in the form above.
    """
    manifest = folder / MANIFEST
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"no labelled pictures in {folder}: {MANIFEST} cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{manifest} is not JSON: {error}") from None
    if not isinstance(entries, list):
        raise UsageError(f"{manifest} must be a list of puzzles")
    puzzles = []
    for number, entry in enumerate(entries):
        try:
            puzzles.append(_puzzle(folder, entry))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise UsageError(f"{manifest}: entry {number} does not fit the form: {error!r}") from None
    return [puzzle for puzzle in puzzles if not part or puzzle.part == part]


def _puzzle(folder: Path, entry: Mapping[str, Any]) -> Puzzle:
    kind = str(entry["kind"])
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    files = tuple(folder / name for name in entry["files"])
    if len(files) != (2 if kind == "pair" else 1):
        raise ValueError(f"a {kind} does not have {len(files)} files")
    boxes = [geometry.box_quad(tuple(box)) for box in entry["boxes"]]
    ignored = [geometry.box_quad(tuple(box)) for box in entry.get("ignore_boxes", ())]
    panels: tuple[Quad, Quad] | None = None
    if kind == "pair":
        picture = _read(files[0])
        panel = geometry.rectangle(picture.shape[1], picture.shape[0])
    else:
        panels = (_quad(entry["panel_a"]), _quad(entry["panel_b"]))
        panel = panels[0]
        width, height = entry.get("size_panel_a") or geometry.side_lengths(panel)
        to_page = geometry.between(geometry.rectangle(width, height), panel)
        on_page = entry.get("boxes_page")
        boxes = [_quad(quad) for quad in on_page] if on_page else [geometry.apply(to_page, box) for box in boxes]
        ignored = [geometry.apply(to_page, box) for box in ignored]
    return Puzzle(
        str(entry["id"]), kind, str(entry.get("part", "")), files, panels,
        Labels(tuple(boxes), tuple(ignored), panel),
    )  # fmt: skip


def _quad(points: Sequence[Sequence[float]]) -> Quad:
    quad = np.asarray(points, np.float64)
    if quad.shape != (4, 2):
        raise ValueError(f"a quad has 4 corners of 2 numbers, not shape {quad.shape}")
    return quad


def _read(path: Path) -> Image:
    data = np.fromfile(path, np.uint8) if path.is_file() else np.empty(0, np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise LivespotError(f"cannot read the picture {path}")
    return np.asarray(picture, np.uint8)
