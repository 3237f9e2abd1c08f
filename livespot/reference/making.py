"""Makes a reference page: from a photograph or a scene of the demo to the finished files.

In: a file's name or a scene's, how many differences, a seed, a paper. Out: the PDF, the key, both as bytes and text.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from livespot import packages
from livespot.calibration import whole
from livespot.calibration.sheet import as_image, as_pdf
from livespot.demo.page import Page, ready_made
from livespot.errors import LivespotError, UsageError
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.reference import key, planting, printing
from livespot.reference.printing import Printed
from livespot.saying import shown

LARGEST = 1500  # px, the longer side of a panel: 250 dots an inch on A4
SMALLEST = 200
PX_PER_MM = 6.0  # of a page that is filmed


@dataclass(frozen=True, eq=False)
class Made:
    """pdf: puzzle and answers, two pages. answers: the key as JSON."""

    printed: Printed
    pdf: bytes
    answers: str


def make(
    picture: str, differences: int, seed: int, paper: str, title: str, tell: Callable[[str], None] = lambda line: None
) -> Made:
    """The page. Raises UsageError when `picture` is no file and no scene, LivespotError when it is of no use."""
    from livespot.demo import demo_names, make_puzzle

    for module, package in (("reportlab", "reportlab"), ("scipy", "SciPy"), ("skimage", "scikit-image")):
        packages.need(module, package, "puzzle", "making a puzzle")
    path = Path(picture).expanduser()
    if picture in demo_names() and not path.is_file():
        puzzle = make_puzzle(picture, seed=seed, differences=differences, scale=2.0)
        name = f"{picture} {differences} {seed} {paper}"
    elif path.is_file():
        image, digest = _photograph(path, tell)
        tell("planting differences: this may take some seconds")
        puzzle = planting.plant(path.stem, image, differences=differences, seed=seed)
        name = f"{path.stem} {digest} {differences} {seed} {paper}"
    else:
        raise UsageError(f"there is no photograph {picture}, and no such scene: there are {', '.join(demo_names())}")
    heading = shown(title or puzzle.title or "Spot the difference")
    printed = printing.lay_out(puzzle, paper, heading, shown(name))
    return Made(printed, as_pdf([printed.page, printed.answers]), key.as_json(printed.key))


def keep(made: Made) -> None:
    """Remember the key, so that the self-check knows the page. Raises LivespotError."""
    path = key.folder() / f"{made.printed.key.mark}.json"
    try:
        whole.write(path, made.answers)
    except OSError as error:
        raise LivespotError(f"cannot keep the answer key in {path}: {(error.strerror or '').lower()}") from None


def page_image(made: Made, px_per_mm: float) -> Image:
    """The page as it comes out of the printer, without its words; for tests and demonstrations."""
    return as_image(made.printed.page, px_per_mm)


def filmed(made: Made) -> Page:
    """The printed page for the simulated webcam."""
    answer = made.printed.key
    image = page_image(made, PX_PER_MM)

    def px(quad: Quad) -> Quad:
        return np.asarray(quad * PX_PER_MM - 0.5, np.float64)

    return ready_made(
        answer.name, image, px(answer.a), px(answer.b), [px(d.a) for d in answer.differences],
        [d.kind for d in answer.differences],
    )  # fmt: skip


def _photograph(path: Path, tell: Callable[[str], None]) -> tuple[Image, str]:
    from livespot.capture.stills import read_what_there_is

    image, complaint = read_what_there_is(path)
    if complaint:
        tell(complaint)
    if min(image.shape[:2]) < SMALLEST:
        raise LivespotError(f"{path.name} is too small for a puzzle: it needs {SMALLEST} px a side")
    scale = LARGEST / max(image.shape[:2])
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image = np.asarray(cv2.resize(image, None, fx=min(scale, 3.0), fy=min(scale, 3.0), interpolation=how), np.uint8)
    return image, hashlib.sha256(path.read_bytes()).hexdigest()[:12]
