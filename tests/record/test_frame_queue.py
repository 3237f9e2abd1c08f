"""The line before the encoder: bounded in pictures and in time, in order, and it wakes whoever waits when it closes."""

import threading
import weakref

import numpy as np
import pytest

from livespot.record.frame_queue import LONGEST_WAIT, Mark, Picture, WaitingLine


def picture(value: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((4, 6, 3), value, np.uint8)


def drained(line: WaitingLine) -> list[object]:
    line.close()
    items = []
    while (item := line.take()) is not None:
        items.append(int(item.image[0, 0, 0]) if isinstance(item, Picture) else item)
    return items


def test_an_empty_line_that_closes_gives_nothing() -> None:
    assert drained(WaitingLine(5)) == []


def test_pictures_and_marks_keep_their_order() -> None:
    line = WaitingLine(5)
    line.put(picture(1), 0.0)
    line.mark("frozen")
    line.put(picture(2), 0.1)
    assert drained(line) == [1, Mark("frozen"), 2]


@pytest.mark.parametrize(
    ("length", "apart", "fit"),
    [(5, 0.001, 5), (600, LONGEST_WAIT / 10, 11), (5, 10.0, 2), (5, -10.0, 5)],
    ids=["by-number", "by-time", "two-always-fit", "clock-runs-back"],
)
def test_it_takes_so_many_and_no_more(length: int, apart: float, fit: int) -> None:
    line = WaitingLine(length)
    taken = [line.put(picture(n), n * apart) for n in range(30)]
    assert taken == [True] * fit + [False] * (30 - fit)
    assert drained(line) == list(range(fit))


def test_a_picture_is_held_not_copied_and_let_go_with_its_taker() -> None:
    line = WaitingLine(5)
    image = picture(1)
    line.put(image, 0.0)
    taken = line.take()
    assert isinstance(taken, Picture)
    assert taken.image is image
    held = weakref.ref(image)
    del image, taken
    assert held() is None


@pytest.mark.parametrize("at_once", [False, True], ids=["politely", "at-once"])
def test_closing_wakes_a_writer_who_waits_for_room(at_once: bool) -> None:
    line = WaitingLine(2)
    line.put(picture(1), 0.0)
    line.put(picture(2), 0.1)
    writer = threading.Thread(target=line.put, args=(picture(3), 0.2), kwargs={"wait": True}, daemon=True)
    writer.start()
    line.close(at_once=at_once)
    writer.join(30)
    assert not writer.is_alive()
    assert drained(line) == ([] if at_once else [1, 2])
