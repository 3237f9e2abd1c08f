"""The kernels say what scikit-image and plain NumPy say, on any picture, on any number of threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from livespot.spotting import kernels
from livespot.spotting.kernels import Window

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
    assert np.abs(kernels.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    floats = kernels.ssim_map(a.astype(np.float32), b.astype(np.float32), window)
    assert np.abs(floats - expected).max() <= TOLERANCE
    assert np.abs(kernels.ssim_map_reference(a, b, window) - expected).max() <= 1e-9


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 300), (3, 3), (5, 1)], ids=str)
def test_similarity_of_pictures_smaller_than_the_window(size: tuple[int, int], window: Window) -> None:
    """scikit-image refuses these; the mirrored border still has an answer."""
    a, b = noise(*size)
    expected = kernels.ssim_map_reference(a, b, window)
    assert np.abs(kernels.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    assert np.abs(kernels.ssim_map(a.astype(np.float32), b, window) - expected).max() <= TOLERANCE


@pytest.mark.parametrize("window", WINDOWS)
def test_similarity_of_colour_is_that_of_its_channels(window: Window) -> None:
    a, b = (np.stack(planes, axis=-1) for planes in zip(*(noise(41, 300, s) for s in range(3)), strict=True))
    expected = by_scikit_image(a, b, window)
    assert np.abs(kernels.ssim_map(a, b, window) - expected).max() <= TOLERANCE
    assert np.abs(kernels.ssim_map(a, b, window, lowest=True) - expected.min(axis=2)).max() <= TOLERANCE


@pytest.mark.parametrize("window", WINDOWS)
def test_equal_pictures_are_exactly_alike_and_order_does_not_matter(window: Window) -> None:
    a, b = noise(90, 130)
    assert np.all(kernels.ssim_map(a, a, window) == 1)
    assert np.array_equal(kernels.ssim_map(a, b, window), kernels.ssim_map(b, a, window))


def test_radius_0_is_the_plain_difference() -> None:
    a, b = noise(50, 60)
    assert np.array_equal(kernels.tolerant_difference(a, b, 0), np.abs(a.astype(int) - b))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32], ids=["uint8", "uint16", "float32"])
@pytest.mark.parametrize("radius", [0, 0.3, 1, 1.5, 2, 7], ids="radius {}".format)
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (31, 47), (20, 19, 3), (17, 5, 1), (9, 12, 2)], ids=str)
def test_tolerant_difference_is_that_of_the_reference(
    shape: tuple[int, ...], radius: float, dtype: type[np.generic]
) -> None:
    rng = np.random.default_rng(3)
    a, b = (rng.integers(0, 256, shape).astype(dtype) for _ in range(2))
    expected = kernels.tolerant_difference_reference(a, b, radius)
    # float32 interpolation of grey levels
    assert np.abs(kernels.tolerant_difference(a, b, radius) - expected).max() <= 1e-4


def test_a_grey_level_may_be_many_units() -> None:
    rng = np.random.default_rng(8)
    a, b = (rng.integers(0, 65536, (30, 40, 3)).astype(np.uint16) for _ in range(2))
    expected = kernels.tolerant_difference_reference(a, b, 1.5) / 64
    assert np.abs(kernels.tolerant_difference(a, b, 1.5, unit=64) - expected).max() <= 1e-3  # float32 of 1024


@pytest.mark.parametrize(("least", "most"), [(-0.2, 2.2), (1.0, 1.0), (0.2, 0.9), (1.0, 1.6)], ids=str)
def test_tolerance_may_differ_from_pixel_to_pixel(least: float, most: float) -> None:
    rng = np.random.default_rng(4)
    a, b = (rng.integers(0, 256, (40, 70, 3)).astype(np.uint8) for _ in range(2))
    radius = rng.uniform(least, most, (40, 70)).astype(np.float32)
    radius[10:20] = np.clip(radius[10:20], 1, 1.2)  # rows that need other whole radii than their neighbours
    expected = kernels.tolerant_difference_reference(a, b, radius)
    assert np.abs(kernels.tolerant_difference(a, b, radius) - expected).max() <= 1e-4


def test_a_shift_within_the_tolerance_is_no_difference_and_a_mark_is() -> None:
    rng = np.random.default_rng(5)
    a = np.kron(rng.integers(0, 256, (12, 12)), np.ones((6, 6))).astype(np.uint8)
    b = np.roll(a, 1, axis=1)
    b[:, 0] = a[:, 0]
    assert kernels.tolerant_difference(a, b, 1).max() == 0
    b[40:44, 40:44] = np.where(a[38, 38] > 127, 0, 255)
    assert kernels.tolerant_difference(a, b, 1)[41:43, 41:43].min() > 60


@pytest.mark.parametrize("name", ["box7", "gaussian11", "tolerant", "box7 float", "lowest"])
def test_threads_do_not_change_a_bit(name: str) -> None:
    rng = np.random.default_rng(6)
    a, b = (rng.integers(0, 256, (331, 403, 3)).astype(np.uint8) for _ in range(2))
    radius = rng.uniform(0, 2, (331, 403)).astype(np.float32)

    def run(threads: int) -> NDArray[np.float32]:
        if name == "tolerant":
            return kernels.tolerant_difference(a, b, radius, threads=threads)
        if name == "lowest":
            return kernels.ssim_map(a, b, "gaussian11", lowest=True, threads=threads)
        if name == "box7 float":
            return kernels.ssim_map(a[..., 0].astype(np.float32), b[..., 0], threads=threads)
        return kernels.ssim_map(a[..., 0], b[..., 0], "box7" if name == "box7" else "gaussian11", threads=threads)

    one = run(1)
    assert all(np.array_equal(run(threads), one) for threads in (2, 3, 5))


def test_callers_on_two_threads_do_not_disturb_each_other() -> None:
    a, b = noise(400, 400)
    expected = kernels.ssim_map(a, b)
    wrong: list[int] = []

    def call() -> None:
        wrong.extend(i for i in range(20) if not np.array_equal(kernels.ssim_map(a, b, threads=2), expected))

    callers = [threading.Thread(target=call) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong


def test_pictures_that_may_not_be_written_or_are_not_contiguous() -> None:
    a, b = noise(60, 80)
    expected = kernels.ssim_map(a[::2, ::2].copy(), b[::2, ::2].copy())
    a.setflags(write=False)
    assert np.array_equal(kernels.ssim_map(a[::2, ::2], b[::2, ::2]), expected)


def test_writes_where_it_is_told() -> None:
    a, b = noise(60, 80)
    out = np.empty((60, 80), np.float32)
    assert kernels.ssim_map(a, b, out=out) is out
    assert kernels.tolerant_difference(a, b, 1, out=out) is out


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
        kernels.ssim_map(a, b)
    with pytest.raises(ValueError, match=says):
        kernels.tolerant_difference(a, b)


def test_a_radius_map_of_another_size_is_refused() -> None:
    a, b = noise(10, 10)
    with pytest.raises(ValueError, match="radius map"):
        kernels.tolerant_difference(a, b, np.ones((3, 3), np.float32))
