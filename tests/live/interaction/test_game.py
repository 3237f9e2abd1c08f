"""The game and the marks, without a picture."""

from dataclasses import replace

import numpy as np
import pytest
from kit import truth_page

from livespot.geometry import Box
from livespot.live.interaction.game import Level, Play, unit_quad
from livespot.live.interaction.marks import Marks
from livespot.spotting.results import Difference, FrameResult, State


def game() -> tuple[Play, Marks, FrameResult]:
    marks = Marks()
    seen = truth_page.looked_at((640, 400))[1]
    play = Play(marks)
    play.begin(seen)
    return play, marks, seen


def ticked_second() -> tuple[Marks, FrameResult]:
    """Marks that follow the page, the second difference ticked."""
    marks, seen = Marks(), truth_page.looked_at((640, 400))[1]
    marks.follow(seen)
    marks.toggle_tick(2)
    marks.follow(seen)
    return marks, seen


def centre(difference: Difference, seen: FrameResult, panel: str) -> tuple[float, float]:
    quad = unit_quad(difference, seen, panel)
    x, y = quad.mean(axis=0)
    return float(x), float(y)


def test_hints_say_more_and_more_and_end_with_the_box() -> None:
    play, _, seen = game()
    assert "5 differences hidden" in play.message
    assert play.place(seen) is None
    sizes = []
    for level in (Level.QUARTER, Level.CIRCLE):
        play.hint(seen)
        assert play.level is level
        place = play.place(seen)
        target = next(d for d in seen.differences if d.id == play.target)
        low, high = place.min(axis=0), place.max(axis=0)
        x, y = centre(target, seen, "a")
        assert low[0] <= x <= high[0]
        assert low[1] <= y <= high[1]
        sizes.append(float(np.prod(high - low)))
        assert not play.revealed
    assert sizes[0] > sizes[1]
    hinted = play.target
    play.hint(seen)
    assert play.revealed == {hinted}
    assert "4 left" in play.message
    assert play.place(seen) is None


def test_the_circle_is_not_centred_on_the_answer() -> None:
    play, _, seen = game()
    play.hint(seen)
    play.hint(seen)
    place = play.place(seen)
    target = next(d for d in seen.differences if d.id == play.target)
    away = np.linalg.norm((place.min(axis=0) + place.max(axis=0)) / 2 - centre(target, seen, "a"))
    assert away > 0.03


@pytest.mark.parametrize("panel", ["a", "b"])
def test_a_right_guess_is_a_find_on_either_picture(panel: str) -> None:
    play, marks, seen = game()
    third = seen.differences[2]
    assert play.guess(seen, panel, centre(third, seen, panel))
    assert marks.ticked == {3}
    assert play.message == "yes! 4 left"
    assert play.guess(seen, panel, centre(third, seen, panel))
    assert play.message == "you have that one already"


def test_a_right_guess_on_an_uncertain_difference_is_only_probably_right() -> None:
    play, marks, seen = game()
    third = replace(seen.differences[2], confidence=0.6)
    seen = replace(seen, differences=(*seen.differences[:2], third, *seen.differences[3:]))
    assert play.guess(seen, "a", centre(third, seen, "a"))
    assert marks.ticked == {3}
    assert play.message == "probably yes! 4 left"


def test_a_wrong_guess_marks_nothing() -> None:
    play, marks, seen = game()
    assert not play.guess(seen, "a", (0.5, 0.02))
    assert not marks.ticked
    assert "look again" in play.message


def test_finding_all_ends_with_praise_and_counts_what_was_shown() -> None:
    play, _, seen = game()
    for _ in range(3):
        play.hint(seen)
    shown = next(iter(play.revealed))
    for difference in seen.differences:
        if difference.id != shown:
            play.guess(seen, "b", centre(difference, seen, "b"))
    assert "you found 4, 1 was shown" in play.message
    other, _, _ = game()
    for difference in seen.differences:
        other.guess(seen, "a", centre(difference, seen, "a"))
    assert other.message.startswith("all 5 found!")


def test_a_dismissed_difference_is_not_hinted_at() -> None:
    play, marks, seen = game()
    for number in (1, 2, 3, 4):
        marks.toggle_dismissal(number)
    for _ in range(3):
        play.hint(seen)
    assert play.revealed == {5}


def test_with_nothing_in_view_the_game_asks_for_a_page() -> None:
    play = Play(Marks())
    nothing = FrameResult(0, 0.0, State.SEARCHING, "hold still")
    play.begin(nothing)
    play.hint(nothing)
    assert "show both pictures" in play.message
    assert play.place(nothing) is None
    assert not play.guess(nothing, "a", (0.5, 0.5))


def test_a_tick_and_a_dismissal_exclude_each_other() -> None:
    marks = Marks()
    assert marks.toggle_tick(1)
    assert marks.toggle_dismissal(1)
    assert (marks.ticked, marks.dismissed) == (set(), {1})
    assert marks.toggle_tick(1)
    assert (marks.ticked, marks.dismissed) == ({1}, set())
    assert not marks.toggle_tick(1)


def test_marks_follow_their_place_when_the_ids_are_given_anew() -> None:
    marks, seen = Marks(), truth_page.looked_at((640, 400))[1]
    marks.follow(seen)
    marks.toggle_tick(2)
    marks.toggle_dismissal(5)
    marks.follow(seen)
    turned = tuple(replace(d, id=6 - d.id) for d in seen.differences)
    marks.follow(replace(seen, differences=turned))
    assert (marks.ticked, marks.dismissed) == ({4}, {1})


def test_marks_survive_while_the_page_is_out_of_view_and_go_with_the_page() -> None:
    marks, seen = ticked_second()
    marks.follow(FrameResult(1, 0.1, State.LOST, "page out of view", page=1))
    marks.follow(FrameResult(2, 0.2, State.SEARCHING, "no puzzle"))
    marks.follow(seen)
    assert marks.ticked == {2}
    marks.follow(replace(seen, page=2))
    assert not marks.ticked


def test_marks_stay_with_their_numbers_on_another_grid() -> None:
    marks, seen = ticked_second()

    def finer(box: Box) -> Box:
        return (3 * box[0], 3 * box[1], 3 * box[2], 3 * box[3])

    nearer = replace(seen, grid=1, differences=tuple(replace(d, box=finer(d.box)) for d in seen.differences))
    marks.follow(nearer)
    assert marks.ticked == {2}
    turned = tuple(replace(d, id=6 - d.id) for d in nearer.differences)
    marks.follow(replace(nearer, differences=turned))
    assert marks.ticked == {4}


def test_a_question_mark_does_not_come_and_go() -> None:
    marks = Marks()
    seen = truth_page.looked_at((640, 400))[1]
    first = seen.differences[0]

    def guessed(confidence: float) -> bool:
        shown = replace(first, confidence=confidence)
        marks.follow(replace(seen, differences=(shown,)))
        return marks.marking().guesses(shown)

    assert [guessed(c) for c in (0.7, 0.76, 0.7, 0.74, 0.65, 0.55, 0.7, 0.76)] == [
        True, False, False, False, False, True, True, False,
    ]  # fmt: skip
