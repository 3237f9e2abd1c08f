"""A source that does what it is told, one step of its script for each read.

    source = Misbehaving(["frame"] * 5 + ["block"], fps=30)           # five frames, then it hangs
    source = Misbehaving(["frame", "raise"], reopened=[["frame"] * 3]) # fails, and works when opened again

Steps
    frame     a new noisy picture              repeat    the same picture again
    zeros     a black picture                  grey      one channel
    deep      16 bits                          resize    another size from here on
    none      the end                          raise     SourceError
    crash     an exception of the driver's     block     hangs until `release` or `close`
    junk      no picture at all                empty     a picture without pixels
    crumb     a picture of two rows
    back      time goes backwards              notime    the time is not a number
    jump      the clock leaps an hour ahead

When the script is over its last step goes on for ever; with `then="none"` the source ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from livespot.errors import SourceError
from livespot.frame import Frame, Source

SMALL = (48, 64)  # rows, columns: quick, and still a picture


class Pictures:
    """Noisy pictures: no two are alike, as from a camera. Same seed, same pictures."""

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)

    def next(self, size: tuple[int, int] = SMALL) -> Any:
        return self._random.integers(0, 256, (*size, 3), dtype=np.uint8)


class Misbehaving(Source):
    """See above. pause: seconds before each read returns. live and fps as a Source has them.

    reads, closed: what was asked of it. Sources without `reopened` have no `reopen`, like a file.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Misbehaving:
        return super().__new__(_Reopening if kwargs.get("reopened") is not None and cls is Misbehaving else cls)

    def __init__(
        self,
        script: Sequence[str],
        *,
        then: str = "",
        pause: float = 0.0,
        fps: float | None = 30.0,
        live: bool = True,
        name: str = "misbehaving",
        reopened: Sequence[Sequence[str]] | None = None,
        seed: int = 0,
    ) -> None:
        self.name, self.live, self.fps, self.length = name, live, fps, None
        self.reads = 0
        self.closed = False
        self.script = list(script)
        self.reopened = list(reopened or [])
        self._then = then
        self._pause = pause
        self._go = threading.Event()
        self._size = SMALL
        self._shift = 0.0
        self._index = 0
        self._pictures = Pictures(seed)
        self._shown: Any = self._pictures.next(self._size)

    def read(self) -> Frame | None:
        step = self.script[self.reads] if self.reads < len(self.script) else self._then or self.script[-1]
        self.reads += 1
        if self._pause:
            time.sleep(self._pause)
        return self._do(step)

    def _do(self, step: str) -> Frame | None:
        if step == "none" or self.closed:
            return None
        if step == "raise":
            raise SourceError(f"{self.name} failed as told")
        if step == "crash":
            raise RuntimeError("the driver lost its head")
        if step == "block":
            self._go.wait(60.0)
            return None
        at = self._index / (self.fps or 30.0) + self._shift
        picture: Any = self._shown
        match step:
            case "repeat":
                pass
            case "zeros":
                picture = np.zeros((*self._size, 3), np.uint8)
            case "grey":
                picture = self._pictures.next(self._size)[:, :, 0]
            case "deep":
                picture = self._pictures.next(self._size).astype(np.uint16) * 257
            case "junk":
                picture = None
            case "empty":
                picture = np.zeros((0, 0, 3), np.uint8)
            case "crumb":
                picture = self._pictures.next((2, self._size[1]))
            case "resize":
                self._size = (self._size[0] + 16, self._size[1] + 16)
                picture = self._shown = self._pictures.next(self._size)
            case "back":
                at -= 1.0
            case "notime":
                at = float("nan")
            case "jump":
                self._shift += 3600.0
                at += 3600.0
                picture = self._shown = self._pictures.next(self._size)
            case "frame":
                picture = self._shown = self._pictures.next(self._size)
            case _:
                raise ValueError(f"no such step: {step}")
        frame = Frame(image=picture, time=at, index=self._index, captured=time.monotonic())
        self._index += 1
        return frame

    def release(self) -> None:
        """Let a blocked read come back."""
        self._go.set()

    def close(self) -> None:
        self.closed = True
        self._go.set()


class Stubborn(Misbehaving):
    """A blocked read that not even `close` brings back, as a FIFO does; only `release`."""

    def close(self) -> None:
        self.closed = True


class _Reopening(Misbehaving):
    """The same with a `reopen`: each opening has a script of its own; a script ["refuse"] does not open."""

    openings = 1

    def reopen(self) -> Misbehaving:
        script = self.reopened.pop(0) if self.reopened else ["refuse"]
        if list(script) == ["refuse"]:
            raise SourceError(f"{self.name} is not there")
        again = _Reopening(
            script,
            then=self._then,
            pause=self._pause,
            fps=self.fps,
            live=self.live,
            name=self.name,
            reopened=self.reopened,
            seed=self.openings,
        )
        again.openings = self.openings + 1
        again.reopened = self.reopened  # one list for all openings
        return again
