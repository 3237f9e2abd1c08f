"""The answer key of a printed reference page: where everything is on the paper, in mm, and how the page looks.

In: a key to keep, or a mark's number. Out: the AnswerKey. One JSON file a page, in the user's configuration folder
under its mark's number, and beside the printed page, so that it can be taken to another machine.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livespot import startup
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.geometry import Quad

PX_PER_MM = 4.0  # of the picture in the key: what a 720p camera sees of an A4 page
MARKS = 250  # of the dictionary; number 0 is left out, the commonest false one
DICTIONARY = cv2.aruco.DICT_6X6_250


@dataclass(frozen=True, eq=False)
class KeyDifference:
    """kind: of the change from A to B. what: in words. area: share of the panel. a, b: quads on the paper, mm."""

    kind: str
    what: str
    area: float
    a: Quad
    b: Quad


@dataclass(frozen=True, eq=False)
class AnswerKey:
    """mark: number of the ArUco mark. size: of the paper, mm. mark_quad, a, b: quads of mark and panels, mm.

    picture: (h, w) uint8 grey, the page at PX_PER_MM.
    """

    mark: int
    name: str
    size: tuple[float, float]
    mark_quad: Quad
    a: Quad
    b: Quad
    differences: tuple[KeyDifference, ...]
    picture: Image


def folder() -> Path:
    """Where the keys of this user's pages are kept (not made here)."""
    return startup.config_dir() / "pages"


def as_json(key: AnswerKey) -> str:
    """The file's text."""
    _, data = cv2.imencode(".png", key.picture)
    return json.dumps(
        {
            "livespot reference page": 1,
            "mark": key.mark,
            "name": key.name,
            "size_mm": [round(v, 3) for v in key.size],
            "mark_mm": _listed(key.mark_quad),
            "a_mm": _listed(key.a),
            "b_mm": _listed(key.b),
            "differences": [
                {"kind": d.kind, "what": d.what, "area": round(d.area, 6), "a_mm": _listed(d.a), "b_mm": _listed(d.b)}
                for d in key.differences
            ],
            "picture_png": base64.b64encode(data.tobytes()).decode("ascii"),
        }
    )


def read(path: Path) -> AnswerKey:
    """The key in a file. Raises LivespotError when it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _from_json(data)
    except OSError as error:
        raise LivespotError(f"cannot read the answer key {path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LivespotError(f"{path} is not an answer key: `livespot puzzle` writes one beside each page") from None


def known() -> dict[int, Path]:
    """The keys kept here, by their mark's number."""
    try:
        return {int(p.stem): p for p in folder().glob("*.json") if p.stem.isdecimal()}
    except OSError:
        return {}


def free_mark(wanted: int, content: str) -> int:
    """A mark's number for a page: the wanted one, unless another page has it. The oldest page gives way when all are
    taken. `content`: what makes the page this one, in its name."""
    there = known()
    for step in range(MARKS - 1):
        number = 1 + (wanted + step) % (MARKS - 1)
        if number not in there:
            return number
        try:
            if read(there[number]).name == content:
                return number
        except LivespotError:
            return number
    return min(there, key=lambda n: there[n].stat().st_mtime)


def _from_json(data: Any) -> AnswerKey:
    packed = np.frombuffer(base64.b64decode(data["picture_png"]), np.uint8)
    picture = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise ValueError("no picture")
    width, height = data["size_mm"]
    return AnswerKey(
        int(data["mark"]),
        str(data["name"]),
        (float(width), float(height)),
        _quad(data["mark_mm"]),
        _quad(data["a_mm"]),
        _quad(data["b_mm"]),
        tuple(
            KeyDifference(str(d["kind"]), str(d["what"]), float(d["area"]), _quad(d["a_mm"]), _quad(d["b_mm"]))
            for d in data["differences"]
        ),
        np.asarray(picture, np.uint8),
    )


def _listed(quad: Quad) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in quad]


def _quad(points: Any) -> Quad:
    quad = np.array(points, np.float64)
    if quad.shape != (4, 2) or not np.isfinite(quad).all():
        raise ValueError("a quad of another shape")
    return quad
