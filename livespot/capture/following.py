"""The frames of a source one after the other, for work that cannot go on without (a calibration, a self-check).

In: a Source. Out: an iterator of all its frames; of a live one, of the newest. A loss is told; one that lasts ends the
work: nothing else would.
"""

import time
from collections.abc import Callable, Generator

from livespot.capture.newest import NewestFrame
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.settings import CaptureSettings


def frames_of(
    source: Source, settings: CaptureSettings, tell: Callable[[str], object], seconds: float | None = None
) -> Generator[Frame, None, None]:
    """The frames of `seconds` s of the source's time, or all there are. Raises SourceError when they stay away."""
    first: float | None = None
    for frame in _newest(source, settings, tell) if source.live else iter(source.read, None):
        first = frame.time if first is None else first
        if seconds is not None and frame.time - first >= seconds:
            return
        yield frame


def _newest(source: Source, settings: CaptureSettings, tell: Callable[[str], object]) -> Generator[Frame, None, None]:
    """The newest frame, again and again. Raises SourceError when none came for twice the time to open, or for good."""
    patience = 2.0 * settings.open_timeout
    told, came = "", time.monotonic()
    with NewestFrame(source, settings) as newest:
        while (status := newest.status).running:
            if status.message != told:
                told = status.message
                if told:
                    tell(told)
            frame = newest.take(timeout=0.1)
            if frame is not None:
                yield frame
                came = time.monotonic()
            elif time.monotonic() - came > patience:
                raise SourceError(f"{source.name} gave no picture for {patience:g} s: does it work in another program?")
        newest.raise_if_failed()
