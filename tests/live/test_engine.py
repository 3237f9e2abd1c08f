"""The analyser's thread stands back for the display's, and what the display needs does not stand back with it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from livespot.live.engine import GIVES_WAY, GIVES_WAY_FIRST

PRIORITIES = """
import json, os, threading, time
import livespot, cv2, numpy as np
from livespot.frame import Frame
from livespot.live.engine import FIRST, Engine

def large():
    return cv2.resize(np.zeros((1080, 1920, 3), np.uint8), (1600, 900))

class Spots:
    def warm_up(self):
        large()  # the analyser comes first to use OpenCV's helpers

    def ready(self, frame):
        return True

    def analyse(self, frame):
        pass

done = threading.Event()
with Engine(Spots()) as engine:
    engine.ask("", lambda: (large(), threading.get_native_id()), lambda result: None)
    engine.ask("", done.set)
    done.wait(60)
    analyser = engine._thread.native_id
    at_first = os.getpriority(os.PRIO_PROCESS, analyser)
    for n in range(FIRST):
        engine.offer(Frame(np.zeros((9, 9, 3), np.uint8), n / 30, n, 0.0))
        while engine.analysed <= n:
            time.sleep(0.002)
    done.clear()
    engine.ask("", done.set)
    done.wait(60)
    tasks = {int(t): os.getpriority(os.PRIO_PROCESS, int(t)) for t in os.listdir("/proc/self/task")}
print(json.dumps([at_first, tasks.pop(analyser), tasks.pop(os.getpid()), sorted(tasks.values())]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is the whole process's")
def test_only_the_analyser_gives_way() -> None:
    said = subprocess.run([sys.executable, "-P", "-c", PRIORITIES], capture_output=True, text=True, check=True).stdout
    at_first, analyser, display, others = json.loads(said)
    assert at_first == min(display + GIVES_WAY_FIRST, 19)
    assert analyser == min(display + GIVES_WAY, 19)
    assert set(others) <= {display}
