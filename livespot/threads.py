"""livespot's own threads: they give way to the display; and which of them still work when a session ends."""

import contextlib
import os
import sys
import threading

# Nice levels, where more threads want to run than there are cores, so that the display shows every frame. At more of
# them it does so even in a slow hour, but beside a busy program of somebody else's nothing is analysed any more, and
# the recording loses pictures.
ANALYSER = 4
RECORDER = 2


def lower_priority(levels: int) -> None:
    """Let the calling thread, and those it starts, stand back for the display's by so many nice levels."""
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + levels)


def helpers() -> list[threading.Thread]:
    """The threads that read, analyse or play and are still in the middle of it."""
    names = ("analyser", "capture", "playback")
    return [thread for thread in threading.enumerate() if thread.daemon and thread.name.startswith(names)]
