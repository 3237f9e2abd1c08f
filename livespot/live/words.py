"""How a spotting is said: in the window's strip, in progress bars and in the line at the end."""

from __future__ import annotations

from livespot.live import look
from livespot.spotting.findings import Spotting, State


def count_of(count: int, one: str, many: str | None = None) -> str:
    """ "1 difference", "7 differences"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def in_brief(spotting: Spotting) -> str:
    """A spotting in a few words."""
    if spotting.state is not State.LOCKED:
        return spotting.reason or str(spotting.state)
    if not spotting.differences:
        return spotting.reason or ("no difference found" if spotting.analysed else "comparing…")
    return count_of(len(spotting.differences), "difference")


def headline(spotting: Spotting, standing: int, guesses: int = 0) -> tuple[str, look.Colour]:
    """The headline of the strip and the colour of its dot.

    standing: differences that were not dismissed. guesses: those of them that are uncertain.
    """
    if spotting.state is State.LOST:
        words = spotting.reason or "lost the page: show both pictures, hold still"
        return sentence(words), look.ALARM
    if spotting.state is State.SEARCHING:
        words = spotting.reason or "show both pictures of the puzzle"
        return sentence(words), look.MUTED
    if spotting.differences and not standing:
        return "Every box dismissed", look.FOUND
    if spotting.differences:
        words = count_of(standing, "difference")
        if guesses:
            words = count_of(guesses, "possible difference") if guesses == standing else f"{words}, {guesses} unsure"
        return (f"{words} · {spotting.reason}" if spotting.reason else words), look.ACCENT
    words = in_brief(spotting)
    return sentence(words), look.FOUND if spotting.analysed else look.MUTED


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]
