"""How a spotting is said: in the window's strip, in progress bars and in the line at the end."""

from livespot.annotate import drawing
from livespot.spotting.results import FrameResult, State

EXPLAINED = {  # the kinds of differences
    "added": "only in B",
    "removed": "only in A",
    "changed": "changed",
    "recoloured": "in another colour",
    "moved": "moved",
}


def count_of(count: int, one: str, many: str | None = None) -> str:
    """ "1 difference", "7 differences"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def in_brief(spotting: FrameResult) -> str:
    """A spotting in a few words."""
    if spotting.state is not State.LOCKED:
        return spotting.reason or str(spotting.state)
    if not spotting.differences:
        return spotting.reason or ("no difference found" if spotting.analysed else "comparing…")
    return count_of(len(spotting.differences), "difference")


def headline(spotting: FrameResult, standing: int, guesses: int = 0) -> tuple[str, drawing.Colour]:
    """The headline of the strip and the colour of its dot.

    standing: differences that were not dismissed. guesses: those of them that are uncertain.
    """
    if spotting.state is State.LOST:
        words = spotting.reason or "lost the page: show both pictures, hold still"
        return sentence(words), drawing.ALARM
    if spotting.state is State.SEARCHING:
        words = spotting.reason or "show both pictures of the puzzle"
        return sentence(words), drawing.MUTED
    if spotting.differences and not standing:
        return "Every box is dismissed", drawing.FOUND
    if spotting.differences:
        words = count_of(standing - guesses, "difference")
        if guesses:
            words = (
                count_of(guesses, "possible difference") if guesses == standing else f"{words}, {guesses} more perhaps"
            )
        return (f"{words} · {spotting.reason}" if spotting.reason else words), drawing.ACCENT
    words = in_brief(spotting)
    return sentence(words), drawing.FOUND if spotting.analysed else drawing.MUTED


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]
