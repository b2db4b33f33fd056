"""Somebody who asks, one request after the other, from a process that does nothing else.

What the many see of time is theirs as well: their process is as busy as the service.
"""

import json
import sys
import time
from http.client import HTTPConnection


def main(port: str, cookie: str, path: str, seconds: str) -> None:
    end = time.perf_counter() + float(seconds)
    found: dict[str, list[float]] = {}
    while time.perf_counter() < end:
        for kind, where in (("health", "/health"), ("page", path)):
            begun = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", int(port), timeout=60)
            connection.request("GET", where, headers={"Cookie": f"session={cookie}"})
            status = connection.getresponse().status
            connection.close()
            found.setdefault(f"{kind} {status}", []).append(time.perf_counter() - begun)
        time.sleep(0.1)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
