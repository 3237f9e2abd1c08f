"""Under the sea: rays of light, rocks and corals, many fish, a treasure on the sand."""

from functools import partial

import numpy as np

from livespot.demo.canvas import Canvas, Gradient, arc, darker, lighter, mix, rgb
from livespot.demo.scenery import Collection, Scene, Sort
from livespot.demo.scenes import reef_things as things

SAND = 0.80
BRIGHT = tuple(map(rgb, ("f25f5c", "ffb238", "f7e06b", "57c4a8", "9d7bd8", "f48fb1", "3aa0e0", "f2f0e6")))
CORALS = tuple(map(rgb, ("e4566e", "f2894a", "c061a8", "f4c04f", "6fb98f", "8d6fd1")))


def background(c: Canvas, aspect: float, seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    c.rect(0, 0, aspect, 1, Gradient(rgb("5fd0dc"), rgb("0d3f73"), (0, 0), (0, SAND)), None)
    for _ in range(round(6 * aspect)):  # rays from the surface
        x, w, lean = rng.uniform(-0.1, aspect), rng.uniform(0.03, 0.1), rng.uniform(0.15, 0.3)
        ray = [(x, -0.02), (x + w, -0.02), (x + w * 1.7 + lean, 0.75), (x + lean - w * 0.4, 0.75)]
        c.poly(ray, Gradient(rgb("d8fff6"), rgb("3b93b5"), (x, 0), (x + lean, 0.6)), None, alpha=0.16)
    for _ in range(round(160 * aspect)):  # specks that drift in the water
        x, y, r = rng.uniform(0, aspect), rng.uniform(0, SAND), rng.uniform(0.0012, 0.0035)
        c.oval(x, y, r, r, mix(rgb("c9f4f0"), rgb("2b78a0"), rng.uniform()), None, alpha=0.8)
    for base, colour, height in ((0.86, rgb("2f7d9e"), 0.30), (0.90, rgb("235f80"), 0.17)):  # far rocks
        along = np.linspace(-0.1, aspect + 0.1, round(9 * aspect))
        top = base - height * rng.uniform(0.15, 1.0, len(along))
        c.blob([(-0.2, 1.1), *zip(along, top, strict=True), (aspect + 0.2, 1.1)], colour, darker(colour, 0.4))
        for _ in range(round(70 * aspect)):
            px, py = rng.uniform(0, aspect), rng.uniform(base - 0.1, base + 0.05)
            c.stroke(arc(px, py, 0.012, 0.008, 190, 350), lighter(colour, 0.18), 0.8)
    along = np.linspace(-0.05, aspect + 0.05, 14)
    top = SAND + 0.016 * np.sin(along * 5 + rng.uniform(0, 6)) + rng.normal(0, 0.006, len(along))
    sand = [(-0.1, 1.1), *zip(along, top, strict=True), (aspect + 0.1, 1.1)]
    c.blob(sand, Gradient(rgb("f2dca6"), rgb("c9a468"), (0, SAND), (0, 1)), rgb("7d6136"))
    for _ in range(round(60 * aspect)):
        px, py = rng.uniform(0, aspect), rng.uniform(SAND + 0.03, 1)
        half = rng.uniform(0.015, 0.05)
        ripple = [(px - half, py), (px - half / 3, py - 0.005), (px + half / 3, py + 0.003), (px + half, py)]
        c.stroke(ripple, rgb("b08a52"), 0.8, curved=True, alpha=0.7)
    for _ in range(round(220 * aspect)):
        px, py = rng.uniform(0, aspect), rng.uniform(SAND + 0.02, 1)
        tone = (rgb("fff3d0"), rgb("8d6b3f"), rgb("d98e73"))[int(rng.integers(3))]
        c.oval(px, py, rng.uniform(0.0015, 0.004), 0.002, tone, None)


GRASS = tuple(map(rgb, ("3f9f5f", "7fb84a", "2f8f8a")))
STONE = tuple(map(rgb, ("7d8597", "8d7b68", "6d7f86")))
PEARL = tuple(map(rgb, ("f7c6b4", "e9d8a6", "d7b8e0")))
GROUND = (  # and how large
    (Sort("coral", things.coral, 3, CORALS, (0.04, 0.0)), 0.20),
    (Sort("sea grass", things.weed, 2, GRASS, (0.04, 0.0)), 0.24),
    (Sort("rock", things.rock, 2, STONE, (0.04, 0.0)), 0.17),
    (Sort("starfish", things.starfish, 2, BRIGHT[:2] + BRIGHT[4:6], (0.04, 0.0)), 0.09),
    (Sort("shell", things.shell, 2, PEARL, (0.04, 0.0)), 0.075),
)
JELLYFISH = Sort("jellyfish", things.jelly, 2, BRIGHT[3:7], (0.03, 0.04))
TURTLE = Sort("turtle", things.turtle, 2, (rgb("b5804a"), rgb("5f86a8")), (0.05, 0.02), turnable=True)
FISH = Sort("fish", things.fish, 3, BRIGHT, (0.05, 0.025), turnable=True)
BUBBLES = Sort("bubbles", things.bubbles, 2, slide=(0.03, 0.03))
OCTOPUS = Sort("octopus", things.octopus, 2, (rgb("e07a3f"), rgb("5b8fd1")), (0.04, 0.0))
CHEST = Sort("chest", things.chest, 2, (rgb("5f6f8a"), rgb("a8433f")), (0.03, 0.0))
ROWS = 5  # of fish


def scene(aspect: float, seed: int) -> Scene:
    c = Collection(seed)
    for x in c.spread(round(6 * aspect), aspect, 0.3):  # behind
        sort, size = GROUND[int(c.rng.integers(3))]
        y = c.between(SAND + 0.01, SAND + 0.035)
        c.add(sort, x, y, size * c.between(0.9, 1.5), c.pick(sort.colours))
    for x, y in ((0.2 * aspect, 0.4), (0.66 * aspect, 0.3), (0.9 * aspect, 0.52)):
        c.add(JELLYFISH, x, y + c.between(-0.05, 0.05), c.between(0.13, 0.19), c.pick(BRIGHT[3:6]))
    c.add(TURTLE, aspect * c.between(0.38, 0.5), c.between(0.12, 0.2), 0.27, rgb("7a9a4f"))
    for row in range(ROWS):
        for x in c.spread(round(4.2 * aspect), aspect, 0.33):
            y = 0.10 + (row + c.between(0.1, 0.9)) * 0.60 / ROWS
            c.add(FISH, x, y, c.between(0.07, 0.15), c.pick(BRIGHT), angle=c.between(-12, 12))
    for x in c.spread(round(5 * aspect), aspect, 0.4):
        c.add(BUBBLES, x, c.between(0.1, 0.68), c.between(0.06, 0.1))
    chest_x = aspect * c.between(0.55, 0.75)
    c.add(OCTOPUS, aspect * c.between(0.18, 0.3), 0.87, 0.23, rgb("c65b9b"))
    c.add(CHEST, chest_x, 0.9, 0.22, rgb("94612f"))
    for x in c.spread(round(8 * aspect), aspect, 0.3):  # in front
        sort, size = GROUND[int(c.rng.integers(len(GROUND)))]
        c.add(sort, x, c.between(0.93, 0.99), size * c.between(0.6, 0.95), c.pick(sort.colours))
    water = partial(background, aspect=aspect, seed=seed)
    return Scene("reef", "Under the sea", aspect, water, tuple(c.items), seed=seed)
