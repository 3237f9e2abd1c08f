"""Straight lines straight again: between the frame as captured and the frame as a lens without distortion would see it.

In: a Profile with a lens. Out: points and pictures, both ways. The straight picture has the lens's own scale and a
canvas large enough to hold everything the captured frame shows, so that no pixel of the page is lost at the corners.
"""

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .profile import Profile

Points = NDArray[np.float64]
Image = NDArray[np.uint8]
MOST = 1.6  # times the captured width and height: a canvas is not made larger than this
_STOP = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 100, 1e-12)


class Undistortion:
    """The map between captured px and straight px of one camera. Stateless: any thread.

    size: (width, height) of the straight canvas, px. Raises ValueError for a profile without a lens.
    """

    def __init__(self, profile: Profile) -> None:
        if not profile.has_lens:
            raise ValueError("the profile has no lens")
        self.captured_size = profile.size
        self._matrix = profile.matrix
        self._distortion = profile.distortion
        low, high, corner = self._canvas()
        self._reach, self._slope = _monotonic(profile.distortion, 1.25 * corner)
        self._origin = low
        self.size: tuple[int, int] = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)

    def points(self, captured: ArrayLike) -> Points:
        """Captured px (N, 2) to straight px (N, 2)."""
        return self._ideal(np.asarray(captured, np.float64).reshape(-1, 2)) - self._origin

    def back(self, straight: ArrayLike) -> Points:
        """Straight px (N, 2) to captured px (N, 2), also for points outside the frame."""
        p = np.asarray(straight, np.float64).reshape(-1, 2) + self._origin
        centre, focal = self._matrix[:2, 2], np.diag(self._matrix)[:2]
        n = (p - centre) / focal
        r = np.linalg.norm(n, axis=1, keepdims=True)
        # Well outside the frame the polynomial means nothing, and may turn back: it goes on as a straight line there.
        inner = n * np.minimum(1.0, self._reach / np.maximum(r, 1e-12))
        ahead = np.column_stack([inner, np.ones(len(inner))])
        bent, _ = cv2.projectPoints(ahead, np.zeros(3), np.zeros(3), self._matrix, self._distortion)
        beyond = n / np.maximum(r, 1e-12) * np.maximum(r - self._reach, 0) * self._slope
        return np.asarray(bent.reshape(-1, 2) + beyond * focal, np.float64)

    def image(self, captured: Image) -> Image:
        """The captured picture made straight, (height, width[, 3]) of `size`; black where the frame shows nothing."""
        x, y = self.maps
        return np.asarray(cv2.remap(captured, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)

    def image_back(self, straight: Image) -> Image:
        """A straight picture bent as the lens bends it: (H, W[, 3]) of `captured_size`."""
        x, y = self._maps_back
        return np.asarray(cv2.remap(straight, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    @cached_property
    def _maps_back(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        width, height = self.captured_size
        y, x = np.mgrid[0:height, 0:width]
        there = self.points(np.column_stack([x.ravel(), y.ravel()])).astype(np.float32).reshape(height, width, 2)
        return np.ascontiguousarray(there[..., 0]), np.ascontiguousarray(there[..., 1])

    @cached_property
    def maps(self) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
        """For cv2.remap from captured to straight, in its fast fixed-point form."""
        matrix = self._matrix.copy()
        matrix[:2, 2] -= self._origin
        x, y = cv2.initUndistortRectifyMap(self._matrix, self._distortion, None, matrix, self.size, cv2.CV_16SC2)
        return np.asarray(x, np.int16), np.asarray(y, np.uint16)

    def _ideal(self, captured: Points) -> Points:
        out = cv2.undistortPoints(
            captured.reshape(-1, 1, 2), self._matrix, self._distortion, None, None, self._matrix, _STOP
        )
        return np.asarray(out, np.float64).reshape(-1, 2)

    def _canvas(self) -> tuple[Points, Points, float]:
        """Top-left and bottom-right of the straight canvas, whole px; the frame's farthest corner, focal lengths."""
        width, height = self.captured_size
        x, y = np.linspace(0, width - 1, 33), np.linspace(0, height - 1, 33)
        grid = np.dstack(np.meshgrid(x, y))
        seen = self._ideal(np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]]))
        size = np.array([width, height])
        middle = (size - 1) / 2
        low = np.clip(np.floor(seen.min(axis=0)), middle - MOST * size / 2, 0)
        high = np.clip(np.ceil(seen.max(axis=0)), size - 1, middle + MOST * size / 2)
        far = (seen - self._matrix[:2, 2]) / np.diag(self._matrix)[:2]
        return np.floor(low), np.ceil(high), float(np.linalg.norm(far, axis=1).max())


def _monotonic(distortion: NDArray[np.float64], far: float) -> tuple[float, float]:
    """How far from the axis, at most `far` (focal lengths), the radial polynomial grows well, and its slope there."""
    k1, k2, _, _, k3 = distortion
    r = np.linspace(0, far, 2001)
    slope = 1 + r**2 * (3 * k1 + r**2 * (5 * k2 + r**2 * 7 * k3))
    bad = np.flatnonzero(slope < 0.15)
    last = int(bad[0]) - 1 if len(bad) else len(r) - 1
    return float(r[max(0, last)]), float(slope[max(0, last)])
