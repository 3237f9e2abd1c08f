"""Pictures of one's own with labels, brought into the form that measuring and fitting take.

`python own_data.py FOLDER` reads FOLDER/pairs.csv (a, b, x, y, width, height: a line for each difference, in px of a)
and writes FOLDER/manifest.json. Then, say, `livespot bench accuracy --data FOLDER --parts stills` tells how well
livespot does on them, and `livespot calibrate thresholds --data FOLDER --write` fits the rule that tells a difference
from an artefact to them, kept for this user alone.
"""

import csv
import json
import sys
from pathlib import Path

import livespot
from livespot.bench.data import load

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    pairs: dict[tuple[str, str], list[list[int]]] = {}
    for row in csv.DictReader((folder / "pairs.csv").read_text(encoding="utf-8").splitlines()):
        boxes = pairs.setdefault((row["a"], row["b"]), [])
        if row["width"]:  # a pair without a difference has a line with its names alone
            boxes.append([int(row[key]) for key in ("x", "y", "width", "height")])
    entries = [
        {"id": Path(a).stem, "style": "own", "part": "tune", "kind": "pair", "files": [a, b], "boxes": boxes}
        for (a, b), boxes in pairs.items()
    ]
    (folder / "manifest.json").write_text(json.dumps(entries, indent=1), encoding="utf-8")
    for puzzle in load(folder):
        found = livespot.find_differences(*puzzle.pictures())
        print(f"{puzzle.id}: {len(puzzle.labels.differences)} labelled, {len(found.differences)} found")
