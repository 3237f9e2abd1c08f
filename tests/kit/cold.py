"""What a warm-up of the kernels leaves to compile, for a process of its own."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import CodeType, FunctionType

from numba.core.registry import CPUDispatcher

from livespot import spotting
from livespot.spotting.warming import warm_up


def names(code: CodeType) -> Iterator[str]:
    """What a function and those inside it refer to."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names(constant)


def left_cold() -> tuple[int, list[str]]:
    """How many kernels Python calls, and which of them a warm-up leaves to compile."""
    warm_up()
    called, cold = 0, []
    for found in pkgutil.walk_packages(spotting.__path__, spotting.__name__ + "."):
        module = vars(importlib.import_module(found.name))
        functions = [f for f in module.values() if isinstance(f, FunctionType) and f.__module__ == found.name]
        functions = [f for f in functions if not f.__name__.endswith("_reference")]
        for name in {name for f in functions for name in names(f.__code__)}:
            if isinstance(module.get(name), CPUDispatcher):
                called += 1
                cold += [] if module[name].signatures else [f"{found.name}.{name}"]
    return called, cold
