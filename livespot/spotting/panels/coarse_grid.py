"""B laid onto A on a coarse grid that reaches well beyond their matches: there the extent is sought.

In: two pictures, or one page twice, and the pairing of their panels. Out: the grid's map to A's picture, both pictures
on the grid with their surroundings, and where both have something to show.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points
from livespot.spotting.registration.features import grey_of
from livespot.spotting.registration.homography import Pairing
from livespot.spotting.registration.residual_warp import align, node_points, nodes
from livespot.spotting.registration.warping import in_bounds, remap_maps

COARSE = 480  # px, long side of the grid on which the extent is sought
GROW = 0.8  # of the matches' box: how far beyond them a panel may reach
BESIDE = 1.1  # of the way from A to B: A and what is around it end there
STRAY = 3.0  # percent of the matches on either side that may be stray

UPRIGHT_B: Homography = np.eye(3)  # of a page that is one picture as it is


def on_grid(
    image_a: Image,
    image_b: Image,
    pairing: Pairing,
    page: Homography | None,
    view: Homography | None,
    turn: tuple[float, float],
) -> tuple[Homography, tuple[Image, Image, NDArray[np.bool_]]]:
    """The coarse grid, its px -> px of A's picture, and what lies on it (see laid_together); as of coarse_grid."""
    to_a, size = coarse_grid(pairing, image_a.shape, turn, page, view)
    a, b, seen = laid_together(image_a, image_b, pairing, to_a, size)
    if page is not None and page is not UPRIGHT_B:
        seen &= _before(to_a, page @ pairing.homography, size, pairing.matches.a)
    return to_a, (a, b, seen)


def coarse_grid(
    pairing: Pairing,
    shape: tuple[int, ...],
    turn: tuple[float, float] = (0.0, 0.0),
    page: Homography | None = UPRIGHT_B,
    view: Homography | None = None,
) -> tuple[Homography, tuple[int, int]]:
    """Grid px -> picture px over the matches' box, grown; and the grid's (width, height). turn: its rows' and
    columns', degrees.

    page: B lies in the same picture, there by this map of its px, and A ends before it; None: in another one.
    view: px of the page without perspective -> picture px; None: the same.
    """
    (rows, columns) = np.radians(turn)
    turned = np.array([[np.cos(rows), -np.sin(columns), 0], [np.sin(rows), np.cos(columns), 0], [0, 0, 1]], np.float64)
    upright = turned if view is None else view @ turned  # turned px -> picture px
    back = np.linalg.inv(upright)
    frame = geometry.apply(back, geometry.rectangle(shape[1] - 1, shape[0] - 1))
    low, high = np.percentile(geometry.apply(back, pairing.matches.a), (STRAY, 100.0 - STRAY), axis=0)
    grow = GROW * float(np.max(high - low)) + 4.0 + STRAY / 75.0 * (high - low)
    most = np.full(2, np.inf)
    if page is not None:
        there = geometry.apply(back @ page, pairing.matches.b)
        way = np.abs(np.median(there - geometry.apply(back, pairing.matches.a), axis=0))
        most[way > high - low] = BESIDE * way[way > high - low]
    low, high = np.maximum(low - grow, high - most), np.minimum(high + grow, low + most)
    low, high = np.maximum(low, frame.min(axis=0)), np.minimum(high, frame.max(axis=0))
    span = high - low
    scale = min(1.0, COARSE / float(span.max()))
    size = (max(32, int(span[0] * scale)), max(32, int(span[1] * scale)))
    to_a = np.array([[span[0] / size[0], 0, low[0]], [0, span[1] / size[1], low[1]], [0, 0, 1]], np.float64)
    return upright @ to_a, size


def start_warp(pairing: Pairing, to_a: Homography, to_b: Homography, size: tuple[int, int]) -> NDArray[np.float32]:
    """The pairing's polynomial as a residual warp on the nodes of a grid."""
    at = node_points(size)
    target = pairing.apply(geometry.apply(to_a, at))
    warp = geometry.apply(np.linalg.inv(to_b), target) - at
    rows, columns = nodes(size)
    return warp.reshape(rows, columns, 2).astype(np.float32)


def laid_together(
    image_a: Image, image_b: Image, pairing: Pairing, to_a: Homography, size: tuple[int, int]
) -> tuple[Image, Image, NDArray[np.bool_]]:
    """A and B on the grid, (h, w, 3) uint8, B aligned onto A; and (h, w) what both pictures hold."""
    to_b = pairing.homography @ to_a
    a, b = _reduced(image_a, to_a, size), _reduced(image_b, to_b, size)
    warp = start_warp(pairing, to_a, to_b, size)
    x, y = remap_maps(to_b, warp, size)
    seen = in_bounds(x, y, image_b.shape[1], image_b.shape[0])
    seen &= in_bounds(*remap_maps(to_a, None, size), image_a.shape[1], image_a.shape[0])
    warp, _ = align(grey_of(a), grey_of(b), warp, seen, windows=(0.08, 0.05), rounds=2)
    x, y = remap_maps(np.eye(3), warp, size)
    seen &= in_bounds(x, y, *size)
    moved = cv2.remap(b, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return a, np.asarray(moved, np.uint8), seen


def _before(to_a: Homography, onto_b: Homography, size: tuple[int, int], on_a: Points) -> NDArray[np.bool_]:
    """(h, w): the side of the grid on which A lies, where B is its mirror image or turned: they meet in the middle."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    at = geometry.apply(to_a, np.column_stack([x.ravel(), y.ravel()]))
    way = geometry.apply(onto_b, at) - at
    axis = int(np.argmax(np.median(np.abs(geometry.apply(onto_b, on_a) - on_a), axis=0)))
    return np.asarray(way[:, axis].reshape(size[::-1]) > 0)


def _reduced(image: Image, homography: Homography, size: tuple[int, int]) -> Image:
    """`image` on the grid, (h, w, 3), smoothed first by as much as it is reduced."""
    scale = float(np.sqrt(abs(np.linalg.det(homography[:2, :2]))))
    if scale > 1.3:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.45 * scale), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(image, homography, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid if laid.ndim == 3 else cv2.cvtColor(laid, cv2.COLOR_GRAY2BGR), np.uint8)
