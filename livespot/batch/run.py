"""Looking at pages, one after the other or in several processes: a page that fails never ends the run."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from livespot import saying, startup
from livespot.annotate.page import annotate
from livespot.api.finding import Ignored, find_every, ignoring
from livespot.batch.pages import Page
from livespot.capture.documents import read_page
from livespot.capture.stills import read_picture
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.settings import Settings
from livespot.spotting.results import Difference, FrameResult, State
from livespot.spotting.warming import compiled
from livespot.version import __version__

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

SCHEMA = 1  # of the objects that as_json gives; see result.schema.json
THUMBNAIL = 640  # px, the longer side of a page in the report
CROP = 160  # px, likewise of a difference


@dataclass(frozen=True)
class Task:
    """What is asked for every page.

    ignore: boxes (x, y, width, height), or files with masks. annotated: the ending (".png") of the picture with its
    boxes to make, "" for none. report: make the pictures of a report.
    """

    settings: Settings
    ignore: tuple[tuple[int, int, int, int] | Path, ...] = ()
    annotated: str = ""
    report: bool = False


@dataclass(frozen=True, eq=False)
class Looked:
    """A page and what was found on it.

    result: false where there is no puzzle or nothing could be read; its reason says why. sizes: (width, height) px of
    each picture. complaint: what is wrong with the file, though it could be used. annotated: the encoded picture with
    its boxes, those of every puzzle on the page. drawn: the same as a small JPEG, crops: JPEGs of each difference on A
    and on B, for a report. others: the page's further puzzles, in reading order. puzzle: which one it is, from 1.
    """

    page: Page
    result: FrameResult
    sizes: tuple[tuple[int, int], ...] = ()
    complaint: str = ""
    pictures: tuple[Image, ...] = field(default=(), repr=False)
    annotated: bytes = b""
    drawn: bytes = b""
    crops: tuple[tuple[bytes, bytes], ...] = ()
    others: tuple[Looked, ...] = ()
    puzzle: int = 1

    @property
    def failed(self) -> bool:
        """Whether there is no result to rely on."""
        return not self.result or bool(self.complaint)

    def as_json(self) -> dict[str, Any]:
        """The page's object for --json; result.schema.json describes it."""
        head: dict[str, Any] = {"schema": SCHEMA, "version": __version__}
        head |= {"file": str(self.page.path), "page": self.page.page + 1, "puzzle": self.puzzle}
        for end, (width, height) in zip(("", "_b"), self.sizes, strict=False):
            head |= {f"width{end}": width, f"height{end}": height}
        if self.page.other is not None:
            head["file_b"] = str(self.page.other)
        return head | self.result.as_json() | {"complaint": self.complaint}


def look(page: Page, task: Task, keep: bool = False, explained: Callable[[Explanation], None] | None = None) -> Looked:
    """Look at one page; whatever goes wrong is in the result. keep: hand the pictures over, too.

    explained: see find_every.
    """
    try:
        if page.trouble:
            raise LivespotError(page.trouble)
        read = [read_page(path, page.page if n == 0 else 0) for n, path in enumerate(page.paths)]
        pictures, complaint = [picture for picture, _ in read], "; ".join(words for _, words in read if words)
        ignored = [_read_mask(i, pictures[0]) for i in task.ignore]
        results = [ignoring(r, ignored, pictures) for r in find_every(pictures, task.settings, explained)]
        sizes = tuple((p.shape[1], p.shape[0]) for p in pictures)
        each = []
        for number, result in enumerate(results, start=1):
            own = page if len(results) == 1 else dataclasses.replace(page, name=f"{page.name}, puzzle {number}")
            looked = Looked(own, result, sizes, complaint, tuple(pictures) if keep else (), puzzle=number)
            each.append(_illustrated(looked, pictures, task, results))
        return dataclasses.replace(each[0], others=tuple(each[1:]))
    except LivespotError as error:
        return Looked(page, _nothing(str(error)))
    except Exception as error:  # a fault of ours: the other pages still count
        saying.log.debug("%s: %r", page.name, error, exc_info=True)
        return Looked(page, _nothing(f"unexpected failure: {type(error).__name__}: {error}"))


def by_page(results: Sequence[Looked]) -> list[list[Looked]]:
    """The results of each page, in the order of the pages."""
    pages: list[list[Looked]] = []
    for looked in results:
        if looked.puzzle == 1:
            pages.append([])
        pages[-1].append(looked)
    return pages


def look_at_all(pages: Sequence[Page], task: Task, jobs: int = 1) -> Iterator[Looked]:
    """Every page's result, in the order of the pages. jobs: processes that work at the same time."""
    if min(jobs, len(pages)) < 2 or not _can_share(jobs):
        yield from (look(page, task) for page in pages)
        return
    task = dataclasses.replace(
        task, settings=dataclasses.replace(task.settings, threads=max(1, task.settings.threads // jobs))
    )
    if not compiled():  # once, and not in every process
        find_every([np.full((64, 64, 3), 255, np.uint8)], task.settings)
    rest = list(pages)
    while rest:
        try:
            with _pool(jobs) as pool:
                for future in [pool.submit(look, page, task) for page in rest]:
                    yield future.result()
                    rest.pop(0)
        except BrokenProcessPool:
            # One of those that were being looked at took its process with it: each of them once more, alone.
            for page in rest[:jobs]:
                yield _alone(page, task)
                rest.pop(0)


def _can_share(jobs: int) -> bool:
    """Whether pages can be handed to processes: a container may have nowhere for their locks (/dev/shm)."""
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        saying.say(f"this system has no room for {jobs} processes ({reason}): one page after the other")
        return False
    return True


def _alone(page: Page, task: Task) -> Looked:
    with _pool(1) as pool:
        future: Future[Looked] = pool.submit(look, page, task)
        try:
            return future.result()
        except BrokenProcessPool:
            return Looked(page, _nothing("its process was killed: too little memory, or a broken file"))


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (jobs,))


def _begin(jobs: int) -> None:
    """A process of the pool begins: quiet, and with its share of the processors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's
    startup.prepare()
    saying.set_level("quiet")
    cv2.setNumThreads(max(1, (os.cpu_count() or 1) // jobs))


def _nothing(reason: str) -> FrameResult:
    return FrameResult(0, 0.0, State.SEARCHING, reason)


def _read_mask(ignored: tuple[int, int, int, int] | Path, picture: Image) -> Ignored:
    if not isinstance(ignored, Path):
        return ignored
    mask = read_picture(ignored).max(axis=2)
    return np.asarray(cv2.resize(mask, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)) >= 128


def _illustrated(looked: Looked, pictures: list[Image], task: Task, results: Sequence[FrameResult]) -> Looked:
    """With the pictures that the task asks for, which show all the results on the page."""
    annotated = task.annotated and looked.result  # a report shows the pages without a puzzle, too
    if not annotated and not task.report:
        return looked
    drawn = annotate(pictures[0], results[0], *pictures[1:])
    for result in results[1:]:
        drawn = annotate(drawn, result)
    if annotated:
        good, data = cv2.imencode(task.annotated, drawn)
        if not good:
            raise LivespotError(f"this kind of picture, {task.annotated}, cannot hold {drawn.shape[1]} px")
        looked = dataclasses.replace(looked, annotated=bytes(data.tobytes()))
    if not task.report:
        return looked
    first, last = pictures[0], pictures[-1]
    crops = tuple((_jpeg(_crop(first, d.a), CROP), _jpeg(_crop(last, d.b), CROP)) for d in looked.result.differences)
    return dataclasses.replace(looked, drawn=_jpeg(drawn, THUMBNAIL), crops=crops)


def _crop(picture: Image, quad: Quad) -> Image:
    """What a difference's quad covers, and half as much around it."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    margin = 0.25 * (high - low) + 12
    (x0, y0), (x1, y1) = np.maximum(low - margin, 0).astype(int), np.maximum(high + margin, 2).astype(int)
    return picture[min(y0, picture.shape[0] - 2) : y1, min(x0, picture.shape[1] - 2) : x1]


def _jpeg(picture: Image, longest: int) -> bytes:
    scale = longest / max(picture.shape[:2])
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes())


def sides(looked: Looked) -> Iterator[tuple[Path, tuple[int, int], list[tuple[Difference, str, Quad]]]]:
    """Each picture file of a page with its size and the quads that lie on it: a page has those of both panels."""
    marks = [(d, panel, quad) for d in looked.result.differences for panel, quad in (("A", d.a), ("B", d.b))]
    for n, (path, size) in enumerate(zip(looked.page.paths, looked.sizes, strict=False)):
        yield path, size, [m for m in marks if len(looked.page.paths) == 1 or m[1] == "AB"[n]]
