"""Every kernel compiled, or loaded from its cache: seconds the first time, a fraction of one later."""

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
from livespot.spotting.difference._components import strong_parts
from livespot.spotting.difference._fused import lit_difference
from livespot.spotting.difference._ssim import ssim_map
from livespot.spotting.panels._scans import line_means, rows_with, sharpness_by_angle
from livespot.spotting.registration._normal_equations import normal_equations
from livespot.spotting.registration.warping import remap_maps
from livespot.spotting.temporal._accumulate import gather

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

_MAP, _ALL, _ONE = np.zeros((8, 8), np.float32), np.ones((8, 8), np.bool_), np.ones((1, 1), np.float32)
_PICTURE, _ROOT = np.zeros((8, 8, 3), np.uint8), np.ones((1, 1, 3), np.float32)


def _fused() -> None:
    for radius in (0, 1, 2):
        lit_difference(_PICTURE, _PICTURE, _ROOT, _ONE * radius, 8, 1.0)


def _components() -> None:
    strong_parts(_MAP, _ONE, _ALL, _ONE, _ONE, 8, 0.2)


def _alignment() -> None:
    normal_equations(_MAP, _MAP, _ALL)
    remap_maps(np.eye(3), None, (8, 8))


def _evidence() -> None:
    mean, weight = np.zeros((8, 8, 3), np.float32), np.zeros((8, 8), np.float32)
    gather(_PICTURE, _PICTURE[..., 0].copy(), _ALL, 1.0, 1.0, 1.0, mean, weight, mean.copy(), weight.copy())


def _sides() -> None:
    line_means(_MAP, _MAP, np.zeros(1, np.int32), np.zeros(1, np.int32))
    rows_with(np.zeros((1, 1, 3), np.float32), _ALL[:1, :1], np.zeros((1, 3), np.float32), 0.1, 0.1)
    sharpness_by_angle(*np.ones((5, 2), np.float32))


def _eye() -> None:
    ssim_map(_PICTURE, _PICTURE, lowest=True)


# With the processor seconds that compiling each takes, as they were once, the dearest first: two processes then end
# together.
STEPS: tuple[tuple[float, Callable[[], None]], ...] = (
    (9, _fused), (3, _components), (3, _eye), (2, _alignment), (2, _sides), (1.5, _evidence),
)  # fmt: skip


def _maps() -> None:
    for dtype in (np.uint8, np.float32):
        grey = np.zeros((8, 9), dtype)
        ssim_map(grey, grey, "box7")
        ssim_map(grey, grey, "gaussian11")
