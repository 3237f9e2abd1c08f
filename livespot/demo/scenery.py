"""What a drawn scene is: a list of objects from back to front, so that a difference is an edited object.

In: a scene (its items and aspect). Out: its picture, BGR uint8, and how far each item reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo.canvas import Bounds, Canvas, Colour
from livespot.frame import Image

Painter = Callable[[Canvas, "Item"], None]


@dataclass(frozen=True)
class Item:
    """One object of a scene.

    paint: draws it around (0, 0), about one local unit large; the item gives the colour, style and seed.
    x, y, size: where it stands and how large it is, scene units (the picture is 1 high).
    style: which variant, of `styles` variants. colours: what it may be recoloured to.
    slide: how far it may be moved (right, down), scene units; (0, 0): it cannot.
    removable: it can be left out without leaving a hole. resizable: it can stand there larger or smaller.
    """

    name: str
    paint: Painter
    x: float
    y: float
    size: float
    colour: Colour = (255, 255, 255)
    style: int = 0
    styles: int = 1
    angle: float = 0.0
    mirror: bool = False
    seed: int = 0
    colours: tuple[Colour, ...] = ()
    slide: tuple[float, float] = (0.0, 0.0)
    removable: bool = True
    resizable: bool = True
    turnable: bool = False

    def rng(self) -> np.random.Generator:
        """The item's own random numbers: the same whenever it is drawn."""
        return np.random.default_rng([self.seed, 7919])


@dataclass(frozen=True)
class Scene:
    """A picture to draw.

    aspect: width over height. background: drawn first, never edited. items: back to front. grain: strength of the
    printed texture laid over everything, grey levels. line_art: black on white, so nothing can be recoloured.
    """

    name: str
    title: str
    aspect: float
    background: Callable[[Canvas], None]
    items: tuple[Item, ...]
    grain: float = 4.0
    line_art: bool = False
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Drawing:
    """image: (h, w, 3) uint8 BGR. reach: per item its bounds in px (left, top, right, bottom), None when unseen."""

    image: Image
    reach: tuple[Bounds | None, ...]


def paper_grain(size: tuple[int, int], strength: float, seed: int) -> NDArray[np.float32]:
    """Texture of paint and paper at several scales, (h, w) float32 grey levels, about `strength` rms."""
    rng = np.random.default_rng([seed, 104729])
    width, height = size
    total = np.zeros((height, width), np.float32)
    for cell, share in ((2.0, 0.6), (6.0, 0.7), (24.0, 0.5)):
        grid = rng.standard_normal((int(height / cell) + 3, int(width / cell) + 3)).astype(np.float32)
        total += share * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(total * (strength / max(float(total.std()), 1e-6)), np.float32)


class Studio:
    """Draws one scene again and again with other items; the background and the grain are made once.

    height: of the pictures, px. detail: how much larger they are drawn before they are reduced.
    """

    def __init__(self, scene: Scene, height: int, detail: int = 2) -> None:
        self.scene = scene
        self.size = (round(height * scene.aspect), height)
        self._detail = detail
        canvas = Canvas(self.size, detail)
        scene.background(canvas)
        self._background = canvas.image
        self._grain = paper_grain(self.size, scene.grain, scene.seed)[..., None] if scene.grain > 0 else None

    def draw(self, items: Sequence[Item | None] | None = None) -> Drawing:
        """The picture with these items (None leaves one out); the scene's own when not given."""
        canvas = Canvas(self.size, self._detail, background=self._background)
        reach: list[Bounds | None] = []
        for item in self.scene.items if items is None else items:
            canvas.touched = None
            if item is not None:
                with canvas.at(item.x, item.y, item.size, item.angle, item.mirror):
                    item.paint(canvas, item)
            t, h = canvas.touched, self.size[1]
            reach.append(None if t is None else (t[0] * h, t[1] * h, t[2] * h, t[3] * h))
        image = canvas.finished()
        if self._grain is not None:
            image = np.clip(image.astype(np.float32) + self._grain, 0, 255).astype(np.uint8)
        return Drawing(image, tuple(reach))


def draw(scene: Scene, height: int, detail: int = 2) -> Image:
    """The scene `height` px high."""
    return Studio(scene, height, detail).draw().image
