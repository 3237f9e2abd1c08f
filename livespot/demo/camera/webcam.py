"""The simulated webcam: a printed page filmed by a hand-held camera, with the truth for every frame.

In: a Page, a Scenario, a seed. Out: frames (livespot.frame.Source) and FrameTruth. Frame n is a function of n alone:
the same seed gives the same bits, in any order. The map from page to frame is exact, lens distortion and bent paper
included.
"""

import math
import threading
import time as clock
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from livespot.demo.camera.desk import World, lay_out
from livespot.demo.camera.disturbance import Glare, Hand
from livespot.demo.camera.motion import Motion
from livespot.demo.camera.optics import Bend, Camera, Pose
from livespot.demo.camera.sensor import Sensor
from livespot.demo.page import Page
from livespot.demo.scenario import Scenario
from livespot.errors import UsageError
from livespot.frame import Frame, Image, Source
from livespot.geometry import Box, Points, Quad

FOCAL = 0.95  # of the frame's width: a field of view of 55 degrees across
LARGEST = 7680  # px a side of a frame: 8K; a picture of the desk is kept that is larger still
HIDDEN = 0.35  # a difference with more of it covered than this cannot fairly be asked for


@dataclass(frozen=True, eq=False)
class TrueDifference:
    """One planted difference in one frame.

    kind, what: see puzzle.Planted. box: px of panel A as printed. a, b: its quads, frame px. hidden_a, hidden_b: share
    of it that glare, a hand or the frame's edge covers on each panel.
    """

    kind: str
    box: Box
    a: Quad
    b: Quad
    hidden_a: float
    hidden_b: float
    what: str = ""

    @property
    def hidden(self) -> bool:
        """Whether it cannot be seen on one panel or the other."""
        return max(self.hidden_a, self.hidden_b) > HIDDEN


@dataclass(frozen=True, eq=False)
class FrameTruth:
    """What is really in a frame.

    panels: quads of panel A and B, frame px; they may lie outside the frame. visible: share of the panels' area that is
    inside the frame. in_view: nearly all of it (97 %).
    """

    index: int
    time: float
    panels: tuple[Quad, Quad]
    visible: float
    in_view: bool
    differences: tuple[TrueDifference, ...]


class Webcam:
    """Films one page. `image(index)` and `truth(index)` take any index, in any order."""

    def __init__(self, page: Page, scenario: Scenario, *, size: tuple[int, int], fps: float, seed: int) -> None:
        if size[0] < 64 or size[1] < 48:
            raise UsageError(f"demo frames of {size[0]}x{size[1]} px are too small; use 64x48 or more")
        if max(size) > LARGEST:
            raise UsageError(f"demo frames of {size[0]}x{size[1]} px are too large; use {LARGEST} px a side at most")
        self.page, self.scenario, self.size, self.fps = page, scenario, size, fps
        height, width = page.image.shape[:2]
        focal = FOCAL * size[0]
        # Frame px a page px when the page fills the frame as asked; the world is kept a little finer than that.
        scale = scenario.fill * min(size[0] / width, size[1] / height)
        finer = min(1.2, max(1.0, 1.0 / scale))
        world_scale = scale * finer
        bend = _bend(scenario, width * world_scale, seed)
        self.camera = Camera(size, focal, scenario.k1, scenario.k2, bend)
        # Half as much desk again as the frame shows, or twice as much: past its edge the world repeats.
        self._border = cv2.BORDER_WRAP if scenario.leaves else cv2.BORDER_REPLICATE
        least = 1.5 * finer * size[0], 1.5 * finer * size[1]
        if scenario.leaves:  # the page goes further, and must not come round again
            least = 2.0 * finer * size[0] + width * world_scale, least[1]
        self.world: World = lay_out(page, world_scale, scenario, bend, least, seed)
        self.motion = Motion(scenario, size[0], size[1], focal * world_scale / scale, seed)
        self._sensor = Sensor(scenario, size, seed)
        shines = scenario.glare > 0 or scenario.veil > 0
        self._glare = Glare(scenario, width * world_scale, height * world_scale, seed) if shines else None
        self._hand = Hand(scenario, size, seed) if scenario.finger > 0 else None

    def time(self, index: int) -> float:
        return index / self.fps

    def image(self, index: int) -> Image:
        """Frame number `index`, (H, W, 3) uint8 BGR."""
        time = self.time(index)
        pose = self.motion.pose(time)
        nodes = self.camera.sheet_nodes(pose)
        target = self.camera.enlarged((nodes + self.world.middle).astype(np.float32))
        image = cv2.remap(self.world.picture, target, None, cv2.INTER_LINEAR, borderMode=self._border)  # type: ignore[call-overload]
        if self._glare is not None:
            self._glare.lay_on(image, nodes, self.camera, time)
        if self._hand is not None:
            self._hand.lay_on(image, time)
        return self._sensor.deliver(image, time, index, self._smear(time))

    def to_frame(self, index: int, page_points: ArrayLike) -> Points:
        """Page px (N, 2) to px of frame `index` (N, 2), exactly."""
        return self.camera.project(self.world.sheet(page_points), self.motion.pose(self.time(index)))

    def truth(self, index: int) -> FrameTruth:
        time = self.time(index)
        pose = self.motion.pose(time)
        panels = self._frame_px(self.page.a, pose), self._frame_px(self.page.b, pose)
        visible = min(
            float(np.mean(self._inside(self._frame_px(_samples(q, 12), pose)))) for q in (self.page.a, self.page.b)
        )
        differences = []
        for d in self.page.differences:
            a, b = self._frame_px(d.a, pose), self._frame_px(d.b, pose)
            hidden_a, hidden_b = self._hidden(d.a, pose, time), self._hidden(d.b, pose, time)
            differences.append(TrueDifference(d.kind, d.box, a, b, hidden_a, hidden_b, d.what))
        return FrameTruth(index, time, panels, visible, visible >= 0.97, tuple(differences))

    def _frame_px(self, page_points: ArrayLike, pose: Pose) -> Points:
        return self.camera.project(self.world.sheet(page_points), pose)

    def _inside(self, points: Points) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.asarray(((points >= -0.5) & (points <= np.array(self.size) - 0.5)).all(axis=1))

    def _hidden(self, quad: Quad, pose: Pose, time: float) -> float:
        samples = _samples(quad, 6)
        points = self._frame_px(samples, pose)
        covered = ~self._inside(points)
        if self._glare is not None:
            covered |= self._glare.cover(self.world.sheet(samples), time) > 0.6
        if self._hand is not None:
            covered |= self._hand.cover(points, time) > 0.5
        return float(np.mean(covered))

    def _smear(self, time: float) -> tuple[float, float]:
        """How far the page's middle moves while the shutter is open, px."""
        half = self.scenario.exposure / 2
        before, after = (
            self.camera.project([[0.0, 0.0]], self.motion.pose(max(0.0, t)))[0] for t in (time - half, time + half)
        )
        return float(after[0] - before[0]), float(after[1] - before[1])


def _samples(quad: Quad, count: int) -> Points:
    """count x count points spread over a quad."""
    t = (np.arange(count) + 0.5) / count
    u, v = (g.reshape(-1, 1) for g in np.meshgrid(t, t))
    q = np.asarray(quad, np.float64)
    return np.asarray((1 - v) * ((1 - u) * q[0] + u * q[1]) + v * ((1 - u) * q[3] + u * q[2]))


def _bend(scenario: Scenario, page_width: float, seed: int) -> Bend:
    """How the paper lies: a wave or two along it, flat again outside the page."""
    if scenario.curl <= 0:
        return Bend.none()
    rng = np.random.default_rng([seed, 2003])
    reach = page_width * 0.62
    s = np.linspace(-reach, reach, 2001)
    u = s / (page_width / 2)
    wave = np.sin(np.pi * u * rng.uniform(0.7, 1.3) + rng.uniform(0, 2 * np.pi)) + 0.35 * np.sin(
        2.3 * np.pi * u + rng.uniform(0, 2 * np.pi)
    )
    window = np.clip((1.22 - np.abs(u)) / 0.3, 0, 1)
    slope = wave * window * window * (3 - 2 * window)
    slope *= math.radians(scenario.curl) / np.abs(slope).max()
    slope[0] = slope[-1] = 0.0
    return Bend(float(rng.uniform(-25, 25)), s, slope)


class Simulated(Source):
    """Frames that are drawn when they are asked for. In real time each comes when it is due; who is late misses
    some.

    seconds: how long it goes on; None: for ever.
    """

    def __init__(self, name: str, identity: str, fps: float, seconds: float | None, realtime: bool) -> None:
        super().__init__()
        self.name, self.identity, self.live = name, identity, realtime
        self.fps: float = fps
        self.length = None if seconds is None else max(0, round(seconds * fps))
        self._index = 0
        self._start: float | None = None
        self._closed = threading.Event()

    def image(self, index: int) -> Image:
        """Frame number `index`, (H, W, 3) uint8 BGR."""
        raise NotImplementedError

    def _next(self) -> Frame | None:
        index = self._index
        if self.live:
            now = clock.monotonic()
            self._start = now if self._start is None else self._start
            # The newest frame that has begun: one that nobody read in time is gone, as with a camera.
            index = max(index, math.floor((now - self._start) * self.fps))
        if self._closed.is_set() or (self.length is not None and index >= self.length):
            return None
        self._index = index + 1
        image = self.image(index)
        if self._start is not None:
            due = self._start + (index + 1) / self.fps  # a camera hands a frame over when its time has passed
            if self._closed.wait(max(0.0, due - clock.monotonic())):
                return None
        return Frame(image, index / self.fps, index, clock.monotonic())

    def close(self) -> None:
        self._closed.set()
        super().close()


class DemoSource(Simulated):
    """The simulated webcam as a source of frames. It knows the truth: `truth(index)`.

    Scenarios with the same lens are filmed with the same camera, as its identity says.
    """

    def __init__(self, name: str, webcam: Webcam, seconds: float | None, realtime: bool) -> None:
        lens = f"demo:k1={webcam.scenario.k1:g},k2={webcam.scenario.k2:g}"
        super().__init__(name, lens, webcam.fps, seconds, realtime)
        self.webcam = webcam

    def image(self, index: int) -> Image:
        return self.webcam.image(index)

    def truth(self, index: int) -> FrameTruth:
        """What is really in frame `index`."""
        return self.webcam.truth(index)
