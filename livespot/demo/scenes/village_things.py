"""What stands on the village green, drawn in black on white."""

import numpy as np
from numpy.typing import ArrayLike

from livespot.demo.canvas import Canvas, arc, mirrored, smooth, star
from livespot.demo.scenery import Item

Radii = tuple[float, float]
BLACK, WHITE = (24.0, 22.0, 26.0), (255.0, 255.0, 255.0)


def shape(c: Canvas, points: ArrayLike, width: float = 1.0) -> None:
    """A smooth closed white shape with a black outline."""
    c.blob(points, WHITE, BLACK, width)


def hatch(c: Canvas, x0: float, y0: float, x1: float, y1: float, count: int, lean: float = 0.0) -> None:
    """Parallel strokes between two levels, from x0 to x1."""
    for x in np.linspace(x0, x1, count):
        c.stroke([(x, y0), (x + lean, y1)], BLACK, 0.55)


def scallops(y: float, inner: Radii, outer: Radii, count: int, on: float) -> list[tuple[float, float]]:
    """A frill about (0, y): points of an inner ellipse, after each one of an outer ellipse, `on` degrees further."""
    turns = np.linspace(0, 360, count + 1)[:-1]
    at = [(radii, np.radians(a + far)) for a in turns for radii, far in ((inner, 0), (outer, on))]
    return [(rx * np.cos(a), y + ry * np.sin(a)) for (rx, ry), a in at]


def cloud(c: Canvas, it: Item) -> None:
    top = [(-0.5, 0.1), (-0.46, -0.06), (-0.28, -0.1), (-0.18, -0.26), (0.06, -0.28), (0.18, -0.12), (0.38, -0.12)]
    shape(c, [*top, (0.5, 0.08), (0, 0.13)])
    c.stroke(arc(-0.1, -0.05, 0.12, 0.1, 200, 330), BLACK, 0.7)
    if it.style == 1:
        for x in (-0.3, -0.1, 0.1, 0.3):
            c.stroke([(x, 0.18), (x - 0.05, 0.32)], BLACK, 0.9)


def sun(c: Canvas, it: Item) -> None:
    for a in range(0, 360, 30 if it.style == 0 else 45):
        u = np.array([np.cos(np.radians(a)), np.sin(np.radians(a))])
        c.stroke([u * 0.36, u * 0.5], BLACK, 1.3)
    c.oval(0, 0, 0.29, 0.29, WHITE, BLACK)
    for x in (-0.1, 0.1):
        c.oval(x, -0.05, 0.025, 0.035, BLACK, None)
    c.stroke(arc(0, 0.0, 0.14, 0.13, 25, 155), BLACK, 1.1)


def balloon(c: Canvas, it: Item) -> None:
    """A hot-air balloon, 1 high; style: stripes, zigzag, stars."""
    c.rect(-0.09, 0.33, 0.18, 0.15, WHITE, BLACK)
    hatch(c, -0.07, 0.34, 0.08, 0.47, 5)
    for x in (-1.0, 1.0):
        c.stroke([(x * 0.09, 0.34), (x * 0.17, 0.12)], BLACK, 0.8)
    shape(c, [(-0.12, 0.16), (-0.36, -0.12), (-0.33, -0.4), (0, -0.54), (0.33, -0.4), (0.36, -0.12), (0.12, 0.16)])
    if it.style == 0:
        for x in (-0.22, 0.0, 0.22):
            c.stroke([(x * 0.3, -0.53), (x * 1.15, -0.2), (x * 0.4, 0.15)], BLACK, 0.9, curved=True)
    elif it.style == 1:
        for y in (-0.32, -0.1):
            c.stroke([(x, y + (0.08 if k % 2 else -0.03)) for k, x in enumerate(np.linspace(-0.34, 0.34, 9))], BLACK, 1)
    else:
        for x, y in ((-0.16, -0.3), (0.14, -0.34), (0.0, -0.08), (0.2, -0.1), (-0.2, -0.07)):
            c.poly(star(x, y, 0.075, 0.03), BLACK, None)


def kite(c: Canvas, it: Item) -> None:
    c.poly([(0, -0.5), (0.28, -0.14), (0, 0.25), (-0.28, -0.14)], WHITE, BLACK)
    c.stroke([(0, -0.5), (0, 0.25)], BLACK, 0.8)
    c.stroke([(-0.28, -0.14), (0.28, -0.14)], BLACK, 0.8)
    if it.style == 1:
        c.poly([(0, -0.5), (0.28, -0.14), (0, -0.14)], BLACK, None)
        c.poly([(0, 0.25), (-0.28, -0.14), (0, -0.14)], BLACK, None)
    tail = smooth([(0, 0.25), (0.1, 0.36), (-0.06, 0.46), (0.06, 0.58)])
    c.stroke(tail, BLACK, 0.8)
    for x, y in ((0.09, 0.36), (-0.05, 0.46)):
        c.poly([(x - 0.06, y - 0.03), (x + 0.06, y + 0.03), (x + 0.06, y - 0.03), (x - 0.06, y + 0.03)], BLACK, None)


def bird(c: Canvas, it: Item) -> None:
    if it.style == 0:
        c.stroke([(-0.5, -0.16), (-0.22, -0.24), (0, 0.02), (0.22, -0.24), (0.5, -0.16)], BLACK, 1.5, curved=True)
    else:
        c.stroke([(-0.5, 0.14), (-0.25, -0.08), (0, 0.0), (0.25, -0.08), (0.5, 0.14)], BLACK, 1.5, curved=True)


def house(c: Canvas, it: Item) -> None:
    """A cottage on (0, 0), 1 high with its roof; style: thatch, tiles, with a dormer."""
    w = 0.62
    c.rect(-w, -0.52, 2 * w, 0.52, WHITE, BLACK)
    c.rect(0.3, -1.0, 0.14, 0.3, WHITE, BLACK)
    for y in (-0.97, -0.91, -0.85):
        c.stroke([(0.3, y), (0.44, y)], BLACK, 0.5)
    c.poly([(-w - 0.1, -0.5), (-w + 0.14, -0.9), (w - 0.14, -0.9), (w + 0.1, -0.5)], WHITE, BLACK)
    if it.style == 0:
        for x in np.linspace(-w, w, 22):
            c.stroke([(x * 0.8, -0.88), (x * 1.12, -0.53)], BLACK, 0.5)
    else:
        for row in range(4):
            y = -0.86 + row * 0.09
            half = w - 0.14 + (y + 0.9) * 0.55
            for k in np.arange(-half + 0.05 + 0.05 * (row % 2), half - 0.04, 0.1):
                c.stroke(arc(k, y, 0.05, 0.06, 0, 180), BLACK, 0.6)
    if it.style == 2:
        c.poly([(-0.22, -0.56), (-0.22, -0.72), (0, -0.86), (0.22, -0.72), (0.22, -0.56)], WHITE, BLACK)
        c.rect(-0.1, -0.71, 0.2, 0.15, WHITE, BLACK, width=0.8)
        c.stroke([(0, -0.71), (0, -0.56)], BLACK, 0.7)
    c.rect(-0.09, -0.33, 0.18, 0.33, WHITE, BLACK)
    hatch(c, -0.06, -0.31, 0.06, -0.02, 4)
    c.oval(0.055, -0.16, 0.015, 0.015, BLACK, None)
    for x in (-0.4, 0.36):
        c.rect(x - 0.12, -0.38, 0.24, 0.22, WHITE, BLACK)
        c.stroke([(x, -0.38), (x, -0.16)], BLACK, 0.8)
        c.stroke([(x - 0.12, -0.27), (x + 0.12, -0.27)], BLACK, 0.8)
        for k in range(4):
            c.stroke(arc(x - 0.09 + k * 0.06, -0.13, 0.03, 0.035, 180, 360), BLACK, 0.7)
        c.rect(x - 0.13, -0.14, 0.26, 0.045, WHITE, BLACK, width=0.8)
    for x, y in ((-0.56, -0.46), (-0.2, -0.44), (0.16, -0.08), (0.55, -0.06), (-0.56, -0.08), (0.18, -0.45)):
        c.stroke([(x, y), (x + 0.05, y)], BLACK, 0.6)
        c.stroke([(x + 0.025, y + 0.025), (x + 0.075, y + 0.025)], BLACK, 0.6)


def tree(c: Canvas, it: Item) -> None:
    """On (0, 0), 1 high; style: leafy, fir, with apples."""
    rng = it.rng()
    c.poly([(-0.07, 0), (-0.045, -0.42), (0.045, -0.42), (0.08, 0)], WHITE, BLACK)
    for x in (-0.025, 0.02):
        c.stroke([(x, -0.02), (x * 0.7, -0.36)], BLACK, 0.6)
    if it.style == 1:
        for y, w in ((-0.22, 0.36), (-0.45, 0.29), (-0.68, 0.2)):
            below = [(w * 0.5, y - 0.04), (0, y + 0.01), (-w * 0.5, y - 0.04)]
            c.poly([(-w, y), (0, y - 0.33), (w, y), *below], WHITE, BLACK)
            hatch(c, -w * 0.55, y - 0.11, w * 0.45, y - 0.05, 6, 0.02)
        return
    shape(c, scallops(-0.66, (0.34, 0.31), (0.39, 0.36), 12, 15))
    for _ in range(13):
        x, y = rng.uniform(-0.25, 0.25), -0.66 + rng.uniform(-0.23, 0.23)
        c.stroke(arc(x, y, 0.04, 0.035, 190, 350), BLACK, 0.7)
    if it.style == 2:
        for x, y in ((-0.2, -0.6), (0.05, -0.78), (0.18, -0.58), (-0.05, -0.5), (-0.14, -0.82)):
            c.oval(x, y, 0.045, 0.045, WHITE, BLACK, width=1.2)
            c.stroke([(x, y - 0.04), (x + 0.02, y - 0.08)], BLACK, 0.8)


def sheep(c: Canvas, it: Item) -> None:
    """On (0, 0), 1 wide; style 1: grazing."""
    for x in (-0.22, -0.1, 0.12, 0.24):
        c.rect(x - 0.03, -0.2, 0.06, 0.2, BLACK, BLACK)
    shape(c, scallops(-0.36, (0.34, 0.2), (0.41, 0.25), 14, 13))
    for x, y in ((-0.15, -0.4), (0.02, -0.33), (0.12, -0.45), (-0.05, -0.48), (-0.2, -0.28)):
        c.stroke(arc(x, y, 0.04, 0.035, 0, 250), BLACK, 0.8)
    hx, hy = (0.4, -0.46) if it.style == 0 else (0.46, -0.16)
    c.oval(hx, hy, 0.1, 0.13, BLACK, BLACK, angle=-25)
    c.oval(hx - 0.11, hy - 0.06, 0.06, 0.03, BLACK, BLACK, angle=20)
    c.oval(hx + 0.02, hy - 0.03, 0.022, 0.022, WHITE, None)


def dog(c: Canvas, it: Item) -> None:
    """On (0, 0), 1 wide; style 1: spotted."""
    c.stroke([(-0.36, -0.42), (-0.5, -0.55), (-0.48, -0.68)], BLACK, 3, curved=True)
    for x in (-0.28, -0.16, 0.14, 0.25):
        c.rect(x - 0.045, -0.26, 0.09, 0.26, WHITE, BLACK, radius=0.03)
    shape(c, [(-0.38, -0.26), (-0.38, -0.46), (-0.1, -0.5), (0.22, -0.5), (0.34, -0.38), (0.3, -0.22), (0, -0.2)])
    shape(c, [(0.18, -0.52), (0.2, -0.78), (0.4, -0.82), (0.46, -0.66), (0.6, -0.6), (0.58, -0.5), (0.38, -0.44)])
    shape(c, [(0.2, -0.8), (0.12, -0.72), (0.14, -0.5), (0.24, -0.56), (0.28, -0.78)])
    c.oval(0.4, -0.68, 0.025, 0.03, BLACK, None)
    c.oval(0.6, -0.59, 0.035, 0.03, BLACK, None)
    if it.style == 1:
        for x, y, r in ((-0.2, -0.4, 0.07), (0.0, -0.32, 0.05), (0.12, -0.43, 0.045)):
            c.oval(x, y, r, r * 0.8, BLACK, None)


def flower(c: Canvas, it: Item) -> None:
    """On (0, 0), 1 high; style: daisy, tulip, filled."""
    c.stroke([(0, 0), (0.03, -0.3), (0, -0.62)], BLACK, 1.2, curved=True)
    shape(c, [(0.02, -0.16), (0.16, -0.32), (0.26, -0.3), (0.16, -0.16)], 0.9)
    if it.style == 1:
        shape(c, [*mirrored((-0.16, -0.62), (-0.18, -0.92), (-0.07, -0.78), (0, -0.97)), (0, -0.54)])
        return
    for a in range(0, 360, 45):
        u = np.array([np.cos(np.radians(a)), np.sin(np.radians(a))]) * 0.17
        c.oval(u[0], -0.76 + u[1], 0.12, 0.07, BLACK if it.style == 2 else WHITE, BLACK, angle=a, width=0.9)
    c.oval(0, -0.76, 0.085, 0.085, WHITE, BLACK)


def fence(c: Canvas, it: Item) -> None:
    for y in (-0.62, -0.28):
        c.rect(-0.75, y, 1.5, 0.1, WHITE, BLACK, width=0.9)
    for k in range(5):
        x = -0.6 + 0.3 * k
        top = -1.0 if it.style == 0 else -0.86
        points = [(x - 0.09, 0), (x - 0.09, top + 0.12), (x, top), (x + 0.09, top + 0.12), (x + 0.09, 0)]
        if it.style == 1:
            points[1:4] = [(x - 0.09, top), (x, top), (x + 0.09, top)]
        c.poly(points, WHITE, BLACK, 0.9)


def pond(c: Canvas, it: Item) -> None:
    far = [(-0.5, 0.0), (-0.36, -0.17), (0, -0.2), (0.36, -0.16)]
    shape(c, [*far, (0.5, 0.02), (0.3, 0.17), (-0.1, 0.19), (-0.4, 0.13)])
    for x, y in ((-0.3, 0.02), (0.05, -0.1), (0.25, 0.08), (-0.1, 0.1), (-0.15, -0.08)):
        c.stroke([(x - 0.07, y), (x, y - 0.015), (x + 0.07, y)], BLACK, 0.7, curved=True)


def duck(c: Canvas, it: Item) -> None:
    shape(c, [(-0.42, -0.16), (-0.5, -0.36), (-0.2, -0.3), (0.14, -0.32), (0.3, -0.12), (0.1, 0.02), (-0.25, 0.02)])
    c.oval(0.24, -0.48, 0.17, 0.16, WHITE, BLACK)
    c.poly([(0.39, -0.5), (0.56, -0.45), (0.39, -0.4)], BLACK if it.style else WHITE, BLACK)
    c.oval(0.28, -0.52, 0.025, 0.03, BLACK, None)
    c.stroke(arc(-0.1, -0.18, 0.16, 0.1, 10, 190), BLACK, 1)


def bench(c: Canvas, it: Item) -> None:
    for x in (-0.4, 0.34):
        c.rect(x, -0.3, 0.06, 0.3, BLACK, BLACK)
    for y in (-0.72, -0.56, -0.34) if it.style == 0 else (-0.56, -0.34):
        c.rect(-0.5, y, 1.0, 0.1, WHITE, BLACK)
        c.stroke([(-0.4, y + 0.05), (-0.1, y + 0.045), (0.3, y + 0.055)], BLACK, 0.5)
    for x in (-0.38, 0.36):
        c.stroke([(x, -0.74), (x, -0.34)], BLACK, 1.4)


def mushroom(c: Canvas, it: Item) -> None:
    shape(c, [(-0.12, 0), (-0.1, -0.45), (0.1, -0.45), (0.12, 0), (0, 0.03)])
    shape(c, [(-0.42, -0.42), (-0.34, -0.75), (0, -0.95), (0.34, -0.75), (0.42, -0.42), (0, -0.36)])
    for x, y, r in ((-0.18, -0.62, 0.08), (0.08, -0.76, 0.07), (0.2, -0.54, 0.06)):
        c.oval(x, y, r, r, BLACK if it.style else WHITE, BLACK, width=0.9)


def bicycle(c: Canvas, it: Item) -> None:
    for x in (-0.3, 0.32):
        c.oval(x, -0.24, 0.23, 0.23, None, BLACK, width=1.6)
        c.oval(x, -0.24, 0.03, 0.03, BLACK, None)
        if it.style == 0:
            for a in range(0, 180, 30):
                u = np.array([np.cos(np.radians(a)), np.sin(np.radians(a))]) * 0.22
                c.stroke([(x - u[0], -0.24 - u[1]), (x + u[0], -0.24 + u[1])], BLACK, 0.4)
    c.stroke([(-0.3, -0.24), (-0.14, -0.58), (0.22, -0.58), (0.02, -0.24), (-0.3, -0.24)], BLACK, 1.6)
    c.stroke([(0.02, -0.24), (-0.16, -0.66)], BLACK, 1.6)
    c.stroke([(0.32, -0.24), (0.2, -0.72), (0.32, -0.76)], BLACK, 1.6)
    c.rect(-0.25, -0.71, 0.18, 0.06, BLACK, BLACK, radius=0.03)


def butterfly(c: Canvas, it: Item) -> None:
    for side in (-1, 1):
        shape(c, [(0, -0.05), (side * 0.2, -0.4), (side * 0.48, -0.34), (side * 0.36, -0.02)], 0.9)
        shape(c, [(0, 0.0), (side * 0.34, 0.04), (side * 0.36, 0.3), (side * 0.12, 0.28)], 0.9)
        c.oval(side * 0.3, -0.22, 0.06, 0.06, BLACK if it.style else WHITE, BLACK, width=0.8)
    c.oval(0, 0.0, 0.035, 0.22, BLACK, None)
