"""A line drawing, black on white, as in a colouring book: a village green with a pond, trees and animals."""

from functools import partial

import numpy as np

from livespot.demo.canvas import Canvas, smooth
from livespot.demo.scenery import Collection, Scene, Sort
from livespot.demo.scenes import village_things as things
from livespot.demo.scenes.village_things import BLACK, WHITE


def tufts(c: Canvas, rng: np.random.Generator, count: int, box: tuple[float, float, float, float], size: float) -> None:
    for _ in range(count):
        x, y = rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3])
        for lean in (-0.5, 0.0, 0.5):
            c.stroke([(x, y), (x + lean * size * 0.6, y - size * (1 - 0.3 * abs(lean)))], BLACK, 0.6)


def background(c: Canvas, aspect: float, seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    c.rect(-0.1, -0.1, aspect + 0.2, 1.2, WHITE, None)
    for _ in range(round(26 * aspect)):  # wind in the sky
        x, y, half = rng.uniform(0, aspect), rng.uniform(0.02, 0.24), rng.uniform(0.015, 0.04)
        c.stroke([(x - half, y), (x, y - 0.006), (x + half, y)], BLACK, 0.5, curved=True)
    for base, height in ((0.36, 0.15), (0.41, 0.10)):  # hills with fields
        along = np.linspace(-0.1, aspect + 0.1, round(5 * aspect))
        ridge = smooth(np.column_stack([along, base - height * rng.uniform(0.3, 1, len(along))]))
        c.poly([(-0.2, 1.2), *ridge, (aspect + 0.2, 1.2)], WHITE, BLACK, 0.8)
        for k in range(2, len(ridge) - 3, 4):
            x, y = ridge[k]
            for j in range(5):
                c.stroke([(x + j * 0.013, y + 0.016 + j * 0.002), (x + 0.03 + j * 0.013, y + 0.055)], BLACK, 0.5)
    c.stroke(smooth([(-0.1, 0.46), (aspect * 0.3, 0.45), (aspect * 0.7, 0.465), (aspect + 0.1, 0.45)]), BLACK, 0.9)
    left = smooth([(aspect * x, y) for x, y in ((0.45, 0.455), (0.41, 0.56), (0.47, 0.70), (0.38, 0.84), (0.27, 1.05))])
    right = smooth([(aspect * x, y) for x, y in ((0.49, 0.46), (0.48, 0.56), (0.60, 0.70), (0.57, 0.84), (0.54, 1.05))])
    c.poly([*left, *right[::-1]], WHITE, BLACK, 0.9)
    for _ in range(round(50 * aspect)):  # pebbles on the lane
        t = rng.uniform(0, 1)
        y = 0.52 + 0.46 * t
        middle = np.interp(y, [0.46, 0.56, 0.70, 0.84, 1.05], [0.47, 0.445, 0.535, 0.475, 0.405])
        x = aspect * middle + rng.uniform(-1, 1) * (0.015 + 0.09 * t)
        c.oval(x, y, 0.003 + 0.004 * t, 0.002 + 0.002 * t, None, BLACK, width=0.6)
    tufts(c, rng, round(70 * aspect), (0, 0.5, aspect * 0.36, 0.99), 0.014)
    tufts(c, rng, round(70 * aspect), (aspect * 0.68, 0.5, aspect, 0.99), 0.014)


SUN = Sort("sun", things.sun, 2, slide=(0.02, 0.01))
CLOUD = Sort("cloud", things.cloud, 2, slide=(0.05, 0.0))
BALLOON = Sort("balloon", things.balloon, 3, slide=(0.05, 0.02))
KITE = Sort("kite", things.kite, 2, slide=(0.04, 0.02), turnable=True)
BIRD = Sort("bird", things.bird, 2, slide=(0.04, 0.02))
TREE = Sort("tree", things.tree, 3, slide=(0.03, 0.0))
HOUSE = Sort("house", things.house, 3, removable=False, resizable=False)
POND = Sort("pond", things.pond, removable=False, resizable=False)
DUCK = Sort("duck", things.duck, 2, slide=(0.03, 0.0), turnable=True)
BICYCLE = Sort("bicycle", things.bicycle, 2, slide=(0.04, 0.0), turnable=True)
FENCE = Sort("fence", things.fence, 2)
FLOWER = Sort("flower", things.flower, 3, slide=(0.035, 0.0))
MEADOW = (  # and how large
    (FLOWER, 0.085),
    (FLOWER, 0.095),
    (Sort("mushroom", things.mushroom, 2, slide=(0.035, 0.0)), 0.07),
    (Sort("sheep", things.sheep, 2, slide=(0.035, 0.0), turnable=True), 0.14),
    (Sort("butterfly", things.butterfly, 2, slide=(0.035, 0.0)), 0.07),
    (Sort("bench", things.bench, 2, slide=(0.035, 0.0)), 0.14),
    (Sort("dog", things.dog, 2, slide=(0.035, 0.0), turnable=True), 0.14),
    (FLOWER, 0.1),
)


def scene(aspect: float, seed: int) -> Scene:
    c = Collection(seed)
    c.add(SUN, aspect * 0.11, 0.11, 0.17)
    for x in c.spread(round(2.6 * aspect), aspect, 0.2):
        c.add(CLOUD, x, c.between(0.06, 0.15), c.between(0.15, 0.22))
    c.add(BALLOON, aspect * c.between(0.28, 0.42), c.between(0.13, 0.18), 0.2)
    c.add(BALLOON, aspect * c.between(0.72, 0.86), c.between(0.15, 0.2), 0.17)
    c.add(KITE, aspect * c.between(0.55, 0.63), c.between(0.17, 0.24), 0.14, angle=20)
    for _ in range(round(3.5 * aspect)):
        c.add(BIRD, c.between(0.05, aspect - 0.05), c.between(0.05, 0.27), c.between(0.035, 0.055))
    for x in c.spread(round(5.5 * aspect), aspect, 0.25):
        c.add(TREE, x, c.between(0.42, 0.465), c.between(0.13, 0.19))
    for x in (0.13, 0.30, 0.70, 0.88):
        c.add(HOUSE, aspect * (x + c.between(-0.015, 0.015)), c.between(0.52, 0.56), c.between(0.17, 0.21))
    c.add(POND, aspect * 0.83, 0.70, 0.36)
    for x, y in ((0.77, 0.69), (0.85, 0.71), (0.91, 0.685)):
        c.add(DUCK, aspect * x, y, c.between(0.055, 0.07))
    c.add(BICYCLE, aspect * c.between(0.5, 0.56), 0.66, 0.15)
    for x in c.spread(round(2.5 * aspect), aspect * 0.36, 0.15):
        c.add(FENCE, x, c.between(0.6, 0.63), 0.08)
    for y in (0.72, 0.83, 0.93):
        for x in c.spread(round((4.4 + 5 * (y - 0.7)) * aspect), aspect, 0.2):
            if y < 0.75 and x > aspect * 0.62:
                continue  # the pond is there
            sort, size = MEADOW[int(c.rng.integers(len(MEADOW)))]
            c.add(sort, x, y + c.between(-0.02, 0.035), size * (0.75 + (y - 0.7) * 1.6))
    land, items = partial(background, aspect=aspect, seed=seed), tuple(c.items)
    return Scene("village", "On the village green", aspect, land, items, grain=2.0, line_art=True, seed=seed)
