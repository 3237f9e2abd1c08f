"""`open_source`: the frames of a camera, a file, a folder, an address or the demo."""

import contextlib
from collections.abc import Iterator

from livespot.capture import opening
from livespot.capture.following import frames_of
from livespot.capture.opening import DemoOptions
from livespot.frame import Frame
from livespot.saying import say
from livespot.settings import Settings


@contextlib.contextmanager
def open_source(
    source: str | None = None, settings: Settings | None = None, *, seconds: float | None = None
) -> Iterator[Iterator[Frame]]:
    """Open a source of frames, to be used in a `with` statement.

    A file is given frame by frame; of a camera or a stream the newest frame, and what came meanwhile is dropped.

    Parameters
    ----------
    source : str, optional
        As on the command line: a camera's number, path or part of its name, a video file, a picture, a folder of
        pictures, an http, https, rtsp or tcp address, ``"demo"`` or ``"demo:NAME"``; the first camera when left out.
    settings : Settings, optional
        For instance ``Settings(size="1920x1080")`` for a camera.
    seconds : float, optional
        End after so many seconds of the source.

    Returns
    -------
    context manager of an iterator of Frame
        `frame.image` is (H, W, 3) uint8 BGR, not to be written into; `frame.time` in seconds, strictly increasing.

    Raises
    ------
    SourceError
        (a LivespotError) when it cannot be opened, or fails later on.

    Examples
    --------
    >>> import livespot
    >>> with livespot.open_source("demo", seconds=0.1) as source:
    ...     [frame.image.shape for frame in source]
    [(720, 1280, 3), (720, 1280, 3), (720, 1280, 3)]
    """
    settings = settings or Settings()
    opened = opening.open_source(source, settings, DemoOptions(seconds=seconds))
    with opened, contextlib.closing(frames_of(opened, settings.capture, say, seconds)) as frames:
        yield frames
