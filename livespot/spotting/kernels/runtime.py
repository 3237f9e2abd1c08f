"""What all kernels share: how they are compiled, and bands of rows on threads.

The kernels release the GIL and work on bands of rows, on threads of their own pool: the same bits whatever the number
of threads, and safe from any thread (numba's own parallel layer aborts when two threads use it without libgomp).
How the inner loops are written follows what LLVM vectorises: one row a call, few arrays, offsets known when compiled.
A kernel that is called with a literal number once and with another one elsewhere is compiled twice: np.int64(0) is not.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from livespot.compiling import kept

Map = NDArray[np.float32]
SMALL = 1 << 16  # px; below this a second thread costs more than it gives

# No reassociation: the order of the sums is what keeps the errors of float32 small.
_fast: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp", "nnan", "ninf"},
    "no_cfunc_wrapper": True,  # nobody calls a kernel from C: a third of what compiling takes
}  # fmt: skip
kernel: Callable[[Any], Any] = partial(kept, **_fast)
# called by kernels alone: what calls it from Python is not compiled
helper: Callable[[Any], Any] = partial(kept, no_cpython_wrapper=True, **_fast)
inline: Callable[[Any], Any] = partial(kept, inline="always", **_fast)

f32 = np.float32

_pools: dict[int, ThreadPoolExecutor] = {}
_pools_lock = threading.Lock()


Scalar = TypeVar("Scalar", bound=np.generic)


def as_kernel_array(values: NDArray[Any], dtype: type[Scalar]) -> NDArray[Scalar]:
    """An array as kernels take it: of this type, its rows in their order and one after the other, and writeable.

    Itself where it is so already. (np.require does the same in five times the time, hundreds of times a comparison; a
    kernel that is given a read-only array once is compiled once more.)
    """
    result = np.ascontiguousarray(values, dtype)
    return result if result.flags.writeable else result.copy()


def in_bands(work: Callable[[int, int], None], height: int, width: int, threads: int) -> None:
    """Call work(first_row, end_row) for `threads` bands that cover `height` rows, one of them on this thread."""
    threads = max(1, min(threads, height)) if height * width >= SMALL else 1
    if threads == 1:
        work(0, height)
        return
    edges = [height * i // threads for i in range(threads + 1)]
    others = [_pool(threads).submit(work, edges[i], edges[i + 1]) for i in range(1, threads)]
    work(edges[0], edges[1])
    for other in others:
        other.result()


def _pool(threads: int) -> ThreadPoolExecutor:
    with _pools_lock:
        if threads not in _pools:
            _pools[threads] = ThreadPoolExecutor(threads - 1, thread_name_prefix="livespot-kernel")
        return _pools[threads]
