"""A phone for the tests: a headless Chromium with a film for a camera, and a page served on this machine alone."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from livespot.frame import Image
from livespot.settings import PhoneSettings, Settings

needs_chromium = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="needs chromium and chromium-driver: scripts/test installs them",
)
LOOPBACK = dataclasses.replace(Settings(), phone=PhoneSettings(address="127.0.0.1"))
_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--ignore-certificate-errors"),
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2", "--window-size=420,860"),
]


def jpeg(seed: int = 0, size: tuple[int, int] = (120, 160)) -> bytes:
    """A noisy JPEG, (rows, columns) px."""
    picture = np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


def write_film(path: Path, pictures: list[Image]) -> Path:
    """Pictures as the MJPEG file that Chromium's fake camera plays round and round."""
    path.write_bytes(b"".join(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes() for p in pictures))
    return path


@contextmanager
def browser(folder: Path, film: Path | None = None) -> Iterator[Any]:
    """A Chromium of its own (a selenium driver); its camera shows `film` (.mjpeg), else it has two."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    flags = [*_FLAGS, f"--user-data-dir={folder / 'browser'}"]
    if film is not None:
        flags.append(f"--use-file-for-fake-video-capture={film}")
    for flag in flags:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.set_page_load_timeout(60)
        yield driver
    finally:
        driver.quit()
