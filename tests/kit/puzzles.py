"""Small puzzles for tests of spotting: pictures drawn in a moment, and one printed page filmed once."""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo import DemoSource, FrameTruth, Layout, Page, Scenario, compose, open_demo
from livespot.frame import Frame, Image
from livespot.geometry import Points

SIZE = (640, 480)  # px of the clips
BOXES = ((40, 40, 34, 30), (180, 60, 30, 30), (60, 150, 26, 40), (230, 160, 36, 30))  # where `changed` changes


def scene(seed: int = 0, size: tuple[int, int] = (320, 240)) -> Image:
    """A picture (h, w, 3) uint8 full of shapes: (width, height) px."""
    rng = np.random.default_rng(seed)
    width, height = size
    ramp = np.linspace(90, 170, width)[None, :, None] + np.linspace(-25, 25, height)[:, None, None]
    picture = np.clip(ramp + np.array([20.0, 0.0, -20.0]), 0, 255).astype(np.uint8).repeat(1, axis=0)
    for _ in range(width * height // 700):
        x, y, r = int(rng.integers(width)), int(rng.integers(height)), int(rng.integers(4, 16))
        colour = tuple(int(v) for v in rng.integers(20, 236, 3))
        if rng.uniform() < 0.5:
            cv2.circle(picture, (x, y), r, colour, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(picture, (x, y), (x + r, y + int(rng.integers(4, 16))), colour, -1)
    return np.ascontiguousarray(picture)


def changed(picture: Image) -> Image:
    """The picture with an object put at each of BOXES."""
    other = picture.copy()
    for i, (x, y, w, h) in enumerate(BOXES):
        colour = ((30, 30, 220), (30, 200, 30), (220, 60, 30), (20, 20, 20))[i]
        cv2.ellipse(other, (x + w // 2, y + h // 2), (w // 2, h // 2), 0, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(other, (x + w // 2, y + h // 2), (w // 2, h // 2), 0, 0, 360, (250, 250, 250), 2, cv2.LINE_AA)
    return other


@functools.cache
def page(kind: str = "side", differs: bool = True, seed: int = 0) -> Page:
    """A printed page with two panels of 320 x 240 px, one above or beside the other."""
    a = scene(seed)
    b = changed(a) if differs else a.copy()
    kinds = ["added"] * len(BOXES) if differs else []
    return compose("blobs", a, b, BOXES if differs else (), Layout(kind), kinds, "Blobs")


def film(printed: Page, scenario: str | Scenario, seconds: float = 1.0, fps: float = 10.0, seed: int = 0) -> DemoSource:
    """A clip of a page, 640 x 480 px."""
    return open_demo("blobs", page=printed, size=SIZE, fps=fps, seconds=seconds, seed=seed, scenario=scenario)


@functools.cache
def clip(scenario: str, frames: int, differs: bool = True, kind: str = "side") -> tuple[tuple[Frame, FrameTruth], ...]:
    """The first frames of a clip with their truth, rendered once for all tests."""
    with film(page(kind, differs), scenario, seconds=frames / 10.0) as source:
        return tuple((frame, source.truth(frame.index)) for frame in iter(source.read, None))


def on_both(scenario: str, frame: int) -> tuple[Points, Points]:
    """Where 63 points all over panel A and the same of panel B really are in a frame of `clip`, px."""
    printed = page()
    u, v = (g.reshape(-1, 1) for g in np.meshgrid(np.linspace(0.1, 0.9, 9), np.linspace(0.1, 0.9, 7)))
    with film(printed, scenario) as source:
        a, b = (
            source.webcam.to_frame(frame, q[0] + u * (q[1] - q[0]) + v * (q[3] - q[0])) for q in (printed.a, printed.b)
        )
    return a, b


def noisy(picture: Image, seed: int, sigma: float = 10.0) -> Image:
    return np.clip(picture + np.random.default_rng(seed).normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def everywhere(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """A mask that leaves nothing out."""
    return np.ones(picture.shape[:2], np.bool_)


def covers(box: tuple[int, int, int, int], wanted: tuple[int, int, int, int]) -> bool:
    """Whether two boxes share more than half of the smaller one."""
    width = min(box[0] + box[2], wanted[0] + wanted[2]) - max(box[0], wanted[0])
    height = min(box[1] + box[3], wanted[1] + wanted[3]) - max(box[1], wanted[1])
    return 2 * max(0, width) * max(0, height) > min(box[2] * box[3], wanted[2] * wanted[3])
