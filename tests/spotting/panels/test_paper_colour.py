"""The colours that may be the paper, and how far every place is from one of them."""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.panels.paper_colour import (
    Masks,
    Pair,
    flat_around,
    logarithm,
    mean,
    paper_colours,
    paper_distance,
)

TABLE, PAPER = (40.0, 90.0, 50.0), (60.0, 140.0, 190.0)


def page() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A sheet on a table with a picture in the middle, (h, w, 3); and the picture's place."""
    rng = np.random.default_rng(0)
    image = np.empty((220, 260, 3), np.float32)
    image[:] = TABLE
    image[25:195, 25:235] = PAPER
    image[60:160, 60:200] = rng.integers(0, 255, (100, 140, 3))
    core = np.zeros((220, 260), np.bool_)
    core[60:160, 60:200] = True
    return image * np.linspace(0.8, 1.1, 260, dtype=np.float32)[None, :, None], core


def looked_at(image: NDArray[np.float32], core: NDArray[np.bool_]) -> tuple[Pair, Masks]:
    """What the search sees of a page whose two panels are the same."""
    log = logarithm(image)
    return (log, log), flat_around(image, image, core, np.ones_like(core))


def test_paper_darker_than_white_is_among_the_colours() -> None:
    image, core = page()
    found = paper_colours(*looked_at(image, core), core)
    assert min(np.abs(np.exp(c) - 8.0 - PAPER).max() for c in found) < 20.0
    apart = [np.abs(one - two).max() for i, one in enumerate(found) for two in found[i + 1 :]]
    assert min(apart, default=1.0) > 0.1


def test_distance_follows_the_light_over_the_sheet() -> None:
    image, core = page()
    colour = np.log(np.array(PAPER) + 8.0)
    away = paper_distance(*looked_at(image, core), colour)
    assert away.shape == (220, 260, 2)
    assert away[30:55, 30:230].max() < 1.0
    assert np.median(away[:20]) > 3.0


def test_without_a_panel_no_colour_lies_around_it() -> None:
    image, core = page()
    assert paper_colours(*looked_at(image, core), np.zeros_like(core)) == []


def test_the_mean_over_the_channels_is_numpys() -> None:
    values = np.random.default_rng(1).normal(size=(5, 7, 3)).astype(np.float32)
    np.testing.assert_allclose(mean(values), values.mean(axis=2), atol=1e-6)
