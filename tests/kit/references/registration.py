"""What the kernels of `spotting.registration` compute, plainly: what they are held to."""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map
from livespot.spotting.registration.warping import STEP


def normal_equations_reference(a: Map, b: Map, ok: NDArray[np.bool_]) -> Map:
    """normal_equations in plain NumPy."""
    ax, ay, bx, by = (np.zeros(a.shape, np.float32) for _ in range(4))
    for picture, x, y in ((a, ax, ay), (b, bx, by)):
        x[:, 1:-1] = 0.5 * (picture[:, 2:] - picture[:, :-2])
        y[1:-1] = 0.5 * (picture[2:] - picture[:-2])
    gx, gy, t = 0.5 * (ax + bx), 0.5 * (ay + by), b - a
    agree = np.maximum(0.0, 2.0 * (ax * bx + ay * by)) / (ax * ax + ay * ay + bx * bx + by * by + 1e-3)
    weight = agree * agree * ok
    products = np.stack([gx * gx, gx * gy, gy * gy, gx * t, gy * t, t * t], axis=-1) * weight[..., None]
    rows, columns = -(-a.shape[0] // STEP), -(-a.shape[1] // STEP)
    padded = np.zeros((rows * STEP, columns * STEP, 6), np.float32)
    padded[: a.shape[0], : a.shape[1]] = products
    return np.asarray(padded.reshape(rows, STEP, columns, STEP, 6).mean(axis=(1, 3)), np.float32)
