"""What calibration looks like: the live view with its bars, and the pictures of coverage and distortion.

In: frames, guidance, a Lens. Out: images, (H, W, 3) uint8 BGR. Colours as livespot's: light on near-black, one amber
accent, sky blue for what is done (Okabe and Ito's palette, for colour-blind eyes).
"""

import threading

import cv2
import numpy as np
from numpy.typing import NDArray

from . import board
from .coverage import ENOUGH
from .guide import Guidance
from .lens import Lens
from .profile import Profile
from .undistortion import Undistortion

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

INK: Colour = (22, 20, 18)
DESK: Colour = (34, 31, 29)
RAISED: Colour = (72, 66, 62)
PAPER: Colour = (246, 245, 244)
MUTED: Colour = (172, 166, 160)
ACCENT: Colour = (20, 186, 255)
DONE: Colour = (240, 190, 92)
_local = threading.local()


def live(image: Image, guidance: Guidance, taken: tuple[board.View, ...] = (), mirror: bool = False) -> Image:
    """The frame with the corners seen, the places taken, the bars and the words; the frame itself is not changed."""
    height, width = image.shape[:2]
    u = max(0.6, min(width / 1280, height / 720))
    out = np.ascontiguousarray(image[:, ::-1]) if mirror else image.copy()

    def px(points: NDArray[np.float64]) -> NDArray[np.int32]:
        p = points.copy()
        if mirror:
            p[:, 0] = width - 1 - p[:, 0]
        return _path(p)

    for view in taken:
        if (matrix := board.homography(view)) is not None:
            outline = px(board.mapped(matrix, board.outline()))
            cv2.polylines(out, [outline], True, DONE, max(1, round(1.2 * u)), cv2.LINE_AA, 4)
    if guidance.view is not None:
        for x, y in px(guidance.view.corners):
            cv2.circle(out, (int(x), int(y)), round(4 * u * 16), INK, max(1, round(3 * u)), cv2.LINE_AA, 4)
            cv2.circle(out, (int(x), int(y)), round(4 * u * 16), ACCENT, max(1, round(1.6 * u)), cv2.LINE_AA, 4)
    if guidance.countdown > 0:
        _ring(out, (width // 2, height // 2), 46 * u, guidance.countdown)
    if guidance.taken:
        cv2.rectangle(out, (0, 0), (width - 1, height - 1), PAPER, max(4, round(14 * u)))
    return np.vstack([out, _strip(width, guidance, u)])


def coverage_picture(lens: Lens) -> Image:
    """Where corners were seen, and how far each of them is off: the residuals 40 times enlarged."""
    width, height = lens.size
    u = max(0.6, min(width / 1280, height / 720))
    out = np.full((height, width, 3), DESK, np.uint8)
    for x in range(1, 8):
        cv2.line(out, (x * width // 8, 0), (x * width // 8, height), RAISED, 1)
        cv2.line(out, (0, x * height // 8), (width, x * height // 8), RAISED, 1)
    for fit in lens.views:
        for p, r in zip(fit.view.corners, fit.residuals, strict=True):
            tip = p + 40 * r
            cv2.line(out, _fixed(p), _fixed(tip), ACCENT, max(1, round(1.4 * u)), cv2.LINE_AA, 4)
            cv2.circle(out, _fixed(p), round(2.2 * u * 16), DONE, -1, cv2.LINE_AA, 4)
    centre = lens.matrix[:2, 2]
    cv2.drawMarker(
        out, (round(centre[0]), round(centre[1])), PAPER, cv2.MARKER_CROSS, round(26 * u), max(1, round(2 * u))
    )
    corners = sum(len(fit.view.ids) for fit in lens.views)
    words = f"{len(lens.views)} views, {corners} corners, error {lens.rms:.2f} px (lines: 40 times)"
    return _titled(out, words, u)


def distortion_picture(lens: Lens) -> Image:
    """A straight grid as this lens shows it (amber) over the grid itself, and the shift in px along a diagonal."""
    width, height = lens.size
    u = max(0.6, min(width / 1280, height / 720))
    out = np.full((height, width, 3), DESK, np.uint8)
    undistortion = Undistortion(Profile("", lens.size, lens.matrix, lens.distortion))
    zero = undistortion.points([lens.matrix[:2, 2]])[0] - lens.matrix[:2, 2]
    for along in (0, 1):
        for k in range(17):
            t = np.linspace(-0.15, 1.15, 131)
            s = np.full_like(t, k / 16)
            straight = np.column_stack([s, t] if along else [t, s]) * [width, height]
            bent = undistortion.back(straight + zero)
            cv2.polylines(out, [_path(straight)], False, RAISED, 1, cv2.LINE_AA, 4)
            cv2.polylines(out, [_path(bent)], False, ACCENT, max(1, round(1.3 * u)), cv2.LINE_AA, 4)
    corner = np.array([[0.0, 0.0]])
    shift = float(np.linalg.norm(undistortion.points(corner) - zero - corner))
    k1, k2, p1, p2, k3 = lens.distortion
    terms = f"k1 {k1:+.3f}, k2 {k2:+.3f}, p1 {p1:+.4f}, p2 {p2:+.4f}" + (f", k3 {k3:+.3f}" if k3 else "")
    words = f"focal length {lens.matrix[0, 0]:.0f} px, a corner is off by {shift:.0f} px; {terms}"
    return _titled(out, words, u)


def _strip(width: int, guidance: Guidance, u: float) -> Image:
    """Below the frame: four bars, the number of views, and what to do."""
    height = round(74 * u)
    out = np.full((height, width, 3), DESK, np.uint8)
    names = guidance.coverage.bars
    bar = 118 * u
    x = 20 * u
    for name, value in names:
        top, bottom = round(40 * u), round(50 * u)
        _text(out, name, x, 26 * u, 17 * u, DONE if value >= 1 else MUTED)
        cv2.rectangle(out, (round(x), top), (round(x + bar), bottom), RAISED, -1)
        if value > 0:
            cv2.rectangle(out, (round(x), top), (round(x + bar * value), bottom), DONE if value >= 1 else ACCENT, -1)
        x += bar + 16 * u
    count = f"{guidance.coverage.views} of {max(ENOUGH, guidance.coverage.views)} views"
    _text(out, count, x + 6 * u, 26 * u, 17 * u, MUTED)
    _text(out, guidance.words, x + 6 * u, 55 * u, 25 * u, PAPER, 600)
    return out


def _ring(image: Image, centre: tuple[int, int], radius: float, share: float) -> None:
    r, w = round(radius), max(3, round(radius / 6))
    cv2.ellipse(image, centre, (r, r), -90, 0, 360, INK, w + 4, cv2.LINE_AA)
    cv2.ellipse(image, centre, (r, r), -90, 0, 360, RAISED, w, cv2.LINE_AA)
    cv2.ellipse(image, centre, (r, r), -90, 0, 360 * min(1.0, share), ACCENT, w, cv2.LINE_AA)


def _titled(image: Image, words: str, u: float) -> Image:
    head = np.full((round(46 * u), image.shape[1], 3), INK, np.uint8)
    _text(head, words, 18 * u, 30 * u, 20 * u, PAPER)
    return np.vstack([head, image])


def _text(image: Image, words: str, x: float, base: float, size: float, colour: Colour, weight: int = 420) -> None:
    font = getattr(_local, "font", None)
    if font is None:
        font = _local.font = cv2.FontFace("sans")
    cv2.putText(
        image, words, (round(x), round(base)), colour, font, max(6, round(size)), weight, wrap=(round(x), 1 << 20)
    )


def _path(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Points (N, 2) px in 16ths of a px, as the library draws them."""
    return np.rint(np.clip(points, -4000, 12000) * 16).astype(np.int32)


def _fixed(point: NDArray[np.float64]) -> tuple[int, int]:
    x, y = _path(point).tolist()
    return x, y
