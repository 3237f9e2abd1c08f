"""The phone's page in a real browser with a film for its camera: what a person with a phone goes through."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
from kit.network.phone import LOOPBACK, browser, needs_chromium, write_film

from livespot.capture.newest import Health, NewestFrame
from livespot.capture.phone.source import PhoneSource
from livespot.demo import open_demo
from livespot.settings import changed

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(900)]  # a browser, a camera and a film take a core

_SECONDS = 100.0  # a busy machine takes its time to start a browser


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a page on a desk."""
    source = open_demo(None, size=(1280, 720), fps=15.0, seconds=2.0, seed=3, scenario="desk")
    pictures = []
    while (frame := source.read()) is not None:
        pictures.append(frame.image)
    return write_film(tmp_path_factory.mktemp("film") / "page.mjpeg", pictures)


@pytest.fixture(scope="module")
def chromium(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with browser(tmp_path_factory.mktemp("chromium"), film) as driver:
        yield driver


def until(is_so: Callable[[], object], what: str, seconds: float = _SECONDS) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def text(driver: Any, id: str) -> str:
    return str(driver.find_element("id", id).text)


def click(driver: Any, id: str) -> None:
    driver.find_element("id", id).click()


def secure_page(driver: Any, url: str) -> str:
    """The address of the secure page, as the first page has it."""
    driver.get(url)
    return str(driver.execute_script("return facts.secure"))


def test_the_camera_comes_breaks_off_comes_back_is_taken_over_and_the_end_is_told(chromium: Any) -> None:
    settings = changed(LOOPBACK, {"capture.stall_timeout": 1.0})
    with NewestFrame(PhoneSource(settings), settings.capture) as newest:
        url = newest.source.invitation
        chromium.get(secure_page(chromium, url))
        assert newest.source.invitation == url
        click(chromium, "camera")
        until(lambda: newest.status.captured > 10, "pictures")
        frame = newest.take(5.0)
        assert frame is not None
        assert frame.image.shape == (720, 1280, 3)
        assert newest.source.invitation == ""
        until(lambda: "pictures a second" in text(chromium, "say"), "the page to say that it is live")

        chromium.execute_script("socket.close()")  # a link that breaks
        until(lambda: newest.status.captured > 10 and newest.source.invitation == "", "the phone to come back")
        chromium.execute_script("stop()")
        until(lambda: newest.status.health is Health.LOST, "the loss to be noticed")
        assert newest.source.invitation == url
        click(chromium, "camera")
        until(lambda: newest.status.health is Health.RUNNING, "pictures again")

        first = chromium.current_window_handle
        chromium.switch_to.new_window("tab")  # another phone: a tab has a session of its own
        second = chromium.current_window_handle
        chromium.get(secure_page(chromium, url))
        click(chromium, "camera")
        until(lambda: "Another phone is the camera" in text(chromium, "message"), "the second to be told")
        click(chromium, "take")
        until(lambda: text(chromium, "say").startswith("live"), "the second to take over")
        chromium.switch_to.window(first)
        until(lambda: "Another phone has become the camera" in text(chromium, "message"), "the first to be told")
        chromium.switch_to.window(second)
        newest.source.close()
        until(lambda: "livespot was closed" in text(chromium, "message"), "the end to be told")
        time.sleep(1.5)  # and it stays said
        assert "livespot was closed" in text(chromium, "message")
        chromium.close()
        chromium.switch_to.window(first)


def test_the_light_and_the_other_camera(tmp_path: Path) -> None:
    with browser(tmp_path) as driver, NewestFrame(PhoneSource(LOOPBACK)) as newest:

        def goes_on() -> None:
            captured = newest.status.captured
            until(lambda: newest.status.captured > captured + 5, "pictures")

        def camera() -> Any:
            return driver.execute_script("return stream && stream.getVideoTracks()[0].label")

        driver.get(secure_page(driver, newest.source.invitation))
        driver.execute_script(
            "window.asked = []; MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });"
            "MediaStreamTrack.prototype.applyConstraints = async what => { asked.push(what.advanced[0].torch); };"
        )
        click(driver, "camera")
        goes_on()
        click(driver, "torch")
        click(driver, "torch")
        assert driver.execute_script("return asked") == [True, False]
        goes_on()
        for name in ("fake_device_1", "fake_device_0"):
            click(driver, "turn")
            until(lambda name=name: camera() == name, "the other camera")  # type: ignore[misc]
            goes_on()
        driver.execute_script(
            "stream.getVideoTracks()[0].getSettings = () => ({ facingMode: 'environment' });"
            "navigator.mediaDevices.getUserMedia = async what => { window.wished = what.video; throw {}; };"
        )
        click(driver, "turn")
        assert driver.execute_script("return wished.facingMode") == "user"


def test_where_the_browser_refuses_the_websocket_single_requests_bring_the_pictures(chromium: Any) -> None:
    with NewestFrame(PhoneSource(LOOPBACK)) as newest:
        chromium.get(secure_page(chromium, newest.source.invitation))
        chromium.execute_script(
            "WebSocket = class { close() {} constructor() { setTimeout(() => this.onclose({ code: 1006 }), 5); } };"
        )
        click(chromium, "camera")
        until(lambda: newest.status.captured > 10, "pictures")
        chromium.execute_script("stop()")


def test_a_photo_over_plain_http(chromium: Any, tmp_path: Path) -> None:
    """The page is not a secure one where it is not this machine's own: there it offers the photo, and the way on."""
    addresses = [
        there.address for group in psutil.net_if_addrs().values() for there in group if there.family == 2
    ]  # fmt: skip
    own = [address for address in addresses if not address.startswith("127.")]
    if not own:
        pytest.skip("this machine has no address but its own")
    picture = np.full((1500, 2000, 3), 90, np.uint8)
    cv2.circle(picture, (1000, 750), 300, (0, 0, 255), -1)
    cv2.imwrite(str(tmp_path / "photo.jpg"), picture)
    with NewestFrame(PhoneSource(changed(LOOPBACK, {"phone.address": own[0]}))) as newest:
        chromium.get(newest.source.invitation)
        assert not chromium.execute_script("return window.isSecureContext")
        assert not chromium.find_element("id", "camera").is_displayed()
        assert "does not know this computer" in text(chromium, "insecure")
        chromium.find_element("id", "photo").send_keys(str(tmp_path / "photo.jpg"))
        until(lambda: "The photo is on the computer" in text(chromium, "message"), "the photo to be sent")
        frame = newest.take(5.0)
        assert frame is not None
        assert frame.image.shape == (1500, 2000, 3)
        assert frame.image[750, 1000, 2] > 240
        assert chromium.find_element("id", "secure").get_attribute("href").startswith(f"https://{own[0]}:")


def test_from_the_code_to_the_boxes_on_both(chromium: Any, tmp_path: Path) -> None:
    """The whole program: its events, and its boxes on the phone."""
    events = tmp_path / "events.jsonl"
    options = ["--headless", "--mirror-to-phone", "--seconds", "300", "--set", "phone.address=127.0.0.1"]
    words = [sys.executable, "-P", "-m", "livespot", "live", "phone", *options, "--events", str(events)]
    program = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    try:
        line = program.stderr.readline()
        found = re.search(r"http://\S+/", line)
        assert found, line
        chromium.get(secure_page(chromium, found[0]))
        click(chromium, "camera")

        def last() -> dict[str, Any]:
            lines = events.read_bytes().splitlines() if events.exists() else []
            return json.loads(lines[-1]) if lines else {}

        until(lambda: last().get("differences"), "the differences", 240.0)
        until(lambda: "difference" in text(chromium, "say"), "the number on the phone")
        boxed = "const c = document.getElementById('boxes'); return Array.from(c.getContext('2d').getImageData("
        until(
            lambda: chromium.execute_script(boxed + "0, 0, c.width, c.height).data).some(v => v > 0)"),
            "boxes on the phone",
        )
        chromium.execute_script("stop()")
    finally:
        program.terminate()
        try:
            said = program.communicate(timeout=30)[1]
        except subprocess.TimeoutExpired:
            program.kill()
            raise
    assert "phone: " in said
    assert program.returncode in (0, 130)
