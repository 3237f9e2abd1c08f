"""From a picture to its panels, or a reason in words to act on."""

import cv2
import numpy as np
import pytest
from kit.no_puzzles import page_of_words
from kit.puzzles import changed, page, scene

from livespot import geometry
from livespot.demo import make_puzzle
from livespot.frame import Image
from livespot.geometry import Points, Quad
from livespot.spotting.panels.detect import NotFound, Search, canonical_grid, search_page, search_pair
from livespot.spotting.registration.residual_warp import Registration


def desk(level: float, spread: float, size: tuple[int, int] = (480, 640)) -> Image:
    noise = np.random.default_rng(0).normal(level, spread, (*size, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def scattered() -> Image:
    return scene(5, (640, 480))


def repeated_words() -> Image:
    """A page of text in lines, of a few words that come again and again."""
    rng = np.random.default_rng(0)
    words = [
        *("the", "cat", "sat", "on", "mat", "and", "read", "a", "long", "letter", "today", "while", "rain", "fell"),
        *("over", "quiet", "town", "hills", "nobody", "knew", "why", "bells", "rang"),
    ]
    image = np.full((900, 700, 3), 245, np.uint8)
    for y in range(60, 860, 28):
        line = " ".join(rng.choice(words, 12))[:56]
        cv2.putText(image, line, (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 1, cv2.LINE_AA)
    return image


def far_away() -> Image:
    small = page().image[::7, ::7]
    image = desk(150, 6)
    image[200 : 200 + small.shape[0], 250 : 250 + small.shape[1]] = small
    return image


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.zeros((480, 640, 3), np.uint8), "too dark"),
        (desk(8, 6), "too dark"),
        (np.full((480, 640, 3), 255, np.uint8), "covered"),
        (desk(128, 1), "covered"),
        (desk(128, 40), "no puzzle in view"),
        (repeated_words(), "no puzzle in view"),
        (scattered(), "no puzzle in view"),
        (scene(0, (30, 20)), "30 x 20 px is too small"),
        (far_away(), "too small|no puzzle"),
    ],
    ids=["black", "night", "white", "a lens cap", "noise", "repeated words", "one picture", "a thumbnail", "far away"],
)
def test_why_there_is_no_puzzle(image: Image, reason: str) -> None:
    found = search_page(image, 800)
    assert isinstance(found, NotFound)
    assert not found
    assert any(part in found.reason for part in reason.split("|"))


@pytest.mark.parametrize("kind", ["side", "stacked", "diagonal"])
def test_both_panels_are_found_in_any_layout(kind: str) -> None:
    printed = page(kind)
    registration = search_page(printed.image, 800)
    assert isinstance(registration, Registration)
    outline = geometry.rectangle(*registration.size) - 0.5
    # 2 % of a panel: closer is the panels' own business
    assert np.abs(registration.on_a(outline) - printed.a).max() < 7
    assert np.abs(registration.on_b(outline) - printed.b).max() < 7


def test_panels_drawn_by_hand_are_used() -> None:
    printed = page()
    registration = search_page(printed.image, 800, (printed.a + 2.0, printed.b + 2.0))
    assert isinstance(registration, Registration)
    outline = geometry.rectangle(*registration.size) - 0.5
    assert np.abs(registration.on_a(outline) - printed.a - 2.0).max() < 1.5


def test_two_pictures() -> None:
    a = scene(6)
    assert isinstance(search_pair(a, changed(a), 800), Registration)
    other = search_pair(a, scene(7), 800)
    assert isinstance(other, NotFound)
    assert "same scene" in other.reason
    tiny = search_pair(a, scene(6, (12, 9)), 800)
    assert isinstance(tiny, NotFound)
    assert "12 x 9 px" in tiny.reason


def test_an_upright_panel_keeps_its_own_pixels_and_a_large_one_is_made_smaller() -> None:
    to_a, size = canonical_grid(geometry.rectangle(320, 240) + np.array([20.0, 10.0]), 800)
    assert size == (320, 240)
    assert np.array_equal(to_a, [[1, 0, 20], [0, 1, 10], [0, 0, 1]])
    _, size = canonical_grid(geometry.rectangle(3200, 2400), 800)
    assert size == (800, 600)


def test_panels_drawn_by_hand_are_registered_by_what_is_printed() -> None:
    """Corners a hand has dragged are a few pixels off, and paper bends: the print says more."""
    printed = page()
    height, width = printed.image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = (8.0 * np.sin(x / width * 2 * np.pi)).astype(np.float32)
    bent = np.asarray(
        cv2.remap(printed.image, x, y - bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    shaky = np.array([[4.0, -3.0], [-5.0, 4.0], [3.0, 5.0], [-4.0, -4.0]])
    found = search_page(bent, 800, (printed.a + shaky, printed.b - shaky))
    assert isinstance(found, Registration)
    at = np.array([[u, v] for u in range(40, 300, 40) for v in range(40, 220, 40)], np.float64)
    on_a, on_b = found.on_a(at), found.on_b(at)

    def flat(points: Points) -> Points:
        return points - np.column_stack([np.zeros(len(points)), 8.0 * np.sin(points[:, 0] / width * 2 * np.pi)])

    off = np.linalg.norm(flat(on_b) - flat(on_a) - (printed.b - printed.a).mean(axis=0), axis=1)
    assert np.median(off) < 0.5
    assert off.max() < 1.5


@pytest.mark.parametrize("seed", [1, 3, 18, 27])
def test_a_page_of_words_of_which_some_stand_twice_is_no_puzzle(seed: int) -> None:
    found = search_page(page_of_words(np.random.default_rng(seed)), 800)
    assert isinstance(found, NotFound)


def plain_puzzle(noise: float, glare: bool, seed: int) -> tuple[Image, tuple[Quad, Quad]]:
    """A page with little print on it, in a webcam's noise (sigma, grey levels), a lamp over B; its panels."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:340, 0:420].astype(np.float32)
    panel = np.ascontiguousarray(np.stack([170 - 0.12 * y, 110 - 0.06 * y, 40 + 0 * y], axis=-1))
    panel[y > 230 - 40 * np.sin(x / 140)] = (30, 90, 40)
    cv2.circle(panel, (60, 60), 38, (40, 140, 220), -1, cv2.LINE_AA)
    cv2.ellipse(panel, (170, 70), (70, 24), 0, 0, 360, (215, 205, 205), -1, cv2.LINE_AA)
    cv2.circle(panel, (120, 170), 60, (30, 80, 50), -1, cv2.LINE_AA)
    cv2.rectangle(panel, (108, 215), (134, 300), (25, 55, 110), -1)
    for low, high in ([(20, 295), (100, 330)],) * 14 + ([(300, 235), (350, 250)],) * 8:
        at = rng.integers(low, high).tolist()
        cv2.circle(panel, at, 5, rng.uniform(40, 220, 3).tolist(), -1, cv2.LINE_AA)
    panel = np.asarray(cv2.GaussianBlur(panel, (0, 0), 1.5), np.float32)
    picture = np.full((480, 960, 3), 170, np.uint8)
    quads = geometry.box_quad((40, 70, 420, 340)), geometry.box_quad((490, 70, 420, 340))
    for left in (40, 490):
        picture[70:410, left : left + 420] = panel
    for line in range(3):
        words = "the rain began and the old birds saw the seven birds and the rain and the lamp"
        cv2.putText(picture, words, (40, 435 + 16 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (60, 60, 60), 1, cv2.LINE_AA)
    y, x = np.mgrid[0:480, 0:960]
    light = 600.0 * np.exp(-(((x - 720) / 70.0) ** 2) - ((y - 130) / 70.0) ** 2) if glare else np.zeros((480, 960))
    filmed = cv2.GaussianBlur(picture + light[..., None], (0, 0), 0.7) + rng.normal(0.0, noise, picture.shape)
    return np.clip(filmed, 0, 255).astype(np.uint8), quads


@pytest.mark.parametrize(("noise", "glare"), [(14.0, False), (10.0, True), (14.0, True)])
def test_a_plain_picture_is_found_in_noise_and_under_a_lamp(noise: float, glare: bool) -> None:
    picture, quads = plain_puzzle(noise, glare, 2)
    found = search_page(picture, 480)
    assert isinstance(found, Registration)
    for quad, true in zip(found.panels(), quads, strict=True):
        assert np.linalg.norm(quad - true, axis=1).max() < 8.0


@pytest.mark.parametrize("ground", ["dots", "larger dots", "checks", "faint stripes"])
def test_a_ground_that_repeats_is_no_puzzle(ground: str) -> None:
    y, x = np.mgrid[0:600, 0:800].astype(np.float32)
    if ground.endswith("dots"):
        period = 7 if ground == "dots" else 13
        grey = 220 - 180 * (np.hypot(x % period - period / 2, y % period - period / 2) < period / 4)
    elif ground == "checks":
        grey = 60 + 150 * ((x // 23 + y // 23) % 2)
    else:
        grey = cv2.GaussianBlur(150 + 12 * np.sin(2 * np.pi * y / 7) + x / 20, (0, 0), 2)
    page = cv2.cvtColor(np.clip(grey, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    assert not search_page(np.asarray(page, np.uint8), 800)


def test_a_page_seen_with_few_pixels_is_paired_in_its_own_px() -> None:
    printed = page()
    large = cv2.resize(printed.image, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_LINEAR)
    matches, pairing = Search(480)._coarsely(np.asarray(large, np.uint8))
    assert pairing is not None
    a, b = (2.0 * (quad + 0.5) - 0.5 for quad in (printed.a, printed.b))
    assert np.linalg.norm(geometry.apply(pairing.homography, a) - b, axis=1).max() < 4.0
    assert np.linalg.norm(pairing.apply(pairing.matches.a) - pairing.matches.b, axis=1).max() < 20.0
    assert matches.a.max() > 480.0


@pytest.mark.parametrize("names", [("kitchen", "astronaut"), ("village", "reef"), ("coffee", "harbour")], ids="-".join)
def test_two_puzzles_on_wide_paper_are_found(names: tuple[str, str]) -> None:
    view = np.full((480, 640, 3), 235, np.uint8)
    for top, name in zip((40, 230), names, strict=True):
        puzzle = make_puzzle(name, seed=2)
        for left, picture in ((110, puzzle.a), (330, puzzle.b)):
            view[top : top + 150, left : left + 200] = cv2.resize(picture, (200, 150), interpolation=cv2.INTER_AREA)
    assert isinstance(search_page(view, 480), Registration)


@pytest.mark.parametrize("name", ["kitchen", "harbour", "village"])
def test_a_picture_alone_is_no_puzzle_though_things_stand_twice_in_it(name: str) -> None:
    picture = cv2.resize(make_puzzle(name, seed=3).a, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    assert not search_page(np.asarray(picture, np.uint8), 480)
