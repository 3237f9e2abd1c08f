"""Records the video: pictures with their capture times go in, a complete file under its own name comes out.

The encoder has its own thread behind a bounded queue (frame_queue), and draws on the pictures there: the display
only hands them over.
The file is written under a temporary name beside its target (naming) and renamed when it is whole.
Whatever goes wrong on the way stops the recording, never the caller: `status.error` says why in one line.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from livespot import saying, threads
from livespot.errors import LivespotError, UsageError
from livespot.frame import Closing, Image
from livespot.record import chapters, naming
from livespot.record.frame_queue import Mark, Picture, WaitingLine
from livespot.record.timeline import TICKS, Timeline
from livespot.settings import RecordingSettings

if TYPE_CHECKING:
    from livespot.record.video_writer import VideoFile

MB = 1_000_000
CHECK_EVERY = 1.0  # s between looks at the disk
PATIENCE = 30.0  # s for a disk to take the end of a file


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


class _Stop(Exception):
    """The recording must end here, while its file can still be finished."""


@dataclass
class _Part:
    """The file being written. base: ticks of its first picture. marks: (tick, text), the tick from the file's start."""

    file: VideoFile
    path: Path
    target: Path
    size: tuple[int, int]
    base: int
    marks: list[tuple[int, str]]


def _free_mb(folder: Path) -> float:
    """Room on the disk. Some file systems have no size at all (a cloud's, a network's, ramfs): room without end."""
    usage = shutil.disk_usage(folder)
    return usage.free / MB if usage.total else math.inf


class Recorder(Closing):
    """Records pictures to a video file. A context manager; `close` may be called twice.

    One thread writes, marks and closes; any thread reads the status.

    Parameters
    ----------
    path : Path or str
        Ends in .mp4 or .mkv; must not exist yet (an empty file may). Later parts, when the picture changes its size,
        are NAME-2.mp4 ...
    settings : RecordingSettings, optional
        For instance ``Settings().recording``.
    fps_hint : float, optional
        Frames a second expected, for the encoder only; times decide.
    title : str
        Goes into the file.
    notify : callable
        Called from the encoder's thread with one line, once when the disk gets low and once when the recording stops by
        itself, saying why.

    Raises
    ------
    UsageError
        for an extension it cannot write, a target that exists, a folder that cannot be written.
    LivespotError
        for a disk that is full already.

    Examples
    --------
    >>> import tempfile
    >>> import livespot
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with livespot.Recorder(f"{folder}/film.mp4") as recorder:
    ...         for n in range(20):  # ten pictures a second
    ...             recorder.write(np.full((120, 160, 3), 10 * n, np.uint8), n / 10, wait=True)
    ...     recorder.status.written, round(recorder.status.seconds, 1), recorder.status.files[0].name
    (20, 2.0, 'film.mp4')
    """

    def __init__(
        self,
        path: Path | str,
        settings: RecordingSettings | None = None,
        *,
        fps_hint: float | None = None,
        title: str = "livespot",
        notify: Callable[[str], None] = saying.write,
    ) -> None:
        self._target = Path(path)
        self._settings = settings = settings or RecordingSettings()
        self._fps = fps_hint if fps_hint and math.isfinite(fps_hint) and 0.1 <= fps_hint <= 1000 else 30.0
        self._title = saying.shown(title)
        self._notify = notify
        self._check_up_front()

        self._line = WaitingLine(settings.queue)
        self._lock = threading.RLock()  # of what the status tells
        self._error: str | None = None
        self._free_mb: float | None = None
        self._written = 0
        self._dropped = 0
        self._seconds = 0.0
        self._files: list[Path] = []

        # only the encoder's thread uses these
        self._timeline = Timeline(1 / self._fps)
        self._part: _Part | None = None
        self._parts = 0
        self._dropped_told = 0  # written into a file already
        self._checked = -math.inf
        self._warned = False
        self._canvas: Image | None = None  # what is drawn on
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()
        atexit.register(self.close)  # also when the program ends without closing it, the file is complete

    def _check_up_front(self) -> None:
        target = self._target
        if target.suffix.lower() not in naming.EXTENSIONS:
            raise UsageError(f"cannot record to {target}: end the name in " + ", ".join(naming.EXTENSIONS))
        naming.check_target(target, "a recording")
        try:
            path, descriptor = naming.create_writing(target)
            os.close(descriptor)
            path.unlink(missing_ok=True)
            free = _free_mb(target.parent)
        except OSError as error:
            raise UsageError(
                f"cannot record to {target}: {naming.in_words(error)}; choose another folder or name"
            ) from None
        if free < self._settings.stop_free_mb:
            raise LivespotError(
                f"cannot record to {target}: only {free:.0f} MB are free there; make room or choose another disk"
            )

    # --- the caller's side

    def write(
        self, image: Image, time: float, *, draw: Callable[[Image], object] | None = None, wait: bool = False
    ) -> None:
        """Take a picture, (H, W, 3) uint8 BGR, shown at `time` seconds (the source's clock).

        It is held, not copied: nobody may write into it any more (nor into a frame of any source). draw: called with a
        copy of it on the encoder's thread, to draw on.
        Never blocks: when the encoder is behind, the picture is dropped and counted. With `wait`, for a file that is
        read in step, it waits for the encoder instead. After an error or `close` it does nothing.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
            raise ValueError(f"a picture is (H, W, 3) uint8, not {image.shape} {image.dtype}")
        if not self._line.put(image, time, draw, wait=wait):
            with self._lock:
                self._dropped += 1

    def mark(self, text: str) -> None:
        """Put a chapter at the last picture written ("frozen", "snapshot 2.png")."""
        self._line.mark(saying.shown(text))

    @property
    def status(self) -> RecordingStatus:
        """What to show. Any thread."""
        with self._lock:
            return RecordingStatus(
                recording=self._line.is_open,
                seconds=self._seconds,
                written=self._written,
                dropped=self._dropped,
                disk_low=self._free_mb is not None and self._free_mb < self._settings.warn_free_mb,
                free_mb=self._free_mb,
                error=self._error,
                files=tuple(self._files),
            )

    def close(self) -> RecordingStatus:
        """Encode what waits, finish the file, give it its name. Never raises: the status says what went wrong."""
        self._line.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE)
        if self._thread.is_alive() and self._error is None:
            self._stop(f"the disk of {self._target} does not answer; `livespot recover` brings back what it took")
        atexit.unregister(self.close)
        return self.status

    # --- the encoder's thread

    def _run(self) -> None:
        threads.lower_priority(threads.RECORDER)  # pictures wait in line for it; the display's next one does not
        try:
            while (item := self._line.take()) is not None:
                if isinstance(item, Mark):
                    self._note(item)
                else:
                    self._encode(item)
                    self._look_at_disk()
            self._finish_part()
        except _Stop as stop:
            self._end_after(str(stop), whole=True)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError) and not self._target.parent.is_dir()
            self._end_after(self._folder_gone if gone else naming.in_words(error), whole=False)
        except Exception as error:  # the encoder's, or a fault of ours: the live view goes on in any case
            self._end_after(f"the encoder failed: {_encoder_words(error)}", whole=False)

    def _encode(self, picture: Picture) -> None:
        ticks = self._timeline.place(picture.time, picture.arrival, in_step=picture.in_step)
        size = (picture.image.shape[1], picture.image.shape[0])
        part = self._part
        if part is not None and part.size != size:
            self._finish_part()
            part = None
        if part is None:
            part = self._part = self._new_part(size, ticks)
        part.file.add(self._drawn(picture), ticks - part.base, round(self._timeline.interval * TICKS))
        with self._lock:
            self._written += 1
            self._seconds = self._timeline.seconds

    def _drawn(self, picture: Picture) -> Image:
        """The picture as it is recorded; a buffer that is kept, when something is drawn on it."""
        if picture.draw is None:
            return picture.image
        if self._canvas is None or self._canvas.shape != picture.image.shape:
            self._canvas = np.empty_like(picture.image)
        np.copyto(self._canvas, picture.image)
        try:
            picture.draw(self._canvas)
        except Exception as error:
            raise _Stop(f"drawing failed: {type(error).__name__}: {error}") from error
        return self._canvas

    def _new_part(self, size: tuple[int, int], ticks: int) -> _Part:
        from livespot.record.video_writer import (
            VideoFile,  # av takes a moment to import; the window does not wait for it
        )

        self._parts += 1
        target = self._target
        if self._parts > 1:
            target = target.with_name(f"{target.stem}-{self._parts}{target.suffix}")
        path, descriptor = naming.create_writing(target)
        chapters.forget(path)  # of another recording whose file somebody took away
        try:
            file = VideoFile(
                target, descriptor, size,
                quality=self._settings.quality, fps=self._fps, title=self._title, date=datetime.now().astimezone(),
            )  # fmt: skip
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return _Part(file, path, target, size, ticks, [])

    def _note(self, mark: Mark) -> None:
        if self._part is not None:
            tick = max(self._timeline.ticks - self._part.base, 0)
            self._part.marks.append((tick, mark.text))
            with contextlib.suppress(OSError):  # the film itself tells what is wrong with the disk
                chapters.note(self._part.path, tick, mark.text)

    def _look_at_disk(self) -> None:
        """Once in a while: is there room, and is the file still where it was?"""
        if monotonic() - self._checked < CHECK_EVERY or self._part is None:
            return
        self._checked = monotonic()
        if self._part.file.is_gone(self._part.path):
            raise _Stop(self._folder_gone)
        free = _free_mb(self._target.parent)
        with self._lock:
            self._free_mb = free
        low, least = free < self._settings.warn_free_mb, self._settings.stop_free_mb
        if low and not self._warned and free >= least:
            self._warned = True
            self._notify(f"only {free:.0f} MB are free on the disk: the recording stops when {least:.0f} MB are left")
        if free < least:
            raise _Stop(f"only {free:.0f} MB are free on the disk")

    @property
    def _folder_gone(self) -> str:
        return f"its folder {self._target.parent} was moved or deleted"

    def _finish_part(self) -> None:
        """Close the file and give it its name."""
        part = self._part
        if part is None:
            return
        end = self._timeline.ticks - part.base + round(self._timeline.interval * TICKS)
        dropped = self._dropped
        part.file.finish(dropped - self._dropped_told, chapters.divided(part.marks, end, self._title))
        self._dropped_told = dropped
        if not naming.RENAMES_OPEN_FILES:
            part.file.release()
        self._publish(part)
        self._part = None
        # nobody waits for a slow disk to take the last bytes; the system writes them in any case
        threading.Thread(target=self._put_down, args=(part.file,), name="recorder-sync", daemon=True).start()

    def _put_down(self, file: VideoFile) -> None:
        if problem := file.release():
            self._notify(f"the disk did not take all of the recording: {problem}")

    def _publish(self, part: _Part) -> None:
        path = naming.publish(part.path, part.target)
        chapters.forget(part.path)
        with self._lock:
            self._files.append(path)

    def _end_after(self, reason: str, *, whole: bool) -> None:
        """Keep what can be kept, then stop. whole: the file can still be finished in the normal way."""
        if whole:
            with contextlib.suppress(Exception):  # then it is cut after its last whole fragment
                self._finish_part()
        kept = ""
        if self._part is not None:
            kept = self._cut_part(self._part)
            self._part = None
        if self._files:
            kept = "what came before is in " + " and ".join(str(file) for file in self._files)
        self._stop(f"recording stopped: {reason}; {kept or 'nothing is kept'}")

    def _cut_part(self, part: _Part) -> str:
        """Close the file after its last whole fragment and give it its name; what to say when that fails."""
        file, deleted = part.file, part.file.is_deleted
        file.abandon()
        lost = file.frames - file.safe
        with self._lock:
            self._written -= lost
            self._seconds = max(0.0, self._seconds - lost * self._timeline.interval)
        with contextlib.suppress(OSError):  # the disk or the folder is gone
            if file.safe:
                self._publish(part)
            else:
                part.path.unlink(missing_ok=True)
                chapters.forget(part.path)
            return ""
        return "" if deleted else f"`livespot recover` brings back {part.path.name}"

    def _stop(self, line: str) -> None:
        with self._lock:
            self._error = line
        self._line.close(at_once=True)
        self._notify(line)


def _encoder_words(error: Exception) -> str:
    """One line; FFmpeg's last message says more than the error it comes with."""
    log: tuple[int, str, str] | None = getattr(error, "log", None)
    words = (log[2] if log else str(error)) or repr(error)
    return " ".join(words.split())
