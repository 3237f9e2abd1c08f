"""A whole calibration without a window: a person moves the board, views are taken by themselves, the lens comes out."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from livespot.calibration import coverage, pictures, session
from livespot.calibration.errors import CalibrationError
from livespot.calibration.guide import Guidance, Guide
from livespot.demo.board import HOLD, TRAVEL, BoardSource
from livespot.demo.scenario import SCENARIOS
from livespot.frame import Image

SIZE = (640, 360)


def board_source(seconds: float, scenario: str = "desk", fps: float = 10.0) -> BoardSource:
    return BoardSource(SCENARIOS[scenario], SIZE, fps, 2, seconds=seconds)


def frames(source: BoardSource) -> Iterator[tuple[Image, float]]:
    while (frame := source.read()) is not None:
        yield frame.image, frame.time


def guided(guide: Guide, source: BoardSource) -> list[tuple[float, Guidance]]:
    return [(time, guide.see(image, time)) for image, time in frames(source)]


def test_views_are_taken_by_themselves_while_the_board_rests_and_never_while_it_moves() -> None:
    guide = Guide(SIZE)
    seen = guided(guide, board_source(3 * (HOLD + TRAVEL)))
    taken = [time for time, guidance in seen if guidance.taken]
    assert len(taken) == 3
    assert [round(time // (HOLD + TRAVEL)) for time in taken] == [0, 1, 2]
    assert all(time % (HOLD + TRAVEL) <= HOLD + 0.3 for time in taken)
    assert [v.name for v in guide.views] == ["view 1", "view 2", "view 3"]


def test_the_countdown_rises_to_the_view() -> None:
    seen = guided(Guide(SIZE), board_source(HOLD))
    counts = [guidance.countdown for _, guidance in seen]
    first = next(i for i, (_, guidance) in enumerate(seen) if guidance.taken)
    rising = counts[max(0, first - 4) : first + 1]
    assert rising == sorted(rising)
    assert rising[-1] == 1.0
    assert max(counts[first + 1 :], default=0.0) == 0.0  # the same place adds nothing


def test_without_a_board_it_asks_for_one() -> None:
    guidance = Guide(SIZE).see(np.full((360, 640, 3), 90, np.uint8), 0.0)
    assert guidance.view is None
    assert "show the board" in guidance.words


def test_undo_takes_the_last_view_back_and_take_does_not_wait() -> None:
    guide = Guide(SIZE)
    source = board_source(1.0)
    image, time = next(frames(source))
    assert guide.take(image, time)
    assert guide.coverage.views == 1
    guide.undo()
    guide.undo()
    assert (guide.views, guide.coverage.views) == ((), 0)
    assert not guide.take(np.zeros((360, 640, 3), np.uint8), 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["handheld", "strong_distortion"])
def test_a_guided_calibration_ends_by_itself_within_the_bars(scenario: str) -> None:
    source = board_source(110.0, scenario)
    told: list[str] = []
    views, size = session.guided(frames(source), told.append)
    assert coverage.ENOUGH <= len(views) <= coverage.MOST
    found = session.solved(views, size, told.append)
    assert found.matrix[0, 0] == pytest.approx(source.camera.focal, rel=0.005)
    assert (
        np.abs(found.matrix[:2, 2] - source.camera.centre).max() < 3.0 * SIZE[1] / 720 * 2
    )  # half the px, half as fine
    assert found.rms <= 0.3
    lines = session.report(found)
    assert any("reprojection error" in line for line in lines)
    assert any("coverage X 100%" in line for line in lines)
    assert len(session.per_view(found)) == len(found.views)
    for picture in (pictures.coverage_picture(found), pictures.distortion_picture(found)):
        assert picture.shape[1] == SIZE[0]
        assert picture.std() > 5


class Fingers:
    """A screen at which keys are pressed at given frames."""

    def __init__(self, pressed: dict[int, list[str]]) -> None:
        self.pressed, self.shown = pressed, 0
        self.last: Image | None = None

    def show(self, picture: Image) -> list[str]:
        self.last = picture
        self.shown += 1
        return self.pressed.get(self.shown, [])


def test_keys_take_forget_and_finish() -> None:
    screen = Fingers({1: ["take"], 2: ["undo"], 3: ["take"], 5: ["finish"]})
    views, size = session.guided(frames(board_source(3.0)), lambda line: None, screen)
    assert (len(views), size, screen.shown) == (1, SIZE, 5)
    assert screen.last.shape[0] > SIZE[1]  # the frame, and the bars below it


def test_giving_up_keeps_nothing_and_says_so() -> None:
    with pytest.raises(CalibrationError, match="nothing was kept"):
        session.guided(frames(board_source(1.0)), lambda line: None, Fingers({2: ["quit"]}))


def test_the_live_view_leaves_the_frame_alone_and_can_be_mirrored() -> None:
    image, time = next(frames(board_source(1.0)))
    before = image.copy()
    guidance = Guide(SIZE).see(image, time)
    plain, mirrored = pictures.live(image, guidance), pictures.live(image, guidance, mirror=True)
    assert (image == before).all()
    assert np.abs(plain[: SIZE[1], ::-1].astype(int) - mirrored[: SIZE[1]]).mean() < 1.0
    half = pictures.live(image, replace(guidance, countdown=0.5))
    assert (half[: SIZE[1]] != plain[: SIZE[1]]).any()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "no picture came"),
        ([(np.zeros((90, 120, 3), np.uint8), 0.0), (np.zeros((120, 90, 3), np.uint8), 0.1)], "changed its size"),
    ],
    ids=["no frames", "another size"],
)
def test_sources_that_cannot_be_used(given: list[tuple[Image, float]], words: str) -> None:
    with pytest.raises(CalibrationError, match=words):
        session.guided(iter(given), lambda line: None)
