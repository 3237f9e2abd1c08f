"""One table of keys: what is pressed, what is shown, what the README says."""

import numpy as np
import pytest

from livespot.annotate import drawing
from livespot.live.interaction import keys
from livespot.live.interaction.keys import Action
from livespot.live.window import help


@pytest.mark.parametrize(
    ("pressed", "meant"),
    [
        (-1, None),
        (ord("y"), None),
        (65505, None),
        (ord(" "), Action.FREEZE),
        (ord("r"), Action.RECORD),
        (ord("R"), Action.RECORD),
        (ord("?"), Action.HELP),
        (27, Action.BACK),
        (ord("q"), Action.QUIT),
        (13, Action.TICK),
    ],
    ids=["nothing", "a free key", "shift alone", "space", "r", "R", "?", "Esc", "q", "Enter"],
)
def test_what_a_key_means(pressed: int, meant: Action | None) -> None:
    assert keys.action(pressed) is meant


@pytest.mark.parametrize(
    ("platform", "left"), [("linux", 65361), ("win32", 2424832), ("darwin", 63234)], ids=["X11", "Windows", "macOS"]
)
def test_arrows_are_found_on_every_platform(platform: str, left: int) -> None:
    assert keys.code("left", platform) == left
    for name in ("up", "right", "down", "pageup", "pagedown", "delete", "f1"):
        assert keys.code(name, platform) is not None


def test_every_action_has_a_key_a_help_and_a_place_in_the_readme() -> None:
    bound = {meant for key in keys.TABLE for _, meant, _ in key.bindings}
    assert bound == set(Action)
    assert all(key.help and key.group in keys.GROUPS for key in keys.TABLE)
    table = keys.readme_table()
    for key in keys.TABLE:
        assert key.help in table
        for face, _, _ in key.bindings:
            assert f"`{face}`" in table


def test_no_key_means_two_things() -> None:
    names = [name for key in keys.TABLE for _, _, found in key.bindings for name in found]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("size", [(640, 432), (1280, 720), (3840, 2100), (700, 1200)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_whole_help_fits_and_can_be_read(size: tuple[int, int]) -> None:
    canvas = np.full((size[1], size[0], 3), 200, np.uint8)
    help.draw(canvas, (0, 0, *size))
    panel = np.abs(canvas.astype(int) - drawing.DESK).max(axis=2) <= 2
    rows, columns = np.flatnonzero(panel.any(axis=1)), np.flatnonzero(panel.any(axis=0))
    # It stands inside the picture with a margin all around.
    assert rows[0] > 0
    assert rows[-1] < size[1] - 1
    assert columns[0] > 0
    assert columns[-1] < size[0] - 1
    # No help text was cut.
    assert all(drawing.fitting(key.help, 15.5, help.TEXT_WIDTH) == key.help for key in keys.TABLE)
