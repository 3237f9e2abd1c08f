"""What is asked of a session, what its loop works with, what is counted, and the line at its end."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from livespot.annotate.words import count_of, in_brief
from livespot.capture.newest import Status
from livespot.capture.turned import Beside
from livespot.frame import Image, Source
from livespot.live.analysis_thread import SpotterProtocol
from livespot.live.window.window import Window
from livespot.record.outputs import Outputs
from livespot.record.recorder import RecordingStatus
from livespot.settings import Settings
from livespot.spotting.results import FrameResult

MOST_LISTED = 3  # parts of a recording: of more the line at the end names the first and the last


@dataclass(frozen=True)
class SessionOptions:
    """What the command line asks of one session.

    headless: no window. events, record, record_raw: files to write, or None. realtime: pace a file like a camera, and
    drop like one. seconds: end after that much time of the source. virtual_camera: show the annotated view to video
    calls. record_live: a recording goes on with the live view whatever the window shows. opener: opens another SOURCE,
    chosen in the window; None: there is only this one. panel: why the start panel is open from the beginning; None: it
    is not. reference: the picture that every frame is compared with.
    """

    headless: bool = False
    events: Path | None = None
    record: Path | None = None
    record_raw: Path | None = None
    realtime: bool = False
    seconds: float | None = None
    virtual_camera: bool = False
    record_live: bool = False
    opener: Callable[[str], Source] | None = None
    panel: str | None = None
    reference: Image | None = None

    @property
    def keeps(self) -> bool:
        """Whether anybody gets the result when there is no window: a file, or a video call."""
        return self.virtual_camera or any(path is not None for path in (self.events, self.record, self.record_raw))


@dataclass(frozen=True)
class Following:
    """A source to run on, and the window it was chosen in, which stays open. beside: lays a reference beside it."""

    source: Source
    window: Window | None = None
    beside: Beside = field(default_factory=Beside)


@dataclass
class Tally:
    """What was done with the frames, for the line at the end. source: what the source has counted."""

    source: Status = field(default_factory=Status)
    shown: int = 0
    analysed: int = 0
    last: FrameResult | None = None


class Work(NamedTuple):
    """What the loop works with. stop: set from outside, it ends the loop."""

    spotter: SpotterProtocol
    settings: Settings
    options: SessionOptions
    outputs: Outputs
    tally: Tally
    stop: threading.Event


def summary(name: str, tally: Tally, recordings: list[RecordingStatus]) -> str:
    """The line at the end: what came, what became of it, what was left on the disk."""
    came = tally.source
    parts = [
        count_of(came.captured, "frame"),
        f"{tally.shown} shown" if tally.shown else "",
        f"{tally.analysed} analysed",
        f"{came.dropped} dropped (a newer one had come)" if came.dropped else "",
        f"{came.refused} refused (broken, or out of time)" if came.refused else "",
        f"{came.missed} missed (not read in time)" if came.missed else "",
        f"source lost {count_of(came.losses, 'time')}" if came.losses else "",
    ]
    line = f"{name}: " + ", ".join(part for part in parts if part)
    if tally.last is not None:
        line += f"; last: {in_brief(tally.last)}"
    for status in recordings:
        lost = f", {status.dropped} frames dropped by the encoder" if status.dropped else ""
        if status.files:
            length = f"{status.seconds:.1f} s" + (" in all" if len(status.files) > 1 else "")
            line += f"; wrote {_listed(status.files)} ({length}{lost})"
    return line


def _listed(files: Sequence[Path]) -> str:
    """The parts of a recording: all of a few, the first and the last of many."""
    if len(files) <= MOST_LISTED:
        return " and ".join(map(str, files))
    return f"{files[0]} and {len(files) - 1} more parts, up to {files[-1]}"
