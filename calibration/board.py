"""The target: a ChArUco board of 9 x 6 squares, as a sheet to print and as corners found in a picture.

In: a paper, or an image. Out: a Sheet with the board in true scale and a ruler; or a View, the corners seen. A ChArUco
board is a chessboard with ArUco marks in its white squares: every inner corner has a number, so a board that is covered
in part, or runs out of the picture, still counts (Garrido-Jurado et al. 2014, doi:10.1016/j.patcog.2014.01.005; here
OpenCV's CharucoDetector).
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .sheet import Cells, Line, Shape, Sheet, Words, black_cells, paper_size

Image = NDArray[np.uint8]
Points = NDArray[np.float64]

COLUMNS, ROWS = 9, 6  # squares; the board fits A4 and Letter, lying, with room for a printer's margin
SQUARE = 27.0  # mm
CELL = SQUARE / 9  # mm; a mark is 7 cells wide, with one cell of white around it
CORNERS = (COLUMNS - 1) * (ROWS - 1)
FEWEST = 8  # corners that make a view: fewer say little about the lens
TOP = 14.0  # mm above the board
RULER = 100.0  # mm
_DICTIONARY = cv2.aruco.DICT_5X5_50  # with 4 x 4 bits a wooden table is full of marks
_OFF = 0.15  # squares by which a true mark may lie beside where the others say it is: what a lens bends


@dataclass(frozen=True, eq=False)
class View:
    """The board in one picture. name: of the picture. corners: (N, 2) float64, px. ids: (N,), which inner corners."""

    name: str
    corners: Points
    ids: NDArray[np.int64]

    @property
    def board_points(self) -> Points:
        """Where these corners are on the board, (N, 2) mm."""
        return corner_points()[self.ids]


@lru_cache(maxsize=1)
def charuco() -> cv2.aruco.CharucoBoard:
    """OpenCV's description of the board, in mm."""
    dictionary = cv2.aruco.getPredefinedDictionary(_DICTIONARY)
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), SQUARE, 7 * CELL, dictionary)


def corner_points() -> Points:
    """All inner corners on the board, (CORNERS, 2) mm from the board's top-left corner, ordered by id."""
    return np.asarray(charuco().getChessboardCorners(), np.float64)[:, :2]


def outline() -> Points:
    """The board's four corners, (4, 2) mm."""
    width, height = COLUMNS * SQUARE, ROWS * SQUARE
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def detect(image: Image, name: str = "") -> View | None:
    """The board in a picture, (H, W, 3) BGR or (H, W) grey; None when fewer than FEWEST corners are seen."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8) if image.ndim == 3 else image
    marks, numbers_of_marks = _marks(grey)
    if len(numbers_of_marks) < 3:
        return None
    corners, ids, _, _ = _detector().detectBoard(grey, markerCorners=marks, markerIds=numbers_of_marks)
    if ids is None or corners is None or len(ids) < FEWEST:
        return None
    points = np.asarray(corners, np.float64).reshape(-1, 2)
    order = np.argsort(np.ravel(ids), kind="stable")
    numbers = np.ravel(ids)[order].astype(np.int64)
    points = points[order]
    if _in_a_row(points) or len(np.unique(numbers)) < len(numbers):
        return None
    return View(name, points, numbers)


def sheet(paper: str = "A4") -> Sheet:
    """The board to print, in true scale, with a ruler to check the print. Raises WrongUse for an unknown paper."""
    width, height = paper_size(paper, landscape=True)
    left = (width - COLUMNS * SQUARE) / 2
    below = TOP + ROWS * SQUARE
    shapes: list[Shape] = [Cells(black_cells(_bits(), left, TOP, CELL))]
    shapes += _ruler(left, below + 9)
    right = width - left
    shapes += [
        Words(right, below + 9, "livespot calibration board", 4.2, "end", bold=True),
        Words(right, below + 14, f"ChArUco {COLUMNS} x {ROWS}, {SQUARE:g} mm squares, {paper}", 3.2, "end", grey=0.3),
        Words(right, below + 18.5, "Print at 100 % (no fit to page); glue it to something stiff and flat.", 3.2, "end",
              grey=0.3),
    ]  # fmt: skip
    return Sheet(width, height, f"livespot calibration board, {paper}", tuple(shapes))


def place_on_sheet(paper: str = "A4") -> tuple[float, float]:
    """Where the board's top-left corner is on the sheet, mm."""
    width, _ = paper_size(paper, landscape=True)
    return (width - COLUMNS * SQUARE) / 2, TOP


def homography(view: View) -> NDArray[np.float64] | None:
    """From board mm to picture px as well as a lens allows, (3, 3); None when the corners do not say."""
    matrix, _ = cv2.findHomography(view.board_points, view.corners, 0)
    return None if matrix is None else np.asarray(matrix, np.float64)


def mapped(matrix: ArrayLike, points: ArrayLike) -> Points:
    """Points (N, 2) through a homography (3, 3)."""
    p = np.asarray(points, np.float64).reshape(-1, 1, 2)
    return np.asarray(cv2.perspectiveTransform(p, np.asarray(matrix, np.float64)), np.float64).reshape(-1, 2)


@lru_cache(maxsize=1)
def _detector() -> cv2.aruco.CharucoDetector:
    parameters = cv2.aruco.CharucoParameters()
    parameters.checkMarkers = False  # one false mark on the table would cost the whole board; _marks sorts them out
    return cv2.aruco.CharucoDetector(charuco(), parameters)


@lru_cache(maxsize=1)
def _mark_detector() -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.errorCorrectionRate = 0.4
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(_DICTIONARY), parameters)


def _marks(grey: Image) -> tuple[list[NDArray[np.float32]], NDArray[np.int32]]:
    """The marks of the board in a grey picture, false and doubled ones left out: corners (4, 2) each, and ids."""
    found, ids, _ = _mark_detector().detectMarkers(grey)
    if ids is None:
        return [], np.empty(0, np.int32)
    places = [np.asarray(p, np.float64)[:, :2] for p in charuco().getObjPoints()]
    good = [(int(i), np.asarray(c, np.float64).reshape(4, 2)) for i, c in zip(np.ravel(ids), found, strict=True)]
    good = [(i, c) for i, c in good if i < len(places)]
    if len(good) < 3:
        return [], np.empty(0, np.int32)
    seen = np.concatenate([c for _, c in good])
    board = np.concatenate([places[i] for i, _ in good])
    # The lens bends the board by many px: a wide gate keeps true marks, and false ones lie far off it.
    side = (
        float(np.median([np.sqrt(abs(cv2.contourArea(c.astype(np.float32)))) for _, c in good])) * SQUARE / (7 * CELL)
    )
    matrix, _ = cv2.findHomography(board, seen, cv2.USAC_MAGSAC, max(4.0, _OFF * side), None, 2000, 0.999)
    if matrix is None:
        return [], np.empty(0, np.int32)
    off = [float(np.abs(mapped(matrix, places[i]) - c).max()) for i, c in good]
    best: dict[int, int] = {}
    for n in np.argsort(off):
        if off[n] <= max(8.0, 3 * _OFF * side):
            best.setdefault(good[n][0], int(n))
    marks = [good[n][1].astype(np.float32).reshape(1, 4, 2) for n in best.values()]
    return marks, np.array(list(best), np.int32)


def _bits() -> NDArray[np.bool_]:
    """The board's black cells, as OpenCV itself draws them: (9 ROWS, 9 COLUMNS)."""
    k = 5  # px a cell; its middle is read
    image = charuco().generateImage((9 * COLUMNS * k, 9 * ROWS * k), marginSize=0, borderBits=1)
    return np.asarray(image[k // 2 :: k, k // 2 :: k] < 128)


def _in_a_row(points: Points) -> bool:
    """Whether the corners all lie near one line, which says nothing about a plane."""
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[1] < 0.05 * spread[0])


def _ruler(x: float, y: float) -> list[Shape]:
    shapes: list[Shape] = [Line(x, y, x + RULER, y, 0.25)]
    for mm in range(int(RULER) + 1):
        long = 4.0 if mm % 10 == 0 else 3.0 if mm % 5 == 0 else 1.8
        shapes.append(Line(x + mm, y - 0.125, x + mm, y + long, 0.18))
        if mm % 10 == 0:
            shapes.append(Words(x + mm, y + 7.2, str(mm), 2.6, "middle"))
    shapes.append(Words(x + RULER + 3, y + 7.2, "mm: hold a ruler against it", 2.6, grey=0.3))
    return shapes
