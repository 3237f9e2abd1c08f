"""Whatever a camera delivers, spotting answers: no exception leaves it, and it takes no longer than for a page."""

import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.puzzles import changed, clip, page, scene
from numpy.typing import NDArray

from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.registration.warping import STEP
from livespot.spotting.results import FrameResult, Inspection, State
from livespot.spotting.spotter import Spotter, spot_page, spot_pair

# a backstop against time that runs away, not a measurement: a page of this size takes a tenth of a second
LONGEST = 20.0  # seconds for one picture
FUZZ = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Maker = Callable[[int, int, np.random.Generator], Image]


def _noise(w: int, h: int, rng: np.random.Generator) -> Image:
    return rng.integers(0, 256, (h, w, 3)).astype(np.uint8)


def _flat(w: int, h: int, rng: np.random.Generator) -> Image:
    return np.full((h, w, 3), rng.integers(0, 256, 3), np.uint8)


def _saturated(w: int, h: int, rng: np.random.Generator) -> Image:
    return np.where(rng.uniform(size=(h, w, 1)) < rng.uniform(), 255, 0).astype(np.uint8).repeat(3, axis=2)


def _chequers(w: int, h: int, rng: np.random.Generator) -> Image:
    """The same everywhere: every place matches every other."""
    cell = int(rng.integers(1, 24))
    y, x = np.mgrid[0:h, 0:w]
    return np.ascontiguousarray(((x // cell + y // cell) % 2 * 255).astype(np.uint8)[..., None].repeat(3, axis=2))


def _tiles(w: int, h: int, rng: np.random.Generator) -> Image:
    """One small picture over and over: a wallpaper of puzzles."""
    side = int(rng.integers(12, 90))
    tile = scene(int(rng.integers(1000)), (side, side))
    return np.ascontiguousarray(np.tile(tile, (h // side + 1, w // side + 1, 1))[:h, :w])


def _stripes(w: int, h: int, rng: np.random.Generator) -> Image:
    row = rng.integers(0, 256, (1, w, 3)).astype(np.uint8)
    return np.ascontiguousarray(row.repeat(h, axis=0))


def _page(w: int, h: int, rng: np.random.Generator) -> Image:
    """A real page, squeezed into any shape."""
    printed = page("side").image if rng.uniform() < 0.5 else page("diagonal").image
    return np.asarray(cv2.resize(printed, (w, h), interpolation=cv2.INTER_AREA), np.uint8)


def _mirrored(w: int, h: int, rng: np.random.Generator) -> Image:
    """Two halves that are mirror images: they look alike and never fit."""
    half = scene(int(rng.integers(1000)), (max(2, w // 2), h))
    both = np.concatenate([half, half[:, ::-1]], axis=1)
    return np.ascontiguousarray(cv2.resize(both, (w, h)), np.uint8)


def _torn(w: int, h: int, rng: np.random.Generator) -> Image:
    """A page whose transmission broke off: blocks exchanged, blacked out, coloured."""
    image = _page(w, h, rng)
    for _ in range(12):
        x, y = int(rng.integers(w)), int(rng.integers(h))
        part = np.s_[y : y + max(1, h // 5), x : x + max(1, w // 5)]
        image[part] = image[part][::-1] if rng.uniform() < 0.5 else rng.integers(0, 256, 3)
    return image


def _broken_jpeg(w: int, h: int, rng: np.random.Generator) -> Image:
    data = cv2.imencode(".jpg", _page(w, h, rng))[1].ravel().copy()
    for _ in range(6):
        data[int(rng.integers(200, max(201, len(data) - 2))) % len(data)] = int(rng.integers(0, 256))
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return _flat(w, h, rng) if decoded is None else np.asarray(decoded, np.uint8)


MAKERS: dict[str, Maker] = {
    f.__name__[1:]: f
    for f in (
        _noise, _flat, _saturated, _chequers, _tiles, _stripes, _page, _mirrored, _torn, _broken_jpeg,
    )
}  # fmt: skip


def check(spotting: FrameResult) -> None:
    """What always holds of an answer."""
    assert spotting.state in State
    assert (spotting.panels is None) == (spotting.state is not State.LOCKED)
    if spotting.state is not State.LOCKED:
        assert spotting.differences == ()
        assert spotting.reason
    assert len({d.id for d in spotting.differences}) == len(spotting.differences)
    for quad in [*(spotting.panels or ()), *(q for d in spotting.differences for q in (d.a, d.b))]:
        assert quad.shape == (4, 2)
        assert np.isfinite(quad).all()
    for d in spotting.differences:
        assert 0.0 <= d.confidence <= 1.0
        assert min(d.box[2:]) > 0
    spotting.as_json()


def timed(action: Callable[[], FrameResult | Inspection]) -> FrameResult:
    start = time.monotonic()
    result = action()
    assert time.monotonic() - start < LONGEST
    spotting = result.spotting if isinstance(result, Inspection) else result
    check(spotting)
    return spotting


makers = st.sampled_from(sorted(MAKERS))
sides = st.one_of(st.sampled_from([1, 2, 7, 8, 16, 31, 79, 80, 81]), st.integers(90, 400))
seeds = st.integers(0, 2**16)


@FUZZ
@given(makers, sides, sides, seeds)
def test_any_still_picture(maker: str, width: int, height: int, seed: int) -> None:
    image = MAKERS[maker](width, height, np.random.default_rng(seed))
    timed(lambda: spot_page(image, Settings()))


@FUZZ
@given(makers, makers, sides, sides, seeds)
def test_any_two_pictures(one: str, two: str, width: int, height: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = MAKERS[one](width, height, rng)
    b = a.copy() if seed % 3 == 0 else MAKERS[two](height, width, rng)
    spotting = timed(lambda: spot_pair(a, b, Settings()))
    if seed % 3 == 0:
        assert spotting.differences == ()


@settings(FUZZ, max_examples=4)
@given(st.lists(st.tuples(makers, seeds, st.booleans()), min_size=1, max_size=3))
def test_any_frames_between_those_of_a_page(strange: list[tuple[str, int, bool]]) -> None:
    """Also of another size; and the page is found again afterwards."""
    good = [f for f, _ in clip("desk", 12)]
    spotter = Spotter(Settings())
    frames = [good[0], good[1]]
    for maker, seed, same_size in strange:
        width, height = (640, 480) if same_size else (200 + seed % 200, 150 + seed % 97)
        frames.append(Frame(MAKERS[maker](width, height, np.random.default_rng(seed)), 0.0, 0, 0.0))
    frames += good[2:5]
    for i, frame in enumerate(frames):
        result = timed(lambda frame=frame, i=i: spotter.step(replace(frame, index=i, time=i / 10), due=True))  # type: ignore[misc]
    assert result.state is State.LOCKED


@FUZZ
@given(
    st.integers(16, 90),
    st.integers(16, 90),
    makers,
    makers,
    seeds,
    st.floats(0.1, 10),
    st.sampled_from(["robust", "classic"]),
)
def test_any_two_panels(
    width: int, height: int, one: str, two: str, seed: int, sensitivity: float, method: str
) -> None:
    rng = np.random.default_rng(seed)
    a, b = (np.asarray(cv2.resize(MAKERS[m](width, height, rng), (width, height)), np.uint8) for m in (one, two))
    seen = rng.uniform(size=(height, width)) < rng.choice([0.0, 0.5, 1.0])
    error = rng.uniform(0, 5, (-(-height // STEP), -(-width // STEP))).astype(np.float32)
    comparison = compare(AlignedPanels(a, b, seen, error), Settings(method=method, sensitivity=sensitivity))
    assert comparison.difference_map.shape == (height, width)
    assert np.isfinite(comparison.difference_map).all()
    for region in comparison.regions:
        x, y, w, h = region.box
        assert min(x, y) >= 0
        assert x + w <= width
        assert y + h <= height
        assert region.mask.shape == (h, w)
        assert 0 <= region.confidence <= 1


@settings(FUZZ, max_examples=12)
@given(st.lists(st.floats(-2000, 3000), min_size=16, max_size=16))
def test_any_panels_drawn_by_hand(numbers: list[float]) -> None:
    """Also twisted, flat, outside the frame."""
    frame = clip("desk", 12)[0][0]
    quads = np.array(numbers).reshape(2, 4, 2)
    spotter = Spotter(Settings())
    spotter.track(frame)
    spotter.set_panels(frame, quads[0], quads[1])
    check(spotter.track(replace(frame, index=1)))


@FUZZ
@given(st.lists(st.integers(-300, 300), min_size=8, max_size=8))
def test_corners_dragged_off_a_panel(moves: list[int]) -> None:
    """Panels that might have been meant: one has its corners anywhere, also beyond the frame."""
    frame, truth = clip("desk", 12)[0]
    spotter = Spotter(Settings())
    spotter.track(frame)
    spotter.set_panels(frame, truth.panels[0] + np.array(moves).reshape(4, 2), truth.panels[1])
    check(spotter.track(replace(frame, index=1)))


@pytest.mark.parametrize("maker", ["noise", "flat", "saturated", "mirrored"])
def test_nothing_that_is_no_page_is_boxed(maker: str) -> None:
    """Frames with no two panels that are nearly the same: no guess is drawn as a fact."""
    for seed in range(4):
        image = MAKERS[maker](400, 300, np.random.default_rng(seed))
        assert timed(lambda image=image: spot_page(image, Settings())).differences == ()  # type: ignore[misc]


@pytest.mark.slow
@pytest.mark.parametrize("maker", ["noise", "page", "tiles", "flat"])
def test_pictures_far_larger_than_any_camera_delivers(maker: str) -> None:
    image = MAKERS[maker](4000, 3000, np.random.default_rng(0))
    timed(lambda: spot_page(image, Settings()))


def test_two_pictures_of_extreme_shapes() -> None:
    a = scene(0)
    for shape in ((4, 2000), (2000, 4), (1, 1), (40, 40)):
        other: NDArray[np.uint8] = np.asarray(cv2.resize(changed(a), shape), np.uint8)
        timed(lambda other=other: spot_pair(a, other, Settings()))  # type: ignore[misc]
