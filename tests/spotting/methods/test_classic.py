"""The classic method: the published pipeline, step for step, on the fast kernels."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.bench.classic import published, published_map
from livespot.settings import ClassicSettings, Settings
from livespot.spotting.methods.classic import compare_classic, difference_map, parts_of, quantile_of
from livespot.spotting.methods.comparison import AlignedPanels, Comparison

Picture = NDArray[np.uint8]
NO_ERROR = np.zeros((1, 1), np.float32)


def scene(seed: int, size: tuple[int, int] = (300, 400)) -> Picture:
    """Coloured blobs on a gradient."""
    rng = np.random.default_rng(seed)
    height, width = size
    light = np.linspace(60, 200, width)[None, :, None] + rng.normal(0, 2, (height, width, 3))
    picture = np.clip(light, 0, 255).astype(np.uint8)
    for _ in range(40):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(picture, centre, int(rng.integers(5, 30)), tuple(int(v) for v in rng.integers(0, 256, 3)), -1)
    return picture


def changed(picture: Picture) -> Picture:
    other = picture.copy()
    cv2.circle(other, (90, 80), 14, (20, 220, 240), -1)
    cv2.rectangle(other, (280, 190), (310, 230), (240, 30, 10), -1)
    return other


def everything(picture: Picture) -> NDArray[np.bool_]:
    return np.ones(picture.shape[:2], np.bool_)


def compared(a: Picture, b: Picture, settings: Settings) -> Comparison:
    return compare_classic(AlignedPanels(a, b, everything(a), NO_ERROR), settings)


@pytest.mark.parametrize("seed", range(4))
def test_boxes_are_those_of_the_published_pipeline(seed: int) -> None:
    a = scene(seed, (300, 400) if seed % 2 else (251, 333))
    b = changed(a)
    found = compared(a, b, Settings())
    assert sorted(r.box for r in found.regions) == sorted(published(a, b))
    assert found.regions


def test_map_is_that_of_the_published_pipeline() -> None:
    a = scene(7)
    b = changed(a)
    fast = difference_map(a, b, ClassicSettings(), 2)
    assert np.abs(fast / fast.max() - published_map(a, b)).max() < 1e-4  # float32 and the kernels' 5e-5


@pytest.mark.parametrize("name", ["ssim", "absdiff"])
def test_planted_differences_are_found(name: str) -> None:
    a = scene(1)
    settings = Settings(classic=ClassicSettings(map=name))
    regions = compared(a, changed(a), settings).regions
    for x, y in ((90, 80), (295, 210)):
        assert any(r.box[0] <= x < r.box[0] + r.box[2] and r.box[1] <= y < r.box[1] + r.box[3] for r in regions)
    assert all(r.mask.shape == (r.box[3], r.box[2]) and 0.5 <= r.confidence <= 1 for r in regions)


def test_equal_panels_give_no_box_and_noise_alone_gives_boxes() -> None:
    """The limit of the published pipeline: its threshold is relative."""
    a = scene(2)
    assert compared(a, a, Settings()).regions == ()
    noisy = np.clip(a + np.random.default_rng(0).normal(0, 4, a.shape), 0, 255).astype(np.uint8)
    assert len(compared(a, noisy, Settings()).regions) >= 2


def test_what_is_not_seen_is_not_a_difference() -> None:
    a = scene(3)
    seen = everything(a)
    seen[:, :200] = False
    regions = compare_classic(AlignedPanels(a, changed(a), seen, NO_ERROR), Settings()).regions
    assert regions
    assert all(r.box[0] + r.box[2] > 190 for r in regions)


def test_settings_count() -> None:
    a = scene(4)
    b = np.clip(changed(a) + np.random.default_rng(1).normal(0, 5, a.shape), 0, 255).astype(np.uint8)
    usual = Settings()
    assert len(compared(a, b, replace(usual, classic=ClassicSettings(boxes=2))).regions) == 2

    def area(settings: Settings) -> int:
        return int(sum(r.mask.sum() for r in compared(a, b, settings).regions))

    narrow = replace(usual, classic=ClassicSettings(quantile=0.99))
    assert area(narrow) < area(usual) < area(replace(usual, sensitivity=2.0))


@pytest.mark.parametrize("share", [0.0, 0.5, 0.95, 1.0], ids="{:.0%}".format)
@pytest.mark.parametrize("name", ["spread", "mostly zero", "two values", "huge tail", "zero", "one"])
def test_quantile_is_exact(name: str, share: float) -> None:
    rng = np.random.default_rng(5)
    values = {
        "spread": rng.random((40, 50)),
        "mostly zero": np.where(rng.random((40, 50)) < 0.9, 0, rng.random((40, 50))),
        "two values": rng.choice([0.25, 2.0], (40, 50)),
        "huge tail": np.exp(rng.normal(0, 4, (40, 50))),
        "zero": np.zeros((40, 50)),
        "one": np.array([[0.7]]),
    }[name].astype(np.float32)
    assert quantile_of(values, share) == pytest.approx(float(np.quantile(values, share, method="lower")))


def test_parts_are_the_components_holes_and_what_lies_in_them_included() -> None:
    binary = (cv2.GaussianBlur(np.random.default_rng(0).random((120, 90), np.float32), (0, 0), 2.0) > 0.5).astype(
        np.uint8
    )
    cv2.rectangle(binary, (20, 20), (70, 60), 0, -1)
    cv2.rectangle(binary, (24, 24), (60, 56), 1, 2)
    cv2.circle(binary, (40, 40), 5, 1, -1)  # in the hole of the frame
    count, label, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
    parts = parts_of(binary)
    assert len(parts) == count - 1
    assert [int(p.mask.sum()) for p in parts] == sorted((int(v) for v in stats[1:, cv2.CC_STAT_AREA]), reverse=True)
    for part in parts:
        x, y, w, h = part.box
        (own,) = np.unique(label[y : y + h, x : x + w][part.mask])
        assert np.array_equal(label[y : y + h, x : x + w] == own, part.mask)
        assert tuple(stats[own, :4]) == part.box
