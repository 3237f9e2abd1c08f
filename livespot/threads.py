"""Which of livespot's own threads are still in the middle of something when a session ends."""

from __future__ import annotations

import threading


def helpers() -> list[threading.Thread]:
    """The threads that read, analyse or play and are still in the middle of it."""
    names = ("analyser", "capture", "playback")
    return [thread for thread in threading.enumerate() if thread.daemon and thread.name.startswith(names)]
