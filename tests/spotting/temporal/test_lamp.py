"""A lamp's reflection that stays is seen through; one that wanders or goes is kept out of what is known."""

from dataclasses import replace

import numpy as np
import pytest
from kit.puzzles import BOXES, clip

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.temporal.accumulator import LIGHTENED, Evidence
from livespot.spotting.temporal.analyser import Analyser
from livespot.spotting.temporal.gathering import first_view, gather
from livespot.spotting.temporal.lamp import GONE, Lamp
from livespot.spotting.visibility.glare import Glare, glare, no_glare

SHAPE = (40, 60)


def shining(x: int, width: int = 20) -> tuple[Glare, Glare]:
    """A reflection on B alone, from column `x` on."""
    over = np.zeros(SHAPE, np.bool_)
    over[10:30, x : x + width] = True
    return no_glare(SHAPE), Glare(over, over)


def known() -> tuple[Evidence, Evidence]:
    both = Evidence(SHAPE), Evidence(SHAPE)
    for one in both:
        one.add(np.full((*SHAPE, 3), 90, np.uint8), np.ones(SHAPE, np.bool_), 1.0)
    return both


def test_of_a_reflection_that_stays_nothing_is_kept_out() -> None:
    lamp, both = Lamp(SHAPE), known()
    for x in (20, 21, 19, 22):
        assert not any(one.over.any() for one in lamp.kept_out(shining(x), both))
    lamp.kept_out((no_glare(SHAPE), no_glare(SHAPE)), both)  # a view in which it was not made out
    assert not lamp.kept_out(shining(21), both)[1].over.any()
    assert not lamp.wanders
    assert both[1].weight.min() == 1.0


@pytest.mark.parametrize("then", [[shining(30)], [(no_glare(SHAPE), no_glare(SHAPE))] * GONE], ids=["moved", "gone"])
def test_what_was_seen_under_one_that_moves_or_goes_gives_way(then: list[tuple[Glare, Glare]]) -> None:
    lamp, both = Lamp(SHAPE), known()
    for view in [shining(20), *then]:
        kept_out = lamp.kept_out(view, both)
    assert kept_out == then[-1]
    assert lamp.wanders
    under = shining(20)[1].over
    assert np.unique(both[1].weight[under]) == pytest.approx([LIGHTENED])
    assert both[1].weight[~under].min() == 1.0
    assert both[0].weight.min() == 1.0
    assert lamp.kept_out(shining(20), both)[1].over.any()


def test_what_seems_a_hand_under_a_lamp_is_glimpsed() -> None:
    frame, _ = clip("desk", 12)[0]
    analyser = Analyser(Settings())
    analyser.analyse(frame, None)
    page = analyser.page
    assert page is not None
    image = lit(frame.image, page.quads[1].mean(axis=0))
    view = first_view(page, image)
    hidden = np.zeros_like(view.over[1])
    hidden[40:-40, 60:-60] = True
    for known in (page.evidence_a, page.evidence_b):
        known.weight[hidden] = 0.0
    page.lamp.wanders = True
    gather(page, replace(frame, image=image), replace(view, over=(hidden, hidden)))
    assert glare(view.samples[1], view.samples[0]).hides[hidden].mean() > 0.2
    assert page.evidence_b.weight[hidden].min() > 0.0
    assert not page.evidence_b.seen[hidden].any()  # it counts as hidden, until the eye says that it is not


def lit(image: Image, at: np.ndarray, strength: float = 330.0, radius: float = 40.0) -> Image:
    """The picture with the light of a lamp on it, burnt out in its middle."""
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    light = strength * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * radius**2))
    return np.clip(image + light[..., None], 0, 255).astype(np.uint8)


def test_a_difference_is_found_under_the_light_and_nothing_false_when_it_has_gone() -> None:
    frames = clip("desk", 12)
    analyser, pose = Analyser(Settings()), None
    counts = []
    for k in range(22):
        frame, truth = frames[k % 12]
        image = lit(frame.image, truth.differences[1].b.mean(axis=0)) if k < 12 else frame.image
        analysis = analyser.analyse(replace(frame, image=image, index=k, time=k / 5), pose)
        pose = analysis.anchor.pose if analysis.anchor is not None else None
        counts.append(len(analysis.held))
    assert counts[3:] == [len(BOXES)] * 19
