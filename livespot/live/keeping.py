"""What a person keeps with a key: a recording (R), a snapshot (S), what each step saw (E)."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from livespot.errors import LivespotError
from livespot.live import snapshot
from livespot.live.naming import in_words

if TYPE_CHECKING:
    from livespot.live.desk import Desk
    from livespot.spotting.explaining import Explanation


def record(desk: Desk) -> None:
    """Start a recording, or stop the one that runs."""
    if desk.outputs.status is not None:
        status = desk.outputs.stop_recording()
        if status is not None and status.files:
            desk.tell(f"recorded {status.files[-1].name}, {status.seconds:.0f} s")
        return
    stem = snapshot.free_stem(desk.folder, "livespot", (".mp4", ".writing.mp4"))
    try:
        desk.folder.mkdir(parents=True, exist_ok=True)
        desk.outputs.start_recording(desk.folder / f"{stem}.mp4")
    except (LivespotError, OSError) as error:
        desk.alarm(f"no recording: {in_words(error) if isinstance(error, OSError) else error}")
        return
    desk.tell(f"recording to {stem}.mp4")


def save(desk: Desk) -> None:
    """Save a snapshot of what is on screen, on a thread of its own."""
    frame = desk.frozen.frame if desk.frozen is not None else desk.frame
    if frame is None:
        return
    spotting, marking = desk.spotting, replace(desk.marking, hiding=False, selected=None)
    desk.outputs.mark("snapshot")

    def work() -> None:
        try:
            saved = snapshot.save(desk.folder, frame.image, spotting, marking=marking, source=desk.name)
        except LivespotError as error:
            desk.alarm(str(error))
        except Exception as error:
            desk.alarm(f"the snapshot was not saved: {error}")
        else:
            with_card = ", with its card" if saved.card is not None else "; no difference, so no card"
            desk.tell(f"saved {saved.stem}.png{with_card}", seconds=4.0)

    # Not a daemon: quitting right after S must not leave half a picture.
    threading.Thread(target=work, name="snapshot").start()


def explain(desk: Desk) -> None:
    """Save what each step saw as a page, in a folder of its own; freezes first."""
    if desk.play is not None:
        desk.tell("the explanation would give it away: G ends the game")
        return
    if desk.frozen is None:
        desk.freeze()
    if desk.frozen is None:
        return

    def work() -> str:
        explanation = desk.spotter.explain()
        return "" if explanation is None else _explained(desk, explanation)

    def done(name: str | None) -> None:
        # None: it failed, and the engine tells why.
        if name is not None:
            desk.tell(
                f"saved {name}: open it in a browser" if name else "no puzzle found: nothing to explain", seconds=6.0
            )

    desk.engine.ask("explaining…", work, done)


def _explained(desk: Desk, explanation: Explanation) -> str:
    """Write the explanation; where its page is, beginning with its own folder. Raises LivespotError."""
    from livespot.live.explain import sheet

    pieces = sheet.files_of(explanation, desk.name)
    try:
        desk.folder.mkdir(parents=True, exist_ok=True)
        folder = desk.folder / snapshot.free_stem(desk.folder, "livespot-explained", ("",))
        folder.mkdir()
        for name, data in pieces.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise LivespotError(f"the explanation was not saved in {desk.folder}: {in_words(error)}") from None
    return f"{folder.name}/{sheet.PAGE}"
