"""What becomes a picture, and how a source closes while it is being read."""

import threading
from typing import Any

import numpy as np
import pytest

from livespot.capture.base import as_bgr, check_size
from livespot.errors import SourceError
from livespot.frame import Frame, Source


@pytest.mark.parametrize(
    ("picture", "pixel"),
    [
        (np.full((2, 3), 7, np.uint8), (7, 7, 7)),
        (np.full((2, 3, 1), 7, np.uint8), (7, 7, 7)),
        (np.full((2, 3), 257 * 9, np.uint16), (9, 9, 9)),
        (np.full((2, 3, 3), (1, 2, 3), np.uint8), (1, 2, 3)),
        (np.full((2, 3, 4), (1, 2, 3, 255), np.uint8), (1, 2, 3)),
        (np.full((2, 3, 4), (1, 2, 3, 0), np.uint8), (255, 255, 255)),
        (np.full((2, 3, 4), (0, 0, 0, 51), np.uint8), (204, 204, 204)),
        (np.full((2, 3, 2), (9, 255), np.uint8), (9, 9, 9)),
        (np.full((2, 3, 3), (0.0, 0.5, 2.0), np.float32), (0, 128, 255)),
        (np.full((2, 3), True), (255, 255, 255)),
    ],
    ids=["grey", "grey-1", "16-bit", "bgr", "opaque", "clear", "half", "grey-alpha", "float", "bool"],
)
def test_as_bgr(picture: Any, pixel: tuple[int, int, int]) -> None:
    image = as_bgr(picture)
    assert image.shape == (2, 3, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert tuple(image[1, 2]) == pixel


@pytest.mark.parametrize(
    "picture",
    [None, np.zeros((0, 0, 3), np.uint8), np.zeros((2, 3, 5), np.uint8), np.zeros((4,), np.uint8), np.array(["a"])],
    ids=["none", "empty", "five-channels", "a-line", "words"],
)
def test_no_picture(picture: Any) -> None:
    with pytest.raises(ValueError, match="a picture of"):
        as_bgr(picture)


@pytest.mark.parametrize(
    ("size", "says"), [((30, 400), "too small"), ((20000, 400), "make it smaller")], ids=["small", "large"]
)
def test_sizes_refused(size: tuple[int, int], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        check_size(*size, "page.png")


class _Blocking(Source):
    def __init__(self) -> None:
        super().__init__()
        self.reading, self.go = threading.Event(), threading.Event()
        self.released_by: list[str] = []

    def _next(self) -> Frame | None:
        self.reading.set()
        assert self.go.wait(10)
        return None

    def _release(self) -> None:
        self.released_by.append(threading.current_thread().name)


def test_close_during_a_read_leaves_the_release_to_the_reader() -> None:
    source = _Blocking()
    reader = threading.Thread(target=source.read, name="reader")
    reader.start()
    assert source.reading.wait(10)
    source.close()
    assert source.released_by == []
    source.go.set()
    reader.join(10)
    assert source.released_by == ["reader"]
    source.close()
    assert source.released_by == ["reader"]
    assert source.read() is None
