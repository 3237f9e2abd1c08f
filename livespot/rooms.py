"""The rooms of livespot, lowest first, and the way a frame takes through them.

A room imports from rooms above its own line only; tests/test_rooms.py holds the order, `scripts/readme` draws
livespot/README.md from it. The sentence of a room stands at the head of its `__init__.py` (or of its one file).
"""

# One line a floor: rooms of one floor know nothing of each other.
FLOORS: tuple[str, ...] = (
    "version errors",
    "saying memory threads libraries packages calibration",
    "startup settings frame",
    "geometry fitted_files compiling.cache rooms",
    "compiling",
    "spotting.results spotting.params spotting.kernels",
    "spotting.registration spotting.photometry",
    "spotting.difference",
    "spotting.classify",
    "spotting.vision",
    "spotting.panels spotting.visibility",
    "spotting.methods",
    "spotting.temporal",
    "spotting.still",
    "spotting.explain spotting.warming",
    "spotting.spotter",
    "capture.base",
    "pictures",
    "annotate demo",
    "capture record report",
    "live.analysis_thread",
    "live.interaction",
    "live.window",
    "live.calibration_host live.loop",
    "reference api",
    "bench batch",
    "training",
    "cli",
    "__main__",
)

# What is done with a frame, in order: the step, its room, what it hands on.
FLOW: tuple[tuple[str, str, str], ...] = (
    ("a source gives a frame", "capture", "Frame"),
    ("the page is followed on every frame", "spotting.temporal", "pose"),
    ("now and then the newest frame is analysed:", "live.analysis_thread", "Frame"),
    ("  panel A is found again in panel B", "spotting.registration", "homography, warp, error"),
    ("  how far the two pictures reach", "spotting.panels", "quads, picture mask"),
    ("  what cannot be seen is left out", "spotting.visibility", "mask"),
    ("  both panels under one light", "spotting.photometry", "gain"),
    ("  what differs more than noise", "spotting.difference", "candidates"),
    ("  which of them are differences", "spotting.classify", "decisions"),
    ("  they keep their numbers over time", "spotting.temporal", "differences"),
    ("the pose carries them onto the frame", "spotting.spotter", "FrameResult"),
    ("boxes are drawn", "annotate", "picture"),
    ("shown, recorded, logged", "live.loop, live.window, record", ""),
)


def room_of(module: str) -> str:
    """The room of a module, both without `livespot.`: the longest name of the table that it begins with."""
    rooms = (room for floor in FLOORS for room in floor.split())
    return max((r for r in rooms if module == r or module.startswith(f"{r}.")), key=len, default="")
