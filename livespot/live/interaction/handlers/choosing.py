"""W: another source. Keys and the mouse on the start panel; loop.choosing opens what was chosen."""

from livespot.live.interaction.events import Mouse
from livespot.live.interaction.start_panel import StartPanel
from livespot.live.interaction.state import WindowState

_WHEEL = 48  # px a notch


def toggle(desk: WindowState) -> None:
    """Open the start panel, or close it."""
    if desk.panel is not None:
        desk.panel = None
    elif desk.outputs.status is not None:
        desk.tell(f"recording {desk.outputs.recorded_to}: stop it with R before you choose another source")
    elif not desk.choosable:
        desk.tell("no other source with --record, --record-raw, --events or --seconds")
    else:
        desk.panel = StartPanel()


def key(desk: WindowState, code: int) -> bool:
    """Whether the open panel took this key for itself."""
    return desk.panel is not None and _chosen(desk, desk.panel.key(code))


def mouse(desk: WindowState, event: Mouse) -> bool:
    """Whether the open panel took this event for itself."""
    panel = desk.panel
    if panel is None or not panel.holds(event.x, event.y):
        return False
    if event.kind == "wheel":
        panel.scroll(-_WHEEL * event.notches)
    if event.kind == "down":
        return _chosen(desk, panel.click(event.x, event.y))
    return event.kind in ("wheel", "up", "move")


def _chosen(desk: WindowState, chosen: str | None) -> bool:
    if chosen is None:
        return False
    desk.dirty = True
    if chosen and desk.outputs.status is not None:
        desk.tell(f"recording {desk.outputs.recorded_to}: stop it with R before you choose another source")
    elif chosen:
        desk.chosen = chosen
    return True
