"""The per-pixel kernels, compiled by numba, each beside a readable reference that a test holds it to.

ssim        structural similarity at every pixel
tolerance   how far a pixel lies outside the range of the other picture's neighbourhood
light       light by blocks; wide blurs
lit         the difference map in one pass: light, tolerance, smoothing
lit_rows    its steps, each over a row
levels      a map's noise, and the levels above which it stands out
regions     a map's components
smoothing   wide blurs of small grids in one call
islands     parts of a mask that nothing can join
crops       what regions are measured and told by
measuring   what a candidate is measured by in its window
candidate   all that a candidate is measured by, in one call
telling     what a region's kind is told by, in one call
silhouette  a mask without gaps and holes, and its outline
moves       what a shift explains, and which stand out
shifts      how well two pictures agree when one is shifted
lines       straight lines across a band, what they pass
blocks      means of blocks of pixels
channels    the lowest channel of a pixel
colours     in how many rows of a band a colour is
projections points projected onto an axis at many angles
flat        light and contrast made even, for alignment
alignment   pictures moved by a residual warp; the Lucas-Kanade sums
cubic       a colour picture sampled at any places
gradients   how far two pictures' gradients agree
evidence    one more sample taken into what is known
"""

from __future__ import annotations

from livespot.spotting.kernels.bands import in_bands
from livespot.spotting.kernels.ssim import Window, ssim_map, ssim_map_reference
from livespot.spotting.kernels.tolerance import tolerant_difference, tolerant_difference_reference
from livespot.spotting.kernels.warming import warm_up

__all__ = [
    "Window", "in_bands", "ssim_map", "ssim_map_reference", "tolerant_difference", "tolerant_difference_reference",
    "warm_up",
]  # fmt: skip
