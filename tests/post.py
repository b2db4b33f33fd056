"""A real SMTP server on this machine, and what arrived at it."""

import socket
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from typing_extensions import override


class _Box(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.received: list[Message] = []

    @override
    def handle_message(self, message: Message) -> None:
        self.received.append(message)


class Post:
    """A mail server, and what arrived."""

    def __init__(self) -> None:
        self.box = _Box()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.controller = Controller(self.box, hostname="127.0.0.1", port=port)
        self.address = f"smtp://127.0.0.1:{port}"


def text(message: Message) -> str:
    """Return what a letter says."""
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()
