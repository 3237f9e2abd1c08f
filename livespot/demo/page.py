"""The printed page: two panels laid out with a title and text, and where everything lies on it.

In: a puzzle (or any two pictures with labelled boxes, or a page image with known quads). Out: a Page, whose quads are
in page px; pixel centres lie at whole coordinates, so a panel whose first pixel is x spans x - 0.5 to x + width - 0.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from livespot.demo.canvas import Colour, mix, rgb
from livespot.demo.lettering import draw_text, text_width
from livespot.demo.puzzle import Puzzle
from livespot.errors import UsageError
from livespot.frame import Image
from livespot.geometry import Box, Quad, apply, between, box_quad

LAYOUTS = ("side", "stacked", "diagonal")


@dataclass(frozen=True, eq=False)
class PrintedDifference:
    """One difference on the page. box: in panel A's px. a, b: its quads on panel A and panel B, page px."""

    kind: str
    box: Box
    a: Quad
    b: Quad
    what: str = ""


@dataclass(frozen=True, eq=False)
class Page:
    """image: (H, W, 3) uint8 BGR. a, b: quads of panel A and panel B, page px."""

    name: str
    image: Image
    a: Quad
    b: Quad
    differences: tuple[PrintedDifference, ...]


@dataclass(frozen=True)
class Layout:
    """How a page looks; lengths as shares of panel A's height.

    kind: one of LAYOUTS. gap: between the panels, 0 makes them touch. letters: where the panels' letters stand,
    "below", "above" or "" for none. frame: width of the line around each panel.
    """

    kind: str = "side"
    gap: float = 0.05
    margin: float = 0.07
    frame: float = 0.005
    radius: float = 0.0
    letters: str = ""
    title: bool = True
    caption: bool = True
    paper: Colour = (252, 250, 245)
    accent: Colour = (200, 60, 50)


PAPERS = tuple(map(rgb, ("fcfaf5", "fdf3dc", "e8f1f2", "f3e9f0", "eef4e3", "ffffff")))
ACCENTS = tuple(map(rgb, ("c8333a", "1d6fa5", "2a7f62", "6a4c93", "b5651d")))


def layout_for(kind: str, seed: int) -> Layout:
    """A layout of that kind in one of many styles; seed 0 is the plain, attractive one. Raises UsageError."""
    if kind not in LAYOUTS:
        raise UsageError(f"unknown layout {kind!r}; there are {', '.join(LAYOUTS)}")
    if seed == 0:
        return Layout(kind, letters="")
    rng = np.random.default_rng([seed, 57])
    return Layout(
        kind,
        gap=float(rng.choice([0.0, 0.008, 0.03, 0.06])),
        margin=float(rng.uniform(0.04, 0.12)),
        frame=float(rng.choice([0.0, 0.004, 0.01])),
        radius=float(rng.choice([0.0, 0.0, 0.04])),
        letters=str(rng.choice(["", "below", "above"])),
        title=bool(rng.uniform() < 0.8),
        caption=bool(rng.uniform() < 0.8),
        paper=PAPERS[int(rng.integers(len(PAPERS)))],
        accent=ACCENTS[int(rng.integers(len(ACCENTS)))],
    )


def printed(puzzle: Puzzle, layout: Layout | None = None) -> Page:
    """The puzzle on its page. Panel A is the left or upper one."""
    layout = layout or Layout()
    n = len(puzzle.differences)
    ask = f"Find the {n} differences between the two pictures." if n else "Are these two pictures the same?"
    boxes, kinds = [d.box for d in puzzle.differences], [d.kind for d in puzzle.differences]
    page = compose(puzzle.name, puzzle.a, puzzle.b, boxes, layout, kinds, puzzle.title, ask)
    named = tuple(replace(d, what=p.what) for d, p in zip(page.differences, puzzle.differences, strict=True))
    return replace(page, differences=named)


def compose(
    name: str,
    a: Image,
    b: Image,
    boxes: Sequence[Box],
    layout: Layout,
    kinds: Sequence[str] = (),
    title: str = "",
    ask: str = "Can you spot all the differences?",
) -> Page:
    """A page of any two pictures, (h, w, 3) uint8 BGR; boxes in A's px. A B of another size gets scaled quads."""
    (ha, wa), (hb, wb) = a.shape[:2], b.shape[:2]
    unit = float(ha)
    gap, margin = round(layout.gap * unit), round(layout.margin * unit)
    head = round(0.17 * unit) if layout.title else 0
    foot = round(0.13 * unit) if layout.caption else 0
    letter = round(0.075 * unit) if layout.letters else 0
    above, below = (letter, 0) if layout.letters == "above" else (0, letter)
    if layout.kind == "side":
        ax, ay, bx, by = 0, above, wa + gap, above
        width, height = wa + gap + wb, above + max(ha, hb) + below
    elif layout.kind == "stacked":
        ax, ay, bx, by = 0, above, 0, above + ha + below + gap + above
        width, height = max(wa, wb), by + hb + below
    else:
        ax, ay, bx, by = 0, above, wa + gap, above + round(0.42 * ha)
        width, height = bx + wb, by + hb + below
    image = np.empty((margin * 2 + head + height + foot, margin * 2 + width, 3), np.uint8)
    image[:] = np.array(layout.paper[::-1], np.uint8)
    origin = margin, margin + head
    corners: list[tuple[int, int]] = [(origin[0] + ax, origin[1] + ay), (origin[0] + bx, origin[1] + by)]
    for (x, y), picture in zip(corners, (a, b), strict=True):
        _lay(image, picture, x, y, layout, unit)
    _words(image, layout, title, ask, corners, ((wa, ha), (wb, hb)), margin, foot, unit)
    quads = [_quad((x, y, p.shape[1], p.shape[0])) for (x, y), p in zip(corners, (a, b), strict=True)]
    own_a, own_b = _quad((0, 0, wa, ha)), _quad((0, 0, wb, hb))
    differences = labelled(boxes, kinds, own_a, quads[0], own_b, quads[1])
    return Page(name, image, quads[0], quads[1], differences)


def labelled(
    boxes: Sequence[Box], kinds: Sequence[str], own_a: Quad, a: Quad, own_b: Quad, b: Quad
) -> tuple[PrintedDifference, ...]:
    """Differences on a page from boxes in panel A's own px. own_a, own_b: the panels' quads in their own px."""
    to_a, across, to_b = between(own_a, a), between(own_a, own_b), between(own_b, b)
    out = []
    for i, box in enumerate(boxes):
        own = _quad(box)
        kind = kinds[i] if i < len(kinds) else "changed"
        out.append(PrintedDifference(kind, tuple(box), apply(to_a, own), apply(to_b, apply(across, own))))  # type: ignore[arg-type]
    return tuple(out)


def ready_made(name: str, image: Image, a: Quad, b: Quad, quads_a: Sequence[Quad], kinds: Sequence[str] = ()) -> Page:
    """A page that exists already: its panels' quads and its differences' quads on panel A, page px."""
    across = between(a, b)
    differences = []
    for i, quad in enumerate(quads_a):
        quad = np.asarray(quad, np.float64)
        low, high = quad.min(axis=0), quad.max(axis=0)
        box = (round(low[0]), round(low[1]), round(high[0] - low[0]), round(high[1] - low[1]))
        kind = kinds[i] if i < len(kinds) else "changed"
        differences.append(PrintedDifference(kind, box, quad, apply(across, quad)))
    return Page(name, image, np.asarray(a, np.float64), np.asarray(b, np.float64), tuple(differences))


def _quad(box: Box) -> Quad:
    x, y, w, h = box
    return box_quad((x - 0.5, y - 0.5, w, h))


def _lay(image: Image, picture: Image, x: int, y: int, layout: Layout, unit: float) -> None:
    """One panel with its frame, corners rounded when asked."""
    h, w = picture.shape[:2]
    line = round(layout.frame * unit)
    radius = round(layout.radius * unit)
    ink = (34, 30, 40)
    if radius == 0:
        if line:
            image[max(0, y - line) : y + h + line, max(0, x - line) : x + w + line] = ink[::-1]
        image[y : y + h, x : x + w] = picture
        return
    for grow, source in ((line, None), (0, picture)) if line else ((0, picture),):
        big = np.zeros(((h + 2 * grow) * 2, (w + 2 * grow) * 2), np.uint8)
        r = 2 * (radius + grow)
        hh, ww = big.shape
        big[r : hh - r, :] = 255
        big[:, r : ww - r] = 255
        for cx, cy in ((r, r), (ww - 1 - r, r), (r, hh - 1 - r), (ww - 1 - r, hh - 1 - r)):
            cv2.circle(big, (cx, cy), r, 255, -1, cv2.LINE_AA)
        share = (cv2.resize(big, (w + 2 * grow, h + 2 * grow), interpolation=cv2.INTER_AREA) / 255.0)[..., None]
        x0, y0 = max(0, x - grow), max(0, y - grow)
        share = share[y0 - (y - grow) :, x0 - (x - grow) :]
        under = image[y0 : y0 + share.shape[0], x0 : x0 + share.shape[1]]
        share = share[: under.shape[0], : under.shape[1]]
        over = np.array(ink[::-1], np.float64) if source is None else source
        under[:] = (under + (over - under.astype(np.float64)) * share + 0.5).astype(np.uint8)


def _words(
    image: Image,
    layout: Layout,
    title: str,
    ask: str,
    corners: Sequence[tuple[int, int]],
    sizes: Sequence[tuple[int, int]],
    margin: int,
    foot: int,
    unit: float,
) -> None:
    height, width = image.shape[:2]
    grey = mix(layout.paper, (40, 38, 46), 0.75)
    if layout.title:
        size = round(0.085 * unit)
        text = title or "Spot the difference"
        while text_width(text, size, 800) > 0.62 * (width - 2 * margin) and size > 14:
            size -= 2
        base = margin + round(0.075 * unit)
        rule = round(0.012 * unit), round(0.35 * margin)
        cv2.rectangle(image, (margin, rule[1]), (width - margin, rule[1] + rule[0] - 1), layout.accent[::-1], -1)
        draw_text(image, text, (margin, base), size, layout.accent, 800)
        draw_text(image, ask, (margin, base + 0.054 * unit), round(0.036 * unit), grey)
    if layout.letters:
        size = round(0.05 * unit)
        for name, (x, y), (w, h) in zip("AB", corners, sizes, strict=True):
            base = y - round(0.02 * unit) if layout.letters == "above" else y + h + round(0.055 * unit)
            draw_text(image, name, (x + w / 2 - size * 0.3, base), size, layout.accent, 800)
    if layout.caption:
        size = round(0.03 * unit)
        base = height - margin - foot + round(0.07 * unit)
        room = width - 2 * margin
        for line in (
            "Both pictures show the same moment, but the printer's apprentice was not paying attention.",
            "Circle what is different. The answers are on page 46, upside down.",
        ):
            fits = max(8, int(size * room / max(text_width(line, size), 1)))
            draw_text(image, line, (margin, base), min(size, fits), grey)
            base += round(size * 1.35)
        draw_text(image, "17", (width - margin - size * 1.2, height - margin - size * 0.2), size, grey, 700)


def unchanged(puzzle: Puzzle) -> Puzzle:
    """The puzzle with two identical panels: nothing to find."""
    return replace(puzzle, b=puzzle.a.copy(), differences=())
