"""The pictures other programs hand over, taken for what they are, or refused in one line that says what to do.

In: any array. Out: (H, W, 3) uint8 BGR, or grey levels 0 to 255 in the precision they came in.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.capture.base import SMALLEST, as_bgr
from livespot.errors import LivespotError
from livespot.frame import Image

EXPECTED = "expected an array of shape (H, W), (H, W, 3) or (H, W, 4), of uint8, uint16, bool or floats from 0 to 1"


class PictureError(LivespotError, ValueError):
    """An array that is not a picture: what was expected, what came, and what to do."""


def as_picture(array: ArrayLike, name: str) -> Image:
    """`array` as (H, W, 3) uint8 BGR: grey in three channels, 16 bits and floats as 8, alpha laid on white.

    name: what the array is called in the message. Raises PictureError.
    """
    picture = as_bgr(_checked(array, name))
    if min(picture.shape[:2]) < SMALLEST:
        height, width = picture.shape[:2]
        raise PictureError(
            f"{name}: expected {SMALLEST} px a side at least, got {width} x {height}: hand over a larger picture"
        )
    return picture


def as_levels(array: ArrayLike, name: str) -> NDArray[Any]:
    """`array` as grey levels 0 to 255, (H, W) or (H, W, 3): uint8 as it is, else float32. Raises PictureError."""
    levels = _checked(array, name)
    if levels.ndim == 3 and levels.shape[2] in (2, 4):
        levels = as_bgr(levels)
    if levels.ndim == 3 and levels.shape[2] == 1:
        levels = levels[:, :, 0]
    if levels.dtype == np.uint8:
        return levels
    scale = {"u": 255 / 65535, "f": 255.0, "b": 255.0}[levels.dtype.kind]
    return np.asarray(levels.astype(np.float32) * np.float32(scale), np.float32)


def _checked(array: ArrayLike, name: str) -> NDArray[Any]:
    if isinstance(array, str | bytes) or hasattr(array, "__fspath__"):
        raise PictureError(f"{name}: {EXPECTED}, got a file's name: read it first, cv2.imread({str(array)!r})")
    if array is None:
        raise PictureError(f"{name}: {EXPECTED}, got None: cv2.imread gives None for a file it cannot read")
    picture = np.asarray(array)
    got = f"{name}: {EXPECTED}, got shape {picture.shape} of {picture.dtype}"
    if picture.ndim == 3 and picture.shape[0] in (1, 3, 4) and picture.shape[2] not in (1, 2, 3, 4):
        raise PictureError(f"{got}: the channels come last, array.transpose(1, 2, 0)")
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (1, 2, 3, 4)) or picture.size == 0:
        raise PictureError(f"{got}: hand over one picture at a time")
    if picture.dtype.kind == "f":
        low, high = float(picture.min()), float(picture.max())
        if not (low >= 0.0 and high <= 1.0):
            raise PictureError(f"{got}, from {low:g} to {high:g}: divide by its white, or use array.astype(np.uint8)")
    elif picture.dtype not in (np.uint8, np.uint16, np.bool_):
        raise PictureError(f"{got}: use array.astype(np.uint8) when its values go from 0 to 255")
    return picture
