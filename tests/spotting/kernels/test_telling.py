"""What a region's kind is told by is what OpenCV and NumPy find, step by step."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.crops import blob

from livespot.spotting.kernels import telling as fast
from livespot.spotting.kernels.silhouette import silhouette, silhouette_reference, widened, widened_on

HOW = fast.Looked(few=80, noise=4.0, uncorrelated=30.0)


@pytest.mark.parametrize("seed", range(12))
def test_silhouette(seed: int) -> None:
    inside = blob((40 + seed, 48 - 3 * seed), seed)
    whole, outline = np.empty_like(inside), np.empty_like(inside)
    silhouette(inside, whole, outline)
    expected = silhouette_reference(inside)
    np.testing.assert_array_equal(whole, expected[0])
    np.testing.assert_array_equal(outline, expected[1])


@pytest.mark.parametrize("reach", [1, 4, 70])
def test_widened(reach: int) -> None:
    mask = blob((31, 44), 3)
    grown = np.empty_like(mask)
    widened(mask, reach, grown)
    np.testing.assert_array_equal(grown, cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)))


@pytest.mark.parametrize("edge", [0, 6])
def test_widened_in_two_steps_is_widened_at_once(edge: int) -> None:
    mask = blob((31, 44), 3)[edge:, edge:].copy()
    first, second, at_once = np.empty_like(mask), np.empty_like(mask), np.empty_like(mask)
    widened(mask, 2, first)
    widened_on(first, 2, 9, second)
    widened(mask, 9, at_once)
    np.testing.assert_array_equal(second, at_once)


@pytest.mark.parametrize(
    ("window", "size"),
    [
        ((20, 10, 68, 50), (48, 40)),
        ((0, 0, 90, 75), (48, 40)),
        ((3, 5, 147, 101), (48, 32)),
        ((100, 80, 160, 120), (48, 32)),
        ((10, 10, 18, 18), (8, 8)),
        ((0, 0, 160, 12), (48, 8)),
    ],
    ids=str,
)
def test_told(window: tuple[int, int, int, int], size: tuple[int, int]) -> None:
    rng = np.random.default_rng(4)
    panels = [cv2.GaussianBlur(rng.integers(0, 256, (120, 160, 3)).astype(np.uint8), (0, 0), 1.5) for _ in range(2)]
    panels[1] = cv2.addWeighted(panels[0], 0.6, panels[1], 0.4, 0.0)
    root = rng.uniform(0.8, 1.25, (15, 20, 3)).astype(np.float32)
    inside = blob((window[3] - window[1], window[2] - window[0]), 7)
    given = ((panels[0], panels[1]), (1 / root, root), 8, window, inside, size, HOW)
    got, expected = fast.told(*given), fast.told_reference(*given)
    np.testing.assert_allclose(got.a, expected.a, atol=2e-2)  # float32, averaged in another order
    np.testing.assert_allclose(got.b, expected.b, atol=2e-2)
    np.testing.assert_array_equal(got.inside, expected.inside)
    assert got[3:] == pytest.approx(expected[3:], abs=1e-3)


def test_nothing_inside() -> None:
    picture, root = np.zeros((20, 20, 3), np.uint8), np.ones((1, 1, 3), np.float32)
    got = fast.told((picture, picture), (root, root), 1, (0, 0, 20, 20), np.zeros((20, 20), np.uint8), (20, 20), HOW)
    assert not got.inside.any()
    assert got[3:] == (0.0, 0.0, 0.0)
