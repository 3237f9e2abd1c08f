"""Keys and menu entries become actions, and each action one short function of the state."""

from collections.abc import Callable

from livespot.live.interaction import keys, sound
from livespot.live.interaction.game import Play
from livespot.live.interaction.handlers import choosing, correcting, keeping, leaving, looking
from livespot.live.interaction.inspector import Mode
from livespot.live.interaction.keys import Action
from livespot.live.interaction.menu import Entry, Menu
from livespot.live.interaction.state import WindowState
from livespot.spotting.results import Difference


def key(desk: WindowState, code: int) -> None:
    """A key was pressed."""
    if choosing.key(desk, code):
        return
    action = keys.action(code)
    if action is not None:
        do(desk, action)


def do(desk: WindowState, action: Action) -> None:
    """Carry out an action."""
    desk.dirty = True
    desk.welcome_until = 0.0
    desk.toast = None
    menu, desk.menu = desk.menu, None
    if action in (Action.QUIT, Action.BACK):
        leaving.leave(desk, action, menu is not None)
    elif action is Action.HELP:
        desk.help = not desk.help
    else:
        desk.help = False
        HANDLERS[action](desk)


def _hint(desk: WindowState) -> None:
    if desk.play is None:
        desk.play = Play(desk.marks)
        desk.play.begin(desk.spotting)
        if desk.frozen is not None:
            # Neither the heat map nor the place looked at last may give it away.
            desk.frozen.selected = None
            desk.frozen.heat = False
            desk.frozen.whole()
    elif not desk.play.left(desk.spotting) and not desk.spotting.differences:
        desk.play.begin(desk.spotting)
    else:
        desk.play.hint(desk.spotting)


def _mirror(desk: WindowState) -> None:
    desk.mirror = not desk.mirror
    desk.tell("the preview is mirrored, recordings are not" if desk.mirror else "not mirrored")


def _sound(desk: WindowState) -> None:
    desk.sound.on = not desk.sound.on
    desk.tell("sound on: when a page is found, and for a new difference" if desk.sound.on else "sound off")
    if desk.sound.on:
        sound.play("found")


def _details(desk: WindowState) -> None:
    desk.details = not desk.details


HANDLERS: dict[Action, Callable[[WindowState], object]] = {
    Action.FREEZE: looking.freeze,
    Action.RECORD: keeping.record,
    Action.SNAPSHOT: keeping.save,
    Action.NEXT: lambda desk: looking.step(desk, +1),
    Action.PREVIOUS: lambda desk: looking.step(desk, -1),
    Action.TICK: looking.tick,
    Action.DISMISS: looking.dismiss,
    Action.VIEW: looking.next_view,
    Action.BLINK: looking.blink,
    Action.HEAT: looking.heat,
    Action.EXPLAIN: keeping.explain,
    Action.MORE: lambda desk: looking.adjust(desk, +1),
    Action.LESS: lambda desk: looking.adjust(desk, -1),
    Action.ZOOM_IN: lambda desk: looking.zoom(desk, 1.3),
    Action.ZOOM_OUT: lambda desk: looking.zoom(desk, 1 / 1.3),
    Action.LEFT: lambda desk: looking.nudge(desk, -0.12, 0),
    Action.RIGHT: lambda desk: looking.nudge(desk, 0.12, 0),
    Action.UP: lambda desk: looking.nudge(desk, 0, -0.12),
    Action.DOWN: lambda desk: looking.nudge(desk, 0, 0.12),
    Action.WHOLE: looking.whole,
    Action.HINT: _hint,
    Action.REVEAL: WindowState.give_up,
    Action.FAINTER: lambda desk: correcting.change_sensitivity(desk, correcting.SENSITIVITY_STEP),
    Action.PLAINER: lambda desk: correcting.change_sensitivity(desk, 1 / correcting.SENSITIVITY_STEP),
    Action.CORNERS: correcting.edit_corners,
    Action.LOCK: correcting.lock,
    Action.FOCUS: correcting.keep_focus,
    Action.SEARCH: correcting.search_again,
    Action.MIRROR: _mirror,
    Action.FULL_SCREEN: WindowState.toggle_full,
    Action.SHOW_KEPT: keeping.show,
    Action.UNDO: correcting.undo,
    Action.DETAILS: _details,
    Action.SOURCES: choosing.toggle,
    Action.SOUND: _sound,
    Action.REMEMBER: correcting.remember,
}


def menu(desk: WindowState, at: tuple[int, int], on: Difference | None) -> Menu:
    """The menu for what is on screen. on: the difference under the pointer, which its first lines are about."""
    entries = []
    if on is not None and desk.play is None:
        number, known = on.id, desk.marks.number(on.id)
        tick = (
            f"remove the tick from number {known}" if number in desk.marks.ticked else f"tick number {known} as found"
        )
        entries.append(Entry(tick, keys.label(Action.TICK), lambda: looking.tick_number(desk, number)))
        entries.append(
            Entry(
                f"dismiss number {known} as wrong",
                keys.label(Action.DISMISS),
                lambda: looking.dismiss_number(desk, number),
            )
        )
    frozen, recording = desk.frozen is not None, desk.outputs.status is not None
    remembered, has_focus = desk.beside.picture is not None, bool(desk.camera().focus)
    adjustable = desk.frozen is not None and desk.frozen.mode in (Mode.BLINK, Mode.FADE, Mode.SPLIT)
    listed: list[tuple[Action, str, bool]] = [
        (Action.FREEZE, "back to live" if frozen else "freeze", True),
        (Action.SOURCES, "choose another source", desk.choosable),
        (Action.REMEMBER, "forget the remembered picture" if remembered else "remember this picture as A", True),
        (Action.NEXT, "next difference, A beside B", desk.play is None),
        (Action.PREVIOUS, "previous difference", desk.play is None and frozen),
        (Action.ZOOM_IN, "zoom in", True),
        (Action.ZOOM_OUT, "zoom out", frozen),
        (Action.WHOLE, "show the whole picture", frozen),
        (Action.VIEW, "next view: page, side by side, fade, split", True),
        (Action.BLINK, "blink between A and B", True),
        (Action.LESS, "slower, or towards A", adjustable),
        (Action.MORE, "faster, or towards B", adjustable),
        (Action.HEAT, "heat map", desk.play is None),
        (Action.FAINTER, "find fainter differences", True),
        (Action.PLAINER, "find only plainer differences", True),
        (Action.CORNERS, "move the corners of the two pictures", True),
        (Action.LOCK, "unlock the two pictures" if desk.locked else "lock the two pictures", True),
        (Action.FOCUS, "release focus and exposure" if desk.focus_kept else "hold focus and exposure", has_focus),
        (Action.SEARCH, "search again", True),
        (Action.UNDO, "undo", bool(desk.undoing)),
        (Action.HINT, "play" if desk.play is None else "a bigger hint", True),
        (Action.REVEAL, "give up", desk.play is not None),
        (Action.SNAPSHOT, "save the page, its card and the data", True),
        (Action.EXPLAIN, "save an explanation", desk.play is None),
        (Action.RECORD, "stop recording" if recording else "record", True),
        (Action.SHOW_KEPT, "show in folder", desk.kept is not None),
        (Action.MIRROR, "mirror the preview", True),
        (Action.SOUND, "turn the sound off" if desk.sound.on else "turn the sound on", True),
        (Action.FULL_SCREEN, "leave full screen" if desk.full else "full screen", True),
        (Action.DETAILS, "frame counters", True),
        (Action.HELP, "all keys", True),
        (Action.QUIT, "quit", True),
    ]
    for action, words, possible in listed:
        if possible:
            entries.append(Entry(words, keys.label(action), lambda action=action: do(desk, action)))  # type: ignore[misc]
    return Menu(at, entries)
