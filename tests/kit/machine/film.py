"""The film that cameras in the machine show: a page of the demo, at rest, as JPEG pictures in one file."""

import struct
from collections.abc import Sequence

import cv2

SIZE = (480, 360)  # the smallest in which all of them are found at the first look
DIFFERENCES = 7  # on the page


def pictures(count: int, size: tuple[int, int] = SIZE) -> list[bytes]:
    """Filmed on this side; a real camera's noise and compression, no two alike."""
    from livespot.demo import open_demo

    with open_demo("harbour/desk", size=size, fps=5, seed=1) as webcam:
        return [
            cv2.imencode(".jpg", webcam.image(n), [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes() for n in range(count)
        ]


def in_one(several: Sequence[bytes]) -> bytes:
    """One file of several."""
    return b"".join(struct.pack("<I", len(one)) + one for one in several)


def pictures_in(data: bytes) -> list[bytes]:
    """What `in_one` put together."""
    several = []
    while data:
        end = 4 + struct.unpack("<I", data[:4])[0]
        several.append(data[4:end])
        data = data[end:]
    return several
