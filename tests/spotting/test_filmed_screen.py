"""A page on a screen, filmed: moiré is no difference."""

import cv2
import numpy as np
import pytest
from kit.foreign.stripes import FilmedScreen

import livespot
from livespot.demo import page_picture

SIZE = (1280, 720)
FRAMES, RATE = 8, 8.0  # looked at each by itself; a second
ACROSS = 0.92  # share of the frame that the page takes up


@pytest.mark.parametrize(
    ("pitch", "every"),
    [
        (1.6, True),
        # two px of the mosaic an element: broad rainbows, up to a third of the light. Faint things drown in them.
        (2.03, False),
    ],
    ids=["waves", "rainbows"],
)
def test_moire_makes_no_false_box(pitch: float, every: bool) -> None:
    natural = page_picture("harbour", seed=5).image.shape[1]
    page = page_picture("harbour", seed=5, scale=ACROSS * SIZE[0] / pitch / natural)
    screen, spotter = FilmedScreen(page, pitch, SIZE), livespot.Spotter()
    for n in range(FRAMES):
        result = spotter(screen.image(n, n / RATE), n / RATE)
    assert result
    true = [quad.astype(np.float32) for quad in screen.truth((FRAMES - 1) / RATE)]
    middles = [[float(v) for v in found.a.mean(axis=0)] for found in result.differences]
    # 8 px: a box may reach so far beyond what it is about, and no other difference is as near
    right = [[n for n, quad in enumerate(true) if cv2.pointPolygonTest(quad, at, True) > -8] for at in middles]
    assert all(right), "a false box"
    assert len({n for found in right for n in found}) == len(middles)
    assert len(middles) == len(true) if every else middles


def test_the_simulation_keeps_the_light_and_makes_waves_near_two_px_an_element() -> None:
    """Broad ones of colour; an element much finer than a px of the camera makes none."""
    grey = page_picture("harbour", seed=5, scale=0.3)
    grey.image[:] = 128
    spread = {}
    for pitch in (0.6, 2.03):
        seen = FilmedScreen(grey, pitch, (400, 300)).image(0, 0.0)[100:200, 150:250]
        assert 95 < seen.mean() < 150
        broad = cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 4)
        spread[pitch] = float((broad - broad.mean(axis=2, keepdims=True)).std())
    assert spread[2.03] > 4 * spread[0.6]
