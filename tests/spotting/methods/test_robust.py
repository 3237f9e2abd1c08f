"""livespot's own comparison of two aligned panels."""

from typing import Any

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, covers, everywhere, scene
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box
from livespot.settings import Settings
from livespot.spotting.classify import confidence as acceptance
from livespot.spotting.classify.measures import Measures, Panels, measures_of
from livespot.spotting.difference.seen import Seen
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels, Comparison, ComparisonCache, Eyed
from livespot.spotting.methods.robust import SURE, _whole, covered_by
from livespot.spotting.results import Kind

SETTINGS = Settings()
ERROR = np.full((30, 40), 0.2, np.float32)
MIRRORED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}


def compared(
    a: Image,
    b: Image,
    settings: Settings = SETTINGS,
    seen: NDArray[np.bool_] | None = None,
    error: NDArray[np.float32] = ERROR,
    before: ComparisonCache | None = None,
) -> Comparison:
    return compare(AlignedPanels(a, b, everywhere(a) if seen is None else seen, error, before), settings)


@pytest.mark.parametrize("seed", range(3))
def test_exchanging_the_panels_gives_the_same_boxes_and_confidence_with_mirrored_kinds(seed: int) -> None:
    a, b = scene(seed), changed(scene(seed))
    there = compared(a, b)
    back = compared(b, a)
    assert len(there.regions) == len(back.regions) >= len(BOXES)
    for one in there.regions:
        (other,) = (r for r in back.regions if r.box == one.box)
        assert np.array_equal(one.mask, other.mask)
        assert other.kind is MIRRORED.get(one.kind, one.kind)
        assert other.confidence == pytest.approx(one.confidence, abs=1e-3)
    assert np.allclose(there.difference_map, back.difference_map, atol=1e-3)


def test_the_most_confident_come_first_and_the_map_says_where() -> None:
    a, b = scene(4), changed(scene(4))
    comparison = compared(a, b)
    confidence = [r.confidence for r in comparison.regions]
    assert confidence == sorted(confidence, reverse=True)
    for box in BOXES:
        region = next(r for r in comparison.regions if covers(r.box, box))
        x, y, w, h = region.box
        assert comparison.difference_map[y : y + h, x : x + w].max() > 1.0


def test_sensitivity_raises_and_lowers_the_confidence() -> None:
    a, b = scene(5), changed(scene(5))
    low, usual, high = (
        sum(r.confidence for r in compared(a, b, Settings(sensitivity=s)).regions) for s in (0.25, 1.0, 4.0)
    )
    assert low < usual < high


def test_what_is_not_seen_is_not_compared() -> None:
    a, b = scene(6), changed(scene(6))
    seen = everywhere(a)
    seen[:, 150:] = False
    regions = [r for r in compared(a, b, seen=seen).regions if r.confidence > 0.5]
    assert len(regions) == 2
    assert all(r.box[0] + r.box[2] <= 150 for r in regions)


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_both_methods_are_chosen_by_the_settings(method: str) -> None:
    a, b = scene(7), changed(scene(7))
    regions = compared(a, b, Settings(method=method)).regions
    assert all(any(covers(r.box, box) for r in regions) for box in BOXES)


@pytest.mark.parametrize("size", [(16, 16), (17, 40), (200, 16)], ids=str)
def test_the_smallest_panels(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, (size[1], size[0], 3)).astype(np.uint8) for _ in range(2))
    error = np.zeros((-(-size[1] // 8), -(-size[0] // 8)), np.float32)
    for one, two in ((a, a), (a, b)):
        comparison = compared(one, two, error=error)
        assert np.isfinite(comparison.difference_map).all()
    nothing = compared(a, b, seen=np.zeros(a.shape[:2], np.bool_), error=error)
    assert nothing.regions == ()


def test_the_number_of_threads_changes_nothing() -> None:
    a, b = scene(7), changed(scene(7))
    one, several = (compared(a, b, Settings(threads=t)) for t in (1, 3))
    assert len(one.regions) >= len(BOXES)
    for region, same in zip(one.regions, several.regions, strict=True):
        assert (region.box, region.kind, region.confidence) == (same.box, same.kind, same.confidence)
    assert np.array_equal(one.difference_map, several.difference_map)


def test_what_is_sure_and_still_the_same_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = scene(7), changed(scene(7))
    first = compared(a, b)
    measured: list[Box] = []

    def noted(panels: Panels, box: Box, *rest: Any) -> Measures:
        measured.append(box)
        return measures_of(panels, box, *rest)

    monkeypatch.setattr(acceptance, "measures_of", noted)
    again = compared(a, b, before=first.before)
    sure = [r.box for r in again.regions if r.confidence >= SURE]
    assert len(sure) >= len(BOXES)
    assert not set(sure) & set(measured)
    assert [(r.box, r.kind) for r in again.regions] == [(r.box, r.kind) for r in first.regions]
    # one that has gone is gone at once, and one that comes is measured
    x, y, w, h = BOXES[0]
    other = b.copy()
    around = np.s_[y - 6 : y + h + 6, x - 6 : x + w + 6]
    other[around] = a[around]
    cv2.circle(other, (15, 220), 8, (20, 200, 20), -1)
    now = compared(a, other, before=again.before)
    assert not any(covers(r.box, BOXES[0]) for r in now.regions)
    assert any(covers(box, (10, 215, 10, 10)) for box in measured)


@pytest.mark.parametrize("size", [(12, 16), (13, 17), (2, 3)], ids=str)
def test_four_pixels_that_are_seen_are_one_of_the_half(size: tuple[int, int]) -> None:
    seen = np.random.default_rng(8).random(size) < 0.8
    rows, columns = size[0] // 2, size[1] // 2
    blocks = seen[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
    assert np.array_equal(_whole(seen), blocks.all(axis=(1, 3)))


def test_what_seems_covered_along_the_rim_hides_nothing_plain_that_reaches_into_the_picture() -> None:
    """A fence that begins at the rim, where the eye is unsure, and a letter that it does not see in both pictures."""
    covered = np.zeros((200, 300), np.bool_)
    covered[:, :5] = covered[80:120, :60] = covered[150:180, 250:290] = True
    both = np.ones((100, 150), np.float32)
    both[:, :4] = both[72:92, 122:148] = 0.2
    eyed = Eyed(
        Seen(both, both, both, both, np.zeros((5, 100, 150), np.float32), (2.0, 2.0)),
        (np.zeros((1, 1, 3), np.uint8),) * 2,
    )
    left = covered_by(covered, eyed)
    assert not left[84:116, 8:60].any()
    assert left[:70, :5].all()
    assert left[150:180, 250:290].all()
