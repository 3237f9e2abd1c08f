"""Results as files that other programs read: json, jsonl, csv, coco and labelme."""

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.batch.run import Looked, sides
from livespot.spotting.results import Kind
from livespot.version import __version__

COLUMNS = [
    "file", "page", "puzzle", "file_b", "state", "reason", "complaint", "width", "height", "id", "kind", "confidence",
]  # fmt: skip
QUAD = [f"{panel}_{axis}{n}" for panel in "ab" for n in range(4) for axis in "xy"]
LABELME = "5.5.0"  # the version whose files these are


def as_json(results: Sequence[Looked]) -> str:
    """One object for one page, a list for several."""
    objects = [looked.as_json() for looked in results]
    return json.dumps(objects[0] if len(objects) == 1 else objects) + "\n"


def as_jsonl(results: Sequence[Looked]) -> str:
    """One object a line."""
    return "".join(json.dumps(looked.as_json()) + "\n" for looked in results)


def as_csv(results: Sequence[Looked]) -> str:
    """One line a difference; a puzzle or page without one has a line of its own."""
    out = io.StringIO()
    table = csv.DictWriter(out, [*COLUMNS, *QUAD], extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for looked in results:
        row = looked.as_json()
        for found in row["differences"] or [{}]:
            corners = [v for panel in "ab" for point in found.get(panel, []) for v in point]
            table.writerow(row | found | dict(zip(QUAD, corners, strict=False)))
    return out.getvalue()


def as_coco(results: Sequence[Looked]) -> str:
    """COCO object detection: an annotation for each difference on each panel, its kind the category."""
    kinds = {str(kind): n for n, kind in enumerate(Kind, start=1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for looked in results:
        for path, (width, height), marks in sides(looked):
            image = {"id": len(images) + 1, "file_name": str(path), "width": width, "height": height}
            images.append(image | {"page": looked.page.page + 1})
            for found, panel, quad in marks:
                low, high = quad.min(axis=0), quad.max(axis=0)
                annotations.append(
                    {
                        "id": len(annotations) + 1, "image_id": len(images), "category_id": kinds[str(found.kind)],
                        "bbox": [*_flat(low), *_flat(high - low)], "segmentation": [_flat(quad)], "iscrowd": 0,
                        "area": round(float(cv2.contourArea(quad.astype(np.float32))), 2),
                        "score": round(found.confidence, 3), "panel": panel, "difference": found.id,
                    }
                )  # fmt: skip
    info = {"description": f"livespot {__version__}"}
    categories = [{"id": n, "name": kind} for kind, n in kinds.items()]
    return json.dumps({"info": info, "images": images, "annotations": annotations, "categories": categories}) + "\n"


def labelme_files(results: Sequence[Looked], folder: Path) -> dict[str, str]:
    """A labelme file for each picture, by name: polygons labelled by kind, group_id the difference's number."""
    files: dict[str, str] = {}
    for looked in results:
        for path, (width, height), marks in sides(looked):
            page = f"-{looked.page.page + 1}" if looked.page.page else ""
            name = next(n for i in range(len(files) + 1) if (n := f"{path.stem}{page}{i or ''}.json") not in files)
            shapes = [
                {
                    "label": str(found.kind), "points": [_flat(quad)[i : i + 2] for i in range(0, 8, 2)],
                    "group_id": found.id, "description": f"panel {panel}", "shape_type": "polygon", "flags": {},
                }
                for found, panel, quad in marks
            ]  # fmt: skip
            where = os.path.relpath(path, folder)
            picture = {"imagePath": where, "imageData": None, "imageHeight": height, "imageWidth": width}
            files[name] = json.dumps({"version": LABELME, "flags": {}, "shapes": shapes} | picture) + "\n"
    return files


FORMATS: dict[str, Callable[[Sequence[Looked]], str]] = {
    "json": as_json,
    "jsonl": as_jsonl,
    "csv": as_csv,
    "coco": as_coco,
}


def _flat(points: NDArray[np.float64]) -> list[float]:
    return [round(float(v), 2) for v in points.ravel()]
