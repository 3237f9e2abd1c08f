"""The analyser's thread and the recorder's stand back for the display's; what the display needs does not with them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from livespot import threads

PRIORITIES = """
import json, os, sys, threading
import livespot, cv2, numpy as np
from livespot.live.analysis_thread import Engine
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings

def large():
    return cv2.resize(np.zeros((1080, 1920, 3), np.uint8), (1600, 900))

class Spots:
    def warm_up(self, progress):
        large()  # the analyser comes first to use OpenCV's helpers

done = threading.Event()
with Recorder(sys.argv[1], RecordingSettings()) as recorder, Engine(Spots()) as engine:
    engine.ask("", lambda: (large(), threading.get_native_id()), lambda result: None)
    engine.ask("", done.set)
    done.wait(60)
    analyser = engine._thread.native_id
    encoder = recorder._thread.native_id
    tasks = {int(t): os.getpriority(os.PRIO_PROCESS, int(t)) for t in os.listdir("/proc/self/task")}
print(json.dumps([tasks.pop(analyser), tasks.pop(encoder), tasks.pop(os.getpid()), sorted(tasks.values())]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is the whole process's")
def test_only_the_analyser_and_the_recorder_give_way(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-c", PRIORITIES, str(tmp_path / "a.mp4")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    analyser, recorder, display, others = json.loads(said)
    assert analyser == min(display + threads.ANALYSER, 19)
    assert recorder == min(display + threads.RECORDER, 19)
    assert set(others) <= {display}
