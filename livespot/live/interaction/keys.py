"""Every key, written down once: the window obeys this table, the help overlay and the README show it.

In: key codes as cv2.pollKey gives them. Out: an Action, or None. Letters mean the same with and without Shift.
"""

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
    EXPLAIN = auto()
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
    FOCUS = auto()
    SEARCH = auto()
    MIRROR = auto()
    FULL_SCREEN = auto()
    DETAILS = auto()
    BACK = auto()
    UNDO = auto()
    SHOW_KEPT = auto()
    SOURCES = auto()
    REMEMBER = auto()
    SOUND = auto()


@dataclass(frozen=True)
class Key:
    """One line of the table: one or more keys that belong together.

    bindings: for each key its face (as printed on the keyboard), its action, and the names that `code` understands.
    help: what they do. group: the heading they stand under.
    """

    bindings: tuple[tuple[str, Action, tuple[str, ...]], ...]
    help: str
    group: str

    @property
    def faces(self) -> str:
        """The keys as printed on the keyboard."""
        return "  ".join(face for face, _, _ in self.bindings)


WATCH, INSPECT, PLAY, CORRECT, WINDOW = "Watch", "Look closer", "Play", "Correct", "Window"
GROUPS = (WATCH, INSPECT, PLAY, CORRECT, WINDOW)


def _one(face: str, action: Action, names: tuple[str, ...], help: str, group: str) -> Key:
    return Key(((face, action, names),), help, group)


TABLE: tuple[Key, ...] = (
    _one("Space", Action.FREEZE, (" ",), "freeze the sharpest view, or go on live", WATCH),
    _one("R", Action.RECORD, ("r",), "start or stop recording", WATCH),
    _one("S", Action.SNAPSHOT, ("s",), "save the page, its card and the data", WATCH),
    _one("O", Action.SHOW_KEPT, ("o",), "open the folder with what was saved", WATCH),
    _one("W", Action.SOURCES, ("w",), "choose a source: camera, phone, screen, file", WATCH),
    _one("1", Action.REMEMBER, ("1",), "remember this picture as A, then show B", WATCH),
    Key(
        (("N", Action.NEXT, ("n",)), ("P", Action.PREVIOUS, ("p",))), "next or previous difference, A beside B", INSPECT
    ),
    _one("V", Action.VIEW, ("v",), "next view: page, side by side, fade, split", INSPECT),
    _one("B", Action.BLINK, ("b",), "blink between A and B", INSPECT),
    Key(((",", Action.LESS, (",",)), (".", Action.MORE, (".",))), "blink slower or faster; slide to A or B", INSPECT),
    _one("H", Action.HEAT, ("h",), "heat map: how strongly each place differs", INSPECT),
    _one("E", Action.EXPLAIN, ("e",), "explain: save a page of what each step saw", INSPECT),
    Key(
        (("Z", Action.ZOOM_IN, ("z", "pageup")), ("X", Action.ZOOM_OUT, ("x", "pagedown"))),
        "zoom in or out (or Page Up, Page Down)", INSPECT,
    ),
    Key(
        (
            ("←", Action.LEFT, ("left",)), ("→", Action.RIGHT, ("right",)), ("↑", Action.UP, ("up",)),
            ("↓", Action.DOWN, ("down",)),
        ),
        "move the view (or drag it)", INSPECT,
    ),
    _one("0", Action.WHOLE, ("0",), "show the whole picture again", INSPECT),
    _one("Enter", Action.TICK, ("return", "enter", "newline"), "tick as found (or click the box)", INSPECT),
    _one("D", Action.DISMISS, ("d", "delete"), "dismiss as wrong, or take it back", INSPECT),
    _one("I", Action.HINT, ("i",), "hide the boxes; again for bigger hints", PLAY),
    _one("G", Action.REVEAL, ("g",), "give up: show every box, end the game", PLAY),
    Key(
        (("+", Action.FAINTER, ("+", "=")), ("-", Action.PLAINER, ("-",))), "find fainter, or only plainer differences",
        CORRECT,
    ),
    _one("U", Action.UNDO, ("u", "ctrl+z"), "undo the last tick, dismissal or corner", CORRECT),
    _one("C", Action.CORNERS, ("c",), "drag the corners of the two pictures", CORRECT),
    _one("L", Action.LOCK, ("l",), "lock the two pictures, or unlock them", CORRECT),
    _one("K", Action.FOCUS, ("k",), "hold focus and exposure, or release them", CORRECT),
    _one("A", Action.SEARCH, ("a",), "start over, or search for the next puzzle", CORRECT),
    _one("M", Action.MIRROR, ("m",), "mirror the preview, never a recording", WINDOW),
    _one("J", Action.SOUND, ("j",), "a sound for new finds, on or off", WINDOW),
    _one("F", Action.FULL_SCREEN, ("f",), "full screen", WINDOW),
    _one("T", Action.DETAILS, ("t",), "frame counters", WINDOW),
    _one("?", Action.HELP, ("?", "/", "f1"), "this help (or F1)", WINDOW),
    _one("Esc", Action.BACK, ("escape",), "one step back", WINDOW),
    _one("Q", Action.QUIT, ("q",), "quit", WINDOW),
)  # fmt: skip

# The codes of keys that are no characters, by platform (Qt and GTK on X11; Win32; Cocoa).
UNDO_CODE = 26  # Ctrl+Z, as terminals have it
UNICODE = 1 << 24  # this and a character's number is its code, where it is not ASCII; X11's own way
_COMMON = {"ctrl+z": UNDO_CODE, "escape": 27, "return": 13, "newline": 10}
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
        for _, meant, names in key.bindings:
            for name in names:
                number = code(name, platform)
                if number is not None:
                    if number in found:
                        raise ValueError(f"key {name!r} is given twice: {found[number]} and {meant}")
                    found[number] = meant
    return found


_ACTIONS = _by_code(sys.platform)
_FACES = {meant: face for key in TABLE for face, meant, _ in key.bindings}


def action(pressed: int) -> Action | None:
    """What a key code means."""
    if ord("A") <= pressed <= ord("Z"):
        pressed += ord("a") - ord("A")
    return _ACTIONS.get(pressed)


_HELD_ON = frozenset(
    {Action.NEXT, Action.PREVIOUS, Action.MORE, Action.LESS, Action.ZOOM_IN, Action.ZOOM_OUT, Action.LEFT}
    | {Action.RIGHT, Action.UP, Action.DOWN, Action.FAINTER, Action.PLAINER}
)


def may_repeat(pressed: int) -> bool:
    """Whether a key that is held down acts again and again; what switches something on and off does not."""
    return action(pressed) in _HELD_ON


def label(wanted: Action) -> str:
    """The key of an action, as printed on the keyboard."""
    return _FACES[wanted]


def readme_table() -> str:
    """The table of keys for the README, in Markdown."""
    lines = ["| key | does |", "| --- | --- |"]
    for group in GROUPS:
        lines.append(f"| **{group}** | |")
        for key in TABLE:
            if key.group == group:
                faces = " ".join(f"`{face}`" for face, _, _ in key.bindings)
                lines.append(f"| {faces} | {key.help} |")
    return "\n".join(lines) + "\n"
