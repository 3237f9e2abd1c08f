"""What stands and floats in the harbour."""

import numpy as np

from livespot.demo.canvas import INK, Canvas, Gradient, arc, darker, lighter, mix, rgb, shaded
from livespot.demo.scenery import Item

ROOF, WOOD = rgb("b5533c"), rgb("9c6b43")


def house(c: Canvas, it: Item) -> None:
    """A harbour house standing on (0, 0), 1 high without its roof; style: the shape of its roof."""
    rng = it.rng()
    w = 0.32 + 0.14 * rng.uniform()
    c.rect(-w, -1, 2 * w, 1, shaded(it.colour, 0.15, 0.12, (0, -1), (0, 0)))
    roof = mix(ROOF, rgb("7d4f50"), rng.uniform(0, 0.8))
    if it.style == 0:
        c.poly([(-w - 0.05, -1), (0, -1.38), (w + 0.05, -1)], roof)
        c.oval(0, -1.13, 0.07, 0.07, rgb("fdf3dc"))
    elif it.style == 1:
        c.poly([(-w - 0.05, -1), (-w + 0.12, -1.26), (w - 0.12, -1.26), (w + 0.05, -1)], roof)
        for x in np.linspace(-w + 0.12, w - 0.12, 6):
            c.stroke([(x, -1.25), (x * 1.25, -1.01)], darker(roof, 0.35), 0.7)
    else:
        c.poly(
            [(-w, -1), (-w, -1.2), (-w / 2, -1.2), (-w / 2, -1.34), (w / 2, -1.34), (w / 2, -1.2), (w, -1.2), (w, -1)],
            lighter(it.colour, 0.25),
        )
    shutter = mix(rgb("35635b"), rgb("355c8c"), rng.uniform())
    for y in (-0.86, -0.52):
        for x in (-w * 0.55, w * 0.55):
            c.rect(x - 0.085, y, 0.17, 0.22, rgb("33495c"), width=0.8)
            c.stroke([(x, y), (x, y + 0.22)], rgb("f3ead8"), 0.9)
            c.stroke([(x - 0.085, y + 0.11), (x + 0.085, y + 0.11)], rgb("f3ead8"), 0.9)
            c.rect(x - 0.15, y, 0.06, 0.22, shutter, width=0.7)
            c.rect(x + 0.09, y, 0.06, 0.22, shutter, width=0.7)
    c.rect(-0.08, -0.26, 0.16, 0.26, darker(WOOD, 0.3), width=0.8)
    c.oval(0.04, -0.12, 0.015, 0.015, rgb("e9c46a"), None)


def chimney(c: Canvas, it: Item) -> None:
    c.rect(-0.5, -1, 1, 2, it.colour)
    c.rect(-0.65, -1.3, 1.3, 0.4, darker(it.colour, 0.2))
    if it.style == 1:
        for k, (x, y) in enumerate([(0.3, -2.1), (1.0, -3.0), (2.0, -3.7)]):
            c.oval(x, y, 0.6 + 0.25 * k, 0.5 + 0.2 * k, rgb("f4f1ec"), darker(rgb("f4f1ec"), 0.3))


def boat(c: Canvas, it: Item) -> None:
    """A fishing boat floating on (0, 0), 1 wide; style 0: cabin aft, 1: open with a mast, 2: cabin forward and nets."""
    c.oval(0, 0.05, 0.56, 0.07, rgb("0f4a66"), None, alpha=0.55)
    hull = [(-0.5, -0.2), (-0.42, -0.17), (0.3, -0.17), (0.55, -0.29), (0.43, 0.02), (0.36, 0.06), (-0.38, 0.06)]
    if it.style == 1:
        c.bar(0.02, -0.95, 0.02, -0.16, 0.025, rgb("7a5230"))
        outline = [(0.05, -0.9), (0.45, -0.32), (0.05, -0.28)]
        c.poly(outline, Gradient(rgb("fffaf0"), rgb("e3d2b4"), (0, -0.9), (0, -0.3)))
        c.poly([(-0.01, -0.8), (-0.34, -0.3), (-0.01, -0.26)], rgb("f6e3c0"))
        for y in (-0.6, -0.45):
            c.stroke([(0.05, y), (0.05 + (0.9 + y) * 0.62, y + 0.03)], rgb("c9b48f"), 0.7)
    else:
        side = -1 if it.style == 0 else 1
        x = -0.2 if side < 0 else 0.1
        c.rect(x - 0.13, -0.46, 0.26, 0.3, rgb("f7f1e1"))
        c.rect(x - 0.17, -0.51, 0.34, 0.06, darker(it.colour, 0.2))
        for dx in (-0.085, 0.02):
            c.rect(x + dx, -0.4, 0.07, 0.1, rgb("49758c"), width=0.8)
        c.bar(x - side * 0.05, -0.86, x - side * 0.05, -0.51, 0.018, rgb("7a5230"))
        c.stroke([(x - side * 0.05, -0.84), (0.5, -0.28)], INK, 0.6)
        c.stroke([(x - side * 0.05, -0.84), (-0.45, -0.19)], INK, 0.6)
        if it.style == 2:
            c.blob([(-0.36, -0.17), (-0.3, -0.27), (-0.2, -0.25), (-0.13, -0.17)], rgb("caa45d"))
    c.poly(hull, shaded(it.colour, 0.18, 0.3, (0, -0.2), (0, 0.06)))
    c.stroke([(-0.47, -0.12), (0.32, -0.11), (0.52, -0.2)], rgb("fff4dd"), 1.6)
    for x in (-0.28, -0.1, 0.08):
        c.oval(x, -0.045, 0.022, 0.022, rgb("fff4dd"), width=0.7)
    for k in range(3):
        c.stroke([(-0.5 + k * 0.1, 0.1 + k * 0.03), (0.5 - k * 0.14, 0.1 + k * 0.03)], rgb("d8f2f0"), 0.8, alpha=0.5)


def gull(c: Canvas, it: Item) -> None:
    """A gull in flight, 1 wide; style 1: wings down."""
    lift = -0.26 if it.style == 0 else 0.16
    c.blob([(-0.5, lift), (-0.25, lift * 1.1 - 0.06), (0, 0), (-0.2, lift * 0.6 + 0.08)], rgb("ffffff"))
    c.blob([(0.5, lift), (0.25, lift * 1.1 - 0.06), (0, 0), (0.2, lift * 0.6 + 0.08)], rgb("e9edf0"))
    c.blob([(-0.17, 0.02), (0.02, -0.07), (0.2, -0.02), (0.03, 0.09)], rgb("ffffff"))
    c.poly([(0.2, -0.03), (0.3, 0), (0.19, 0.03)], rgb("f2a541"), width=0.7)
    c.poly([(-0.5, lift), (-0.36, lift * 1.05 - 0.04), (-0.4, lift * 0.8 + 0.03)], rgb("3b3f46"), None)
    c.poly([(0.5, lift), (0.36, lift * 1.05 - 0.04), (0.4, lift * 0.8 + 0.03)], rgb("3b3f46"), None)


def cloud(c: Canvas, it: Item) -> None:
    shape = [
        (-0.5, 0.08), (-0.44, -0.08), (-0.27, -0.12), (-0.14, -0.27), (0.1, -0.25), (0.2, -0.12), (0.4, -0.1),
        (0.5, 0.07), (0.2, 0.1), (-0.2, 0.11),
    ]  # fmt: skip
    c.blob(shape, Gradient(rgb("ffffff"), rgb("dde9ee"), (0, -0.2), (0, 0.12)), rgb("8fa9b8"))
    c.stroke([(-0.3, 0.0), (-0.12, 0.03), (0.0, -0.02)], rgb("b4cad5"), 1, curved=True)


def lighthouse(c: Canvas, it: Item) -> None:
    """Stands on (0, 0), 1 high."""
    c.blob([(-0.32, 0.06), (-0.22, -0.06), (0, -0.09), (0.22, -0.07), (0.34, 0.05), (0, 0.09)], rgb("8c8378"))
    edges = np.array([[-0.13, 0], [-0.085, -0.72], [0.085, -0.72], [0.13, 0]])
    c.poly(edges, rgb("fbf6ea"))
    for k in range(3 if it.style == 0 else 2):
        y0, y1 = -0.1 - k * (0.22 if it.style == 0 else 0.36), -0.21 - k * (0.22 if it.style == 0 else 0.36)
        w0, w1 = 0.13 + y0 * 0.0625, 0.13 + y1 * 0.0625
        c.poly([(-w0, y0), (-w1, y1), (w1, y1), (w0, y0)], it.colour, width=0.7)
    c.rect(-0.12, -0.75, 0.24, 0.04, rgb("3c3f4a"))
    c.rect(-0.065, -0.88, 0.13, 0.13, rgb("ffe9a0"))
    c.stroke([(0, -0.88), (0, -0.75)], INK, 0.8)
    c.poly([(-0.09, -0.88), (0, -1), (0.09, -0.88)], it.colour)
    c.rect(-0.03, -0.1, 0.06, 0.1, rgb("5b4636"), width=0.8)


def barrel(c: Canvas, it: Item) -> None:
    body = [(-0.32, 0), (-0.4, -0.45), (-0.32, -0.9), (0.32, -0.9), (0.4, -0.45), (0.32, 0)]
    c.shadow(0.1, 0.0, 0.55, 0.12)
    c.blob(body, shaded(it.colour, 0.2, 0.35, (-0.4, 0), (0.4, 0)))
    for x in (-0.2, -0.07, 0.07, 0.2):
        c.stroke([(x, -0.02), (x * 1.25, -0.45), (x, -0.88)], darker(it.colour, 0.45), 0.7, curved=True)
    for y in (-0.18, -0.72):
        c.rect(-0.39, y - 0.04, 0.78, 0.08, rgb("5d6470"), width=0.8)
    c.oval(0, -0.9, 0.32, 0.09, lighter(it.colour, 0.25) if it.style == 0 else rgb("4d9db4"))


def crate(c: Canvas, it: Item) -> None:
    """A crate of fish (style 0) or of oranges (style 1)."""
    rng = it.rng()
    c.shadow(0.1, 0.0, 0.7, 0.13)
    for k in range(9):
        x, y = -0.42 + (k % 5) * 0.21 + (k // 5) * 0.1, -0.52 - (k // 5) * 0.09
        if it.style == 0:
            tone = mix(rgb("8fb3c9"), rgb("c7d6dd"), rng.uniform())
            c.oval(x, y, 0.15, 0.06, tone, angle=rng.uniform(-40, 40), width=0.8)
            c.oval(x + 0.06, y - 0.01, 0.012, 0.012, INK, None)
        else:
            c.oval(x, y, 0.1, 0.1, mix(rgb("f08a24"), rgb("f6b93b"), rng.uniform()), width=0.8)
    c.rect(-0.55, -0.5, 1.1, 0.5, darker(it.colour, 0.3))
    for y in (-0.48, -0.31, -0.14):
        c.rect(-0.57, y, 1.14, 0.12, mix(it.colour, rgb("e8c999"), rng.uniform(0, 0.5)), width=0.9)
        for x in (-0.5, 0.5):
            c.oval(x, y + 0.06, 0.018, 0.018, INK, None)


def bollard(c: Canvas, it: Item) -> None:
    c.shadow(0.1, 0.02, 0.5, 0.12)
    outline = [(-0.22, 0), (-0.18, -0.55), (0.18, -0.55), (0.22, 0)]
    c.poly(outline, Gradient(lighter(it.colour, 0.3), it.colour, (-0.2, 0), (0.2, 0)))
    c.oval(0, -0.6, 0.34, 0.13, lighter(it.colour, 0.15))
    if it.style == 0:
        for y in (-0.2, -0.3):
            c.stroke(arc(0, y, 0.23, 0.07, 0, 180), rgb("e0c48d"), 3)


def lifebuoy(c: Canvas, it: Item) -> None:
    c.oval(0, 0, 0.5, 0.5, rgb("fdf6e6"))
    for k in range(4):
        a = k * 90 + (45 if it.style else 0)
        c.poly(
            np.vstack([arc(0, 0, 0.5, 0.5, a - 22, a + 22, steps=8), arc(0, 0, 0.27, 0.27, a + 22, a - 22, steps=8)]),
            it.colour,
            width=0.8,
        )
    c.oval(0, 0, 0.27, 0.27, rgb("cbb899"))


def lamp(c: Canvas, it: Item) -> None:
    c.shadow(0.03, 0, 0.12, 0.03)
    c.bar(0, -0.82, 0, 0, 0.028, rgb("2f3e46"))
    c.rect(-0.05, -0.05, 0.1, 0.05, rgb("2f3e46"))
    c.poly([(-0.06, -0.84), (-0.08, -0.97), (0.08, -0.97), (0.06, -0.84)], it.colour)
    c.stroke([(0, -0.84), (0, -0.97)], INK, 0.8)
    c.poly([(-0.1, -0.97), (0, -1.06), (0.1, -0.97)], rgb("2f3e46"))
    if it.style == 1:
        c.stroke([(0, -0.7), (0.16, -0.7)], rgb("2f3e46"), 2)
        c.blob([(0.1, -0.68), (0.22, -0.68), (0.22, -0.58), (0.1, -0.58)], rgb("d1495b"))


def cat(c: Canvas, it: Item) -> None:
    """A sitting cat seen from behind the quay; style 1: tail the other way."""
    c.shadow(0.05, 0.0, 0.4, 0.09)
    side = 1 if it.style == 0 else -1
    tail = [(side * 0.2, -0.08), (side * 0.42, -0.12), (side * 0.47, -0.32), (side * 0.37, -0.42)]
    c.stroke(tail, INK, 6.5, curved=True)
    c.stroke(tail, it.colour, 4.3, curved=True)
    outline = [(-0.25, -0.01), (-0.26, -0.3), (-0.14, -0.56), (0.14, -0.56), (0.26, -0.3), (0.25, -0.01), (0, 0.02)]
    c.blob(outline, it.colour)
    c.poly([(-0.22, -0.8), (-0.2, -1.03), (-0.05, -0.89)], it.colour)
    c.poly([(0.22, -0.8), (0.2, -1.03), (0.05, -0.89)], it.colour)
    c.oval(0, -0.72, 0.24, 0.21, it.colour)
    for x in (-0.09, 0.09):
        c.oval(x, -0.75, 0.04, 0.05, rgb("e4f19c"), width=0.7)
        c.oval(x, -0.75, 0.013, 0.04, INK, None)
    c.poly([(-0.03, -0.67), (0.03, -0.67), (0, -0.63)], rgb("e88d93"), width=0.6)
    for side in (-1, 1):
        for dy in (-0.02, 0.02):
            c.stroke([(side * 0.08, -0.64), (side * 0.3, -0.65 + dy * 2)], INK, 0.5)
    for y in (-0.44, -0.34, -0.24):
        c.stroke([(-0.23, y), (-0.12, y + 0.03)], darker(it.colour, 0.5), 1.6)
        c.stroke([(0.23, y), (0.12, y + 0.03)], darker(it.colour, 0.5), 1.6)


def bunting(c: Canvas, it: Item) -> None:
    """One pennant hanging from (0, 0); style 1: swallow-tailed, 2: square."""
    shapes = (
        [(-0.5, 0), (0.5, 0), (0, 1.05)],
        [(-0.5, 0), (0.5, 0), (0.5, 1), (0, 0.6), (-0.5, 1)],
        [(-0.45, 0), (0.45, 0), (0.45, 0.85), (-0.45, 0.85)],
    )
    c.poly(shapes[it.style], Gradient(lighter(it.colour, 0.2), it.colour, (0, 0), (0, 1)))


def buoy(c: Canvas, it: Item) -> None:
    c.oval(0, 0.03, 0.5, 0.1, rgb("0f4a66"), None, alpha=0.5)
    c.blob([(-0.33, 0), (-0.25, -0.35), (0, -0.5), (0.25, -0.35), (0.33, 0), (0, 0.08)], it.colour)
    c.stroke([(-0.31, -0.16), (0.31, -0.16)], rgb("fff4dd"), 2.4)
    c.bar(0, -0.95, 0, -0.5, 0.06, INK)
    c.poly([(0.02, -0.97), (0.4, -0.85), (0.02, -0.73)], rgb("f2b134"))


def rope(c: Canvas, it: Item) -> None:
    c.shadow(0.03, 0.03, 0.55, 0.2)
    for k in range(3):
        r = 0.45 - k * 0.12
        c.oval(0, -0.06 * k, r, r * 0.42, None, INK, width=6)
        c.oval(0, -0.06 * k, r, r * 0.42, None, it.colour, width=4)
