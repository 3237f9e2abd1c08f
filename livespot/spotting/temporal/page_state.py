"""The page in hand: where it was found, and all that has been seen of it since.

In: what the analyser finds and gathers, view after view. Out: the panels as they are known by now, one on the other.
"""

import functools
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Quad
from livespot.spotting.classify.eye import ROOT
from livespot.spotting.methods.comparison import ComparisonCache, Eyed, Judged
from livespot.spotting.methods.robust import covered_by, looked_at, lost_to_the_eye
from livespot.spotting.panels.clipped import Sides
from livespot.spotting.panels.trace import DetectionTrace
from livespot.spotting.registration.agreement import disc
from livespot.spotting.registration.features import Features
from livespot.spotting.registration.residual_warp import Registration, align, at_points, node_points, nodes, unstrained
from livespot.spotting.registration.warping import remap_maps, sampled
from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.temporal.advice import Advisor
from livespot.spotting.temporal.lamp import Lamp
from livespot.spotting.temporal.tracker import Pose
from livespot.spotting.temporal.tracks import DifferenceTracker, TrackedDifference
from livespot.spotting.visibility.veil import ReflectionMatchedPair, evened
from livespot.spotting.vision import FeatureDetector

MOST_FEATURES = 2500  # that a page is known again by, and that are looked for in a frame
SETTLING = 2  # analyses of a page that are full looks: the light and the registration are found anew
NEAR_ROOT = 800.0  # px: as eye.ROOT, for marks that only a view from near shows
SEAM = 0.03  # of the panel's size: diameter of the brush that takes off the rim of what was seen from near
GROWTH = 0.01  # of a panel: so much more of it is laid on anew
AFRESH = 5  # and every so many later; those between go on from the one before


@dataclass(frozen=True, eq=False)
class Aligned:
    """The accumulated panels on the canonical grid: a, b: (h, w, 3) uint8 as they were seen.

    even: both under one reflection, and what can be compared. error: (gh, gw) float32, the registration error left, px.
    eyed: what the learned eye saw of them, now or before.
    """

    a: Image
    b: Image
    even: ReflectionMatchedPair
    error: NDArray[np.float32]
    eyed: tuple[Eyed, ...]


@dataclass(eq=False)
class Page:
    """The page in hand. grid: number of its canonical grid. registration: in px of the key frame, the one it was found
    in. quads: panels there.

    detect: finds the features that it is known again by. trail: what finding it there saw. clipped: the panels' sides
    that the frame may have cut off. looks: how often more of it was looked for, look_at: and from which analysis on it
    may be again; each pause is twice the one before.
    """

    serial: int
    grid: int
    registration: Registration
    quads: tuple[Quad, Quad]
    trail: DetectionTrace
    key: Frame
    clipped: Sides
    evidence_a: Evidence
    evidence_b: Evidence
    identities: DifferenceTracker
    detect: FeatureDetector
    sharpest: float = 0.0
    weight: float = 0.0  # of the newest view: its sharpness, up to 1
    best_frame: Frame | None = None
    best_pose: Pose | None = None
    best_score: float = 0.0
    looks: int = 0
    look_at: int = 0
    occluded: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None  # of both panels in the view before
    shared: float = 0.0  # of a page in parts, the share that both panels had shown from near when it was last measured
    grown: bool = False  # whether the newest view made it more than that
    analyses: int = 0
    judged: Judged | None = None  # the last comparison, and what was made of it
    eyed: Eyed | None = None  # what the learned eye saw when it was asked what is hidden
    cleared: NDArray[np.bool_] | None = None  # what it said is not: what looks like a hand there is print
    # (gh, gw, 2) float32 px, what the evidence adds to the key frame's residual warp; (gh, gw), the error left, px
    delta: NDArray[np.float32] = field(init=False)
    error: NDArray[np.float32] = field(init=False)
    _onto_a: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None  # x, y: where `delta` takes B from
    held: tuple[TrackedDifference, ...] = ()
    advisor: Advisor = field(default_factory=Advisor)
    lamp: Lamp = field(init=False)

    def __post_init__(self) -> None:
        self.delta = np.zeros((*nodes(self.registration.size), 2), np.float32)
        self.error = self.registration.error
        self.lamp = Lamp((self.registration.size[1], self.registration.size[0]))

    @functools.cached_property
    def features(self) -> Features:
        """What the page is known again by: the key frame's features on the panels."""
        return self.detect(self.key.image, MOST_FEATURES).on(*self.quads)

    @property
    def settled(self) -> bool:
        """Whether it has been looked at in full."""
        return self.analyses > SETTLING

    @property
    def steady(self) -> bool:
        """Whether an analysis may go on from the one before, which saves half of it."""
        return self.settled and not self.grown and self.analyses % AFRESH != 0

    @property
    def _doubled(self) -> bool:
        """Whether the evidence is twice what it was when everything was last measured and looked at anew."""
        return self.analyses & (self.analyses - 1) == 0

    @property
    def in_parts(self) -> bool:
        """Whether its grid is finer than what it was found in, and filled part by part."""
        return self.evidence_a.under is not None

    @property
    def eye_root(self) -> float:
        """Px, of the area of what the learned eye is shown of a panel."""
        return NEAR_ROOT if self.in_parts else ROOT

    def grow(self) -> None:
        """Take note of how much both panels have shown from near."""
        shared = float((self.evidence_a.near & self.evidence_b.near).mean())
        self.grown = shared > self.shared + GROWTH
        self.shared = shared if self.grown else self.shared

    def before(self) -> ComparisonCache | None:
        """What the next comparison may begin with: at a full look not what the light was measured on."""
        before = None if self.judged is None or self._doubled else self.judged.comparison.before
        return before if before is None or self.steady else before.without_light()

    def placed(self, pose: Pose) -> tuple[Quad, Quad]:
        """The panels in a frame in which the page has this pose, px."""
        return geometry.apply(pose.a, self.quads[0]), geometry.apply(pose.b, self.quads[1])

    def finer(self, grid: int, times: float) -> "Page":
        """The same page on a canonical grid with so many times the px each way, to be filled where it is seen."""
        reg = self.registration
        size = round(reg.size[0] * times), round(reg.size[1] * times)
        to = geometry.enlarging(size[0] / reg.size[0], size[1] / reg.size[1])
        back = geometry.apply(np.linalg.inv(to), node_points(size))

        def at_nodes(values: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.asarray(times * at_points(values, back), np.float32).reshape(*nodes(size), *values.shape[2:])

        picture, covered = (
            None if one is None else cv2.resize(one.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
            for one in (reg.picture, reg.covered)
        )
        a, b = self.pictures()
        self.identities.go_on(to, anew=False)
        page = replace(
            self,
            grid=grid,
            registration=Registration(
                size,
                reg.to_a @ np.linalg.inv(to),
                reg.to_b @ np.linalg.inv(to),
                at_nodes(reg.warp),
                at_nodes(reg.error),
                picture,
                covered,
            ),
            evidence_a=self.evidence_a.enlarged(a, size),
            evidence_b=self.evidence_b.enlarged(b, size),
            analyses=0,
            shared=0.0,
            held=self.identities.held(),
            occluded=None,
            judged=None,
            eyed=None,
            cleared=None,
        )
        page.delta, page.error = at_nodes(self.delta), at_nodes(self.error)
        return page

    def pictures(self) -> tuple[Image, Image]:
        """(h, w, 3) uint8, what is known of A and of B, not to be written to; each place of both from as near."""
        known_a, known_b = self.evidence_a, self.evidence_b
        a, b = known_a.image(), known_b.image()
        if known_a.under is None or known_b.under is None:
            return a, b
        one_alone = (known_a.near != known_b.near)[..., None]
        return np.where(one_alone, known_a.under.image(), a), np.where(one_alone, known_b.under.image(), b)

    def aligned(self, threads: int) -> Aligned:
        """The accumulated panels, B laid onto A once more: by a warp that is put right at every full look."""
        a, b = self.pictures()
        sure = self.evidence_a.seen & self.evidence_b.seen
        glimpsed = self.evidence_a.glimpsed & self.evidence_b.glimpsed
        if self.in_parts:
            # a view is laid on worst at its rim, and so is what was seen from near beside what was not
            rim = disc(SEAM * float(np.sqrt(sure.size)))
            sure = glimpsed = cv2.erode(sure.view(np.uint8), rim, borderValue=1) > 0
        if not self.steady:
            flat = self.evidence_a.prepared(), self.evidence_b.prepared()
            known = self.registration.of_picture(sure)
            delta, self.error = align(*flat, self.delta, known, windows=(0.04, 0.02), rounds=2, threads=threads)
            self.delta = unstrained(delta)
            bends = float(np.abs(self.delta).max()) > 0.1
            size = self.registration.size
            self._onto_a = remap_maps(np.eye(3), self.delta, size) if bends else None
        if self._onto_a is not None:
            b = sampled(b, *self._onto_a)
        registration, doubted = self.registration, glimpsed & ~sure
        eyed: tuple[Eyed, ...] = ()
        if registration.covered is not None or doubted.any():
            # what looks like a hand or a title hides only what the learned eye does not see in both panels
            seen_before = () if self.eyed is None or self._doubled else (self.eyed,)
            self.eyed = looked_at(a, b, glimpsed, threads, seen_before, self.eye_root)
            eyed = (self.eyed,)
            registration = replace(registration, covered=covered_by(registration.covered, self.eyed))
            clear = doubted & ~lost_to_the_eye(self.eyed, sure.shape)
            self.cleared = clear if self.cleared is None else self.cleared | clear
            sure |= clear
        if not sure.all():
            # what one panel has not shown yet borrows the other's pixels: no edge where there is none
            hidden_a, hidden_b = (~(evidence.seen | sure) for evidence in (self.evidence_a, self.evidence_b))
            a, b = np.where(hidden_a[..., None], b, a), np.where(hidden_b[..., None], a, b)
        seen = registration.of_picture(sure)
        return Aligned(a, b, evened(a, b, seen), self.error, eyed)
