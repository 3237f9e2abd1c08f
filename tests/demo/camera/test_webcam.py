"""What the simulated webcam films is what its truth says, frame by frame."""

from dataclasses import fields, replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from livespot.demo import SCENARIOS, Page, Scenario, Webcam, page_picture, ready_made
from livespot.errors import UsageError
from livespot.geometry import Points, rectangle

SIZE = (960, 540)
STILL = Scenario(noise=0.0, jpeg=100, sharpen=0.0)


def fiducials() -> tuple[Page, Points]:
    """A grey page with dark discs, and their middles."""
    image = np.full((600, 1100, 3), 190, np.uint8)
    spots = np.array([(x, y) for y in range(60, 600, 80) for x in range(60, 1100, 98)], np.float64)
    for x, y in spots.astype(int):
        cv2.circle(image, (int(x), int(y)), 11, (30, 30, 30), -1, cv2.LINE_AA)
    return ready_made("spots", image, rectangle(500, 500) + 20, rectangle(500, 500) + np.array([560, 20]), []), spots


@pytest.mark.parametrize(
    "scenario",
    [
        replace(STILL, k1=0.0, k2=0.0),
        replace(STILL, curl=12.0),
        replace(STILL, k1=-0.3, k2=0.08),
        replace(STILL, k1=-0.2, curl=10.0, tremor=3.0, drift=20.0, sway=2.0, noise=2.0, jpeg=85, gradient=0.3),
    ],
    ids=["plain", "curled", "strong lens", "everything"],
)
@pytest.mark.parametrize("size", [SIZE, (640, 480)], ids=["960", "640"])
def test_truth_lands_on_the_printed_marks(scenario: Scenario, size: tuple[int, int]) -> None:
    page, spots = fiducials()
    camera = Webcam(page, scenario, size=size, fps=30, seed=3)
    for index in (0, 41):
        image = cv2.cvtColor(camera.image(index), cv2.COLOR_BGR2GRAY).astype(np.float64)
        errors = []
        for x, y in camera.to_frame(index, spots):
            if not (14 < x < size[0] - 14 and 14 < y < size[1] - 14):
                continue
            x0, y0 = round(x) - 11, round(y) - 11
            dark = np.clip(
                np.median(image[y0 : y0 + 23, x0 : x0 + 23]) - 25 - image[y0 : y0 + 23, x0 : x0 + 23], 0, None
            )
            ys, xs = np.mgrid[y0 : y0 + 23, x0 : x0 + 23]
            errors.append(np.hypot((dark * xs).sum() / dark.sum() - x, (dark * ys).sum() / dark.sum() - y))
        assert len(errors) > 50
        # A disc's middle and its middle of darkness differ by perspective and shading: tenths of a pixel, no more.
        assert np.median(errors) < 0.12
        assert max(errors) < 0.5


def test_same_seed_same_frames_in_any_order() -> None:
    page, _ = fiducials()
    changes = [(s, f) for s in SCENARIOS.values() if s.size is None for f in fields(Scenario)]
    wild = Scenario(**{f.name: getattr(s, f.name) for s, f in changes if getattr(s, f.name) != f.default})
    one, two = (Webcam(page, wild, size=(320, 180), fps=30, seed=9) for _ in range(2))
    forwards = [one.image(i) for i in (0, 5, 100)]
    backwards = [two.image(i) for i in (100, 5, 0)][::-1]
    for a, b in zip(forwards, backwards, strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(Webcam(page, wild, size=(320, 180), fps=30, seed=10).image(5), forwards[1])


@pytest.fixture(scope="module")
def printed() -> Page:
    return page_picture("kitchen", seed=12)


def camera(page: Page, name: str, size: tuple[int, int] = (640, 360), **changes: object) -> Webcam:
    return Webcam(page, replace(SCENARIOS[name], **changes), size=size, fps=30, seed=6)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_starts_with_the_page_in_view_and_steady(printed: Page, name: str) -> None:
    film = camera(printed, name)
    truths = [film.truth(i) for i in range(8)]
    assert all(t.in_view for t in truths)
    assert not any(d.hidden for d in truths[0].differences) or name == "glare"
    steps = [np.abs(b.panels[0] - a.panels[0]).max() for a, b in pairwise(truths)]
    assert max(steps) < 6
    assert film.image(0).shape == (360, 640, 3)


def test_desk_stands_still_and_handheld_trembles(printed: Page) -> None:
    def wander(name: str) -> float:
        film = camera(printed, name, size=(1280, 720))
        corners = np.array([film.truth(i).panels[0][0] for i in range(60)])
        return float(corners.std(axis=0).max())

    assert wander("desk") < 1e-9
    assert 1 < wander("handheld") < 30


def test_dim_is_darker_warmer_and_noisier(printed: Page) -> None:
    plain, dim = camera(printed, "handheld"), camera(printed, "dim")
    a, b = plain.image(4).astype(np.float64), dim.image(4).astype(np.float64)
    assert b.mean() < 0.75 * a.mean()
    assert b[..., 2].mean() / b[..., 0].mean() > 1.1 * a[..., 2].mean() / a[..., 0].mean()
    quiet = [replace(f.scenario, tremor=0.0, drift=0.0, sway=0.0) for f in (plain, dim)]
    noise = []
    for scenario in quiet:
        film = Webcam(printed, scenario, size=(640, 360), fps=30, seed=6)
        noise.append((film.image(1).astype(np.float64) - film.image(2)).std())
    assert noise[1] > 1.5 * noise[0]


def test_curled_paper_leaves_pixels_after_any_homography(printed: Page) -> None:
    left = {}
    for name in ("desk", "handheld", "curled"):
        film = camera(printed, name, size=(1280, 720), k1=0.0, k2=0.0)
        h, w = printed.image.shape[:2]
        sheet = np.stack(np.meshgrid(np.linspace(0, w, 15), np.linspace(0, h, 9)), axis=-1).reshape(-1, 2)
        seen = film.to_frame(0, sheet)
        best, _ = cv2.findHomography(sheet, seen)
        left[name] = np.linalg.norm(cv2.perspectiveTransform(sheet[None], best)[0] - seen, axis=1).max()
    assert left["desk"] < 0.01
    assert left["handheld"] < 4
    assert 3 < left["curled"] < 25


def test_glare_whitens_moves_and_hides_what_the_truth_says(printed: Page) -> None:
    film = camera(printed, "glare")
    hidden: dict[int, set[bool]] = {}
    for index in range(0, 600, 40):
        image = film.image(index)
        assert (image.min(axis=2) > 225).mean() > 0.005  # something is burnt out
        for k, d in enumerate(film.truth(index).differences):
            for quad, share in ((d.a, d.hidden_a), (d.b, d.hidden_b)):
                hidden.setdefault(k, set()).add(d.hidden)
                if share > 0.95:  # nothing but light there
                    x, y = np.round(quad.mean(axis=0)).astype(int)
                    assert image[y - 1 : y + 2, x - 1 : x + 2].min() > 170
    assert any(len(states) == 2 for states in hidden.values()), "the glare never uncovers what it hid"


def test_a_veil_adds_the_same_light_to_dark_and_light_print() -> None:
    page = np.full((300, 400, 3), 60, np.uint8)
    page[:, ::2] = 140
    blank = ready_made("stripes", page, rectangle(150, 300), np.add(rectangle(150, 300), (200, 0)), [])
    still = {"noise": 0.0, "defocus": 0.0, "sharpen": 0.0, "jpeg": 100, "mosaic": False, "vignette": 0.0}
    veiled, clear = (camera(blank, "desk", veil=v, glare_size=0.4, **still).image(0) for v in (0.5, 0.0))
    light = [(v.astype(np.float64) / 255.0) ** 2.2 for v in (veiled, clear)]
    added = (light[0] - light[1]).mean(axis=2)
    y, x = np.unravel_index(np.argmax(cv2.blur(added, (9, 9))), added.shape)
    around = np.s_[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7]
    print_there = clear[around].mean(axis=2)
    dark, bright = (added[around][m] for m in (print_there < 80, print_there > 110))
    assert min(len(dark), len(bright)) > 10
    assert dark.mean() == pytest.approx(bright.mean(), rel=0.15)
    lifted = veiled[around].mean(axis=2) - print_there
    assert lifted[print_there < 80].mean() > lifted[print_there > 110].mean() + 10


def test_finger_comes_hides_and_leaves(printed: Page) -> None:
    film = camera(printed, "finger")
    bare = camera(printed, "finger", finger=0.0)
    states = set()
    for index in range(0, 300, 12):
        truth = film.truth(index)
        states.add(any(d.hidden for d in truth.differences))
        for d in truth.differences:
            for quad, share in ((d.a, d.hidden_a), (d.b, d.hidden_b)):
                if share > 0.95:
                    x, y = np.round(quad.mean(axis=0)).astype(int)
                    there, without = film.image(index)[y, x].astype(int), bare.image(index)[y, x].astype(int)
                    assert np.abs(there - without).max() > 8
    assert states == {True, False}


def test_bump_jumps_within_a_fifth_of_a_second(printed: Page) -> None:
    film = camera(printed, "bump", size=(1280, 720))
    before, after = (film.truth(i).panels[0].mean(axis=0) for i in (89, 97))
    jump = float(np.linalg.norm(after - before)) / 1280
    assert 0.05 < jump < 0.20
    assert all(film.truth(i).in_view for i in range(0, 300, 3))


def test_page_leaves_and_comes_back(printed: Page) -> None:
    film = camera(printed, "leave_and_return")
    seen = [film.truth(i) for i in range(200)]
    assert seen[30].in_view
    assert seen[3 * 30 + 20].visible == 0
    assert not seen[3 * 30 + 20].in_view
    assert all(d.hidden for d in seen[3 * 30 + 20].differences)
    assert seen[180].in_view
    away = film.image(3 * 30 + 20)
    assert away.mean() < 0.8 * film.image(30).mean()  # the desk alone
    gaps = [t.index for t in seen if not t.in_view]
    assert gaps == list(range(gaps[0], gaps[-1] + 1))


def test_flicker_makes_bands_that_creep(printed: Page) -> None:
    film = camera(printed, "flicker", tremor=0.0, drift=0.0, sway=0.0)
    rows = [film.image(i).astype(np.float64).mean(axis=(1, 2)) for i in range(2)]
    calm = camera(printed, "flicker", tremor=0.0, drift=0.0, sway=0.0, flicker=0.0)
    still = [calm.image(i).astype(np.float64).mean(axis=(1, 2)) for i in range(2)]
    assert np.abs(rows[1] - rows[0]).max() > 10 * np.abs(still[1] - still[0]).max()


def test_exposure_hunts_and_focus_goes_astray(printed: Page) -> None:
    film = camera(printed, "exposure", size=(1280, 720), tremor=0.0, drift=0.0, sway=0.0)
    light = [film.image(i).mean() for i in range(0, 75, 6)]
    assert max(light) > 1.12 * min(light)

    def detail(index: int) -> float:
        image = cv2.cvtColor(film.image(index), cv2.COLOR_BGR2GRAY)
        return float(cv2.Laplacian(image, cv2.CV_64F).std() / image.mean())

    assert detail(72) < 0.6 * detail(36)


def test_motion_blur_follows_the_motion(printed: Page) -> None:
    """While the page jumps, it is smeared along its way."""
    film = camera(printed, "bump", size=(1280, 720))
    moving = max(range(88, 100), key=lambda i: float(np.hypot(*film._smear(film.time(i)))))
    dx, dy = film._smear(film.time(moving))
    assert np.hypot(dx, dy) > 4

    def detail(index: int) -> float:
        return float(cv2.Laplacian(cv2.cvtColor(film.image(index), cv2.COLOR_BGR2GRAY), cv2.CV_64F).std())

    assert detail(moving) < 0.5 * detail(80)


def test_truth_of_differences_sits_on_the_panels(printed: Page) -> None:
    film = camera(printed, "strong_distortion")
    truth = film.truth(17)
    for quad, panel in [(d.a, 0) for d in truth.differences] + [(d.b, 1) for d in truth.differences]:
        outline = truth.panels[panel].astype(np.float32)
        inside = [cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in quad]
        assert min(inside) > -3  # straight edges between corners, but a lens bends them
    assert [d.kind for d in truth.differences] == [d.kind for d in printed.differences]


def test_a_frame_too_small_is_refused(printed: Page) -> None:
    with pytest.raises(UsageError, match="too small"):
        Webcam(printed, Scenario(), size=(20, 20), fps=30, seed=0)


def test_the_desk_goes_on_around_a_page_of_any_shape() -> None:
    page = ready_made("tall", np.full((900, 300, 3), 240, np.uint8), rectangle(260, 400) + 20, rectangle(260, 400), [])
    film = Webcam(page, replace(STILL, defocus=0.0), size=(640, 360), fps=30, seed=1)
    left = cv2.cvtColor(film.image(0)[:, :120], cv2.COLOR_BGR2GRAY).astype(np.float64)
    assert np.abs(np.diff(left, axis=1)).mean(axis=0).min() > 0.02  # wood, not a colour drawn out sideways


def test_an_earlier_shoulder_presses_highlights_together_and_leaves_the_rest() -> None:
    page = page_picture("coffee", seed=1)
    usual, early = (
        Webcam(page, replace(STILL, shoulder=s), size=SIZE, fps=30, seed=1).image(0).astype(int) for s in (0.8, 0.4)
    )
    bright, dark = usual.min(axis=2) > 215, usual.max(axis=2) < 120
    assert bright.sum() > 1000
    assert (usual - early)[bright].mean() > 3
    assert np.abs(usual - early)[dark].max() <= 1


def test_a_mosaic_keeps_plain_colours_and_errs_at_edges() -> None:
    page, _ = fiducials()
    whole, made_up = (
        Webcam(page, replace(STILL, defocus=0.0, mosaic=m), size=SIZE, fps=30, seed=1).image(0).astype(int)
        for m in (False, True)
    )
    off = np.abs(whole - made_up).max(axis=2)
    edges = cv2.Laplacian(whole.astype(np.float32).mean(axis=2), cv2.CV_32F)
    assert np.median(off) <= 2
    assert off[np.abs(edges) > 40].mean() > 4 * off[np.abs(edges) < 4].mean()
