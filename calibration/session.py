"""A calibration from beginning to end: frames or files in, a Lens out, and the report of it.

In: an iterable of frames and, when there is one, a screen; or a folder of pictures. Out: a Lens; the report of it, as
words and as pictures. Knows neither cameras nor windows: whoever calls brings them.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from . import board, coverage, lens, pictures
from .board import View
from .errors import CalibrationError
from .guide import Guide
from .lens import Lens, Refusal

Image = NDArray[np.uint8]
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")
Tell = Callable[[str], None]


class Screen(Protocol):
    """Where the live view is shown.

    `show` returns the names of what was pressed since: "take", "undo", "finish", "quit" (also when the window was
    closed), "other".
    """

    def show(self, picture: Image) -> list[str]: ...


def guided(
    frames: Iterable[tuple[Image, float]], tell: Tell, screen: Screen | None = None, *, mirror: bool = False
) -> tuple[tuple[View, ...], tuple[int, int]]:
    """Take views from live frames until they suffice, the frames end, or the person says so.

    frames: (image (H, W, 3) BGR, time in s). Returns the views and the frames' size. Raises CalibrationError when the
    size changes, or nothing came.
    """
    guide: Guide | None = None
    said = ""
    for image, when in frames:
        size = (image.shape[1], image.shape[0])
        if guide is None:
            guide = Guide(size)
        if size != guide.size:
            raise CalibrationError(
                f"the camera changed its size from {_times(guide.size)} to {_times(size)}: try again"
            )
        guidance = guide.see(image, when)
        if guidance.taken:
            bars = ", ".join(f"{name} {value:.0%}" for name, value in guidance.coverage.bars)
            tell(f"view {guidance.coverage.views}: {bars}")
        if screen is not None:
            pressed = screen.show(pictures.live(image, guidance, guide.views, mirror))
            if "quit" in pressed:
                raise CalibrationError("stopped before the end: nothing was kept (Enter finishes with what there is)")
            if "undo" in pressed:
                guide.undo()
            if "take" in pressed:
                guide.take(image, when)
            if "finish" in pressed:
                break
        elif guidance.coverage.advice and guidance.coverage.advice != said:
            said = guidance.coverage.advice
            tell(said)
        if guide.coverage.done:
            break
    if guide is None:
        raise CalibrationError("no picture came from the source")
    return guide.views, guide.size


def from_folder(folder: Path, tell: Tell) -> tuple[tuple[View, ...], tuple[int, int]]:
    """Views from the pictures in a folder. Raises CalibrationError when they cannot be used; a picture without the
    board is named and left out, and so is one of another size than most."""
    if not folder.is_dir():
        raise CalibrationError(f"there is no folder {folder}")
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)
    if not paths:
        raise CalibrationError(f"no pictures in {folder}: it needs photographs of the board ({', '.join(PICTURES)})")
    found: list[tuple[View, tuple[int, int]]] = []
    for path in paths:
        data = np.frombuffer(path.read_bytes(), np.uint8) if path.is_file() else np.empty(0, np.uint8)
        # A calibration holds for the picture as the camera sends it: it is not turned by its EXIF orientation.
        read = cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION) if data.size else None
        if read is None:
            tell(f"{path.name}: cannot be read")
            continue
        image = np.asarray(read, np.uint8)
        view = board.detect(image, path.name)
        tell(f"{path.name}: {'no board found' if view is None else f'{len(view.ids)} corners'}")
        if view is not None:
            found.append((view, (image.shape[1], image.shape[0])))
    if not found:
        raise CalibrationError(f"the board is in none of the {len(paths)} pictures in {folder}")
    sizes = [size for _, size in found]
    size = max(set(sizes), key=sizes.count)
    for view, other in found:
        if other != size:
            tell(f"{view.name}: left out, it is {_times(other)} where most are {_times(size)}")
    return tuple(view for view, own in found if own == size), size


def hold(screen: Screen, picture: Image) -> None:
    """Show a picture until something is pressed."""
    while not screen.show(picture):
        time.sleep(0.03)


def solved(views: tuple[View, ...], size: tuple[int, int], tell: Tell) -> Lens:
    """The lens. Raises CalibrationError with the reason when the views do not give it."""
    result = lens.solve(views, size, tell)
    if isinstance(result, Refusal):
        raise CalibrationError(result.reason)
    return result


def report(found: Lens) -> list[str]:
    """The result in words, a line each."""
    focal, centre = found.matrix[0, 0], found.matrix[:2, 2]
    places = [coverage.placement(fit.view, found.size) for fit in found.views]
    bars = coverage.measure([p for p in places if p is not None]).bars
    worst = max(found.views, key=lambda fit: fit.rms)
    share = found.focal_error / focal
    sure = f"± {found.focal_error:.1f}, {share:.2%}"
    most = f"worst {worst.rms:.3f}, {worst.view.name}"
    lines = [
        f"focal length {focal:.1f} px ({sure}), centre {centre[0]:.1f}, {centre[1]:.1f}",
        "distortion " + ", ".join(f"{n} {v:+.4f}" for n, v in zip(lens.TERMS, found.distortion, strict=True)),
        f"reprojection error {found.rms:.3f} px over {len(found.views)} views ({most})",
        "coverage " + ", ".join(f"{name} {value:.0%}" for name, value in bars),
        *(f"left out {d.name}: {d.reason}" for d in found.dropped),
    ]
    if share > 0.005:
        lines.append("the focal length is not sure: take more views, tilted and near")
    return lines


def per_view(found: Lens) -> list[str]:
    """The error of each view, a line each."""
    return [f"{fit.view.name}: {fit.rms:.3f} px, {len(fit.view.ids)} corners" for fit in found.views]


def _times(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"
