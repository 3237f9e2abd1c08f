"""The pictures that a map is made of, brought into the form that the kernels take."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array


def pair(a: ArrayLike, b: ArrayLike, fixed: bool = False) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both pictures contiguous, writeable (numba compiles read-only arrays apart) and of one type.

    fixed: uint16 stays what it is; else what is not uint8 becomes float32.
    """
    x, y = np.asarray(a), np.asarray(b)
    if x.shape != y.shape:
        raise ValueError(f"pictures of one size are compared, not {x.shape} and {y.shape}: resize one of them")
    if x.ndim not in (2, 3) or x.size == 0:
        raise ValueError(f"a picture is (h, w) or (h, w, c) and not empty, not {x.shape}")
    kept = (np.uint8, np.uint16) if fixed else (np.uint8,)
    kind: Any = next((t for t in kept if x.dtype == t and y.dtype == t), np.float32)
    return as_kernel_array(x, kind), as_kernel_array(y, kind)


def planes(picture: NDArray[Any]) -> list[NDArray[Any]]:
    """The channels of (h, w, c), each (h, w)."""
    return [np.asarray(plane) for plane in cv2.split(picture)]


def output(out: Map | None, height: int, width: int) -> Map:
    """`out` when it fits, else ValueError; a new one for None."""
    if out is None:
        return np.empty((height, width), np.float32)
    if out.shape != (height, width) or out.dtype != np.float32 or not out.flags.c_contiguous:
        raise ValueError(f"out must be contiguous float32 {(height, width)}, not {out.dtype} {out.shape}")
    return out
