"""The phone as a Source: its live pictures, or the photograph it sent last.

It is never opened again: the page that was opened comes back by itself when the link does, so the server stays.
"""

from __future__ import annotations

import io
import time

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from livespot.capture.base import Live, check_size
from livespot.capture.phone.server import PhoneServer
from livespot.errors import SourceError
from livespot.frame import Frame, Image
from livespot.settings import Settings

_LARGEST = (4096, 4096)  # px; a photograph beyond is made smaller
_MOST_PIXELS = 64_000_000  # a phone's largest photographs have 50 million
_STILL_INTERVAL = 0.25  # s between repetitions of a photograph
_POLL = 0.1  # s until a reader looks whether it is to stop


class PhoneSource(Live):
    """Frames from one phone's browser. Raises SourceError when the page cannot be served.

    A photograph is repeated, as a still picture in front of a camera would be, until something newer comes.
    """

    name = "phone"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.fps = settings.fps
        self.server = PhoneServer(settings)
        self.notice = f"scan the code with the phone, or open {self.server.url} on it (in the same network)"
        self._photograph: Image | None = None

    @property
    def invitation(self) -> str:
        """The address that a phone has to open, while none does; else ""."""
        return "" if self.server.in_use or self._photograph is not None else self.server.url

    @property
    def absence(self) -> str:
        return "no picture from the phone: wake it up, or scan the code" if self._index else "waiting for the phone"

    def tell(self, text: str) -> None:
        """Send a text to the phone's page."""
        self.server.tell(text)

    def _next(self) -> Frame | None:
        since = time.monotonic()
        while not self._closing:
            arrival = self.server.newest(_POLL)
            if arrival is not None:
                try:
                    image = decode(arrival.data)
                except SourceError:
                    self.server.refuse()
                    continue
                self._photograph = image if arrival.still else None
                return self._frame(image, captured=arrival.captured)
            if self._photograph is not None and time.monotonic() - since >= _STILL_INTERVAL:
                return self._frame(self._photograph)
        return None

    def _release(self) -> None:
        self.server.close()


def decode(data: bytes) -> Image:
    """A JPEG from outside as an upright picture, (H, W, 3) uint8 BGR. Raises SourceError for anything else.

    By Pillow: it knows the size before it makes room for the pixels, and what is damaged it does not print.
    """
    try:
        with Pillow.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            check_size(*picture.size, "what the phone sent")
            if picture.width * picture.height > _MOST_PIXELS:
                raise SourceError("what the phone sent has too many pixels")
            picture.draft("RGB", _LARGEST)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail(_LARGEST)
        return np.asarray(cv2.cvtColor(np.asarray(upright), cv2.COLOR_RGB2BGR), np.uint8)
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise SourceError(f"what the phone sent is not a picture: {error}") from None
