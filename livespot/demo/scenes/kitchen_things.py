"""What stands, hangs and sleeps in the kitchen."""

import numpy as np

from livespot.demo.canvas import INK, Canvas, Gradient, arc, darker, lighter, mirrored, mix, rgb, shaded, star
from livespot.demo.scenery import Item


def jar(c: Canvas, it: Item) -> None:
    """Stands on (0, 0), 1 high. Style: jam, biscuits, flour, pickles."""
    inside = (it.colour, rgb("d9a25c"), rgb("f6f1e4"), rgb("8fae4f"))[it.style]
    c.rect(-0.3, -0.82, 0.6, 0.82, rgb("e6f3f3"), radius=0.1)
    full = shaded(inside, 0.2, 0.15, (0, -0.6), (0, 0))
    c.rect(-0.26, -0.62, 0.52, 0.58, full, darker(inside, 0.4), radius=0.08, width=0.7)
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
    c.rect(-0.4, -0.85, 0.8, 0.85, shaded(it.colour, 0.3, 0.2, (-0.4, 0), (0.4, 0)), radius=0.12)
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
            x, y = 0.12 * np.cos(np.radians(a)), -0.5 + 0.12 * np.sin(np.radians(a))
            c.oval(x, y, 0.08, 0.055, it.colour, None, angle=a)
        c.oval(0, -0.5, 0.05, 0.05, rgb("f2b134"), None)
    else:
        c.poly(star(0, -0.5, 0.22, 0.09), it.colour, None)


def bottle(c: Canvas, it: Item) -> None:
    outline = mirrored((-0.18, 0), (-0.2, -0.5), (-0.08, -0.66), (-0.07, -0.9))
    c.blob(outline, shaded(it.colour, 0.3, 0.3, (-0.2, 0), (0.2, 0)))
    c.rect(-0.08, -1.0, 0.16, 0.12, rgb("a87444"))
    if it.style == 0:
        c.rect(-0.17, -0.42, 0.34, 0.26, rgb("fbf3dd"), width=0.8)
        c.oval(0, -0.29, 0.07, 0.07, rgb("7aa04c"), None)


def teapot(c: Canvas, it: Item) -> None:
    """Stands on (0, 0), about 1 wide; style 1: with dots."""
    c.blob([(0.3, -0.25), (0.48, -0.36), (0.5, -0.58), (0.6, -0.6), (0.57, -0.33), (0.36, -0.08)], it.colour)
    c.oval(-0.42, -0.36, 0.15, 0.19, None, INK, width=5)
    c.oval(-0.42, -0.36, 0.15, 0.19, None, it.colour, width=3)
    c.oval(0, -0.33, 0.39, 0.33, shaded(it.colour, 0.3, 0.2, (0, -0.66), (0, 0)))
    c.blob([(-0.2, -0.6), (0, -0.72), (0.2, -0.6), (0, -0.55)], darker(it.colour, 0.15))
    c.oval(0, -0.74, 0.06, 0.06, rgb("e6c26e"))
    if it.style == 1:
        for x, y in ((-0.2, -0.4), (0.03, -0.48), (0.2, -0.3), (-0.07, -0.2)):
            c.oval(x, y, 0.06, 0.06, rgb("fffaf0"), None)


def pot(c: Canvas, it: Item) -> None:
    """A cooking pot with its lid; style 1: steaming without it."""
    c.rect(-0.5, -0.62, 0.14, 0.1, rgb("3c4048"), radius=0.04)
    c.rect(0.36, -0.62, 0.14, 0.1, rgb("3c4048"), radius=0.04)
    c.rect(-0.4, -0.7, 0.8, 0.7, shaded(it.colour, 0.35, 0.3, (-0.4, 0), (0.4, 0)), radius=0.1)
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
        deep = Gradient(darker(it.colour, 0.35), lighter(it.colour, 0.1), (0, 0.5), (0, 0.95))
        c.oval(0, 0.72, 0.23, 0.23, deep if it.style == 0 else rgb("eef1f2"), width=0.8)
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
        c.oval(x, y, 0.18, 0.17, shaded(tone, 0.3, 0.15, (x - 0.1, y - 0.15), (x + 0.1, y + 0.15)))
        c.stroke([(x, y - 0.15), (x + 0.03, y - 0.22)], rgb("5a4232"), 1.4)
    outline = [(-0.55, -0.42), (-0.42, -0.12), (-0.18, 0), (0.18, 0), (0.42, -0.12), (0.55, -0.42), (0, -0.36)]
    c.blob(outline, shaded(it.colour, 0.25, 0.2, (0, -0.4), (0, 0)))
    for x in (-0.3, -0.1, 0.1, 0.3):
        c.oval(x, -0.2 + abs(x) * 0.2 - 0.04, 0.045, 0.045, rgb("fffaf0"), None)


def cake(c: Canvas, it: Item) -> None:
    """On its stand, (0, 0) is the table; style 1: one slice is gone."""
    c.rect(-0.06, -0.2, 0.12, 0.2, rgb("dfe6ea"))
    c.oval(0, 0, 0.25, 0.05, rgb("dfe6ea"))
    c.oval(0, -0.2, 0.52, 0.09, rgb("eef3f5"))
    c.rect(-0.4, -0.55, 0.8, 0.35, rgb("f3d9a8"))
    c.rect(-0.4, -0.42, 0.8, 0.07, it.colour, width=0.7)
    top = [(-0.42, -0.45), (-0.42, -0.58), (-0.2, -0.64), (0.2, -0.64), (0.42, -0.58), (0.42, -0.46)]
    drips = [(0.3, -0.5), (0.18, -0.42), (0.05, -0.5), (-0.1, -0.43), (-0.25, -0.5)]
    c.blob([*top, *drips], rgb("fff6ee"))
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
                green = mix(rgb("4f9a56"), rgb("8cc06a"), abs(a) / 60)
                c.oval(tip[0] * 0.8, -0.36 + (tip[1] + 0.36) * 0.8, 0.18, 0.08, green, angle=a - 90)
            elif a in (-25, 0, 25):
                x, y = tip
                petals = mirrored((-0.08, 0), (-0.09, -0.15), (-0.03, -0.09), (0, -0.17))
                c.blob([(x + dx, y + dy) for dx, dy in (*petals, (0, 0.05))], rgb("ea5b6c"))
    c.poly([(-0.24, -0.38), (0.24, -0.38), (0.17, 0), (-0.17, 0)], shaded(it.colour, 0.2, 0.2, (-0.2, 0), (0.2, 0)))
    c.rect(-0.28, -0.44, 0.56, 0.11, it.colour)


def sleeping_cat(c: Canvas, it: Item) -> None:
    """Lies on (0, 0), 1 wide."""
    c.shadow(0, 0, 0.6, 0.1, 0.3)
    outline = [(-0.45, -0.02), (-0.46, -0.25), (-0.2, -0.42), (0.15, -0.4), (0.42, -0.22), (0.46, -0.03), (0, 0.03)]
    c.blob(outline, it.colour)
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
    outline = mirrored((-0.28, 0), (-0.3, -0.5), (-0.14, -0.72), (-0.14, -0.84))
    c.blob(outline, shaded(steel, 0.4, 0.3, (-0.3, 0), (0.3, 0)))
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
    outline = [(-0.5, -0.5), (-0.4, -0.14), (-0.2, 0), (0.2, 0), (0.4, -0.14), (0.5, -0.5), (0, -0.42)]
    c.blob(outline, shaded(it.colour, 0.3, 0.2, (-0.4, 0), (0.4, 0)))
    c.stroke([(-0.46, -0.33), (0, -0.26), (0.46, -0.33)], rgb("fffaf0"), 2.4, curved=True)
