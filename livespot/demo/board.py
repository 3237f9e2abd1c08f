"""The simulated webcam looking at the calibration board, which somebody moves about and holds still now and then.

In: how the camera is built (a Scenario), a size, a seed. Out: a source of frames whose lens is known exactly: `focal`,
`centre`, `distortion`; and any single view at a pose of the caller's choice (`BoardCamera.view`).
"""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.calibration import board as target
from livespot.calibration.sheet import as_image
from livespot.demo.camera.desk import wood
from livespot.demo.camera.motion import Waves, eased
from livespot.demo.camera.optics import Bend, Camera, Pose
from livespot.demo.camera.sensor import Sensor
from livespot.demo.camera.webcam import FOCAL, Simulated
from livespot.demo.scenario import Scenario
from livespot.frame import Image
from livespot.geometry import Points

PX_PER_MM = 5.0
STEPS = 3  # sizes of the print an octave
HOLD, TRAVEL = 1.5, 0.8  # seconds that the board is held still, and takes to the next place


class BoardCamera:
    """A camera of that scenario's lens and sensor in front of the printed board."""

    def __init__(self, scenario: Scenario, size: tuple[int, int], seed: int, bend: Bend | None = None) -> None:
        self.size = size
        self.scenario = replace(scenario, defocus=min(scenario.defocus, 0.8))
        self.focal = FOCAL * size[0]
        self.centre = ((size[0] - 1) / 2, (size[1] - 1) / 2)
        self.distortion = (scenario.k1, scenario.k2, 0.0, 0.0, 0.0)
        self._optics = Camera(size, self.focal, scenario.k1, scenario.k2, bend)
        self._sensor = Sensor(self.scenario, size, seed)
        printed = as_image(target.sheet("A4"), PX_PER_MM)
        rng = np.random.default_rng([seed, 99])
        pad = 200
        height, width = printed.shape[:2]
        wide, high = width + 2 * pad, height + 2 * pad
        room = np.asarray(cv2.resize(wood(rng, high // 4, wide // 4), (wide, high)))
        room[pad : pad + height, pad : pad + width] = printed
        # Print is not ink on light: paper reflects a good part, black a little.
        self._print = np.asarray(cv2.convertScaleAbs(room, alpha=0.86, beta=18), np.uint8)
        self._middle = (pad + (width - 1) / 2, pad + (height - 1) / 2)
        self._prints: dict[int, Image] = {0: self._print}

    def pose(self, x: float, y: float, fill: float, pitch: float, yaw: float, roll: float) -> Pose:
        """The sheet's middle at (x, y), shares of the frame from its middle. fill: its width, share of the frame's."""
        width = 297 * PX_PER_MM
        distance = self.focal * width / (fill * self.size[0])
        return Pose(x * self.size[0], y * self.size[1], distance, pitch, yaw, roll)

    def view(self, pose: Pose, index: int = 0, smear: tuple[float, float] = (0.0, 0.0)) -> Image:
        """The frame at that pose, (H, W, 3) uint8 BGR. index: chooses the noise."""
        scale = self.focal / pose.distance  # frame px a print px
        level = int(np.clip(math.floor(STEPS * math.log2(0.95 / max(scale, 1e-6))), 0, 4 * STEPS))
        print_px = self._optics.enlarged((self._optics.sheet_nodes(pose) + np.array(self._middle)).astype(np.float32))
        picture, share = self._reduced(level)
        there = ((print_px + 0.5) * share - 0.5).astype(np.float32)
        image = cv2.remap(picture, there, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return self._sensor.deliver(image, index / 30.0, index, smear)

    def _reduced(self, level: int) -> tuple[Image, float]:
        """The print smaller by 2^(level / STEPS), so that a far board is not aliased; and by what share."""
        share = 2 ** (-level / STEPS)
        if level not in self._prints:
            smaller = cv2.resize(self._print, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
            self._prints[level] = np.asarray(smaller, np.uint8)
        return self._prints[level], share

    def corners(self, pose: Pose) -> Points:
        """Where the board's inner corners truly are in the frame, (N, 2) px, ordered by id."""
        left, top = target.place_on_sheet("A4")
        print_px = (target.corner_points() + np.array([left, top])) * PX_PER_MM - 0.5
        middle = ((297 * PX_PER_MM - 1) / 2, (210 * PX_PER_MM - 1) / 2)
        return self._optics.project(print_px - middle, pose)


class BoardSource(Simulated):
    """The board goes from place to place, and rests at each."""

    def __init__(
        self,
        scenario: Scenario,
        size: tuple[int, int],
        fps: float,
        seed: int,
        *,
        seconds: float | None = None,
        realtime: bool = False,
    ) -> None:
        name = "demo:board" if scenario.name == "desk" else f"demo:board/{scenario.name}"
        super().__init__(name, f"demo:k1={scenario.k1:g},k2={scenario.k2:g}", fps, seconds, realtime)
        self.camera = BoardCamera(scenario, scenario.size or size, seed)
        self._seed = seed
        self._tremor = Waves.random(np.random.default_rng([seed, 71]), 3, 0.8, 12.0, True)

    def pose(self, time: float) -> Pose:
        """Where the board is `time` seconds after the start."""
        stop, since = divmod(time, HOLD + TRAVEL)
        share = eased((since - HOLD) / TRAVEL)
        here, there = self._stop(int(stop)), self._stop(int(stop) + 1)
        tremor = self._tremor.at(time)[[0, 1, 2, 0, 1, 2]] * [0.0005, 0.0007, 0.001, 0.12, 0.12, 0.08]
        at = here + (there - here) * share + tremor
        return self.camera.pose(*(float(v) for v in at))

    def _stop(self, number: int) -> NDArray[np.float64]:
        """The place of rest with that number: middle, edges, near, far, and tilted every way, over and over."""
        rng = np.random.default_rng([self._seed, number, 3])
        fill = (0.62, 0.55, 0.5, 0.85, 0.38)[number % 5]
        x, y = ((0.0, 0.0), (-0.24, 0.12), (0.24, -0.14), (0.02, 0.0), (-0.3, -0.25), (0.3, 0.25))[number % 6]
        pitch, yaw = ((0, 0), (36, 0), (0, 36), (-36, 0), (0, -36), (24, 24), (-24, -24))[number % 7]
        jitter = rng.uniform(-1, 1, 6) * [0.03, 0.03, 0.03, 5, 5, 8]
        return np.asarray(np.array([x, y, fill, pitch, yaw, 0.0]) + jitter, np.float64)

    def image(self, index: int) -> Image:
        time = index / self.fps
        shutter = self.camera.scenario.exposure / 2
        before, after = (
            self.camera.corners(self.pose(max(0.0, t))).mean(axis=0) for t in (time - shutter, time + shutter)
        )
        smear = after - before
        return self.camera.view(self.pose(time), index, (float(smear[0]), float(smear[1])))
