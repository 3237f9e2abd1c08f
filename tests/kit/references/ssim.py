"""What `difference._ssim` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.spotting.difference._ssim import BOX_COVARIANCE, C1, C2, Window


def ssim_map_reference(a: ArrayLike, b: ArrayLike, window: Window = "box7") -> NDArray[np.float64]:
    """ssim_map in plain SciPy, float64: (h, w) or (h, w, c)."""
    from scipy import ndimage

    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if x.ndim == 3:
        return np.stack([ssim_map_reference(x[..., c], y[..., c], window) for c in range(x.shape[2])], axis=-1)

    def mean(picture: NDArray[np.float64]) -> NDArray[np.float64]:
        if window == "gaussian11":
            return np.asarray(ndimage.gaussian_filter(picture, 1.5, truncate=3.5, mode="reflect"))
        return np.asarray(ndimage.uniform_filter(picture, 7, mode="reflect"))

    scale = 1.0 if window == "gaussian11" else BOX_COVARIANCE
    ux, uy = mean(x), mean(y)
    vx, vy, vxy = (scale * (mean(p) - q) for p, q in ((x * x, ux * ux), (y * y, uy * uy), (x * y, ux * uy)))
    return np.asarray(((2 * ux * uy + C1) * (2 * vxy + C2)) / ((ux**2 + uy**2 + C1) * (vx + vy + C2)))
