"""The phone's page from the network's side: what is let in, what is refused, and that nothing queues."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import cv2
import numpy as np
import psutil
import pytest
from kit.network.phone import LOOPBACK, jpeg

from livespot.capture.newest import Health, NewestFrame
from livespot.capture.opening import open_source
from livespot.capture.phone import network, qr_code, server
from livespot.capture.phone.source import PhoneSource, decode
from livespot.errors import SourceError
from livespot.frame import Frame
from livespot.settings import changed


@pytest.fixture
def phone() -> Iterator[PhoneSource]:
    with PhoneSource(LOOPBACK) as source:
        yield source


def run(client: Callable[[aiohttp.ClientSession], Awaitable[Any]]) -> Any:
    """What a client of the page gets."""

    async def whole() -> Any:
        connector = aiohttp.TCPConnector(ssl=False)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(20)) as session:
            return await client(session)

    return asyncio.run(whole())


def framed(data: bytes, age: float = 0.0) -> bytes:
    return struct.pack("<f", age) + data


def test_a_picture_comes_as_a_frame_upright_with_the_time_it_was_seen(phone: PhoneSource) -> None:
    picture = np.zeros((120, 200, 3), np.uint8)
    picture[:60] = (0, 0, 255)

    async def send(session: aiohttp.ClientSession) -> str:
        async with session.ws_connect(phone.server.url + "live?who=me") as live:
            assert (await live.receive()).data == "next"
            await live.send_bytes(framed(cv2.imencode(".jpg", picture)[1].tobytes(), age=80.0))
            return str((await live.receive()).data)

    before = time.monotonic()
    assert run(send) == "next"
    frame = phone.read()
    assert frame is not None
    assert frame.image.shape == (120, 200, 3)
    assert frame.image[20, 100, 2] > 240  # the upper half is red
    assert frame.image[100, 100].max() < 16
    assert before - 0.08 <= frame.captured <= time.monotonic() - 0.08


@pytest.mark.parametrize("path", ["", "live", "wrong/", "wrong/live", "../", "wrong/../"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_without_the_token_there_is_nothing(phone: PhoneSource, path: str, secure: bool) -> None:
    port = phone.server._ports[secure]

    async def get(session: aiohttp.ClientSession) -> tuple[int, str]:
        async with session.get(f"http{'s' * secure}://127.0.0.1:{port}/{path}") as answer:
            return answer.status, await answer.text()

    assert run(get) == (404, "")
    assert not phone.server.in_use


def test_the_page_is_served_at_both_doors_and_kept_nowhere(phone: PhoneSource) -> None:
    async def get(session: aiohttp.ClientSession) -> list[tuple[int, str, str]]:
        found = []
        token = phone.server.url.split("/")[3]
        for url in (phone.server.url, f"https://127.0.0.1:{phone.server._ports[1]}/{token}/"):
            async with session.get(url) as answer:
                found.append((answer.status, answer.headers["Cache-Control"], await answer.text()))
        return found

    for status, cache, text in run(get):
        assert status == 200
        assert cache == "no-store"
        assert f"https://127.0.0.1:{phone.server._ports[1]}/" in text
        assert "{FACTS}" not in text


def test_the_certificate_is_for_this_address_and_for_this_run(phone: PhoneSource) -> None:
    from cryptography import x509

    pem = ssl.get_server_certificate(("127.0.0.1", phone.server._ports[1]))
    certificate = x509.load_pem_x509_certificate(pem.encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert (certificate.not_valid_after_utc.timestamp() - time.time()) < 3 * 86400


GARBAGE = {
    "10 MB": framed(bytes(10 << 20)),
    "noise": framed(np.random.default_rng(1).bytes(100_000)),
    "too short": b"123",
    "text": "hello",
    "cut short": framed(jpeg()[:2000]),
    "a header alone": framed(b"\xff\xd8\xff"),
    "too many pixels": framed(jpeg()[:163] + b"\xff\xff\xff\xff" + jpeg()[167:]),
    "a bomb by its header": framed(jpeg().replace(struct.pack(">HH", 120, 160), struct.pack(">HH", 16000, 16000))),
    "another kind of picture": framed(cv2.imencode(".png", np.zeros((100, 100, 3), np.uint8))[1].tobytes()),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_gives_no_frame_closes_its_connection_and_costs_nothing(
    phone: PhoneSource, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    garbage = GARBAGE[name]
    memory = psutil.Process().memory_info().rss

    async def send(session: aiohttp.ClientSession) -> bool:
        async with session.ws_connect(phone.server.url + "live?who=me", max_msg_size=0) as live:
            await live.receive()
            try:
                await (live.send_str(garbage) if isinstance(garbage, str) else live.send_bytes(garbage))
            except ConnectionError:
                return True
            closed = False
            for _ in range(3):
                message = await live.receive()
                closed = closed or message.type is not aiohttp.WSMsgType.TEXT
            return closed

    with NewestFrame(phone) as newest:
        assert run(send)
        assert newest.take(0.3) is None
        assert newest.status.captured == 0
        assert psutil.Process().memory_info().rss - memory < 64 << 20

        async def well(session: aiohttp.ClientSession) -> None:
            async with session.ws_connect(phone.server.url + "live?who=me") as live:
                await live.receive()
                await live.send_bytes(framed(jpeg()))
                await live.receive()

        run(well)  # and who comes next is served as ever
        assert newest.take(2.0) is not None
    assert capfd.readouterr().err == ""


def test_one_phone_at_a_time_until_another_takes_its_place(phone: PhoneSource) -> None:
    async def two(session: aiohttp.ClientSession) -> list[object]:
        first = await session.ws_connect(phone.server.url + "live?who=first")
        assert (await first.receive()).data == "next"
        second = await session.ws_connect(phone.server.url + "live?who=second")
        refused = await second.receive()
        async with session.post(phone.server.url + "?who=second&still", data=jpeg()) as answer:
            photo = answer.status
        taking = await session.ws_connect(phone.server.url + "live?who=second&take")
        begun = (await taking.receive()).data
        replaced = await first.receive()
        again = await session.ws_connect(phone.server.url + "live?who=second")  # the same one after a broken link
        back = (await again.receive()).data
        for live in (first, second, taking, again):
            await live.close()
        return [refused.data, photo, begun, replaced.data, back]

    assert run(two) == [4001, 409, "next", 4002, "next"]
    assert phone.server.newest(0.1) is None  # the photograph of the second was not let in


def test_a_phone_that_does_not_wait_for_its_turn_is_slowed_down_and_only_its_newest_picture_is_kept() -> None:
    settings = dataclasses.replace(LOOPBACK, fps=10.0)
    pictures = [jpeg(n, (64, 64 + n)) for n in range(30)]  # told apart by their width

    async def flood(session: aiohttp.ClientSession) -> float:
        async with session.ws_connect(source.server.url + "live?who=me") as live:
            began = time.monotonic()
            for data in pictures:
                await live.send_bytes(framed(data))
            for _ in range(len(pictures) + 1):
                await live.receive()
            return time.monotonic() - began

    with PhoneSource(settings) as source:
        assert run(flood) >= (len(pictures) - 1) / (2 * settings.fps)
        frame = source.read()
        assert frame is not None
        assert frame.image.shape[1] == 64 + 29
        assert source.server.newest(0.1) is None  # nothing was queued behind it


def test_clients_that_say_nothing_are_closed_and_never_keep_a_phone_out(
    phone: PhoneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_SILENCE", 0.5)
    port = phone.server._ports[0]
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(server._CONNECTIONS + 10)]
    try:
        for one in idle[:5]:
            one.sendall(b"GET / HTTP/1.1\r\nX: ")  # half a request
        time.sleep(1.2)
        for one in idle:
            one.settimeout(1.0)
            with contextlib.suppress(ConnectionError):
                assert one.recv(1) == b""

        async def get(session: aiohttp.ClientSession) -> int:
            async with session.get(phone.server.url) as answer:
                return answer.status

        assert run(get) == 200
    finally:
        for one in idle:
            one.close()


def test_a_photograph_is_turned_upright_and_stays_until_something_newer_comes(phone: PhoneSource) -> None:
    import io

    from PIL import Image

    picture = Image.new("RGB", (300, 200), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)

    async def post(session: aiohttp.ClientSession) -> int:
        async with session.post(phone.server.url + "?who=me&still", data=buffer.getvalue()) as answer:
            return answer.status

    with NewestFrame(phone) as newest:
        assert newest.source.invitation == phone.server.url
        assert run(post) == 204
        frames = [frame for _ in range(4) if (frame := newest.take(2.0)) is not None]
        assert [frame.image.shape for frame in frames] == [(300, 200, 3)] * 4
        assert [frame.index for frame in frames] == sorted({frame.index for frame in frames})
        assert newest.status.health is Health.RUNNING
        assert newest.source.invitation == ""


def test_a_link_that_breaks_is_noticed_said_and_taken_up_again() -> None:
    settings = changed(LOOPBACK, {"capture.stall_timeout": 0.5})
    seen: list[Frame] = []

    async def send(session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(source.server.url + "live?who=me") as live:
            before = len(seen)
            for n in range(200):
                await live.receive()
                await live.send_bytes(framed(jpeg(n)))
                if len(seen) >= before + 5:
                    break
            states.append((newest.status.health, newest.status.recoveries, newest.source.invitation))

    with NewestFrame(source := PhoneSource(settings), settings.capture) as newest:
        states: list[tuple[Health, int, str]] = []
        over = threading.Event()

        def look() -> None:
            while not over.is_set():
                if (frame := newest.take(0.1)) is not None:
                    seen.append(frame)

        watching = threading.Thread(target=look)
        watching.start()
        run(send)
        deadline = time.monotonic() + 10
        while newest.status.health is not Health.LOST and time.monotonic() < deadline:
            time.sleep(0.02)
        assert "no picture from the phone" in newest.status.message
        assert newest.source.invitation == source.server.url
        run(send)
        over.set()
        watching.join(5)
    assert states == [(Health.RUNNING, 0, ""), (Health.RUNNING, 1, "")]
    assert [frame.time for frame in seen] == sorted({frame.time for frame in seen})


def test_it_closes_with_the_program_even_while_a_phone_sends(phone: PhoneSource) -> None:
    async def send(session: aiohttp.ClientSession) -> int:
        async with session.ws_connect(phone.server.url + "live?who=me") as live:
            await live.receive()
            await live.send_bytes(framed(jpeg()))
            began = time.monotonic()
            await asyncio.to_thread(phone.close)
            assert time.monotonic() - began < 1.5
            while (message := await live.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
            return int(message.data)

    assert run(send) == aiohttp.WSCloseCode.GOING_AWAY
    assert phone.read() is None
    assert not phone.server._thread.is_alive()
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", phone.server._ports[0]), 1.0).close()


def test_a_port_can_be_chosen_and_one_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SourceError, match=r"cannot serve the phone's page on 127\.0\.0\.1.*phone\.port"):
            open_source("phone", changed(LOOPBACK, {"phone.port": port}))


@pytest.mark.parametrize(
    ("address", "family", "expected"),
    [("127.0.0.1", "auto", "127.0.0.1"), ("::1", "auto", "::1"), ("lo", "ipv4", "127.0.0.1")],
)
def test_address_and_interface_can_be_chosen(address: str, family: str, expected: str) -> None:
    if address not in (expected, *psutil.net_if_addrs()):
        pytest.skip(f"this system has no interface {address}")
    assert network.reachable_address(address, family) == expected


def test_an_interface_that_is_not_there_is_said() -> None:
    with pytest.raises(SourceError, match=r"'wlan99' is neither an address nor an interface; there are "):
        network.reachable_address("wlan99", "auto")


def test_served_on_ipv6() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this system has no IPv6")
    with PhoneSource(changed(LOOPBACK, {"phone.address": "::1"})) as source:
        assert source.server.url.startswith("http://[::1]:")

        async def get(session: aiohttp.ClientSession) -> int:
            async with session.get(source.server.url) as answer:
                return answer.status

        assert run(get) == 200


def test_the_code_leads_to_the_page(phone: PhoneSource) -> None:
    code = cv2.resize(qr_code.modules(phone.server.url), None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    assert cv2.QRCodeDetectorAruco().detectAndDecode(code)[0] == phone.server.url
    lines = [
        line.removeprefix("\x1b[97;40m").removesuffix("\x1b[0m")
        for line in qr_code.in_text(phone.server.url).splitlines()
    ]
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    shown = np.array([[halves[c][half] for c in line] for line in lines for half in (0, 1)], np.uint8)
    big = cv2.resize(np.pad(shown, 4, constant_values=255), None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    assert cv2.QRCodeDetectorAruco().detectAndDecode(big)[0] == phone.server.url


def test_a_large_photograph_is_made_smaller() -> None:
    picture = np.full((3000, 6000, 3), 200, np.uint8)
    image = decode(cv2.imencode(".jpg", picture)[1].tobytes())
    assert max(image.shape) <= 4096
    assert image.shape[1] == 2 * image.shape[0]


@pytest.mark.parametrize("library", ["aiohttp", "trustme", "psutil", "PIL"])
def test_without_the_libraries_one_line_says_what_to_install(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("livespot.capture.phone")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SourceError, match=rf"needs {library} and a few more: pip install 'livespot\[phone\]'"):
        open_source("phone", LOOPBACK)
