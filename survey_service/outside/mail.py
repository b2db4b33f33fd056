"""Sending mail through the server that the settings name."""

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from survey_service.errors.accounts import MailError

SECONDS = 20  # to wait for the server, at each step
# Else a long address in a header is broken and encoded, and no mailbox finds it.
_UNFOLDED = SMTP.clone(max_line_length=998)
NO_HEADERS: Mapping[str, str] = {}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Mail:
    """A mail server, `smtp://user:password@host:587` or `smtps://…`.

    Over the network nothing is sent without TLS.
    """

    def __init__(self, server: str, sender: str) -> None:
        self._server = urlsplit(server)
        self._sender = sender or f"survey-service@{self._server.hostname}"

    async def send(
        self, to: str, subject: str, text: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        """Send a text to an address, under further headers.

        Raises:
            MailError: The server did not take it, or cannot be reached.
        """
        message = EmailMessage(_UNFOLDED)  # refuses line breaks in headers
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        for name, value in headers.items():
            message[name] = value
        message.set_content(text)
        try:
            await asyncio.to_thread(self._send, message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailError from error

    def _send(self, message: EmailMessage) -> None:
        host, secure = self._server.hostname or "", ssl.create_default_context()
        if self._server.scheme == "smtps":
            port = self._server.port or smtplib.SMTP_SSL_PORT
            with smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure) as server:
                self._hand_over(server, message)
            return
        with smtplib.SMTP(host, self._server.port or smtplib.SMTP_PORT, timeout=SECONDS) as server:
            if host not in _LOOPBACK:
                server.starttls(context=secure)
            self._hand_over(server, message)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self._server.username:
            server.login(unquote(self._server.username), unquote(self._server.password or ""))
        server.send_message(message)
