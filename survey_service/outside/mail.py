"""Sending mail through the server that the settings name."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from survey_service.errors import MailError

SECONDS = 20  # to wait for the server, at each step
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Mail:
    """A mail server, `smtp://user:password@host:587` or `smtps://…`.

    Over the network nothing is sent without TLS.
    """

    def __init__(self, server: str, sender: str) -> None:
        self._server = urlsplit(server)
        self._sender = sender or f"survey-service@{self._server.hostname}"

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send a text to an address.

        Raises:
            MailError: The server did not take it, or cannot be reached.
        """
        message = EmailMessage()  # refuses line breaks in headers
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
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
