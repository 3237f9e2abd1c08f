"""One clip of a camera that knows the truth through the spotter, in step, held against that truth in every frame.

In: a source with truth (`Filmed`: the demo's simulated webcam, or another) and settings. Out: a ClipResult: flat
numbers of one clip, which a table or a file can take.
What glare, a hand or the frame's edge hides in a frame is neither asked for there nor held against the spotter.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

from livespot import geometry
from livespot.frame import Frame
from livespot.reference.scoring import Labels, Score, overlap, score
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import Spotter

RIGHT = 0.9  # F1 of a right answer
SETTLED = 2.0  # s of video after which the answer must be there
EVENT = 2.5  # s after a bump or a return in which recovery is looked for


class Marked(Protocol):
    """A true difference in one frame. a: its quad on panel A, frame px. hidden: not to be seen there, or not meant."""

    @property
    def a(self) -> geometry.Quad: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def kind(self) -> str: ...


class ClipTruth(Protocol):
    """What is true of one frame at `time` s: both panels' quads in frame px, whether the page is in view."""

    @property
    def time(self) -> float: ...
    @property
    def panels(self) -> tuple[geometry.Quad, geometry.Quad]: ...
    @property
    def in_view(self) -> bool: ...
    @property
    def differences(self) -> Sequence[Marked]: ...


class Filmed(AbstractContextManager[object], Protocol):
    """A source of frames that knows the truth of each frame it gave."""

    def read(self) -> Frame | None: ...
    def truth(self, index: int) -> ClipTruth: ...


OneMarked = TypeVar("OneMarked", bound=Marked)


@dataclass
class ClipResult:
    """Numbers of one clip; nan for what did not apply. Times in s of video, lengths in frame px.

    f1, precision, recall, locked: over the frames after 2 s in which the page is in view. first_right: when F1 first
    reached 0.9. recovered: how long after each bump or return until right again. corner: median error of the panels'
    corners. residual: registration residual, canonical px. switches: how often a difference changed its id. jitter: rms
    of the boxes about their own mean offset from the truth. empty: share of frames without a box. false_boxes: mean
    number of false boxes a frame. kinds: (right, asked) of the differences with a box, by the one that shows most.
    box_kinds: of all boxes, so that a difference in three pieces counts three times. exact: share of the frames after
    2 s whose number of boxes is the page's own, all found and none false. count_off: by how much the number was ever
    off then. confidences: (confidence, true) of the last boxes.
    """

    scenario: str
    puzzle: str
    layout: str
    seed: int
    frames: int = 0
    f1: float = math.nan
    precision: float = math.nan
    recall: float = math.nan
    locked: float = math.nan
    first_right: float = math.nan
    recovered: list[float] = field(default_factory=list)
    corner: float = math.nan
    residual: float = math.nan
    switches: int = 0
    jitter: float = math.nan
    empty: float = math.nan
    false_boxes: float = math.nan
    kinds: tuple[int, int] = (0, 0)
    box_kinds: tuple[int, int] = (0, 0)
    exact: float = math.nan
    count_off: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.scenario}, {self.puzzle} {self.layout}, seed {self.seed}"


def corner_error(found: tuple[geometry.Quad, geometry.Quad], true: tuple[geometry.Quad, geometry.Quad]) -> float:
    """How far the panels' corners are off in the mean, px."""
    return float(np.mean(np.linalg.norm(np.subtract(found, true), axis=2)))


def labels_of(truth: ClipTruth, now: ClipTruth | None = None) -> Labels:
    """What may be asked for in a frame, on panel A, frame px. now: the frame that says what is hidden, if another."""
    hidden = [d.hidden for d in (now or truth).differences]
    quads = list(zip((d.a for d in truth.differences), hidden, strict=True))
    shown, covered = (tuple(quad for quad, is_so in quads if is_so == wanted) for wanted in (False, True))
    return Labels(shown, covered, truth.panels[0])


def run_clip(
    filmed: Filmed,
    settings: Settings,
    result: ClipResult,
    *,
    events: Sequence[float] = (),
    tick: Callable[[int], None] = lambda n: None,
) -> ClipResult:
    """Play the whole of `filmed` through a new Spotter, and fill `result` in.

    events: s, bumps and returns after which recovery is looked for. tick(n): n frames are done.
    """
    spotter = Spotter(settings)
    watch = _Watch(result)
    due = 0.0
    with filmed:
        while (frame := filmed.read()) is not None:
            analyse = frame.time >= due - 5e-4
            if analyse:
                due = max(due + 1.0 / settings.analysis_rate, frame.time)
            spotting = spotter.step(frame, analyse)
            watch.see(spotting, filmed.truth(frame.index))
            tick(1)
    inspection = spotter.inspect()
    if inspection is not None:
        result.residual = float(inspection.residual_px)
    watch.finish(events)
    return result


class _Watch:
    """Takes every frame's spotting and truth, and works the numbers out at the end."""

    def __init__(self, result: ClipResult) -> None:
        self.result = result
        self.f1: list[tuple[float, float, bool]] = []  # time, F1, in view
        self.total = Score()
        self.after = self.right_f1 = 0.0
        self.locked = 0
        self.corners: list[float] = []
        self.offsets: dict[tuple[int, int], list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = {}
        self.ids: dict[int, int] = {}
        self.without = 0
        self.last: tuple[FrameResult, ClipTruth] | None = None

    def see(self, spotting: FrameResult, truth: ClipTruth) -> None:
        """One frame."""
        labels = labels_of(truth)
        got = score([d.a for d in spotting.differences], labels)
        self.f1.append((truth.time, got.f1, truth.in_view))
        self.result.frames += 1
        self.without += not spotting.differences
        if truth.in_view and math.isnan(self.result.first_right) and spotting.analysed and got.f1 >= RIGHT:
            self.result.first_right = truth.time
        self._follow(spotting, truth)
        if truth.in_view and truth.time >= SETTLED:
            self.after += 1
            self.right_f1 += got.f1
            self.total += got
            self.result.count_off = max(self.result.count_off, abs(got.boxes - len(labels.differences)))
            if spotting.state is State.LOCKED and spotting.panels is not None:
                self.locked += 1
                self.corners.append(corner_error(spotting.panels, truth.panels))
        if spotting.differences and truth.in_view:
            self.last = spotting, truth

    def _follow(self, spotting: FrameResult, truth: ClipTruth) -> None:
        """Identities and offsets of the boxes that lie on a true difference."""
        for number, true in enumerate(truth.differences):
            on_it = [d for d in spotting.differences if overlap(d.a, true.a) > 0.25 * abs(geometry.area(true.a))]
            if not on_it:
                continue
            before = self.ids.get(number)
            same = [d for d in on_it if d.id == before]
            best = same[0] if same else max(on_it, key=lambda d: overlap(d.a, true.a))
            if before is not None and not same:
                self.result.switches += 1
            self.ids[number] = best.id
            if truth.time >= SETTLED:
                offset = best.a.mean(axis=0) - true.a.mean(axis=0)
                self.offsets.setdefault((number, best.id), []).append(offset)

    def finish(self, events: Sequence[float] = ()) -> None:
        """Fill the result in."""
        result = self.result
        if self.after:
            result.f1 = self.right_f1 / self.after
            result.precision, result.recall = self.total.precision, self.total.recall
            result.locked = self.locked / self.after
            result.exact = self.total.exact / self.after
            result.false_boxes = self.total.false / self.after
        result.empty = self.without / max(result.frames, 1)
        if self.corners:
            result.corner = float(np.median(self.corners))
        long = [np.asarray(o) for o in self.offsets.values() if len(o) >= 30]
        if long:
            result.jitter = float(np.sqrt(np.mean([np.mean(((o - o.mean(axis=0)) ** 2).sum(axis=1)) for o in long])))
        result.recovered = [self._recovery(e) for e in events if e < self.f1[-1][0] - 1.0] if self.f1 else []
        if self.last is not None:
            self._judge(*self.last)

    def _recovery(self, event: float) -> float:
        """From the event (the page in view again, for a return) to the first right frame after the first wrong one."""
        in_view = [(t, f1) for t, f1, view in self.f1 if view and event <= t <= event + EVENT]
        if not in_view:
            return math.inf
        begin = in_view[0][0]
        wrong = next((t for t, f1 in in_view if f1 < RIGHT and t - begin < 1.0), None)
        if wrong is None:
            return 0.0
        return next((t - begin for t, f1 in in_view if t > wrong and f1 >= RIGHT), math.inf)

    def _judge(self, spotting: FrameResult, truth: ClipTruth) -> None:
        """Kinds and confidences of the last boxes."""
        visible = [t for t in truth.differences if not t.hidden]
        labels = labels_of(truth)
        told: dict[int, list[tuple[float, bool]]] = {}
        for difference in spotting.differences:
            true = true_on(difference.a, visible)
            false = score([difference.a], labels).false
            self.result.confidences.append((difference.confidence, not false))
            if true is not None:
                right = str(difference.kind) == str(true.kind)
                told.setdefault(visible.index(true), []).append((overlap(difference.a, true.a), right))
        boxes = [right for those in told.values() for _, right in those]
        self.result.box_kinds = (sum(boxes), len(boxes))
        self.result.kinds = (sum(max(those)[1] for those in told.values()), len(told))


def true_on(quad: geometry.Quad, truths: Sequence[OneMarked]) -> OneMarked | None:
    """The true difference on which a box lies on panel A, frame px, if any."""
    best, found = 0.0, None
    for true in truths:
        shared = overlap(quad, true.a)
        if shared > best and score([quad], Labels((true.a,), (), quad)).found:
            best, found = shared, true
    return found
