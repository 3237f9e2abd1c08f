"""An address as a QR code: for the window a matrix, for the terminal lines of text."""

from __future__ import annotations

import cv2
import numpy as np

from livespot.frame import Image

QUIET = 4  # modules of white around the code, as the standard (ISO/IEC 18004) asks


def modules(text: str) -> Image:
    """`text` as a QR code, (N, N) uint8, one pixel a module, 0 or 255, with its white border."""
    code = np.asarray(cv2.QRCodeEncoder.create().encode(text))
    tight = code[np.ix_((code == 0).any(axis=1), (code == 0).any(axis=0))]
    return np.pad(tight, QUIET, constant_values=255)


def in_text(text: str) -> str:
    """`text` as a QR code for a terminal: two rows of modules a line, white on the terminal's own colours reversed."""
    dark = modules(text)[2:-2, 2:-2] == 0
    dark = np.pad(dark, ((0, len(dark) % 2), (0, 0)))
    marks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    lines = (
        "".join(marks[bool(a), bool(b)] for a, b in zip(*pair, strict=True))
        for pair in zip(dark[::2], dark[1::2], strict=True)
    )
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in lines)
