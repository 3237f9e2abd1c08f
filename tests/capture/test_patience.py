"""Calls that may hang: what they give, raise, or give too late."""

import threading

import pytest

from livespot.capture.patience import aside, within
from livespot.errors import SourceError


def test_the_result() -> None:
    assert within(5.0, lambda: 7, "late") == 7


def test_what_it_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5.0, lambda: 1 / 0, "late")


def test_too_late_is_an_error_and_the_late_result_is_cleaned_up() -> None:
    go, cleaned = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> int:
        assert go.wait(10)
        return 7

    def clean(result: int) -> None:
        late.append(result)
        cleaned.set()

    with pytest.raises(SourceError, match="it took too long"):
        within(0.05, slow, "it took too long", too_late=clean)
    go.set()
    assert cleaned.wait(10)
    assert late == [7]


def test_closing_aside_swallows_what_closing_raises() -> None:
    thread = aside(lambda: 1 / 0)
    thread.join(5)
    assert not thread.is_alive()
