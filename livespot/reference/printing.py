"""The reference page on paper: two panels, a title, a small ArUco mark; and a second page with the answers.

In: a Puzzle and a paper. Out: the sheets and the answer key, in mm of the same paper.
"""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

from livespot import geometry
from livespot.calibration.sheet import Cells, Line, Picture, Shape, Sheet, Words, as_image, black_cells, paper_size
from livespot.demo.puzzle import Puzzle
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.reference import key
from livespot.reference.key import AnswerKey, KeyDifference

MARGIN, TITLE, FOOT, GAP = 11.0, 15.0, 19.0, 6.0  # mm
MARK = 14.0  # mm
CELLS = 8  # a mark's, its black rim included


@dataclass(frozen=True, eq=False)
class Printed:
    """page, answers: to print. key: for the self-check."""

    page: Sheet
    answers: Sheet
    key: AnswerKey


@dataclass(frozen=True)
class _Place:
    """How the panels lie: paper (width, height), panel (width, height), the corners of A and B; mm."""

    paper: tuple[float, float]
    panel: tuple[float, float]
    a: tuple[float, float]
    b: tuple[float, float]


def lay_out(puzzle: Puzzle, paper: str, title: str, name: str) -> Printed:
    """The page of a puzzle and its key. name: tells this page from every other. Raises WrongUse for the paper."""
    place = _largest(puzzle.a.shape[1] / puzzle.a.shape[0], paper)
    number = key.free_mark(int(hashlib.sha256(name.encode()).hexdigest(), 16) % (key.MARKS - 1), name)
    (width, height), (w, h) = place.paper, place.panel
    corner = (width - MARGIN - MARK, height - MARGIN - MARK + 3)
    count = len(puzzle.differences)
    asked = f"Find the {count} difference{'' if count == 1 else 's'}." if count else "Are these two pictures the same?"
    shapes: list[Shape] = [
        Words(MARGIN, MARGIN + 7, title, 7.5, bold=True),
        Words(width - MARGIN, MARGIN + 7, asked, 4.4, "end", grey=0.3),
        Cells(black_cells(mark_bits(number), *corner, MARK / CELLS)),
        Words(corner[0] - 4, height - MARGIN + 2, f"livespot reference page {number}", 2.8, "end", grey=0.4),
    ]
    for (x, y), picture in ((place.a, puzzle.a), (place.b, puzzle.b)):
        shapes += [Picture(x, y, w, h, picture), *_frame(x, y, w, h)]
    page = Sheet(width, height, f"{title}: livespot reference page {number}", tuple(shapes))
    scale = w / puzzle.a.shape[1]

    def on_paper(box: tuple[int, int, int, int], corner: tuple[float, float]) -> Quad:
        x, y, w, h = box
        return np.asarray(geometry.box_quad((x, y, w, h)) * scale + np.array(corner), np.float64)

    differences = tuple(
        KeyDifference(d.kind, d.what, d.area, on_paper(d.box, place.a), on_paper(d.box, place.b))
        for d in puzzle.differences
    )
    grey = np.asarray(cv2.cvtColor(as_image(page, key.PX_PER_MM), cv2.COLOR_BGR2GRAY), np.uint8)
    boxes = (*corner, MARK, MARK), (*place.a, w, h), (*place.b, w, h)
    mark, a, b = (geometry.box_quad(box) for box in boxes)
    answer = AnswerKey(number, name, place.paper, mark, a, b, differences, grey)
    return Printed(page, _answers(answer, puzzle.b, place, title), answer)


def mark_bits(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """A mark's black cells, (CELLS, CELLS) bool."""
    k = 5
    dictionary = cv2.aruco.getPredefinedDictionary(key.DICTIONARY)
    image = cv2.aruco.generateImageMarker(dictionary, number, CELLS * k, borderBits=1)
    return np.asarray(image[k // 2 :: k, k // 2 :: k] < 128)


def _largest(aspect: float, paper: str) -> _Place:
    """The arrangement in which a webcam, which is wider than high, sees the panels largest."""
    best: _Place | None = None
    most = 0.0
    for landscape in (True, False):
        width, height = paper_size(paper, landscape=landscape)
        free = width - 2 * MARGIN, height - 2 * MARGIN - TITLE - FOOT + 4
        for side in (True, False):
            room = ((free[0] - GAP) / 2, free[1]) if side else (free[0], (free[1] - GAP) / 2)
            w = min(room[0], room[1] * aspect)
            h = w / aspect
            across, down = (2 * w + GAP, h) if side else (w, 2 * h + GAP)
            x = (width - across) / 2
            y = MARGIN + TITLE + (free[1] - down) / 2
            b = (x + w + GAP, y) if side else (x, y + h + GAP)
            seen = w * min(16 / width, 9 / height)
            if best is None or seen > most + 1e-9:
                most = seen
                best = _Place((width, height), (w, h), (x, y), b)
    assert best is not None
    return best


def _answers(answer: AnswerKey, picture: Image, place: _Place, title: str) -> Sheet:
    """Panel B, large and pale, with every difference boxed and numbered, and named below."""
    width, height = place.paper
    count = len(answer.differences)
    listed = 7 + 4.6 * -(-count // 2)
    room = width - 2 * MARGIN, height - 2 * MARGIN - TITLE - listed
    scale = min(room[0] / place.panel[0], room[1] / place.panel[1])
    w, h = place.panel[0] * scale, place.panel[1] * scale
    x, y = (width - w) / 2, MARGIN + TITLE
    pale = (255 - (255 - picture.astype(np.float32)) * 0.45).astype(np.uint8)
    shapes: list[Shape] = [
        Words(MARGIN, MARGIN + 7, f"Answers: {title}", 6, bold=True),
        Words(width - MARGIN, MARGIN + 7, f"livespot reference page {answer.mark}", 3.2, "end", grey=0.4),
        Picture(x, y, w, h, pale),
        *_frame(x, y, w, h),
    ]
    for number, d in enumerate(answer.differences, 1):
        own = (d.b - np.array(place.b)) * scale + [x, y]
        left, top = own[0] - 1
        right, bottom = own[2] + 1
        shapes += _frame(float(left), float(top), float(right - left), float(bottom - top), 0.6)
        shapes.append(Words(float(right) + 0.8, float(top) + 3, str(number), 4, bold=True))
        column, row = divmod(number - 1, -(-count // 2))
        words = f"{number}. {d.kind}" + (f" ({d.what})" if d.what and d.what != d.kind else "")
        shapes.append(Words(MARGIN + column * (width - 2 * MARGIN) / 2, y + h + 7 + 4.6 * row, _latin(words), 3.4))
    return Sheet(width, height, f"Answers: {title}", tuple(shapes))


def _frame(x: float, y: float, w: float, h: float, line: float = 0.3) -> list[Shape]:
    half = line / 2
    return [
        Line(x - half, y, x + w + half, y, line),
        Line(x - half, y + h, x + w + half, y + h, line),
        Line(x, y, x, y + h, line),
        Line(x + w, y, x + w, y + h, line),
    ]


def _latin(words: str) -> str:
    return words.encode("latin-1", "replace").decode("latin-1")
