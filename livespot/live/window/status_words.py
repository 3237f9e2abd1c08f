"""What the strip below the picture says: one headline, one quiet remark, and what can be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livespot.annotate import drawing
from livespot.annotate.words import EXPLAINED, headline, sentence
from livespot.live.analysis_thread import GETTING_READY
from livespot.live.interaction.game import Level
from livespot.live.interaction.inspector import Mode
from livespot.live.interaction.keys import Action
from livespot.live.window.status_bar import Chip, Status
from livespot.spotting.results import State

if TYPE_CHECKING:
    from livespot.live.interaction.state import WindowState

_SOON = 3.0  # s after which a start is no warm one


def status(desk: WindowState, now: float) -> Status:
    """Everything the strip says at `now`, seconds on the desk's clock."""
    words, colour, aside = _words(desk, now)
    recording = desk.outputs.status
    warning = ""
    if recording is not None and recording.disk_low:
        warning = f"{recording.free_mb:.0f} MB left" if recording.free_mb is not None else "disk nearly full"
    elif recording is not None and recording.dropped:
        warning = f"{recording.dropped} {'frame' if recording.dropped == 1 else 'frames'} dropped"
    chips = _chips(desk)
    if recording is not None and all(chip.action is not Action.RECORD for chip in chips):
        chips = *chips[:-1], Chip(Action.RECORD, "stop"), chips[-1]  # it is always there while one runs
    figures = ""
    if desk.frozen is None and desk.shown > 1:
        figures = f"{desk.rate:.0f} fps   {1e3 * desk.age:.0f} ms"
    return Status(
        words,
        colour,
        aside,
        recording=recording.seconds if recording is not None and recording.recording else None,
        warning=warning,
        figures=figures,
        chips=chips,
    )


def _words(desk: WindowState, now: float) -> tuple[str, drawing.Colour | None, str]:
    """The headline, the colour of its dot, and what is said more quietly."""
    busy = desk.engine.words
    toast = desk.toast
    if toast is not None and now < toast.until:
        return sentence(toast.words()), (None if toast.colour == drawing.PAPER else toast.colour), ""
    if desk.invitation and desk.frozen is None:
        return f"Waiting for the {desk.name}", drawing.MUTED, ""
    if desk.trouble and desk.frozen is None:
        return "No picture", drawing.ALARM, ""
    if desk.frozen is not None and desk.frozen.corners is not None:
        return "Drag the corners onto the two pictures", drawing.FOUND, busy or "C when done"
    if desk.play is not None and desk.spotting.state is State.LOCKED:
        # What was found can change while the words stand still.
        if desk.play.level is Level.COUNT and desk.play.target is None and not desk.play.message:
            desk.play.begin(desk.spotting)
        found = desk.marks.found(desk.spotting)
        return sentence(desk.play.message), drawing.FOUND, f"{found} found" if found else busy
    spotting = desk.spotting
    marking = desk.marking
    standing = desk.marks.standing(spotting)
    words, colour = headline(spotting, len(standing), sum(marking.guesses(d) for d in standing))
    if desk.frame is None:
        return f"Opening {desk.name}…", None, busy
    if busy == GETTING_READY and spotting.state is State.SEARCHING:
        took = now - desk.opened
        if took < _SOON:
            return sentence(busy), None, ""
        share = desk.engine.ready
        left = f"about {_rounded(took * (1 - share) / share)} left, " if share > 0.05 else ""
        return f"Getting ready: {100 * share:.0f} %", drawing.MUTED, f"{left}only at the first start"
    found = desk.marks.found(spotting)
    aside = f"{found} found" if found and spotting.state is State.LOCKED else ""
    if desk.frozen is not None:
        chosen = desk.frozen.chosen()
        if chosen is not None and desk.frozen.mode is not Mode.PAGE:
            kind = str(chosen.kind)
            gloss = "" if EXPLAINED[kind] == kind else f", {EXPLAINED[kind]}"
            numbers = [d.id for d in standing]
            place = f"{numbers.index(chosen.id) + 1} of {len(numbers)}" if chosen.id in numbers else "dismissed"
            aside = f"{place} · {min(99, round(100 * chosen.confidence))} % sure"
            words = f"{marking.number(chosen)}: {'perhaps ' if marking.guesses(chosen) else ''}{kind}{gloss}"
        else:
            aside = "frozen" + (f" · {aside}" if aside else "")
        if desk.feed.message:
            aside += f" · {desk.feed.message.partition(' (')[0]}"
    elif not desk.feed.running and desk.feed.captured > 1:
        aside = f"end of {desk.name}" + (f" · {aside}" if aside else "")
    if desk.locked:
        aside = f"{aside} · locked" if aside else "locked"
    return words, colour, busy or aside


def _rounded(seconds: float) -> str:
    """A time to go, as a person would say it."""
    return f"{max(5, 5 * round(seconds / 5))} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _chips(desk: WindowState) -> tuple[Chip, ...]:
    if desk.kept is not None and desk.toast is not None and desk.clock() < desk.toast.until:
        return Chip(Action.SHOW_KEPT, "show in folder"), Chip(Action.HELP, "help")
    on = desk.outputs.status is not None
    record = Chip(Action.RECORD, "stop" if on else "record")
    save, aid = Chip(Action.SNAPSHOT, "save"), Chip(Action.HELP, "help")
    if desk.frozen is None:
        freeze = Chip(Action.FREEZE, "freeze")
        if desk.play is not None:
            return freeze, Chip(Action.HINT, "hint", True), Chip(Action.REVEAL, "give up"), aid
        sources = (Chip(Action.SOURCES, "source", desk.panel is not None),) if desk.choosable else ()
        return freeze, save, record, Chip(Action.HINT, "play"), *sources, aid
    if desk.frozen.corners is not None:
        return Chip(Action.CORNERS, "done", True), Chip(Action.FREEZE, "live"), aid
    if desk.play is not None:
        return Chip(Action.FREEZE, "live"), Chip(Action.HINT, "hint", True), Chip(Action.REVEAL, "give up"), aid
    return (
        Chip(Action.FREEZE, "live", True),
        Chip(Action.NEXT, "next"),
        Chip(Action.VIEW, "view", desk.frozen.mode in (Mode.FADE, Mode.SPLIT)),
        Chip(Action.BLINK, "blink", desk.frozen.mode is Mode.BLINK),
        Chip(Action.HEAT, "heat", desk.frozen.heat),
        save,
        aid,
    )
