"""A proxy that answers as a server does, and later: `python -m tests.benchmarks.delay PORT SOCKET SECONDS`."""

import asyncio
import sys

import uvloop


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float
) -> None:
    """Pass on what comes, each piece after its delay and none held up by those before it."""
    loop = asyncio.get_running_loop()
    while piece := await reader.read(1 << 16):
        loop.call_later(delay, writer.write, piece)
    loop.call_later(delay, writer.close)


async def main(port: int, socket: str, delay: float) -> None:
    """Serve until the end."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, answer = await asyncio.open_unix_connection(socket)
        await asyncio.gather(
            _pass_on(reader, answer, delay / 2), _pass_on(theirs, writer, delay / 2)
        )

    async with await asyncio.start_server(connect, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
