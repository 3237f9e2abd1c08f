"""The foreign camera: a cheap webcam in a hand films a printed page, with the truth of every frame.

An idea of its own of what happens between paper and picture, written without a look at the demo's webcam or at the
training room's: it is to show what the product's own simulation hides. Keep it so: mend it from physics alone.
In: a printed Sheet and a seed. Out: a source of frames; all that happens in a clip is drawn from the seed.

World: sheet px about the middle of the sheet, z away from the camera, the table at z = 0. The sheet is a cylinder over
it, rolled without stretching. Light is linear, 1 is white paper in the lamp; then come lens, sensor, curve and JPEG.
"""

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from kit.foreign.light import Light, Tremor
from kit.foreign.page import Doubles, Floats, Sheet, press, table
from kit.foreign.sensor import SRGB, Sensor
from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Points, Quad

STEP = 8  # px between the nodes in which geometry and light are worked out
SIZES = ((640, 480), (800, 600), (1280, 720), (1280, 720))
COVERED = 0.35  # of a difference, on either panel: so much under a finger, burnt out or beyond the frame is hidden
INNER = (np.mgrid[0:9, 0:9].reshape(2, -1).T + 0.5) / 9
SKIN = np.float32([(0.17, 0.26, 0.45), (0.30, 0.42, 0.64), (0.05, 0.09, 0.17)])  # linear BGR


@dataclass(frozen=True, eq=False)
class Mark:
    """A labelled difference in a frame: quads on panel A and B, frame px. What is not meant counts as hidden."""

    a: Quad
    b: Quad
    hidden: bool
    kind: str = ""


@dataclass(frozen=True, eq=False)
class Truth:
    """Of one frame: its time in s, the panels' quads in frame px, whether they lie wholly in it, the differences."""

    time: float
    panels: tuple[Quad, Quad]
    in_view: bool
    differences: tuple[Mark, ...]


class ForeignCamera:
    """A Source of `seconds` of film. still: on a stand, under steady light, with nothing in the way.

    size, fps: its own when 0.
    """

    name, live = "foreign camera", False

    def __init__(
        self, sheet: Sheet, seed: int, seconds: float, *, size: tuple[int, int] = (0, 0), fps: float = 0.0,
        still: bool = False,
    ) -> None:  # fmt: skip
        self._rng = rng = np.random.default_rng([seed, 0xF0])
        self.size = size if size[0] else SIZES[int(rng.integers(len(SIZES)))]
        upright = np.ptp(np.concatenate(sheet.panels), axis=0) @ (-1, 0.9) > 0
        if upright and not size[0] and rng.random() < 0.6:
            self.size = self.size[::-1]  # a telephone, held as the page stands
        own = float(rng.choice([20, 25, 30]))
        self.fps = fps or own
        self.length, self._next, self._still = round(seconds * self.fps), 0, still
        self._truth: list[Truth] = []
        paper = str(rng.choice(["offset", "offset", "newsprint", "inkjet"]))
        self._sheet, self._printed = sheet, press(sheet.image, rng, paper)
        self._extent = np.array(sheet.image.shape[1::-1], np.float64)
        self._bend(rng)
        self._stand(rng)
        camera = -_turns(self._angles[None])[0].T @ self._place
        self._light = Light(rng, self._extent, camera, glossy=paper != "newsprint" and rng.random() < 0.5, still=still)
        self._sensor = Sensor(rng, self.size, seconds, still=still)
        long = float(self._extent.max())
        lay = np.array([[0.4, 0, 0.6 * long], [0, 0.4, 0.6 * long], [0, 0, 1.0]])  # world to table px
        around = int(1.2 * long)
        on_it = lay @ np.array([[1, 0, -self._extent[0] / 2], [0, 1, -self._extent[1] / 2], [0, 0, 1]])
        self._lay, self._table = lay, table((around, around), on_it, (int(self._extent[0]), int(self._extent[1])), rng)
        self._skin = SKIN[int(rng.integers(len(SKIN)))]
        self._finger = rng.random() < 0.35 and not still
        self._comes, self._goes = rng.uniform(0.1, 0.4) * seconds, rng.uniform(0.6, 0.9) * seconds
        panel = sheet.panels[int(rng.integers(2))]
        self._tip = geometry.apply(geometry.between(geometry.rectangle(1, 1), panel), rng.uniform(0.15, 0.85, (1, 2)))
        self._from = rng.uniform(0.1, np.pi - 0.1)  # the hand lies below

    def _bend(self, rng: np.random.Generator) -> None:
        """The sheet's profile: height over arc length along one direction: a curl, a wave, the trace of a fold."""
        long = float(self._extent.max())
        turn = rng.choice([0, np.pi / 2, np.pi]) + rng.normal(0, 0.12)
        self._along = np.array([np.cos(turn), np.sin(turn)])
        self._arc = s = np.linspace(-0.8, 0.8, 801) * long
        curl = 0.16 * rng.uniform(0, 1) ** 2 * np.maximum(0, s / long - rng.uniform(-0.1, 0.2)) ** 2
        wave = 0.006 * rng.uniform(0, 1) * np.sin(2 * np.pi * s / long * rng.uniform(0.6, 1.4) + rng.uniform(0, 6))
        fold = -0.02 * (rng.random() < 0.3) * np.sqrt((s / long - rng.uniform(-0.1, 0.1)) ** 2 + 1e-4)
        self._high = (curl + wave + fold) * long
        self._high -= self._high[np.abs(s) < 0.6 * long].min()
        slope = np.gradient(self._high, s)
        self._flat = np.cumsum(np.sqrt(np.maximum(0.1, 1 - slope**2))) * (s[1] - s[0])
        self._flat -= np.interp(0, s, self._flat)
        self._slope = slope / np.sqrt(np.maximum(0.1, 1 - slope**2))

    def _stand(self, rng: np.random.Generator) -> None:
        """Where the camera is held, so that both panels are in view; its lens; its rays."""
        width, height = self.size
        self._focal = width / 2 / np.tan(np.radians(rng.uniform(54, 74)) / 2)
        self._barrel = rng.uniform(-0.09, 0.02), rng.uniform(-0.01, 0.01)
        self._readout = rng.uniform(0.012, 0.03) * (not self._still)
        corners = np.concatenate(self._sheet.panels)
        middle = (corners.min(axis=0) + corners.max(axis=0) - self._extent) / 2
        span = np.ptp(corners, axis=0) / np.array(self.size)
        self._angles = np.radians(rng.normal(0, (9, 9, 4)))
        far = self._focal * float(span.max()) / rng.uniform(0.82, 0.97)
        shake = rng.uniform(0.25, 1.3) * (not self._still)
        self._tremor = Tremor(rng, shake * np.array([0.010, 0.010, 0.010, 0.010 * far, 0.010 * far, 0.012 * far]))
        for _ in range(60):
            self._place = np.array([0, 0, far])
            self._place -= _turns(self._angles[None])[0] @ np.array([*middle, 0.0])
            seen = self.to_frame(corners, 0.0)
            if np.all(seen > 0.02 * height) and np.all(seen < np.array(self.size) - 0.02 * height):
                break
            far *= 1.02
        nodes = np.mgrid[0 : height // STEP + 2, 0 : width // STEP + 2] * float(STEP) - (STEP + 1) / 2
        self._rows, self._grid = nodes[0, :, 0], nodes.shape[1:]
        bent = np.stack([nodes[1] - (width - 1) / 2, nodes[0] - (height - 1) / 2], axis=-1) / self._focal
        ideal = bent.copy()
        for _ in range(12):
            ideal = bent / self._distortion(ideal)
        self._rays = np.concatenate([ideal, np.ones((*self._grid, 1))], axis=2)
        self._vignette = (1 / (1 + rng.uniform(0.2, 0.9) * (bent**2).sum(axis=2)) ** 2)[:, :, None].astype(np.float32)

    def _distortion(self, ideal: Doubles) -> Doubles:
        r2 = (ideal**2).sum(axis=-1, keepdims=True)
        return np.asarray(1 + self._barrel[0] * r2 + self._barrel[1] * r2**2)

    def _poses(self, times: Doubles) -> tuple[Doubles, Doubles]:
        """World to camera at each time: (N, 3, 3), (N, 3)."""
        moved = self._tremor.at(times)
        return _turns(self._angles + moved[:, :3]), self._place + moved[:, 3:]

    def to_frame(self, points: Points, time: float) -> Points:
        """Where points of the sheet, (N, 2) sheet px, are seen in the frame taken at `time` s, each in its own row."""
        flat = np.asarray(points, np.float64).reshape(-1, 2) - (self._extent - 1) / 2
        across = np.array([-self._along[1], self._along[0]])
        arc = flat @ self._along
        where = np.interp(arc, self._arc, self._flat)[:, None] * self._along + (flat @ across)[:, None] * across
        world = np.column_stack([where, -np.interp(arc, self._arc, self._high)])
        middle = (np.array(self.size) - 1) / 2
        seen = np.tile(middle, (len(world), 1))
        for _ in range(5):
            turns, shifts = self._poses(time + self._readout * (seen[:, 1] / self.size[1] - 0.5))
            x = np.einsum("nij,nj->ni", turns, world) + shifts
            ideal = x[:, :2] / np.maximum(x[:, 2:], 1e-6)
            seen = middle + self._focal * ideal * self._distortion(ideal)
        return seen

    def _meet(self, times: Doubles) -> tuple[Doubles, ...]:
        """At the nodes: place on the sheet, sheet px, and on the table; the sheet's place and normal; the camera."""
        turns, shifts = self._poses(times)
        rays = np.einsum("nji,nmj->nmi", turns, self._rays)
        eye = -np.einsum("nji,nj->ni", turns, shifts)[:, None, :]
        across = np.array([-self._along[1], self._along[0]])
        ground = (eye - rays * eye[..., 2:] / rays[..., 2:])[..., :2]
        high = np.zeros(self._grid)
        for _ in range(8):
            world = eye + rays * ((-high - eye[..., 2]) / rays[..., 2])[..., None]
            on = world[..., :2] @ self._along
            high = np.interp(on, self._flat, self._high)
        arc = np.interp(on, self._flat, self._arc)
        sheet = arc[..., None] * self._along + (world[..., :2] @ across)[..., None] * across + (self._extent - 1) / 2
        steep = np.interp(on, self._flat, self._slope)[..., None]
        normal = np.concatenate([-steep * self._along, -np.ones_like(steep)], axis=2) / np.sqrt(1 + steep**2)
        laid = ground @ self._lay[:2, :2] + self._lay[:2, 2]
        return sheet, laid, world, normal, eye

    def _fill(self, nodes: Floats | Doubles) -> Floats:
        """What is known at the nodes, at every px: (H, W) or (H, W, channels)."""
        whole = cv2.resize(nodes.astype(np.float32), None, fx=STEP, fy=STEP, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(whole[STEP:-STEP, STEP:-STEP], np.float32)

    def read(self) -> Frame | None:
        """The next frame."""
        if self._next >= self.length:
            return None
        index, now = self._next, self._next / self.fps
        self._next += 1
        times = now + self._readout * (self._rows / self.size[1] - 0.5)
        sheet, laid, world, normal, eye = self._meet(times)
        light, gloss = (self._fill(nodes * self._vignette) for nodes in self._light.on(times, world, normal, eye))
        half = self._extent / 2
        beyond = (np.abs(sheet + 0.5 - half) - half).max(axis=2)  # px over the sheet's edge
        on_it = np.clip(1 - self._fill(beyond) / np.float32(1.5), 0, 1)
        paper = cv2.remap(self._printed, self._fill(sheet), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        wood = cv2.remap(self._table, self._fill(laid), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        scene = cv2.LUT(cv2.blendLinear(paper, wood, on_it, 1 - on_it), SRGB)
        scene *= light
        gloss *= on_it
        scene += gloss[:, :, None]
        over = self._lay_finger(scene, light, now) if self._finger else None
        open_for = np.array([-0.5, 0.5]) * self._sensor.open
        run = np.subtract(*(self.to_frame(half[None], now + shift)[0] for shift in open_for))
        image = self._sensor.picture(scene, run, now)
        self._truth.append(self._look(now, gloss, image, over))
        return Frame(image, now, index, time.monotonic())

    def _lay_finger(self, scene: Floats, light: Floats, now: float) -> NDArray[np.uint8] | None:
        """A finger with its hand that points at something on a panel; where it is, 255."""
        out = 1 - min(1.0, max(0.0, (now - self._comes) / 0.4)) * min(1.0, max(0.0, (self._goes - now) / 0.4))
        if out >= 1:
            return None
        width = self.size[0]
        back = np.array([np.cos(self._from), np.sin(self._from)])
        stir = 0.008 * width * np.array([np.sin(2.9 * now), np.cos(2.3 * now)])
        tip = self.to_frame(self._tip, now)[0] + stir + back * width * 1.0 * out * out * (3 - 2 * out)
        cover = np.zeros(scene.shape[:2], np.uint8)
        wide = 0.042 * width
        for start, end, thick in ((0.0, 4.2, 1.0), (3.0, 4.4, 1.1), (5.0, 30.0, 4.2)):
            p, q = (tuple(int(v) for v in tip + back * wide * along) for along in (start, end))
            cv2.line(cover, p, q, 255, int(wide * thick), cv2.LINE_AA)
        aside = np.float32([[1, 0, 0.2 * wide], [0, 1, 0.25 * wide]])
        shade = cv2.blur(cv2.warpAffine(cover, aside, self.size), (int(0.4 * wide),) * 2)
        scene *= 1 - shade[:, :, None] / np.float32(255) * 0.45
        round_it = np.minimum(1, cv2.distanceTransform((cover > 127).astype(np.uint8), cv2.DIST_L2, 3) / (0.5 * wide))
        skin = self._skin * light * (0.45 + 0.55 * np.sqrt(1 - (1 - round_it) ** 2))[:, :, None]
        share = cv2.GaussianBlur(cover, (0, 0), 1.0)[:, :, None] / np.float32(255)
        scene *= 1 - share
        scene += skin * share
        return np.asarray(cover, np.uint8)

    def _look(self, now: float, gloss: Floats, image: Image, over: NDArray[np.uint8] | None) -> Truth:
        panels = self._sheet.panels
        a, b = self.to_frame(np.concatenate(panels), now).reshape(2, 4, 2)
        size = np.array(self.size)
        view = all(bool(np.all(quad > 0) and np.all(quad < size - 1)) for quad in (a, b))

        def lost(quad: Quad) -> bool:
            x, y = np.round(geometry.apply(geometry.between(geometry.rectangle(1, 1), quad), INNER)).astype(int).T
            inside = (x >= 0) & (y >= 0) & (x < size[0]) & (y < size[1])
            x, y = np.clip(x, 0, size[0] - 1), np.clip(y, 0, size[1] - 1)
            burnt = (gloss[y, x] > 0.2) & (image[y, x].min(axis=1) > 240)
            covered = np.zeros_like(burnt) if over is None else over[y, x] > 127
            return bool((~inside | burnt | covered).mean() > COVERED)

        quads = [quad for both in (*self._sheet.differences, *self._sheet.ignored) for quad in both]
        seen = self.to_frame(np.reshape(quads, (-1, 2)), now).reshape(-1, 2, 4, 2)
        meant = len(self._sheet.differences)
        marks = [Mark(on_a, on_b, n >= meant or lost(on_a) or lost(on_b)) for n, (on_a, on_b) in enumerate(seen)]
        return Truth(now, (a, b), view, tuple(marks))

    def truth(self, index: int) -> Truth:
        """Of a frame that was read."""
        return self._truth[index]

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _turns(angles: Doubles) -> Doubles:
    """Rotations about x, y, z in turn, (N, 3) radians to (N, 3, 3)."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(angles).T, np.cos(angles).T
    rows = [[cy * cz, sx * sy * cz - cx * sz, cx * sy * cz + sx * sz],
            [cy * sz, sx * sy * sz + cx * cz, cx * sy * sz - sx * cz],
            [-sy, sx * cy, cx * cy]]  # fmt: skip
    return np.moveaxis(np.array(rows), 2, 0)
