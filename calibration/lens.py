"""The lens from views of the board: pinhole and Brown's distortion, by Zhang's method as OpenCV solves it.

In: Views. Out: a Lens with its reprojection error, or a falsy Refusal that says why not. Views that fit worse than the
others are dropped and named: a curled board, a wrong corner or a smear bends the whole result. Method: Zhang 2000,
doi:10.1109/34.888718; distortion: Brown 1966, radial k1, k2; tangential p1, p2 and k3 only
where they explain something.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .board import Points, View

Floats = NDArray[np.float64]

TERMS = ("k1", "k2", "p1", "p2", "k3")  # of the distortion, in OpenCV's order
FEWEST_VIEWS = 6  # fewer leave focal length and distance of the board to be traded for each other
TOO_BAD = 2.2  # a view with this many times the median error is dropped, if that is also
NOTICEABLE = 0.15  # px worse than the median: sub-pixel noise is no reason to drop a view
# Terms that are kept only when they bring the error below this share: free tangential terms trade with the centre, a
# free third radial term bends the corners where no view was.
MORE_TERMS = ((cv2.CALIB_FIX_K3, 0.985), (0, 0.95))
_STOP = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 80, 1e-9)


@dataclass(frozen=True)
class Refusal:
    """Nothing was found, and why: one line. Falsy. unsuited: there is something, but not for what was asked."""

    reason: str
    unsuited: bool = False

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Dropped:
    """A view that was left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False)
class ViewFit:
    """How one view fits. view: as it was seen. rms: px. residuals: (N, 2) px, seen minus projected, of its corners."""

    view: View
    rms: float
    residuals: Points


@dataclass(frozen=True, eq=False)
class Lens:
    """size: (width, height) px of the pictures. matrix: (3, 3), px. distortion: (5,) k1, k2, p1, p2, k3.

    rms: px, over all corners used. focal_error: estimated standard deviation of the focal length, px.
    """

    size: tuple[int, int]
    matrix: Floats
    distortion: Floats
    rms: float
    focal_error: float
    views: tuple[ViewFit, ...]
    dropped: tuple[Dropped, ...]


def solve(
    views: Sequence[View], size: tuple[int, int], progress: Callable[[str], None] | None = None
) -> Lens | Refusal:
    """The lens that explains the views. `progress` is told what is being done, one line a step."""
    tell = progress or (lambda words: None)
    kept, dropped = list(views), list[Dropped]()
    while True:
        if len(kept) < FEWEST_VIEWS:
            why = f"; {len(dropped)} did not fit the others" if dropped else ""
            return Refusal(
                f"{len(kept)} usable views of the board{why}: {FEWEST_VIEWS} are needed, 15 or more are good"
            )
        tell(f"fitting {len(kept)} views")
        lens = _fit(kept, size)
        if not _plausible(lens):
            return Refusal(
                "the views do not determine the lens: tilt the board more, in all directions, and hold it closer"
            )
        errors = np.array([fit.rms for fit in lens.views])
        middle = float(np.median(errors))
        bad = [i for i in np.argsort(-errors) if errors[i] > max(TOO_BAD * middle, middle + NOTICEABLE)]
        # The worst ones first, a few at a time: one bad view raises the error of all the others.
        bad = bad[: max(1, len(kept) // 8)]
        if not bad:
            return Lens(lens.size, lens.matrix, lens.distortion, lens.rms, lens.focal_error, lens.views, tuple(dropped))
        for i in bad:
            reason = f"error {errors[i]:.2f} px where the others have {middle:.2f}"
            dropped.append(Dropped(kept[i].name, reason))
            tell(f"dropped {kept[i].name}: {reason}")
        kept = [view for i, view in enumerate(kept) if i not in bad]


def _fit(views: Sequence[View], size: tuple[int, int]) -> Lens:
    best = _fit_model(views, size, cv2.CALIB_FIX_K3 | cv2.CALIB_FIX_TANGENT_DIST)
    for flags, gain in MORE_TERMS:
        richer = _fit_model(views, size, flags)
        if richer.rms < gain * best.rms and _plausible(richer):
            best = richer
    return best


def _fit_model(views: Sequence[View], size: tuple[int, int], flags: int) -> Lens:
    board = [np.column_stack([view.board_points, np.zeros(len(view.ids))]).astype(np.float32) for view in views]
    seen = [view.corners.astype(np.float32) for view in views]
    # One square pixel for all cameras of our time: fx = fy, which also steadies the fit.
    start = np.array([[size[0], 0, (size[0] - 1) / 2], [0, size[0], (size[1] - 1) / 2], [0, 0, 1]], np.float64)
    flags |= cv2.CALIB_FIX_ASPECT_RATIO | cv2.CALIB_USE_INTRINSIC_GUESS
    rms, matrix, distortion, turns, shifts, deviations, _, _ = cv2.calibrateCameraExtended(
        board, seen, size, start, np.zeros(5), flags=flags, criteria=_STOP
    )
    k, d = np.asarray(matrix, np.float64), np.ravel(distortion)[:5].astype(np.float64)
    fits = []
    for view, turn, shift in zip(views, turns, shifts, strict=True):
        flat = np.column_stack([view.board_points, np.zeros(len(view.ids))])
        residuals = view.corners - np.asarray(cv2.projectPoints(flat, turn, shift, k, d)[0]).reshape(-1, 2)
        own = float(np.sqrt((residuals**2).sum(axis=1).mean()))
        fits.append(ViewFit(view, own, residuals))
    return Lens(size, k, d, float(rms), float(np.ravel(deviations)[:2].max()), tuple(fits), ())


def _plausible(lens: Lens) -> bool:
    """Whether this can be a camera: from a strong telephoto to a wide angle, its axis within the picture."""
    focal, centre = lens.matrix[0, 0], lens.matrix[:2, 2]
    width, height = lens.size
    inside = 0.15 * width < centre[0] < 0.85 * width and 0.15 * height < centre[1] < 0.85 * height
    return bool(np.isfinite(lens.matrix).all() and inside and 0.25 * width < focal < 6 * width)
