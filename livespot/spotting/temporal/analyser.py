"""The slow half of spotting: one frame looked at in full.

In: a frame and, when the page is being followed, its pose. Out: an Analysis: what is held to be different on the page
in hand, where the page lies in that frame, or why there is none. Keeps the page in hand between calls; one thread only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame
from livespot.geometry import Quad
from livespot.settings import Settings
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels, Judged
from livespot.spotting.panels.beside import Reference, features_of_view, search_beside
from livespot.spotting.panels.clipped import Sides, clipped, holds_more, larger, more_in_view
from livespot.spotting.panels.detect import NotFound, Search, unseen
from livespot.spotting.panels.trace import DetectionTrace
from livespot.spotting.params import IdentityParams
from livespot.spotting.registration import features, homography
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.results import with_b
from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.temporal.advice import HOLD_STILL
from livespot.spotting.temporal.gathering import FINER, first_view, gather, in_view, next_view, times_nearer
from livespot.spotting.temporal.page_state import MOST_FEATURES, Page
from livespot.spotting.temporal.tracker import Anchor, Pose
from livespot.spotting.temporal.tracks import DifferenceTracker, TrackedDifference
from livespot.spotting.vision import Vision

Mask = NDArray[np.bool_]

LONGEST = 800  # px of the canonical panel in a live view
NEAREST = 1000  # the same on a grid that is filled part by part
ROW = 0.14  # of the frame's height: puzzles whose middles are no further above each other stand in one row
TURNED_AFTER = 3  # searches: the last of so many also looks for a B that is mirrored or turned
SEARCH_AFTER = 2  # views in a row that are not the page, before another one is looked for
NO_DIFFERENCE = "no difference found"
LOOKING = "comparing the pictures"
BLURRED = 0.25  # of the best view's sharpness
WELL_SEEN = 0.6  # the weight such a view must have
CLIPPED = 3  # views of another page that the frame cuts off, before it takes the place of the page in hand
INSISTENT = 3  # searches for more of a page that the frame cut off, from which on any larger panels will do


@dataclass(frozen=True, eq=False)
class Analysis:
    """What one analysis leaves behind. anchor: where the page lies in the frame analysed, None when it is not in it.

    page: serial of the page in hand, 0 for none. grid: number of its canonical grid. registration: in key frame px.
    seen: the pose that was known already, which the anchor only puts right. blind: why nothing at all could be seen in
    the frame, or "".
    """

    page: int
    registration: Registration | None
    quads: tuple[Quad, Quad] | None
    held: tuple[TrackedDifference, ...]
    analyses: int
    reason: str
    anchor: Anchor | None = None
    seen: Pose | None = None
    blind: str = ""
    grid: int = 0


class Analyser:
    """Finds a page, keeps it, and gathers evidence on it. identities: makes what follows the differences of a page."""

    def __init__(
        self,
        settings: Settings,
        vision: Vision | None = None,
        identities: Callable[[IdentityParams], DifferenceTracker] = DifferenceTracker,
    ) -> None:
        self.settings = settings
        self.vision = vision or Vision()
        self._identities = identities
        self.page: Page | None = None
        self._serial = self._grid = 0
        self.locked = False  # the page in hand stays, whatever is seen
        self._strange = self._clipped = self._searches = 0
        self._left: NDArray[np.float64] | None = None  # the middle of the puzzle that was let go, frame px
        self._several = 1  # puzzles in view when the page was found
        self.reference: Reference | None = None  # beside every frame, when panel A is not on the page

    def forget(self) -> None:
        """Let the page go; of several puzzles in view the next search takes the one after it."""
        page = self.page
        if page is not None:
            placed = page.quads if page.best_pose is None else page.placed(page.best_pose)
            self._left = np.asarray(np.mean(placed, axis=(0, 1)), np.float64)
        self.page = None
        self._strange = self._clipped = 0

    def analyse(self, frame: Frame, pose: Pose | None) -> Analysis:
        """Look at `frame`; pose: where the tracker has the page in it, None when it has not."""
        if self.page is None:
            return self._search(frame)
        page = self.page
        tracked = None if pose is None or self._has_left(page, frame, pose) else pose
        if tracked is not None and (whole := self._whole(page, frame, tracked)) is not None:
            return whole
        known = tracked or self._relocalise(page, frame)
        updated = None if known is None else self._update(page, frame, known, tracked is not None)
        if updated is None:
            return self._stranger(frame)
        self._strange = self._clipped = 0
        nearer = self._nearer(page, frame, updated)
        return nearer or self._result(page, Anchor(frame.index, page.quads, updated), tracked)

    def again(self) -> Analysis | None:
        """Compare what is known once more (other settings); None without a page."""
        if self.page is None:
            return None
        self._compare(self.page, at_once=True)
        return self._result(self.page, None, None)

    def use_panels(self, frame: Frame, quads: tuple[Quad, Quad]) -> Analysis:
        """Take the panels that a person drew in `frame`."""
        # so they were meant
        return self._search(frame, quads, np.zeros(4, np.bool_))

    def _search(self, frame: Frame, quads: tuple[Quad, Quad] | None = None, sides: Sides | None = None) -> Analysis:
        found, trail = self._found(frame, quads)
        if isinstance(found, NotFound):
            return Analysis(0, None, None, (), 0, found.reason)
        return self._begin(frame, found, trail, sides)

    def _found(
        self, frame: Frame, quads: tuple[Quad, Quad] | None = None
    ) -> tuple[Registration | NotFound, DetectionTrace]:
        search = Search(LONGEST, self.settings.threads, vision=self.vision)
        if self.reference is not None and quads is None:
            return search_beside(frame.image, self.reference, search), search.trail
        self._searches += 1
        turned = self.page is None and self._searches % TURNED_AFTER == 0
        self._several = 1
        if self.page is not None or quads is not None:
            return search.page(frame.image, quads, turned), search.trail
        found = search.puzzles(frame.image, turned)
        if isinstance(found, NotFound):
            return found, search.trail
        chosen, left = found[0], self._left
        if left is not None and len(found) > 1:
            # in reading order, by the left or upper panel's middle, from the one that was let go
            middles = [np.mean(one.panels(), axis=(0, 1)) for one in found]
            row = ROW * frame.image.shape[0]
            order = sorted(range(len(found)), key=lambda k: (round(float(middles[k][1]) / row), float(middles[k][0])))
            last = min(order, key=lambda k: float(np.linalg.norm(middles[k] - left)))
            chosen = found[order[(order.index(last) + 1) % len(order)]]
        self._left = None
        self._several = len(found)
        return chosen, search.trail

    def _begin(
        self,
        frame: Frame,
        registration: Registration,
        trail: DetectionTrace,
        sides: Sides | None = None,
        identities: DifferenceTracker | None = None,
    ) -> Analysis:
        """Take a page in hand. sides: that the frame cut off; the nearest ones to its edge when not given.

        identities: of the page in hand, which goes on on another canonical grid.
        """
        self._grid += 1
        self._serial += identities is None
        self._strange = self._clipped = 0
        quads = registration.panels()
        if self.reference is not None:
            sides = np.zeros(4, np.bool_)  # the reference ends where it ends
        shape = (registration.size[1], registration.size[0])
        page = Page(
            self._serial,
            self._grid,
            registration,
            quads,
            trail,
            frame,
            clipped(quads, frame.image.shape) if sides is None else sides,
            Evidence(shape, self.settings.threads),
            Evidence(shape, self.settings.threads),
            self._identities(self.vision.params.identity) if identities is None else identities,
            self.vision.features,
        )
        self.page = page
        view = first_view(page, frame.image)
        gather(page, frame, view)
        self._compare(page)
        return self._result(page, Anchor(frame.index, quads, view.pose), None)

    def _stranger(self, frame: Frame) -> Analysis:
        """The page in hand is not in this frame; perhaps another one is."""
        self._strange += 1
        page = self.page
        assert page is not None
        if self._strange > SEARCH_AFTER and not self.locked:
            found, trail = self._found(frame)
            if not isinstance(found, NotFound):
                # the page in hand may be coming back: known as a whole, it is found as soon as enough of it is seen
                self._clipped = self._clipped + 1 if clipped(found.panels(), frame.image.shape).any() else CLIPPED
                if self._clipped >= CLIPPED:
                    return self._begin(frame, found, trail)
        blind = unseen(frame.image)
        return self._of(page, "", blind=blind)

    def _whole(self, page: Page, frame: Frame, pose: Pose) -> Analysis | None:
        """The page found anew where the frame shows more of it than the one that it was found in did."""
        if self.locked or self.reference is not None or page.analyses < page.look_at:
            return None
        placed = page.placed(pose)
        if not more_in_view(page.clipped, placed, frame.image.shape):
            return None
        page.looks += 1
        page.look_at = page.analyses + 2**page.looks
        found, trail = self._found(frame)
        if isinstance(found, NotFound):
            return None
        # what is found again and again is more likely right than the panels in hand: these were at the frame's edge
        new, insistent = found.panels()[0], page.looks >= INSISTENT
        if not (larger(new, placed[0]) if insistent else holds_more(new, placed[0], page.clipped)):
            return None
        return self._begin(frame, found, trail)

    def _nearer(self, page: Page, frame: Frame, pose: Pose) -> Analysis | None:
        """The page on a finer grid, where the camera has come much closer and sees it well; its differences go on."""
        reg = page.registration
        placed = page.placed(pose)
        whole = all(geometry.share_inside(quad, frame.image.shape) >= 1.0 for quad in placed)
        times = min(times_nearer(page, placed, frame.image.shape), (LONGEST if whole else NEAREST) / max(reg.size))
        if times < FINER or not page.settled or page.weight < WELL_SEEN:
            return None
        if not whole:
            if self.reference is not None:
                return None
            self._grid += 1
            self.page = page.finer(self._grid, times)
            return self._result(self.page, Anchor(frame.index, page.quads, pose), None)
        if reg.b_is:
            return None
        found, trail = self._found(frame, placed)
        if isinstance(found, NotFound):
            return None
        onto = np.linalg.inv(found.to_a) @ pose.a @ reg.to_a
        page.identities.go_on(onto)
        picture, covered = (
            None if one is None else cv2.warpPerspective(one.view(np.uint8), onto, found.size) > 0
            for one in (reg.picture, reg.covered)
        )
        found = replace(found, picture=picture, covered=covered)
        return self._begin(frame, found, trail, page.clipped, page.identities)

    def _has_left(self, page: Page, frame: Frame, pose: Pose) -> bool:
        """Whether a tracked pose leaves of neither panel enough in the frame; a reference is always there."""
        placed = page.placed(pose)
        return not any(in_view(quad, frame.image.shape) for quad in placed[self.reference is not None :])

    def _relocalise(self, page: Page, frame: Frame) -> Pose | None:
        if self.reference is not None:
            there = features_of_view(frame.image, self.reference, page.detect)
            matches = features.cross_matches(page.features.on(page.quads[1]), there, turn=180.0)
            size = (frame.image.shape[1], frame.image.shape[0])
            again = homography.pair_across(matches, size, turn=180.0)
            return None if again is None else Pose(np.eye(3), again.homography, 1.0)
        matches = features.cross_matches(page.features, page.detect(frame.image, MOST_FEATURES), turn=180.0)
        found = homography.pair_across(matches, (frame.image.shape[1], frame.image.shape[0]), turn=180.0)
        if found is None:
            return None
        return Pose(found.homography, found.homography, 1.0)

    def _update(self, page: Page, frame: Frame, pose: Pose, tracked: bool) -> Pose | None:
        """Add a frame to the evidence; the pose put right, or None when the frame does not show the page there."""
        view = next_view(page, frame.image, pose, tracked, self.reference is not None, self.settings.threads)
        if view is None:
            return None
        gather(page, frame, view)
        self._compare(page)
        return view.pose

    def _compare(self, page: Page, at_once: bool = False) -> None:
        aligned = page.aligned(self.settings.threads)
        even = aligned.even
        before = None if at_once else page.before()
        panels = AlignedPanels(even.a, even.b, even.seen, aligned.error, before, aligned.eyed, page.eye_root)
        comparison = compare(panels, self.settings, self.vision)
        regions = even.doubted(comparison.regions)
        page.held = page.identities.update(regions, even.seen, at_once)
        warp = np.asarray(page.registration.warp + page.delta, np.float32)
        page.judged = Judged(
            aligned.a, aligned.b, even.seen, aligned.error, warp, comparison, regions, page.identities.verdicts
        )

    def _result(self, page: Page, anchor: Anchor | None, seen: Pose | None) -> Analysis:
        advice = HOLD_STILL if page.weight < BLURRED and page.analyses > 1 else page.advisor.line
        reason = advice
        if not page.held and page.analyses < 3:
            reason = LOOKING
        elif not page.held:
            # with a part of it unseen, that is all that can be said
            reason = f"{NO_DIFFERENCE} yet: {advice}" if advice else NO_DIFFERENCE
        if self._several > 1:
            reason = "; ".join(words for words in (reason, f"one of {self._several} puzzles") if words)
        return self._of(page, with_b(reason, page.registration.b_is), anchor, seen)

    def _of(
        self, page: Page, reason: str, anchor: Anchor | None = None, seen: Pose | None = None, blind: str = ""
    ) -> Analysis:
        return Analysis(
            page.serial, page.registration, page.quads, page.held, page.analyses, reason, anchor, seen, blind, page.grid
        )
