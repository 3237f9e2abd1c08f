"""A soft reflection over one panel is laid over the other one too, and takes no difference for a reflection."""

import cv2
import numpy as np
import pytest

from livespot.demo import make_puzzle
from livespot.frame import Image
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind
from livespot.spotting.visibility.veil import ReflectionMatchedPair, evened


def coded(light: np.ndarray) -> Image:
    return np.asarray(np.clip(light, 0, 1) ** (1 / 2.2) * 255 + 0.5, np.uint8)


def under_a_lamp(picture: Image, strength: float, at: tuple[float, float] = (0.5, 0.5), size: float = 0.15) -> Image:
    """Light added as a scene adds it: before the camera codes it."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    off = ((x / width - at[0]) ** 2 + (y / height - at[1]) ** 2) / (2 * size * size)
    return coded((picture / 255.0) ** 2.2 * 0.8 + strength * np.exp(-off)[..., None])


@pytest.fixture(scope="module")
def pair() -> tuple[Image, Image]:
    puzzle = make_puzzle("village", seed=3, differences=6)
    a, b = (cv2.resize(v, (640, 480), interpolation=cv2.INTER_AREA) for v in (puzzle.a, puzzle.b))
    return coded((a / 255.0) ** 2.2 * 0.8), coded((b / 255.0) ** 2.2 * 0.8)


def off(one: Image, two: Image, where: np.ndarray) -> float:
    return float(np.abs(one.astype(np.float32) - two).max(axis=2)[where].mean())


def test_panels_without_a_reflection_are_left_as_they_are(pair: tuple[Image, Image]) -> None:
    seen = np.ones(pair[0].shape[:2], np.bool_)
    even = evened(*pair, seen)
    assert even.a is pair[0]
    assert even.b is pair[1]
    assert even.share is None
    assert even.seen.all()


def test_a_reflection_is_laid_over_the_clear_panel(pair: tuple[Image, Image]) -> None:
    a = pair[0]
    hazy = under_a_lamp(np.asarray(((a / 255.0) ** 2.2 / 0.8) ** (1 / 2.2) * 255, np.uint8), 0.3)
    seen = np.ones(a.shape[:2], np.bool_)
    even = evened(hazy, a, seen)
    middle = np.zeros_like(seen)
    middle[190:290, 250:390] = True
    assert even.share is not None
    assert even.a is hazy
    compared = middle & even.seen
    assert compared.any()
    assert off(even.a, even.b, compared) < 0.4 * off(hazy, a, compared)


def test_exchanging_the_panels_exchanges_the_result(pair: tuple[Image, Image]) -> None:
    hazy = under_a_lamp(pair[0], 0.3)
    seen = np.ones(hazy.shape[:2], np.bool_)
    one, two = evened(hazy, pair[1], seen), evened(pair[1], hazy, seen)
    assert (one.a == two.b).all()
    assert (one.b == two.a).all()
    assert (one.seen == two.seen).all()


def test_a_recoloured_thing_is_no_reflection(pair: tuple[Image, Image]) -> None:
    a = pair[0]
    lighter = a.copy()
    thing = np.s_[200:260, 300:380]
    lighter[thing] = lighter[thing] * 0.5 + 110
    even = evened(lighter, a, np.ones(a.shape[:2], np.bool_))
    assert off(even.a, even.b, thing) > 0.8 * off(lighter, a, thing) > 10


def test_what_lies_under_a_reflection_is_less_sure() -> None:
    picture = np.zeros((60, 60, 3), np.uint8)
    share = np.zeros((20, 20), np.float32)
    share[:, :10] = 1.0
    mask = np.ones((6, 6), np.bool_)
    under, beside = (Region((x, 20, 6, 6), mask, Kind.CHANGED, 0.8) for x in (6, 48))
    even = ReflectionMatchedPair(picture, picture, np.ones((60, 60), np.bool_), share)
    first, second = even.doubted((under, beside))
    assert first.box == beside.box
    assert first.confidence == pytest.approx(0.8)
    assert second.confidence < 0.6
