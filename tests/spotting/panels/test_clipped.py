"""A page that comes into view from one side is looked at again as a whole."""

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, SIZE, clip, film, page

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Quad, rectangle
from livespot.settings import Settings
from livespot.spotting.panels.clipped import clipped, holds_more, larger, more_in_view
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import Spotter
from livespot.spotting.temporal.advice import BEYOND
from livespot.spotting.temporal.analyser import CLIPPED, SEARCH_AFTER

SHAPE = (480, 640)
CUT = 170  # px: so far off, a third of panel B is out of view


def at(x: float) -> Quad:
    """A panel whose left side is there, px."""
    return rectangle(200, 150) + np.array([x, 100.0])


A, B = at(40), at(330)


def test_sides_at_the_edge_are_clipped_and_free_again_further_in() -> None:
    assert not clipped((A, B), SHAPE).any()
    moved = (at(145), at(435))
    sides = clipped(moved, SHAPE)
    assert sides.tolist() == [False, True, False, False]
    assert not more_in_view(sides, moved, SHAPE)
    assert not more_in_view(sides, (at(128), at(418)), SHAPE)  # a hand that shakes
    assert more_in_view(sides, (at(100), at(390)), SHAPE)
    # it is worth a look when both panels show what lies beyond
    assert not more_in_view(sides, (at(-195), at(390)), SHAPE)


@pytest.mark.parametrize("turn", [-20, -6, 0, 6, 20, 80, 100, 180, -90])
def test_the_side_that_looks_at_the_edge_is_clipped_however_the_page_lies(turn: float) -> None:
    around = cv2.getRotationMatrix2D((320, 240), turn, 1.0)
    quad = geometry.apply(np.vstack([around, [0, 0, 1]]), rectangle(200, 150) + np.array([220.0, 165.0]))
    touching = quad + np.array([639 - quad[:, 0].max(), 0.0])
    normals = [q - quad.mean(axis=0) for q in 0.5 * (quad + np.roll(quad, -1, axis=0))]
    right = int(np.argmax([n[0] / np.hypot(*n) for n in normals]))
    assert np.flatnonzero(clipped((touching,), SHAPE)).tolist() == [right]


def test_more_of_the_same_is_worth_it_and_nothing_else() -> None:
    old, right = rectangle(200, 150), np.array([False, True, False, False])
    assert holds_more(rectangle(230, 150), old, right)
    assert not holds_more(rectangle(208, 150), old, right)  # a little
    assert not holds_more(rectangle(200, 150), rectangle(230, 150), right)  # less
    assert holds_more(rectangle(230, 162), old, right)  # the other sides are found better, too
    assert not holds_more(rectangle(230, 190), old, right)  # another one
    assert larger(rectangle(230, 190), old)
    assert not larger(rectangle(230, 110), old)
    assert not holds_more(rectangle(230, 150) - np.array([30.0, 0.0]), old, right)  # on the other side
    assert holds_more(rectangle(230, 190), old, np.array([False, True, True, False]))


def pushed(image: Image, by: int) -> Image:
    """A view `by` px further to the left: the page lies further to the right."""
    shift = np.array([[1.0, 0, by], [0, 1, 0]])
    return np.asarray(cv2.warpAffine(image, shift, SIZE, borderMode=cv2.BORDER_REFLECT), np.uint8)


def seen(spotter: Spotter, views: list[tuple[Image, int]], start: int = 0) -> list[FrameResult]:
    return [spotter.step(Frame(pushed(image, by), 0.2 * i, i, 0.0), True) for i, (image, by) in enumerate(views, start)]


def test_a_page_pushed_into_view_is_known_as_a_whole_soon_after() -> None:
    images = [frame.image for frame, _ in clip("desk", 12)]
    spotter = Spotter(Settings())
    path = [CUT, CUT, CUT, 120, 80, 40, 0, 0, 0, 0]
    results = seen(spotter, list(zip(images, path, strict=False)))
    first, last = results[0], results[-1]
    assert [r.reason for r in results[:3]] == [BEYOND] * 3
    assert last.reason == ""
    assert (first.state, last.state) == (State.LOCKED, State.LOCKED)
    assert np.ptp(first.panels[1][:, 0]) < 0.8 * np.ptp(last.panels[1][:, 0])
    truth = clip("desk", 12)[9][1]
    assert np.abs(np.stack(last.panels) - np.stack(truth.panels)).max() < 6
    assert len(last.differences) == len(BOXES)
    assert {r.page for r in results[path.index(0) :]} == {last.page}  # and is not looked for again and again


@pytest.mark.parametrize("held", ["locked", "by hand"])
def test_panels_that_somebody_chose_stay(held: str) -> None:
    images = [frame.image for frame, _ in clip("desk", 12)]
    spotter = Spotter(Settings())
    first = seen(spotter, [(images[0], CUT)])[0]
    assert first.panels is not None
    if held == "locked":
        spotter.lock_panels(True)
    else:
        spotter.set_panels(Frame(pushed(images[0], CUT), 0.0, 0, 0.0), *first.panels)
    path = [CUT, 120, 80, 40, 0, 0]
    results = seen(spotter, list(zip(images[1:], path, strict=False)), 1)
    assert results[0].page == results[-1].page
    assert np.ptp(results[-1].panels[1][:, 0]) < 1.1 * np.ptp(first.panels[1][:, 0])


def test_a_page_that_is_coming_back_is_waited_for() -> None:
    images = [frame.image for frame, _ in clip("desk", 12)]
    spotter = Spotter(Settings())
    whole = seen(spotter, [(images[0], 0), (images[1], 0)])[-1]
    away = np.full_like(images[0], 90)
    away[::7] = 60
    gone = seen(spotter, [(away, 0)] * (SEARCH_AFTER + 2), 2)
    assert {r.state for r in gone} == {State.LOST}
    back = seen(spotter, [(images[2], CUT + 60), (images[3], 60), (images[4], 0)], 8)
    assert back[-1].state is State.LOCKED
    assert back[-1].page == whole.page
    assert [d.id for d in back[-1].differences] == [d.id for d in whole.differences]


def test_another_page_is_taken_even_if_the_frame_cuts_it_off() -> None:
    images = [frame.image for frame, _ in clip("desk", 12)]
    with film(page(seed=3), "desk", seconds=1.2) as source:
        others = [frame.image for frame in iter(source.read, None)]
    spotter = Spotter(Settings())
    first = seen(spotter, [(images[0], 0), (images[1], 0)])[-1]
    then = seen(spotter, [(image, CUT) for image in others[: SEARCH_AFTER + CLIPPED + 2]], 2)
    assert then[-1].state is State.LOCKED
    assert then[-1].page != first.page
