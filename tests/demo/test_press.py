"""The press keeps the picture, puts it into dots, and prints the same page twice the same."""

import numpy as np
import pytest
from kit.puzzles import scene

from livespot.demo.press import Press, printed_by
from livespot.frame import Image


def ramp() -> Image:
    """Grey from black to white, left to right."""
    line = np.linspace(0, 255, 256).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(np.repeat(line[None, :, None], 120, axis=0), 3, axis=2))


def test_without_dots_the_page_is_as_designed() -> None:
    picture = scene(1)
    assert np.abs(printed_by(Press(), picture, 1).astype(int) - picture).max() <= 1


@pytest.mark.parametrize("dots", [2.5, 3.5, 5.0])
def test_dots_keep_the_tone_and_are_as_far_apart_as_asked(dots: float) -> None:
    printed = printed_by(Press(dots), ramp(), 1).astype(np.float64).mean(axis=2)
    for start in range(0, 256, 32):
        assert abs(printed[:, start : start + 32].mean() - (start + 15.5)) < 16
    middle = printed[:, 96:160] - printed[:, 96:160].mean()
    spectrum = np.abs(np.fft.fft2(middle))
    y, x = np.unravel_index(int(np.argmax(spectrum)), spectrum.shape)
    frequency = np.hypot(np.fft.fftfreq(120)[y], np.fft.fftfreq(64)[x])
    # the strongest wave is one of the screen's own, along its rows or across them
    assert min(abs(frequency * dots - n) for n in (1.0, np.sqrt(2))) < 0.15


def test_ink_spreads_shifts_and_shows_through() -> None:
    picture = scene(2)
    plain = printed_by(Press(), picture, 3)
    assert printed_by(Press(gain=0.1), picture, 3).mean() < plain.mean() - 2
    assert np.abs(printed_by(Press(shift=1.5), picture, 3).astype(int) - plain).max() > 20
    blank = np.full((60, 80, 3), 255, np.uint8)
    blank[20:40, 10:20] = 0
    through = printed_by(Press(through=0.1), blank, 3)
    assert 200 < through[30, 80 - 15].mean() < 225  # the other side of the black, mirrored
    assert through[5, 40].min() == 255


def test_the_same_page_is_printed_the_same() -> None:
    press = Press(3.0, 0.05, 0.5, 0.05)
    np.testing.assert_array_equal(printed_by(press, scene(3), 7), printed_by(press, scene(3), 7))
