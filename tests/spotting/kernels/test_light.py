"""The light's fast steps say what their plain references say."""

import numpy as np
import pytest
from kit.crops import blobs, pictures
from kit.references.kernels import (
    enlarged_reference,
    masked_means_reference,
    wide_blur_reference,
)

from livespot.spotting.kernels import light as fast

SIZES = [(8, 8), (37, 50), (41, 43), (3, 2), (130, 301)]


@pytest.mark.parametrize("sigma", [1.0, 6.5, 20.0, 61.0, 300.0], ids="sigma {}".format)
@pytest.mark.parametrize("size", [(120, 180), (97, 53)], ids=str)
def test_wide_blur_is_the_full_blur(size: tuple[int, int], sigma: float) -> None:
    values = blobs(size, 1)
    values[: size[0] // 3] += 60  # an edge
    expected = wide_blur_reference(values, sigma)
    assert np.abs(fast.wide_blur(values, sigma) - expected).max() <= 0.02 * np.ptp(values)


def test_wide_blur_keeps_what_is_even() -> None:
    assert fast.wide_blur(np.full((50, 70), 7, np.float32), 40.0) == pytest.approx(7)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.0], ids="seen {:.0%}".format)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_means_by_blocks(size: tuple[int, int], share: float) -> None:
    a, b = pictures(size)
    seen = np.random.default_rng(1).random(size) < share
    for got, picture in zip(fast.masked_means(a, b, seen), (a, b), strict=True):
        assert np.abs(got - masked_means_reference(picture, seen)).max() <= 1e-3  # float32 of grey levels


@pytest.mark.parametrize("block", [4, 8])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_values_by_blocks_at_every_pixel_of_a_window(size: tuple[int, int], block: int) -> None:
    height, width = size
    grid = np.random.default_rng(3).uniform(0, 30, (-(-height // block), -(-width // block))).astype(np.float32)
    for window in ((0, 0, width, height), (width // 3, height // 2, width, height), (0, 0, 1, 1)):
        expected = enlarged_reference(grid, block, window)
        assert np.abs(fast.enlarged(grid, block, window) - expected).max() <= 1e-4


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_window_of_a_picture_times_values_by_blocks(size: tuple[int, int]) -> None:
    height, width = size
    a, _ = pictures(size)
    gain = np.random.default_rng(3).uniform(0.9, 1.1, (-(-height // 8), -(-width // 8), 3)).astype(np.float32)
    for x0, y0, x1, y1 in ((0, 0, width, height), (width // 3, height // 2, width, height), (0, 0, 1, 1)):
        got = fast.lit(a, gain, fast.white_of(gain), 8, (x0, y0, x1, y1))
        times = np.stack([enlarged_reference(gain[..., k], 8, (x0, y0, x1, y1)) for k in range(3)], axis=-1)
        dark = a[y0:y1, x0:x1] < 180  # nothing there is cut off
        assert np.abs(got - a[y0:y1, x0:x1] * times)[dark].max(initial=0.0) <= 1e-2  # float32 of grey levels


@pytest.mark.parametrize(("gain", "white"), [(1.0, 255.0), (1.1, 255 / 1.1 / 1.1), (0.9, 255 * 0.9 * 0.9)])
def test_what_one_panel_may_have_burnt_out_is_cut_off_in_both(gain: float, white: float) -> None:
    grid = np.full((2, 2, 3), gain, np.float32)
    got = fast.lit(np.full((8, 8, 3), 255, np.uint8), grid, fast.white_of(grid), 8, (0, 0, 8, 8))
    assert got == pytest.approx(white, rel=1e-4)


def test_beyond_the_last_block_its_value_is_repeated() -> None:
    grid = np.array([[3.0, 7.0]], np.float32)
    assert fast.enlarged(grid, 4, (6, 0, 12, 2)) == pytest.approx(7.0)
