"""The page that a phone opens, and what it sends: the newest picture only, from one phone at a time.

Two doors with one secret path: plain http for the page and for single photographs, https for the live camera, which
browsers give to secure pages only. A live page sends the next picture when it is told "next", so that nothing queues on
a slow link. Everything that comes in is bounded: connections, their patience, messages, pictures a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import secrets
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from livespot.capture.phone import network
from livespot.errors import SourceError
from livespot.settings import Settings, size_px

LARGEST_FRAME = 4 << 20  # bytes of a live picture
LARGEST_PHOTO = 32 << 20
_BUSY, _TAKEN = 4001, 4002  # WebSocket close codes of our own; the page knows them
_CONNECTIONS = 24  # at once; a browser opens up to six
_SILENCE = 10.0  # s; a connection that has asked for nothing by then is closed, a phone that is silent is gone
_FAREWELL = 0.1  # s that the end of a secure connection may take
_OLDEST = 5.0  # s; an age beyond is not believed
_MOST = 2.0  # times the rate asked for may come: to wait the whole time between two pictures is to miss the second
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "connect-src 'self'; media-src blob: mediastream:; img-src data:",
}


@dataclass(frozen=True)
class Arrival:
    """data: a JPEG as it came, unchecked. captured: when the phone saw it, time.monotonic(). still: a photograph."""

    data: bytes
    captured: float
    still: bool


class PhoneServer:
    """Serves on its own thread from construction to `close`. Raises SourceError when it cannot listen.

    url: what the phone has to open. Thread-safe.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = secrets.token_urlsafe(12)
        self._address = network.reachable_address(settings.phone.address, settings.phone.family)
        self._arrived = threading.Condition()
        self._newest: Arrival | None = None
        # What follows belongs to the server's thread.
        self._who = ""  # the phone that sends; chosen by its page
        self._heard = -math.inf  # when it last sent
        self._socket: web.WebSocketResponse | None = None
        self._spoken: set[object] = set()  # connections that have asked for something
        self._due = 0.0  # when the next picture may come
        self._told: tuple[str, asyncio.Task[None] | None] = ("", None)
        self._ports: list[int] = []  # of http and https
        self._failure: Exception | None = None
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # a client's faults are no news
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="capture phone", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            why = getattr(self._failure, "strerror", None) or self._failure
            raise SourceError(
                f"cannot serve the phone's page on {self._address}: {why}; choose another phone.address or phone.port"
            )
        self.url = f"http://{network.in_url(self._address)}:{self._ports[0]}/{self._token}/"

    # --- for the source ---

    def newest(self, timeout: float) -> Arrival | None:
        """The newest picture not yet taken, waiting up to `timeout` s."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._newest is not None, timeout)
            newest, self._newest = self._newest, None
            return newest

    @property
    def in_use(self) -> bool:
        """Whether a phone is connected or has sent something just now."""
        return self._socket is not None or time.monotonic() - self._heard < _SILENCE

    def refuse(self) -> None:
        """What the phone sent was no picture: its connection is closed."""
        self._later(self._drop(WSCloseCode.UNSUPPORTED_DATA))

    def tell(self, text: str) -> None:
        """Send a text to the phone; only the newest, when it is slow."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tell, text)

    def close(self) -> None:
        """Stop serving; may be called twice. Returns in a second."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(1.0)

    # --- the server's thread ---

    def _later(self, what: Any) -> None:
        try:
            asyncio.run_coroutine_threadsafe(what, self._loop)
        except RuntimeError:  # it is over
            what.close()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:
            self._failure = error
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=LARGEST_PHOTO, middlewares=[self._guard])
        path = f"/{self._token}/"
        app.add_routes([web.get(path, self._page), web.get(path + "live", self._live), web.post(path, self._photo)])
        quiet = logging.getLogger("livespot.phone")
        quiet.disabled = True
        runner = web.AppRunner(app, access_log=None, logger=quiet, handle_signals=False, shutdown_timeout=0.2)
        await runner.setup()
        doors: list[asyncio.Server] = []
        try:
            first = self._settings.phone.port
            doors.append(await self._listen(runner, first, None))
            doors.append(await self._listen(runner, first + 1 if first else 0, network.secure_context(self._address)))
            self._ports = [int(door.sockets[0].getsockname()[1]) for door in doors]
            self._ready.set()
            await self._over.wait()
        finally:
            for door in doors:
                door.close()
            await self._drop(WSCloseCode.GOING_AWAY)
            assert runner.server is not None
            for connection in runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()
            await runner.cleanup()
            others = asyncio.all_tasks() - {asyncio.current_task()}  # handshakes that never ended
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(1.5 * _FAREWELL)

    async def _listen(self, runner: web.AppRunner, port: int, context: Any) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: self._connection(runner),
            self._address,
            port,
            ssl=context,
            ssl_handshake_timeout=None if context is None else _SILENCE,
            ssl_shutdown_timeout=None if context is None else _FAREWELL,
        )

    def _connection(self, runner: web.AppRunner) -> asyncio.Protocol:
        assert runner.server is not None
        if len(runner.server.connections) >= _CONNECTIONS:
            return _Refusal()
        protocol = runner.server()

        def lose_patience() -> None:
            if protocol not in self._spoken:
                protocol.force_close()
            self._spoken.discard(protocol)

        self._loop.call_later(_SILENCE, lose_patience)
        return protocol

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self._spoken.add(request.protocol)
        try:
            response: web.StreamResponse = await handler(request)
        except web.HTTPException as problem:
            response = web.Response(status=problem.status)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        width, height = size_px(self._settings)
        facts = {
            "secure": f"https://{network.in_url(self._address)}:{self._ports[1]}/{self._token}/",
            "width": width,
            "height": height,
            "fps": self._settings.fps,
        }
        page = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
        return web.Response(text=page.replace("{FACTS}", json.dumps(facts)), content_type="text/html")

    async def _photo(self, request: web.Request) -> web.Response:
        """One picture in a request: a photograph, or a live one where a browser refuses the WebSocket."""
        who, take = _asked(request)
        if not await self._claim(who, take):
            return web.Response(status=409)
        try:
            async with asyncio.timeout(30.0):
                data = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        await self._arrive(data, _number(request.query.get("age", "")), still="still" in request.query)
        return web.Response(status=204)

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME, heartbeat=4.0, compress=False, timeout=0.3)
        await socket.prepare(request)
        who, take = _asked(request)
        if not await self._claim(who, take):
            await socket.close(code=_BUSY)
            return socket
        self._socket = socket
        try:
            await socket.send_str("next")
            async for message in socket:
                if message.type is not WSMsgType.BINARY or len(message.data) < 8:
                    await socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                    break
                (age,) = struct.unpack_from("<f", message.data)
                await self._arrive(message.data[4:], age, still=False)
                await socket.send_str("next")
        except ConnectionError:
            pass
        finally:
            if self._socket is socket:
                self._socket, self._heard = None, -math.inf
        return socket

    async def _claim(self, who: str, take: bool) -> bool:
        """Whether `who` may send now. take: even where another phone does."""
        if who != self._who and self.in_use and not take:
            return False
        changed, self._who, self._heard = who != self._who, who, time.monotonic()
        await self._drop(_TAKEN if changed else WSCloseCode.OK)
        return True

    async def _drop(self, code: int) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            with contextlib.suppress(Exception):  # it may break while it is closed
                await socket.close(code=code)

    async def _arrive(self, data: bytes, age: float, *, still: bool) -> None:
        """Keep a picture, and come back when the next may be sent."""
        self._heard = now = time.monotonic()
        age = age / 1e3 if 0 <= age <= _OLDEST * 1e3 else 0.0
        with self._arrived:
            self._newest = Arrival(data, now - age, still)
            self._arrived.notify_all()
        self._due = max(self._due + 1.0 / (_MOST * self._settings.fps), now)
        await asyncio.sleep(self._due - now)

    def _tell(self, text: str) -> None:
        under_way = self._told[1]
        if self._socket is not None and (under_way is None or under_way.done()):
            self._told = ("", self._loop.create_task(self._send(self._socket, text)))
        else:
            self._told = (text, under_way)

    async def _send(self, socket: web.WebSocketResponse, text: str) -> None:
        while text:
            try:
                await socket.send_str(text)
            except ConnectionError:
                return
            text, self._told = self._told[0], ("", self._told[1])


class _Refusal(asyncio.Protocol):
    """A connection that is one too many."""

    def connection_made(self, transport: Any) -> None:
        transport.abort()


def _asked(request: web.Request) -> tuple[str, bool]:
    """Which phone asks, and whether it wants to take another's place."""
    return request.query.get("who", "")[:32], "take" in request.query


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
