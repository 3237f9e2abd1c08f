"""Two ends of one move are one difference."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livespot.frame import Image
from livespot.spotting.classify.moved import explained_by_a_move, join_moves
from livespot.spotting.difference.comparison import Region
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.results import Kind


def wall() -> Image:
    return np.full((120, 260, 3), (150, 160, 140), np.uint8)


def fish(picture: Image, x: int, y: int = 60, colour: tuple[int, int, int] = (40, 60, 200)) -> None:
    cv2.ellipse(picture, (x, y), (14, 8), 0, 0, 360, colour, -1, cv2.LINE_AA)
    cv2.circle(picture, (x + 7, y - 2), 2, (250, 250, 250), -1)
    cv2.fillPoly(picture, [np.array([[x - 12, y], [x - 20, y - 7], [x - 20, y + 7]])], (30, 30, 30))


def house(picture: Image, x: int, y: int = 60) -> None:
    cv2.rectangle(picture, (x - 14, y - 2), (x + 14, y + 10), (60, 90, 90), -1)
    cv2.fillPoly(picture, [np.array([[x - 18, y - 2], [x + 18, y - 2], [x, y - 14]])], (200, 60, 60))


def regions_of(a: Image, b: Image, kinds: dict[int, Kind]) -> list[Region]:
    """One region for each blob that differs; kinds: by the panel's third, from the left."""
    off = (cv2.absdiff(a, b).max(axis=2) > 20).astype(np.uint8)
    count, label, stats, _ = cv2.connectedComponentsWithStats(off)
    result = []
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        result.append(Region((x, y, w, h), label[y : y + h, x : x + w] == i, kinds[x // 87], 0.9 - 0.1 * i))
    return result


def joined(a: Image, b: Image, kinds: dict[int, Kind]) -> list[Region]:
    return join_moves(GainCorrectedPair(a, b), regions_of(a, b, kinds))


def test_an_object_gone_here_and_come_close_by_has_moved() -> None:
    a, b = wall(), wall()
    fish(a, 60)
    fish(b, 110)
    (region,) = joined(a, b, {0: Kind.REMOVED, 1: Kind.ADDED})
    assert region.kind is Kind.MOVED
    x, _, w, _ = region.box
    assert x <= 41  # both places
    assert x + w >= 124
    assert region.mask.shape == (region.box[3], w)
    assert region.confidence == pytest.approx(0.8)


def test_a_part_that_is_mirrored_to_the_other_side_is_one_change() -> None:
    """A tail on its other side: gone on the left, come on the right, with its owner between."""
    a, b = wall(), wall()
    tail = np.array([[-20, 10], [-40, 4], [-38, -14], [-30, -16], [-32, 0]])
    for picture, side in ((a, 1), (b, -1)):
        cv2.fillPoly(picture, [tail * (side, 1) + (130, 60)], (40, 110, 220), cv2.LINE_AA)
        house(picture, 130)
    kinds = {1: Kind.REMOVED}
    one, two = regions_of(a, wall(), kinds)[0], regions_of(wall(), b, {1: Kind.ADDED})[0]
    (region,) = join_moves(GainCorrectedPair(a, b), [one, two])
    assert region.kind is Kind.CHANGED
    assert region.box[2] > 70
    c = b.copy()
    c[:, 148:] = wall()[:, 148:]
    cv2.circle(c, (160, 56), 11, (60, 200, 60), -1)  # what has come is no mirror image of what is gone
    three = regions_of(wall(), c, {1: Kind.ADDED})[-1]
    assert len(join_moves(GainCorrectedPair(a, c), [one, three])) == 2


@pytest.mark.parametrize("case", ["far apart", "unlike", "both gone"])
def test_what_is_no_move_stays_two(case: str) -> None:
    a, b = wall(), wall()
    kinds = {0: Kind.REMOVED, 1: Kind.ADDED, 2: Kind.ADDED}
    fish(a, 60)
    if case == "far apart":
        fish(b, 200)
    elif case == "unlike":
        house(b, 110)
    else:
        fish(a, 110)
        kinds[1] = Kind.REMOVED
    regions = joined(a, b, kinds)
    assert len(regions) == 2
    assert all(r.kind is not Kind.MOVED for r in regions)


def test_nothing_to_join() -> None:
    assert join_moves(GainCorrectedPair(wall(), wall()), []) == []


def test_a_move_explains_both_ends_and_an_addition_explains_nothing() -> None:
    a, b, both = wall(), wall(), wall()
    fish(a, 60)
    fish(b, 72)
    fish(both, 60)
    fish(both, 110)
    for one, two, low, high in ((a, b, 0.8, 1.01), (a, both, -0.01, 0.2)):
        inside = (cv2.absdiff(one, two).max(axis=2) > 20).astype(np.uint8)
        share = explained_by_a_move(one.astype(np.float32), two.astype(np.float32), inside)
        back = explained_by_a_move(two.astype(np.float32), one.astype(np.float32), inside)
        assert low < share < high
        assert back == pytest.approx(share, abs=1e-6)
