"""What people are told to do better: each trouble its own words, none when all is well, and no flicker."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot import geometry
from livespot.demo.opening import open_demo
from livespot.demo.scenario import SCENARIOS, Scenario
from livespot.settings import Settings
from livespot.spotting.panels.detect import SEEKING
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import LOST_PAGE, Spotter
from livespot.spotting.temporal import advice
from livespot.spotting.temporal.advice import Advisor, Sight, sight

HANDHELD, DIM = SCENARIOS["handheld"], SCENARIOS["dim"]


def filmed(scenario: Scenario) -> list[FrameResult]:
    spotter = Spotter(Settings())
    with open_demo("kitchen", scenario=scenario, seed=2, fps=3.75, seconds=1.3) as source:
        return [spotter.step(frame, True) for frame in iter(source.read, None)]


@pytest.mark.parametrize(
    ("scenario", "wanted"),
    [
        (HANDHELD, ""),
        (DIM, ""),
        (replace(DIM, brightness=0.06), "turn on a light"),
        (replace(HANDHELD, fill=0.33), "move closer"),
        (replace(HANDHELD, defocus=3.0), "out of focus"),
        (SCENARIOS["glare"], "tilt the page away from the lamp: glare on "),
    ],
    ids=["all well", "dim, but seen well", "dark", "far away", "out of focus", "glare"],
)
def test_the_words_fit_what_is_wrong(scenario: Scenario, wanted: str) -> None:
    said = filmed(scenario)
    assert said[-1].state is State.LOCKED
    assert said[-1].reason.startswith(wanted) if wanted else not any(one.reason for one in said[1:])


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Sight(), ""),
        (Sight(glare_a=0.9, cut_b=0.9, small=0.9, dark=0.9, soft=0.9), ""),
        (Sight(glare_b=1.5), "tilt the page away from the lamp: glare on B"),
        (Sight(glare_a=1.5, glare_b=1.5), "tilt the page away from the lamp: glare on A and B"),
        (Sight(covered_b=1.5), "something covers a part of B: take it away"),
        (Sight(cut_a=1.5, glare_b=1.5), "move back: A is not all in view"),
        (Sight(small=1.5, glare_b=1.5), advice.CLOSER),
        (Sight(dark=1.5, small=1.5), advice.DARK),
        (Sight(soft=1.5, dark=1.5), advice.BLURRED),
    ],
    ids=["nothing", "nothing bad enough", "glare", "on both", "covered", "cut off", "small", "dark", "soft"],
)
def test_one_advice_at_a_time_the_most_useful_first(seen: Sight, words: str) -> None:
    advisor = Advisor()
    for _ in range(6):
        advisor.see(seen)
    assert advisor.line == words


def test_a_passing_reflection_is_not_worth_a_word_and_a_lasting_one_not_a_flicker() -> None:
    advisor = Advisor()
    advisor.see(Sight(glare_a=1.6))
    assert not advisor.line
    lines = []
    for index in range(20):
        advisor.see(Sight(glare_a=1.6 if index % 2 else 0.9))
        lines.append(advisor.line)
    assert set(lines[3:]) == {"tilt the page away from the lamp: glare on A"}
    for _ in range(4):
        advisor.see(Sight())
    assert not advisor.line


def test_nothing_is_claimed_before_a_frame_was_looked_at() -> None:
    spotter = Spotter(Settings())
    with open_demo("kitchen", seed=2) as source:
        frame = source.read()
    assert frame is not None
    assert spotter.track(frame).reason == SEEKING


@pytest.mark.parametrize(
    ("level", "noise", "words"),
    [(8, 1.0, "too dark: turn on a light"), (120, 60.0, LOST_PAGE)],
    ids=["the lamp goes off", "another sight"],
)
def test_a_lost_page_says_why(level: int, noise: float, words: str) -> None:
    spotter = Spotter(Settings())
    rng = np.random.default_rng(5)
    with open_demo("kitchen", scenario="desk", seed=2) as source:
        for index in range(4):
            frame = source.read()
            assert frame is not None
            spotter.step(frame, index == 0)
        for _ in range(3):
            frame = source.read()
            other = np.clip(rng.normal(level, noise, frame.image.shape), 0, 255).astype(np.uint8)
            lost = spotter.step(replace(frame, image=other), True)
    assert (lost.state, lost.reason) == (State.LOST, words)


def test_a_camera_that_comes_closer_to_look_at_a_part_is_not_sent_back() -> None:
    panel = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    all_of_it, half = np.ones((120, 160), np.bool_), np.zeros((120, 160), np.bool_)
    half[:, :80] = True
    quads = geometry.rectangle(800, 600), geometry.rectangle(800, 600) + 900.0
    inside, visible, covered = (all_of_it, half), (all_of_it, half), (~all_of_it, ~all_of_it)

    def seen(known: NDArray[np.bool_]) -> Sight:
        before = (all_of_it, known)
        return sight(panel, panel, panel[..., 0], 1.0, inside, visible, covered, quads, (1280, 720), False, before)

    assert seen(half).cut_b > 1.0
    assert seen(all_of_it).cut_b == 0.0
