"""What `kernels.crops` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np

from livespot.spotting.classify.kind_crop import correlation
from livespot.spotting.kernels.crops import AROUND, BESIDE, INSIDE, NEAR, RING, Mask, RegionNumbers
from livespot.spotting.kernels.runtime import Map


def region_numbers_reference(
    a: Map, b: Map, grey_a: Map, grey_b: Map, difference: Map, high: Map, labels: Mask, white: float
) -> RegionNumbers:
    """What `region_numbers` puts into its last argument, named.

    a, b: (h, w, 3), the others (h, w) float32, of one crop. labels: (h, w) uint8 of INSIDE, NEAR (which holds INSIDE),
    RING (not near, not another candidate's), BESIDE (the ring's inner edge) and AROUND (which holds them all). white:
    grey level of the darkest channel from which a pixel is nearly white.
    """
    mask, near, ring, beside = ((labels & bit) > 0 for bit in (INSIDE, NEAR, RING, BESIDE))
    around = (labels & AROUND) > 0
    ratio = difference / high
    signed = (a - b)[mask]
    lightest = np.maximum(a[mask].min(axis=1), b[mask].min(axis=1))

    def energy(grey: Map) -> float:
        x = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125)
        y = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125)
        return float((x * x + y * y)[near].mean())

    return RegionNumbers(
        float(ratio[mask].mean()),
        float(ratio[ring].mean()) if ring.any() else 0.0,
        float(np.median(ratio[mask])),
        float(np.median(ratio[beside])) if beside.any() else -1.0,
        float(difference[mask].mean()),
        energy(grey_a),
        energy(grey_b),
        float((lightest > white).mean()),
        tuple(float(v) for v in signed.mean(axis=0)),  # type: ignore[arg-type]
        tuple(float(v) for v in np.abs(signed).mean(axis=0)),  # type: ignore[arg-type]
        correlation(grey_a, grey_b, around.astype(np.uint8), 100.0),
        correlation(grey_a, grey_b, near.astype(np.uint8), 100.0),
    )
