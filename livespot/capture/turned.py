"""A source with every picture changed on its way: turned, for a camera mounted on its side, or laid beside another."""

import dataclasses
from collections.abc import Callable

import cv2
import numpy as np

from livespot.capture.newest import Reopenable
from livespot.frame import Frame, Image, Source

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Changed(Source):
    """`source` with its pictures as `change` makes them."""

    def __init__(self, source: Source, change: Callable[[Image], Image]) -> None:
        super().__init__()
        self.name, self.live, self.fps, self.length = source.name, source.live, source.fps, source.length
        self.identity, self.notice = source.identity, source.notice
        self._source = source
        self._change = change

    def read(self) -> Frame | None:
        frame = self._source.read()
        return None if frame is None else dataclasses.replace(frame, image=self._change(frame.image))

    def close(self) -> None:
        self._source.close()

    @property
    def invitation(self) -> str:
        return self._source.invitation

    @property
    def absence(self) -> str:
        return self._source.absence

    @property
    def modes(self) -> tuple[str, str] | None:
        return self._source.modes

    def keep_focus(self, keep: bool) -> bool:
        return self._source.keep_focus(keep)

    @property
    def focus(self) -> str:
        return self._source.focus


class ChangedLive(Changed):
    """The same for a source that can be opened again."""

    def reopen(self) -> Source:
        assert isinstance(self._source, Reopenable)
        return ChangedLive(self._source.reopen(), self._change)


def changed(source: Source, change: Callable[[Image], Image]) -> Source:
    """`source` with its pictures as `change` makes them; it can be opened again if `source` can."""
    return ChangedLive(source, change) if isinstance(source, Reopenable) else Changed(source, change)


def turned(source: Source, degrees: int) -> Source:
    """`source` turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return source
    return changed(source, lambda image: np.asarray(cv2.rotate(image, _TURNS[degrees]), np.uint8))


class Beside:
    """Lays a picture to the left of every other: a reference that the camera's view is compared with.

    picture: (H, W, 3) uint8; None: nothing is laid there. Set from any thread.
    """

    def __init__(self, picture: Image | None = None) -> None:
        self.picture = picture
        self._scaled: tuple[Image, Image] | None = None  # the picture, and the same as high as the others

    def __call__(self, image: Image) -> Image:
        """Both, the reference as high as the image."""
        picture, scaled = self.picture, self._scaled
        if picture is None:
            return image
        if scaled is None or scaled[0] is not picture or scaled[1].shape[0] != image.shape[0]:
            size = (reference_width(picture, image.shape[0]), image.shape[0])
            how = cv2.INTER_AREA if size[1] < picture.shape[0] else cv2.INTER_LINEAR
            scaled = self._scaled = picture, np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
        return np.ascontiguousarray(np.hstack([scaled[1], image]))


def reference_width(picture: Image, height: int) -> int:
    """Width of a reference laid beside pictures of this height, px."""
    tall, wide = picture.shape[:2]
    return max(1, round(float(wide * height / tall)))
