"""What of a panel belongs to its picture: pictures are oval, rounded and wavy, too.

In: both panels with their surroundings on one grid, the quad. Out: a mask of the picture, one of what lies over it, and
the quad around it. The page's ground comes in from all around as far as it goes in either panel: what lies on it in one
of them only is a title, a letter or a page number. A picture without a rim on the page's own colour is not told apart
that way: the ground then runs in between its things, and what is left is ragged.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Quad
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.panels.quad_score import filled
from livespot.spotting.panels.side_fitting import PanelEvidence
from livespot.spotting.registration.agreement import disc

GROUND = 2.0  # distance from the paper's colour up to which it is the page's ground
BEYOND = 0.05  # of the quad: a wavy picture may reach so far beyond it
THREAD = 0.03  # of the panel's size: what is thinner is no part of the outline
WAVE = 0.2  # of it: nor is what is narrower and beyond the quad
DEEP = 0.04  # of it, twice: how far inside the rim a thing that covers the picture reaches
RIM = 3  # px of the grid: half of it is the printed line around the picture, which is not compared
AROUND = 0.6  # of what lies just beyond the quad is ground in both panels
LEAST, MOST = 0.02, 0.4  # of the quad: less is a printed line with round corners, more is no picture
COMMON = 0.15  # of what is cut off, at least, is ground in both panels: in one only it may be a thing of the picture
DIFFERS, ONE_COLOUR = 26.0, 48.0  # grey levels: between the panels; within a thing that lies over the rim
STANDS = 0.3  # of such a thing, at least, lies beyond the picture
SOLID = 0.94  # of its hull, at least, is the picture
FILLED, JUTS = 0.988, 0.1  # of the quad that its sides make: so full, with no more beyond it, a picture is that quad

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


def outline(scene: PanelEvidence, papers: Sequence[Field], quads: Sequence[Quad]) -> tuple[Mask, Mask, Quad]:
    """What belongs to the picture in one of the quads, grid px, what of it is covered, masks (h, w), and the quad
    around it: of the first quad in which it has a shape of its own, else of the last one.

    papers: (h, w, 2) each, how far A and B are from a colour that may be the page's ground. The last quad is the one
    that the sides make.
    """
    shape, grounds, whole = scene.seen.shape, list[Mask](), np.zeros(scene.seen.shape, np.bool_)
    sides = filled(quads[-1], shape)
    for quad in quads:
        middle, whole = quad.mean(axis=0), filled(quad, shape)
        wide = filled(middle + (1.0 + 2.0 * BEYOND) * (quad - middle), shape)
        plain = [np.asarray(paper < GROUND, np.bool_) for paper in papers]
        grounds = [ground for ground in plain if ground[wide & ~whole].all(axis=1).mean() >= AROUND]
        for ground in grounds:
            found = _left(ground.any(axis=2) | ~wide, whole, wide, scene.length)
            if found is None:
                continue
            picture, contour = found
            common = ground.all(axis=2)
            around = _around(quad, contour)
            off = filled(around, shape) & ~picture
            share = off.sum() / max(filled(around, shape).sum(), 1)
            hull = cv2.fillConvexPoly(np.zeros(shape, np.uint8), cv2.convexHull(contour), 1)
            solid = picture.sum() > SOLID * hull.sum()
            full = picture[sides].sum() > FILLED * sides.sum() and picture.sum() < (1.0 + JUTS) * sides.sum()
            if not full and LEAST < share < MOST and (common & off).sum() > COMMON * off.sum() and solid:
                over = _laid_over(scene, ground, picture)
                return cv2.erode(picture.view(np.uint8), np.ones((RIM, RIM), np.uint8)) > 0, over, around
    over = next((over for ground in grounds if (over := _laid_over(scene, ground, whole)).any()), np.zeros_like(whole))
    return whole, over, quads[-1]


def _laid_over(scene: PanelEvidence, ground: Mask, picture: Mask) -> Mask:
    """(h, w) bool: what of one panel alone a title, a letter or a figure covers that lies across the picture's rim.

    It stands on the page's ground, (h, w, 2) of A and B, to a good part: a thing of the picture that breaks its rim
    stands in the picture.
    """
    beyond = scene.seen & ~(cv2.dilate(picture.view(np.uint8), disc(THREAD * scene.length)) > 0)
    differs = highest_channel(np.abs(scene.a - scene.b)) > DIFFERS
    deep = cv2.erode(picture.view(np.uint8), disc(DEEP * scene.length)) > 0
    hidden = np.zeros(picture.shape, np.bool_)
    for panel, own, others in ((scene.a, ground[..., 0], ground[..., 1]), (scene.b, ground[..., 1], ground[..., 0])):
        alone = (beyond & ~own & others).astype(np.uint8)
        _, label, stats, _ = cv2.connectedComponentsWithStats(
            cv2.morphologyEx(alone, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        )
        near = disc(THREAD * scene.length)
        # most of what stands there is text: nothing that reaches into the picture hangs together with it
        reaching = _holding((differs & ~own) | (label > 0), deep, near)
        for number in np.unique(label[reaching & (label > 0)]).tolist():
            if stats[number, cv2.CC_STAT_AREA] < (THREAD * scene.length) ** 2 / 2:
                continue
            part = label == number
            alike = (highest_channel(np.abs(panel - np.median(panel[part], axis=0))) < ONE_COLOUR) & differs & ~own
            whole = _holding(alike | part, part, near)
            if (whole & deep).any() and (whole & ~picture).sum() > STANDS * whole.sum():
                hidden |= cv2.dilate(whole.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    return hidden


def _holding(mask: Mask, what: Mask, near: NDArray[np.uint8]) -> Mask:
    """The parts of a mask that hold a pixel of `what`; parts that a closing by `near` joins are one."""
    count, label = cv2.connectedComponents(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, near))
    holds = np.bincount(label[what & mask], minlength=count) > 0
    return np.asarray(holds[label] & mask, np.bool_)


def _left(free: Mask, inside: Mask, wide: Mask, length: float) -> tuple[Mask, NDArray[np.int32]] | None:
    """What the ground that comes in from beyond `wide` leaves, its largest part without holes; and its contour."""
    # a gap in the rim that is thinner than a thread lets nothing through
    thread = disc(0.5 * THREAD * length)
    _, label = cv2.connectedComponents(cv2.erode(free.astype(np.uint8), thread, borderValue=1))
    from_around = np.unique(label[~wide])
    taken = cv2.dilate(np.isin(label, from_around[from_around > 0]).astype(np.uint8), thread) & free.astype(np.uint8)
    left = cv2.morphologyEx((wide & (taken == 0)).astype(np.uint8), cv2.MORPH_OPEN, disc(THREAD * length))
    # a wave reaches beyond the quad all along; a letter that touches the rim does not
    wave = cv2.morphologyEx(left, cv2.MORPH_OPEN, disc(WAVE * length)) > 0
    left = ((left > 0) & (inside | wave)).astype(np.uint8)
    contours, _ = cv2.findContours(left, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    contour = np.asarray(max(contours, key=cv2.contourArea), np.int32)
    return cv2.drawContours(np.zeros_like(left), [contour], -1, 1, -1) > 0, contour


def quad_around(picture: Mask, quad: Quad) -> Quad:
    """The quad, of the perspective of another one, around the largest part of a mask (h, w); that one when there is
    none. An oval's sides are none of its own.
    """
    contours, _ = cv2.findContours(picture.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return _around(quad, np.asarray(max(contours, key=cv2.contourArea), np.int32)) if contours else quad


def _around(quad: Quad, contour: NDArray[np.int32]) -> Quad:
    """The quad of the same perspective around a contour (N, 1, 2) of pixel centres."""
    unit = geometry.rectangle(1.0, 1.0)
    points = geometry.apply(geometry.between(quad, unit), contour.reshape(-1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    return geometry.apply(geometry.between(unit, quad), unit * (high - low) + low)
