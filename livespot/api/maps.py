"""The difference maps by themselves, for two pictures of one size that lie on each other already."""

from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.pictures import PictureError, as_levels
from livespot.spotting.difference import _ssim, tolerant_map

Map = NDArray[np.float32]


def ssim_map(a: ArrayLike, b: ArrayLike, window: Literal["box7", "gaussian11"] = "box7", *, threads: int = 1) -> Map:
    """Structural similarity at every pixel.

    Parameters
    ----------
    a, b : arrays of one shape, (H, W), (H, W, 3) or (H, W, 4)
        Grey, BGR or BGRA (laid on white), of uint8, uint16, bool or floats from 0 to 1.
    window : {"box7", "gaussian11"}
        A box of 7 x 7 px with the sample covariance, or a Gaussian of sigma 1.5 px as in the paper.
    threads : int
        Bands of rows that are worked on at once.

    Returns
    -------
    array of shape (H, W), float32
        From -1 to 1; 1 where both are alike; the lowest over the channels. Within 5e-5 of scikit-image.

    Raises
    ------
    PictureError
        for what is not a picture, or two of different shapes.

    References
    ----------
    Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE
    Transactions on Image Processing, 2004, doi:10.1109/TIP.2003.819861.

    Examples
    --------
    >>> import numpy as np, livespot
    >>> a = np.full((64, 64), 100, np.uint8)
    >>> b = a.copy(); b[20:30, 20:30] = 200
    >>> similarity = livespot.ssim_map(a, b)
    >>> float(similarity[0, 0]), bool(similarity[25, 25] < 0.9)
    (1.0, True)
    """
    first, second = _two(a, b)
    return _ssim.ssim_map(first, second, window, threads=threads, lowest=True)


def tolerant_difference(a: ArrayLike, b: ArrayLike, radius: float | Map = 1.0, *, threads: int = 1) -> Map:
    """How far each pixel lies outside the range of the other picture's neighbourhood.

    What is only shifted by up to `radius` is no difference. Symmetric in a and b.

    Parameters
    ----------
    a, b : arrays of one shape
        As for ssim_map.
    radius : float or array of shape (H, W)
        0 to 2 px, for instance the registration's error.
    threads : int
        Bands of rows that are worked on at once.

    Returns
    -------
    array of shape (H, W), float32
        Grey levels, 0 to 255; the largest over both directions and the channels.

    Raises
    ------
    PictureError
        for what is not a picture, two of different shapes, or a radius map of another one.

    Examples
    --------
    >>> import numpy as np, livespot
    >>> a = np.zeros((64, 64), np.uint8); a[:, 32:] = 200
    >>> shifted = np.roll(a, 1, axis=1); shifted[:, 0] = 0
    >>> float(livespot.tolerant_difference(a, shifted).max()), float(livespot.absdiff_map(a, shifted).max())
    (0.0, 200.0)
    """
    first, second = _two(a, b)
    if isinstance(radius, np.ndarray) and radius.shape != first.shape[:2]:
        raise PictureError(f"radius: expected a number or shape {first.shape[:2]}, got {radius.shape}: resize it")
    return tolerant_map.tolerant_difference(first, second, radius, threads=threads)


def absdiff_map(a: ArrayLike, b: ArrayLike) -> Map:
    """The absolute difference of every pixel, the largest over the channels.

    Parameters
    ----------
    a, b : arrays of one shape
        As for ssim_map.

    Returns
    -------
    array of shape (H, W), float32
        Grey levels, 0 to 255.

    Raises
    ------
    PictureError
        for what is not a picture, or two of different shapes.

    Examples
    --------
    >>> import numpy as np, livespot
    >>> livespot.absdiff_map(np.zeros((1, 3)), np.array([[0.0, 0.5, 1.0]]))
    array([[  0. , 127.5, 255. ]], dtype=float32)
    """
    first, second = _two(a, b)
    apart = np.asarray(cv2.absdiff(first, second), np.float32)
    return apart if apart.ndim == 2 else np.asarray(apart.max(axis=2), np.float32)


def _two(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    first, second = as_levels(a, "a"), as_levels(b, "b")
    if first.shape != second.shape:
        raise PictureError(f"a and b: expected one shape, got {first.shape} and {second.shape}: bring them to one size")
    if first.dtype != second.dtype:
        first, second = first.astype(np.float32), second.astype(np.float32)
    return first, second
