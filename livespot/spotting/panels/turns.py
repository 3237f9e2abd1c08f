"""B that is a mirror image of A, or turned against it by a quarter or a half: how it is brought upright, and found.

In: pictures and their features. Out: the turns that many features speak for, each with its matches. Only tried where
the usual search finds nothing.
"""

from dataclasses import dataclass

import numpy as np

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography
from livespot.spotting.registration.features import Features, Matches, matches_by_quarter
from livespot.spotting.vision import FeatureDetector

MOST = 2500  # features of a picture
LIKELY = 0.95  # of the matches of the likeliest turn


@dataclass(frozen=True)
class Turn:
    """What brings B upright: mirrored back, left to right, then turned by so many quarters to the left."""

    mirrored: bool
    quarters: int

    def of(self, image: Image) -> Image:
        """The picture (H, W, 3) brought upright."""
        return np.ascontiguousarray(np.rot90(image[:, ::-1] if self.mirrored else image, self.quarters))

    def back(self, shape: tuple[int, ...]) -> Homography:
        """Px of the picture brought upright -> px of the one of this (height, width) that it was made of."""
        width, height = shape[1] - 1.0, shape[0] - 1.0
        corners = geometry.rectangle(width, height)
        upright = corners if self.quarters % 2 == 0 else geometry.rectangle(height, width)
        there = np.roll(corners, -self.quarters, axis=0)
        if self.mirrored:
            there = np.column_stack([width - there[:, 0], there[:, 1]])
        return geometry.between(upright, there)


def turns(one: Features, image: Image, two: Features, detect: FeatureDetector) -> list[tuple[Turn, Matches]]:
    """The likely turns without and with mirroring, the likeliest first, with matches of A and of B brought upright.

    one: of A. image, two: B and its features, as of `detect`. A page is both: as much as speaks for a B that is turned
    to the left speaks for an A that is turned to the right.
    """
    one, two = one.where(np.arange(len(one)) < MOST), two.where(np.arange(len(two)) < MOST)
    found = []
    for mirrored in (True, False):
        seen = detect(Turn(True, 0).of(image), MOST) if mirrored else two
        quarters = matches_by_quarter(one, seen)
        tried = range(0 if mirrored else 1, 4)
        most = max(len(quarters[k]) for k in tried)
        found += [(Turn(mirrored, k), quarters[k]) for k in tried if len(quarters[k]) >= LIKELY * most]
    return sorted(found, key=lambda each: -len(each[1]))
