"""What a person keeps with a key: a recording (R), a snapshot (S), what each step saw (E)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from livespot.errors import LivespotError
from livespot.live.interaction.handlers import looking
from livespot.live.interaction.state import WindowState
from livespot.record import snapshot
from livespot.record.naming import in_words

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

_KEPT_SECONDS = 6.0


def show(desk: WindowState) -> None:
    """Open the folder of what was kept last in the desktop's own file manager."""
    folder = desk.kept
    if folder is None:
        desk.tell("nothing is saved yet: S saves the page, R records")
        return
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    if shutil.which(opener) is None:
        desk.tell(f"it is in {folder.absolute()}", seconds=_KEPT_SECONDS)
        return
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # waited for in a thread, so that nothing is left of it
    threading.Thread(target=subprocess.run, args=([opener, str(folder)],), kwargs=quiet, daemon=True).start()


def record(desk: WindowState) -> None:
    """Start a recording, or stop the one that runs."""
    if desk.outputs.status is not None:
        status = desk.outputs.stop_recording()
        if status is not None and status.files:
            desk.kept = status.files[-1].parent
            desk.tell(f"recorded {status.files[-1]}, {status.seconds:.0f} s", seconds=_KEPT_SECONDS)
        return
    stem = snapshot.free_stem(desk.videos, "livespot", (".mp4", ".writing.mp4"))
    try:
        desk.videos.mkdir(parents=True, exist_ok=True)
        desk.outputs.start_recording(desk.videos / f"{stem}.mp4")
    except (LivespotError, OSError) as error:
        desk.alarm(f"no recording: {in_words(error) if isinstance(error, OSError) else error}")
        return
    desk.tell(f"recording to {desk.videos / stem}.mp4")


def save(desk: WindowState) -> None:
    """Save a snapshot of what is on screen, on a thread of its own."""
    frame = desk.frozen.frame if desk.frozen is not None else desk.frame
    if frame is None:
        return
    spotting, marking = desk.spotting, replace(desk.marking, hiding=False, selected=None)
    desk.outputs.mark("snapshot")

    def work() -> None:
        try:
            saved = snapshot.save(desk.pictures, frame.image, spotting, marking=marking, source=desk.name)
        except LivespotError as error:
            desk.alarm(str(error))
        except Exception as error:
            desk.alarm(f"the snapshot was not saved: {error}")
        else:
            with_card = ", with its card" if saved.card is not None else "; no difference, so no card"
            desk.kept = saved.page.parent
            desk.tell(f"saved {saved.page}{with_card}", seconds=_KEPT_SECONDS)

    # Not a daemon: quitting right after S must not leave half a picture.
    threading.Thread(target=work, name="snapshot").start()


def explain(desk: WindowState) -> None:
    """Save what each step saw as a page, in a folder of its own; freezes first."""
    if desk.play is not None:
        desk.tell("that would give the answers away: G ends the game")
        return
    if (frozen := looking.frozen_view(desk)) is None:
        return
    frame = frozen.frame

    def work() -> tuple[bool, str]:
        explanation = desk.spotter.explain(frame)
        try:
            return True, f"saved {_explained(desk, explanation)}: open it in a browser"
        except LivespotError as error:
            return False, str(error)

    def done(said: tuple[bool, str] | None) -> None:
        if said is None:
            return  # it failed in a way nobody foresaw, and the engine tells how
        good, line = said
        if good:
            desk.tell(line, seconds=6.0)
        else:
            desk.alarm(line)

    desk.engine.ask("explaining…", work, done)


def _explained(desk: WindowState, explanation: Explanation) -> str:
    """Write the explanation; its page, with the folder made for it. Raises LivespotError, with nothing left behind."""
    from livespot.report import page

    pieces = page.files_of(explanation, desk.name)
    folder = desk.pictures / snapshot.free_stem(desk.pictures, "livespot-explained", ("",))
    try:
        folder.mkdir(parents=True)
        try:
            for name, data in pieces.items():
                (folder / name).write_bytes(data)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise LivespotError(f"the explanation was not saved in {desk.pictures}: {in_words(error)}") from None
    return f"{folder.name}/{page.PAGE}"
