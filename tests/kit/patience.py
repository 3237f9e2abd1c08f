"""Waiting for what comes by itself, as long as a busy machine needs."""

import time
from collections.abc import Callable
from typing import Any


def until(
    is_so: Callable[[], object], what: str = "what should come", seconds: float = 20.0, program: Any = None
) -> None:
    """Returns once it is so; the test fails when it never is, or when the program that it waits for ends."""
    limit = time.monotonic() + seconds
    while not is_so():
        assert program is None or program.poll() is None, f"ended before {what}"
        assert time.monotonic() < limit, f"waited in vain for {what}"
        time.sleep(0.01)
