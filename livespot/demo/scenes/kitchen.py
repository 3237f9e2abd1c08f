"""A farmhouse kitchen: tiles, two shelves of crockery, a window, a dresser with drawers, a table laid for baking."""

from __future__ import annotations

import numpy as np

from livespot.demo.canvas import INK, Canvas, Gradient, arc, darker, lighter, mix, rgb, star
from livespot.demo.scenery import Collection, Item, Scene

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
                c.poly(
                    [(x - 0.01, y + 0.022), (x + 0.01, y + 0.022), (x + 0.004, y + 0.06), (x - 0.004, y + 0.06)],
                    darker(WOOD, 0.2),
                )
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
                c.stroke(
                    [(x + 0.02, y), (x + w * 0.5, y + 0.003), (x + w - 0.02, y)], darker(tone, 0.25), 0.7, curved=True
                )
            x += w


def window(c: Canvas, aspect: float) -> None:
    """In the middle, with hills outside and curtains."""
    x, w, y, h = aspect * 0.385, aspect * 0.23, 0.07, 0.36
    c.rect(x - 0.018, y - 0.018, w + 0.036, h + 0.036, rgb("fdf8ea"))
    c.rect(x, y, w, h, Gradient(rgb("8fd0ee"), rgb("e8f6ee"), (0, y), (0, y + h * 0.7)))
    c.poly(
        [
            (x, y + h),
            (x, y + h * 0.66),
            (x + w * 0.3, y + h * 0.5),
            (x + w * 0.62, y + h * 0.7),
            (x + w, y + h * 0.56),
            (x + w, y + h),
        ],
        rgb("86b56b"),
    )
    c.poly(
        [(x, y + h), (x, y + h * 0.8), (x + w * 0.5, y + h * 0.72), (x + w, y + h * 0.86), (x + w, y + h)],
        rgb("6a9a54"),
    )
    for k in range(5):
        tx, ty = x + w * (0.12 + 0.18 * k), y + h * (0.7 + 0.05 * (k % 2))
        c.oval(tx, ty, 0.011, 0.018, rgb("3f7a4a"), width=0.7)
    c.oval(x + w * 0.76, y + h * 0.2, 0.028, 0.028, rgb("fff0b0"), rgb("e9b949"))
    c.rect(x + w / 2 - 0.007, y, 0.014, h, rgb("fdf8ea"))
    c.rect(x, y + h * 0.45, w, 0.014, rgb("fdf8ea"))
    for side in (-1, 1):
        edge = x if side < 0 else x + w
        cloth = [
            (edge - side * 0.02, y - 0.02),
            (edge - side * -0.11 * 0.9, y - 0.02),
            (edge - side * -0.05, y + h * 0.5),
            (edge - side * -0.02, y + h * 0.62),
            (edge - side * 0.03, y + h * 0.62),
        ]
        c.blob(cloth, Gradient(rgb("e8695f"), rgb("c94d4a"), (0, y), (0, y + h)))
        for t in (0.25, 0.5, 0.75):
            c.stroke(
                [(edge + side * -0.0 + side * 0.02 - side * -0.07 * t, y), (edge - side * -0.02 * t, y + h * 0.55)],
                rgb("a83a3b"),
                0.8,
            )
    c.bar(x - 0.06, y - 0.028, x + w + 0.06, y - 0.028, 0.012, rgb("8a5a34"))
    c.rect(x - 0.04, y + h + 0.016, w + 0.08, 0.022, rgb("f3e3c3"))


def dresser(c: Canvas, aspect: float, rng: np.random.Generator) -> None:
    """The counter with its drawers and doors."""
    c.rect(-0.02, COUNTER + 0.035, aspect + 0.04, FLOOR - COUNTER - 0.035, rgb("6f9a93"))
    c.rect(
        -0.02, COUNTER, aspect + 0.04, 0.038, Gradient(rgb("e8c995"), rgb("c79a62"), (0, COUNTER), (0, COUNTER + 0.04))
    )
    for _ in range(round(22 * aspect)):
        x = rng.uniform(0, aspect)
        c.stroke(
            [(x, COUNTER + rng.uniform(0.006, 0.03))] * 2
            + [(x + rng.uniform(0.03, 0.12), COUNTER + rng.uniform(0.006, 0.03))],
            rgb("b08450"),
            0.6,
        )
    count = round(aspect / 0.29)
    wide = aspect / count
    for k in range(count):
        x = k * wide
        if k == count // 2:
            oven(c, x + 0.012, COUNTER + 0.05, wide - 0.024, FLOOR - COUNTER - 0.062)
            continue
        c.rect(x + 0.015, COUNTER + 0.052, wide - 0.03, 0.062, rgb("7dada4"))
        c.oval(x + wide / 2, COUNTER + 0.083, 0.011, 0.009, rgb("e6c26e"))
        for d in range(2):
            dx = x + 0.015 + d * (wide - 0.03) / 2
            c.rect(dx, COUNTER + 0.125, (wide - 0.03) / 2, FLOOR - COUNTER - 0.137, rgb("7dada4"))
            c.rect(
                dx + 0.016,
                COUNTER + 0.143,
                (wide - 0.03) / 2 - 0.032,
                FLOOR - COUNTER - 0.174,
                rgb("8bbab0"),
                rgb("4f7a73"),
            )
            c.oval(dx + ((wide - 0.03) / 2 - 0.011 if d == 0 else 0.011), COUNTER + 0.19, 0.007, 0.007, rgb("e6c26e"))
    c.rect(0, FLOOR - 0.012, aspect, 0.012, rgb("3f5f5a"))


def oven(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.rect(x, y, w, h, rgb("e9e6df"))
    for k in range(4):
        c.oval(x + w * (0.16 + 0.22 * k), y + 0.024, 0.012, 0.012, rgb("3c4048"))
        c.stroke([(x + w * (0.16 + 0.22 * k), y + 0.024), (x + w * (0.16 + 0.22 * k), y + 0.014)], rgb("ffffff"), 0.8)
    c.rect(x + 0.018, y + 0.068, w - 0.036, h - 0.09, rgb("2f343c"), radius=0.012)
    c.rect(
        x + 0.035,
        y + 0.095,
        w - 0.07,
        h - 0.13,
        Gradient(rgb("7a3d1e"), rgb("e08a35"), (0, y), (0, y + h)),
        radius=0.008,
    )
    c.bar(x + 0.03, y + 0.057, x + w - 0.03, y + 0.057, 0.009, rgb("b9bcc2"))
    c.oval(x + w / 2, y + h * 0.72, 0.035, 0.02, rgb("f2c46d"))


def jar(c: Canvas, it: Item) -> None:
    """Stands on (0, 0), 1 high. Style: jam, biscuits, flour, pickles."""
    inside = (it.colour, rgb("d9a25c"), rgb("f6f1e4"), rgb("8fae4f"))[it.style]
    c.rect(-0.3, -0.82, 0.6, 0.82, rgb("e6f3f3"), radius=0.1)
    c.rect(
        -0.26,
        -0.62,
        0.52,
        0.58,
        Gradient(lighter(inside, 0.2), darker(inside, 0.15), (0, -0.6), (0, 0)),
        darker(inside, 0.4),
        radius=0.08,
        width=0.7,
    )
    if it.style == 1:
        for x, y in ((-0.13, -0.16), (0.12, -0.18), (0, -0.34), (-0.15, -0.48), (0.14, -0.47)):
            c.oval(x, y, 0.11, 0.1, rgb("c98a45"), width=0.7)
            c.oval(x + 0.03, y - 0.02, 0.02, 0.02, INK, None)
            c.oval(x - 0.04, y + 0.03, 0.02, 0.02, INK, None)
    elif it.style == 3:
        for x in (-0.15, 0.0, 0.15):
            c.oval(x, -0.3, 0.06, 0.2, rgb("6f8f3a"), width=0.7)
    else:
        c.rect(-0.2, -0.45, 0.4, 0.24, rgb("fdf6e3"), width=0.7)
        c.stroke([(-0.12, -0.36), (0.12, -0.36)], INK, 0.8)
        c.stroke([(-0.12, -0.29), (0.06, -0.29)], INK, 0.8)
    c.rect(-0.28, -1.0, 0.56, 0.2, it.colour, radius=0.05)
    c.stroke([(-0.2, -0.75), (-0.2, -0.2)], rgb("ffffff"), 1.6)


def mug(c: Canvas, it: Item) -> None:
    """Stands on (0, 0); style: hearts, stripes, dots."""
    c.oval(0.42, -0.42, 0.2, 0.24, None, INK, width=5.5)
    c.oval(0.42, -0.42, 0.2, 0.24, None, it.colour, width=3.4)
    c.rect(
        -0.4,
        -0.85,
        0.8,
        0.85,
        Gradient(lighter(it.colour, 0.3), darker(it.colour, 0.2), (-0.4, 0), (0.4, 0)),
        radius=0.12,
    )
    c.oval(0, -0.85, 0.4, 0.1, darker(it.colour, 0.4))
    white = rgb("fffaf0")
    if it.style == 0:
        c.blob([(0, -0.22), (-0.17, -0.42), (-0.1, -0.55), (0, -0.48), (0.1, -0.55), (0.17, -0.42)], white, width=0.7)
    elif it.style == 1:
        for y in (-0.6, -0.4, -0.2):
            c.rect(-0.4, y, 0.8, 0.09, white, None)
        c.rect(-0.4, -0.85, 0.8, 0.85, None, radius=0.12)
    else:
        for x, y in ((-0.2, -0.6), (0.15, -0.62), (-0.02, -0.4), (-0.24, -0.2), (0.2, -0.22)):
            c.oval(x, y, 0.07, 0.07, white, None)


def plate(c: Canvas, it: Item) -> None:
    """Leans against the wall, standing on (0, 0); style: ring, flower, star."""
    c.oval(0, -0.5, 0.5, 0.5, rgb("fbf8ef"))
    c.oval(0, -0.5, 0.44, 0.44, None, it.colour, width=3)
    c.oval(0, -0.5, 0.3, 0.3, rgb("f1ecdd"), rgb("b9b29e"), width=0.8)
    if it.style == 0:
        c.oval(0, -0.5, 0.19, 0.19, None, it.colour, width=2)
    elif it.style == 1:
        for a in range(0, 360, 60):
            c.oval(
                0.12 * np.cos(np.radians(a)), -0.5 + 0.12 * np.sin(np.radians(a)), 0.08, 0.055, it.colour, None, angle=a
            )
        c.oval(0, -0.5, 0.05, 0.05, rgb("f2b134"), None)
    else:
        c.poly(star(0, -0.5, 0.22, 0.09), it.colour, None)


def bottle(c: Canvas, it: Item) -> None:
    c.blob(
        [(-0.18, 0), (-0.2, -0.5), (-0.08, -0.66), (-0.07, -0.9), (0.07, -0.9), (0.08, -0.66), (0.2, -0.5), (0.18, 0)],
        Gradient(lighter(it.colour, 0.3), darker(it.colour, 0.3), (-0.2, 0), (0.2, 0)),
    )
    c.rect(-0.08, -1.0, 0.16, 0.12, rgb("a87444"))
    if it.style == 0:
        c.rect(-0.17, -0.42, 0.34, 0.26, rgb("fbf3dd"), width=0.8)
        c.oval(0, -0.29, 0.07, 0.07, rgb("7aa04c"), None)


def teapot(c: Canvas, it: Item) -> None:
    """Stands on (0, 0), about 1 wide; style 1: with dots."""
    c.blob([(0.3, -0.25), (0.48, -0.36), (0.5, -0.58), (0.6, -0.6), (0.57, -0.33), (0.36, -0.08)], it.colour)
    c.oval(-0.42, -0.36, 0.15, 0.19, None, INK, width=5)
    c.oval(-0.42, -0.36, 0.15, 0.19, None, it.colour, width=3)
    c.oval(0, -0.33, 0.39, 0.33, Gradient(lighter(it.colour, 0.3), darker(it.colour, 0.2), (0, -0.66), (0, 0)))
    c.blob([(-0.2, -0.6), (0, -0.72), (0.2, -0.6), (0, -0.55)], darker(it.colour, 0.15))
    c.oval(0, -0.74, 0.06, 0.06, rgb("e6c26e"))
    if it.style == 1:
        for x, y in ((-0.2, -0.4), (0.03, -0.48), (0.2, -0.3), (-0.07, -0.2)):
            c.oval(x, y, 0.06, 0.06, rgb("fffaf0"), None)


def pot(c: Canvas, it: Item) -> None:
    """A cooking pot with its lid; style 1: steaming without it."""
    c.rect(-0.5, -0.62, 0.14, 0.1, rgb("3c4048"), radius=0.04)
    c.rect(0.36, -0.62, 0.14, 0.1, rgb("3c4048"), radius=0.04)
    c.rect(
        -0.4,
        -0.7,
        0.8,
        0.7,
        Gradient(lighter(it.colour, 0.35), darker(it.colour, 0.3), (-0.4, 0), (0.4, 0)),
        radius=0.1,
    )
    c.rect(-0.43, -0.74, 0.86, 0.08, lighter(it.colour, 0.15), radius=0.03)
    if it.style == 0:
        c.blob([(-0.4, -0.74), (-0.3, -0.88), (0.3, -0.88), (0.4, -0.74)], it.colour)
        c.oval(0, -0.93, 0.07, 0.055, rgb("3c4048"))
    else:
        for x in (-0.2, 0.05, 0.28):
            puff = [(x, -0.82), (x + 0.08, -0.98), (x - 0.06, -1.14), (x + 0.06, -1.3)]
            c.stroke(puff, rgb("9fb0b5"), 2.6, curved=True)
            c.stroke(puff, rgb("ffffff"), 1.5, curved=True)


def pan(c: Canvas, it: Item) -> None:
    """Hangs from (0, 0), 1 high; style: round, ladle, sieve."""
    if it.style == 1:
        c.bar(0, 0, 0, 0.72, 0.07, rgb("9aa1a8"))
        c.blob([(-0.2, 0.7), (0.2, 0.7), (0.15, 0.92), (0, 1.0), (-0.15, 0.92)], rgb("b9c0c6"))
    else:
        c.bar(0, 0, 0, 0.5, 0.09, rgb("5a4232"))
        c.oval(0, 0.72, 0.3, 0.3, it.colour if it.style == 0 else rgb("dfe4e6"))
        c.oval(
            0,
            0.72,
            0.23,
            0.23,
            Gradient(darker(it.colour, 0.35), lighter(it.colour, 0.1), (0, 0.5), (0, 0.95))
            if it.style == 0
            else rgb("eef1f2"),
            width=0.8,
        )
        if it.style == 2:
            for k in (-0.15, -0.05, 0.05, 0.15):
                c.stroke([(k, 0.55), (k, 0.89)], rgb("8f979d"), 0.6)
                c.stroke([(-0.17, 0.72 + k), (0.17, 0.72 + k)], rgb("8f979d"), 0.6)
    c.oval(0, 0.03, 0.045, 0.045, rgb("f7ecd4"), width=0.8)


def fruit_bowl(c: Canvas, it: Item) -> None:
    rng = it.rng()
    fruits = (rgb("d8433a"), rgb("f2b134"), rgb("8ab84a"), rgb("ef8a2e"))
    for x, y in ((-0.28, -0.44), (0.26, -0.45), (0.0, -0.52), (-0.14, -0.66), (0.15, -0.68)):
        tone = fruits[int(rng.integers(4))] if it.style == 0 else fruits[2]
        c.oval(
            x, y, 0.18, 0.17, Gradient(lighter(tone, 0.3), darker(tone, 0.15), (x - 0.1, y - 0.15), (x + 0.1, y + 0.15))
        )
        c.stroke([(x, y - 0.15), (x + 0.03, y - 0.22)], rgb("5a4232"), 1.4)
    c.blob(
        [(-0.55, -0.42), (-0.42, -0.12), (-0.18, 0), (0.18, 0), (0.42, -0.12), (0.55, -0.42), (0, -0.36)],
        Gradient(lighter(it.colour, 0.25), darker(it.colour, 0.2), (0, -0.4), (0, 0)),
    )
    for x in (-0.3, -0.1, 0.1, 0.3):
        c.oval(x, -0.2 + abs(x) * 0.2 - 0.04, 0.045, 0.045, rgb("fffaf0"), None)


def cake(c: Canvas, it: Item) -> None:
    """On its stand, (0, 0) is the table; style 1: one slice is gone."""
    c.rect(-0.06, -0.2, 0.12, 0.2, rgb("dfe6ea"))
    c.oval(0, 0, 0.25, 0.05, rgb("dfe6ea"))
    c.oval(0, -0.2, 0.52, 0.09, rgb("eef3f5"))
    c.rect(-0.4, -0.55, 0.8, 0.35, rgb("f3d9a8"))
    c.rect(-0.4, -0.42, 0.8, 0.07, it.colour, width=0.7)
    c.blob(
        [
            (-0.42, -0.45),
            (-0.42, -0.58),
            (-0.2, -0.64),
            (0.2, -0.64),
            (0.42, -0.58),
            (0.42, -0.46),
            (0.3, -0.5),
            (0.18, -0.42),
            (0.05, -0.5),
            (-0.1, -0.43),
            (-0.25, -0.5),
        ],
        rgb("fff6ee"),
    )
    for x in (-0.3, -0.1, 0.1, 0.3):
        c.oval(x, -0.67, 0.06, 0.06, it.colour)
    if it.style == 1:
        c.poly([(0.08, -0.56), (0.3, -0.56), (0.3, -0.2), (0.08, -0.2)], rgb("c99a5c"))
        c.rect(0.08, -0.42, 0.22, 0.07, darker(it.colour, 0.2), width=0.7)


def clock(c: Canvas, it: Item) -> None:
    c.oval(0, 0, 0.5, 0.5, it.colour)
    c.oval(0, 0, 0.4, 0.4, rgb("fffaf0"))
    for a in range(0, 360, 30):
        u = np.array([np.cos(np.radians(a)), np.sin(np.radians(a))])
        c.stroke([u * 0.32, u * 0.37], INK, 1.5 if a % 90 == 0 else 0.8)
    hour, minute = (-60, 30) if it.style == 0 else (150, -90)
    c.stroke([(0, 0), (0.2 * np.cos(np.radians(hour)), 0.2 * np.sin(np.radians(hour)))], INK, 2.4)
    c.stroke([(0, 0), (0.31 * np.cos(np.radians(minute)), 0.31 * np.sin(np.radians(minute)))], rgb("c8333a"), 1.6)
    c.oval(0, 0, 0.035, 0.035, INK, None)


def plant(c: Canvas, it: Item) -> None:
    """A potted plant on (0, 0); style: leaves, tulips, cactus."""
    if it.style == 2:
        c.blob([(-0.13, -0.36), (-0.15, -0.8), (0, -0.97), (0.15, -0.8), (0.13, -0.36)], rgb("5f9e5a"))
        c.blob([(0.12, -0.55), (0.3, -0.6), (0.32, -0.8), (0.24, -0.82), (0.22, -0.68), (0.12, -0.66)], rgb("5f9e5a"))
        for x, y in ((-0.06, -0.5), (0.05, -0.62), (-0.05, -0.75), (0.04, -0.86), (0.04, -0.45)):
            c.stroke([(x, y), (x + 0.02, y - 0.04)], rgb("f4f1d8"), 1)
        c.oval(0, -0.98, 0.06, 0.045, rgb("ec6f8f"), width=0.8)
    else:
        for a in (-55, -25, 0, 25, 55):
            u = np.array([np.sin(np.radians(a)), -np.cos(np.radians(a))])
            tip = np.array([0, -0.36]) + u * 0.55
            c.stroke([(0, -0.34), (tip[0], tip[1])], rgb("3f7a4a"), 2)
            if it.style == 0:
                c.oval(
                    tip[0] * 0.8,
                    -0.36 + (tip[1] + 0.36) * 0.8,
                    0.18,
                    0.08,
                    mix(rgb("4f9a56"), rgb("8cc06a"), abs(a) / 60),
                    angle=a - 90,
                )
            elif a in (-25, 0, 25):
                x, y = tip
                c.blob(
                    [
                        (x - 0.08, y),
                        (x - 0.09, y - 0.15),
                        (x - 0.03, y - 0.09),
                        (x, y - 0.17),
                        (x + 0.03, y - 0.09),
                        (x + 0.09, y - 0.15),
                        (x + 0.08, y),
                        (x, y + 0.05),
                    ],
                    rgb("ea5b6c"),
                )
    c.poly(
        [(-0.24, -0.38), (0.24, -0.38), (0.17, 0), (-0.17, 0)],
        Gradient(lighter(it.colour, 0.2), darker(it.colour, 0.2), (-0.2, 0), (0.2, 0)),
    )
    c.rect(-0.28, -0.44, 0.56, 0.11, it.colour)


def sleeping_cat(c: Canvas, it: Item) -> None:
    """Lies on (0, 0), 1 wide."""
    c.shadow(0, 0, 0.6, 0.1, 0.3)
    c.blob(
        [(-0.45, -0.02), (-0.46, -0.25), (-0.2, -0.42), (0.15, -0.4), (0.42, -0.22), (0.46, -0.03), (0, 0.03)],
        it.colour,
    )
    c.stroke([(0.4, -0.06), (0.15, 0.0), (-0.2, -0.03)], INK, 6, curved=True)
    c.stroke([(0.4, -0.06), (0.15, 0.0), (-0.2, -0.03)], lighter(it.colour, 0.15), 4, curved=True)
    c.poly([(-0.46, -0.3), (-0.45, -0.47), (-0.34, -0.37)], it.colour)
    c.poly([(-0.14, -0.3), (-0.14, -0.47), (-0.26, -0.37)], it.colour)
    c.oval(-0.3, -0.22, 0.19, 0.16, it.colour)
    for x in (-0.37, -0.23):
        c.stroke(arc(x, -0.24, 0.04, 0.03, 20, 160), INK, 1.2)
    c.poly([(-0.32, -0.18), (-0.28, -0.18), (-0.3, -0.155)], rgb("e88d93"), width=0.6)
    for x in (0.02, 0.12, 0.22) if it.style == 0 else (0.12,):
        c.stroke([(x, -0.4), (x + 0.03, -0.28)], darker(it.colour, 0.5), 2)


def churn(c: Canvas, it: Item) -> None:
    """A milk churn on (0, 0); style 1: dented, with its lid off."""
    c.shadow(0.05, 0, 0.45, 0.09, 0.3)
    steel = mix(it.colour, rgb("c9d0d4"), 0.6)
    c.oval(0.27, -0.6, 0.1, 0.14, None, INK, width=2.4)
    c.blob(
        [
            (-0.28, 0),
            (-0.3, -0.5),
            (-0.14, -0.72),
            (-0.14, -0.84),
            (0.14, -0.84),
            (0.14, -0.72),
            (0.3, -0.5),
            (0.28, 0),
        ],
        Gradient(lighter(steel, 0.4), darker(steel, 0.3), (-0.3, 0), (0.3, 0)),
    )
    for y in (-0.12, -0.46):
        c.stroke([(-0.28, y), (0, y + 0.03), (0.28, y)], darker(steel, 0.45), 1.2, curved=True)
    if it.style == 0:
        c.rect(-0.19, -0.92, 0.38, 0.1, it.colour, radius=0.03)
        c.rect(-0.06, -0.99, 0.12, 0.08, it.colour)
    else:
        c.oval(0, -0.84, 0.15, 0.045, rgb("fffdf4"))


def basket(c: Canvas, it: Item) -> None:
    """A wicker basket of eggs, or (style 1) of apples."""
    c.shadow(0.03, 0, 0.6, 0.1, 0.3)
    handle = arc(0, -0.4, 0.42, 0.5, 180, 360)
    c.stroke(handle, INK, 4.6)
    c.stroke(handle, rgb("c99a5c"), 2.8)
    for x, y in ((-0.28, -0.45), (-0.09, -0.49), (0.1, -0.49), (0.29, -0.45), (0.0, -0.58)):
        c.oval(x, y, 0.12, 0.14, rgb("f8e9d6") if it.style == 0 else rgb("cf3f3a"), width=0.9)
    c.poly([(-0.5, -0.42), (0.5, -0.42), (0.38, 0), (-0.38, 0)], mix(it.colour, rgb("c99a5c"), 0.75))
    for y in (-0.34, -0.23, -0.12):
        c.stroke([(-0.49 + (y + 0.42) * 0.29, y), (0.49 - (y + 0.42) * 0.29, y)], rgb("6f4f2a"), 0.9)
    for k in range(-4, 5):
        c.stroke([(k * 0.11, -0.42), (k * 0.085, 0)], rgb("6f4f2a"), 0.9)


def bowl(c: Canvas, it: Item) -> None:
    """A mixing bowl with a spoon; style 1: the spoon on the other side."""
    side = 1 if it.style == 0 else -1
    c.bar(side * 0.1, -0.4, side * 0.5, -0.95, 0.07, rgb("b98555"))
    c.oval(0, -0.5, 0.48, 0.1, rgb("f7e7b8"))
    c.blob(
        [(-0.5, -0.5), (-0.4, -0.14), (-0.2, 0), (0.2, 0), (0.4, -0.14), (0.5, -0.5), (0, -0.42)],
        Gradient(lighter(it.colour, 0.3), darker(it.colour, 0.2), (-0.4, 0), (0.4, 0)),
    )
    c.stroke([(-0.46, -0.33), (0, -0.26), (0.46, -0.33)], rgb("fffaf0"), 2.4, curved=True)


SHELF_THINGS = (
    ("jar", jar, 0.125, 4),
    ("mug", mug, 0.085, 3),
    ("plate", plate, 0.135, 3),
    ("bottle", bottle, 0.16, 2),
    ("teapot", teapot, 0.14, 2),
    ("jar", jar, 0.11, 4),
    ("plate", plate, 0.11, 3),
)
COUNTER_THINGS = (
    ("pot", pot, 0.15, 2),
    ("fruit bowl", fruit_bowl, 0.19, 2),
    ("cake", cake, 0.2, 2),
    ("plant", plant, 0.2, 3),
    ("bowl", bowl, 0.16, 2),
    ("teapot", teapot, 0.17, 2),
    ("jar", jar, 0.13, 4),
)
FLOOR_THINGS = (("plant", plant, 0.19, 3), ("milk churn", churn, 0.17, 2), ("basket", basket, 0.15, 2))


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
                name, paint, size, styles = SHELF_THINGS[which]
                c.add(
                    name,
                    paint,
                    x0 + x,
                    y,
                    size * c.between(0.85, 1.0),
                    c.pick(GLAZES),
                    styles=styles,
                    colours=GLAZES,
                    slide=(0.025, 0.0),
                )
    for x0, x1 in ((0.05, aspect * 0.33), (aspect * 0.67, aspect - 0.05)):
        for x in c.spread(max(2, round((x1 - x0) / 0.09)), x1 - x0, 0.1):
            c.add(
                "pan",
                pan,
                x0 + x,
                SHELVES[1] + 0.03,
                c.between(0.11, 0.14),
                c.pick(GLAZES[:3]),
                styles=3,
                colours=GLAZES,
                slide=(0.02, 0.0),
            )
    c.add("clock", clock, aspect * 0.19, 0.062, 0.095, rgb("c8553d"), styles=2, colours=GLAZES, slide=(0.05, 0.0))
    c.add("clock", clock, aspect * 0.82, 0.062, 0.095, rgb("3f5e73"), styles=2, colours=GLAZES, slide=(0.05, 0.0))
    for x in (0.43, 0.5, 0.57):
        c.add(
            "plant",
            plant,
            aspect * x,
            0.447,
            c.between(0.085, 0.12),
            c.pick(GLAZES),
            styles=3,
            colours=GLAZES,
            slide=(0.015, 0.0),
        )
    order = c.rng.permutation([k % len(COUNTER_THINGS) for k in range(round(5.2 * aspect))])
    for which, x in zip(order, c.spread(len(order), aspect, 0.1), strict=True):
        name, paint, size, styles = COUNTER_THINGS[which]
        c.add(
            name,
            paint,
            x,
            COUNTER + 0.022,
            size * c.between(0.9, 1.05),
            c.pick(GLAZES),
            styles=styles,
            colours=GLAZES,
            slide=(0.035, 0.0),
        )
    c.add(
        "cat",
        sleeping_cat,
        aspect * c.between(0.12, 0.3),
        0.965,
        0.22,
        rgb("d98a48"),
        styles=2,
        colours=(rgb("6d6f78"), rgb("f0e6d2")),
        slide=(0.06, 0.0),
    )
    for x in (0.45, 0.62, 0.78, 0.92):
        name, paint, size, styles = FLOOR_THINGS[int(c.rng.integers(len(FLOOR_THINGS)))]
        c.add(
            name,
            paint,
            aspect * x + c.between(-0.03, 0.03),
            c.between(0.955, 0.985),
            size,
            c.pick(GLAZES),
            styles=styles,
            colours=GLAZES,
            slide=(0.05, 0.0),
        )
    return Scene(
        "kitchen",
        "In grandmother's kitchen",
        aspect,
        lambda canvas: background(canvas, aspect, seed),
        tuple(c.items),
        seed=seed,
    )
