"""What a session leaves on the disk while it runs: the recording, the raw recording, the event log.

In: every frame with its spotting. Out: files, and one line for the screen when one of them fails; the view goes on.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from livespot.annotate import boxes
from livespot.annotate.boxes import NOTHING_MARKED, Marking
from livespot.frame import Closing, Frame, Image
from livespot.record.event_log import EventLog
from livespot.record.recorder import Recorder, RecordingStatus
from livespot.settings import Settings
from livespot.spotting.results import FrameResult


@dataclass(frozen=True)
class Filmed:
    """A picture of a recording: the picture, its time in s, and what draws on a copy of it (None: nothing)."""

    image: Image
    time: float
    draw: Callable[[Image], object] | None


Sink = Callable[[Frame, FrameResult, Marking], object]


class Outputs(Closing):
    """The files of one session. A context manager; `close` finishes all of them and may be called twice.

    Raises UsageError when one of them cannot be written. fps: frames a second expected. title: goes into the video.
    sinks: who else gets every frame; none of them may wait or fail.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        record: Path | None = None,
        record_raw: Path | None = None,
        events: Path | None = None,
        fps: float | None = None,
        title: str = "livespot",
        sinks: Sequence[Sink] = (),
    ) -> None:
        self._sinks = tuple(sinks)
        self._settings = settings
        self._fps = fps
        self._title = title
        self._messages: deque[str] = deque()
        self.finished: list[RecordingStatus] = []
        self.failed = False  # a file stopped by itself, before the session did
        self._asked = any(path is not None for path in (record, record_raw, events))
        self.recorded_to = ""  # the name of the recording that was begun with a key and still runs
        self._video: Recorder | None = None
        self._raw: Recorder | None = None
        self._events: EventLog | None = None
        try:
            if record is not None:
                self._video = self._recorder(record)
            if record_raw is not None:
                self._raw = self._recorder(record_raw)
            if events is not None:
                self._events = EventLog(events, notify=self._messages.append)
        except BaseException:
            self.close()
            raise

    def _recorder(self, path: Path) -> Recorder:
        return Recorder(
            path, self._settings.recording, fps_hint=self._fps, title=self._title, notify=self._messages.append
        )

    def write(
        self,
        frame: Frame,
        spotting: FrameResult,
        marking: Marking = NOTHING_MARKED,
        *,
        wait: bool = False,
        filmed: Filmed | None = None,
    ) -> None:
        """Keep this frame. filmed: what the recording gets; None: the frame, annotated as the screen shows it.

        wait: for the encoder, where no camera is lost by it (a file read in step), instead of dropping the picture.
        """
        for sink in self._sinks:
            sink(frame, spotting, marking)
        if self._events is not None:
            self._events.write(spotting)
        if self._raw is not None:
            self._raw.write(frame.image, frame.time, wait=wait)
        if self._video is not None:
            draw = partial(boxes.draw, spotting=spotting, marking=marking)
            self.film(filmed or Filmed(frame.image, frame.time, draw), wait=wait)

    def film(self, filmed: Filmed, *, wait: bool = False) -> None:
        """A picture for the recording alone."""
        if self._video is not None:
            self._video.write(filmed.image, filmed.time, draw=filmed.draw, wait=wait)

    def start_recording(self, path: Path) -> None:
        """Begin a recording (R). Raises UsageError."""
        if self._video is None:
            self._video = self._recorder(path)
            self.recorded_to = path.name

    def stop_recording(self) -> RecordingStatus | None:
        """Finish the recording (R again); what became of it."""
        if self._video is None:
            return None
        status = self._finish(self._video)
        self._video, self.recorded_to = None, ""
        return status

    def _finish(self, recorder: Recorder) -> RecordingStatus:
        status = recorder.close()
        self.finished.append(status)
        self.failed = self.failed or status.error is not None
        return status

    def tidy(self) -> None:
        """Let go of a recording that stopped by itself (a full disk), so that R starts another one."""
        if self._video is not None and not self._video.status.recording:
            self.stop_recording()

    def mark(self, text: str) -> None:
        """Put a chapter into the recording."""
        for recorder in (self._video, self._raw):
            if recorder is not None:
                recorder.mark(text)

    @property
    def in_vain(self) -> bool:
        """Whether all files that were asked for have stopped by themselves: nothing is kept any more."""
        videos = [recorder for recorder in (self._video, self._raw) if recorder is not None]
        writing = any(recorder.status.recording for recorder in videos)
        return self._asked and not writing and (self._events is None or self._events.over)

    @property
    def status(self) -> RecordingStatus | None:
        """The recording that runs (or stopped by itself); None when there is none."""
        return self._video.status if self._video is not None else None

    def messages(self) -> list[str]:
        """New lines for the screen."""
        lines = []
        while self._messages:
            lines.append(self._messages.popleft())
        return lines

    def close(self) -> None:
        self.stop_recording()
        if self._raw is not None:
            self._finish(self._raw)
            self._raw = None
        if self._events is not None:
            self._events.close()
            self.failed = self.failed or self._events.error is not None
            self._events = None
