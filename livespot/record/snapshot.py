"""A snapshot: the annotated page, the card of the differences and the data, side by side in one folder.

Names carry date and time, and a number when two fall into one second: nothing is ever overwritten.
"""

import json
import os
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import cv2

from livespot.annotate import boxes
from livespot.annotate.boxes import NOTHING_MARKED, Marking
from livespot.annotate.difference_card import card
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.record.naming import in_words
from livespot.spotting.results import FrameResult


@dataclass(frozen=True)
class Snapshot:
    """The files. card: None when there was no difference to put on one."""

    page: Path
    card: Path | None
    data: Path


def free_stem(folder: Path, kind: str, suffixes: tuple[str, ...], when: float | None = None) -> str:
    """A name with date and time that is free with all of these suffixes: "livespot-20261122-101500"."""
    base = time.strftime(f"{kind}-%Y%m%d-%H%M%S", time.localtime(when))
    stems = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(stem for stem in stems if not any(os.path.lexists(folder / (stem + suffix)) for suffix in suffixes))


def save(
    folder: Path,
    image: Image,
    spotting: FrameResult,
    *,
    marking: Marking = NOTHING_MARKED,
    source: str = "",
    when: float | None = None,
) -> Snapshot:
    """Write a snapshot of `image`, (H, W, 3) uint8 BGR, with its spotting. Raises LivespotError when it cannot.

    marking: ticks are shown, dismissed differences are left out (the data keep them, with what was said of them).
    when: seconds since the epoch; now when None.
    """
    page = boxes.draw(image.copy(), spotting, marking=marking)
    date = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))
    sheet = card(spotting, image, marking=marking, title=source, date=date)
    record = spotting.as_json() | {"date": date, "source": source}
    for difference in record["differences"]:
        difference["number"] = marking.numbers.get(difference["id"], difference["id"])
        difference["ticked"] = difference["id"] in marking.ticked
        difference["dismissed"] = difference["id"] in marking.dismissed
    try:
        folder.mkdir(parents=True, exist_ok=True)
        data = _png(page)
        while True:
            stem = free_stem(folder, "livespot", (".png", "-card.png", ".json"), when)
            try:
                _write(folder / f"{stem}.png", data)
            except FileExistsError:
                continue  # another snapshot of the same second took the name
            break
        paths = Snapshot(
            folder / f"{stem}.png", None if sheet is None else folder / f"{stem}-card.png", folder / f"{stem}.json"
        )
        if sheet is not None and paths.card is not None:
            _write(paths.card, _png(sheet))
        _write(paths.data, _json(record).encode())
    except OSError as error:
        raise LivespotError(f"the snapshot was not saved in {folder}: {in_words(error)}") from None
    return paths


def _json(record: dict[str, Any]) -> str:
    """One line for each entry and each difference: for people as well as programs."""
    lines = []
    for key, value in record.items():
        if key == "differences" and value:
            inner = ",\n".join(f"  {json.dumps(difference)}" for difference in value)
            lines.append(f' "differences": [\n{inner}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _png(image: Image) -> bytes:
    # A low compression level: three times as fast, a tenth larger.
    return bytes(cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 2])[1])


def _write(path: Path, data: bytes) -> None:
    """Write a new file; half a file is taken away again, once it is closed. Raises OSError."""
    file = path.open("xb")
    try:
        with file:
            file.write(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
