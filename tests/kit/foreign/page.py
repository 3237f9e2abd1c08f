"""What the foreign camera films: a puzzle printed on paper, with other print around it, and a table with things on it.

In: two pictures, or one page with both, and their labels. Out: a Sheet, whose truth is in the sheet's own px. Written
without a look at the demo's press and page, or at what the training room draws: see `foreign_camera`.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Quad

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Both = tuple[Quad, Quad]  # one thing on panel A and on panel B
WORDS = (
    "the",
    "old",
    "lamp,",
    "seven",
    "birds",
    "and",
    "a",
    "kettle;",
    "nobody",
    "saw",
    "stairs",
    "before",
    "the rain",
    "began",
)
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_DUPLEX)
# Of C, M, Y, K: what it eats of R, G, B.
INK = ((0.97, 0.30, 0.06), (0.12, 0.93, 0.30), (0.03, 0.12, 0.88), (0.93, 0.93, 0.93))

PAPER = {"offset": (0.93, 0.93, 0.92), "newsprint": (0.82, 0.80, 0.74), "inkjet": (0.95, 0.95, 0.97)}  # RGB


@dataclass(frozen=True, eq=False)
class Sheet:
    """image: (H, W, 3) uint8 BGR, the reflectance of the print, sRGB coded. panels and the rest: sheet px."""

    image: Image
    panels: Both
    differences: tuple[Both, ...]
    ignored: tuple[Both, ...]


def print_pair(
    a: Image, b: Image, boxes: list[Quad], ignored: list[Quad], long: int, rng: np.random.Generator
) -> Sheet:
    """Two pictures side by side or one above the other, with a title, captions and a column of text.

    boxes, ignored: quads in px of `a`. long: the longer side of the sheet, px.
    """
    (ha, wa), (hb, wb) = a.shape[:2], b.shape[:2]
    beside = wa < 1.7 * ha and (wa < 0.9 * ha or rng.random() < 0.55)
    gap, margin = rng.uniform(0.02, 0.07) * wa, rng.uniform(0.05, 0.10) * wa
    head, foot = rng.uniform(0.09, 0.16) * wa, rng.uniform(0.06, 0.22) * wa
    at_b = (wa + gap, rng.choice([0.0, 0.0, 0.02]) * ha) if beside else (rng.choice([0.0, 0.0, 0.03]) * wa, ha + gap)
    width = 2 * margin + max(wa, at_b[0] + wb)
    height = head + foot + max(ha, at_b[1] + hb)
    scale = long / max(width, height)
    tint = 255 - rng.integers(0, 60, 3) * int(rng.random() < 0.4)
    page = np.full((round(height * scale), round(width * scale), 3), tint, np.uint8)
    quads, line = [], int(rng.integers(0, 4))
    for picture, (x, y) in ((a, (0.0, 0.0)), (b, at_b)):
        h, w = (max(8, round(side * scale)) for side in picture.shape[:2])
        left, top = round((margin + x) * scale), round((head + y) * scale)
        shown = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        fits = page[top : top + h, left : left + w]
        fits[:] = shown[: fits.shape[0], : fits.shape[1]]
        if line:
            cv2.rectangle(page, (left - line, top - line), (left + w, top + h), (20, 20, 20), line)
        quads.append(geometry.box_quad((left, top, w, h)) - 0.5)
    _print_around(page, quads, rng)
    return _sheet(page, (quads[0], quads[1]), geometry.rectangle(wa, ha) - 0.5, boxes, ignored)


def print_page(
    page: Image, panels: Both, boxes: list[Quad], ignored: list[Quad], long: int, rng: np.random.Generator
) -> Sheet:
    """A page with both pictures as it is, on paper that is a little larger. panels, boxes, ignored: page px."""
    h, w = page.shape[:2]
    rim = rng.uniform(0.01, 0.05) * max(w, h)
    scale = long / (max(w, h) + 2 * rim)
    shift, size = round(rim * scale), (round(w * scale), round(h * scale))
    inner = cv2.resize(page, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    paper = np.full((size[1] + 2 * shift, size[0] + 2 * shift, 3), 250, np.uint8)
    paper[shift : shift + size[1], shift : shift + size[0]] = inner
    on_sheet = np.array([[scale, 0, shift + scale / 2 - 0.5], [0, scale, shift + scale / 2 - 0.5], [0, 0, 1]])
    a, b = (geometry.apply(on_sheet, quad) for quad in panels)
    return _sheet(paper, (a, b), panels[0], boxes, ignored)


def _sheet(page: Image, panels: Both, of: Quad, boxes: list[Quad], ignored: list[Quad]) -> Sheet:
    """The truth carried onto the sheet: `of` is panel A in the px of `boxes`."""
    to_a, to_b = geometry.between(of, panels[0]), geometry.between(of, panels[1])

    def both(quads: list[Quad]) -> tuple[Both, ...]:
        return tuple((geometry.apply(to_a, quad), geometry.apply(to_b, quad)) for quad in quads)

    return Sheet(page, panels, both(boxes), both(ignored))


def _print_around(page: Image, panels: list[Quad], rng: np.random.Generator) -> None:
    """A title, captions below the pictures, lines of text in what space is left, a page number."""
    h, w = page.shape[:2]
    unit = 0.02 * np.sqrt(w * h)
    dark = tuple(int(v) for v in rng.integers(0, 90, 3))
    top, bottom = min(q[0, 1] for q in panels), max(q[2, 1] for q in panels)
    title = str(rng.choice(["SPOT THE DIFFERENCE", "Find the changes!", "What is wrong below?", "Puzzle corner"]))
    _write(page, title, (panels[0][0, 0], 0.62 * top), min(2.2 * unit, 0.4 * top), dark, 2, rng)
    for letter, quad in zip("AB", panels, strict=True):
        if rng.random() < 0.5:
            below = (quad[3, 0], quad[3, 1] + 0.9 * unit)
            _write(page, f"{letter} {_words(rng, 4)}", below, 0.6 * unit, (60, 60, 60), 1, rng)
    y = bottom + 2.0 * unit
    while y < h - 0.5 * unit:
        _write(page, _words(rng, int(w / unit / 2.4)), (panels[0][0, 0], y), 0.6 * unit, (40, 40, 40), 1, rng)
        y += 1.1 * unit
    _write(page, str(rng.integers(2, 90)), (0.94 * w, h - 0.4 * unit), 0.7 * unit, (30, 30, 30), 1, rng)


def _words(rng: np.random.Generator, count: int) -> str:
    return " ".join(str(word) for word in rng.choice(WORDS, count))


def _write(
    page: Image, text: str, at: tuple[float, float], high: float, ink: tuple[int, ...], thick: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    cv2.putText(page, text, (int(at[0]), int(at[1])), int(rng.choice(FONTS)), high / 22, ink, thick, cv2.LINE_AA)


def press(image: Image, rng: np.random.Generator, kind: str) -> Image:
    """The reflectance of the printed sheet. kind: "offset" (a fine screen), "newsprint" (a coarse one) or "inkjet"."""
    h, w = image.shape[:2]
    cmy = 1 - image[:, :, ::-1].astype(np.float32) / 255
    black = rng.uniform(0.4, 0.9) * cmy.min(axis=2)
    plates = [(cmy[:, :, i] - black) / np.maximum(1 - black, 0.05) for i in range(3)] + [black]
    y, x = np.mgrid[:h, :w].astype(np.float32)
    pitch = rng.uniform(3.0, 4.2) if kind == "newsprint" else rng.uniform(1.9, 2.6)
    eaten = np.ones((h, w, 3), np.float32)
    for plate, angle, eats in zip(plates, (15, 75, 0, 45), INK, strict=True):
        if kind == "inkjet":  # drops by chance, and the faint stripes of the head's passes
            chance = cv2.GaussianBlur(rng.standard_normal((h, w), np.float32), (0, 0), 0.7)
            stripe = 1 + rng.uniform(0, 0.03) * np.sin(y[:, :1] / rng.uniform(3, 7) + rng.uniform(0, 6))
            cover = plate * stripe + 0.35 * chance * np.sqrt(np.clip(plate * (1 - plate), 0, 1))
        else:  # a dot in each cell of a turned screen; the plates are never quite in register
            c, s = np.cos(np.radians(angle)) * 2 * np.pi / pitch, np.sin(np.radians(angle)) * 2 * np.pi / pitch
            cell = 0.5 + 0.25 * (np.cos(c * x + s * y) + np.cos(c * y - s * x))
            move = np.float32([[1, 0, rng.normal(0, 0.35)], [0, 1, rng.normal(0, 0.35)]])
            plate = cv2.warpAffine(plate, move, (w, h), borderMode=cv2.BORDER_REPLICATE)
            dot = np.clip(0.5 + 2.0 * (plate - cell), 0, 1) * np.minimum(1, 12 * plate)
            cover = plate + rng.uniform(0.35, 0.7) * (dot - plate)
        eaten *= 1 - np.clip(cover, 0, 1)[:, :, None] * np.float32(eats)
    eaten = cv2.GaussianBlur(eaten, (0, 0), rng.uniform(0.45, 0.8) + 0.3 * (kind == "newsprint"))  # the ink runs
    paper = np.float32(PAPER[kind])
    fibre = cv2.GaussianBlur(rng.standard_normal((h, w), np.float32), (0, 0), 1.2)
    cloud = rng.standard_normal((h // 40 + 2, w // 40 + 2), np.float32)
    cloud = cv2.resize(cloud, (w, h), interpolation=cv2.INTER_CUBIC)
    back = cv2.blur(cmy.mean(axis=2)[:, ::-1], (9, 9))  # the print on the other side shines through
    tone = 1 + 0.02 * fibre + 0.008 * cloud - rng.uniform(0, 0.05 if kind == "newsprint" else 0.025) * back
    rgb = eaten * paper * tone[:, :, None]
    return np.ascontiguousarray(np.clip(255 * rgb[:, :, ::-1], 0, 255).astype(np.uint8))


def table(size: tuple[int, int], on_it: Homography, sheet: tuple[int, int], rng: np.random.Generator) -> Image:
    """The table, (width, height) px, with a few things on it, and the shade beside the sheet that lies `on_it`."""
    width, height = size
    colour = rng.integers(40, 200, 3).astype(np.float32)
    grain = rng.standard_normal((height // 3 + 1, width // 60 + 2), np.float32)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)
    wood = np.ascontiguousarray(np.clip(colour * (1 + 0.07 * grain[:, :, None]), 0, 255).astype(np.uint8))
    for _ in range(int(rng.integers(4, 12))):
        x, y = (int(v) for v in rng.uniform((0, 0), size))
        r, turn = int(rng.uniform(0.02, 0.08) * width), float(rng.uniform(0, 180))
        ink = tuple(int(v) for v in rng.integers(10, 250, 3))
        thing = int(rng.integers(4))
        if thing == 0:  # a cup from above
            cv2.circle(wood, (x, y), r, ink, -1, cv2.LINE_AA)
            cv2.circle(wood, (x, y), round(0.8 * r), (30, 45, 70), -1, cv2.LINE_AA)
        elif thing == 1:  # a pen
            end = (int(x + 4 * r * np.cos(turn)), int(y + 4 * r * np.sin(turn)))
            cv2.line(wood, (x, y), end, ink, max(3, r // 4), cv2.LINE_AA)
        else:  # a book or a box
            corners = cv2.boxPoints(((x, y), (2.5 * r, 4.0 * r), turn)).astype(np.int32)
            cv2.fillConvexPoly(wood, corners, ink, cv2.LINE_AA)
            cv2.polylines(wood, [corners], True, (20, 20, 20), 2, cv2.LINE_AA)
    shade = np.zeros((height, width), np.float32)
    outline = geometry.apply(on_it, geometry.rectangle(*sheet))
    cv2.fillConvexPoly(shade, outline.astype(np.int32), 1.0)
    shade = cv2.blur(shade, (1 + 2 * (width // 120),) * 2)
    return np.asarray(wood * (1 - 0.5 * shade[:, :, None]), np.uint8)
