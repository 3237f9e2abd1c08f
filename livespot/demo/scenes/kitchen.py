"""A farmhouse kitchen: tiles, two shelves of crockery, a window, a dresser with drawers, a table laid for baking."""

from functools import partial

import numpy as np

from livespot.demo.canvas import Canvas, Gradient, darker, lighter, mix, rgb
from livespot.demo.scenery import Collection, Painter, Scene, Sort
from livespot.demo.scenes import kitchen_things as things

COUNTER, FLOOR = 0.60, 0.885
SHELVES = (0.235, 0.43)
GLAZES = tuple(map(rgb, ("d1495b", "2e86ab", "f2a541", "5fa777", "8f6bb0", "e9e3d0", "3f5e73")))
WOOD = rgb("b98555")


def background(c: Canvas, aspect: float, seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    c.rect(0, 0, aspect, 1, Gradient(rgb("f7ecd4"), rgb("ecd9b4"), (0, 0), (0, COUNTER)), None)
    for x in np.arange(0.03, aspect, 0.062):  # papered wall: little sprigs
        for k, y in enumerate(np.arange(0.03, 0.46, 0.062)):
            px = x + 0.031 * (k % 2)
            c.stroke([(px, y + 0.012), (px, y - 0.006)], rgb("b9bf8d"), 0.8)
            c.oval(px - 0.006, y + 0.002, 0.006, 0.003, rgb("a9b77c"), None, angle=35)
            c.oval(px + 0.006, y - 0.001, 0.006, 0.003, rgb("a9b77c"), None, angle=-35)
            c.oval(px, y - 0.009, 0.004, 0.004, rgb("dc9a86"), None)
    for row, y in enumerate(np.arange(0.472, COUNTER, 0.043)):  # tiles above the counter
        for k in range(int(aspect / 0.086) + 2):
            x = k * 0.086 - 0.043 * (row % 2)
            tone = mix(rgb("dff0ee"), rgb("8fc1c4"), rng.uniform(0, 0.75))
            c.rect(x, y, 0.086, 0.043, tone, rgb("f8f6ee"), width=1.3)
            if rng.uniform() < 0.3:
                c.oval(x + 0.043, y + 0.0215, 0.012, 0.012, None, rgb("5a98a5"), width=0.9)
                c.oval(x + 0.043, y + 0.0215, 0.004, 0.004, rgb("5a98a5"), None)
    window(c, aspect)
    for y in SHELVES:
        for x0, x1 in ((0.03, aspect * 0.345), (aspect * 0.655, aspect - 0.03)):
            c.rect(x0 + 0.01, y + 0.02, x1 - x0 - 0.02, 0.012, rgb("d7bd90"), None)
            c.rect(x0, y, x1 - x0, 0.022, Gradient(lighter(WOOD, 0.2), WOOD, (0, y), (0, y + 0.022)))
            for x in (x0 + 0.05, x1 - 0.05):
                foot = [(x - 0.01, y + 0.022), (x + 0.01, y + 0.022), (x + 0.004, y + 0.06), (x - 0.004, y + 0.06)]
                c.poly(foot, darker(WOOD, 0.2))
    dresser(c, aspect, rng)
    for row in range(3):  # floor boards
        y0, y1 = FLOOR + row * 0.042, FLOOR + (row + 1) * 0.042
        x = -rng.uniform(0, 0.3)
        while x < aspect:
            w = rng.uniform(0.25, 0.5)
            tone = mix(rgb("a5673f"), rgb("8a5133"), rng.uniform())
            c.rect(x, y0, w, y1 - y0, tone, darker(tone, 0.5), width=0.8)
            for _ in range(3):
                y = rng.uniform(y0 + 0.008, y1 - 0.006)
                vein = [(x + 0.02, y), (x + w * 0.5, y + 0.003), (x + w - 0.02, y)]
                c.stroke(vein, darker(tone, 0.25), 0.7, curved=True)
            x += w


def window(c: Canvas, aspect: float) -> None:
    """In the middle, with hills outside and curtains."""
    x, w, y, h = aspect * 0.385, aspect * 0.23, 0.07, 0.36
    c.rect(x - 0.018, y - 0.018, w + 0.036, h + 0.036, rgb("fdf8ea"))
    c.rect(x, y, w, h, Gradient(rgb("8fd0ee"), rgb("e8f6ee"), (0, y), (0, y + h * 0.7)))
    hills = (
        (rgb("86b56b"), ((0, 0.66), (0.3, 0.5), (0.62, 0.7), (1, 0.56))),
        (rgb("6a9a54"), ((0, 0.8), (0.5, 0.72), (1, 0.86))),
    )
    for green, ridge in hills:
        c.poly([(x, y + h), *((x + w * u, y + h * v) for u, v in ridge), (x + w, y + h)], green)
    for k in range(5):
        tx, ty = x + w * (0.12 + 0.18 * k), y + h * (0.7 + 0.05 * (k % 2))
        c.oval(tx, ty, 0.011, 0.018, rgb("3f7a4a"), width=0.7)
    c.oval(x + w * 0.76, y + h * 0.2, 0.028, 0.028, rgb("fff0b0"), rgb("e9b949"))
    c.rect(x + w / 2 - 0.007, y, 0.014, h, rgb("fdf8ea"))
    c.rect(x, y + h * 0.45, w, 0.014, rgb("fdf8ea"))
    for side in (-1, 1):
        edge = x if side < 0 else x + w
        top = [(edge - side * 0.02, y - 0.02), (edge - side * -0.11 * 0.9, y - 0.02)]
        low = [(edge - side * off, y + h * 0.62) for off in (-0.02, 0.03)]
        outline = [*top, (edge - side * -0.05, y + h * 0.5), *low]
        c.blob(outline, Gradient(rgb("e8695f"), rgb("c94d4a"), (0, y), (0, y + h)))
        for t in (0.25, 0.5, 0.75):
            hung = edge + side * 0.02 - side * -0.07 * t
            c.stroke([(hung, y), (edge - side * -0.02 * t, y + h * 0.55)], rgb("a83a3b"), 0.8)
    c.bar(x - 0.06, y - 0.028, x + w + 0.06, y - 0.028, 0.012, rgb("8a5a34"))
    c.rect(x - 0.04, y + h + 0.016, w + 0.08, 0.022, rgb("f3e3c3"))


def dresser(c: Canvas, aspect: float, rng: np.random.Generator) -> None:
    """The counter with its drawers and doors."""
    c.rect(-0.02, COUNTER + 0.035, aspect + 0.04, FLOOR - COUNTER - 0.035, rgb("6f9a93"))
    top = Gradient(rgb("e8c995"), rgb("c79a62"), (0, COUNTER), (0, COUNTER + 0.04))
    c.rect(-0.02, COUNTER, aspect + 0.04, 0.038, top)
    for _ in range(round(22 * aspect)):
        x = rng.uniform(0, aspect)
        start = (x, COUNTER + rng.uniform(0.006, 0.03))
        end = (x + rng.uniform(0.03, 0.12), COUNTER + rng.uniform(0.006, 0.03))
        c.stroke([start, start, end], rgb("b08450"), 0.6)
    count = round(aspect / 0.29)
    wide = aspect / count
    for k in range(count):
        x = k * wide
        if k == count // 2:
            oven(c, x + 0.012, COUNTER + 0.05, wide - 0.024, FLOOR - COUNTER - 0.062)
            continue
        c.rect(x + 0.015, COUNTER + 0.052, wide - 0.03, 0.062, rgb("7dada4"))
        c.oval(x + wide / 2, COUNTER + 0.083, 0.011, 0.009, rgb("e6c26e"))
        half, high = (wide - 0.03) / 2, FLOOR - COUNTER
        for d in range(2):
            dx = x + 0.015 + d * (wide - 0.03) / 2
            c.rect(dx, COUNTER + 0.125, half, high - 0.137, rgb("7dada4"))
            c.rect(dx + 0.016, COUNTER + 0.143, half - 0.032, high - 0.174, rgb("8bbab0"), rgb("4f7a73"))
            c.oval(dx + (half - 0.011 if d == 0 else 0.011), COUNTER + 0.19, 0.007, 0.007, rgb("e6c26e"))
    c.rect(0, FLOOR - 0.012, aspect, 0.012, rgb("3f5f5a"))


def oven(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.rect(x, y, w, h, rgb("e9e6df"))
    for k in range(4):
        c.oval(x + w * (0.16 + 0.22 * k), y + 0.024, 0.012, 0.012, rgb("3c4048"))
        c.stroke([(x + w * (0.16 + 0.22 * k), y + 0.024), (x + w * (0.16 + 0.22 * k), y + 0.014)], rgb("ffffff"), 0.8)
    c.rect(x + 0.018, y + 0.068, w - 0.036, h - 0.09, rgb("2f343c"), radius=0.012)
    glow = Gradient(rgb("7a3d1e"), rgb("e08a35"), (0, y), (0, y + h))
    c.rect(x + 0.035, y + 0.095, w - 0.07, h - 0.13, glow, radius=0.008)
    c.bar(x + 0.03, y + 0.057, x + w - 0.03, y + 0.057, 0.009, rgb("b9bcc2"))
    c.oval(x + w / 2, y + h * 0.72, 0.035, 0.02, rgb("f2c46d"))


def glazed(name: str, paint: Painter, styles: int, slide: float) -> Sort:
    """What comes in the colours of the crockery, and can be moved aside so far."""
    return Sort(name, paint, styles, GLAZES, (slide, 0.0))


SHELF_THINGS = (  # and how large
    (glazed("jar", things.jar, 4, 0.025), 0.125),
    (glazed("mug", things.mug, 3, 0.025), 0.085),
    (glazed("plate", things.plate, 3, 0.025), 0.135),
    (glazed("bottle", things.bottle, 2, 0.025), 0.16),
    (glazed("teapot", things.teapot, 2, 0.025), 0.14),
    (glazed("jar", things.jar, 4, 0.025), 0.11),
    (glazed("plate", things.plate, 3, 0.025), 0.11),
)
COUNTER_THINGS = (
    (glazed("pot", things.pot, 2, 0.035), 0.15),
    (glazed("fruit bowl", things.fruit_bowl, 2, 0.035), 0.19),
    (glazed("cake", things.cake, 2, 0.035), 0.2),
    (glazed("plant", things.plant, 3, 0.035), 0.2),
    (glazed("bowl", things.bowl, 2, 0.035), 0.16),
    (glazed("teapot", things.teapot, 2, 0.035), 0.17),
    (glazed("jar", things.jar, 4, 0.035), 0.13),
)
FLOOR_THINGS = (
    (glazed("plant", things.plant, 3, 0.05), 0.19),
    (glazed("milk churn", things.churn, 2, 0.05), 0.17),
    (glazed("basket", things.basket, 2, 0.05), 0.15),
)
PAN = glazed("pan", things.pan, 3, 0.02)
CLOCK = glazed("clock", things.clock, 2, 0.05)
SILL_PLANT = glazed("plant", things.plant, 3, 0.015)
CAT = Sort("cat", things.sleeping_cat, 2, (rgb("6d6f78"), rgb("f0e6d2")), (0.06, 0.0))


def scene(aspect: float, seed: int) -> Scene:
    c = Collection(seed)
    last = -1
    for y in SHELVES:
        for x0, x1 in ((0.03, aspect * 0.345), (aspect * 0.655, aspect - 0.03)):
            count = max(2, round((x1 - x0) / 0.105))
            for x in c.spread(count, x1 - x0, 0.06):
                which = int(c.rng.integers(len(SHELF_THINGS)))
                which = (which + 1) % len(SHELF_THINGS) if which == last else which
                last = which
                sort, size = SHELF_THINGS[which]
                c.add(sort, x0 + x, y, size * c.between(0.85, 1.0), c.pick(GLAZES))
    for x0, x1 in ((0.05, aspect * 0.33), (aspect * 0.67, aspect - 0.05)):
        for x in c.spread(max(2, round((x1 - x0) / 0.09)), x1 - x0, 0.1):
            c.add(PAN, x0 + x, SHELVES[1] + 0.03, c.between(0.11, 0.14), c.pick(GLAZES[:3]))
    c.add(CLOCK, aspect * 0.19, 0.062, 0.095, rgb("c8553d"))
    c.add(CLOCK, aspect * 0.82, 0.062, 0.095, rgb("3f5e73"))
    for x in (0.43, 0.5, 0.57):
        c.add(SILL_PLANT, aspect * x, 0.447, c.between(0.085, 0.12), c.pick(GLAZES))
    order = c.rng.permutation([k % len(COUNTER_THINGS) for k in range(round(5.2 * aspect))])
    for which, x in zip(order, c.spread(len(order), aspect, 0.1), strict=True):
        sort, size = COUNTER_THINGS[which]
        c.add(sort, x, COUNTER + 0.022, size * c.between(0.9, 1.05), c.pick(GLAZES))
    c.add(CAT, aspect * c.between(0.12, 0.3), 0.965, 0.22, rgb("d98a48"))
    for x in (0.45, 0.62, 0.78, 0.92):
        sort, size = FLOOR_THINGS[int(c.rng.integers(len(FLOOR_THINGS)))]
        c.add(sort, aspect * x + c.between(-0.03, 0.03), c.between(0.955, 0.985), size, c.pick(GLAZES))
    wall = partial(background, aspect=aspect, seed=seed)
    return Scene("kitchen", "In grandmother's kitchen", aspect, wall, tuple(c.items), seed=seed)
