"""Work shared by threads: all of it done once, in order, and what goes wrong comes through."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import SMALL, as_kernel_array, in_bands


@pytest.mark.parametrize(("height", "threads", "bands"), [(SMALL, 2, 2), (SMALL, 1, 1), (8, 2, 1), (1, 3, 1)])
def test_bands_cover_all_rows_once_and_little_work_is_not_shared(height: int, threads: int, bands: int) -> None:
    done: list[tuple[int, int]] = []
    in_bands(lambda y0, y1: done.append((y0, y1)), height, 1, threads)
    assert len(done) == bands
    assert [y for y0, y1 in sorted(done) for y in range(y0, y1)] == list(range(height))


def test_an_error_comes_through_whoever_met_it() -> None:
    def work(y0: int, y1: int) -> None:
        if y0 > 0:
            raise ValueError("of this band")

    with pytest.raises(ValueError, match="of this band"):
        in_bands(work, SMALL, 1, 2)


def test_several_threads_may_share_out_work_at_once() -> None:
    done: list[tuple[int, int]] = []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: in_bands(lambda y0, y1: done.append((y0, y1)), SMALL, 1, 2), range(8)))
    assert sorted(done) == sorted([(0, SMALL // 2), (SMALL // 2, SMALL)] * 8)


def read_only() -> NDArray[np.float32]:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    values.flags.writeable = False
    return values


@pytest.mark.parametrize(
    "values",
    [
        np.arange(12).reshape(3, 4),
        np.arange(12, dtype=np.float32).reshape(4, 3).T,
        np.ones((9, 9), np.float32)[::2, 1:],
    ],
    ids=["of another type", "by columns", "a part"],
)
def test_what_a_kernel_cannot_take_is_made_ready(values: NDArray[np.float32]) -> None:
    got = as_kernel_array(values, np.float32)
    assert got.dtype == np.float32
    assert got.flags.c_contiguous
    assert np.array_equal(got, values)


def test_what_is_ready_is_not_copied_and_what_is_read_only_is() -> None:
    values = np.ones((3, 4), np.float32)
    assert as_kernel_array(values, np.float32) is values
    got = as_kernel_array(read_only(), np.float32)  # numba would compile for it once more
    assert got.flags.writeable
    assert np.array_equal(got, read_only())
