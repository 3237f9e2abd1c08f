"""Light and contrast made even."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.registration.flatten import flattened


def picture(size: tuple[int, int]) -> NDArray[np.uint8]:
    """Soft texture of uneven contrast under a slope of light."""
    rng = np.random.default_rng(3)
    texture = cv2.GaussianBlur(rng.normal(0, 1, size), (0, 0), 2.0) * np.linspace(40, 250, size[1])
    return np.clip(60 + texture + np.linspace(0, 120, size[0])[:, None], 0, 255).astype(np.uint8)


def test_what_is_even_is_nothing() -> None:
    assert np.abs(flattened(np.full((70, 50), 200, np.uint8), 8.0, 4.0)).max() < 1e-3


def test_light_and_contrast_hardly_matter() -> None:
    grey = picture((200, 300)).astype(np.float32)
    one, two = (flattened(p.astype(np.uint8), 10.0, 1.0) for p in (grey, 0.5 * grey + 40))
    assert np.percentile(np.abs(one - two), 95) < 0.3
