"""The mouse: chips are pressed, boxes ticked, dismissed or guessed, the frozen view is dragged."""

from dataclasses import replace

from livespot.annotate.hit_test import Spot, page_spot
from livespot.annotate.viewport import inside
from livespot.live.interaction import dispatch, keys
from livespot.live.interaction.events import Echo, Mouse
from livespot.live.interaction.handlers import choosing, correcting, looking
from livespot.live.interaction.keys import Action
from livespot.live.interaction.state import WindowState

ECHO_SECONDS = 1.0  # how long the place of a guess is shown


def mouse(desk: WindowState, event: Mouse) -> None:
    """The mouse did something."""
    if event.kind == "twice":
        frozen = desk.frozen
        spot = frozen.spot_at(event.x, event.y) if frozen is not None else None
        if frozen is not None and frozen.zoomed and (spot is None or spot.difference is None) and desk.menu is None:
            dispatch.do(desk, Action.WHOLE)
            return
        event = replace(event, kind="down")
    if desk.menu is not None and event.kind in ("down", "right"):
        desk.dirty = True
        chosen, desk.menu = desk.menu.entry_at(event.x, event.y), None
        if event.kind == "down":
            if chosen is not None:
                chosen.run()
            return
    if event.kind == "wheel" and not choosing.mouse(desk, event):
        _wheel(desk, event)
        return
    if event.kind == "down" and not desk.help:
        for place, action in desk.chips:
            if inside(place, event.x, event.y):
                dispatch.do(desk, action)
                return
    if event.kind == "move" and not event.held:
        return
    desk.dirty = True
    if not desk.help and choosing.mouse(desk, event):
        return
    if event.kind == "down":
        desk.welcome_until = 0.0
        if desk.help:
            desk.help = False
            return
    if event.kind == "right":
        desk.help = False
        at = (event.x, event.y)
        spot = desk.frozen.spot_at(*at) if desk.frozen is not None else _live_spot(desk, at)
        on = spot.difference if spot is not None else None
        desk.menu = dispatch.menu(desk, at, on if on is not None and desk.marking.shows(on) else None)
        return
    if desk.frozen is not None:
        corners = desk.frozen.corners
        spot = desk.frozen.mouse(event)
        if corners is not None:
            if corners.changed and corners.held is None and event.kind == "up":
                correcting.use_corners(desk, corners)
            return
        _clicked(desk, event, spot)
    elif event.kind == "down":
        desk.pressed = (event.x, event.y)
    elif event.kind == "up" and desk.pressed is not None:
        at, desk.pressed = desk.pressed, None
        _clicked(desk, event, _live_spot(desk, at))


def _live_spot(desk: WindowState, at: tuple[int, int]) -> Spot | None:
    """What lies under a point of the canvas, on the live picture."""
    view = desk.view
    if view is None or not view.holds(*at):
        return None
    return page_spot(desk.live, view.to_picture(*at), 8 / view.scale)


def _wheel(desk: WindowState, event: Mouse) -> None:
    """Zoom at the pointer; the live view freezes for it, as it does for the keys."""
    if desk.help or desk.menu is not None:
        return
    desk.dirty = True
    if desk.frozen is None and event.notches > 0:
        looking.freeze(desk)
        if desk.frozen is not None and desk.view is not None:
            desk.frozen.lay_out(desk.view.rect, 1.0, desk.mirror)
    if desk.frozen is not None and desk.frozen.corners is None:
        desk.frozen.zoom(1.25**event.notches, (event.x, event.y))


def _clicked(desk: WindowState, event: Mouse, spot: Spot | None) -> None:
    if spot is None:
        return
    if desk.play is not None:
        right = desk.play.guess(desk.spotting, spot.panel, spot.at)
        desk.echo = Echo(event.x, event.y, right, desk.clock() + ECHO_SECONDS)
    elif spot.difference is not None and desk.marking.shows(spot.difference):
        if desk.frozen is not None:
            desk.frozen.selected = spot.difference.id
        looking.tick_number(desk, spot.difference.id)
    elif desk.frozen is not None and spot.difference is not None and spot.difference.id in desk.marks.dismissed:
        desk.frozen.selected = spot.difference.id
        desk.tell(f"this one was dismissed; {keys.label(Action.DISMISS)} takes it back")
    elif desk.frozen is not None:
        desk.frozen.selected = None
