"""`annotate`: a result drawn on the picture, or on the two pictures, it was found in."""

import numpy as np
from numpy.typing import ArrayLike

from livespot.annotate import boxes
from livespot.frame import Image
from livespot.pictures import as_picture
from livespot.spotting.results import FrameResult


def annotate(image: ArrayLike, result: FrameResult, other: ArrayLike | None = None) -> Image:
    """Draw the boxes of `result` on a copy of the picture.

    Parameters
    ----------
    image : array of shape (H, W), (H, W, 3) or (H, W, 4)
        The page, the camera's frame, or picture A; see find_differences.
    result : FrameResult
        What find_differences or a Spotter gave for it.
    other : array, optional
        Picture B, when the result is of two pictures: they are drawn side by side.

    Returns
    -------
    array of shape (H', W', 3), uint8
        BGR, of the page's size; of two pictures as wide as both and a gap.

    Raises
    ------
    PictureError
        for an array that is not a picture.

    Examples
    --------
    >>> import livespot
    >>> from livespot.demo import page_picture
    >>> page = page_picture(seed=1).image
    >>> drawn = livespot.annotate(page, livespot.find_differences(page))
    >>> drawn.shape == page.shape, bool((drawn != page).any())
    (True, True)
    """
    picture = as_picture(image, "image")
    if other is None:
        return boxes.draw(picture.copy(), result)
    pictures = (picture, as_picture(other, "picture B"))
    drawn = [boxes.draw(p.copy(), result, panels=(which,)) for p, which in zip(pictures, "ab", strict=True)]
    height = max(p.shape[0] for p in drawn)
    gap = max(8, height // 50)
    sheet = np.full((height, drawn[0].shape[1] + gap + drawn[1].shape[1], 3), 255, np.uint8)
    sheet[: drawn[0].shape[0], : drawn[0].shape[1]] = drawn[0]
    sheet[: drawn[1].shape[0], -drawn[1].shape[1] :] = drawn[1]
    return sheet
