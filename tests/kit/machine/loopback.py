"""A camera that shows what is written into it: v4l2loopback, any format, by hand."""

import contextlib
import fcntl
import os
import struct
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_OUTPUT = 2  # V4L2_BUF_TYPE_VIDEO_OUTPUT
_S_FMT, _S_PARM = 0xC0D05605, 0xC0CC5616


class Loopback:
    """Writes pictures of `size` px in this format (four letters) into the device, over and over, until it is closed."""

    def __init__(self, path: Path, form: str, size: tuple[int, int], fps: float, pictures: Sequence[bytes]) -> None:
        self._handle = os.open(path, os.O_RDWR)
        longest = max(len(picture) for picture in pictures)
        pixels = struct.pack("<2I4s9I", *size, form.encode(), 1, 0, longest, 8, 0, 0, 0, 0, 0)
        fcntl.ioctl(self._handle, _S_FMT, struct.pack("<I4x", _OUTPUT) + pixels + bytes(200 - len(pixels)))
        rate = struct.pack("<5I", _OUTPUT, 0, 0, 10, round(10 * fps))
        fcntl.ioctl(self._handle, _S_PARM, rate + bytes(204 - len(rate)))
        self.silent = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._write, args=(fps, pictures), daemon=True)
        self._thread.start()

    def _write(self, fps: float, pictures: Sequence[bytes]) -> None:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while not self._over:
                at = int((time.monotonic() - began) * fps)  # by the clock: slow or not, the film goes on
                if not self.silent.is_set():
                    os.write(self._handle, pictures[at % len(pictures)])
                time.sleep(max(0.0, began + (at + 1) / fps - time.monotonic()))

    def close(self) -> None:
        self._over = True
        self._thread.join()
        os.close(self._handle)
