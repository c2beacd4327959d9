"""A clamd of our own, on loopback or a socket in a folder: it speaks the protocol, or misbehaves where a test asks."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class Clamd:
    """`answer` is sent after a file; None closes the connection without one; `""` says nothing until the end."""

    def __init__(self, path: Path | None) -> None:
        self.listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.listener.bind(str(path) if path else ("127.0.0.1", 0))
        self.listener.listen()
        self.address = str(path) if path else f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.answer: bytes | None = b"stream: OK\0"
        self.got: list[bytes] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(5)
                self._answer(connection)

    def _answer(self, connection: Any) -> None:
        with connection.makefile("rb") as file:
            command = b""
            while not command.endswith(b"\0"):
                command += file.read(1)
            if command == b"zPING\0":
                connection.sendall(b"PONG\0")
                return
            assert command == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", file.read(4))[0]:
                content += file.read(size)
        self.got.append(content)
        if self.answer == b"":
            self.over.wait(10)
        elif self.answer is not None:
            connection.sendall(self.answer)


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Clamd]:
    one = Clamd(path)
    try:
        yield one
    finally:
        one.over.set()
        with suppress(OSError):
            one.listener.shutdown(socket.SHUT_RDWR)
        one.listener.close()
        one.thread.join(10)
