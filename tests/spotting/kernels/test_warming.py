"""Every kernel is warmed up, so that none is compiled while a picture waits."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from kit.cold import left_cold

from livespot import startup
from livespot.spotting import kernels
from livespot.spotting.kernels import warming


def test_no_kernel_that_python_calls_is_left_to_compile() -> None:
    # in a process of its own: other tests call kernels, too
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        called, cold = fresh.submit(left_cold).result()
    assert called > 5
    assert cold == []


def test_nothing_is_imported_for_products_of_matrices() -> None:
    code = "import sys; from livespot.spotting import kernels; kernels.warm_up(); print('scipy.linalg' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_a_second_process_shares_the_compiling_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def in_a_process(name: str) -> object:
        started.append(real(name))
        return started[-1]

    real = warming._in_a_process
    monkeypatch.setattr(warming, "_in_a_process", in_a_process)
    monkeypatch.setattr(startup, "compiled", lambda: False)
    kernels.warm_up(similarity=False)
    assert [process.returncode for process in started if process is not None] == [0]


def test_without_a_second_process_all_is_compiled_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert warming._in_a_process("_candidates") is None
