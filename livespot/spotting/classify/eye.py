"""The learned eye: a small network that looks at both aligned panels and says, pixel by pixel, what differs.

In: two panels in one grid. Out: a Seen, maps at half the size of the shrunken panel. The network and how it was made
stand in `eye.onnx` and `eye.json` beside this file, or the user's own; `livespot calibrate eye` makes them again.
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import fitted_files
from livespot.frame import Image
from livespot.spotting.classify.eye_input import MULTIPLE, eye_input
from livespot.spotting.difference.seen import Seen

WEIGHTS = Path(__file__).with_name("eye.onnx")
ROOT = 400.0  # px, root of the area that panels are shrunk to; more sees no more, less loses marks
_OUTPUTS = ("fine", "coarse")


class Eye:
    """The network, read once (some ms). `look` is not for two threads at a time. weights: None for those in use.

    Exchanging the panels gives the same difference and core, belongs_a and belongs_b exchanged, added and removed too.
    """

    def __init__(self, weights: Path | None = None) -> None:
        self._weights = weights or fitted_files.in_use(WEIGHTS)

    @cached_property
    def _net(self) -> cv2.dnn.Net:
        return cv2.dnn.readNetFromONNX(np.fromfile(self._weights, np.uint8))

    def look(
        self, a: Image, b: Image, seen: NDArray[np.bool_] | None = None, *, root: float = ROOT, threads: int = 1
    ) -> Seen:
        """Look at two aligned panels.

        a, b: (h, w, 3) uint8 BGR, any size and light; the eye evens the light itself. seen: (h, w) bool, false outside
        a photograph, default everywhere; what hands or glare hide need not be left out. root: panels of a larger root
        of the area are shrunk to it; smaller ones are not enlarged.
        """
        h, w = a.shape[:2]
        shrink = min(1.0, root / math.sqrt(h * w))
        size = max(MULTIPLE, round(w * shrink)), max(MULTIPLE, round(h * shrink))
        if size != (w, h):
            a, b = (np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.uint8) for p in (a, b))
        if seen is None:
            seen = np.ones(size[::-1], np.bool_)
        elif size != (w, h):
            seen = cv2.resize(seen.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        for name, value in zip(("a", "b", "maps"), eye_input(a, b, seen, threads), strict=True):
            self._net.setInput(value[None], name)
        fine, coarse = (np.asarray(out[0], np.float32) for out in self._net.forward(_OUTPUTS))
        half = (size[0] + 1) // 2, (size[1] + 1) // 2
        fine[:, : half[1], : half[0]] *= seen[::2, ::2]
        full = fine.shape[2], fine.shape[1]
        maps = [cv2.resize(m, full, interpolation=cv2.INTER_LINEAR)[: half[1], : half[0]] for m in coarse]
        return Seen(
            fine[0, : half[1], : half[0]],
            fine[1, : half[1], : half[0]],
            maps[0],
            maps[1],
            np.stack(maps[2:]),
            (2 * w / size[0], 2 * h / size[1]),
        )
