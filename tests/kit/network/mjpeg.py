"""A network camera on loopback: MJPEG over HTTP, well-behaved or not.

    with MjpegServer() as server:                 # streams for ever
        open_source(server.url, settings)
    with MjpegServer("frame frame stall") as server:   # two pictures, then silence with the line open

Script: frame, stall (nothing more, the line stays open), drop (the line is cut in the middle of a picture), junk (bytes
that are no picture). At its end the last step goes on, or with `then="end"` the answer ends. Every new connection plays
the next of `scripts`, the last of them for ever. Also answers /page.jpg (one picture), /missing (404), /private (401).
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

import cv2
import numpy as np


class MjpegServer:
    """See above. fps: pictures a second. connections: how many there were."""

    def __init__(self, *scripts: str, fps: float = 50.0, then: str = "", size: tuple[int, int] = (120, 160)) -> None:
        self.scripts = [script.split() for script in scripts] or [["frame"]]
        self.connections = 0
        self._fps = fps
        self._then = then
        self._size = size
        self._random = np.random.default_rng(0)
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/stream"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> MjpegServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._thread.join(5)

    def picture(self) -> bytes:
        """A JPEG unlike all before it."""
        image = self._random.integers(0, 256, (*self._size, 3), dtype=np.uint8)
        return bytes(cv2.imencode(".jpg", cv2.blur(image, (5, 5)))[1].tobytes())

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._quietly, args=(connection,), daemon=True).start()

    def _quietly(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._answer(connection)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _answer(self, connection: socket.socket) -> None:
        words = connection.recv(4096).split()
        path = words[1].decode() if len(words) > 1 else "/"
        if path == "/missing":
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif path == "/private":
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif path == "/silent":
            self._over.wait(60)
        elif path == "/page.jpg":
            data = self.picture()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            connection.sendall(head.encode() + data)
        else:
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            self._stream(connection, script)

    def _stream(self, connection: Any, script: list[str]) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"
        )
        at = 0
        while not self._over.is_set():
            step = script[at] if at < len(script) else self._then or script[-1]
            at += 1
            data = self.picture()
            head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n".encode()
            if step == "end":
                return
            if step == "stall":
                self._over.wait(60)
                return
            if step == "drop":
                connection.sendall(head + data[: len(data) // 2])
                return
            if step == "junk":
                data = bytes(self._random.integers(0, 256, len(data), dtype=np.uint8))
            connection.sendall(head + data + b"\r\n")
            time.sleep(1.0 / self._fps)
