"""Every key, written down once: the window obeys this table, the help overlay and the README show it.

In: key codes as cv2.pollKey gives them. Out: an Action, or None. Letters mean the same with and without Shift.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum, auto


class Action(StrEnum):
    """What a key can do."""

    FREEZE = auto()
    RECORD = auto()
    SNAPSHOT = auto()
    HELP = auto()
    QUIT = auto()
    NEXT = auto()
    PREVIOUS = auto()
    TICK = auto()
    DISMISS = auto()
    VIEW = auto()
    BLINK = auto()
    HEAT = auto()
    MORE = auto()
    LESS = auto()
    ZOOM_IN = auto()
    ZOOM_OUT = auto()
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    WHOLE = auto()
    HINT = auto()
    REVEAL = auto()
    FAINTER = auto()
    PLAINER = auto()
    CORNERS = auto()
    LOCK = auto()
    SEARCH = auto()
    MIRROR = auto()
    FULL_SCREEN = auto()
    DETAILS = auto()


@dataclass(frozen=True)
class Key:
    """One line of the table. keys: as printed on the keyboard. names: what `code` understands. group: its heading."""

    action: Action
    keys: str
    names: tuple[str, ...]
    help: str
    group: str


WATCH, INSPECT, PLAY, CORRECT, WINDOW = "Watch", "Look closer", "Play", "Correct", "Window"
GROUPS = (WATCH, INSPECT, PLAY, CORRECT, WINDOW)

TABLE: tuple[Key, ...] = (
    Key(Action.FREEZE, "Space", (" ",), "freeze the sharpest view; again: live", WATCH),
    Key(Action.RECORD, "R", ("r",), "start or stop recording", WATCH),
    Key(Action.SNAPSHOT, "S", ("s",), "save the page, a card of the differences and the data", WATCH),
    Key(Action.NEXT, "N", ("n",), "next difference, A beside B", INSPECT),
    Key(Action.PREVIOUS, "P", ("p",), "previous difference", INSPECT),
    Key(Action.VIEW, "V", ("v",), "view: page, side by side, fade, split", INSPECT),
    Key(Action.BLINK, "B", ("b",), "blink between A and B", INSPECT),
    Key(Action.LESS, ",", (",",), "slower blinking, or slide towards A", INSPECT),
    Key(Action.MORE, ".", (".",), "faster blinking, or slide towards B", INSPECT),
    Key(Action.HEAT, "H", ("h",), "heat map: how strongly each place differs", INSPECT),
    Key(Action.ZOOM_IN, "Z", ("z", "pageup"), "zoom in (also Page Up)", INSPECT),
    Key(Action.ZOOM_OUT, "X", ("x", "pagedown"), "zoom out (also Page Down)", INSPECT),
    Key(Action.LEFT, "←", ("left",), "move the view left (or drag)", INSPECT),
    Key(Action.RIGHT, "→", ("right",), "move the view right", INSPECT),
    Key(Action.UP, "↑", ("up",), "move the view up", INSPECT),
    Key(Action.DOWN, "↓", ("down",), "move the view down", INSPECT),
    Key(Action.WHOLE, "0", ("0",), "show the whole picture again", INSPECT),
    Key(Action.TICK, "Enter", ("return", "enter", "newline"), "tick as found (or click the box)", INSPECT),
    Key(Action.DISMISS, "D", ("d", "delete"), "dismiss as wrong; again: take back", INSPECT),
    Key(Action.HINT, "I", ("i",), "hide the boxes; every press is a bigger hint", PLAY),
    Key(Action.REVEAL, "G", ("g",), "give up: show every box, end the game", PLAY),
    Key(Action.FAINTER, "+", ("+", "="), "more sensitive: fainter differences", CORRECT),
    Key(Action.PLAINER, "-", ("-",), "less sensitive: plainer differences only", CORRECT),
    Key(Action.CORNERS, "C", ("c",), "drag the corners of the two pictures", CORRECT),
    Key(Action.LOCK, "L", ("l",), "lock the two pictures; again: unlock", CORRECT),
    Key(Action.SEARCH, "A", ("a",), "forget the page and search again", CORRECT),
    Key(Action.MIRROR, "M", ("m",), "mirror the preview", WINDOW),
    Key(Action.FULL_SCREEN, "F", ("f",), "full screen", WINDOW),
    Key(Action.DETAILS, "T", ("t",), "frame counters", WINDOW),
    Key(Action.HELP, "?", ("?", "/", "f1"), "this help", WINDOW),
    Key(Action.QUIT, "Q", ("q", "escape"), "quit (also Esc)", WINDOW),
)

# The codes of keys that are no characters, by platform (Qt and GTK on X11; Win32; Cocoa).
_COMMON = {"escape": 27, "return": 13, "newline": 10}
_X11 = {
    "left": 65361, "up": 65362, "right": 65363, "down": 65364, "pageup": 65365, "pagedown": 65366,
    "delete": 65535, "enter": 65421, "f1": 65470,
}  # fmt: skip
_WIN32 = {
    "left": 2424832, "up": 2490368, "right": 2555904, "down": 2621440, "pageup": 2162688, "pagedown": 2228224,
    "delete": 3014656, "f1": 7340032,
}  # fmt: skip
_COCOA = {
    "left": 63234, "up": 63232, "right": 63235, "down": 63233, "pageup": 63276, "pagedown": 63277,
    "delete": 63272, "enter": 3, "f1": 63236,
}  # fmt: skip


def code(name: str, platform: str = sys.platform) -> int | None:
    """The code of a key by its name ("a", "left"); None when the platform has no such key."""
    if len(name) == 1:
        return ord(name)
    special = _WIN32 if platform == "win32" else _COCOA if platform == "darwin" else _X11
    return _COMMON.get(name, special.get(name))


def _by_code(platform: str) -> dict[int, Action]:
    found: dict[int, Action] = {}
    for key in TABLE:
        for name in key.names:
            number = code(name, platform)
            if number is not None:
                if number in found:
                    raise ValueError(f"key {name!r} is given twice: {found[number]} and {key.action}")
                found[number] = key.action
    return found


_ACTIONS = _by_code(sys.platform)


def action(pressed: int) -> Action | None:
    """What a key code means."""
    if ord("A") <= pressed <= ord("Z"):
        pressed += ord("a") - ord("A")
    return _ACTIONS.get(pressed)


def label(wanted: Action) -> str:
    """The key of an action, as printed on the keyboard."""
    return next(key.keys for key in TABLE if key.action is wanted)


def readme_table() -> str:
    """The table of keys for the README, in Markdown."""
    lines = ["| key | does |", "| --- | --- |"]
    for group in GROUPS:
        lines.append(f"| **{group}** | |")
        lines += [f"| `{key.keys}` | {key.help} |" for key in TABLE if key.group == group]
    return "\n".join(lines) + "\n"
