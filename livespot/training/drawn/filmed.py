"""One training sample as a camera gives it: a drawn puzzle on a printed page, filmed, gathered and laid by livespot.

Out: the same planes as `samples`. One takes seconds, so there are few. What they have that no drawing has is what the
live way leaves: noise after some views, masks and seams, misregistration, an outline that is a little off.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.transform import PolynomialTransform

from livespot import geometry
from livespot.bench import pages
from livespot.demo import page
from livespot.demo.camera.webcam import Webcam
from livespot.settings import Settings
from livespot.spotting.classify.eye import ROOT
from livespot.spotting.registration.warping import remap_maps
from livespot.spotting.temporal.analyser import Analyser
from livespot.spotting.temporal.page_state import Page
from livespot.training import filming
from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice, blur
from livespot.training.drawn.pages import View
from livespot.training.drawn.samples import PHOTOGRAPH, UNCHANGED, Planes, with_truth
from livespot.training.drawn.scenes import Puzzle, draw

VIEWS = 2, 9  # fewest and most that are gathered
RATES = 2.0, 10.0  # views a second: within a second lamps, shadows and hands move
LEAST_ON_A = 0.7  # of what was laid is panel A: with less it is another place of the page
MOST_APART = 3.0  # px of what was laid: where half of B lies further from A, livespot went astray
AROUND, PLACES = 0.06, 14  # of a panel, around it, and places a side: there the way from frame to panel is exact
DEGREE = 5  # of the polynomial between them: 0.1 px off at most

Places = tuple[NDArray[np.float32], NDArray[np.float32]]  # x, y: (h, w) px


def filmed_sample(dice: Dice, assets: Assets) -> Planes:
    """A puzzle on its page, filmed: one draw. What livespot does not find is drawn anew."""
    while True:
        longest = dice.whole(380, 760)
        other = max(260, round(longest * dice.real(0.55, 1.0)))
        size = (other, longest) if dice.chance(0.75) else (longest, other)
        puzzle = draw(dice, assets, size, changed=not dice.chance(UNCHANGED))
        a, b = (np.clip(p, 0, 255).astype(np.uint8) for p in (puzzle.a, puzzle.b))
        printed = pages.pressed(page.compose("", a, b, (), pages.layout_of(a, dice.rng)), dice.rng)
        camera = filming.camera_of(printed, pages.scenario_of(dice.rng), dice.whole(0, 1 << 30), dice.real(*RATES))
        analyser = Analyser(Settings())
        for _ in filming.analysed(camera, analyser, dice.whole(*VIEWS)):
            pass
        found = analyser.page
        if found is None or found.registration.b_is:
            continue
        view = _laid(dice, camera, found, puzzle)
        if view is not None:
            return with_truth(dice, view, puzzle.kinds, PHOTOGRAPH)


def _laid(dice: Dice, camera: Webcam, found: Page, puzzle: Puzzle) -> View | None:
    """The panels as the eye is shown them, and the puzzle's own pixels at their places; None when one lies astray."""
    even, laid = found.aligned(threads=1).even, found.registration
    shrink = min(1.0, ROOT / math.sqrt(laid.size[0] * laid.size[1]) * dice.real(0.85, 1.0))
    size = round(laid.size[0] * shrink), round(laid.size[1] * shrink)
    height, width = puzzle.tags.shape
    on_a, on_b = (
        _on_panel(camera, found.key.index, quad, (width, height), where, size)
        for quad, where in (
            (camera.page.a, remap_maps(laid.to_a, None, laid.size)),
            (camera.page.b, remap_maps(laid.to_b, laid.warp, laid.size)),
        )
    )
    in_a, in_b = (
        ((x > -0.5) & (y > -0.5) & (x < width - 0.5) & (y < height - 0.5)).astype(np.float32) for x, y in (on_a, on_b)
    )
    coarser = math.sqrt(width * height / (in_a.sum() + 1.0))
    apart = np.hypot(*np.subtract(on_a, on_b))
    if in_a.mean() < LEAST_ON_A or np.median(apart[in_a > 0]) > MOST_APART * coarser:
        return None
    clean_a, clean_b = (
        cv2.remap(blur(p, 0.4 * coarser), *on_a, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for p in (puzzle.a, puzzle.b)
    )
    near = cv2.dilate(puzzle.tags, np.ones((3, 3), np.uint8)) if coarser > 1.2 else puzzle.tags
    tags = cv2.remap(near, *on_a, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    a, b = (cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float32) for p in (even.a, even.b))
    seen = cv2.resize(even.seen.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
    return View(
        a, b, np.asarray(clean_a, np.float32), np.asarray(clean_b, np.float32), np.asarray(tags, np.uint8),
        in_a, in_b, np.asarray(seen, np.float32), np.zeros_like(in_a),
    )  # fmt: skip


def _on_panel(
    camera: Webcam, index: int, quad: geometry.Quad, panel: tuple[int, int], where: Places, size: tuple[int, int]
) -> Places:
    """Where the places `where` of a frame lie on a panel's picture, px, at another size (width, height).

    quad: the panel on its page. panel: (width, height) of its picture.
    """
    along = np.linspace(-AROUND, 1.0 + AROUND, PLACES)
    unit = np.stack(np.meshgrid(along, along), -1).reshape(-1, 2)
    printed = geometry.apply(geometry.between(geometry.rectangle(1.0, 1.0), quad), unit)
    seen = camera.to_frame(index, printed)
    middle, reach = seen.mean(axis=0), np.ptp(seen)  # without them the powers of px are too far apart
    onto = PolynomialTransform.from_estimate((seen - middle) / reach, unit, order=DEGREE)  # type: ignore[no-untyped-call]
    few = np.stack([cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in where], -1).reshape(-1, 2)
    x, y = (onto((few - middle) / reach) * panel - 0.5).astype(np.float32).T
    return x.reshape(size[::-1]), y.reshape(size[::-1])
