"""The self-check on the simulated webcam: the page is recognised, and what is measured is so."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib import resources

import numpy as np
import pytest
from kit.screen.pixels import near

from livespot.annotate import drawing
from livespot.calibration import profile
from livespot.cli import main
from livespot.cli.selfcheck import result_sheet
from livespot.demo import DemoSource, open_demo
from livespot.reference import key, limiting, making, selfcheck
from livespot.reference.limits import limits
from livespot.reference.making import Made
from livespot.reference.measuring import Quality, measure
from livespot.reference.recognition import Found, Lost, Recogniser
from livespot.reference.scoring import Score
from livespot.reference.selfcheck import Report


@lru_cache(maxsize=1)
def made() -> Made:
    return making.make("harbour", 8, 0, "A4", "")


def film(scenario: str) -> DemoSource:
    return open_demo(
        "harbour", size=(1280, 720), fps=10, seconds=3, seed=5, scenario=scenario, page=making.filmed(made())
    )


@pytest.mark.parametrize(
    ("scenario", "off"),
    # px: the median the labels may be off. A strong lens bends the page within a panel, and so does a curl.
    [("desk", 1.0), ("handheld", 1.5), ("dim", 2.0), ("curled", 6.0), ("strong_distortion", 6.0)],
    ids=lambda value: str(value),
)
def test_the_page_is_recognised_and_its_labels_lie_where_the_differences_are(scenario: str, off: float) -> None:
    source = film(scenario)
    found = Recogniser(made().printed.key).find(source.webcam.image(7))
    assert isinstance(found, Found)
    assert found.key.mark == made().printed.key.mark
    truth = source.truth(7)
    error = [np.abs(mine[0] - d.a).max() for mine, d in zip(found.labels(), truth.differences, strict=True)]
    error += [np.abs(mine[1] - d.b).max() for mine, d in zip(found.labels(), truth.differences, strict=True)]
    assert np.median(error) < off
    assert max(error) < 3 * off


def test_a_page_of_this_user_is_known_by_its_mark_alone_and_a_strange_one_is_named() -> None:
    image = film("desk").webcam.image(0)
    strange = Recogniser().find(image)
    assert isinstance(strange, Lost)
    assert "--key FILE" in strange.reason
    making.keep(made())
    known = Recogniser()
    assert known.pages == 1
    assert isinstance(known.find(image), Found)


@pytest.mark.parametrize("image", [np.zeros((480, 640, 3), np.uint8), np.full((90, 90, 3), 255, np.uint8)])
def test_without_a_page_it_asks_for_one(image: np.ndarray) -> None:
    found = Recogniser(made().printed.key).find(image)
    assert isinstance(found, Lost)
    assert "livespot puzzle" in found.reason


def quality(scenario: str) -> Quality:
    source, recogniser = film(scenario), Recogniser(made().printed.key)
    image = source.webcam.image(11)
    found = recogniser.find(image)
    assert isinstance(found, Found)
    return measure(image, found)


def test_noise_light_and_size_are_what_the_simulated_webcam_has() -> None:
    desk, dim = quality("desk"), quality("dim")
    assert desk.noise == pytest.approx(limits().desk_noise, rel=0.3)  # measured on this scenario, over frames and pages
    assert dim.noise > 2 * desk.noise
    assert dim.light < 0.75 * desk.light
    assert dim.blur > desk.blur
    assert desk.glare < 0.002
    assert 250 < desk.panel_px < 640


def report(quality: Quality, **changes: float) -> Report:
    values = {"residual_px": 0.2, "age_ms": 12.0, "locked": 1.0, "frames": 60} | changes
    return Report(
        page=3, size=(1280, 720), score=Score(70, 10, 1), smallest=0.001, missed=None, quality=quality,
        frames=int(values["frames"]),
        sensitivity=1.0, residual_px=values["residual_px"], age_ms=values["age_ms"],
        locked=values["locked"],
    )  # fmt: skip


AT = limits()
GOOD = Quality(AT.desk_noise, 225.0, 0.25, 520.0, 0.0)
NOISY, DARK = 1.5 * AT.noise, 0.9 * AT.light
TIMES = f"noise is {NOISY / AT.desk_noise:.1f} times the desk level"


@pytest.mark.parametrize(
    ("made_report", "words"),
    [
        (report(GOOD), ""),
        (report(replace(GOOD, noise=NOISY, light=0.9 * AT.dim)), f"too dark: {TIMES}"),
        (report(replace(GOOD, light=DARK)), "too dark: more light"),
        (report(replace(GOOD, noise=NOISY)), f"{TIMES}: more light"),
        (report(replace(GOOD, noise=NOISY), residual_px=1.2 * AT.residual_px), f"{TIMES}: more light"),
        (report(replace(GOOD, glare=AT.glare + 0.08)), f"glare covers {AT.glare + 0.08:.0%}"),
        (report(replace(GOOD, panel_px=0.9 * AT.panel_px)), f"only {0.9 * AT.panel_px:.0f} px wide"),
        (report(replace(GOOD, blur=1.2 * AT.blur)), "blurred"),
        (report(GOOD, residual_px=1.2 * AT.residual_px), "flatten the page"),
        (report(GOOD, locked=0.9 * AT.locked), "keep all of it in view"),
        (report(GOOD, locked=0.5, frames=4), "only 4 frames could be measured"),
    ],
    ids=[
        "good",
        "dark and noisy",
        "dark",
        "noisy",
        "noisy and off",
        "glare",
        "small",
        "blurred",
        "bent",
        "lost",
        "few",
    ],
)
def test_the_advice_is_about_what_is_wrong_and_nothing_else(made_report: Report, words: str) -> None:
    advice = selfcheck.advice(made_report)
    assert len(advice) == (1 if words else 0)
    assert words in " ".join(advice)
    assert all(f"to improve: {line}" in made_report.lines() for line in advice)


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        ([(200.0, 0.9), (100.0, 0.9), (50.0, 0.8)], 75.0),
        ([(1.0, 0.9), (2.0, 0.75), (3.0, 0.2)], 1 + 1 / 3),
        ([(1.0, 0.9), (2.0, 0.88), (3.0, 0.88)], 3.0),
    ],
    ids=["less is worse", "more is worse", "never bad enough"],
)
def test_a_limit_lies_where_a_twentieth_of_f1_is_lost(points: list[tuple[float, float]], wanted: float) -> None:
    assert limiting.limit(points) == pytest.approx(wanted)


def test_limits_and_provenance_agree() -> None:
    """Nobody changed a number by hand: the limits follow from the measurements kept beside them."""
    kept = json.loads(resources.files("livespot.reference").joinpath("limits.json").read_text(encoding="utf-8"))
    measured = kept["provenance"]["measured"]
    for name, (good, faulty) in measured["good and faulty"].items():
        # Measures are kept to four digits behind the point, limits to three digits.
        assert getattr(AT, name) == pytest.approx(limiting.between(good, faulty), rel=0.01), name
    assert pytest.approx(limiting.limit(measured["light and F1"]), rel=0.05) == AT.light


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ([], 1.2),
        ([(0.5, 0.6), (1.0, 0.8), (2.0, 0.9)], 2.0),
        ([(0.5, 0.9), (1.0, 0.9), (2.0, 0.9)], 1.0),
        ([(0.5, 0.9), (1.0, 0.7), (2.8, 0.9)], 0.5),
    ],
    ids=["nothing tried", "the best", "of equals the middle", "of equals the nearest"],
)
def test_the_sensitivity_that_suits(table: list[tuple[float, float]], wanted: float) -> None:
    assert selfcheck.suited(table, 1.2) == wanted


def test_a_sensitivity_is_kept_only_when_asked_for_and_the_result_is_shown() -> None:
    checked = report(GOOD)
    assert "sensitivity" not in checked.for_profile(sensitivity=False)
    assert checked.for_profile(sensitivity=True)["sensitivity"] == checked.sensitivity
    for size in ((720, 1280, 3), (240, 320, 3)):
        sheet = result_sheet(np.full(size, 200, np.uint8), checked.lines(), "use sensitivity 1.4?")
        assert sheet.shape == size
        assert near(sheet, drawing.PAPER, 60).sum() > 150  # the lines
        assert near(sheet, drawing.FOUND, 60).sum() > 15  # the question


@pytest.mark.slow
def test_the_whole_check_through_the_command_and_its_place_in_the_profile(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["selfcheck", "demo:harbour/desk", "--headless", "--seconds", "5", "--fps", "8", "--keep-sensitivity"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "recall" in said.out
    assert "sensitivity that suits this camera" in said.out
    assert "kept in" in said.err
    kept = profile.load("demo:k1=-0.04,k2=0.01", (1280, 720))
    assert isinstance(kept, profile.Profile)
    assert not kept.has_lens
    assert kept.sensitivity in selfcheck.SENSITIVITIES
    assert float(kept.check["recall"]) >= 0.6
    assert float(kept.check["precision"]) >= 0.7


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--key", "none.json", "demo"], 2, "--key means nothing to the demo"),
        (["--key", "none.json", "nothing.mp4"], 1, "cannot read the answer key"),
        (["--headless", "page.png"], 1, "no reference page is known here"),
    ],
    ids=["key for the demo", "no key", "no page"],
)
def test_what_cannot_be_checked_is_said_in_one_line(
    work: object, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    import cv2

    cv2.imwrite("page.png", np.full((200, 300, 3), 200, np.uint8))
    assert main(["selfcheck", *words]) == status
    assert said in capsys.readouterr().err.strip().splitlines()[-1]


def test_a_source_without_the_page_ends_with_the_reason() -> None:
    from livespot.errors import LivespotError
    from livespot.frame import Frame
    from livespot.settings import Settings

    def frames() -> Iterator[Frame]:
        for n in range(3):
            yield Frame(np.full((240, 320, 3), 120, np.uint8), n / 10, n, 0.0)

    with pytest.raises(LivespotError, match="no reference page in view"):
        selfcheck.run(frames(), Settings(), Recogniser(made().printed.key), live=False, seconds=5)
    assert key.MARKS == 250
