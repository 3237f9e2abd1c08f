"""What the training puzzles are made from: open art of Debian packages, scikit-image's photographs, livespot's scenes.

In: an installed system (`PACKAGES` by apt). Out: a file `assets.pkl` in the work folder: cut-outs (BGRA), pictures and
drawn puzzles, lettering. One in ten is held out by the name of its source file, and never trained on.
"""

from __future__ import annotations

import hashlib
import itertools
import pickle
import random
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import packages
from livespot.errors import LivespotError

PACKAGES = [
    "openclipart-png", "tuxpaint-stamps-default", "gcompris-qt-data", "fonts-noto-color-emoji",
    "fonts-dejavu-core", "plasma-workspace-wallpapers", "gnome-backgrounds",
]  # fmt: skip
ALIKE = "icon", "star", "flag", "map_", "aiga", "arrow", "button", "led"  # in the names of folders of clip art
CUTOUT, PICTURE = 220, 760  # px of the longer side that are kept
EMOJI = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
WORDS = [
    "the", "find", "seven", "differences", "between", "pictures", "spot", "can", "you", "our", "little", "fox",
    "went", "to", "market", "with", "nine", "red", "apples", "and", "one", "blue", "hat", "HELLO", "SALE", "15",
    "1984", "No7", "OPEN", "shop", "cafe", "Zoo", "Taxi", "24", "EXIT", "bus", "school", "Milk", "Ho",
]  # fmt: skip
PHOTOGRAPHS = [
    "astronaut", "coffee", "chelsea", "rocket", "camera", "coins", "brick", "grass", "gravel", "page",
    "hubble_deep_field", "retina",
]  # fmt: skip
Pixels = NDArray[np.uint8]


def premultiplied(sprite: Pixels, change: str, *args: object, **more: object) -> Pixels:
    """An OpenCV resampling by name, done on colours times alpha, so that no hidden colour bleeds in."""
    p = sprite.astype(np.float32)
    p[..., :3] *= p[..., 3:] / 255
    p = np.asarray(getattr(cv2, change)(p, *args, **more), np.float32)
    p[..., :3] /= np.maximum(p[..., 3:] / 255, 1e-3)
    return np.clip(p, 0, 255).astype(np.uint8)


@dataclass
class Assets:
    """drawn: (a, b, instances, kinds): puzzles of livespot's own scenes, an instance's number at each of its pixels."""

    cutouts: list[Pixels] = field(default_factory=list)
    pictures: list[Pixels] = field(default_factory=list)
    texts: list[Pixels] = field(default_factory=list)
    drawn: list[tuple[Pixels, Pixels, Pixels, tuple[str, ...]]] = field(default_factory=list)

    def add_cutout(self, image: Pixels | None) -> bool:
        if image is None or image.ndim != 3 or image.shape[2] != 4 or image[..., 3].min() > 200:
            return False
        ys, xs = np.nonzero(image[..., 3] > 30)
        if len(ys) < 200:
            return False
        p = image[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        scale = min(1.0, CUTOUT / max(p.shape[:2]))
        if min(p.shape[:2]) * scale < 10:
            return False
        self.cutouts.append(premultiplied(p, "resize", None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        return True

    def add_picture(self, image: Pixels | None) -> None:
        if image is None or min(image.shape[:2]) < 300:
            return
        bgr = np.repeat(image[..., None], 3, 2) if image.ndim == 2 else image[..., :3]
        scale = min(1.0, PICTURE / max(bgr.shape[:2]))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self.pictures.append(np.ascontiguousarray(small, np.uint8))


def load(work: Path) -> dict[str, Assets]:
    """The assets of a work folder, {"train": ..., "held": ...}, prepared on first use (some minutes)."""
    file = work / "assets.pkl"
    if not file.exists():
        work.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(collect()))
    made: dict[str, Assets] = pickle.loads(file.read_bytes())
    return made


def collect() -> dict[str, Assets]:
    """Everything that is installed. Raises LivespotError, naming the packages, when there is next to nothing."""
    packages.need("skimage", "scikit-image", "puzzle", "drawing puzzles to train on")
    out = {"train": Assets(), "held": Assets()}

    def of(name: str) -> Assets:
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return out["held" if int(digest, 16) % 10 == 0 else "train"]

    for path in _clipart():
        of(path.name).add_cutout(_read(path))
    for name, blob in _gcompris():
        read = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_UNCHANGED)
        image = None if read is None else np.asarray(read, np.uint8)
        if not of(name).add_cutout(image):
            of(name).add_picture(image)
    for path in _wallpapers():
        of(path.parts[4]).add_picture(_read(path, cv2.IMREAD_REDUCED_COLOR_2))
    for name, emoji in _emoji():
        of(name).add_cutout(emoji)
    from skimage import data

    for name in PHOTOGRAPHS:
        try:
            image = getattr(data, name)()
        except Exception:  # not every photograph comes with the wheel; the others are fetched, where a network is
            continue
        of(name).add_picture(image[..., ::-1] if image.ndim == 3 else image)
    for k, text in enumerate(_lettering(600)):
        out["held" if k % 10 == 0 else "train"].texts.append(text)
    if len(out["train"].cutouts) < 500 or len(out["train"].pictures) < 20 or not out["train"].texts:
        raise LivespotError("there is too little to draw puzzles from: run apt-get install " + " ".join(PACKAGES))
    for k, drawn in enumerate(_own_scenes()):
        out["held" if k % 10 == 0 else "train"].drawn.append(drawn)
    return out


def _read(path: Path, how: int = cv2.IMREAD_UNCHANGED) -> Pixels | None:
    image = cv2.imread(str(path), how)
    return None if image is None else np.asarray(image, np.uint8)


def _clipart() -> Iterator[Path]:
    """At most 130 of a folder, 60 of those that look all alike."""
    files = sorted(Path("/usr/share/openclipart/png").rglob("*.png"))
    random.Random(1).shuffle(files)
    count: Counter[tuple[str, ...]] = Counter()
    for path in files:
        folder = path.parts[5:7]
        alike = any(word in "/".join(folder) for word in ALIKE)
        count[folder] += 1
        if count[folder] <= (60 if alike else 130) and path.stat().st_size < 600_000:
            yield path
    yield from sorted(Path("/usr/share/tuxpaint/stamps").rglob("*.png"))


def _gcompris() -> Iterator[tuple[str, bytes]]:
    """The pictures inside GCompris's Qt resource files: entries behind a length, some of them packed by zlib."""
    for path in sorted(Path("/usr/share/gcompris-qt/rcc").glob("*.rcc")):
        data = path.read_bytes()
        if data[:4] != b"qres":
            continue
        _, tree, at, names = struct.unpack(">4I", data[4:20])
        end = min([x for x in (tree, names, len(data)) if x > at])
        while at + 4 <= end:
            (size,) = struct.unpack(">I", data[at : at + 4])
            blob = data[at + 4 : at + 4 + size]
            at += 4 + size
            if blob[4:6] in (b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
                try:
                    blob = zlib.decompress(blob[4:])
                except zlib.error:
                    continue
            if size > 1500 and (blob[:4] in (b"\x89PNG", b"RIFF") or blob[:2] == b"\xff\xd8"):
                yield f"{path.stem}{at}", blob


def _wallpapers() -> Iterator[Path]:
    count: Counter[str] = Counter()
    for root in ("/usr/share/wallpapers", "/usr/share/backgrounds"):
        for path in sorted(Path(root).rglob("*")):
            if path.suffix in (".png", ".jpg", ".jpeg", ".webp") and "screenshot" not in path.name:
                count[path.parts[4]] += 1
                if count[path.parts[4]] <= (2 if "wallpapers" in root else 40):
                    yield path


def _emoji() -> Iterator[tuple[str, Pixels]]:
    from PIL import Image, ImageDraw, ImageFont

    if not Path(EMOJI).exists():
        return
    font = ImageFont.truetype(EMOJI, 109)
    blocks = (0x1F300, 0x1F650), (0x1F680, 0x1F700), (0x1F900, 0x1FA00), (0x1FA70, 0x1FAFF)
    for code in itertools.chain(*(range(*block) for block in blocks)):
        if not unicodedata.name(chr(code), ""):
            continue
        image = Image.new("RGBA", (136, 128), (0, 0, 0, 0))
        ImageDraw.Draw(image).text((0, 0), chr(code), font=font, embedded_color=True)
        yield f"emoji{code}", np.ascontiguousarray(np.array(image)[..., [2, 1, 0, 3]])


def _lettering(count: int) -> Iterator[Pixels]:
    """Words, lines of text, panel letters, page numbers, in every font installed."""
    from PIL import Image, ImageDraw, ImageFont

    rng = random.Random(2)
    fonts = [f for f in sorted(Path("/usr/share/fonts").rglob("*.[to]tf")) if "Emoji" not in f.name]
    for _ in range(count if fonts else 0):
        size = rng.choice([14, 18, 24, 32, 48, 72])
        lines = rng.choice([1, 1, 1, 2, 3]) if size < 40 else 1
        text = "\n".join(" ".join(rng.choices(WORDS, k=rng.randint(1, 5 if size < 30 else 2))) for _ in range(lines))
        if size >= 48:
            text = rng.choice(["A", "B", "1", "2", "a", "b", "7", "10", "21", "C", "E", "Z", "OK", "35"])
        image = Image.new("L", (900, 300), 0)
        try:
            font = ImageFont.truetype(str(rng.choice(fonts)), size)
        except OSError:
            continue
        ImageDraw.Draw(image).multiline_text((10, 10), text, font=font, fill=255)
        mask = np.array(image)
        ys, xs = np.nonzero(mask > 30)
        if len(ys) < 20:
            continue
        mask = mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        out = np.empty((*mask.shape, 4), np.uint8)
        out[..., :3] = rng.choice(
            [(0, 0, 0), (20, 20, 30), (40, 40, 200), (160, 60, 20), (30, 120, 30), (250, 250, 250)]
        )
        out[..., 3] = mask
        yield out


def _own_scenes(count: int = 12) -> Iterator[tuple[Pixels, Pixels, Pixels, tuple[str, ...]]]:
    from livespot.demo.opening import demo_names, make_puzzle

    for seed in range(count):
        for name in demo_names():
            puzzle = make_puzzle(name, seed=50_000 + seed, differences=8, scale=0.65)
            instances = np.zeros(puzzle.a.shape[:2], np.uint8)
            for number, one in enumerate(puzzle.differences, start=1):
                x, y, w, h = one.box
                instances[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1] = number
            yield puzzle.a, puzzle.b, instances, tuple(one.kind for one in puzzle.differences)
