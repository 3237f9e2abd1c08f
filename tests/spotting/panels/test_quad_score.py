"""Which of several quads stands best as a panel."""

import numpy as np
import pytest

from livespot import geometry
from livespot.geometry import Quad
from livespot.spotting.panels.paper_colour import logarithm
from livespot.spotting.panels.quad_score import best_fit, fit_of
from livespot.spotting.panels.side_fitting import PanelEvidence

PANEL = geometry.box_quad((60, 50, 120, 100))
AWAY = np.array([[1.0, 0, 150], [0, 1, 0], [0, 0, 1]])  # where the other panel lies


def scene_of(ground: tuple[int, int, int]) -> tuple[PanelEvidence, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """A textured panel on plain paper, the same in A and B; and where it is picture for certain, a little less."""
    rng = np.random.default_rng(0)
    a = np.empty((200, 240, 3), np.float32)
    a[:] = ground
    a[50:150, 60:180] = np.kron(rng.integers(20, 120, (10, 12, 3)), np.ones((10, 10, 1)))
    core = np.zeros((200, 240), np.bool_)
    core[55:145, 65:175] = True
    worth = np.full((200, 240), -3.0, np.float32)
    worth[50:150, 60:180] = 3.0
    return PanelEvidence(a, a.copy(), (logarithm(a), logarithm(a)), worth, 110.0, np.ones_like(core)), core


@pytest.mark.parametrize(
    "other",
    [
        geometry.box_quad((80, 70, 80, 60)),
        geometry.box_quad((40, 30, 160, 140)),
        geometry.box_quad((30, 50, 150, 100)),
        geometry.box_quad((60, 50, 160, 100)),
        np.array([[60, 70], [180, 30], [180, 150], [60, 150]], np.float64),
    ],
    ids=["cuts the picture", "takes paper in", "takes paper in on one side", "reaches into the other", "leans"],
)
@pytest.mark.parametrize("ground", [(250, 252, 248), (180, 80, 30)], ids=["white paper", "blue paper"])
def test_the_panel_stands_better_than(other: Quad, ground: tuple[int, int, int]) -> None:
    scene, core = scene_of(ground)
    assert fit_of(scene, PANEL, AWAY, core) > fit_of(scene, other, AWAY, core) + 0.1


def test_a_side_is_taken_from_another_quad() -> None:
    scene, core = scene_of((250, 250, 250))
    short = geometry.box_quad((60, 50, 90, 100))
    wide = geometry.box_quad((60, 30, 120, 140))
    quad, exact = best_fit(scene, [short, wide], AWAY, core, None)
    assert np.abs(quad - PANEL).max() < np.abs(short - PANEL).max()
    assert quad[1, 0] == pytest.approx(180.0, abs=1.0)
    assert quad[0, 1] == pytest.approx(50.0, abs=1.0)
    assert not exact.any()


def test_a_quad_around_the_caption_too_gives_way_to_the_rims_within_it() -> None:
    scene, core = scene_of((250, 250, 250))
    wide = geometry.box_quad((60, 41, 120, 118))
    quad, _ = best_fit(scene, [wide], AWAY, core, None)
    assert np.abs(quad - PANEL).max() < 1.5
