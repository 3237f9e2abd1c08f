"""The similarity is what scikit-image and plain SciPy say, on any picture, on any number of threads."""

import threading

import numpy as np
import pytest
from kit.references.difference import ssim_map_reference
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from livespot.spotting.difference import _ssim as ssim
from livespot.spotting.difference._ssim import Window

Picture = NDArray[np.uint8]
TOLERANCE = 5e-5  # promised; float32 sums of squares give about 3e-5 at worst
WINDOWS: tuple[Window, ...] = ("box7", "gaussian11")


def noise(height: int, width: int, seed: int = 0) -> tuple[Picture, Picture]:
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 256, (height, width))
    return a.astype(np.uint8), np.clip(a + rng.integers(-30, 31, a.shape), 0, 255).astype(np.uint8)


def blocks(seed: int) -> tuple[Picture, Picture]:
    """Flat areas of extreme levels with a whisper of noise: where the sums of squares cancel worst."""
    rng = np.random.default_rng(seed)
    a, b = (rng.choice([0, 1, 127, 128, 254, 255], (9, 11)).repeat(17, 0).repeat(17, 1) for _ in range(2))
    b = np.where(rng.random(a.shape) < 0.5, a, b)
    return a.astype(np.uint8), np.clip(b + rng.integers(-1, 2, b.shape), 0, 255).astype(np.uint8)


def flat(level_a: int, level_b: int) -> tuple[Picture, Picture]:
    return np.full((40, 300), level_a, np.uint8), np.full((40, 300), level_b, np.uint8)


def photograph() -> tuple[Picture, Picture]:
    from skimage import data

    a = np.asarray(data.camera(), np.uint8)  # type: ignore[no-untyped-call]
    b = a.copy()
    b[100:140, 200:260] = 255 - b[100:140, 200:260]
    return a, np.roll(b, 1, axis=1)


PAIRS = {
    "odd": noise(37, 53),
    "one block wide": noise(64, 256, 1),
    "just over a strip": noise(33, 257, 2),
    "just under a strip": noise(65, 255, 3),
    "smallest": noise(11, 11, 4),
    "tall": noise(700, 12, 5),
    "black and white": flat(0, 255),
    "black": flat(0, 0),
    "white": flat(255, 255),
    "nearly white": flat(255, 254),
    "half": flat(255, 127),
    "blocks": blocks(0),
    "more blocks": blocks(1),
    "photograph": photograph(),
}


def by_scikit_image(a: NDArray[np.generic], b: NDArray[np.generic], window: Window) -> NDArray[np.float64]:
    options = {"gaussian_weights": True, "use_sample_covariance": False} if window == "gaussian11" else {}
    axis = 2 if a.ndim == 3 else None
    _, full = structural_similarity(a, b, full=True, data_range=255, channel_axis=axis, **options)  # type: ignore[no-untyped-call]
    return np.asarray(full, np.float64)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", PAIRS)
def test_similarity_is_that_of_scikit_image(name: str, window: Window) -> None:
    a, b = PAIRS[name]
    expected = by_scikit_image(a, b, window)
    assert np.abs(ssim.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    floats = ssim.ssim_map(a.astype(np.float32), b.astype(np.float32), window)
    assert np.abs(floats - expected).max() <= TOLERANCE
    assert np.abs(ssim_map_reference(a, b, window) - expected).max() <= 1e-9


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 300), (3, 3), (5, 1)], ids=str)
def test_similarity_of_pictures_smaller_than_the_window(size: tuple[int, int], window: Window) -> None:
    """scikit-image refuses these; the mirrored border still has an answer."""
    a, b = noise(*size)
    expected = ssim_map_reference(a, b, window)
    assert np.abs(ssim.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    assert np.abs(ssim.ssim_map(a.astype(np.float32), b, window) - expected).max() <= TOLERANCE


@pytest.mark.parametrize("window", WINDOWS)
def test_similarity_of_colour_is_that_of_its_channels(window: Window) -> None:
    a, b = (np.stack(planes, axis=-1) for planes in zip(*(noise(41, 300, s) for s in range(3)), strict=True))
    expected = by_scikit_image(a, b, window)
    assert np.abs(ssim.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    assert np.abs(ssim.ssim_map(a, b, window, lowest=True) - expected.min(axis=2)).max() <= TOLERANCE


@pytest.mark.parametrize("window", WINDOWS)
def test_equal_pictures_are_exactly_alike_and_order_does_not_matter(window: Window) -> None:
    a, b = noise(90, 130)
    assert np.all(ssim.ssim_map(a, a, window) == 1)
    assert np.array_equal(ssim.ssim_map(a, b, window), ssim.ssim_map(b, a, window))


@pytest.mark.parametrize("name", ["box7", "gaussian11", "box7 float", "lowest"])
def test_threads_do_not_change_a_bit(name: str) -> None:
    rng = np.random.default_rng(6)
    a, b = (rng.integers(0, 256, (331, 403, 3)).astype(np.uint8) for _ in range(2))

    def run(threads: int) -> NDArray[np.float32]:
        if name == "lowest":
            return ssim.ssim_map(a, b, "gaussian11", lowest=True, threads=threads)
        if name == "box7 float":
            return ssim.ssim_map(a[..., 0].astype(np.float32), b[..., 0], threads=threads)
        return ssim.ssim_map(a[..., 0], b[..., 0], "box7" if name == "box7" else "gaussian11", threads=threads)

    one = run(1)
    assert all(np.array_equal(run(threads), one) for threads in (2, 3, 5))


def test_callers_on_two_threads_do_not_disturb_each_other() -> None:
    a, b = noise(400, 400)
    expected = ssim.ssim_map(a, b)
    wrong: list[int] = []

    def call() -> None:
        wrong.extend(i for i in range(20) if not np.array_equal(ssim.ssim_map(a, b, threads=2), expected))

    callers = [threading.Thread(target=call) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong


def test_pictures_that_may_not_be_written_or_are_not_contiguous() -> None:
    a, b = noise(60, 80)
    expected = ssim.ssim_map(a[::2, ::2].copy(), b[::2, ::2].copy())
    a.setflags(write=False)
    assert np.array_equal(ssim.ssim_map(a[::2, ::2], b[::2, ::2]), expected)


def test_writes_where_it_is_told() -> None:
    a, b = noise(60, 80)
    out = np.empty((60, 80), np.float32)
    assert ssim.ssim_map(a, b, out=out) is out


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        (np.zeros((4, 5), np.uint8), np.zeros((5, 4), np.uint8), "resize"),
        (np.zeros((0, 5), np.uint8), np.zeros((0, 5), np.uint8), "not empty"),
        (np.zeros(5, np.uint8), np.zeros(5, np.uint8), r"\(h, w\)"),
    ],
    ids=["two sizes", "empty", "one row of numbers"],
)
def test_pictures_that_cannot_be_compared(a: Picture, b: Picture, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ssim.ssim_map(a, b)
