"""The loop: frames from a source, through the spotter, to the window, the recorder and the event log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from livespot.frame import Source
from livespot.settings import Settings


@dataclass(frozen=True)
class SessionOptions:
    """What the command line asks of one session.

    headless: no window. events, record, record_raw: files to write, or None. realtime: pace a file like a camera, and
    drop like one. seconds: end after that much time of the source. progress: show a progress bar for long work.
    """

    headless: bool = False
    events: Path | None = None
    record: Path | None = None
    record_raw: Path | None = None
    realtime: bool = False
    seconds: float | None = None
    progress: bool = True


def run(source: Source, settings: Settings, options: SessionOptions) -> int:
    """Run one session until the source ends, the user quits or `options.seconds` are over. Returns the exit status.

    Closes the source. Raises LivespotError for what cannot be done at all (no display, an output that exists).
    """
    raise NotImplementedError
