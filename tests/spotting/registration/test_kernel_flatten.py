"""Light and contrast made even in two passes, as by full blurs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.registration import _flatten as fast


def picture(size: tuple[int, int]) -> NDArray[np.uint8]:
    """Soft texture of uneven contrast under a slope of light."""
    rng = np.random.default_rng(3)
    texture = cv2.GaussianBlur(rng.normal(0, 1, size), (0, 0), 2.0) * np.linspace(40, 250, size[1])
    return np.clip(60 + texture + np.linspace(0, 120, size[0])[:, None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [(400, 560), (311, 253), (641, 803), (64, 90)], ids=str)
def test_flattened_as_by_full_blurs(size: tuple[int, int]) -> None:
    grey = picture(size)
    sigma = 0.03 * float(np.sqrt(grey.size))
    off = np.abs(fast.quickly_flattened(grey, sigma, 4.0) - fast.flattened(grey, sigma, 4.0))
    # blocks of 8 px stand for their pixels: a little off everywhere, more only at the rim
    assert np.median(off) < 0.05
    assert np.percentile(off, 95) < 0.2


def test_what_is_even_is_nothing() -> None:
    assert np.abs(fast.quickly_flattened(np.full((70, 50), 200, np.uint8), 8.0, 4.0)).max() < 1e-3


def test_light_and_contrast_hardly_matter() -> None:
    grey = picture((200, 300)).astype(np.float32)
    one, two = (fast.quickly_flattened(p.astype(np.uint8), 10.0, 1.0) for p in (grey, 0.5 * grey + 40))
    assert np.percentile(np.abs(one - two), 95) < 0.3
