"""Clips of the simulated webcam as video files with their truth, rendered once and kept in the user's cache.

Rendering a frame costs more than livespot may take for it, so what is measured in real time is played from a file.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from livespot import startup
from livespot.bench import report
from livespot.bench.filmed import labels_of
from livespot.demo import DemoSource, open_demo
from livespot.frame import Frame
from livespot.reference.scoring import Labels

SIZES = {"480p": (640, 480), "720p": (1280, 720), "1080p": (1920, 1080)}
RATE = 30.0
SEED = 1001


@dataclass(frozen=True, eq=False)
class Clip:
    """path: an H.264 MP4. demo: the simulated webcam that made it, which knows the truth of every frame."""

    path: Path
    demo: DemoSource
    length: int

    def frames(self) -> Iterator[Frame]:
        """Every frame, as a file source gives it."""
        from livespot.capture.opening import open_source
        from livespot.settings import Settings

        with open_source(str(self.path), Settings()) as source:
            while (frame := source.read()) is not None:
                yield frame

    def labels(self, index: int) -> Labels:
        """What is true of frame `index`, on panel A, frame px; what is hidden there is ignored."""
        return labels_of(self.demo.truth(index))


def rendered(size: tuple[int, int], *, seconds: float, scenario: str = "handheld") -> Clip:
    """The clip, from the cache when it was rendered before by the same demo code."""
    demo = open_demo(size=size, fps=RATE, seconds=seconds, seed=SEED, scenario=scenario)
    key = f"{demo.name}-{size[0]}x{size[1]}-{seconds:g}s-{SEED}".replace("/", "-").replace(":", "-")
    folder = startup.cache_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}-{_version()}.mp4"
    length = demo.length or 0
    if not path.exists():
        for old in folder.glob(f"{key}-*.mp4"):
            old.unlink(missing_ok=True)
        _render(demo, path, length)
    return Clip(path, demo, length)


def _render(demo: DemoSource, path: Path, length: int) -> None:
    import av

    partial = path.with_suffix(f".{os.getpid()}.part")
    width, height = demo.webcam.size
    try:
        with av.open(str(partial), "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=Fraction(round(RATE * 1000), 1000))
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "16", "tune": "fastdecode"}
            for index in report.progress(range(length), f"rendering {path.stem[:32]}"):
                picture = av.VideoFrame.from_ndarray(demo.webcam.image(index), format="bgr24")
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _version() -> str:
    """Changes when the demo's code does."""
    import livespot.demo

    digest = hashlib.sha256()
    for file in sorted(Path(livespot.demo.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
