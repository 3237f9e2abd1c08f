"""Esc goes one step back, Q ends the program; neither ends a recording without saying so first."""

from livespot.live.interaction import keys
from livespot.live.interaction.handlers import looking
from livespot.live.interaction.inspector import Mode
from livespot.live.interaction.keys import Action
from livespot.live.interaction.state import WindowState

_ASKED_SECONDS = 4.0


def leave(desk: WindowState, action: Action, menu: bool) -> None:
    """Obey Esc (BACK) or Q (QUIT). menu: the menu was open until this key."""
    if menu or desk.help:
        desk.help = False
    elif action is Action.BACK and _stepped_back(desk):
        desk.leaving_until = 0.0
    elif desk.clock() < desk.leaving_until:
        desk.quit = True
    elif desk.outputs.recorded_to:
        _ask(desk, f"recording {desk.outputs.recorded_to}: {keys.label(action)} again stops it and quits")
    elif action is Action.BACK:
        _ask(desk, f"{keys.label(action)} again quits")
    else:
        desk.quit = True


def _ask(desk: WindowState, line: str) -> None:
    desk.leaving_until = desk.clock() + _ASKED_SECONDS
    desk.tell(line, seconds=_ASKED_SECONDS)


def _stepped_back(desk: WindowState) -> bool:
    """Leave the innermost thing that is going on; False in the plain live view."""
    frozen, panel = desk.frozen, desk.panel
    if panel is not None:
        desk.panel = panel if panel.back() else None
    elif frozen is not None and frozen.corners is not None:
        frozen.corners = None
    elif frozen is not None and frozen.zoomed:
        frozen.whole()
    elif frozen is not None and frozen.mode is not Mode.PAGE:
        frozen.show(Mode.PAGE)
    elif desk.play is not None:
        desk.give_up()
    elif frozen is not None:
        looking.freeze(desk)
    elif desk.full:
        desk.toggle_full()
    else:
        return False
    return True
