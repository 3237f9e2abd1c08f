"""Work shared by threads: all of it done once, in order, and what goes wrong comes through."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import SMALL, as_kernel_array, in_bands, parallel_map


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_every_item_is_worked_on_once_and_the_results_keep_their_order(count: int, threads: int) -> None:
    done = []

    def work(item: int) -> int:
        done.append(item)
        return item * item

    assert parallel_map(work, range(count), threads) == [i * i for i in range(count)]
    assert sorted(done) == list(range(count))


def test_two_threads_work_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)  # broken, and an error, when one thread does all
    assert sorted(parallel_map(lambda _: meeting.wait(), [0, 1], 2)) == [0, 1]


@pytest.mark.parametrize(("height", "threads", "bands"), [(SMALL, 2, 2), (SMALL, 1, 1), (8, 2, 1), (1, 3, 1)])
def test_bands_cover_all_rows_once_and_little_work_is_not_shared(height: int, threads: int, bands: int) -> None:
    done: list[tuple[int, int]] = []
    in_bands(lambda y0, y1: done.append((y0, y1)), height, 1, threads)
    assert len(done) == bands
    assert [y for y0, y1 in sorted(done) for y in range(y0, y1)] == list(range(height))


@pytest.mark.parametrize("wrong", [0, 1])
def test_an_error_comes_through_whoever_met_it(wrong: int) -> None:
    meeting = threading.Barrier(2, timeout=10)

    def work(item: int) -> None:
        meeting.wait()
        if item == wrong:
            raise ValueError("of this item")

    with pytest.raises(ValueError, match="of this item"):
        parallel_map(work, [0, 1], 2)


def test_several_threads_may_share_out_work_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(lambda n: parallel_map(lambda i: i + n, range(50), 2), range(8)))
    assert several == [[i + n for i in range(50)] for n in range(8)]


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
