"""Puzzles made from photographs: things in them are cut out, and what was behind them is filled in.

The photographs come inside scikit-image's own wheel (astronaut: NASA, public domain; coffee: Rachel Michetti, CC0) and
are read from there, without a download. A thing that was cut out becomes an item of a Scene like any drawn object: it
can be left out, recoloured, moved or enlarged, and the seam is hidden by a soft edge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from livespot import packages
from livespot.demo.canvas import Canvas, Colour, Gradient, darker, lighter, mix, rgb, shaded, star
from livespot.demo.scenery import Collection, Item, Scene, Sort
from livespot.errors import LivespotError
from livespot.frame import Image

ToScene = Callable[[float, float], tuple[float, float]]  # photograph px to scene units
TINTS = tuple(map(rgb, ("3f8fd0", "4fae5f", "d8b13a", "b05ac0")))


@dataclass(frozen=True)
class Thing:
    """Something in a photograph, in its px: an ellipse (x, y, rx, ry), or a polygon.

    fill: where to take what was behind it from, as a shift (x, y); None when it cannot be left out.
    """

    name: str
    outline: tuple[tuple[float, float], ...] | tuple[float, float, float, float]
    fill: tuple[int, int] | None = None
    slide: tuple[float, float] = (0.0, 0.0)
    tints: tuple[Colour, ...] = ()
    turnable: bool = False


@dataclass(frozen=True)
class Photograph:
    """file: in scikit-image's data folder. top: where the crop starts, share of what is cropped off above and below."""

    name: str
    title: str
    file: str
    top: float
    things: tuple[Thing, ...]
    extras: Callable[[Collection, ToScene], None]


@lru_cache(maxsize=4)
def load(file: str) -> Image:
    """The photograph, BGR. Raises LivespotError when scikit-image is not complete."""
    spec = find_spec("skimage")
    path = Path(spec.origin).parent / "data" / file if spec is not None and spec.origin else None
    image = cv2.imread(str(path), cv2.IMREAD_COLOR) if path is not None and path.is_file() else None
    if image is None:
        packages.need("skimage", "scikit-image", "puzzle", f"the photograph {file}")
        raise LivespotError(f"the photograph {file} is missing from scikit-image: install scikit-image again")
    return np.asarray(image, np.uint8)


def cover_of(thing: Thing, shape: tuple[int, int]) -> Image:
    """A soft-edged mask of the thing, (h, w) uint8."""
    mask = np.zeros(shape, np.uint8)
    if isinstance(thing.outline[0], tuple):
        cv2.fillPoly(mask, [np.round(np.array(thing.outline) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    else:
        x, y, rx, ry = thing.outline
        centre, axes = (round(x * 16), round(y * 16)), (round(rx * 16), round(ry * 16))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3), np.uint8)), (0, 0), 1.0), np.uint8)


def emptied(photograph: Photograph) -> Image:
    """The photograph without everything that can be left out: texture from close by stands in its place."""
    image = load(photograph.file).copy()
    for thing in photograph.things:
        if thing.fill is None:
            continue
        cover = cover_of(thing, image.shape[:2])
        ring = (cv2.dilate(cover, np.ones((7, 7), np.uint8)) > 0) & (cover == 0)
        shift = np.array([[1.0, 0, -thing.fill[0]], [0, 1, -thing.fill[1]]])
        behind = cv2.warpAffine(image, shift, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101).astype(np.float32)
        behind += np.median(image[ring].astype(np.float32) - behind[ring], axis=0)  # lit like its new neighbours
        share = (cover / 255.0)[..., None]
        image = np.clip(image + (behind - image) * share + 0.5, 0, 255).astype(np.uint8)
    return image


def cut_out(photograph: Photograph, thing: Thing) -> tuple[Callable[[Canvas, Item], None], float, float]:
    """A painter for the thing, one photograph px a local unit, and its middle in the photograph, px."""
    image = load(photograph.file)
    cover = cover_of(thing, image.shape[:2])
    x, y, w, h = cv2.boundingRect((cover > 0).astype(np.uint8))
    patch = np.ascontiguousarray(image[y : y + h, x : x + w])
    mask = np.ascontiguousarray(cover[y : y + h, x : x + w])

    def paint(c: Canvas, it: Item) -> None:
        c.picture(patch if it.colour == (255, 255, 255) else tinted(patch, it.colour), mask)

    return paint, x + (w - 1) / 2, y + (h - 1) / 2


def tinted(patch: Image, colour: Colour) -> Image:
    """The patch in another colour, its light and shade kept."""
    light = cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY).astype(np.float32)[..., None] / 255
    strong = np.array(colour[::-1], np.float32) * np.clip(1.5 * light + 0.12, 0, 1)
    return np.clip(0.8 * strong + 0.2 * patch, 0, 255).astype(np.uint8)


def scene_from(photograph: Photograph, aspect: float, seed: int) -> Scene:
    """The photograph cropped to the aspect, with its things as items."""
    full = load(photograph.file)
    height, width = full.shape[:2]
    crop_w, crop_h = (width, width / aspect) if width / height < aspect else (height * aspect, float(height))
    left, top = (width - crop_w) / 2, (height - crop_h) * photograph.top
    c = Collection(seed)
    for thing in photograph.things:
        paint, x, y = cut_out(photograph, thing)
        whole = thing.fill is not None
        sort = Sort(thing.name, paint, 1, thing.tints, thing.slide, whole, whole, thing.turnable)
        c.add(sort, (x + 0.5 - left) / crop_h, (y + 0.5 - top) / crop_h, 1 / crop_h, mirror=False)
    photograph.extras(c, lambda x, y: ((x + 0.5 - left) / crop_h, (y + 0.5 - top) / crop_h))

    def background(canvas: Canvas) -> None:
        clean = emptied(photograph)
        scale = canvas.image.shape[0] / crop_h
        matrix = np.array([[scale, 0, (0.5 - left) * scale - 0.5], [0, scale, (0.5 - top) * scale - 0.5]])
        size = (canvas.image.shape[1], canvas.image.shape[0])
        canvas.image[:] = cv2.warpAffine(clean, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)

    return Scene(photograph.name, photograph.title, aspect, background, tuple(c.items), grain=3.5, seed=seed)


# -- what is put into the photographs -------------------------------------------------------------------------------


def bean(c: Canvas, it: Item) -> None:
    """A coffee bean lying on (0, 0), 1 long; style 1: on its back."""
    c.shadow(0.07, 0.09, 0.58, 0.42, 0.55)
    dark = mix(it.colour, (16, 8, 4), 0.6)
    c.oval(0, 0, 0.5, 0.33, Gradient(mix(it.colour, (214, 150, 100), 0.2), dark, (-0.15, -0.35), (0.2, 0.35)), None)
    if it.style == 0:
        c.stroke([(-0.46, 0.02), (-0.2, -0.05), (0.1, 0.06), (0.46, -0.02)], dark, 3.0, curved=True)
        shine = [(-0.4, -0.04), (-0.2, -0.11), (0.1, 0.0), (0.4, -0.07)]
        c.stroke(shine, lighter(it.colour, 0.3), 1.0, curved=True, alpha=0.5)
    c.glow(-0.14, -0.16, 0.2, 0.1, (255, 240, 220), 0.55)


def sugar(c: Canvas, it: Item) -> None:
    """A lump of sugar; style 1: two of them."""
    for x, y in ((0.0, 0.0), (0.42, 0.18))[: it.style + 1]:
        c.shadow(x + 0.12, y + 0.2, 0.55, 0.3, 0.5)
        white = mix(it.colour, rgb("fff6e6"), 0.0)
        c.poly([(x - 0.4, y - 0.12), (x, y - 0.3), (x + 0.4, y - 0.12), (x, y + 0.06)], lighter(white, 0.4), None)
        c.poly([(x - 0.4, y - 0.12), (x, y + 0.06), (x, y + 0.4), (x - 0.4, y + 0.2)], darker(white, 0.12), None)
        c.poly([(x + 0.4, y - 0.12), (x, y + 0.06), (x, y + 0.4), (x + 0.4, y + 0.2)], darker(white, 0.32), None)
        rng = it.rng()
        for _ in range(40):
            px, py = x + rng.uniform(-0.35, 0.35), y + rng.uniform(-0.2, 0.3)
            if abs(px - x) < 0.36 - abs(py - y - 0.05) * 0.5:
                c.oval(px, py, 0.018, 0.014, lighter(white, rng.uniform(0, 0.8)), None, alpha=0.6)


def biscuit(c: Canvas, it: Item) -> None:
    c.shadow(0.07, 0.09, 0.56, 0.46, 0.55)
    edge = [
        (0.5 * r * np.cos(a), 0.42 * r * np.sin(a))
        for a, r in zip(np.linspace(0, 2 * np.pi, 37)[:-1], [1.0, 0.94] * 18, strict=True)
    ]
    c.blob(edge, shaded(it.colour, 0.25, 0.3, (-0.3, -0.4), (0.3, 0.4)), None)
    c.oval(0, 0, 0.36, 0.3, None, darker(it.colour, 0.35), width=1.2)
    if it.style == 0:
        for a in range(0, 360, 60):
            c.oval(0.2 * np.cos(np.radians(a)), 0.16 * np.sin(np.radians(a)), 0.035, 0.03, darker(it.colour, 0.6), None)
    else:
        heart = [(0, 0.15), (-0.16, -0.02), (-0.09, -0.13), (0, -0.06), (0.09, -0.13), (0.16, -0.02)]
        c.blob(heart, rgb("8f2f2a"), None)


def badge(c: Canvas, it: Item) -> None:
    """An embroidered badge; style: star, ring, planet."""
    c.shadow(0.04, 0.06, 0.54, 0.54, 0.4)
    c.oval(0, 0, 0.5, 0.5, lighter(it.colour, 0.65), None)
    c.oval(0, 0, 0.44, 0.44, Gradient(it.colour, darker(it.colour, 0.35), (-0.3, -0.4), (0.3, 0.4)), None)
    pale = rgb("f4efe2")
    if it.style == 0:
        c.poly(star(0, 0, 0.34, 0.14), pale, None)
    elif it.style == 1:
        c.oval(0, 0, 0.28, 0.28, None, pale, width=4)
        c.oval(0, 0, 0.1, 0.1, pale, None)
    else:
        c.oval(0, 0, 0.2, 0.2, rgb("e0a24a"), None)
        c.oval(0, 0, 0.36, 0.1, None, pale, angle=-25, width=3)


BROWNS = tuple(map(rgb, ("5a3018", "7a4522", "432413")))
BEAN = Sort("coffee bean", bean, 2, tuple(map(rgb, ("e8d9be", "d9a05c", "9fc4c9"))), (0.04, 0.03))
SUGAR = Sort("lump of sugar", sugar, 2, (rgb("b98a55"), rgb("e7a5a0")), (0.04, 0.02))
BISCUIT = Sort("biscuit", biscuit, 2, (rgb("6e4424"), rgb("efdcae")), (0.04, 0.02))
TONES = tuple(map(rgb, ("2c5fa8", "2f8f6f", "c2a12f", "8a3a8f")))
BADGE = Sort("badge", badge, 3, TONES, (0.02, 0.015))
BADGES = (  # photograph px
    (103, 330), (78, 395), (215, 318), (212, 425), (150, 312), (60, 345), (118, 415), (322, 285), (105, 285),
    (325, 150), (480, 130), (125, 110),
)  # fmt: skip


def coffee_extras(c: Collection, place: ToScene) -> None:
    standing = ((290, 160, 135, 150), (230, 270, 55, 60), (366, 285, 62, 62), (408, 90, 40, 60))  # ellipses in the way
    things: list[tuple[float, float]] = []
    while len(things) < 24:
        x, y = c.between(15, 585), c.between(15, 385)
        free = all(((x - u) / a) ** 2 + ((y - v) / b) ** 2 > 1 for u, v, a, b in standing)
        if free and all(np.hypot(x - u, y - v) > 46 for u, v in things):
            things.append((x, y))
    for k, (x, y) in enumerate(things):
        at = place(x, y)
        if k % 4 == 1:
            c.add(SUGAR, *at, c.between(0.075, 0.09), rgb("f1e6d2"))
        elif k % 7 == 3:
            c.add(BISCUIT, *at, c.between(0.12, 0.15), rgb("d9a35f"))
        else:
            c.add(BEAN, *at, c.between(0.055, 0.075), c.pick(BROWNS), angle=c.between(0, 180))


def astronaut_extras(c: Collection, place: ToScene) -> None:
    for x, y in BADGES:
        at = place(x + c.between(-5, 5), y + c.between(-5, 5))
        c.add(BADGE, *at, c.between(0.055, 0.075), c.pick(TONES))


COFFEE = Photograph(
    "coffee",
    "Coffee break",
    "coffee.png",
    0.5,
    (
        Thing(
            "end of the spoon", ((397, 64), (412, 61), (428, 70), (427, 84), (419, 108), (410, 112), (407, 98)), (40, 6)
        ),
        Thing("bowl of the spoon", (366, 285, 44, 43), None, turnable=True, tints=TINTS),
        Thing(
            "handle of the cup",
            ((228, 231), (262, 240), (258, 262), (236, 300), (215, 308), (197, 296), (196, 276), (210, 250)),
            None,
            tints=TINTS,
        ),
        Thing("knot in the table", (15, 236, 17, 10), (30, -22), slide=(0.03, 0.05)),
        Thing("scratch", ((466, 338), (494, 336), (480, 352), (464, 358)), (30, 20)),
    ),
    coffee_extras,
)

ASTRONAUT = Photograph(
    "astronaut",
    "Ready for launch",
    "astronaut.png",
    0.2,
    (
        Thing("mission patch", (172, 385, 39, 39), None, tints=TINTS, turnable=True),
        Thing("name tag", ((279, 339), (329, 344), (326, 378), (281, 375)), (-4, -44), slide=(0.0, 0.02), tints=TINTS),
        Thing("reflection", ((349, 421), (375, 422), (369, 464), (343, 461)), (-38, -4), slide=(0.03, 0.02)),
        Thing("upper reflection", (389, 364, 30, 12), (0, 26)),
        Thing("star of the flag", (37, 63, 15, 17), (-10, 33)),
        Thing("lights on the tank", (409, 36, 13, 7), (0, 12)),
        Thing("knob", (171, 490, 11, 12), None, tints=TINTS),
        Thing("flag on the wing", (374, 213, 8, 5), (0, -11)),
        Thing("nose of the shuttle", (396, 80, 9, 7), None, tints=TINTS),
        Thing("zip", ((234, 298), (252, 298), (250, 318), (238, 318)), None, tints=TINTS),
        Thing("red stripe", ((49, 268), (98, 268), (84, 300), (42, 300)), None, tints=TINTS),
        Thing("clip", (249, 460, 8, 16), None, tints=TINTS),
    ),
    astronaut_extras,
)


coffee, astronaut = (partial(scene_from, photograph) for photograph in (COFFEE, ASTRONAUT))
