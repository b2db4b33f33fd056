"""Sending to programs that others run: over the internet alone, wherever a name leads to.

The address that was looked at is the one that is connected to, so that a name which leads elsewhere a
moment later leads nowhere; what an answer redirects to is not followed.
"""

import asyncio
import socket
from collections.abc import Mapping

from httpx2 import URL, AsyncClient, AsyncHTTPTransport, HTTPError, InvalidURL

from survey_service.conduct import webhooks
from survey_service.errors.jobs import PrivateAddressError, WebhookError

SECONDS = 10  # for all of it
_SUCCESS = range(200, 300)


async def send(url: str, headers: Mapping[str, str], body: bytes) -> None:
    """Post a body to an address.

    Raises:
        PrivateAddressError: The address leads to one that is not public, or to several of which one
            is not.
        WebhookError: It cannot be reached, or answers with anything but success.
    """
    try:
        async with asyncio.timeout(SECONDS):
            status = await _status(URL(url), headers, body)
    except (HTTPError, InvalidURL, OSError, TimeoutError, UnicodeError) as error:
        raise WebhookError(answer="-") from error
    if status not in _SUCCESS:
        raise WebhookError(answer=str(status))


async def _status(url: URL, headers: Mapping[str, str], body: bytes) -> int:
    address = await _public_address(url)
    # without the machine's proxies, which would look the name up again
    transport = AsyncHTTPTransport(trust_env=False)
    async with (
        AsyncClient(transport=transport, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST",
            url.copy_with(host=address),
            headers={**headers, "host": url.netloc.decode("ascii"), "user-agent": "survey-service"},
            content=body,
            extensions={"sni_hostname": url.host},  # the certificate is the name's
            timeout=SECONDS,
        ) as answer,
    ):
        return int(answer.status_code)  # the rest is not read: it may be endless


async def _public_address(url: URL) -> str:
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not all(webhooks.is_public(one) for one in addresses):
        raise PrivateAddressError(url=url.host)
    return addresses[0]
