"""The start panel (W): everything that can be looked at, chosen with a click or the arrow keys and Enter.

In: what there is (`Offer`), keys and clicks. Out: the SOURCE that was chosen, as the command line takes it; or FILE,
which asks for one in the desktop's own dialogue. `window.panel_view` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from livespot.annotate.viewport import Rect, inside
from livespot.capture.devices import Camera
from livespot.live.interaction import keys

FILE, TYPED, PASTE = "file…", "address…", "paste…"
_LONGEST = 500  # characters of a path or an address
_STEPS = {"up": -1, "left": -1, "down": +1, "right": +1, "pageup": -5, "pagedown": +5}
_BY = {keys.code(name): by for name, by in _STEPS.items()}
_AWAY = {keys.code(name) for name in ("up", "down", "pageup", "pagedown")}  # from a path that is typed
_ENTER = {keys.code(name) for name in ("return", "enter", "newline")}
_ERASE = {8, 127, 65288, keys.code("delete")}
_PASTE = 22  # Ctrl+V, as terminals have it


@dataclass(frozen=True)
class Offer:
    """One line. source: what it opens ("": nothing, it only says something). sign: the little picture beside it.

    small: it shares its line with others.
    """

    source: str
    title: str
    aside: str = ""
    sign: str = ""
    small: bool = False


def offers(cameras: Sequence[Camera], last: str | None, scenes: Sequence[str]) -> list[Offer]:
    """What there is to choose from, what was used last first. scenes: of the demo."""
    listed = [
        Offer(str(c.index) if not c.lasting else c.identity, c.label(), f"camera {c.index}", "camera") for c in cameras
    ]
    if not listed:
        listed = [Offer("", "No camera found", "plug one in, or use your phone's", "camera")]
    listed += [
        Offer("phone", "Your phone's camera", "scan a code: nothing to install", "phone"),
        Offer("screen", "This screen", "a puzzle in a browser, a document", "screen"),
        Offer(FILE, "A file…", "a picture, a video, a scan", "file"),
        Offer(TYPED, "A path or an address", "a folder, rtsp://…, http://…", "address"),
    ]
    listed += [Offer(f"demo:{name}", name.capitalize(), sign="demo", small=True) for name in scenes]
    if last is not None:
        known = [offer for offer in listed if offer.source == last]
        # a demo keeps its place among the others
        if not known or not known[0].small:
            first = known[0] if known else Offer(last, last.replace("\\", "/").rpartition("/")[2] or last, "", "file")
            listed = [Offer(first.source, first.title, "used last", first.sign), *(o for o in listed if o not in known)]
    return listed


class StartPanel:
    """The open panel. why: what the person should know beside it, such as that no camera was found."""

    def __init__(self, why: str = "") -> None:
        self.why = why
        self.offers: list[Offer] = []
        self.at: str = ""  # the source of the line that Enter chooses
        self.typed: str | None = None  # None: nothing is being typed
        self.scrolled = 0.0  # px
        self.following = True  # the chosen line stays in view
        self.rect: Rect = (0, 0, 0, 0)  # left by the screen, for the mouse
        self.places: list[tuple[Rect, Offer]] = []

    def update(self, offers: list[Offer]) -> bool:
        """What there is now; whether it is something else than before."""
        changed = offers != self.offers
        self.offers = offers
        choices = [offer.source for offer in offers if offer.source]
        if self.at not in choices:
            self.at = choices[0]
        return changed

    def key(self, code: int) -> str | None:
        """What was chosen with this key; "" when the panel used it up, None when it means nothing here."""
        if self.typed is not None and code not in _AWAY:
            return self._type(code)
        self.typed = None
        choices = [offer.source for offer in self.offers if offer.source]
        if code in _BY and choices:
            self.following = True
            at = choices.index(self.at) if self.at in choices else 0
            self.at = choices[max(0, min(len(choices) - 1, at + _BY[code]))]
            return ""
        return self._choose(self.at) if code in _ENTER else None

    def click(self, x: int, y: int) -> str | None:
        """What was chosen with a click; "" for one beside the lines, None for one beside the panel."""
        for place, offer in self.places:
            if inside(place, x, y):
                self.at = offer.source or self.at
                return self._choose(offer.source)
        return "" if self.holds(x, y) else None

    def holds(self, x: int, y: int) -> bool:
        """Whether a point of the canvas lies on the panel."""
        return inside(self.rect, x, y)

    def scroll(self, by: float) -> None:
        """Move the list by so many px."""
        self.scrolled += by
        self.following = False

    def back(self) -> bool:
        """Esc: stop typing; False when the panel itself is to close."""
        typing, self.typed = self.typed is not None, None
        return typing

    def paste(self, text: str) -> None:
        """What the clipboard holds, its first line."""
        if self.typed is not None and text.strip():
            self.typed = (self.typed + text.strip().splitlines()[0].strip())[:_LONGEST]

    def _choose(self, source: str) -> str:
        self.typed = "" if source == TYPED else None
        return "" if source == TYPED else source

    def _type(self, code: int) -> str | None:
        assert self.typed is not None
        if code in _ENTER:
            return self.typed.strip()  # what cannot be opened can be mended
        if code in _ERASE:
            self.typed = self.typed[:-1]
        elif code == _PASTE:
            return PASTE
        elif (character := _character(code)).isprintable():
            self.typed = (self.typed + character)[:_LONGEST]
        return None if code == 27 else ""


def _character(code: int) -> str:
    """The character that a key's code means, "" for none."""
    number = code - keys.UNICODE if code >= keys.UNICODE else code if code < 0x100 else 0
    return chr(number) if 32 <= number < 0x110000 else ""
