"""One frame looked at in full, and the page in hand."""

import cv2
import numpy as np
from kit.puzzles import BOXES, clip, film, page

from livespot.frame import Frame
from livespot.settings import Settings
from livespot.spotting.temporal.analyser import Analyser


def frames(differs: bool = True) -> list[Frame]:
    return [f for f, _ in clip("desk", 12, differs)]


def test_without_a_page_there_is_nothing_to_compare_again() -> None:
    assert Analyser(Settings()).again() is None


def test_a_page_is_found_without_a_pose_and_found_again_in_another_frame() -> None:
    analyser = Analyser(Settings())
    first = analyser.analyse(frames()[0], None)
    assert first.page == 1
    assert first.analyses == 1
    assert first.anchor.frame == 0
    later = analyser.analyse(frames()[5], None)
    assert later.page == 1
    assert later.anchor is not None
    assert len(later.held) == len(BOXES)


def test_it_says_that_it_is_still_comparing_before_it_says_that_nothing_differs() -> None:
    analyser = Analyser(Settings())
    reasons = [analyser.analyse(frame, None).reason for frame in frames(differs=False)[:4]]
    assert reasons[0] == "comparing the pictures"
    assert reasons[-1] == "no difference found"


def test_a_shaken_view_asks_to_hold_still_and_spoils_nothing() -> None:
    analyser = Analyser(Settings())
    for frame in frames()[:3]:
        before = analyser.analyse(frame, None)
    shaken = np.asarray(cv2.blur(frames()[3].image, (13, 1)), np.uint8)
    page_before = analyser.page
    assert page_before is not None
    pose = before.anchor.pose if before.anchor is not None else None
    after = analyser.analyse(Frame(shaken, 0.3, 3, 0.0), pose)
    assert [h.id for h in after.held] == [h.id for h in before.held]
    assert after.reason in ("hold still", "")


def test_a_kept_page_stays_whatever_is_seen() -> None:
    with film(page(seed=3), "desk", seconds=0.5) as source:
        others = list(iter(source.read, None))
    for kept in (True, False):
        analyser = Analyser(Settings())
        first = analyser.analyse(frames()[0], None)
        analyser.locked = kept
        last = [analyser.analyse(frame, None) for frame in others][-1]
        assert (last.page == first.page) is kept


def test_a_page_let_go_gets_another_number_when_it_is_back() -> None:
    analyser = Analyser(Settings())
    first = analyser.analyse(frames()[0], None)
    analyser.forget()
    assert analyser.page is None
    assert analyser.analyse(frames()[1], None).page == first.page + 1


def test_what_lays_b_onto_a_is_measured_at_full_looks_only() -> None:
    analyser = Analyser(Settings())
    looks, before = [], None
    for frame in frames()[:11]:
        analyser.analyse(frame, None)
        if analyser.page.delta is not before:
            looks.append(analyser.page.analyses)
        before = analyser.page.delta
    assert looks == [1, 2, 5, 10]
