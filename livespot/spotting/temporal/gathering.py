"""One view of the page in hand: its panels laid onto what is known of them, and what is gathered of it.

In: a page, a frame, roughly where the page lies in it. Out: a View, its pose put right; the page with its evidence.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Homography, Quad
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.panels.clipped import TOUCHING, clipped
from livespot.spotting.registration.residual_warp import nodes
from livespot.spotting.registration.warping import in_bounds, remap_maps
from livespot.spotting.temporal.accumulator import sharpness
from livespot.spotting.temporal.advice import sight
from livespot.spotting.temporal.light import follow_exposure, under_one_light
from livespot.spotting.temporal.page_state import Page
from livespot.spotting.temporal.pose_refinement import HALVED, WHOLE, Grid, large, sought, view_of
from livespot.spotting.temporal.tracker import Pose
from livespot.spotting.visibility.glare import glare, paper_level
from livespot.spotting.visibility.occlusion import occluded

Mask = NDArray[np.bool_]

FINER = 1.3  # times the px of the canonical grid, each way: a view that shows so much more is a grid of its own
IN_VIEW = 0.25  # of a panel, or of the frame: so much of a panel must be seen for it to be looked at
LEAST_KNOWN = 0.02  # of a panel: on so much of it a view's sharpness is told by what is known


@dataclass(frozen=True, eq=False)
class View:
    """A and B of a page as one frame shows them, on the page's canonical grid.

    samples: (h, w, 3) uint8. inside, over: (h, w) bool, what of it is in the frame, and what something lies over.
    """

    pose: Pose
    samples: tuple[Image, Image]
    inside: tuple[Mask, Mask]
    over: tuple[Mask, Mask]


def first_view(page: Page, image: Image) -> View:
    """The view (H, W, 3) uint8 that the page was found in."""
    reg, pose = page.registration, Pose(np.eye(3), np.eye(3), 1.0)
    width, height = image.shape[1], image.shape[0]
    maps = remap_maps(reg.to_a, None, reg.size), remap_maps(reg.to_b, reg.warp, reg.size)
    in_a, in_b = (in_bounds(x, y, width, height) for x, y in maps)
    over = _occluded(page, image, np.eye(3), pose)
    return View(pose, (reg.sample_a(image), reg.sample_b(image)), (in_a, in_b), over)


def next_view(page: Page, image: Image, pose: Pose, tracked: bool, still_a: bool, threads: int) -> View | None:
    """A later one, or None when it does not show the page there.

    pose: where the page is thought to lie; tracked: followed there, not only known again. still_a: A is a reference.
    """
    reg = page.registration
    views: list[tuple[Image, Mask, Homography] | None] = []
    going_on = tracked and page.settled and large(reg.size)
    coarse, to_coarse = (downscale(image, 2), HALVED) if going_on else (image, np.eye(3))
    grey = np.asarray(cv2.cvtColor(coarse, cv2.COLOR_BGR2GRAY), np.uint8)
    rounds = 1 if going_on or (tracked and page.steady) else 2
    none = np.zeros((*nodes(reg.size), 2), np.float32)
    grids = Grid(pose.a @ reg.to_a, none, reg.size), Grid(pose.b @ reg.to_b, reg.warp, reg.size)
    known = page.evidence_a, page.evidence_b
    for evidence, grid, quad in zip(known, grids, page.placed(pose), strict=True):
        view, cut_off = None, geometry.share_inside(quad, image.shape) < WHOLE
        if in_view(quad, image.shape):
            if tracked and (page.in_parts or cut_off):
                grid = replace(grid, to=grid.to @ sought(grey, grid, evidence, to_coarse))
            view = view_of(image, grey, grid, evidence, going_on, rounds, threads)
            if view is None and not cut_off:
                return None
        views.append(view)
    if None in views and (still_a or views == [None, None]):
        return None
    fixed = []
    for i, (view, evidence, grid) in enumerate(zip(views, known, grids, strict=True)):
        if view is None:
            # where a panel lies that is not in view, the other one tells: they lie on one sheet
            other = views[1 - i]
            assert other is not None
            moved = other[2] @ np.linalg.inv(grids[1 - i].to) @ grid.to
            view = evidence.image(), np.zeros(reg.size[::-1], np.bool_), moved
        fixed.append(view)
    (a, in_a, moved_a), (b, in_b, moved_b) = fixed
    true = Pose(moved_a @ np.linalg.inv(reg.to_a), moved_b @ np.linalg.inv(reg.to_b), pose.share)
    return View(true, (a, b), (in_a, in_b), _occluded(page, coarse, to_coarse, true))


def gather(page: Page, frame: Frame, view: View) -> None:
    """Add what a view of it shows to a page's evidence."""
    (a, b), (in_a, in_b), pose = view.samples, view.inside, view.pose
    grey = np.asarray(cv2.cvtColor(a, cv2.COLOR_BGR2GRAY), np.uint8)
    sharp = sharpness(grey)
    placed = page.placed(pose)
    far = page.in_parts and times_nearer(page, placed, frame.image.shape) < 1.0 / FINER
    page.sharpest = max(page.sharpest * 0.99, sharp)
    share = sharp / max(page.sharpest, 1e-6)
    if page.in_parts or not (in_a.any() and in_b.any()):
        # of a part of the page nothing tells how sharp it can be but what is known of it
        share = _beside_known(page, (a, b), (in_a, in_b), far)
    weight = float(np.clip(share**1.5, 0.02, 1.0))
    over_a, over_b = view.over if page.cleared is None else (mask & ~page.cleared for mask in view.over)
    # a hand that one view misses has not gone: what the view before saw of it stays hidden
    were_a, were_b = page.occluded or (over_a, over_b)
    page.occluded = (over_a, over_b)
    paper = functools.cache(lambda: paper_level(frame.image, placed))
    known_a, known_b = page.evidence_a, page.evidence_b
    reflections = glare(a, b, paper), glare(b, a, paper)
    lamp_a, lamp_b = page.lamp.kept_out(reflections, (known_a, known_b))
    hand_a, hand_b = over_a | were_a, over_b | were_b
    visible_a, visible_b = in_a & ~(lamp_a.over | hand_a), in_b & ~(lamp_b.over | hand_b)
    page.weight = weight
    follow_exposure((known_a, known_b), (a, b), (visible_a, visible_b))
    lit_a = under_one_light(known_a, a, visible_a, lamp_a.over, weight)
    lit_b = under_one_light(known_b, b, visible_b, lamp_b.over, weight)
    both = visible_a & visible_b
    add_a, add_b = (both, both) if far else (visible_a, visible_b)
    known_a.add(lit_a, add_a, weight, in_a & hand_a, in_a & lamp_a.lightens & ~hand_a, far)
    known_b.add(lit_b, add_b, weight, in_b & hand_b, in_b & lamp_b.lightens & ~hand_b, far)
    size = (frame.image.shape[1], frame.image.shape[0])
    clear_a, clear_b = (~one.over for one in reflections)
    seen = (in_a, in_b), (visible_a & clear_a, visible_b & clear_b), (over_a & clear_a, over_b & clear_b)
    beyond = page.clipped & clipped(placed, frame.image.shape, TOUCHING)
    shown = known_a.known, known_b.known
    looked = sight(a, b, grey, sharp, *seen, placed, size, bool(beyond.any()), shown)
    # on a grid made for nearer views one from afar is soft even in focus
    page.advisor.see(replace(looked, soft=0.0) if far else looked)
    score = weight * float(both.mean())
    page.best_score *= 0.97
    if score >= page.best_score:
        page.best_score, page.best_frame, page.best_pose = score, frame, pose
    page.analyses += 1
    if page.in_parts:
        page.grow()


def _occluded(page: Page, coarse: Image, to_coarse: Homography, pose: Pose) -> tuple[Mask, Mask]:
    """(h, w) bool each: what lies over A, over B. coarse: the frame, maybe smaller; to_coarse: frame px to its px."""
    reg = page.registration
    return occluded(coarse, to_coarse @ pose.a @ reg.to_a, to_coarse @ pose.b @ reg.to_b, reg.warp, reg.size)


def times_nearer(page: Page, placed: Sequence[Quad], shape: tuple[int, ...]) -> float:
    """How many px of a frame a px of the page's grid takes, each way, on the panel of which more is in view."""
    width, height = page.registration.size
    most = max(placed, key=lambda quad: geometry.share_inside(quad, shape))
    return float(np.sqrt(geometry.area(most) / (width * height)))


def _beside_known(page: Page, samples: tuple[Image, Image], inside: tuple[Mask, Mask], far: bool) -> float:
    """How sharp a view is beside what is known from as near, of either panel, as they show nearly the same."""
    b_more = bool(inside[1].sum() > inside[0].sum())
    grey = np.asarray(cv2.cvtColor(samples[b_more], cv2.COLOR_BGR2GRAY), np.uint8)
    shares = [1.0]
    for evidence in (page.evidence_a, page.evidence_b):
        known = evidence.under if far and evidence.under is not None else evidence
        where = inside[b_more] & known.near
        if where.mean() >= LEAST_KNOWN:
            shares.append(sharpness(grey, where=where) / max(sharpness(known.grey(), where=where), 1e-6))
    return min(shares)


def in_view(quad: Quad, shape: tuple[int, ...]) -> bool:
    """Whether enough of a panel is in a frame: of the panel, or of the frame that it fills."""
    share = geometry.share_inside(quad, shape)
    return share >= IN_VIEW or share * geometry.area(quad) >= IN_VIEW * shape[0] * shape[1]
