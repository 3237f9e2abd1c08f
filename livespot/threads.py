"""livespot's own threads: that they stand back for the display's, and which still work when a session ends."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

# A nice level, where more threads want to run than there are cores: the display then shows every frame, and the
# analyser and the recorder, which both stand back, share what is left evenly.
GIVES_WAY = 10


def give_way() -> None:
    """Let the calling thread, and those it starts, stand back for the display's."""
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + GIVES_WAY)


def helpers() -> list[threading.Thread]:
    """The threads that read, analyse or play and are still in the middle of it."""
    names = ("analyser", "capture", "playback")
    return [thread for thread in threading.enumerate() if thread.daemon and thread.name.startswith(names)]
