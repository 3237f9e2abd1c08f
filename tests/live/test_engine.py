"""The analyser's thread stands back for the display's, and what the display needs does not stand back with it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from livespot.live.engine import GIVES_WAY

PRIORITIES = """
import json, os, threading
import livespot, cv2, numpy as np
from livespot.live.engine import Engine

def large():
    return cv2.resize(np.zeros((1080, 1920, 3), np.uint8), (1600, 900))

class Spots:
    def warm_up(self):
        large()  # the analyser comes first to use OpenCV's helpers

done = threading.Event()
with Engine(Spots()) as engine:
    engine.ask("", lambda: (large(), threading.get_native_id()), lambda result: None)
    engine.ask("", done.set)
    done.wait(60)
    analyser = engine._thread.native_id
    tasks = {int(t): os.getpriority(os.PRIO_PROCESS, int(t)) for t in os.listdir("/proc/self/task")}
print(json.dumps([tasks.pop(analyser), tasks.pop(os.getpid()), sorted(tasks.values())]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is the whole process's")
def test_only_the_analyser_gives_way() -> None:
    said = subprocess.run([sys.executable, "-P", "-c", PRIORITIES], capture_output=True, text=True, check=True).stdout
    analyser, display, others = json.loads(said)
    assert analyser == min(display + GIVES_WAY, 19)
    assert set(others) <= {display}
