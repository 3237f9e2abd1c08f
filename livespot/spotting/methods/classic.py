"""The published pipeline, "A difference spotter algorithm", on the compiled kernels: `--method classic`.

In: two aligned panels. Out: a Comparison. Blur by 2 % of the width; SSIM or absolute difference for each channel, the
largest over the channels, normalised; threshold at the 95 % quantile; open 3x3 three times, dilate 5x5 twice;
components, those longer than half a side dropped, the 15 largest kept. Its threshold is relative: where the panels
are the same but for noise it still finds boxes. `bench.classic` is the same with scikit-image, for comparison.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box
from livespot.settings import ClassicSettings, Settings
from livespot.spotting.classify.decision import Decision, Stage
from livespot.spotting.classify.kind import kind_of
from livespot.spotting.difference._ssim import ssim_map
from livespot.spotting.difference.comparison import Region
from livespot.spotting.difference.tolerant_map import tolerant_difference
from livespot.spotting.methods.comparison import AlignedPanels, Comparison
from livespot.spotting.photometry.gain import GainCorrectedPair

BINS = 4096  # of the histogram that narrows the quantile down


def compare_classic(panels: AlignedPanels, settings: Settings) -> Comparison:
    """Compare two aligned panels; their error is not asked for, nor what was known before.

    The pipeline knows no confidence: 0.5 to 1 by how strong a region is beside the strongest pixel. The sensitivity
    scales the share of pixels above the quantile.
    """
    a, b = panels.a, panels.b
    map_, level = map_and_level(a, b, panels.seen, settings)
    top = float(map_.max())
    levels = np.full((1, 1), level if level > 0.0 else max(top, 1e-6), np.float32)
    regions: list[Region] = []
    decisions: list[Decision] = []
    lit, most = GainCorrectedPair(a, b), settings.classic.boxes
    for i, part in enumerate(parts_of(binaries(map_, level)[1]) if top > 0.0 else ()):
        if part.long or len(regions) == most:
            decisions.append(Decision(part.box, part.mask, Stage.LENGTH if part.long else Stage.RANK, asked=most))
            continue
        x, y, w, h = part.box
        strength = float(map_[y : y + h, x : x + w][part.mask].mean()) / top
        decisions.append(Decision(part.box, part.mask, asked=most))
        regions.append(Region(part.box, part.mask, kind_of(lit, part.box, part.mask), 0.5 + 0.5 * strength, (i,)))
    blur = settings.classic.blur
    return Comparison(
        tuple(regions), map_, levels, max(map_.shape), levels, tuple(decisions),
        lambda: (blurred(a, blur), blurred(b, blur)),
    )  # fmt: skip


def map_and_level(a: Image, b: Image, seen: NDArray[np.bool_], settings: Settings) -> tuple[NDArray[np.float32], float]:
    """The difference map (h, w), 0 where not seen, and the level above which a pixel counts."""
    map_ = difference_map(a, b, settings.classic, settings.threads)
    map_[~seen] = 0.0
    share = min((1.0 - settings.classic.quantile) * settings.sensitivity, 0.5)
    return map_, quantile_of(map_, 1.0 - share)


def difference_map(a: Image, b: Image, settings: ClassicSettings, threads: int) -> NDArray[np.float32]:
    """How much the blurred panels differ, (h, w) float32: 1 - SSIM, or grey levels; the largest over the channels."""
    a, b = blurred(a, settings.blur), blurred(b, settings.blur)
    if settings.map == "absdiff":
        return tolerant_difference(a, b, 0.0, threads=threads)
    similarity = ssim_map(a, b, "box7", threads=threads, lowest=True)
    return np.asarray(np.subtract(np.float32(1), similarity, out=similarity), np.float32)


def blurred(picture: Image, share: float) -> Image:
    """Gaussian blur with a kernel of `share` of the width, odd; nothing below 3 px."""
    size = int(share * picture.shape[1]) | 1
    return np.asarray(cv2.GaussianBlur(picture, (size, size), 0), np.uint8) if size >= 3 else picture


def quantile_of(values: NDArray[np.float32], share: float) -> float:
    """The value that `share` of all values do not exceed, exactly, in two passes: a histogram, then its one bin."""
    top = float(values.max())
    if top <= 0:
        return 0.0
    rank = min(int(share * (values.size - 1)), values.size - 1)
    counts = cv2.calcHist([values], [0], None, [BINS], [0.0, float(np.nextafter(np.float32(top), np.float32(np.inf)))])
    below = np.concatenate([[0.0], np.cumsum(counts.ravel())])
    bin_ = int(np.searchsorted(below, rank, side="right")) - 1
    # a bin to each side, as the histogram rounds its borders
    low, high = np.float32((bin_ - 1) * top / BINS), np.float32((bin_ + 2) * top / BINS)
    above = values[values >= low]
    inside = above[above <= high]
    place = rank - (values.size - above.size)
    return float(np.partition(inside, place)[place])


def binaries(map_: NDArray[np.float32], level: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What lies above `level`, before and after morphology; (h, w) uint8, 0 or 1."""
    raw = np.asarray(cv2.threshold(map_, level, 1.0, cv2.THRESH_BINARY)[1], np.float32).astype(np.uint8)
    opened = cv2.morphologyEx(raw, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8), iterations=3)
    return raw, np.asarray(cv2.dilate(opened, np.ones((5, 5), np.uint8), iterations=2), np.uint8)


@dataclass(frozen=True, eq=False)
class Part:
    """A component. mask: (height, width) bool in its box. long: longer than half a side of the panel."""

    box: Box
    mask: NDArray[np.bool_]
    long: bool


def parts_of(binary: NDArray[np.uint8]) -> list[Part]:
    """The components of a binary image, the largest first; each is labelled in its own box alone."""
    height, width = binary.shape
    outlines, tree = cv2.findContours(binary, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = []
    for i, outline in enumerate(outlines):
        if tree[0, i, 3] >= 0:
            continue  # the outline of a hole
        x, y, w, h = (int(v) for v in cv2.boundingRect(outline))
        column, row = (int(v) for v in outline[0, 0])
        _, label = cv2.connectedComponents(np.ascontiguousarray(binary[y : y + h, x : x + w]), connectivity=8)
        mask = label == label[row - y, column - x]
        found.append(Part((x, y, w, h), mask, w > width / 2 or h > height / 2))
    return sorted(found, key=lambda part: -int(np.count_nonzero(part.mask)))
