"""The training room: what is drawn has exact truth, and a tiny training ends in weights that OpenCV reads."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit.without import WITHOUT

from livespot import packages
from livespot.spotting.classify.eye import Eye
from livespot.spotting.classify.eye_input import maps_of, rim_of
from livespot.spotting.panels.panel_map import PLANES, SIDE
from livespot.training.drawn import assets as art
from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice
from livespot.training.drawn.filmed import LEAST_ON_A, filmed_sample
from livespot.training.drawn.samples import BELONGS_A, BELONGS_B, CORE, INSTANCE, KIND, SEEN, WEIGHT, cores, sample
from livespot.training.eye.scoring import score
from livespot.training.panels import views
from livespot.training.panels.no_puzzle import no_puzzle


@pytest.fixture(scope="module")
def assets() -> Assets:
    """A little art made here, so that the tests need no Debian package."""
    rng, made = np.random.default_rng(4), Assets()
    for k in range(12):
        cut = np.zeros((70, 60, 4), np.uint8)
        cv2.ellipse(cut, (30, 35), (10 + k, 25), k * 15, 0, 360, (*rng.integers(0, 255, 3).tolist(), 255), -1)
        made.add_cutout(cut)
        text = np.zeros((30, 60, 4), np.uint8)
        cv2.putText(text, "AB7"[k % 3], (5, 25), cv2.FONT_HERSHEY_DUPLEX, 1.0, (0, 0, 0, 255), 2)
        made.texts.append(text)
        made.add_picture(cv2.resize(rng.integers(0, 255, (6, 8, 3)).astype(np.uint8), (400, 320)))
    return made


def test_the_same_dice_draw_the_same_sample(assets: Assets) -> None:
    assert np.array_equal(sample(Dice([1, 2]), assets), sample(Dice([1, 2]), assets))


def test_every_sample_says_what_differs_and_only_that(assets: Assets) -> None:
    kinds = set()
    for k in range(40):
        planes = sample(Dice([5, k]), assets)
        on = planes[..., INSTANCE] > 0
        assert planes.dtype == np.uint8
        assert (planes[..., KIND][on] > 0).all()
        assert (planes[..., WEIGHT][on] > 0).all()
        assert np.minimum(planes[..., BELONGS_A], planes[..., BELONGS_B])[on].min(initial=255) > 100
        assert planes[..., CORE][on].mean() > 0.5 if on.sum() > 100 else True
        kinds |= set(np.unique(planes[..., KIND][on]))
    assert kinds == {1, 2, 3, 4, 5}


def test_a_filmed_sample_says_where_the_camera_shows_what_differs(assets: Assets) -> None:
    instances, changed = 0, []
    for k in range(4):
        planes = filmed_sample(Dice([9, k]), assets)
        on, seen = planes[..., INSTANCE] > 0, planes[..., SEEN] > 0
        assert (planes[..., BELONGS_A] > 127).mean() >= LEAST_ON_A
        instances += len(np.unique(planes[..., INSTANCE])) - 1
        change = cv2.absdiff(np.ascontiguousarray(planes[..., :3]), np.ascontiguousarray(planes[..., 3:6])).max(axis=2)
        if on.any():
            changed.append(float(change[on].mean() / change[seen & ~on].mean()))
    assert instances >= 4
    assert min(changed) > 1.5
    assert np.median(changed) > 2.5


def test_cores_bind_the_pieces_of_one_and_part_two() -> None:
    instances = np.zeros((80, 120), np.uint8)
    instances[20:60, 10:22] = 1
    instances[20:60, 26:40] = 1  # one thing, crossed by a mast
    instances[20:60, 41:60] = 2  # its neighbour
    core = cores(instances)
    count, labels = cv2.connectedComponents(core)
    assert count == 3
    assert labels[40, 15] == labels[40, 35] != labels[40, 50]


def test_too_little_art_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("_clipart", "_gcompris", "_wallpapers", "_emoji"):
        monkeypatch.setattr(art, source, lambda: iter(()))
    monkeypatch.setattr(art, "_lettering", lambda count: iter(()))
    with pytest.raises(art.LivespotError, match="apt-get install openclipart-png"):
        art.load(tmp_path)


def test_training_without_pytorch_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from livespot.settings import Settings
    from livespot.training.eye.command import Plan, train

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(art.LivespotError, match="scripts/train"):
        train(Plan(tmp_path), Settings(), print)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["calibrate", "thresholds"], "calibrate thresholds needs SciPy: pip install 'livespot[calibrate]'"),
        (["calibrate", "kinds"], "calibrate kinds needs SciPy: pip install 'livespot[calibrate]'"),
        (["puzzle", "--out", "page.pdf"], "making a puzzle needs SciPy: pip install 'livespot[puzzle]'"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_without_scipy_the_extra_that_brings_it_is_named(work: Path, words: list[str], says: str) -> None:
    code = WITHOUT.format("scipy") + "from livespot.__main__ import run; run()"
    done = subprocess.run([sys.executable, "-P", "-c", code, *words], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, f"livespot: {says}\n")


def test_art_without_scikit_image_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(art, "_clipart", lambda: pytest.fail("minutes of work before it is said"))
    with pytest.raises(art.LivespotError, match=r"pip install 'livespot\[puzzle\]'"):
        art.collect()


def test_the_trainer_sees_what_the_eye_sees(tmp_path: Path, assets: Assets) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here: scripts/train prepares it")
    from livespot.training.eye.crops import Crops

    planes = sample(Dice([3, 3]), assets)[:96, :96].copy()
    planes[:9, :, SEEN] = 0
    np.save(tmp_path / "0.npy", planes)
    crops = Crops(tmp_path, tmp_path / "filmed", [], 0, torch.device("cpu"))
    crops._levels = lambda: np.arange(256, dtype=np.uint8)  # as they are
    side = 96
    for sees, truth in itertools.islice(crops.batches(4, (side,)), 4):
        for x, plane in zip(sees.numpy(), truth.numpy(), strict=True):
            a, b = ((127.5 + 255 * x[i : i + 3]).round().astype(np.uint8).transpose(1, 2, 0) for i in (0, 3))
            a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
            expected = maps_of(a, b, plane[SEEN - 6] > 0, rim_of(side, side))
            assert np.abs(x[6:] - expected).max() < 1e-4
            assert plane[INSTANCE - 6].sum() == planes[..., INSTANCE].sum()


def test_a_view_says_where_the_picture_is_that_both_show(assets: Assets) -> None:
    assert np.array_equal(views.view(Dice([1, 2]), assets), views.view(Dice([1, 2]), assets))
    alike = []
    for k in range(40):
        planes = views.view(Dice([6, k]), assets)
        inside, seen = planes[..., views.MASK] > 127, planes[..., 6] > 0
        assert not (inside & ~seen).any()
        assert not planes[~seen][:, :6].any()
        if not inside.any():
            continue
        assert inside.sum() > 0.02 * inside.size
        far = cv2.absdiff(planes[..., :3], planes[..., 3:6]).mean(axis=2)
        alike.append(far[inside].mean() < far[seen & ~inside].mean() if (seen & ~inside).any() else True)
    assert np.mean(alike) > 0.6  # glare, shadow and plain paper apart
    assert 20 < len(alike) < 40  # the others show no puzzle


def test_what_is_no_puzzle_agrees_here_and_there(assets: Assets) -> None:
    near = []
    for k in range(40):
        a, b = no_puzzle(Dice([8, k]), assets)
        assert a.shape == b.shape
        assert min(a.shape[:2]) >= 60
        assert np.isfinite(np.stack([a, b])).all()
        near.append(float((np.abs(a - b).max(axis=2) < 20).mean()))
    assert 0.1 < np.mean(near) < 0.9


@pytest.mark.slow
def test_a_tiny_training_of_the_panel_map(tmp_path: Path, assets: Assets) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed here: scripts/train prepares it")
    import pickle

    from livespot.training.panels.command import train

    (tmp_path / "assets.pkl").write_bytes(pickle.dumps({"train": assets, "held": assets}))
    told: list[str] = []
    scores = train(tmp_path, 12 / 3600, write=False, tell=told.append, held=4)
    assert 0 <= min(scores.values()) <= max(scores.values()) <= 1
    assert "views" in told[-1]
    net = cv2.dnn.readNetFromONNX(str(tmp_path / "panel_map.onnx"))
    net.setInput(np.zeros((1, PLANES, SIDE, SIDE), np.float32))
    assert net.forward().shape == (1, 2, SIDE // 2, SIDE // 2)


@pytest.mark.slow
def test_a_tiny_training_from_nothing_to_weights(tmp_path: Path, assets: Assets) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed here: scripts/train prepares it")
    import pickle

    from livespot.settings import Settings
    from livespot.training.eye.command import Plan, train

    (tmp_path / "assets.pkl").write_bytes(pickle.dumps({"train": assets, "held": assets}))
    told: list[str] = []
    running = threading.active_count()
    scores = train(Plan(tmp_path, hours=12 / 3600, sides=(96,), held=2), Settings(), told.append)
    assert threading.active_count() == running  # one that computes when the process ends makes it abort
    assert 0 <= scores["f1"] <= 1
    assert "crops" in told[-1]
    eye = Eye(tmp_path / "eye.onnx")
    a = np.full((90, 120, 3), 200, np.uint8)
    assert eye.look(a, a.copy()).difference.shape == (45, 60)
    before = (tmp_path / "checkpoint.pt").stat().st_mtime
    train(Plan(tmp_path, hours=16 / 3600, sides=(96,), held=2), Settings(), told.append)  # continued
    assert (tmp_path / "checkpoint.pt").stat().st_mtime > before
    assert score(eye, []).told()["f1"] == 0
