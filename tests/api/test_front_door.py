"""The public front door: what `livespot` promises, and what it leaves alone."""

import doctest
import importlib
import inspect
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.patience import until

import livespot
from livespot.demo import page_picture
from livespot.frame import Image

PROMISED = [
    "Difference", "Frame", "FrameResult", "Kind", "LivespotError", "Recorder", "Settings", "Spotter", "__version__",
    "absdiff_map", "annotate", "find_differences", "open_source", "ssim_map", "tolerant_difference",
]  # fmt: skip
FUNCTIONS = ("absdiff_map", "annotate", "find_differences", "open_source", "ssim_map", "tolerant_difference")


@pytest.fixture(scope="module")
def page() -> Image:
    return page_picture(seed=1).image


def boxes(result: Any) -> list[list[float]]:
    return [np.round(d.a, 1).tolist() for d in result.differences]


def test_what_is_promised_stays() -> None:
    assert sorted(livespot.__all__) == PROMISED
    for name in PROMISED:
        assert getattr(livespot, name) is not None
        assert name in dir(livespot)
    with pytest.raises(AttributeError, match="no attribute 'find_all'"):
        livespot.find_all  # noqa: B018


def test_importing_changes_nothing_and_is_quick() -> None:
    code = """
import json, logging, os, sys, time
before = dict(os.environ), list(logging.root.handlers), sys.flags
loaded = set(sys.modules)
start = time.process_time()
import livespot
spent = time.process_time() - start
assert (dict(os.environ), list(logging.root.handlers), sys.flags) == before
print(json.dumps([spent, [m for m in ("cv2", "numpy", "numba", "av", "typing") if m in set(sys.modules) - loaded]]))
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    spent, loaded = json.loads(done.stdout)
    assert done.stderr == ""
    assert loaded == []
    assert spent < 0.05  # promised; it takes 1 ms


def test_using_it_leaves_the_process_as_it_was() -> None:
    code = """
import os, numba
before = dict(os.environ), numba.config.CACHE_DIR
from numba.np import linalg
blas = linalg.ensure_blas
import livespot, numpy as np
assert not livespot.find_differences(np.full((400, 600), 200, np.uint8))
changed = {k: v for k, v in os.environ.items() if before[0].get(k) != v}
assert changed.keys() <= {k for k in changed if k.startswith(("QT_", "LD_LIBRARY_PATH"))}, changed  # cv2's own
assert numba.config.CACHE_DIR == before[1]
assert linalg.ensure_blas is blas
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_a_page_and_two_pictures(page: Image) -> None:
    drawn = page_picture(seed=1)
    result = livespot.find_differences(page)
    assert result
    assert result.panels is not None
    cut = []
    for quad in (drawn.a, drawn.b):
        (x0, y0), (x1, y1) = quad.min(axis=0).round().astype(int), quad.max(axis=0).round().astype(int)
        cut.append(page[y0:y1, x0:x1])
    pair = livespot.find_differences(*cut)
    assert pair
    assert abs(len(pair.differences) - len(result.differences)) <= 1


def test_without_a_puzzle_it_is_false_and_says_why() -> None:
    result = livespot.find_differences(np.full((400, 600, 3), 200, np.uint8))
    assert not result
    assert "nothing to see" in result.reason
    same = page_picture(seed=1).image[:300, :300]
    assert livespot.find_differences(same, same)  # two equal pictures are a puzzle without a difference


def test_pictures_are_taken_for_what_they_are(page: Image) -> None:
    wanted = boxes(livespot.find_differences(page))
    assert wanted
    alpha = np.dstack([page, np.full(page.shape[:2], 255, np.uint8)])
    for picture in (page.astype(np.uint16) * 257, page / 255.0, (page / 255.0).astype(np.float32), alpha):
        assert boxes(livespot.find_differences(picture)) == wanted
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    wanted = boxes(livespot.find_differences(grey))
    assert wanted
    assert boxes(livespot.find_differences(grey[:, :, None] / 255)) == wanted


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros((3, 480, 640), np.uint8), "got shape (3, 480, 640) of uint8: the channels come last"),
        (np.zeros((2, 480, 640, 3), np.uint8), "hand over one picture at a time"),
        (np.zeros((480, 640, 7), np.uint8), "hand over one picture at a time"),
        (np.zeros((0, 640, 3), np.uint8), "hand over one picture at a time"),
        (np.full((480, 640), 255.0), "from 255 to 255: divide by its white"),
        (np.full((480, 640), np.nan), "divide by its white"),
        (np.zeros((480, 640), np.int64), "use array.astype(np.uint8)"),
        (np.zeros((20, 640), np.uint8), "expected 64 px a side at least, got 640 x 20"),
        ("page.png", "read it first, cv2.imread('page.png')"),
        (Path("page.png"), "read it first"),
        (None, "cv2.imread gives None for a file it cannot read"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_is_no_picture_is_one_clear_error(array: Any, says: str) -> None:
    with pytest.raises(livespot.LivespotError) as caught:
        livespot.find_differences(array)
    assert isinstance(caught.value, ValueError)
    text = str(caught.value)
    assert text.startswith("page: expected ")
    assert says in text
    assert "\n" not in text


def test_it_is_pure_and_its_result_travels(page: Image) -> None:
    before = page.copy()
    page.flags.writeable = False
    first, second = livespot.find_differences(page), livespot.find_differences(page)
    assert np.array_equal(page, before)
    assert boxes(first) == boxes(second)
    assert pickle.loads(pickle.dumps(livespot.find_differences)) is livespot.find_differences
    assert boxes(pickle.loads(pickle.dumps(first))) == boxes(first)


def test_the_maps_refuse_two_shapes() -> None:
    a, b = np.zeros((8, 8), np.uint8), np.zeros((8, 9), np.uint8)
    for function in (livespot.ssim_map, livespot.tolerant_difference, livespot.absdiff_map):
        with pytest.raises(livespot.LivespotError, match=r"a and b: expected one shape, got \(8, 8\) and \(8, 9\)"):
            function(a, b)
    with pytest.raises(livespot.LivespotError, match=r"radius: expected a number or shape \(8, 8\)"):
        livespot.tolerant_difference(a, a, np.zeros((4, 4), np.float32))


def test_a_pair_is_drawn_side_by_side(page: Image) -> None:
    importlib.import_module("livespot.annotate.boxes")  # a room of the same name: the function answers all the same
    half = page[:, :400]
    drawn = livespot.annotate(half, livespot.find_differences(half, half), half)
    assert drawn.shape[1] > 800


def test_a_spotter_for_ones_own_loop_refuses_time_that_goes_back(page: Image) -> None:
    spotter = livespot.Spotter()
    results = [spotter(page, 0.1 * i) for i in range(12)]
    assert results[-1]
    assert results[-1].differences
    with pytest.raises(livespot.LivespotError, match="hand over pictures in order"):
        spotter(page, 0.5)


def test_a_spotter_in_the_background(page: Image) -> None:
    with livespot.Spotter(background=True) as spotter:
        until(lambda: spotter(page[::2, ::2]).differences, "differences", 200)


def test_a_recorder_with_its_own_settings(work: Path, page: Image) -> None:
    with livespot.Recorder("out.mp4") as recorder:
        for i in range(5):
            recorder.write(page, i / 10)
    assert recorder.status.error is None
    assert Path("out.mp4").stat().st_size > 1000


@pytest.mark.parametrize("name", [name for name in PROMISED if name in FUNCTIONS])
def test_every_public_function_is_described_and_its_example_holds(name: str) -> None:
    function = getattr(importlib.import_module(livespot._HOMES[name]), name)
    for part in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"{part}\n{'-' * len(part)}" in inspect.getdoc(function)
    if name in ("find_differences", "ssim_map"):  # the others are the project's own, or elementary
        assert "References\n----------" in inspect.getdoc(function)
    hold(function, name)


@pytest.mark.parametrize("name", ["Recorder", "Spotter"])
def test_every_class_that_is_called_is_described_and_its_example_holds(name: str) -> None:
    assert "Parameters\n----------" in inspect.getdoc(getattr(livespot, name))
    hold(getattr(livespot, name), name)


def hold(thing: Any, name: str) -> None:
    module = importlib.import_module(thing.__module__)
    tests = [t for t in doctest.DocTestFinder(recurse=False).find(thing, name, globs=vars(module).copy()) if t.examples]
    assert tests
    for test in tests:
        assert doctest.DocTestRunner().run(test).failed == 0
