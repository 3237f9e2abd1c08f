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
class Sort:
    """What all objects of one sort have in common.

    paint: draws one around (0, 0), about one local unit large; the item gives the colour, style and seed.
    styles: how many variants there are. colours: what it may be recoloured to.
    slide: how far it may be moved (right, down), scene units; (0, 0): it cannot.
    removable: it can be left out without leaving a hole. resizable: it can stand there larger or smaller.
    """

    name: str
    paint: Painter
    styles: int = 1
    colours: tuple[Colour, ...] = ()
    slide: tuple[float, float] = (0.0, 0.0)
    removable: bool = True
    resizable: bool = True
    turnable: bool = False


@dataclass(frozen=True)
class Item:
    """One object of a scene.

    x, y, size: where it stands and how large it is, scene units (the picture is 1 high). style: which variant.
    """

    sort: Sort
    x: float
    y: float
    size: float
    colour: Colour = (255, 255, 255)
    style: int = 0
    angle: float = 0.0
    mirror: bool = False
    seed: int = 0

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


class Collection:
    """Gathers the items of a scene, back to front, with random choices of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([seed, 2])
        self.items: list[Item] = []

    def add(
        self,
        sort: Sort,
        x: float,
        y: float,
        size: float,
        colour: Colour = (255, 255, 255),
        *,
        angle: float = 0.0,
        mirror: bool | None = None,
    ) -> None:
        """See Item. The style is drawn by lot; so is mirror when None, of what is turnable."""
        seed = int(self.rng.integers(1 << 30))
        style = int(self.rng.integers(sort.styles))
        flipped = bool(self.rng.integers(2)) and sort.turnable if mirror is None else mirror
        self.items.append(Item(sort, x, y, size, colour, style, angle, flipped, seed))

    def pick(self, colours: Sequence[Colour]) -> Colour:
        return colours[int(self.rng.integers(len(colours)))]

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def spread(self, count: int, width: float, wobble: float = 0.2) -> list[float]:
        """`count` places along `width`, each off its even place by up to this share of the distance."""
        return [(k + 0.5 + self.between(-wobble, wobble)) * width / count for k in range(count)]


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

    height: of the pictures, px. detail: how much larger they are drawn before they are reduced. like: another studio of
    the same scene, whose background is resized instead of drawn.
    """

    def __init__(self, scene: Scene, height: int, detail: int = 2, like: Studio | None = None) -> None:
        self.scene = scene
        self.size = (round(height * scene.aspect), height)
        self._detail = detail
        canvas = Canvas(self.size, detail)
        if like is None:
            scene.background(canvas)
        else:
            own = (canvas.image.shape[1], canvas.image.shape[0])
            canvas.image[:] = cv2.resize(like._background, own, interpolation=cv2.INTER_AREA)
        self._background: Image = canvas.image
        self._grain = paper_grain(self.size, scene.grain, scene.seed)[..., None] if scene.grain > 0 else None

    def draw(self, items: Sequence[Item | None] | None = None) -> Image:
        """The picture with these items (None leaves one out); the scene's own when not given."""
        canvas = Canvas(self.size, self._detail, background=self._background)
        for item in self.scene.items if items is None else items:
            if item is not None:
                _place(canvas, item)
        image = canvas.finished()
        if self._grain is not None:
            image = np.clip(image.astype(np.float32) + self._grain, 0, 255).astype(np.uint8)
        return image


def _place(canvas: Canvas, item: Item) -> None:
    with canvas.at(item.x, item.y, item.size, item.angle, item.mirror):
        item.sort.paint(canvas, item)


def reach(item: Item) -> Bounds:
    """How far an item reaches, whatever hides it: left, top, right, bottom, scene units."""
    canvas = Canvas((96, 96), 1)
    canvas.blank = True
    _place(canvas, item)
    return canvas.touched or (item.x, item.y, item.x, item.y)
