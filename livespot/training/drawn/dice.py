"""Random choices in few words, and the smooth random fields that light and paper are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Field = NDArray[np.floating[Any]]


class Dice:
    """A seeded source of choices; the same seed gives the same puzzles."""

    def __init__(self, seed: int | Sequence[int]) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def real(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """Both ends are included."""
        return int(self.rng.integers(low, max(low, high) + 1))

    def pick(self, things: Sequence[T]) -> T:
        return things[int(self.rng.integers(len(things)))]

    def colour(self) -> Field:
        """BGR, (3,) float32: grey once in five times."""
        if self.chance(0.2):
            return np.full(3, self.real(0, 255), np.float32)
        hsv = np.array([[[self.whole(0, 179), self.whole(60, 255), self.whole(90, 255)]]], np.uint8)
        return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0], np.float32)

    def paper(self) -> Field:
        """Mostly white or pale."""
        return np.full(3, self.real(215, 255), np.float32) if self.chance(0.6) else self.colour() * 0.5 + 110

    def field(self, shape: tuple[int, int], cells: float, channels: int = 1) -> Field:
        """Smooth noise of about that many bumps along the longer side, -1 to 1, (h, w, channels) float32."""
        h, w = shape
        size = [max(2, round(cells * side / max(h, w)) + 1) for side in (h, w)]
        coarse = self.rng.uniform(-1, 1, (*size, channels)).astype(np.float32)
        return np.asarray(cv2.resize(coarse, (w, h), interpolation=cv2.INTER_CUBIC), np.float32).reshape(h, w, channels)

    def noise(self, shape: tuple[int, ...], sigma: float = 1.0) -> Field:
        return self.rng.standard_normal(shape, np.float32) * np.float32(sigma)


def grid(shape: tuple[int, int]) -> tuple[Field, Field]:
    """x and y of every pixel, (1, w) and (h, 1) float32."""
    return np.arange(shape[1], dtype=np.float32)[None], np.arange(shape[0], dtype=np.float32)[:, None]


def blur(picture: Field, sigma: float) -> Field:
    """Gaussian blur that keeps a trailing axis of one channel."""
    if sigma < 0.25:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32).reshape(picture.shape)
