"""The panel map: a small learned network that sees whether two panels are of one picture, and how far that reaches.

In: both panels with all that lies around them, on one grid. Out: for every place how surely it is of that picture, and
how surely two prints of one picture are seen there. The network and how it was made stand in `panel_map.onnx` and
`panel_map.json` beside this file, or the user's own; `livespot calibrate panels` makes them again.
"""

import threading
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import fitted_files
from livespot.frame import Image

WEIGHTS = Path(__file__).with_name("panel_map.onnx")
SIDE = 192  # px, both sides of what the network sees: the grid in its upper left corner
PLANES = 7  # BGR of A and of B, -1 to 1, and 1 where both pictures hold something

_NETS = threading.local()  # one for each thread, read once


class PanelMap(NamedTuple):
    """(h, w) float32, 0 to 1 each.

    belongs: how surely a place is of the picture that both panels show, if they show one. puzzle: how surely it is of
    two prints of one picture, and not of words, patterns or things that stand twice.
    """

    belongs: NDArray[np.float32]
    puzzle: NDArray[np.float32]


def panel_map(a: Image, b: Image, seen: NDArray[np.bool_]) -> PanelMap:
    """The map of two panels. a, b: (h, w, 3) uint8 BGR, B laid onto A. seen: (h, w) bool, what both pictures hold.

    Exchanging A and B changes nothing.
    """
    height, width = seen.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    planes = network_input(*(_resized(picture, size) for picture in (a, b, seen.view(np.uint8))))
    both = [_forward(planes[order][None]) for order in (np.arange(PLANES), np.array([3, 4, 5, 0, 1, 2, 6]))]
    maps = []
    for one, other in zip(*both, strict=True):
        whole = cv2.resize(0.5 * (one + other), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        laid = cv2.resize(whole[: size[1], : size[0]], (width, height), interpolation=cv2.INTER_LINEAR)
        maps.append(np.asarray(laid * seen, np.float32))
    return PanelMap(*maps)


def network_input(a: Image, b: Image, seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(PLANES, SIDE, SIDE) float32, what the network sees of two pictures (h, w, 3), SIDE px at most; seen: (h, w)."""
    height, width = seen.shape
    planes = np.zeros((PLANES, SIDE, SIDE), np.float32)
    planes[:6] = -1.0
    on = np.dstack([a, b]) * (seen > 0)[..., None]
    planes[:6, :height, :width] = on.transpose(2, 0, 1) / np.float32(127.5) - 1.0
    planes[6, :height, :width] = seen > 0
    return planes


def _resized(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    how = cv2.INTER_AREA if size[0] <= picture.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _forward(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2, SIDE / 2, SIDE / 2), 0 to 1."""
    if not hasattr(_NETS, "net"):
        _NETS.net = cv2.dnn.readNetFromONNX(np.fromfile(fitted_files.in_use(WEIGHTS), np.uint8))
    _NETS.net.setInput(planes)
    return np.asarray(1.0 / (1.0 + np.exp(-_NETS.net.forward()[0])), np.float32)
