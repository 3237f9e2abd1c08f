"""Every kernel is warmed up, so that none is compiled while a picture waits."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from kit.cold import left_cold

from livespot.spotting import warming


def test_no_kernel_that_python_calls_is_left_to_compile() -> None:
    # in a process of its own: other tests call kernels, too
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        called, cold = fresh.submit(left_cold).result()
    assert called > 5
    assert cold == []


def test_processes_compile_side_by_side_and_tell_how_far_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    started, shares = [], []

    def process() -> object:
        started.append(real())
        return started[-1]

    real = warming._process
    monkeypatch.setattr(warming, "_process", process)
    monkeypatch.setattr(warming, "compiled", lambda: False)
    warming.warm_up(similarity=False, progress=shares.append)
    assert [process.returncode for process in started if process is not None] == [0] * len(started)
    assert len(started) == min(2, os.cpu_count() or 1)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_without_a_second_process_all_is_compiled_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(warming, "compiled", lambda: False)
    monkeypatch.setattr(warming, "STEPS", [(1.0, lambda: steps.append("done"))])
    warming.warm_up(similarity=False)
    assert steps == ["done"]
