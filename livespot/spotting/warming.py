"""Every kernel compiled, or loaded from its cache: seconds the first time, a fraction of one later."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from livespot.compiling import all_kept, cache
from livespot.spotting.classify._candidate import Panels, Reach, numbers_of_candidate
from livespot.spotting.classify._fine_print import fine_sums
from livespot.spotting.classify._measures import Compared
from livespot.spotting.classify._resizing import resize_explains
from livespot.spotting.classify.eye_input import maps_of, rim_of
from livespot.spotting.difference._components import peak_over, strong_parts
from livespot.spotting.difference._fused import lit_difference
from livespot.spotting.difference._islands import islands
from livespot.spotting.difference._ssim import ssim_map
from livespot.spotting.difference._tolerance import tolerant_difference
from livespot.spotting.kernels.light import masked_means, scaled_window
from livespot.spotting.panels._colours import rows_with
from livespot.spotting.panels._lines import line_means
from livespot.spotting.panels._projections import sharpness_by_angle
from livespot.spotting.registration._bicubic import sampled
from livespot.spotting.registration._flatten import quickly_flattened
from livespot.spotting.registration._gradients import gradient_products
from livespot.spotting.registration._lucas_kanade import in_bounds, normal_equations, remap_maps, warped
from livespot.spotting.temporal._accumulate import gather, smooth_distance
from livespot.spotting.visibility._channels import lowest_channel

PROCESSES = 2  # that compile side by side: each keeps one core busy, however many threads it has
Progress = Callable[[float], object]


def warm_up(similarity: bool = True, progress: Progress = lambda share: None) -> None:
    """Call each of them once. similarity: also the maps that only the classic method needs.

    Where they are not compiled yet, processes of their own do that first, at the caller's priority; progress is then
    told the share of it that is done, five times a second.
    """
    if not compiled():
        _compile(progress)
    for _, step in STEPS:
        step()
    if similarity:
        _maps()
    with contextlib.suppress(OSError):  # then the next start says once more that it gets ready
        if all_kept():
            cache.complete(Path(__file__)).touch()
    cache.forget_unused()


def compiled() -> bool:
    """Whether the vision's kernels, as they stand now, were all compiled before (the classic method's own apart)."""
    return cache.complete(Path(__file__)).exists()


def _compile(progress: Progress) -> None:
    """Let processes fill the cache, each taking the next step when it is done with one; all that they leave undone is
    done by the caller.
    """
    left = iter(range(len(STEPS)))  # next() of it is one step under the GIL
    under_way: dict[int, float] = {}  # steps, and since when
    done, began = 0.0, time.monotonic()

    def serve(process: subprocess.Popen[str]) -> None:
        nonlocal done
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError), process:
            for step in left:
                under_way[step] = time.monotonic()
                print(step, file=process.stdin, flush=True)
                answered = process.stdout.readline()
                del under_way[step]
                if not answered:
                    break
                done += STEPS[step][0]

    servers = [
        threading.Thread(target=serve, args=(process,), name="compiling", daemon=True)
        for _ in range(min(PROCESSES, os.cpu_count() or 1))
        if (process := _process()) is not None
    ]
    for server in servers:
        server.start()
    total = sum(cost for cost, _ in STEPS)
    while any(server.is_alive() for server in servers):
        now = time.monotonic()
        # How long a step takes here is known from those that are done; one under way never counts as done.
        pace = done / max(now - began, 1e-3) / len(servers) or 0.5
        guessed = [min(0.9 * STEPS[step][0], pace * (now - since)) for step, since in list(under_way.items())]
        progress((done + sum(guessed)) / total)
        time.sleep(0.2)


def _process() -> subprocess.Popen[str] | None:
    """A process that takes steps on; None where none can be started."""
    code = "from livespot import startup; startup.prepare(); from livespot.spotting import warming; warming.serve()"
    path = os.pathsep.join(place for place in sys.path if place)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip
    except OSError:
        return None
    atexit.register(process.kill)  # whoever quits meanwhile leaves nothing behind
    return process


def serve() -> None:
    """Take the steps that standard input asks for by their numbers; each is answered when it is done."""
    gc.freeze()
    gc.set_threshold(100_000)  # the compiler makes millions of small objects, nearly all of which stay
    for line in sys.stdin:
        STEPS[int(line)][1]()
        print(line.strip(), flush=True)


# --- the steps ---

_FLAT, _SEEN = np.zeros((16, 16), np.float32), np.ones((16, 16), np.bool_)
_PICTURE, _MAP, _ALL = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.float32), np.ones((8, 8), np.bool_)
_CELLS, _ROOT = np.ones((2, 2), np.float32), np.ones((1, 1, 3), np.float32)
_CROP, _INSIDE = np.zeros((8, 8, 3), np.float32), np.full((8, 8), 31, np.uint8)


def _candidate() -> None:
    compared = Compared((_PICTURE, _PICTURE), (_ROOT, _ROOT), 8, _MAP, _CELLS, 4)
    panels = Panels(compared, _INSIDE, _INSIDE, _CELLS, np.zeros((1, 1, 4), np.float32))
    numbers_of_candidate(panels, (2, 2, 4, 4), _ALL[:4, :4], (0, 1, 0, 1), Reach(4, 3.0, 232.0, 1))


def _fused() -> None:
    for radius in (0, 1, 2):
        lit_difference(_PICTURE, _PICTURE, _ROOT, _CELLS[:1, :1] * radius, 8, 1.0)


def _components() -> None:
    strong_parts(_MAP, _CELLS[:1, :1], _ALL, _CELLS, _CELLS, 4, 0.2)  # one cell of 8 x 8 px
    islands(_ALL.view(np.uint8), np.ones((1, 1), np.uint8), 1)
    peak_over(_MAP, _ALL, (0, 0), _CELLS, 4)


def _means() -> None:
    masked_means(_PICTURE, _PICTURE, _ALL)
    lowest_channel(_PICTURE)
    fine_sums(_PICTURE, _PICTURE, _ALL.view(np.uint8), np.ones((1, 1), np.uint8))
    scaled_window(_PICTURE, _ROOT, 8, (0, 0, 8, 8))


def _alignment() -> None:
    grid = np.zeros((2, 2, 2), np.float32)
    in_bounds(*remap_maps(np.eye(3), grid, (16, 16)), 16, 16)
    warped(_FLAT, grid)
    gradient_products(_FLAT, _FLAT, 3.0)
    quickly_flattened(np.zeros((16, 16), np.uint8), 12.0, 4.0)
    normal_equations(_FLAT, _FLAT, _SEEN)


def _evidence() -> None:
    mean, weight = np.zeros((16, 16, 3), np.float32), np.zeros((16, 16), np.float32)
    sample, off = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)
    smooth_distance(sample, sample)
    sampled(sample, _FLAT, _FLAT)
    gather(sample, off, _SEEN, 1.0, 1.0, 1.0, mean, weight, mean.copy(), weight.copy())


def _resizing() -> None:
    resize_explains(_CROP, _CROP, _INSIDE, _MAP, np.zeros((1, 2), np.float32), 0.8, 1.0)


def _sides() -> None:
    line_means(_MAP, _MAP, np.zeros(1, np.int32), np.zeros(1, np.int32))
    rows_with(np.zeros((1, 1, 3), np.float32), _ALL[:1, :1], np.zeros((1, 3), np.float32), 0.1, 0.1)
    sharpness_by_angle(*np.ones((5, 2), np.float32))


def _eye() -> None:
    colour, seen = np.zeros((32, 32, 3), np.uint8), np.ones((32, 32), np.bool_)
    maps_of(colour, colour, seen, rim_of(32, 32))


# With the processor seconds that compiling each takes, as they were once, the dearest first: two processes then end
# together. Those that call the same kernels stand apart, so that the second finds them compiled.
STEPS: tuple[tuple[float, Callable[[], None]], ...] = (
    (11, _candidate), (7, _fused), (5, _alignment), (5, _components), (5, _eye), (4, _evidence), (3, _means),
    (1, _resizing), (1, _sides),
)  # fmt: skip


def _maps() -> None:
    for dtype in (np.uint8, np.float32):
        grey, colour = np.zeros((8, 9), dtype), np.zeros((8, 9, 3), dtype)
        ssim_map(grey, grey, "box7")
        ssim_map(grey, grey, "gaussian11")
        tolerant_difference(colour, colour, np.ones((8, 9), np.float32))
