"""The map from the canonical panel onto panel A and onto panel B: two homographies and a stiff residual warp.

In: a picture (or two) and the homographies. Out: a Registration, which samples each panel once onto the canonical grid.
The residual warp is Lucas-Kanade (1981) solved on a coarse grid with large Gaussian windows, coarse to fine, each pixel
weighted by how well the gradients of both panels agree there: sub-pixel, and too stiff to explain a difference away.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Box, Homography, Points, Quad
from livespot.spotting.registration._normal_equations import normal_equations
from livespot.spotting.registration.flatten import flattened
from livespot.spotting.registration.warping import STEP, in_bounds, remap_maps, sampled, warped

WINDOWS = (0.08, 0.04, 0.02)  # sigma of the Lucas-Kanade window, of the panel's size L
ROUNDS = 3  # of each window
LIGHT = 0.03  # of the panel's size L: sigma of the window in which light and contrast are made even
STRAIN = 0.06  # px a px, by which the warp may stretch: paper that curls stretches a view by less
RELAXED = 4.0  # nodes, sigma: around what stretches more
NOISE = 4.0  # grey levels of deviation that are there in any case


@dataclass(frozen=True, eq=False)
class Registration:
    """size: canonical (width, height) px. to_a, to_b: canonical px -> picture px. warp: (gh, gw, 2) float32, px.

    A point x of the canonical panel lies at to_a(x) on panel A and at to_b(x + warp(x)) on panel B. error: (gh, gw)
    float32, the estimated remaining misregistration at the nodes, canonical px. picture: (h, w) bool, what of the panel
    belongs to the picture, whatever its shape; None: all of it. covered: what of it something printed over its rim
    covers in either panel; None: nothing.
    """

    size: tuple[int, int]
    to_a: Homography
    to_b: Homography
    warp: NDArray[np.float32]
    error: NDArray[np.float32]
    picture: NDArray[np.bool_] | None = None
    covered: NDArray[np.bool_] | None = None

    def of_picture(self, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(h, w) bool: what of `seen` can be compared: it belongs to the picture, and nothing is printed over it."""
        seen = seen if self.picture is None else seen & self.picture
        return seen if self.covered is None else seen & ~self.covered

    @functools.cached_property
    def mirrored(self) -> bool:
        """Whether B is a mirror image of A."""
        return self._against[0]

    @functools.cached_property
    def b_is(self) -> str:
        """What B is against A, in words: "mirrored", "turned to the right", ...; "" for upright, as it should be."""
        mirrored, quarters = self._against
        turned = ("", "turned to the right", "turned by 180 degrees", "turned to the left")[quarters]
        return " and ".join(word for word in ("mirrored" if mirrored else "", turned) if word)

    @functools.cached_property
    def _against(self) -> tuple[bool, int]:
        """Whether B is mirrored, and by how many quarters it is turned to the right, after that."""
        corners = geometry.rectangle(*self.size)
        a, b = self.on_a(corners), geometry.apply(self.to_b, corners)
        mirrored = geometry.area(a) * geometry.area(b) < 0
        if mirrored:
            b = b * (-1.0, 1.0)
        turn = np.degrees(np.angle(np.dot(b[1] - b[0], [1, 1j]) / np.dot(a[1] - a[0], [1, 1j])))
        return mirrored, round(float(-turn if mirrored else turn) / 90.0) % 4

    @property
    def residual_px(self) -> float:
        """Median remaining misregistration over the panel, canonical px."""
        return float(np.median(self.error))

    def on_a(self, points: Points) -> Points:
        """Canonical points (N, 2) in px of panel A's picture."""
        return geometry.apply(self.to_a, points)

    def on_b(self, points: Points) -> Points:
        """Canonical points (N, 2) in px of panel B's picture."""
        p = np.asarray(points, np.float64)
        return geometry.apply(self.to_b, p + at_points(self.warp, p))

    def panels(self) -> tuple[Quad, Quad]:
        """Both panels' quads, px of their pictures."""
        whole = (0, 0, *self.size)
        return self.box_on_a(whole), self.box_on_b(whole)

    def box_on_a(self, box: Box) -> Quad:
        """A canonical box (x, y, width, height), which spans its pixels' edges, in px of panel A's picture."""
        return self.corners_on_a([box])

    def box_on_b(self, box: Box) -> Quad:
        """The same on panel B's picture."""
        return self.corners_on_b([box])

    def corners_on_a(self, boxes: Iterable[Box]) -> Points:
        """The corners of canonical boxes, four of each, (N, 2) px of panel A's picture."""
        return self.on_a(_corners(boxes) - 0.5) + 0.5

    def corners_on_b(self, boxes: Iterable[Box]) -> Points:
        """The same on panel B's picture."""
        corners = _corners(boxes)
        if self.mirrored:  # corners run clockwise, also there
            corners = corners.reshape(-1, 4, 2)[:, [1, 0, 3, 2]].reshape(-1, 2)
        return self.on_b(corners - 0.5) + 0.5

    def sample_a(self, image: Image) -> Image:
        """Panel A on the canonical grid, (h, w, 3) uint8."""
        return sample(image, self.to_a, self.size)

    def sample_b(self, image: Image) -> Image:
        """Panel B on the canonical grid, (h, w, 3) uint8: one resampling through homography and warp."""
        x, y = remap_maps(self.to_b, self.warp, self.size)
        return sampled(image, x, y)

    def in_view(self, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> NDArray[np.bool_]:
        """(h, w) bool: canonical pixels that both files or frames hold (with a pixel to spare)."""
        ax, ay = remap_maps(self.to_a, None, self.size)
        bx, by = remap_maps(self.to_b, self.warp, self.size)
        return in_bounds(ax, ay, shape_a[1], shape_a[0]) & in_bounds(bx, by, shape_b[1], shape_b[0])

    def inside(self, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> NDArray[np.bool_]:
        """(h, w) bool: those of them that belong to the picture."""
        return self.of_picture(self.in_view(shape_a, shape_b))


def _corners(boxes: Iterable[Box]) -> Points:
    return np.concatenate([geometry.box_quad(box) for box in boxes])


def nodes(size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the warp's grid for a canonical (width, height); node i is at (i + 0.5) * STEP - 0.5 px."""
    return -(-size[1] // STEP), -(-size[0] // STEP)


def node_points(size: tuple[int, int]) -> Points:
    """Canonical positions of the nodes, (rows * columns, 2) px."""
    rows, columns = nodes(size)
    y, x = np.mgrid[0:rows, 0:columns]
    return (np.column_stack([x.ravel(), y.ravel()]) + 0.5) * STEP - 0.5


def at_points(grid: NDArray[np.float32], points: Points) -> Points:
    """Node values (gh, gw[, n]) at canonical points (N, 2) or (rows, columns, 2) px, bilinear: float64, n last.

    OpenCV takes up to 32767 rows: many points come in rows and columns.
    """
    node = ((points + 0.5) / STEP - 0.5).astype(np.float32)
    x, y = node[..., :1], node[..., 1:]
    if node.ndim == 3:
        x, y = x[..., 0], y[..., 0]
    values = cv2.remap(grid, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, np.float64).reshape(*points.shape[:-1], -1)


def sample(image: Image, homography: Homography, size: tuple[int, int]) -> Image:
    """`image` on a grid of `size`, grid px -> picture px by `homography`; whole-pixel shifts stay exact."""
    h = homography / homography[2, 2]
    shift = h[:2, 2]
    if np.allclose(h - np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]]), 0, atol=1e-9) and np.allclose(
        shift, np.round(shift), atol=1e-6
    ):
        x, y = round(float(shift[0])), round(float(shift[1]))
        if x >= 0 and y >= 0 and x + size[0] <= image.shape[1] and y + size[1] <= image.shape[0]:
            return np.ascontiguousarray(image[y : y + size[1], x : x + size[0]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(image, homography, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def prepared(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(h, w) float32: a grey picture as `align` takes it, which may be kept for several alignments."""
    height, width = grey.shape
    sigma = LIGHT * float(np.sqrt(width * height))
    return np.asarray(cv2.GaussianBlur(flattened(grey, sigma, NOISE), (0, 0), 0.8), np.float32)


def align(
    a: NDArray[np.uint8] | NDArray[np.float32],
    b: NDArray[np.uint8] | NDArray[np.float32],
    start: NDArray[np.float32],
    seen: NDArray[np.bool_],
    windows: tuple[float, ...] = WINDOWS,
    rounds: int = ROUNDS,
    threads: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The residual warp that lays B onto A.

    a, b: (h, w) uint8 grey or float32 `prepared`, both on the canonical grid (B by its homography alone).
    start: (gh, gw, 2) the first guess.
    seen: (h, w) bool, pixels both pictures hold. Returns warp (gh, gw, 2) and error (gh, gw), canonical px.
    """
    height, width = a.shape
    rows, columns = nodes((width, height))
    length = float(np.sqrt(width * height))
    flat_a, flat_b = (
        np.asarray(p if p.dtype == np.float32 else prepared(p.astype(np.uint8)), np.float32) for p in (a, b)
    )
    warp = start.copy()
    sums = np.zeros((rows, columns, 6), np.float32)
    for window in windows:
        sigma = max(window * length / STEP, 0.8)
        for _ in range(rounds):
            # nothing is moved by no warp
            moved, inside = warped(flat_b, warp) if warp.any() else (flat_b, seen)
            sums = normal_equations(flat_a, moved, seen & inside, threads=threads)
            sums = np.asarray(cv2.GaussianBlur(sums, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT), np.float32)
            xx, xy, yy, xt, yt = (sums[..., i] for i in range(5))
            # where texture is short the step is short: the coarser window's answer stays
            weak = 0.05 * float(np.mean(xx + yy)) + 1e-9
            det = (xx + weak) * (yy + weak) - xy * xy
            step = np.stack([xy * yt - (yy + weak) * xt, xy * xt - (xx + weak) * yt], axis=-1) / det[..., None]
            warp = warp + np.clip(step, -3.0, 3.0).astype(np.float32)
            warp = np.asarray(
                cv2.GaussianBlur(warp, (0, 0), max(0.5 * sigma, 0.6), borderType=cv2.BORDER_REPLICATE), np.float32
            )
    error = np.sqrt(
        sums[..., 5] / (0.5 * (sums[..., 0] + sums[..., 2]) + 1e-3 * float(np.mean(sums[..., 0] + sums[..., 2])) + 1e-9)
    )
    return warp, np.asarray(error, np.float32)


def unstrained(warp: NDArray[np.float32]) -> NDArray[np.float32]:
    """A warp (gh, gw, 2) px that bends as paper does: where it stretches more, something was resized or moved, and the
    warp around it stands in.
    """
    strain = np.zeros(warp.shape[:2], np.float32)
    for axis in (0, 1):
        if warp.shape[axis] > 1:
            strain = np.maximum(strain, np.abs(np.gradient(warp, STEP, axis=axis)).max(axis=2))
    trust = np.asarray(np.minimum(1.0, (STRAIN / np.maximum(strain, 1e-6)) ** 2), np.float32)
    trust = np.asarray(cv2.erode(trust, np.ones((3, 3), np.uint8)), np.float32)
    around = cv2.GaussianBlur(warp * trust[..., None], (0, 0), RELAXED) / (
        cv2.GaussianBlur(trust, (0, 0), RELAXED)[..., None] + np.float32(1e-6)
    )
    return np.asarray(around + trust[..., None] * (warp - around), np.float32)


def register(
    image_a: Image,
    image_b: Image,
    to_a: Homography,
    to_b: Homography,
    size: tuple[int, int],
    start: NDArray[np.float32],
    threads: int = 1,
) -> Registration:
    """Register panel B onto panel A on a canonical grid of `size`, from homographies and a first residual warp.

    image_a, image_b: (H, W, 3) uint8 BGR, the same one for a page. start: (gh, gw, 2) canonical px.
    """
    grey_a = np.asarray(cv2.cvtColor(image_a, cv2.COLOR_BGR2GRAY), np.uint8)
    grey_b = grey_a if image_b is image_a else np.asarray(cv2.cvtColor(image_b, cv2.COLOR_BGR2GRAY), np.uint8)
    a, b = sample(grey_a, to_a, size), sample(grey_b, to_b, size)
    first = Registration(size, to_a, to_b, start, np.zeros(start.shape[:2], np.float32))
    seen = first.inside(image_a.shape, image_b.shape)
    warp, error = align(a, b, start, seen, threads=threads)
    return Registration(size, to_a, to_b, start + unstrained(warp - start), error)
