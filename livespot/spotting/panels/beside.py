"""A reference beside the camera's view: panel A is known, panel B is looked for in the rest of the picture.

In: one picture, its left part the reference. Out: a Registration as of a page with both panels, or a NotFound.
"""

from dataclasses import dataclass, replace

import numpy as np

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.spotting.panels import extent as panels
from livespot.spotting.panels.detect import WORST, NotFound, Search, unseen
from livespot.spotting.registration import features as matching
from livespot.spotting.registration import homography
from livespot.spotting.registration.agreement import agrees
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.vision import FeatureDetector

MISSING = "the other picture is not in view: show it to the camera"
MOST = 2500  # features of each
TURN = 180.0  # degrees: nothing says which way up the camera sees it


@dataclass(frozen=True)
class Reference:
    """aspect: width over height of the reference, which stands at the left of every frame, as high as the frame.

    whole: all of it is the picture; else it is a view of it, whose extent has to be found.
    """

    aspect: float
    whole: bool = True

    def halves(self, shape: tuple[int, ...]) -> tuple[Quad, Quad]:
        """The reference and the camera's view in a frame of this shape, px."""
        height, split = shape[0], max(1, round(self.aspect * shape[0]))
        right = geometry.rectangle(max(1, shape[1] - split), height) + np.array([split, 0.0])
        return geometry.rectangle(split, height), right


def features_of_view(image: Image, reference: Reference, detect: FeatureDetector) -> matching.Features:
    """The features of the camera's view alone, in px of the whole frame."""
    split = int(reference.halves(image.shape)[1][0, 0])
    seen = detect(np.ascontiguousarray(image[:, split:]), MOST)
    shift = np.array([split, 0], seen.points.dtype)
    return replace(seen, points=seen.points + shift, image_size=(image.shape[1], image.shape[0]))


def search_beside(image: Image, reference: Reference, search: Search) -> Registration | NotFound:
    """Panel A, the reference or what it shows, and panel B in the camera's view."""
    trail, vision = search.trail, search.vision
    left, right = reference.halves(image.shape)
    if why := unseen(image[:, int(right[0, 0]) :]):
        return NotFound(why)
    seen = vision.features(np.ascontiguousarray(image[:, : int(right[0, 0])]), MOST)
    trail.matches = matching.cross_matches(seen, features_of_view(image, reference, vision.features), turn=TURN)
    trail.pairing = found = homography.pair_across(trail.matches, (image.shape[1], image.shape[0]), TURN)
    if found is None:
        return NotFound(MISSING)
    trail.extent = extent = None if reference.whole else panels.find_extent(image, image, found)
    registered = search.registered(image, image, found, left if extent is None else extent.quad, extent)
    apart = registered.residual_px > WORST * float(np.sqrt(registered.size[0] * registered.size[1]))
    if apart or not agrees(registered, image, image):
        return NotFound(MISSING)
    trail.registration = registered
    return registered
