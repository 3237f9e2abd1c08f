"""Every kernel is warmed up, so that none is compiled while a picture waits."""

from __future__ import annotations

import importlib
import multiprocessing
import pkgutil
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

import pytest
from numba.core.registry import CPUDispatcher

from livespot import startup
from livespot.spotting import kernels
from livespot.spotting.kernels import warming


def names(code: CodeType) -> Iterator[str]:
    """What a function and those inside it refer to."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names(constant)


def left_cold() -> tuple[int, list[str]]:
    """How many kernels Python calls, and which of them a warm-up leaves to compile."""
    kernels.warm_up()
    called, cold = 0, []
    for found in pkgutil.iter_modules(kernels.__path__, kernels.__name__ + "."):
        module = vars(importlib.import_module(found.name))
        functions = [f for f in module.values() if isinstance(f, FunctionType) and f.__module__ == found.name]
        functions = [f for f in functions if not f.__name__.endswith("_reference")]
        for name in {name for f in functions for name in names(f.__code__)}:
            if isinstance(module.get(name), CPUDispatcher):
                called += 1
                cold += [] if module[name].signatures else [f"{found.name}.{name}"]
    return called, cold


def test_no_kernel_that_python_calls_is_left_to_compile() -> None:
    # in a process of its own: other tests call kernels, too
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        called, cold = fresh.apply(left_cold)
    assert called > 5
    assert cold == []


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
