"""Keeps the video: pictures with their capture times go in, a whole file under its own name comes out.

The encoder has its own thread and a bounded queue; the display only ever copies a picture. The file is written under
a temporary name beside its target (see livespot.live.recover) and renamed when it is whole.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from livespot.frame import Image
from livespot.settings import RecordingSettings


@dataclass(frozen=True)
class RecordingStatus:
    """recording: pictures are still taken. seconds: length of the video so far. written, dropped: frames.

    disk_low: less than settings.recording.warn_free_mb is free. free_mb: None before it was measured.
    error: why the recording stopped by itself, one line for the screen; None when all is well.
    files: the finished files (more than one after the picture changed its size).
    """

    recording: bool
    seconds: float
    written: int
    dropped: int
    disk_low: bool
    free_mb: float | None
    error: str | None
    files: tuple[Path, ...]


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Recorder:
    """Records pictures to `path` (.mp4, .mkv or .webm). A context manager; `close` may be called twice.

    path: must not exist yet (an empty file may). Later parts, when the picture changes its size, are NAME-2.mp4 ...
    fps_hint: frames a second expected, for the encoder only; times decide. title: goes into the file.
    notify: called once, from the encoder's thread, with the line that says why the recording stopped by itself.
    Raises UsageError for an extension it cannot write, a target that exists, a folder that cannot be written.
    """

    def __init__(
        self,
        path: Path | str,
        settings: RecordingSettings,
        *,
        fps_hint: float | None = None,
        title: str = "livespot",
        notify: Callable[[str], None] = _to_stderr,
    ) -> None:
        raise NotImplementedError

    def write(self, image: Image, time: float) -> None:
        """Take a copy of a picture, (H, W, 3) uint8 BGR, shown at `time` seconds (the source's clock). Never blocks:
        when the encoder is behind, the picture is dropped and counted. After an error or `close` it does nothing."""
        raise NotImplementedError

    def mark(self, text: str) -> None:
        """Put a chapter at the last picture written ("frozen", "snapshot 2.png")."""
        raise NotImplementedError

    @property
    def status(self) -> RecordingStatus:
        """What to show. Any thread."""
        raise NotImplementedError

    def close(self) -> RecordingStatus:
        """Encode what waits, finish the file, give it its name. Never raises: the status says what went wrong."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
