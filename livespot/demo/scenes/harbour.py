"""A fishing harbour in the morning: hills, a row of houses, boats, a quay with things on it."""

import numpy as np

from livespot.demo.canvas import INK, Canvas, Gradient, darker, lighter, mix, rgb
from livespot.demo.scenery import Collection, Scene, Sort
from livespot.demo.scenes import harbour_things as things

SEA_TOP, QUAY = 0.475, 0.80
PLASTER = tuple(map(rgb, ("e76f51", "f4a261", "e9c46a", "f6e7cb", "8ab6a9", "d8a7b1", "9bb8d3", "c8553d")))
HULLS = tuple(map(rgb, ("c1272d", "1d6fa5", "2a9d8f", "f2b134", "f5efe0", "6a4c93")))


def background(c: Canvas, aspect: float, seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    c.rect(0, 0, aspect, SEA_TOP, Gradient(rgb("7cc3e8"), rgb("fdeecb"), (0, 0), (0, SEA_TOP)), None)
    c.glow(aspect * 0.74, 0.17, 0.26, 0.26, rgb("fff7d6"), 0.9)
    for base, colour, bumps in ((0.31, rgb("a9c3c9"), 5), (0.37, rgb("86ad9f"), 7)):
        along = np.linspace(-0.1, aspect + 0.1, bumps * 3)
        heights = base - np.abs(rng.normal(0.05, 0.04, len(along)))
        ridge = [(-0.1, 0.6), *zip(along, heights, strict=True), (aspect + 0.1, 0.6)]
        c.blob(ridge, Gradient(colour, lighter(colour, 0.35), (0, base - 0.1), (0, base + 0.1)), darker(colour, 0.3))
        for _ in range(int(90 * aspect)):  # scrub on the slopes
            px, py = rng.uniform(0, aspect), base + rng.uniform(-0.02, 0.12)
            c.oval(px, py, rng.uniform(0.004, 0.011), 0.005, mix(colour, rgb("4f7a5b"), rng.uniform(0.2, 0.7)), None)
    c.rect(0, SEA_TOP, aspect, 1, Gradient(rgb("58b2c4"), rgb("1b6d8f"), (0, SEA_TOP), (0, QUAY)), None)
    for _ in range(int(190 * aspect)):  # ripples, larger when nearer
        near = rng.uniform(0, 1)
        x, y, half = rng.uniform(0, aspect), SEA_TOP + 0.03 + near * 0.32, 0.008 + 0.03 * near * rng.uniform(0.5, 1)
        tone = rgb("c8ecec") if rng.uniform() < 0.55 else rgb("134f6e")
        ripple = [(x - half, y), (x - half * 0.3, y - 0.004), (x + half * 0.4, y + 0.002), (x + half, y - 0.001)]
        c.stroke(ripple, tone, 0.7 + near * 0.6, curved=True, alpha=0.55)
    quay(c, aspect, rng)


def quay(c: Canvas, aspect: float, rng: np.random.Generator) -> None:
    """The stone quay in front, with its edge and its slabs."""
    c.rect(0, QUAY, aspect, 1 - QUAY, Gradient(rgb("d9c9ae"), rgb("a88f76"), (0, QUAY), (0, 1)), INK)
    c.rect(-0.1, QUAY, aspect + 0.2, 0.026, rgb("efe3cb"), INK)
    y = QUAY + 0.026
    for row in range(4):
        height = 0.036 + row * 0.012
        x = -float(rng.uniform(0, 0.15))
        while x < aspect:
            width = rng.uniform(0.09, 0.17)
            tone = mix(rgb("cbb899"), rgb("9c866f"), rng.uniform(0, 0.8))
            c.rect(x, y, width, height, tone, rgb("6f5c4d"), width=0.7)
            for _ in range(5):
                px, py = x + rng.uniform(0.01, 0.95) * width, y + rng.uniform(0.1, 0.9) * height
                c.oval(px, py, rng.uniform(0.001, 0.004), 0.0015, darker(tone, rng.uniform(0.15, 0.4)), None)
            x += width
        y += height


CLOUD = Sort("cloud", things.cloud, slide=(0.09, 0.0))
CHIMNEY = Sort("chimney", things.chimney, styles=2)
HOUSE = Sort("house", things.house, styles=3, colours=PLASTER, removable=False, resizable=False)
LIGHTHOUSE = Sort("lighthouse", things.lighthouse, styles=2, colours=(rgb("2f6690"), rgb("2a9d8f")), slide=(0.03, 0.0))
PENNANT = Sort("pennant", things.bunting, styles=3, colours=HULLS)
GULL = Sort("gull", things.gull, styles=2, slide=(0.06, 0.03), turnable=True)
BOAT = Sort("boat", things.boat, styles=3, colours=HULLS, slide=(0.05, 0.0), turnable=True)
BUOY = Sort("buoy", things.buoy, colours=HULLS, slide=(0.05, 0.0))

ASIDE = (0.04, 0.0)
THINGS = (  # on the quay: what, how large, of which colour
    (Sort("barrel", things.barrel, 2, (rgb("3f7d5c"), rgb("8d4a6b")), ASIDE), 0.11, rgb("a9713f")),
    (Sort("crate", things.crate, 2, (rgb("6f9bb8"), rgb("b96a4b")), ASIDE), 0.12, rgb("c79a5c")),
    (Sort("lamp", things.lamp, 2, (rgb("9fd8cb"), rgb("ef8354")), ASIDE), 0.33, rgb("ffe08a")),
    (Sort("coil of rope", things.rope, 1, (rgb("4f86a6"), rgb("b8503f")), ASIDE), 0.11, rgb("d9b776")),
    (Sort("bollard", things.bollard, 2, (rgb("a83f39"), rgb("d9a441")), ASIDE), 0.1, rgb("3d4550")),
    (Sort("cat", things.cat, 2, (rgb("5c5f6b"), rgb("efe6d6")), ASIDE, turnable=True), 0.13, rgb("d9843b")),
    (Sort("lifebuoy", things.lifebuoy, 2, (rgb("2f6690"), rgb("2a9d8f")), ASIDE), 0.09, rgb("d8433a")),
)


def scene(aspect: float, seed: int) -> Scene:
    c = Collection(seed)
    for x in c.spread(round(2.6 * aspect), aspect, 0.25):
        c.add(CLOUD, x, c.between(0.07, 0.17), c.between(0.2, 0.3))
    x, last = 0.06, PLASTER[0]
    while x < aspect * 0.80:
        size = c.between(0.15, 0.205)
        last = c.pick([p for p in PLASTER if p != last])
        if c.between(0, 1) < 0.7:
            c.add(CHIMNEY, x + size * 0.22, SEA_TOP - size * 1.2, 0.017, rgb("a65e46"))
        c.add(HOUSE, x, SEA_TOP + 0.012, size, last)
        x += size * c.between(0.83, 0.98)
    c.add(LIGHTHOUSE, aspect * 0.915, SEA_TOP + 0.02, 0.33, rgb("c8333a"))
    count = round(9 * aspect)
    for k in range(count):
        t = (k + 0.5) / count
        c.add(PENNANT, aspect * t, _string(t), 0.045, c.pick(HULLS))
    for _ in range(round(3.2 * aspect)):
        c.add(GULL, c.between(0.08, aspect - 0.08), c.between(0.15, 0.33), c.between(0.06, 0.1))
    for row, (y, size, density) in enumerate(((0.545, 0.17, 3.1), (0.63, 0.24, 2.3), (0.745, 0.33, 1.7))):
        count = max(1, round(density * aspect))
        for x in c.spread(count, aspect, 0.13 * count / aspect):
            x += 0.16 * (row % 2) * aspect / count
            c.add(BOAT, x, y + c.between(-0.008, 0.008), size * c.between(0.9, 1.1), c.pick(HULLS))
        for _ in range(round(1.4 * aspect)):
            c.add(BUOY, c.between(0.05, aspect - 0.05), y + 0.035, size * 0.16, c.pick(HULLS[:4]))
    count = round(6.0 * aspect)
    order = c.rng.permutation([k % len(THINGS) for k in range(count)])
    for which, x in zip(order, c.spread(count, aspect, 0.12), strict=True):
        sort, size, colour = THINGS[which]
        y = {"lamp": 0.86, "lifebuoy": 0.925}.get(sort.name, c.between(0.89, 0.965))
        c.add(sort, x, y, size * (0.8 + (y - 0.85) * 2.0), colour)

    def paint_background(canvas: Canvas) -> None:
        background(canvas, aspect, seed)
        canvas.stroke([(aspect * t, _string(t)) for t in np.linspace(0, 1, 30)], INK, 1.0)

    return Scene("harbour", "At the harbour", aspect, paint_background, tuple(c.items), seed=seed)


def _string(t: float) -> float:
    """How low the pennants' string hangs at this share of the width."""
    return 0.035 + 0.05 * 4 * t * (1 - t)
