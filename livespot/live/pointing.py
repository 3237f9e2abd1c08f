"""The mouse: chips are pressed, boxes ticked, dismissed or guessed, the frozen view is dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livespot.live import correcting, keys, looking
from livespot.live.keys import Action
from livespot.live.spots import Spot, page_spot
from livespot.live.window import Mouse

if TYPE_CHECKING:
    from livespot.live.desk import Desk

ECHO_SECONDS = 1.0  # how long the place of a guess is shown


@dataclass(frozen=True)
class Echo:
    """Where a guess was clicked, canvas px, and whether it was right."""

    x: int
    y: int
    right: bool
    until: float


def mouse(desk: Desk, event: Mouse) -> None:
    """The mouse did something."""
    if event.kind == "down" and not desk.help:
        for (x, y, width, height), action in desk.chips:
            if x <= event.x < x + width and y <= event.y < y + height:
                desk.do(action)
                return
    if event.kind == "move" and not event.held:
        return
    desk.dirty = True
    if event.kind == "down":
        desk.welcome_until = 0.0
        if desk.help:
            desk.help = False
            return
    if desk.frozen is not None:
        if event.kind == "right":
            spot = desk.frozen.spot_at(event.x, event.y)
            if spot is not None and spot.difference is not None and desk.marking.shows(spot.difference):
                looking.dismiss_number(desk, spot.difference.id)
            return
        corners = desk.frozen.corners
        spot = desk.frozen.mouse(event)
        if corners is not None:
            if corners.changed and corners.held is None and event.kind == "up":
                correcting.use_corners(desk, corners)
            return
        _clicked(desk, event, spot)
    elif event.kind == "down":
        desk.pressed = (event.x, event.y)
    elif event.kind == "up" and desk.pressed is not None and desk.view is not None:
        x, y = desk.pressed
        desk.pressed = None
        if desk.view.holds(x, y):
            spot = page_spot(desk.live, desk.view.to_picture(x, y), 8 / desk.view.scale)
            _clicked(desk, event, spot)


def _clicked(desk: Desk, event: Mouse, spot: Spot | None) -> None:
    if spot is None:
        return
    if desk.play is not None:
        answer = desk.play.guess(desk.spotting, spot.panel, spot.at)
        desk.echo = Echo(event.x, event.y, answer.right, desk.clock() + ECHO_SECONDS)
    elif spot.difference is not None and desk.marking.shows(spot.difference):
        if desk.frozen is not None:
            desk.frozen.select(spot.difference.id)
        looking.tick_number(desk, spot.difference.id)
    elif desk.frozen is not None and spot.difference is not None and spot.difference.id in desk.marks.dismissed:
        desk.frozen.select(spot.difference.id)
        desk.tell(f"{spot.difference.id} was dismissed; {keys.label(Action.DISMISS)} takes it back")
    elif desk.frozen is not None:
        desk.frozen.select(None)
