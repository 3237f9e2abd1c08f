"""Calls that may never come back, made on threads that can be left behind."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from livespot.errors import SourceError

Result = TypeVar("Result")


class Attempt(Generic[Result]):
    """One call on a daemon thread of its own. A result that comes after it was given up goes to `too_late`.

    thread: the thread, which may never end. error: what the call raised, after `wait`.
    """

    def __init__(self, call: Callable[[], Result], *, too_late: Callable[[Result], object] | None = None) -> None:
        self.error: BaseException | None = None
        self._call = call
        self._too_late = too_late
        self._lock = threading.Lock()
        self._result: Result | None = None
        self._given_up = False
        self.thread = threading.Thread(target=self._run, name="capture attempt", daemon=True)
        self.thread.start()

    def wait(self, seconds: float) -> Result | None:
        """The result, or None when the call failed or has not come back within `seconds`: then it is given up."""
        self.thread.join(seconds)
        with self._lock:
            self._given_up = True
            return self._result

    def _run(self) -> None:
        try:
            result = self._call()
        except BaseException as error:
            self.error = error
            return
        with self._lock:
            if not self._given_up:
                self._result = result
                return
        if self._too_late is not None:
            self._too_late(result)


def within(
    seconds: float, call: Callable[[], Result], complaint: str, *, too_late: Callable[[Result], object] | None = None
) -> Result:
    """`call()`, or SourceError(complaint) when it takes longer than `seconds`. What the call raises is raised."""
    attempt = Attempt(call, too_late=too_late)
    result = attempt.wait(seconds)
    if attempt.error is not None:
        raise attempt.error
    if result is None:
        raise SourceError(complaint)
    return result


def aside(close: Callable[[], object]) -> threading.Thread:
    """Call `close` where it may block or fail without harm."""

    def quietly() -> None:
        try:
            close()
        except Exception:  # closing what is broken may fail in any way
            return

    thread = threading.Thread(target=quietly, name="capture closing", daemon=True)
    thread.start()
    return thread
