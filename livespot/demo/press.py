"""The printing press: ink on paper as dots, a little out of register, and the other side showing through.

In: a page as it was designed, BGR. Out: the page as it was printed, the same size. Cyan, magenta, yellow and black are
screened at the angles of four-colour offset print (75, 15, 0 and 45 degrees); coarse screens are a newspaper's.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image

ANGLES = (75.0, 15.0, 0.0, 45.0)  # of cyan, magenta, yellow, black
FINER = 2  # the dots are drawn on a grid so many times finer

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Press:
    """dots: px from dot to dot, 0 for none to be seen. gain: by how much ink spreads, share. shift: px, how far each
    ink is off its place at most. through: how much of the other side shows, share.
    """

    dots: float = 0.0
    gain: float = 0.0
    shift: float = 0.0
    through: float = 0.0


def printed_by(press: Press, page: Image, seed: int) -> Image:
    """`page`, (h, w, 3) uint8 BGR, as the press prints it."""
    rng = np.random.default_rng([seed, 4649])
    light = page.astype(np.float32) / np.float32(255.0)
    inks = _separated(light)
    if press.through > 0:
        behind = cv2.GaussianBlur(inks[:, ::-1], (0, 0), 2.0)
        inks = np.maximum(inks, np.float32(press.through) * behind)
    for ink in range(4):
        dx, dy = rng.uniform(-press.shift, press.shift, 2)
        if press.shift > 0:
            matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
            size = (page.shape[1], page.shape[0])
            own = np.ascontiguousarray(inks[..., ink])
            inks[..., ink] = cv2.warpAffine(own, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        if press.gain > 0:
            inks[..., ink] += np.float32(press.gain * 4) * inks[..., ink] * (1 - inks[..., ink])
        if press.dots > 0:
            own, phase = np.ascontiguousarray(inks[..., ink]), rng.uniform(0, press.dots, 2)
            inks[..., ink] = _screened(own, press.dots, ANGLES[ink], phase)
    colour = 1.0 - inks[..., 2::-1]  # yellow takes the blue away, magenta the green, cyan the red
    colour *= 1.0 - inks[..., 3:]
    return np.asarray(np.clip(colour * 255.0 + 0.5, 0, 255), np.uint8)


def _separated(light: Floats) -> Floats:
    """Cyan, magenta, yellow, black (h, w, 4), 0 to 1: three quarters of the grey is printed in black."""
    taken = 1.0 - light[..., ::-1]
    black = np.float32(0.75) * taken.min(axis=2)
    rest = 1.0 - (1.0 - taken) / np.maximum(1.0 - black[..., None], 1e-3)
    return np.asarray(np.dstack([np.clip(rest, 0, 1), black]), np.float32)


def _screened(ink: Floats, dots: float, angle: float, phase: NDArray[np.float64]) -> Floats:
    """An ink (h, w) as dots whose size follows it."""
    height, width = ink.shape
    fine = cv2.resize(ink, (width * FINER, height * FINER), interpolation=cv2.INTER_LINEAR)
    y, x = np.mgrid[0 : height * FINER, 0 : width * FINER].astype(np.float32) / np.float32(FINER)
    cos, sin = (np.float32(f(np.radians(angle))) for f in (np.cos, np.sin))
    turn = np.float32(2 * np.pi / dots)
    wave = np.cos((x * cos + y * sin + np.float32(phase[0])) * turn)
    wave += np.cos((y * cos - x * sin + np.float32(phase[1])) * turn)
    # where such a wave lies below a level, by shares of the area: a cubic is close enough
    level = np.float32(0.5) + wave * np.float32(0.25) * (np.float32(1.27) - np.float32(0.0675) * wave * wave)
    edge = np.float32(min(0.5, 1.5 / (FINER * dots)))
    cover = np.clip((fine - level) / edge + 0.5, 0.0, 1.0)
    return np.asarray(cv2.resize(cover.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA), np.float32)
