"""`find_differences`: a page, or two pictures, in; one result out, in the pictures' own px."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot import startup
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.pictures import PictureError, as_picture
from livespot.saying import getting_ready
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, Inspection
from livespot.spotting.spotter import spot_page, spot_pair
from livespot.spotting.still import NO_DIFFERENCE, StillTrace, spot_puzzles

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

LARGEST = 4096  # px, the longer side that is analysed: print at arm's length holds no more


Ignored = tuple[int, int, int, int] | NDArray[np.bool_]  # a box (x, y, width, height), or a mask of the page's size


def find_differences(
    page: ArrayLike, other: ArrayLike | None = None, *, settings: Settings | None = None, ignore: Sequence[Ignored] = ()
) -> FrameResult:
    """Find what differs between the two pictures on a page, or between two pictures.

    A pure function of its arguments: it may run in any process, thread or cluster, and gives the same each time.

    Parameters
    ----------
    page : array of shape (H, W), (H, W, 3) or (H, W, 4)
        A photograph or scan of a page with both pictures on it; with `other`, picture A. Grey, BGR or BGRA (laid on
        white), of uint8, uint16, bool or floats from 0 to 1; 64 px a side at least.
    other : array, optional
        Picture B, of any size.
    settings : Settings, optional
        For instance ``Settings(sensitivity=2.0)`` for fainter differences, or ``Settings(method="classic")``.

    ignore : sequence of boxes and masks
        Boxes (x, y, width, height) in px of `page`, or bool arrays of its height and width: a difference that lies
        mostly in one of them, with its part on either panel of a page or on picture A, is left out.

    Returns
    -------
    FrameResult
        False when no puzzle was found; then `reason` says why. Else `panels` are the quads of picture A and B and
        `differences` what differs, both in px of the array they lie on ((4, 2) float64, clockwise from the top left).

    Raises
    ------
    PictureError
        (a LivespotError and a ValueError) for an array that is not a picture.

    References
    ----------
    The maps: Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004; the
    registration: Barath et al., "MAGSAC++", 2020.

    Examples
    --------
    >>> import livespot
    >>> from livespot.demo import page_picture
    >>> result = livespot.find_differences(page_picture(seed=1).image)
    >>> bool(result), len(result.differences) > 0
    (True, True)
    >>> nothing = livespot.find_differences(np.full((400, 600), 200, np.uint8))
    >>> bool(nothing), nothing.reason
    (False, 'nothing to see: all of it is one colour')
    """
    pictures = [as_picture(page, "page" if other is None else "picture A")]
    if other is not None:
        pictures.append(as_picture(other, "picture B"))
    return ignoring(_found(pictures, settings or Settings(), None, False)[0], ignore, pictures)


def find_every(
    pictures: list[Image], settings: Settings, explained: Callable[[Explanation], None] | None = None
) -> list[FrameResult]:
    """As find_differences, a result for each puzzle on a page, in reading order.

    explained: is given what each step saw of one puzzle, at the size that was analysed.
    """
    found = _found(pictures, settings, explained, True)
    if len(found) == 1:
        return found
    tops = [np.mean(one.panels, axis=(0, 1)) for one in found if one.panels is not None]
    row = 0.1 * pictures[0].shape[0]
    return [
        found[k] for k in sorted(range(len(tops)), key=lambda k: (round(float(tops[k][1]) / row), float(tops[k][0])))
    ]


def _found(
    pictures: list[Image], settings: Settings, explained: Callable[[Explanation], None] | None, every: bool
) -> list[FrameResult]:
    from livespot.spotting.warming import compiled, warm_up

    if not compiled():
        with getting_ready(startup.getting_ready()) as progress:
            warm_up(settings.method == "classic", progress)
    # Two pictures are brought to one size: features are found over some range of scales, not over any.
    common = min(LARGEST, *(max(p.shape[:2]) for p in pictures))
    scales = [min(1.0, common / max(p.shape[:2])) for p in pictures]
    reduced = [p if scale == 1.0 else _reduced(p, scale) for p, scale in zip(pictures, scales, strict=True)]
    started = time.perf_counter()
    trail = StillTrace()
    if len(reduced) == 1:
        results = spot_puzzles(reduced[0], settings, trail) if every else [spot_page(reduced[0], settings, trail)]
    else:
        results = [spot_pair(reduced[0], reduced[1], settings, trail)]
    spent = (time.perf_counter() - started) * 1e3
    if explained is not None:
        from livespot.spotting.explain import explain_still

        explained(explain_still(reduced, trail, settings))
    told = (result.spotting if isinstance(result, Inspection) else result for result in results)
    return [enlarged(dataclasses.replace(one, latency_ms=spent), scales[0], scales[-1]) for one in told]


def ignoring(result: FrameResult, ignore: Sequence[Ignored], pictures: Sequence[Image]) -> FrameResult:
    """`result` without what lies mostly in one of the regions, which are in px of the first picture."""
    off = np.zeros(pictures[0].shape[:2], np.uint8)
    for region in ignore:
        if isinstance(region, tuple | list):
            x, y, width, height = region
            off[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = 1
        elif region.shape == off.shape:
            off |= np.asarray(region, np.bool_).view(np.uint8)
        else:
            raise PictureError(f"ignore: expected a mask of shape {off.shape}, got {region.shape}: resize it")

    def inside(quad: Quad) -> bool:
        low, high = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int) + 1
        (x0, y0), (x1, y1) = np.maximum(low, 0), np.maximum(high, 1)
        part = off[y0:y1, x0:x1]
        covered = (
            cv2.fillConvexPoly(np.zeros_like(part), np.rint(quad - (x0, y0)).astype(np.int32), 1) if part.size else part
        )
        return bool(part[covered > 0].mean() > 0.5)

    if not off.any():
        return result
    kept = [d for d in result.differences if not inside(d.a) and (len(pictures) > 1 or not inside(d.b))]
    reason = result.reason or ("" if kept else NO_DIFFERENCE)
    return dataclasses.replace(result, differences=tuple(kept), reason=reason)


def enlarged(spotting: FrameResult, scale_a: float, scale_b: float) -> FrameResult:
    """A spotting found at these scales, in px of the full pictures."""

    def full(quad: Quad, scale: float) -> Quad:
        return (quad + 0.5) / scale - 0.5

    panels = spotting.panels
    return dataclasses.replace(
        spotting,
        panels=None if panels is None else (full(panels[0], scale_a), full(panels[1], scale_b)),
        differences=tuple(
            dataclasses.replace(d, a=full(d.a, scale_a), b=full(d.b, scale_b)) for d in spotting.differences
        ),
    )


def _reduced(picture: Image, scale: float) -> Image:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
