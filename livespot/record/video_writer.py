"""One video file: pictures in, encoded and written so that a kill at any moment loses less than half a second.

MP4 is written as a "hybrid" file: short fragments, each complete on the disk, which closing turns into an ordinary MP4
by appending the index and overwriting eight bytes (FFmpeg's `hybrid_fragmented`). Matroska gets short clusters. FFmpeg
never opens the file itself: it writes through `_Sink`, so that an error stops the writing at once. What was whole
before it stays, and nothing is written over it.
"""

import contextlib
import errno
import os
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.video.frame import PictureType, VideoFrame

from livespot.frame import Image
from livespot.record.chapters import Chapter, for_container
from livespot.record.naming import in_words
from livespot.record.timeline import TICKS

av.logging.set_level(av.logging.PANIC)

FRAGMENT = 250_000  # µs; what a kill may lose beside the pictures that wait for the encoder
KEYFRAME_EVERY = TICKS  # a second: where a player can jump to, and a cut file be picked up

_DROPPED = "frames dropped: "
_DIGITS = 8  # room kept in the file for the number, which is known only at the end


# A constant quantiser: a constant rate factor has x264 look at every picture twice, a fifth of its time at this preset.
# This much above the factor, the file of a page filmed by hand is as large and as true.
_QUANTISER = 2
_H264 = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1", "g": "100000"}
_MP4 = {"movflags": "hybrid_fragmented+frag_keyframe", "frag_duration": str(FRAGMENT), "flush_packets": "1"}
_CLUSTERS = {"cluster_time_limit": str(FRAGMENT // 1000), "flush_packets": "1", "write_crc32": "0"}
FORMATS = {".mp4": ("mp4", _MP4), ".mkv": ("matroska", _CLUSTERS)}  # the container, and its options


class _Sink:
    """The file as FFmpeg sees it. After the first error nothing is written any more and the error is kept."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.error: OSError | None = None
        self.closed = False  # PyAV leaves out the trailer when its file says so
        self.size = 0

    def write(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
        except OSError as error:
            self.error = error
            raise
        self.size = max(self.size, self.tell())
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return os.lseek(self.descriptor, offset, whence)

    def tell(self) -> int:
        return os.lseek(self.descriptor, 0, os.SEEK_CUR)

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True


class VideoFile:
    """A video of one picture size, written into an open file.

    path: for its extension only. descriptor: from `naming.create`, owned from now on.
    size: (width, height) px; an odd side gets one repeated line of pixels, as 4:2:0 colour needs even ones.
    Every method may raise OSError (the disk) or av.FFmpegError (the encoder); then call `abandon`.
    """

    def __init__(
        self,
        path: Path,
        descriptor: int,
        size: tuple[int, int],
        *,
        quality: int,
        fps: float,
        title: str,
        date: datetime,
    ) -> None:
        self.frames = 0  # encoded
        self.safe = 0  # of these, on the disk in whole fragments
        self._safe_size = 0
        self._next_key = 0
        self._pad = (size[1] % 2, size[0] % 2)
        self._sink = _Sink(descriptor)
        container, options = FORMATS[path.suffix.lower()]
        width, height = size[0] + self._pad[1], size[1] + self._pad[0]
        self._i420: Image = np.empty((height * 3 // 2, width), np.uint8)
        try:
            sink = cast(Any, self._sink)
            self._container = av.open(sink, "w", container, container_options=options, buffer_size=1 << 16)
            self._container.metadata.update(
                title=title,
                date=date.date().isoformat(),
                creation_time=date.isoformat(),
                comment=_DROPPED + "0".ljust(_DIGITS),
            )
            how = {**_H264, "qp": str(quality + _QUANTISER)}
            self._stream = self._container.add_stream("libx264", Fraction(fps).limit_denominator(1001), how)
            encoder = self._stream.codec_context
            encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
            encoder.time_base = self._stream.time_base = Fraction(1, TICKS)
            encoder.thread_count = 1  # the display and the analyser need the rest of the machine
            # What cv2 converts to: BT.601, limited range. Unsaid, players take HD pictures for BT.709.
            encoder.color_range, encoder.colorspace, encoder.color_primaries, encoder.color_trc = 1, 6, 1, 13
            encoder.open()
        except BaseException:
            self.abandon()
            raise

    def add(self, image: Image, ticks: int, duration: int) -> None:
        """Encode one picture, (height, width, 3) uint8 BGR, shown at `ticks` and usually for `duration` ticks."""
        if any(self._pad):
            image = cast(Image, cv2.copyMakeBorder(image, 0, self._pad[0], 0, self._pad[1], cv2.BORDER_REPLICATE))
        cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420, dst=self._i420)
        # Not copied where it can be: the encoders are done with a picture when they return (no lookahead, no B-frames).
        # PyAV works out a wrong height of a buffer whose height is no multiple of four.
        whole = (self._i420.shape[0] * 2 // 3) % 4 == 0
        wrap = VideoFrame.from_numpy_buffer if whole else VideoFrame.from_ndarray
        frame = wrap(self._i420, format="yuv420p")
        frame.pts, frame.time_base = ticks, Fraction(1, TICKS)
        if ticks >= self._next_key:
            frame.pict_type = PictureType.I
            self._next_key = ticks + KEYFRAME_EVERY
        self._mux(self._stream.encode(frame), duration)
        self.frames += 1

    def _mux(self, packets: list[Any], duration: int) -> None:
        for packet in packets:
            packet.duration = duration
            self._container.mux_one(packet)
            if self._sink.size > self._safe_size:  # a fragment went out: it ends before this packet
                self._safe_size, self.safe = self._sink.size, self.frames

    def finish(self, dropped: int, chapters: list[Chapter]) -> None:
        """Make it whole; then `release` it."""
        self._mux(self._stream.encode(None), 1)
        self._container.set_chapters(for_container(chapters))
        index = self._safe_size
        self._container.close()
        self.safe, self._safe_size = self.frames, self._sink.size  # from here on nothing may be cut off
        self._note_dropped(dropped, index)

    def _note_dropped(self, dropped: int, index: int) -> None:
        """Overwrite the number that FFmpeg took from us before it was known: in the head, and from byte `index` on."""
        old, new = ((_DROPPED + str(n).ljust(_DIGITS)).encode() for n in (0, dropped))
        if len(old) != len(new):
            return
        descriptor = self._sink.descriptor
        for start, length in ((0, 1 << 14), (index, self._sink.size - index)):
            os.lseek(descriptor, start, os.SEEK_SET)
            at = os.read(descriptor, length).find(old)
            if at >= 0:
                os.lseek(descriptor, start + at, os.SEEK_SET)
                os.write(descriptor, new)

    def abandon(self) -> None:
        """Close it after an error: what is on the disk in whole fragments stays, and plays."""
        if self._sink.closed:
            return
        with contextlib.suppress(OSError):  # a disk that is gone
            os.ftruncate(self._sink.descriptor, self._safe_size)
        self.release()

    def release(self) -> str:
        """Put it on the disk for good (a slow disk takes seconds) and let go of it. May be called twice.

        Returns why the disk did not take it, or "".
        """
        if self._sink.closed:
            return ""
        self._sink.closed = True
        try:
            os.fsync(self._sink.descriptor)
        except OSError as error:
            return "" if error.errno in (errno.EINVAL, errno.ENOTSUP) else in_words(error)
        finally:
            os.close(self._sink.descriptor)
        return ""

    @property
    def is_deleted(self) -> bool:
        """Whether the file no longer has any name. Only before `release`."""
        return not self._sink.closed and os.fstat(self._sink.descriptor).st_nlink == 0

    def is_gone(self, path: Path) -> bool:
        """Whether `path` no longer leads to this file (its folder was moved or deleted)."""
        try:
            return not os.path.samestat(os.stat(path), os.fstat(self._sink.descriptor))
        except OSError:
            return True
