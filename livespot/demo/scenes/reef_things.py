"""What swims, grows and lies in the sea."""

import numpy as np

from livespot.demo.canvas import INK, Canvas, Gradient, arc, darker, lighter, mirrored, mix, rgb, shaded
from livespot.demo.scenery import Item


def fish(c: Canvas, it: Item) -> None:
    """A fish looking right, 1 long; style 0: stripes, 1: dots, 2: two halves."""
    fin, belly = darker(it.colour, 0.25), lighter(it.colour, 0.55)
    c.blob([(-0.3, 0), (-0.5, -0.24), (-0.43, 0), (-0.5, 0.24)], fin)
    c.blob([(-0.12, -0.2), (-0.02, -0.37), (0.2, -0.3), (0.24, -0.15)], fin)
    c.blob([(-0.05, 0.2), (-0.02, 0.34), (0.14, 0.24)], fin)
    back, below = [(-0.18, -0.17), (0.08, -0.25), (0.34, -0.14)], [(0.34, 0.15), (0.08, 0.23), (-0.18, 0.16)]
    c.blob([(-0.34, 0), *back, (0.47, 0.02), *below], Gradient(it.colour, belly, (0, -0.15), (0, 0.25)))
    if it.style == 0:
        for x, h in ((-0.17, 0.15), (0.0, 0.22), (0.15, 0.225)):
            right, left = [(x + 0.03, -h), (x + 0.045, 0), (x + 0.025, h)], [(x - 0.03, h), (x - 0.015, 0)]
            c.blob([(x - 0.025, -h), *right, *left], rgb("fdfaf0"), width=0.7)
    elif it.style == 1:
        dots = (-0.18, -0.05), (-0.06, -0.12), (0.08, -0.14), (-0.04, 0.04), (0.1, 0.0), (-0.14, 0.08), (0.1, 0.13)
        for x, y in dots:
            c.oval(x, y, 0.03, 0.03, darker(it.colour, 0.45), None)
    else:
        head = [(0.16, -0.2), (0.34, -0.13), (0.46, 0.02), (0.34, 0.14), (0.17, 0.2), (0.22, 0)]
        c.blob(head, darker(it.colour, 0.4), width=0.7)
    c.blob([(-0.02, 0.0), (-0.17, 0.07), (-0.14, -0.06)], fin, width=0.8)
    c.oval(0.31, -0.04, 0.055, 0.055, rgb("ffffff"), width=0.8)
    c.oval(0.325, -0.035, 0.026, 0.026, INK, None)
    c.stroke([(0.46, 0.03), (0.4, 0.07), (0.36, 0.06)], INK, 0.9, curved=True)


def bubbles(c: Canvas, it: Item) -> None:
    """A string of bubbles; style 1: fewer."""
    spots = ((0.0, 0.4, 0.16), (0.22, 0.1, 0.12), (-0.08, -0.2, 0.2), (0.2, -0.48, 0.1))
    for x, y, r in spots[: 4 if it.style == 0 else 2]:
        c.oval(x, y, r, r, rgb("bff0f2"), rgb("eafcff"), alpha=0.35)
        c.oval(x, y, r, r, None, rgb("eafcff"), width=1.1)
        c.stroke(arc(x, y, r * 0.65, r * 0.65, 190, 260), rgb("ffffff"), 1.4)


def coral(c: Canvas, it: Item) -> None:
    """A branching coral standing on (0, 0), 1 high; style 1: a fan, 2: tubes."""
    if it.style == 2:
        tubes = (-0.25, 0.62, 0.13), (0.22, 0.55, 0.13), (-0.02, 0.95, 0.16), (0.42, 0.36, 0.1), (-0.43, 0.38, 0.1)
        for x, h, w in tubes:
            outline = [(x - w * 0.7, 0), (x - w, -h), (x + w, -h), (x + w * 0.7, 0)]
            c.poly(outline, shaded(it.colour, 0.25, 0.25, (x - w, 0), (x + w, 0)))
            c.oval(x, -h, w, w * 0.42, lighter(it.colour, 0.3))
            c.oval(x, -h, w * 0.6, w * 0.24, darker(it.colour, 0.6), None)
        return
    rng = it.rng()
    if it.style == 1:
        fan = arc(0, -0.18, 0.6, 0.82, 160, 380, steps=22)
        c.blob([(0.05, 0), *fan[::-1], (-0.05, 0)], mix(it.colour, rgb("ffffff"), 0.25))
        for a in np.linspace(-1.1, 1.1, 9):
            rib = [(0, 0), (0.3 * np.sin(a), -0.2 - 0.3 * np.cos(a)), (0.55 * np.sin(a), -0.18 - 0.74 * np.cos(a))]
            c.stroke(rib, darker(it.colour, 0.3), 1.4, curved=True)
        for r in (0.3, 0.5, 0.7, 0.88):
            c.stroke(arc(0, -0.18, 0.58 * r, 0.8 * r, 195, 345), darker(it.colour, 0.3), 0.9)
        return
    twigs: list[tuple[list[tuple[float, float]], float]] = []

    def grow(x: float, y: float, angle: float, length: float, width: float) -> None:
        ex, ey = x + length * np.sin(angle), y - length * np.cos(angle)
        twigs.append(([(x, y), (ex, ey)], width))
        if length > 0.13:
            for turn in (-0.5, 0.45):
                grow(ex, ey, angle + turn + rng.uniform(-0.15, 0.15), length * rng.uniform(0.66, 0.8), width * 0.72)

    grow(0, 0, 0.0, 0.3, 1.0)
    unit = c.units() / c.pen  # one local unit in pens
    for points, width in twigs:
        c.stroke(points, INK, 0.115 * width * unit + 2.2)
    for points, width in twigs:
        c.stroke(points, it.colour, 0.115 * width * unit)
    for points, width in twigs:
        c.stroke(np.array(points) - [0.012, 0], lighter(it.colour, 0.35), 0.025 * width * unit)


def weed(c: Canvas, it: Item) -> None:
    """Sea grass swaying on (0, 0), 1 high; style: leaning left or right."""
    lean = 0.25 if it.style else -0.25
    for x, h, w in ((-0.16, 0.7, 0.07), (0.17, 0.8, 0.07), (0.0, 1.0, 0.085), (0.3, 0.5, 0.06), (-0.3, 0.45, 0.06)):
        left = [(x - w / 2, 0), (x - w + lean * 0.3, -h * 0.35), (x - w * 0.2 - lean * 0.2, -h * 0.7)]
        right = [(x + w - lean * 0.15, -h * 0.7), (x + w * 0.6 + lean * 0.35, -h * 0.35), (x + w / 2, 0)]
        c.blob([*left, (x + lean * 0.5, -h), *right], mix(it.colour, rgb("2f6f4f"), abs(x)))
        rib = [(x, 0), (x + lean * 0.3, -h * 0.35), (x - lean * 0.12, -h * 0.7), (x + lean * 0.45, -h * 0.95)]
        c.stroke(rib, darker(it.colour, 0.4), 0.7, curved=True)


def starfish(c: Canvas, it: Item) -> None:
    arms = 5 if it.style == 0 else 6
    points = []
    for k in range(arms):
        a = 2 * np.pi * k / arms - np.pi / 2
        b = a + np.pi / arms
        points += [(0.5 * np.cos(a), 0.5 * np.sin(a)), (0.2 * np.cos(b), 0.2 * np.sin(b))]
    c.shadow(0.05, 0.08, 0.5, 0.45, 0.25)
    c.blob(points, it.colour)
    for k in range(arms):
        a = 2 * np.pi * k / arms - np.pi / 2
        for r in (0.14, 0.25, 0.35):
            c.oval(r * np.cos(a), r * np.sin(a), 0.028, 0.028, lighter(it.colour, 0.6), None)


def shell(c: Canvas, it: Item) -> None:
    """A scallop, or (style 1) a snail's shell."""
    c.shadow(0.05, 0.05, 0.55, 0.2, 0.25)
    if it.style == 0:
        c.blob([(-0.12, 0.02), *arc(0, -0.3, 0.48, 0.4, 165, 375, steps=12), (0.12, 0.02)], it.colour)
        for a in np.linspace(-1.2, 1.2, 7):
            c.stroke([(0, 0), (0.45 * np.sin(a), -0.3 - 0.36 * np.cos(a))], darker(it.colour, 0.35), 0.9)
        c.rect(-0.15, -0.03, 0.3, 0.1, darker(it.colour, 0.15))
    else:
        c.blob([(-0.5, 0.02), (-0.35, -0.4), (0.05, -0.55), (0.42, -0.3), (0.5, 0.0), (0, 0.1)], it.colour)
        t = np.linspace(0, 4.6 * np.pi, 60)
        r = 0.3 * np.exp(-t / 9)
        c.stroke(np.column_stack([0.08 + r * np.cos(t), -0.2 + r * np.sin(t) * 0.8]), darker(it.colour, 0.45), 1.4)


def rock(c: Canvas, it: Item) -> None:
    rng = it.rng()
    c.shadow(0.05, 0.02, 0.65, 0.14, 0.3)
    left, top = [(-0.55, 0.03), (-0.48, -0.25), (-0.2, -0.48)], (0.12, -0.5 - 0.1 * rng.uniform())
    edge = [*left, top, (0.42, -0.3), (0.56, 0.02), (0, 0.08)]
    c.blob(edge, shaded(it.colour, 0.2, 0.35, (-0.3, -0.5), (0.3, 0.1)))
    c.stroke([(-0.2, -0.4), (-0.1, -0.25), (-0.18, -0.1)], darker(it.colour, 0.4), 1)
    c.stroke([(0.2, -0.35), (0.28, -0.2)], darker(it.colour, 0.4), 1)
    for _ in range(14):
        x, y = rng.uniform(-0.4, 0.4), rng.uniform(-0.3, 0.0)
        c.oval(x, y, 0.02, 0.014, darker(it.colour, rng.uniform(0.2, 0.5)), None)
    if it.style == 1:
        for x in (-0.3, 0.05, 0.3):
            c.oval(x, -0.42 + abs(x) * 0.4, 0.07, 0.045, rgb("d96c8a"), width=0.8)


def chest(c: Canvas, it: Item) -> None:
    """A treasure chest on (0, 0), 1 wide; style 1: closed."""
    wood, band = it.colour, rgb("e0b04a")
    c.shadow(0.05, 0.02, 0.65, 0.14, 0.35)
    if it.style == 0:
        c.poly([(-0.5, -0.42), (-0.44, -0.8), (0.44, -0.8), (0.5, -0.42)], darker(wood, 0.45))
        c.blob([(-0.5, -0.74), (-0.42, -0.95), (0.42, -0.95), (0.5, -0.74), (0.0, -0.7)], wood)
        rng = it.rng()
        for k in range(13):
            x, y = -0.4 + (k % 7) * 0.133, -0.46 - 0.09 * (k // 7) - rng.uniform(0, 0.04)
            c.oval(x, y, 0.075, 0.06, mix(rgb("f6c945"), rgb("fbe68a"), rng.uniform()), width=0.8)
        c.oval(0.12, -0.58, 0.06, 0.06, rgb("e4566e"), width=0.8)
    else:
        lid = [(-0.5, -0.42), (-0.46, -0.66), (-0.2, -0.76), (0.2, -0.76), (0.46, -0.66), (0.5, -0.42)]
        c.blob(lid, lighter(wood, 0.1))
    c.rect(-0.5, -0.42, 1.0, 0.44, shaded(wood, 0.15, 0.2, (0, -0.4), (0, 0)))
    for y in (-0.28, -0.13):
        c.stroke([(-0.5, y), (0.5, y)], darker(wood, 0.45), 0.8)
    for x in (-0.36, 0.26):
        c.rect(x, -0.42, 0.1, 0.44, band)
    c.rect(-0.08, -0.46, 0.16, 0.18, band)
    c.oval(0, -0.38, 0.025, 0.03, INK, None)


def octopus(c: Canvas, it: Item) -> None:
    """Style 1: winking."""
    for k, x in enumerate((-0.42, -0.26, -0.09, 0.09, 0.26, 0.42)):
        curl = -1 if x < 0 else 1
        bend, tip = (x * 1.2 + curl * 0.05, -0.02 - 0.03 * (k % 2)), (x * 1.3 + curl * 0.12, -0.12)
        arm = [(x * 0.55, -0.35), (x * 1.0, -0.14), bend, tip]
        unit = c.units() / c.pen
        c.stroke(arm, INK, 0.12 * unit + 2.2, curved=True)
        c.stroke(arm, it.colour, 0.12 * unit, curved=True)
        for px, py in arm[1:3]:
            c.oval(px, py + 0.01, 0.02, 0.02, lighter(it.colour, 0.5), None)
    outline = [(-0.3, -0.34), (-0.36, -0.68), (-0.2, -0.95), (0.2, -0.95), (0.36, -0.68), (0.3, -0.34), (0, -0.26)]
    c.blob(outline, Gradient(lighter(it.colour, 0.25), it.colour, (0, -0.9), (0, -0.3)))
    for x in (-0.13, 0.13):
        if it.style == 1 and x > 0:
            c.stroke(arc(x, -0.56, 0.08, 0.05, 200, 340), INK, 1.6)
            continue
        c.oval(x, -0.58, 0.085, 0.1, rgb("ffffff"))
        c.oval(x + 0.02, -0.56, 0.04, 0.05, INK, None)
    c.stroke(arc(0, -0.44, 0.09, 0.06, 20, 160), INK, 1.4)
    for x, y in ((-0.2, -0.8), (0.05, -0.86), (0.2, -0.76)):
        c.oval(x, y, 0.035, 0.025, darker(it.colour, 0.25), None)


def jelly(c: Canvas, it: Item) -> None:
    """A jellyfish, 1 high; style 1: a frilled bell."""
    for k, x in enumerate((-0.25, -0.12, 0.0, 0.12, 0.25)):
        wave = [(x, -0.42), (x + 0.06, -0.22), (x - 0.05, 0.0), (x + 0.05, 0.24 + 0.07 * (k % 2))]
        c.stroke(wave, INK, 3.2, curved=True)
        c.stroke(wave, lighter(it.colour, 0.35), 1.9, curved=True)
    outline = [*mirrored((-0.4, -0.42), (-0.37, -0.7), (-0.18, -0.93)), (0.2, -0.36), (0, -0.41), (-0.2, -0.36)]
    c.blob(outline, Gradient(lighter(it.colour, 0.55), it.colour, (0, -0.9), (0, -0.4)))
    if it.style == 1:
        for x in np.linspace(-0.32, 0.32, 5):
            c.oval(x, -0.41, 0.085, 0.06, lighter(it.colour, 0.6), width=0.8)
    for x, y in ((-0.2, -0.68), (0.0, -0.78), (0.18, -0.64)):
        c.oval(x, y, 0.05, 0.035, lighter(it.colour, 0.7), None)


def turtle(c: Canvas, it: Item) -> None:
    """A sea turtle swimming right, 1 long; style 1: a ringed shell."""
    skin = rgb("8fbf7a")
    c.blob([(0.1, 0.05), (0.22, 0.38), (0.08, 0.42), (-0.08, 0.12)], skin)
    c.blob([(-0.3, 0.05), (-0.46, 0.22), (-0.5, 0.12), (-0.36, -0.02)], skin)
    c.blob([(0.26, -0.06), (0.4, -0.18), (0.52, -0.12), (0.52, 0.02), (0.38, 0.06)], skin)
    c.oval(0.45, -0.08, 0.022, 0.026, INK, None)
    outline = [(-0.42, 0.08), (-0.32, -0.17), (0.0, -0.29), (0.25, -0.16), (0.34, 0.06), (0.0, 0.13)]
    c.blob(outline, shaded(it.colour, 0.25, 0.25, (0, -0.3), (0, 0.15)))
    if it.style == 0:
        for x, y in ((-0.22, -0.04), (-0.04, -0.12), (0.14, -0.05), (-0.05, 0.04)):
            c.poly(arc(x, y, 0.085, 0.065, 0, 360, steps=6)[:-1], darker(it.colour, 0.3), width=0.7)
    else:
        for r in (0.24, 0.14):
            c.oval(-0.03, -0.07, r, r * 0.5, None, darker(it.colour, 0.5), width=1.3)
