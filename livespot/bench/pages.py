"""Pages for measuring: labelled and drawn puzzles, laid out, printed and worn, and ways to film them.

In: puzzles and a random generator. Out: pictures with their labels, pages, scenarios: as varied as print and cameras.
"""

from dataclasses import replace

import cv2
import numpy as np

from livespot import geometry
from livespot.bench import data
from livespot.demo import linework, make_puzzle, opening, page, press, scenario
from livespot.frame import Image
from livespot.reference.scoring import Labels

VEILED = 0.35  # of the clips have a lamp's light over a part of the page


def shown(
    puzzle: data.Puzzle, rng: np.random.Generator | None = None, same: bool = False
) -> tuple[tuple[Image, ...], Labels]:
    """The pictures of a labelled puzzle, (a, b) or (page,), (h, w, 3) uint8, and what is true of them.

    rng: worn as print and scanners wear them. same: panel A twice, with nothing to find.
    """
    pictures, labels = puzzle.pictures(), puzzle.labels
    if same:
        a, _ = puzzle.true_panels()
        pictures, labels = (a, a), Labels((), (), geometry.rectangle(a.shape[1], a.shape[0]))
    if rng is not None:
        pictures = tuple(worn(picture, rng) for picture in pictures)
    return pictures, labels


def worn(picture: Image, rng: np.random.Generator) -> Image:
    """A picture with a little blur, noise, another light and JPEG, and up to 1.5 px off its place."""
    height, width = picture.shape[:2]
    shift = np.array([[1, 0, rng.uniform(-1.5, 1.5)], [0, 1, rng.uniform(-1.5, 1.5)]])
    moved = cv2.warpAffine(picture, shift, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    sigma = float(rng.uniform(0.0, 0.8))
    smooth = cv2.GaussianBlur(moved, (0, 0), sigma) if sigma > 0.3 else moved
    lit = smooth.astype(np.float32) * rng.uniform(0.85, 1.05) + rng.normal(0.0, rng.uniform(0.5, 5.0), picture.shape)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 96))]
    _, code = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def printed(puzzle: data.Puzzle, layout: page.Layout) -> page.Page:
    """A labelled pair printed on a page with this layout; a page stays as it is."""
    if puzzle.panels is not None:
        return page.ready_made(puzzle.id, puzzle.pictures()[0], *puzzle.panels, puzzle.labels.differences)
    a, b = puzzle.pictures()
    return page.compose(puzzle.id, a, b, [_box(quad) for quad in puzzle.labels.differences], layout)


def page_of(puzzle: data.Puzzle, rng: np.random.Generator, same: bool = False) -> page.Page:
    """A labelled puzzle printed on a page with a random layout; same: with two identical panels."""
    if same:
        a, _ = puzzle.true_panels()
        return page.compose(puzzle.id, a, a, (), layout_of(a, rng))
    return printed(puzzle, page.Layout() if puzzle.panels is not None else layout_of(puzzle.pictures()[0], rng))


def pen_page_of(puzzle: data.Puzzle, rng: np.random.Generator, same: bool = False) -> page.Page:
    """A labelled puzzle as a pen drawing on a page; same: with two identical panels."""
    a, b = puzzle.true_panels()
    to_panel = geometry.between(puzzle.labels.panel, geometry.rectangle(a.shape[1], a.shape[0]))
    boxes = [_box(geometry.apply(to_panel, quad)) for quad in puzzle.labels.differences]
    return _pen_page(puzzle.id, a, b, [] if same else boxes, layout_of(a, rng), rng)


def drawn_pen_page(rng: np.random.Generator) -> page.Page:
    """A page with one of the project's own puzzles as a pen drawing, sometimes with nothing to find."""
    name = str(rng.choice(list(opening.demo_names())))
    kind = str(rng.choice(page.LAYOUTS))
    puzzle = make_puzzle(name, seed=int(rng.integers(1000, 1 << 30)), layout=kind, differences=int(rng.integers(3, 11)))
    boxes = [] if rng.random() < 0.3 else [d.box for d in puzzle.differences]
    return _pen_page(name, puzzle.a, puzzle.b, boxes, page.layout_for(kind, int(rng.integers(1 << 30))), rng)


def _pen_page(
    name: str, a: Image, b: Image, boxes: list[geometry.Box], layout: page.Layout, rng: np.random.Generator
) -> page.Page:
    # drawn on the page itself, or on white
    paper = layout.paper if rng.random() < 0.5 and min(layout.paper) > 120 else (255.0, 255.0, 255.0)
    if rng.random() < 0.4:
        layout = replace(layout, frame=0.0)
    drawn_a, drawn_b, kept = linework.pen_drawings(a, b, boxes, paper)
    return page.compose(name, drawn_a, drawn_b, kept, layout)


def layout_of(picture: Image, rng: np.random.Generator) -> page.Layout:
    """A random layout in which a picture (h, w, 3) uint8 goes on a page."""
    tall = picture.shape[0] > 1.1 * picture.shape[1]
    kind = str(rng.choice(["side", "diagonal"] if tall else ["side", "stacked", "diagonal"]))
    layout = page.layout_for(kind, int(rng.integers(1 << 30)))
    if rng.random() < 0.4:
        # magazines print on any colour
        red, green, blue = (float(v) for v in rng.integers(30, 256, 3))
        layout = replace(layout, paper=(red, green, blue))
    return layout


def scenario_of(rng: np.random.Generator) -> scenario.Scenario:
    """A way to film: one of the named scenarios, its numbers shaken by up to a third."""
    names = [n for n in opening.scenario_names() if n not in ("leave_and_return", "bump")]
    how = scenario.scenario_named(str(rng.choice(names)))

    def shaken(value: float) -> float:
        return value * float(rng.uniform(0.66, 1.33))

    return replace(
        how, pitch=float(rng.uniform(-14, 14)), yaw=float(rng.uniform(-14, 14)), roll=float(rng.uniform(-8, 8)),
        fill=float(rng.uniform(0.72, 0.97)), noise=shaken(how.noise), defocus=shaken(how.defocus),
        curl=shaken(how.curl),
        gradient=shaken(how.gradient), sharpen=shaken(how.sharpen), brightness=shaken(how.brightness),
        jpeg=int(rng.integers(72, 93)), size=how.size or ((1280, 720) if rng.random() < 0.7 else (1920, 1080)),
        mosaic=rng.random() < 0.6, shoulder=float(rng.uniform(0.35, 0.85)),
        shade=how.shade or (float(rng.uniform(0.1, 0.35)) if rng.random() < 0.3 else 0.0),
        # lamps come in all sizes, and most of what they do is no white spot
        veil=float(rng.uniform(0.1, 1.0)) if rng.random() < VEILED else 0.0,
        glare_size=float(rng.uniform(0.08, 0.3)),
    )  # fmt: skip


def pressed(designed: page.Page, rng: np.random.Generator) -> page.Page:
    """A page off the press, three times out of four: dots, inks out of register, more ink in one place than another."""
    if rng.random() < 0.25:
        return designed
    dots = float(rng.uniform(2.2, 5.0)) if rng.random() < 0.65 else 0.0
    way = press.Press(
        dots, gain=float(rng.uniform(0, 0.1)), shift=float(rng.uniform(0, 0.7)),
        through=float(rng.uniform(0, 0.07)) if rng.random() < 0.5 else 0.0,
    )  # fmt: skip
    image = press.printed_by(way, designed.image, int(rng.integers(1 << 30)))
    height, width = image.shape[:2]
    inking = cv2.resize(rng.uniform(0.93, 1.0, (3, 3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
    return replace(designed, image=np.asarray(np.clip(image * inking + 0.5, 0, 255), np.uint8))


def drawn_page(rng: np.random.Generator) -> page.Page:
    """A page with one of the project's own puzzles, sometimes with thin marks, sometimes with nothing to find."""
    name = str(rng.choice(list(opening.demo_names())))
    layout = str(rng.choice(["side", "stacked", "diagonal"]))
    kind = rng.random()
    return opening.page_picture(
        name, seed=int(rng.integers(1000, 1 << 30)), layout=layout, thin=0.6 < kind < 0.8, same=kind >= 0.8,
        differences=int(rng.integers(3, 11)),
    )  # fmt: skip


def _box(quad: geometry.Quad) -> geometry.Box:
    low, high = np.round(quad.min(axis=0)), np.round(quad.max(axis=0))
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
