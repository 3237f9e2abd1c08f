"""`livespot photo IMAGE [IMAGE_B]`: the differences on one still page, or between two pictures.

The result is in the pictures' own px, upright as their EXIF orientation says, whatever size they were analysed at.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from livespot import startup
from livespot.cli import files
from livespot.errors import LivespotError, UsageError
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.live import naming
from livespot.saying import say
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Spotting

if TYPE_CHECKING:
    from livespot.spotting.explaining import Explanation

_WINDOW = (1600, 900)  # px, the largest window that --show opens
LARGEST = 4096  # px, the longer side that is analysed: print at arm's length holds no more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE", type=Path, help="a page with both pictures on it, or picture A")
    parser.add_argument("image_b", metavar="IMAGE_B", type=Path, nargs="?", help="picture B")
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write the result as one JSON object (-: standard output)"
    )
    picture = parser.add_mutually_exclusive_group()
    picture.add_argument("--output", metavar="FILE", type=Path, help="where the annotated picture goes")
    picture.add_argument("--no-picture", action="store_true", help="write no annotated picture")
    parser.add_argument(
        "--explain", metavar="DIR", type=Path, help="write what each step saw as a page to look at: DIR/explain.html"
    )
    parser.add_argument("--show", action="store_true", help="show the annotated picture in a window; any key closes it")
    parser.epilog = """\
The annotated picture goes beside IMAGE as IMAGE-differences.png (numbered when there is one already).
With --explain the page DIR/explain.html shows matches, registration, light, difference map, thresholds, and why each
region was kept or dropped, also where no puzzle was found.
Exit status 1: no puzzle was found, or a picture could only be read in part.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.capture.stills import read_what_there_is

    target = _target(args)
    piped = args.json == naming.STDOUT
    if args.json is not None and not piped:
        files.check_writable(args.json, "the result")
        if target is not None and args.json.resolve() == target.resolve():
            raise UsageError("--json and --output need different files")
    if args.explain is not None:
        files.make_folder(args.explain, "the explanation")
    paths = [path for path in (args.image, args.image_b) if path is not None]
    pictures, complaints = [], []
    for path in paths:
        if not path.exists():
            raise LivespotError(f"there is no file {path}: is the name right?")
        picture, complaint = read_what_there_is(path)
        pictures.append(picture)
        complaints += [complaint] if complaint else []
    if args.show:
        _check_window()
    wrote: list[str] = []

    def explained(explanation: Explanation) -> None:
        wrote.append(str(_explained(explanation, args.explain, paths)))

    spotting = spot(pictures, settings, None if args.explain is None else explained)
    if piped:
        print(json.dumps(spotting.as_json()), flush=True)
    elif args.json is not None:
        files.write_whole(args.json, (json.dumps(spotting.as_json()) + "\n").encode())
    for complaint in complaints:
        say(complaint)
    if spotting.panels is None:
        seen = f"; {wrote[0]} shows what was seen" if wrote else ""
        raise LivespotError(f"{' and '.join(p.name for p in paths)}: {spotting.reason or 'no puzzle found'}{seen}")
    annotated = annotate(pictures, spotting)
    if target is not None:
        files.write_whole(target, _encoded(annotated, target))
        wrote.insert(0, str(target))
    said = f"; wrote {' and '.join(wrote)}" if wrote else ""
    line = f"{' and '.join(p.name for p in paths)}: {in_words(spotting)}{said}"
    if piped:  # standard output holds the result and nothing else
        say(line)
    else:
        print(line, flush=True)
    if args.show:
        _show(annotated, args.image.name)
    return 1 if complaints else 0


def spot(pictures: list[Image], settings: Settings, explained: Callable[[Explanation], None] | None = None) -> Spotting:
    """The differences on one page or between two pictures, in the pictures' own px.

    explained: is given what each step saw, at the size that was analysed.
    """
    from livespot.spotting import kernels
    from livespot.spotting.spotter import spot_page, spot_pair
    from livespot.spotting.trail import Trail

    if not startup.compiled():
        say(startup.FIRST_START)
        kernels.warm_up(similarity=settings.method == "classic")
    # Two pictures are brought to one size: features are found over some range of scales, not over any.
    common = min(LARGEST, *(max(p.shape[:2]) for p in pictures))
    scales = [min(1.0, common / max(p.shape[:2])) for p in pictures]
    reduced = [p if scale == 1.0 else _reduced(p, scale) for p, scale in zip(pictures, scales, strict=True)]
    started = time.perf_counter()
    trail = Trail()
    if len(reduced) == 1:
        result = spot_page(reduced[0], settings, trail)
    else:
        result = spot_pair(reduced[0], reduced[1], settings, trail)
    spent = (time.perf_counter() - started) * 1e3
    if explained is not None:
        from livespot.spotting.explaining import explain_still

        explained(explain_still(reduced, trail, settings))
    spotting = result.spotting if isinstance(result, Inspection) else result
    return enlarged(dataclasses.replace(spotting, latency_ms=spent), scales[0], scales[-1])


def enlarged(spotting: Spotting, scale_a: float, scale_b: float) -> Spotting:
    """A spotting found at these scales, in px of the full pictures."""

    def full(quad: Quad, scale: float) -> Quad:
        return (quad + 0.5) / scale - 0.5

    panels = spotting.panels
    return dataclasses.replace(
        spotting,
        panels=None if panels is None else (full(panels[0], scale_a), full(panels[1], scale_b)),
        differences=tuple(
            dataclasses.replace(d, a=full(d.a, scale_a), b=full(d.b, scale_b)) for d in spotting.differences
        ),
    )


def annotate(pictures: list[Image], spotting: Spotting) -> Image:
    """The page with its boxes; two pictures side by side with a gap."""
    from livespot.live import overlay

    if len(pictures) == 1:
        return overlay.draw(pictures[0].copy(), spotting)
    drawn = [overlay.draw(p.copy(), spotting, panels=(which,)) for p, which in zip(pictures, "ab", strict=True)]
    height = max(p.shape[0] for p in drawn)
    gap = max(8, height // 50)
    sheet = np.full((height, drawn[0].shape[1] + gap + drawn[1].shape[1], 3), 255, np.uint8)
    sheet[: drawn[0].shape[0], : drawn[0].shape[1]] = drawn[0]
    sheet[: drawn[1].shape[0], -drawn[1].shape[1] :] = drawn[1]
    return sheet


def in_words(spotting: Spotting) -> str:
    """ "7 differences (4 removed, 3 added)", or why there is none."""
    count = len(spotting.differences)
    if count == 0:
        return spotting.reason or "no difference found"
    kinds = Counter(str(d.kind) for d in spotting.differences).most_common()
    return f"{count} difference{'' if count == 1 else 's'} ({', '.join(f'{n} {kind}' for kind, n in kinds)})"


def _target(args: argparse.Namespace) -> Path | None:
    """Where the annotated picture goes, known to be writable."""
    if args.no_picture:
        return None
    if args.output is None:
        beside = files.beside(args.image, "-differences.png")
        if args.image.parent.is_dir():
            try:
                files.check_writable(beside, "the annotated picture")
            except UsageError as error:
                raise UsageError(f"{error}, with --output FILE") from None
        return beside
    output: Path = args.output
    files.check_picture_name(output, "--output")
    files.check_writable(output, "the annotated picture")
    for path in (args.image, args.image_b):
        if path is not None and path.exists() and output.exists() and output.samefile(path):
            raise UsageError(f"--output {output} is the picture itself: choose another name")
    return output


def _explained(explanation: Explanation, folder: Path, paths: list[Path]) -> Path:
    """Write the explanation; where its page is. The page comes last: it never shows pictures that are not there."""
    from livespot.live.explain import sheet

    for name, data in sheet.files_of(explanation, " and ".join(p.name for p in paths)).items():
        files.write_whole(folder / name, data)
    return folder / sheet.PAGE


def _encoded(image: Image, target: Path) -> bytes:
    good, data = cv2.imencode(target.suffix, image)
    if not good:
        raise LivespotError(f"cannot write {target}: this kind of picture cannot hold {image.shape[1]} px")
    return bytes(data.tobytes())


def _reduced(picture: Image, scale: float) -> Image:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _check_window() -> None:
    from livespot.live import display

    screen = display.probe()
    if not screen.usable:
        raise LivespotError(f"--show: no window can be opened: {screen.reason}; {screen.remedy}")


def _show(image: Image, title: str) -> None:
    """Show a picture until a key is pressed or the window is closed."""
    from livespot.live.window import Window

    height, width = image.shape[:2]
    scale = min(1.0, _WINDOW[0] / width, _WINDOW[1] / height)
    window = Window(f"livespot: {title}", (max(320, round(width * scale)), max(240, round(height * scale))))
    size = (0, 0)
    try:
        while window.open and not window.pressed():
            if window.size != size:
                size = window.size
                window.show(_fitted(image, size))
            time.sleep(0.02)
    finally:
        window.close()


def _fitted(image: Image, size: tuple[int, int]) -> Image:
    """The picture as large as it goes on a canvas of `size` (width, height) px, in its middle."""
    height, width = image.shape[:2]
    scale = min(size[0] / width, size[1] / height)
    shown = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    canvas = np.full((size[1], size[0], 3), 24, np.uint8)
    left, top = (size[0] - shown[0]) // 2, (size[1] - shown[1]) // 2
    canvas[top : top + shown[1], left : left + shown[0]] = cv2.resize(image, shown, interpolation=method)
    return canvas
