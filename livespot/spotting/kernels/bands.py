"""What all kernels share: how they are compiled, and bands of rows on threads.

The kernels release the GIL and work on bands of rows, on threads of their own pool: the same bits whatever the number
of threads, and safe from any thread (numba's own parallel layer aborts when two threads use it without libgomp).
How the inner loops are written follows what LLVM vectorises: one row a call, few arrays, offsets known when compiled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
SMALL = 1 << 16  # px; below this a second thread costs more than it gives

# No reassociation: the order of the sums is what keeps the errors of float32 small.
_fast: dict[str, Any] = {
    "nogil": True, "cache": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp", "nnan", "ninf"},
}  # fmt: skip
kernel: Callable[[Any], Any] = numba.njit(**_fast)
inline: Callable[[Any], Any] = numba.njit(inline="always", **_fast)

f32 = np.float32

_pools: dict[int, ThreadPoolExecutor] = {}
_pools_lock = threading.Lock()


def in_bands(work: Callable[[int, int], None], height: int, width: int, threads: int) -> None:
    """Call work(first_row, end_row) for `threads` bands that cover `height` rows, one of them on this thread."""
    threads = max(1, min(threads, height)) if height * width >= SMALL else 1
    if threads == 1:
        work(0, height)
        return
    with _pools_lock:
        pool = _pools.setdefault(threads, ThreadPoolExecutor(threads - 1, thread_name_prefix="livespot-kernel"))
    edges = [height * i // threads for i in range(threads + 1)]
    others = [pool.submit(work, edges[i], edges[i + 1]) for i in range(1, threads)]
    work(edges[0], edges[1])
    for other in others:
        other.result()
